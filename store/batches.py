"""Batches and their applications: taken in once, compared when they come again."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, literal, or_, select, update

from domain.application import Batch, BatchInput, CourseResult, Submission
from domain.faults import BatchRefused, InputFault, UnknownId
from store.codec import decode, digest_json, encode
from store.database import Database
from store.events import NewEvent, append_events
from store.identity import hash_identity
from store.received import Delivery, deliveries_of, note_received
from store.schema import applications, batches, seals, uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What taking a batch in changed, by 学号."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    reappeared: tuple[str, ...] = ()
    content_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredApplication:
    """The current version of one application, as taken in."""

    id: int
    version: int
    vanished: bool
    submission: Submission
    courses: tuple[CourseResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundApplication:
    """An application as a search lists it."""

    batch_id: str
    student_number: str
    version: int
    is_vanished: bool


class Batches:
    """The batches of one installation."""

    def __init__(self, database: Database, identity_key: bytes) -> None:
        self._database = database
        self._key = identity_key

    def ids(self) -> tuple[str, ...]:
        """Return the ids of every batch, sorted."""
        with self._database.reading() as connection:
            return tuple(connection.scalars(select(batches.c.id).order_by(batches.c.id)))

    def get(self, batch_id: str) -> Batch:
        """Return a batch; raises `UnknownId` naming the known ones."""
        with self._database.reading() as connection:
            body = connection.scalar(select(batches.c.body).where(batches.c.id == batch_id))
        if body is None:
            known = ", ".join(self.ids()) or "none yet; start with: hedui run BATCH_DIR"
            raise UnknownId(f"unknown batch {batch_id!r}; known: {known}")
        return decode(Batch, body)

    def refuse_other(self, batch: Batch) -> None:
        """Raise `BatchRefused` where the id is another kind's or institution's, or is sealed."""
        with self._database.reading() as connection:
            _refuse_other(connection, batch)

    def register(self, given: BatchInput) -> Registration:
        """Take a batch in, or compare it with what was taken in before, in one transaction.

        New and changed applications get a new version, vanished ones are flagged and kept; each
        change is an event. Raises `BatchRefused` as `refuse_other` does.
        """
        batch, digest = given.batch, content_digest(given)
        with self._database.writing() as connection:
            _refuse_other(connection, batch)
            now = _now()
            body = {
                "body": encode(batch),
                "orphan_folders": encode(given.orphan_folders),
                "content_digest": digest,
            }
            stored = connection.execute(
                select(batches.c.body).where(batches.c.id == batch.id)
            ).one_or_none()
            news = []
            if stored is None:
                connection.execute(insert(batches).values(id=batch.id, created_at=now, **body))
                news.append(_event("batch-registered", batch, {"kind": batch.kind.value}))
            else:
                connection.execute(update(batches).where(batches.c.id == batch.id).values(**body))
                if stored.body != body["body"]:
                    deadline = batch.deadline.isoformat()
                    news.append(_event("batch-changed", batch, {"deadline": deadline}))
            news += note_received(connection, batch.id, given.received)
            result = self._compare(connection, given, news, now)
            append_events(connection, news)
        return Registration(content_digest=digest, **result)

    def _compare(
        self, connection: Connection, given: BatchInput, news: list[NewEvent], now: str
    ) -> dict[str, tuple[str, ...]]:
        """Write what differs from the current versions; return the 学号 by sort of change."""
        known = {
            row.student_number: row
            for row in connection.execute(
                select(applications).where(
                    applications.c.batch_id == given.batch.id, applications.c.is_current
                )
            )
        }
        courses = _courses_by_student(given)
        result: dict[str, list[str]] = {
            "added": [], "changed": [], "vanished": [], "reappeared": []
        }  # fmt: skip
        for submission in given.submissions:
            number = submission.student_number
            row, taken = known.pop(number, None), courses.get(number, ())
            digest = application_digest(submission, taken)
            if row is not None and row.is_vanished:
                result["reappeared"].append(number)
                news.append(_event("application-reappeared", given.batch, {}, number))
            if row is not None and row.content_digest == digest:
                self._refresh(connection, row, submission, taken)
                continue
            version = row.version + 1 if row is not None else 1
            result["changed" if row is not None else "added"].append(number)
            kind = "input-changed" if row is not None else "application-added"
            payload = {"version": version, "content_digest": digest}
            news.append(_event(kind, given.batch, payload, number))
            if row is not None:
                _retire(connection, row.id)
            self._insert(connection, given.batch, submission, taken, version, digest, now)
        for number, row in known.items():
            if not row.is_vanished:
                result["vanished"].append(number)
                news.append(_event("application-vanished", given.batch, {}, number))
                _set(connection, row.id, is_vanished=True)
        return {sort: tuple(numbers) for sort, numbers in result.items()}

    def _insert(
        self,
        connection: Connection,
        batch: Batch,
        submission: Submission,
        courses: tuple[CourseResult, ...],
        version: int,
        digest: str,
        now: str,
    ) -> None:
        inserted = connection.execute(
            insert(applications)
            .values(
                batch_id=batch.id,
                student_number=submission.student_number,
                version=version,
                is_current=True,
                is_vanished=False,
                content_digest=digest,
                identity_hash=hash_identity(self._key, submission.application.id_number),
                submission=encode(submission),
                courses=encode(courses),
                created_at=now,
            )
            .returning(applications.c.id)
        )
        _insert_uploads(connection, inserted.scalar_one(), submission)

    @staticmethod
    def _refresh(
        connection: Connection,
        row: Row[Any],
        submission: Submission,
        courses: tuple[CourseResult, ...],
    ) -> None:
        """Bring what intake says of unchanged content (row number, limits) up to date."""
        text, course_text = encode(submission), encode(courses)
        if row.is_vanished or row.submission != text or row.courses != course_text:
            _set(connection, row.id, is_vanished=False, submission=text, courses=course_text)
            connection.execute(delete(uploads).where(uploads.c.application_id == row.id))
            _insert_uploads(connection, row.id, submission)

    def orphan_folders(self, batch_id: str) -> tuple[str, ...]:
        """Return the upload folders without an application, by folder name."""
        query = select(batches.c.orphan_folders).where(batches.c.id == batch_id)
        with self._database.reading() as connection:
            return decode(tuple[str, ...], connection.execute(query).scalar_one())

    def content_digest(self, batch_id: str) -> str:
        """Return the digest of the rows and files as last taken in, "" for an unknown id."""
        query = select(batches.c.content_digest).where(batches.c.id == batch_id)
        with self._database.reading() as connection:
            return connection.scalar(query) or ""

    def deliveries(self, batch_id: str) -> tuple[Delivery, ...]:
        """Return the batch's tables as received, oldest first."""
        with self._database.reading() as connection:
            return deliveries_of(connection, batch_id)

    def versions(self, batch_id: str) -> dict[str, tuple[StoredApplication, ...]]:
        """Return every version of every application of a batch, by 学号, newest first."""
        query = (
            select(applications)
            .where(applications.c.batch_id == batch_id)
            .order_by(applications.c.student_number, applications.c.version.desc())
        )
        found: dict[str, tuple[StoredApplication, ...]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found[row.student_number] = (*found.get(row.student_number, ()), _stored(row))
        return found

    def application_ids(self, batch_id: str) -> tuple[int, ...]:
        """Return the ids of the current versions, in the order of 学号."""
        query = (
            select(applications.c.id)
            .where(applications.c.batch_id == batch_id, applications.c.is_current)
            .order_by(applications.c.student_number)
        )
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def load(self, application_ids: Iterable[int]) -> tuple[StoredApplication, ...]:
        """Return stored applications in the order of the ids."""
        ids = tuple(application_ids)
        with self._database.reading() as connection:
            found: dict[int, StoredApplication] = {}
            for start in range(0, len(ids), 500):
                query = select(applications).where(applications.c.id.in_(ids[start : start + 500]))
                found |= {row.id: _stored(row) for row in connection.execute(query)}
        return tuple(found[number] for number in ids)

    def find(self, batch_id: str, student_number: str) -> StoredApplication:
        """Return one application's current version; raises `UnknownId` if there is none."""
        self.get(batch_id)
        query = select(applications).where(
            applications.c.batch_id == batch_id,
            applications.c.student_number == student_number,
            applications.c.is_current,
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise UnknownId(f"batch {batch_id!r} has no application {student_number!r}")
        return _stored(row)

    def search(self, wanted: str, most: int) -> tuple[FoundApplication, ...]:
        """Return the current applications whose 学号 begins with a text, or of an identity number.

        The number is compared by its keyed hash, in full only.
        """
        hashed = hash_identity(self._key, wanted)
        begins = applications.c.student_number.startswith(wanted, autoescape=True)
        query = (
            select(
                applications.c.batch_id,
                applications.c.student_number,
                applications.c.version,
                applications.c.is_vanished,
            )
            .where(
                applications.c.is_current,
                or_(begins, and_(applications.c.identity_hash == hashed, literal(hashed) != "")),
            )
            .order_by(applications.c.student_number, applications.c.batch_id)
            .limit(most)
        )
        with self._database.reading() as connection:
            return tuple(FoundApplication(**row._mapping) for row in connection.execute(query))


def content_digest(given: BatchInput) -> str:
    """Return one digest over every row and file of a batch, whatever the policy says of them."""
    courses = _courses_by_student(given)
    return digest_json(
        [
            sorted(
                (
                    item.student_number,
                    application_digest(item, courses.get(item.student_number, ())),
                )
                for item in given.submissions
            ),
            sorted(given.orphan_folders),
        ]
    )


def application_digest(submission: Submission, courses: tuple[CourseResult, ...]) -> str:
    """Return one digest over a row, its files and its courses; the event log holds it."""
    return digest_json(
        [
            submission.application.digest,
            [[upload.path, upload.digest, upload.size_bytes] for upload in submission.uploads],
            sorted(course.digest for course in courses),
        ]
    )


def _courses_by_student(given: BatchInput) -> dict[str, tuple[CourseResult, ...]]:
    result: dict[str, list[CourseResult]] = {}
    for course in given.courses:
        result.setdefault(course.student_number, []).append(course)
    return {number: tuple(items) for number, items in result.items()}


def _refuse_other(connection: Connection, batch: Batch) -> None:
    body = connection.scalar(select(batches.c.body).where(batches.c.id == batch.id))
    if body is None:
        return
    known = decode(Batch, body)
    faults = _sealed_faults(connection, batch) + [
        InputFault(
            file="batch.toml",
            row=None,
            column=column,
            code="other-batch",
            message=f"批次 {batch.id} 已登记为 {old}，与此处的 {new} 不同；"
            "请换一个批次 id 后重新运行",
            message_en=f"batch {batch.id} is already stored with {old}, not {new};"
            " give this folder another id and run again",
        )
        for column, old, new in (
            ("kind", known.kind.value, batch.kind.value),
            ("institution", known.institution, batch.institution),
        )
        if old != new
    ]
    if faults:
        raise BatchRefused(tuple(faults))


def _sealed_faults(connection: Connection, batch: Batch) -> list[InputFault]:
    query = select(seals.c.batch_id).where(seals.c.batch_id == batch.id)
    if connection.execute(query).first() is None:
        return []
    fault = InputFault(
        file="batch.toml",
        row=None,
        column="id",
        code="batch-sealed",
        message=f"批次 {batch.id} 已签发，结果不再变化；个别更正请用 hedui reverse，"
        "新的申请请另建批次",
        message_en=f"batch {batch.id} is sealed and its results are final; correct a single one"
        " with hedui reverse, put new applications into another batch",
    )
    return [fault]


def _insert_uploads(connection: Connection, application_id: int, submission: Submission) -> None:
    rows = [
        {
            "application_id": application_id,
            "position": position,
            "digest": upload.digest,
            "is_usable": upload.usable and bool(upload.digest) and not submission.rejections,
        }
        for position, upload in enumerate(submission.uploads)
    ]
    if rows:
        connection.execute(insert(uploads), rows)


def _retire(connection: Connection, application_id: int) -> None:
    _set(connection, application_id, is_current=False, is_vanished=False)


def _set(connection: Connection, application_id: int, **values: object) -> None:
    connection.execute(
        update(applications).where(applications.c.id == application_id).values(**values)
    )


def _stored(row: Row[Any]) -> StoredApplication:
    return StoredApplication(
        id=row.id,
        version=row.version,
        vanished=row.is_vanished,
        submission=decode(Submission, row.submission),
        courses=decode(tuple[CourseResult, ...], row.courses),
    )


def _event(kind: str, batch: Batch, payload: dict[str, Any], student_number: str = "") -> NewEvent:
    return NewEvent(kind=kind, batch_id=batch.id, student_number=student_number, payload=payload)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
