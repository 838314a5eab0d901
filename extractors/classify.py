"""Say which kind of paper a page shows, by the titles printed on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.certificates import CertificateType
from domain.extraction import Classification
from domain.page import Line
from extractors.certificates import CERTIFICATES
from extractors.certificates.others import OTHERS
from extractors.certificates.spec import CertificateSpec
from extractors.certificates.zikao import COURSE
from extractors.layout import HAVE_TWO_FORMS, PageText, PlacedLine, fold

# A name in type this much smaller than the largest title is mentioned, not the title.
AS_PROMINENT = 0.72
# Another examination's name keeps a paper out if it is printed about as large as the title.
OTHER_AS_PROMINENT = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleMatch:
    """A title found on a page; `height_px` is that of its type, `line` where it begins."""

    certificate_type: CertificateType
    text: str
    height_px: float
    confidence: float
    line: Line


def spec_of(certificate_type: CertificateType) -> CertificateSpec | None:
    """Return the family's specification, None for papers outside the families."""
    return next((spec for spec in CERTIFICATES if spec.family is certificate_type.family), None)


def classify(page: PageText) -> tuple[Classification, TitleMatch | None]:
    """Return the kind of paper and the title it rests on.

    The most prominent titles decide. Two different kinds that are equally prominent, or no title at
    all, give `unknown`; an examination outside the four kinds gives `not-accepted`.
    """
    rows = list(_rows(page))
    accepted = [match for row in rows for match in _accepted(row)]
    others = [match for row in rows for match in _others(row)]
    largest = max((match.height_px for match in accepted), default=0.0)
    prominent_others = [
        (name, match) for name, match in others if match.height_px >= OTHER_AS_PROMINENT * largest
    ]
    if prominent_others:
        name, match = max(prominent_others, key=lambda item: item[1].height_px)
        return _answer(CertificateType.NOT_ACCEPTED, match, named=name), match
    accepted = [match for match in accepted if match.height_px >= AS_PROMINENT * largest]
    kinds = {match.certificate_type for match in accepted}
    if len(kinds) != 1:
        return Classification(certificate_type=CertificateType.UNKNOWN, form=None, score=0.0), None
    best = max(accepted, key=lambda match: (match.confidence, match.height_px))
    if kinds == {CertificateType.ZIKAO_ENGLISH2} and not re.search(COURSE, page.text):
        named = "自学考试其他课程"
        return _answer(CertificateType.NOT_ACCEPTED, best, named=named), best
    classification = _answer(best.certificate_type, best)
    spec = spec_of(best.certificate_type)
    text = "\n".join(row.text for row in rows)
    form = (
        next((form for pattern, form in spec.forms if pattern.search(text)), None) if spec else None
    )
    return (
        Classification(
            certificate_type=classification.certificate_type,
            form=form or (spec.default_form if spec else None),
            score=classification.score,
            title=classification.title,
        ),
        best,
    )


def _answer(kind: CertificateType, match: TitleMatch, named: str = "") -> Classification:
    return Classification(
        certificate_type=kind,
        form=None,
        score=round(match.confidence, 3),
        title=match.text,
        named=named,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A row without spaces; `owners[i]` is the (line, character) of `text[i]`."""

    text: str
    owners: tuple[tuple[PlacedLine, int], ...]
    own_length: int  # characters of this row; what follows belongs to the next one


def _rows(page: PageText) -> Iterator[_Row]:
    """Yield each row joined with the next, so that a title broken in two is found once."""
    squeezed = [_squeeze(row) for row in page.rows]
    for index, row in enumerate(squeezed):
        following = squeezed[index + 1] if index + 1 < len(squeezed) else []
        joined = [*row, *following]
        yield _Row(
            "".join(character for character, _ in joined),
            tuple(owner for _, owner in joined),
            len(row),
        )


def _squeeze(row: tuple[PlacedLine, ...]) -> list[tuple[str, tuple[PlacedLine, int]]]:
    return [
        (character, (item, index))
        for item in row
        for index, character in enumerate(fold(item.line.text))
        if not character.isspace()
    ]


def _accepted(row: _Row) -> Iterator[TitleMatch]:
    for spec in CERTIFICATES:
        for title in spec.titles:
            for found in title.pattern.finditer(row.text):
                if found.start() < row.own_length:
                    yield _title(row, found, title.certificate_type)


def _others(row: _Row) -> Iterator[tuple[str, TitleMatch]]:
    for pattern, name in OTHERS:
        for found in pattern.finditer(row.text):
            if found.start() < row.own_length:
                yield name, _title(row, found, CertificateType.NOT_ACCEPTED)


def _title(row: _Row, found: re.Match[str], kind: CertificateType) -> TitleMatch:
    owners = row.owners[found.start() : found.end()]
    # As of values, only of letters and digits: brackets full or half width mean the same. So do
    # both forms of a character: where they look alike (國, 国) neither is read with confidence.
    confidences = [
        owner.line.character_confidences[index]
        for owner, index in owners
        if index < len(owner.line.character_confidences)
        and (character := owner.line.text[index]).isalnum()
        and character not in HAVE_TWO_FORMS
    ]
    return TitleMatch(
        certificate_type=kind,
        text=found.group(),
        height_px=max(owner.height_px for owner, _ in owners),
        confidence=min(confidences, default=0.0),
        line=owners[0][0].line,
    )
