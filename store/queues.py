"""Making a batch's queue from what the machine decided, and keeping it up to date."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from domain.application import Batch
from domain.assessment import Assessment, Decision
from domain.policy import Policy, ReviewPolicy
from domain.queueing import Draw, Wanted, is_looked_at, plan
from domain.review import Round
from store.cases import utc_now
from store.codec import decode
from store.database import Database
from store.events import NewEvent, append_events
from store.runs import stored_policy
from store.schema import (
    applications,
    assessments,
    batches,
    cases,
    decisions,
    policies,
    queues,
    runs,
    seals,
)

_ATTEMPTS = 5  # a run may finish while a queue is planned: then it is planned again
_WIDENED = "+"  # behind the run that a queue was made from
_AT_ONCE = 300
_UNSEEN_ORDER = "~"  # blind items stand together, so that a sample is one among them


class Queues:
    """The queues of one installation."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key

    def refresh(self, batch_id: str) -> bool:
        """Bring a batch's queue up to date with what was decided; return whether it changed.

        New and changed applications get an item, what nobody has to look at any more loses it; an
        item about which people wrote anything stays as it is. Sealed batches do not change.
        """
        for _ in range(_ATTEMPTS):
            with self._database.reading() as connection:
                source = _wanted_from(connection, batch_id)
                if source is None or _made_from(connection, batch_id) == source:
                    return False
                if connection.execute(select(seals).where(seals.c.batch_id == batch_id)).first():
                    return False
                # Outside the writing transaction: of a large batch this takes seconds, and whoever
                # decides meanwhile would wait.
                planned = self._plan(connection, batch_id)
            with self._database.writing() as connection:
                touched, decided_before = _decided(connection, batch_id)
                now = (_wanted_from(connection, batch_id), decided_before)
                newest = _newest_assessment(connection, batch_id)
                if (*now, newest) == (source, planned.decided_before, planned.newest):
                    _make(connection, batch_id, source, planned, touched)
                    return True
        return False

    def is_widened(self, batch_id: str) -> bool:
        """Return whether a sampled accept of the batch was found wrong."""
        query = select(queues.c.is_widened).where(queues.c.batch_id == batch_id)
        with self._database.reading() as connection:
            return bool(connection.scalar(query))

    def _plan(self, connection: Connection, batch_id: str) -> "_Planned":
        batch, policy = _basis(connection, batch_id)
        widened = bool(
            connection.scalar(select(queues.c.is_widened).where(queues.c.batch_id == batch_id))
        )
        draw = Draw(key=self._key, policy=policy.review, is_widened=widened)
        touched, decided_before = _decided(connection, batch_id)
        standing = _standing(connection, batch_id)
        wanted: list[tuple[Row[Any], Wanted]] = []
        unplanned = []
        for row in _latest(connection, batch_id):
            again = row.student_number in decided_before and row.application_id not in touched
            if not is_looked_at(Decision(row.decision), _subject(row), draw, again):
                continue
            if row.id in standing and not again:
                wanted.append((row, standing[row.id]))
            else:
                unplanned.append((row, again))
        bodies = _bodies(connection, [row.id for row, _ in unplanned])
        for (row, again), body in zip(unplanned, bodies, strict=True):
            made = plan(decode(Assessment, body), batch.kind, _subject(row), draw, again)
            assert made is not None
            wanted.append((row, made))
        known = _known(connection, cases.c.batch_id == batch_id)
        kept = {row.application_id for row, _ in wanted} | touched
        current = _current(connection, batch_id)
        return _Planned(
            is_widened=widened,
            decided_before=decided_before,
            newest=_newest_assessment(connection, batch_id),
            changed=_changed(sorted(wanted, key=_order), known, policy.review),
            replaced=frozenset(known) - current,
            unwanted=(frozenset(known) & current) - kept,
            counts={
                "items": len(wanted),
                "samples": sum(made.is_sample for _, made in wanted),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """An item as it should stand; `application` is what a new one needs to know of it."""

    place: int
    application: Row[Any]
    values: dict[str, Any]

    def differs_from(self, before: Row[Any]) -> bool:
        return any(before._mapping[name] != value for name, value in self.values.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """What has to change about a queue, and what that was planned from.

    `changed` are the items that are new or looked at otherwise than before. Items of a version that
    was `replaced` go; `unwanted` ones go unless somebody writes about them meanwhile.
    """

    is_widened: bool
    decided_before: frozenset[str]
    newest: int
    changed: tuple[_Item, ...]
    replaced: frozenset[int]
    unwanted: frozenset[int]
    counts: dict[str, int]


def _order(pair: tuple[Row[Any], Wanted]) -> tuple[str, str]:
    row, made = pair
    return (_UNSEEN_ORDER if made.is_blind else made.kind, row.student_number)


def _changed(
    wanted: list[tuple[Row[Any], Wanted]], known: dict[int, Row[Any]], policy: ReviewPolicy
) -> tuple[_Item, ...]:
    items = []
    for place, (row, made) in enumerate(wanted, start=1):
        values = {
            "assessment_id": row.id,
            "kind": made.kind,
            "is_sample": made.is_sample,
            "is_blind": made.is_blind,
            "needs_two": made.needs_two,
            "corrected_needs_two": policy.two_person_corrections,
        }
        item = _Item(place=place, application=row, values=values)
        before = known.get(row.application_id)
        if before is None or item.differs_from(before):
            items.append(item)
    return tuple(items)


def _make(
    connection: Connection,
    batch_id: str,
    source: str,
    planned: _Planned,
    touched: frozenset[int],
) -> None:
    for application_id in planned.replaced | (planned.unwanted - touched):
        connection.execute(delete(cases).where(cases.c.application_id == application_id))
    _place(connection, planned.changed, touched)
    connection.execute(delete(queues).where(queues.c.batch_id == batch_id))
    connection.execute(
        insert(queues).values(batch_id=batch_id, made_from=source, is_widened=planned.is_widened)
    )
    made = NewEvent(kind="queue-made", batch_id=batch_id, payload=planned.counts)
    append_events(connection, [made])


def _place(connection: Connection, items: tuple[_Item, ...], touched: frozenset[int]) -> None:
    """Write the items that are new or have changed; what people wrote about stays as it is."""
    for start in range(0, len(items), _AT_ONCE):
        part = items[start : start + _AT_ONCE]
        ids = [item.application.application_id for item in part]
        known = _known(connection, cases.c.application_id.in_(ids))
        new = []
        for application_id, item in zip(ids, part, strict=True):
            before = known.get(application_id)
            if before is None:
                new.append({**item.values, **_fresh(item.application, item.place)})
            elif application_id not in touched and item.differs_from(before):
                connection.execute(
                    update(cases)
                    .where(cases.c.application_id == application_id)
                    .values(**item.values, place=item.place, revision=before.revision + 1)
                )
        if new:
            connection.execute(insert(cases), new)


def _known(connection: Connection, wanted: ColumnElement[bool]) -> dict[int, Row[Any]]:
    """Return items as they stand, by application."""
    found = connection.execute(select(cases).where(wanted))
    return {row.application_id: row for row in found}


def _fresh(row: Row[Any], place: int) -> dict[str, Any]:
    return {
        "application_id": row.application_id,
        "batch_id": row.batch_id,
        "student_number": row.student_number,
        "round": Round.OPEN.value,
        "revision": 1,
        "place": place,
        "leased_by": "",
        "lease_ends": 0.0,
        "opened_at": utc_now(),
        "due_at": "",
    }


def widen(connection: Connection, batch_id: str) -> None:
    """Remember that a sampled accept was wrong: the next refresh draws more of them."""
    connection.execute(update(queues).where(queues.c.batch_id == batch_id).values(is_widened=True))


def _made_from(connection: Connection, batch_id: str) -> str:
    """Return what the queue was made from, "" where none was made yet."""
    query = select(queues.c.made_from).where(queues.c.batch_id == batch_id)
    return connection.scalar(query) or ""


def _wanted_from(connection: Connection, batch_id: str) -> str | None:
    """Return what a queue made now would be made from, None before the first finished run."""
    last = select(func.max(runs.c.id)).where(
        runs.c.batch_id == batch_id, runs.c.finished_at.is_not(None)
    )
    run = connection.scalar(last)
    if run is None:
        return None
    widened = connection.scalar(select(queues.c.is_widened).where(queues.c.batch_id == batch_id))
    return f"{run}{_WIDENED if widened else ''}"


def _basis(connection: Connection, batch_id: str) -> tuple[Batch, Policy]:
    query = (
        select(policies.c.body, batches.c.body.label("batch_body"))
        .join(runs, runs.c.policy_digest == policies.c.digest)
        .join(batches, batches.c.id == runs.c.batch_id)
        .where(runs.c.batch_id == batch_id, runs.c.finished_at.is_not(None))
        .order_by(runs.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one()
    return decode(Batch, row.batch_body), stored_policy(row.body, batch_id)


def _latest(connection: Connection, batch_id: str) -> list[Row[Any]]:
    """Return the newest assessment of each current application."""
    newest = (
        select(func.max(assessments.c.id))
        .join(applications, applications.c.id == assessments.c.application_id)
        .where(applications.c.batch_id == batch_id, applications.c.is_current)
        .group_by(assessments.c.application_id)
    )
    query = (
        select(
            assessments.c.id,
            assessments.c.application_id,
            assessments.c.decision,
            applications.c.batch_id,
            applications.c.student_number,
            applications.c.content_digest,
        )
        .join(applications, applications.c.id == assessments.c.application_id)
        .where(assessments.c.id.in_(newest))
        .order_by(applications.c.student_number)
    )
    return list(connection.execute(query))


def _subject(row: Row[Any]) -> str:
    """Return what names an application and its content for the draws."""
    return f"{row.batch_id}/{row.student_number}/{row.content_digest}"


def _bodies(connection: Connection, ids: list[int]) -> Iterator[str]:
    """Yield assessments in the order of their ids; some hundred are held at a time."""
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        query = select(assessments.c.id, assessments.c.body).where(assessments.c.id.in_(part))
        found = {row.id: row.body for row in connection.execute(query)}
        yield from (found[number] for number in part)


def _standing(connection: Connection, batch_id: str) -> dict[int, Wanted]:
    """Return by assessment how the items for review are looked at already.

    A wider sample changes nothing about them; where the queue was made from another run, anything
    may have changed, and nothing is returned.
    """
    source = _wanted_from(connection, batch_id) or ""
    if _made_from(connection, batch_id).rstrip(_WIDENED) != source.rstrip(_WIDENED):
        return {}
    query = (
        select(cases)
        .join(assessments, assessments.c.id == cases.c.assessment_id)
        .where(cases.c.batch_id == batch_id, assessments.c.decision == Decision.REVIEW.value)
    )
    return {
        row.assessment_id: Wanted(
            kind=row.kind,
            is_sample=row.is_sample,
            is_blind=row.is_blind,
            needs_two=row.needs_two,
        )
        for row in connection.execute(query)
    }


def _newest_assessment(connection: Connection, batch_id: str) -> int:
    """Return the id of the batch's last assessment; a later batch may add some after the run."""
    query = (
        select(func.max(assessments.c.id))
        .join(applications, applications.c.id == assessments.c.application_id)
        .where(applications.c.batch_id == batch_id)
    )
    return connection.scalar(query) or 0


def _current(connection: Connection, batch_id: str) -> set[int]:
    query = select(applications.c.id).where(
        applications.c.batch_id == batch_id, applications.c.is_current
    )
    return set(connection.scalars(query))


def _decided(connection: Connection, batch_id: str) -> tuple[frozenset[int], frozenset[str]]:
    """Return the applications about which people wrote anything, and the 学号 of which they decided
    a version that is no longer current.
    """
    touched = select(decisions.c.application_id).where(decisions.c.batch_id == batch_id)
    before = (
        select(decisions.c.student_number)
        .join(applications, applications.c.id == decisions.c.application_id)
        .where(
            decisions.c.batch_id == batch_id,
            decisions.c.kind == "verdict",
            applications.c.is_current.is_(False),
        )
    )
    return frozenset(connection.scalars(touched)), frozenset(connection.scalars(before))
