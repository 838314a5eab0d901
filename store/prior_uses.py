"""Where else in this store the same file, picture, number, or another score was seen."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from domain.certificates import CertificateFamily
from domain.reading import PriorUse
from store.database import Database
from store.readings import DECLARED
from store.schema import applications, numbers, results, same_pictures, uploads

_mine = applications.alias("mine")
_other = applications.alias("other")
_COLUMNS = (
    _mine.c.student_number,
    _mine.c.identity_hash,
    _other.c.batch_id.label("other_batch"),
    _other.c.student_number.label("other_student"),
    _other.c.identity_hash.label("other_identity"),
)


class PriorUses:
    """Look-ups across applicants, batches and years; other versions of an application count too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, batch_id: str, student_number: str) -> tuple[PriorUse, ...]:
        """Return the other applications with which this one shares something: see `PriorUse`."""
        return self._find(batch_id, student_number).get(student_number, ())

    def of_batch(self, batch_id: str) -> Mapping[str, tuple[PriorUse, ...]]:
        """Return the same for a whole batch by 学号; applications without any are absent."""
        return self._find(batch_id, None)

    def _find(self, batch_id: str, student_number: str | None) -> dict[str, tuple[PriorUse, ...]]:
        same_person: dict[tuple[str, str, str, str], bool] = {}
        with self._database.reading() as connection:
            for kind, query in (
                ("file", _same_file()),
                ("picture", _same_picture()),
                ("number", _same_number()),
                ("number", _declared_here()),
                ("number", _declared_there()),
                ("score", _other_score()),
            ):
                chosen = query.where(_mine.c.batch_id == batch_id, _mine.c.is_current)
                if student_number is not None:
                    chosen = chosen.where(_mine.c.student_number == student_number)
                for row in connection.execute(chosen.distinct()):
                    use = (row.student_number, kind, row.other_batch, row.other_student)
                    same = bool(row.identity_hash) and row.identity_hash == row.other_identity
                    same_person[use] = same_person.get(use, True) and same
        result: dict[str, list[PriorUse]] = {}
        for (mine, kind, batch, student), same in sorted(same_person.items()):
            result.setdefault(mine, []).append(
                PriorUse(kind=kind, batch_id=batch, student_number=student, same_person=same)
            )
        return {mine: tuple(uses) for mine, uses in result.items()}


def _same_file() -> Select[Any]:
    my_file, other_file = uploads.alias("my_file"), uploads.alias("other_file")
    return (
        select(*_COLUMNS)
        .join(my_file, and_(my_file.c.application_id == _mine.c.id, my_file.c.is_usable))
        .join(
            other_file,
            and_(other_file.c.digest == my_file.c.digest, other_file.c.is_usable),
        )
        .join(_other, and_(_other.c.id == other_file.c.application_id, _another_application()))
    )


def _same_picture() -> Select[Any]:
    my_file, other_file = uploads.alias("my_file"), uploads.alias("other_file")
    return (
        select(*_COLUMNS)
        .join(my_file, and_(my_file.c.application_id == _mine.c.id, my_file.c.is_usable))
        .join(same_pictures, same_pictures.c.file_digest == my_file.c.digest)
        .join(
            other_file,
            and_(other_file.c.digest == same_pictures.c.other_digest, other_file.c.is_usable),
        )
        .join(_other, and_(_other.c.id == other_file.c.application_id, _another_application()))
    )


def _other_score() -> Select[Any]:
    """Find the same person's other score in one examination; replaced versions do not count."""
    mine, theirs = results.alias("my_result"), results.alias("other_result")
    return (
        select(*_COLUMNS)
        .join(mine, mine.c.application_id == _mine.c.id)
        .join(
            _other,
            and_(
                _other.c.identity_hash == _mine.c.identity_hash,
                _mine.c.identity_hash != "",
                _other.c.is_current,
                _another_application(),
            ),
        )
        .join(
            theirs,
            and_(
                theirs.c.application_id == _other.c.id,
                theirs.c.certificate_type == mine.c.certificate_type,
                theirs.c.month == mine.c.month,
                theirs.c.score != mine.c.score,
            ),
        )
    )


_PRINTED = tuple(family.value for family in CertificateFamily)
_my_number, _other_number = numbers.alias("my_number"), numbers.alias("other_number")


def _same_number() -> Select[Any]:
    """Find what prints the same number. What is merely declared on both sides links nothing: it may
    be a word for "none".
    """
    return _joined_numbers(
        and_(_my_number.c.family == _other_number.c.family, _my_number.c.family != DECLARED)
    )


def _declared_here() -> Select[Any]:
    return _joined_numbers(
        and_(_my_number.c.family == DECLARED, _other_number.c.family.in_(_PRINTED))
    )


def _declared_there() -> Select[Any]:
    return _joined_numbers(
        and_(_my_number.c.family.in_(_PRINTED), _other_number.c.family == DECLARED)
    )


def _joined_numbers(families: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(_my_number, _my_number.c.application_id == _mine.c.id)
        .join(_other_number, and_(_other_number.c.number == _my_number.c.number, families))
        .join(_other, and_(_other.c.id == _other_number.c.application_id, _another_application()))
    )


def _another_application() -> ColumnElement[bool]:
    return or_(
        _other.c.batch_id != _mine.c.batch_id,
        _other.c.student_number != _mine.c.student_number,
    )
