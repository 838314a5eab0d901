"""What people decided: entries that are only ever appended, each with its event.

An entry is taken in one transaction or not at all: the submit's key makes a repeated one the same
entry, the item's revision refuses a stale one, and who may decide is checked where it is written.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select, update

from domain.review import (
    DecisionKind,
    Given,
    ReviewDecision,
    Role,
    Round,
    Standing,
    Verdict,
    may_act,
    next_step,
)
from store.cases import Case, Cases, case_of, utc_now
from store.codec import encode
from store.database import Database
from store.entries import (
    Entry,
    NewEntry,
    Recorded,
    Refused,
    body_digest,
    entry_of,
    standing_entries,
    standing_of,
)
from store.events import NewEvent, append_events
from store.queues import widen
from store.schema import cases, decisions, seals

_EVENT_KINDS = {
    DecisionKind.VERDICT: "review-verdict",
    DecisionKind.CORRECTION: "review-correction",
    DecisionKind.TYPING: "review-typing",
    DecisionKind.UNDO: "review-undo",
    DecisionKind.APPEAL: "review-appeal",
    DecisionKind.REVERSAL: "review-reversal",
    DecisionKind.REOPENING: "review-reopening",
}


_MOST_UNDONE = 1000  # entries back; half of them verdicts that were taken back, at the most


class Decisions:
    """The decisions of one installation."""

    def __init__(self, database: Database, queue: Cases) -> None:
        self._database = database
        self._cases = queue

    def record(self, entry: NewEntry) -> Recorded:
        """Take an entry; raises `Refused`, changing nothing, where it cannot be taken."""
        return self.record_all((entry,))[0]

    def record_all(self, entries: Iterable[NewEntry]) -> tuple[Recorded, ...]:
        """Take several entries, all or none, as `record` takes one."""
        with self._database.writing() as connection:
            return tuple(self._record(connection, entry) for entry in entries)

    def _record(self, connection: Connection, entry: NewEntry) -> Recorded:
        repeated = _repeated(connection, entry)
        if repeated is not None:
            return repeated
        case = _case(connection, entry.application_id)
        _refuse_sealed(connection, case, entry.decision.kind)
        if case.revision != entry.revision:
            raise Refused("stale", case)
        if case.held_by_other(entry.account, self._cases.clock()):
            raise Refused("held", case)
        standing = standing_of(case, _entries(connection, case.application_id))
        if not may_act(standing, entry.account, entry.role):
            raise Refused("not-allowed", case)
        after = _round_after(standing, entry)
        recorded = _write(connection, case, entry, after)
        contradicted = case.is_sample and case.round is Round.OPEN
        if contradicted and entry.decision.verdict not in (None, Verdict.PASS):
            widen(connection, case.batch_id)
            payload = {"decision_id": recorded.id}
            append_events(connection, [_event(case, "sample-error", entry.account, payload)])
            return Recorded(id=recorded.id, round_after=after, repeated=False, widened=True)
        return recorded

    def find_key(self, key: str) -> NewEntry | None:
        """Return the entry that was taken under a submit's key, None where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(decisions).where(decisions.c.key == key)).one_or_none()
        if row is None:
            return None
        found = entry_of(row)
        return NewEntry(
            application_id=found.application_id,
            account=found.account,
            role=Role.REVIEWER,
            revision=0,
            key=key,
            decision=found.decision,
        )

    def undo(self, batch_id: str, account: str, role: Role, key: str) -> Case:
        """Take back an account's last verdict in a batch; the item is its again, leased to it.

        Raises `Refused`: `nothing-to-undo`, `too-late` where another person has decided since,
        `sealed`.
        """
        with self._database.writing() as connection:
            done = connection.execute(select(decisions).where(decisions.c.key == key)).first()
            if done is not None:
                return _case(connection, done.application_id)
            entry = _last_verdict(connection, batch_id, account)
            if entry is None:
                raise Refused("nothing-to-undo")
            case = _case(connection, entry.application_id)
            _refuse_sealed(connection, case, DecisionKind.UNDO)
            entries = _entries(connection, case.application_id)
            later = [
                item
                for item in (*standing_entries(entries), *filter(_opens_again, entries))
                if item.id > entry.id
            ]
            if later or role is Role.AUDITOR:
                raise Refused("too-late", case)
            taken = ReviewDecision(
                kind=DecisionKind.UNDO, seen=entry.decision.seen, undoes=entry.id
            )
            new = NewEntry(
                application_id=case.application_id,
                account=account,
                role=role,
                revision=case.revision,
                key=key,
                decision=taken,
            )
            _write(connection, case, new, entry.round)
        held = self._cases.hold(case.application_id, account, take_over=True)
        assert held is not None
        return held

    def append(self, entry: NewEntry, after: Round, due_at: str = "") -> Recorded:
        """Append an appeal or a reversal, whose conditions the caller has checked."""
        with self._database.writing() as connection:
            repeated = _repeated(connection, entry)
            if repeated is not None:
                return repeated
            case = _case(connection, entry.application_id)
            if case.revision != entry.revision:
                raise Refused("stale", case)
            recorded = _write(connection, case, entry, after)
            if due_at:
                connection.execute(
                    update(cases)
                    .where(cases.c.application_id == case.application_id)
                    .values(due_at=due_at)
                )
            return recorded

    def reopen(self, entry: NewEntry, assessment_id: int, kind: str) -> Recorded:
        """Open a settled item to a second person, on what the machine says now.

        Raises `Refused`: `stale`, also where it is not settled, `sealed`.
        """
        with self._database.writing() as connection:
            case = _case(connection, entry.application_id)
            _refuse_sealed(connection, case, entry.decision.kind)
            if case.revision != entry.revision or case.round is not Round.SETTLED:
                raise Refused("stale", case)
            recorded = _write(connection, case, entry, Round.SECOND)
            connection.execute(
                update(cases)
                .where(cases.c.application_id == case.application_id)
                .values(assessment_id=assessment_id, kind=kind, leased_by="", lease_ends=0.0)
            )
            return recorded

    def of_application(self, application_id: int) -> tuple[Entry, ...]:
        """Return the entries about an application's version, oldest first."""
        with self._database.reading() as connection:
            return _entries(connection, application_id)

    def of_batch(self, batch_id: str) -> dict[int, tuple[Entry, ...]]:
        """Return the entries about a batch by application, oldest first."""
        query = select(decisions).where(decisions.c.batch_id == batch_id).order_by(decisions.c.id)
        found: dict[int, tuple[Entry, ...]] = {}
        with self._database.reading() as connection:
            for entry in map(entry_of, connection.execute(query)):
                found[entry.application_id] = (*found.get(entry.application_id, ()), entry)
        return found

    def of_student(self, student_number: str) -> tuple[Entry, ...]:
        """Return the entries about a 学号 in every batch and version, oldest first."""
        query = select(decisions).where(decisions.c.student_number == student_number)
        with self._database.reading() as connection:
            return tuple(map(entry_of, connection.execute(query.order_by(decisions.c.id))))


def _repeated(connection: Connection, entry: NewEntry) -> Recorded | None:
    row = connection.execute(select(decisions).where(decisions.c.key == entry.key)).one_or_none()
    if row is None:
        return None
    same = (row.application_id, row.account, row.kind, row.verdict) == (
        entry.application_id,
        entry.account,
        entry.decision.kind.value,
        entry.decision.verdict.value if entry.decision.verdict else "",
    )
    if not same:
        raise Refused("key-used")
    return Recorded(id=row.id, round_after=Round(row.round_after), repeated=True)


def _case(connection: Connection, application_id: int) -> Case:
    query = select(cases).where(cases.c.application_id == application_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise Refused("gone")
    return case_of(row)


def _refuse_sealed(connection: Connection, case: Case, kind: DecisionKind) -> None:
    sealed = connection.execute(select(seals).where(seals.c.batch_id == case.batch_id)).first()
    may_not = kind in (DecisionKind.UNDO, DecisionKind.REOPENING)
    if sealed is not None and (case.due_at is None or may_not):
        raise Refused("sealed", case)


def _round_after(standing: Standing, entry: NewEntry) -> Round:
    decision = entry.decision
    if decision.kind is not DecisionKind.VERDICT or decision.verdict is None:
        return standing.round
    given = Given(
        account=entry.account,
        verdict=decision.verdict,
        accepted_number=decision.accepted_number,
        accepted_score=decision.accepted_score,
    )
    return next_step(standing, given)


def _write(connection: Connection, case: Case, entry: NewEntry, after: Round) -> Recorded:
    decision = entry.decision
    body = encode(decision)
    verdict = decision.verdict.value if decision.verdict else ""
    payload: dict[str, Any] = {
        "application_id": case.application_id,
        "body_digest": body_digest(body),
        "reasons": list(decision.reasons),
        "revision": case.revision,
        "round": case.round.value,
        "round_after": after.value,
        "verdict": verdict,
        "via": decision.seen.via,
    }
    if decision.undoes:
        payload["undoes"] = decision.undoes
    if decision.second_account:
        payload["second"] = decision.second_account
    kind = _EVENT_KINDS[decision.kind]
    sequence = append_events(connection, [_event(case, kind, entry.account, payload)])
    inserted = connection.execute(
        insert(decisions)
        .values(
            application_id=case.application_id,
            batch_id=case.batch_id,
            student_number=case.student_number,
            account=entry.account,
            kind=decision.kind.value,
            round=case.round.value,
            round_after=after.value,
            verdict=verdict,
            key=entry.key,
            body=body,
            event_sequence=sequence,
            created_at=utc_now(),
        )
        .returning(decisions.c.id)
    )
    number: int = inserted.scalar_one()
    changed: dict[str, Any] = {"round": after.value, "revision": case.revision + 1}
    if decision.kind is DecisionKind.VERDICT:
        changed |= {"leased_by": "", "lease_ends": 0.0}
    connection.execute(
        update(cases).where(cases.c.application_id == case.application_id).values(**changed)
    )
    return Recorded(id=number, round_after=after, repeated=False)


def _last_verdict(connection: Connection, batch_id: str, account: str) -> Entry | None:
    """Return an account's newest verdict in a batch that it has not taken back."""
    query = select(decisions).where(
        decisions.c.batch_id == batch_id,
        decisions.c.account == account,
        decisions.c.kind.in_((DecisionKind.VERDICT.value, DecisionKind.UNDO.value)),
    )
    undone: set[int] = set()
    with connection.execute(query.order_by(decisions.c.id.desc()).limit(_MOST_UNDONE)) as rows:
        for entry in map(entry_of, rows):
            if entry.kind is DecisionKind.UNDO:
                undone.add(entry.decision.undoes)
            elif entry.id not in undone:
                return entry
    return None


def _opens_again(entry: Entry) -> bool:
    return entry.kind in (DecisionKind.APPEAL, DecisionKind.REOPENING)


def _entries(connection: Connection, application_id: int) -> tuple[Entry, ...]:
    query = select(decisions).where(decisions.c.application_id == application_id)
    return tuple(map(entry_of, connection.execute(query.order_by(decisions.c.id))))


def _event(case: Case, kind: str, account: str, payload: dict[str, Any]) -> NewEvent:
    return NewEvent(
        kind=kind,
        batch_id=case.batch_id,
        student_number=case.student_number,
        payload=payload,
        actor=account,
    )
