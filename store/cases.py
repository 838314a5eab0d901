"""The queue of items that people look at, and who holds which of them for how long.

A row is made of assessments, decisions and policy; decisions alone are the record (`decisions`).
"""

import datetime
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from domain.review import LEASE_SECONDS, Role, Round
from store.database import Database
from store.schema import applications, cases, decisions

_TURNS: dict[Role, tuple[Round, ...]] = {
    Role.REVIEWER: (Round.OPEN,),
    Role.SECOND: (Round.APPEAL, Round.SECOND, Round.OPEN),
    Role.LEAD: (Round.APPEAL, Round.LEAD, Round.SECOND, Round.OPEN),
    Role.AUDITOR: (),
}
# A lease that ends later than this was written by a clock that has been set back since.
_FARTHEST_SECONDS = 2 * LEASE_SECONDS
_WAITING = tuple(item.value for item in Round if item is not Round.SETTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One item: an application's current version, and how it is to be looked at.

    `revision` grows with every entry; a submit that names another one is stale. `lease_ends` is in
    seconds since 1970; `leased_by` is "" where nobody holds it.
    """

    application_id: int
    batch_id: str
    student_number: str
    round: Round
    revision: int
    assessment_id: int
    kind: str
    is_sample: bool
    is_blind: bool
    needs_two: bool
    corrected_needs_two: bool
    place: int
    leased_by: str
    lease_ends: float
    opened_at: datetime.datetime
    due_at: datetime.datetime | None

    def held_by_other(self, account: str, now: float) -> bool:
        """Return whether somebody else holds the item now."""
        runs = now < self.lease_ends <= now + _FARTHEST_SECONDS
        return runs and self.leased_by not in ("", account)


class Cases:
    """The queue of one installation."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self.clock = clock

    def get(self, application_id: int) -> Case | None:
        """Return an item, None where there is none (any more)."""
        query = select(cases).where(cases.c.application_id == application_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return case_of(row) if row else None

    def find(self, batch_id: str, student_number: str) -> Case | None:
        """Return the item of an application's current version, None where it has none."""
        query = select(cases).where(
            cases.c.batch_id == batch_id, cases.c.student_number == student_number
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return case_of(row) if row else None

    def of_batch(self, batch_id: str) -> tuple[Case, ...]:
        """Return every item of a batch in the order of the queue."""
        query = select(cases).where(cases.c.batch_id == batch_id).order_by(cases.c.place)
        with self._database.reading() as connection:
            return tuple(map(case_of, connection.execute(query)))

    def counts(self, batch_id: str) -> dict[Round, int]:
        """Return how many items stand in which round."""
        query = (
            select(cases.c.round, func.count())
            .where(cases.c.batch_id == batch_id)
            .group_by(cases.c.round)
        )
        with self._database.reading() as connection:
            return {Round(name): count for name, count in connection.execute(query)}

    def count(self, batch_id: str, stands: Round | None = None) -> int:
        """Return how many items a batch has, all or those of one round."""
        wanted = [cases.c.batch_id == batch_id]
        wanted += [cases.c.round == stands.value] if stands is not None else []
        query = select(func.count()).select_from(cases).where(*wanted)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def waiting_for(self, batch_id: str, account: str, role: Role) -> int:
        """Return how many items an account may decide now, held by others or not."""
        query = (
            select(func.count())
            .select_from(cases)
            .where(cases.c.batch_id == batch_id, or_(false(), *_turns_of(account, role)))
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def take(
        self,
        batch_id: str,
        account: str,
        role: Role,
        count: int,
        after: int | None = None,
        kind: str | None = None,
    ) -> tuple[Case, ...]:
        """Lease and return the next items that an account may decide and nobody else holds.

        `after` is a place in the queue to begin behind (then, at its end, from the start again);
        `kind` asks for items of one kind that neither blind typing nor two people are asked for.
        """
        now = self.clock()
        wanted = [cases.c.batch_id == batch_id, _free_for(account, now)]
        if kind is not None:
            wanted += [cases.c.kind == kind, cases.c.round == Round.OPEN.value]
            wanted += [cases.c.is_blind.is_(False), cases.c.needs_two.is_(False)]
        with self._database.writing(durable=False) as connection:
            rows = _next(connection, wanted, _turns_of(account, role), count, after)
            _lease(connection, [row.application_id for row in rows], account, now)
        ends = now + LEASE_SECONDS
        return tuple(case_of(row, leased_by=account, lease_ends=ends) for row in rows)

    def hold(self, application_id: int, account: str, *, take_over: bool = False) -> Case | None:
        """Lease or renew one item; return it as it stands then, None where there is none.

        Somebody else's lease stays unless it has expired and `take_over` is given.
        """
        now = self.clock()
        query = select(cases).where(cases.c.application_id == application_id)
        with self._database.writing(durable=False) as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            found = case_of(row)
            foreign = found.leased_by not in ("", account)
            if found.held_by_other(account, now) or (foreign and not take_over):
                return found
            _lease(connection, [application_id], account, now)
        return case_of(row, leased_by=account, lease_ends=now + LEASE_SECONDS)

    def renew(self, application_ids: Iterable[int], account: str) -> None:
        """Renew the leases that an account holds; those of others stay as they are."""
        with self._database.writing(durable=False) as connection:
            connection.execute(
                update(cases)
                .where(
                    cases.c.application_id.in_(tuple(application_ids)),
                    cases.c.leased_by == account,
                )
                .values(lease_ends=self.clock() + LEASE_SECONDS)
            )

    def release(self, account: str, application_id: int | None = None) -> None:
        """Give back what an account holds: one item, or everything."""
        held = [cases.c.leased_by == account]
        if application_id is not None:
            held.append(cases.c.application_id == application_id)
        with self._database.writing(durable=False) as connection:
            connection.execute(update(cases).where(*held).values(leased_by="", lease_ends=0.0))

    def put_later(self, application_id: int, account: str) -> None:
        """Move an item to the end of its queue and give it back."""
        with self._database.writing() as connection:
            mine = select(cases).where(cases.c.application_id == application_id)
            row = connection.execute(mine).one_or_none()
            if row is None or row.leased_by not in ("", account):
                return
            last = select(func.max(cases.c.place)).where(cases.c.batch_id == row.batch_id)
            connection.execute(
                update(cases)
                .where(cases.c.application_id == application_id)
                .values(
                    place=connection.execute(last).scalar_one() + 1, leased_by="", lease_ends=0.0
                )
            )

    def kinds(self, batch_id: str) -> tuple[tuple[str, int], ...]:
        """Return the kinds of open items that can be done side by side, most frequent first."""
        count = func.count()
        query = (
            select(cases.c.kind, count)
            .where(
                cases.c.batch_id == batch_id,
                cases.c.round == Round.OPEN.value,
                cases.c.is_blind.is_(False),
                cases.c.needs_two.is_(False),
            )
            .group_by(cases.c.kind)
            .order_by(count.desc(), cases.c.kind)
        )
        with self._database.reading() as connection:
            return tuple((name, number) for name, number in connection.execute(query))

    def ensure(self, application_id: int, batch_id: str, student_number: str, made: int) -> Case:
        """Return an application's item; makes a settled one where the machine alone decided it."""
        found = self.get(application_id)
        if found is not None:
            return found
        with self._database.writing() as connection:
            connection.execute(
                insert(cases).values(
                    application_id=application_id,
                    batch_id=batch_id,
                    student_number=student_number,
                    round=Round.SETTLED.value,
                    revision=1,
                    assessment_id=made,
                    kind="",
                    is_sample=False,
                    is_blind=False,
                    needs_two=False,
                    corrected_needs_two=True,
                    place=0,
                    leased_by="",
                    lease_ends=0.0,
                    opened_at=utc_now(),
                    due_at="",
                )
            )
        ensured = self.get(application_id)
        assert ensured is not None
        return ensured


def _turns_of(account: str, role: Role) -> tuple[ColumnElement[bool], ...]:
    """Return by round when it is an account's turn: later rounds are other people's."""
    decided = (
        select(literal(1))
        .where(
            decisions.c.application_id == cases.c.application_id,
            decisions.c.account == account,
            decisions.c.kind == "verdict",
        )
        .exists()
    )
    return tuple(
        cases.c.round == turn.value
        if turn is Round.OPEN
        else and_(cases.c.round == turn.value, ~decided)
        for turn in _TURNS[role]
    )


def _free_for(account: str, now: float) -> ColumnElement[bool]:
    return or_(
        cases.c.leased_by.in_(("", account)),
        cases.c.lease_ends <= now,
        cases.c.lease_ends > now + _FARTHEST_SECONDS,
    )


def _next(
    connection: Connection,
    wanted: list[ColumnElement[bool]],
    turns: Iterable[ColumnElement[bool]],
    count: int,
    after: int | None,
) -> list[Row[Any]]:
    """Return the first items in the order of the queue, asked for round by round.

    So the index gives them in that order; of one condition over all rounds everything that waits
    would be sorted first.
    """
    rows: list[Row[Any]] = []
    for turn in turns:
        ordered = select(cases).where(*wanted, turn).order_by(cases.c.place)
        if after is None:
            rows += connection.execute(ordered.limit(count))
            continue
        rows += connection.execute(ordered.where(cases.c.place > after).limit(count))
        rows += connection.execute(ordered.where(cases.c.place < after).limit(count))
    rows.sort(key=lambda row: (after is not None and row.place < after, row.place))
    return rows[:count]


def _lease(connection: Connection, ids: list[int], account: str, now: float) -> None:
    if ids:
        connection.execute(
            update(cases)
            .where(cases.c.application_id.in_(ids))
            .values(leased_by=account, lease_ends=now + LEASE_SECONDS)
        )


def is_waiting() -> ColumnElement[bool]:
    """Return the condition that somebody still has to decide an item."""
    return cases.c.round.in_(_WAITING)


def is_current() -> ColumnElement[bool]:
    """Return the condition that an item is of its application's current version."""
    return cases.c.application_id.in_(select(applications.c.id).where(applications.c.is_current))


def case_of(row: Row[Any], **changed: Any) -> Case:
    """Return the item of a row, with some values changed since it was read."""
    values = {name: getattr(row, name) for name in Case.__slots__} | changed
    values["round"] = Round(values["round"])
    values["opened_at"] = datetime.datetime.fromisoformat(values["opened_at"])
    due = values["due_at"]
    values["due_at"] = datetime.datetime.fromisoformat(due) if due else None
    return Case(**values)


def utc_now() -> str:
    """Return the instant as the store writes it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
