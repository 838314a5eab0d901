"""Entries about items as the store keeps them, and what the standing ones come to."""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from domain.faults import HeduiError
from domain.outcome import SettledVerdict
from domain.review import DecisionKind, Given, ReviewDecision, Role, Round, Standing
from store.cases import Case
from store.codec import decode


class Refused(HeduiError):
    """An entry was not taken, and nothing was changed. `code` says why.

    `stale` (somebody wrote about the item since), `held` (somebody else holds it), `not-allowed`
    (not this account's turn), `sealed`, `gone` (no such item any more), `key-used`, `too-late`.
    `case` is the item as it stands.
    """

    def __init__(self, code: str, case: Case | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.case = case


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry about to be made. `key` is unique to the submit, `revision` what was looked at."""

    application_id: int
    account: str
    role: Role
    revision: int
    key: str
    decision: ReviewDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it stands in the store."""

    id: int
    application_id: int
    batch_id: str
    student_number: str
    account: str
    kind: DecisionKind
    round: Round
    round_after: Round
    decision: ReviewDecision
    event_sequence: int
    created_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of an entry; `repeated` where the same submit had been taken before."""

    id: int
    round_after: Round
    repeated: bool
    widened: bool = False


def standing_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the verdicts and reversals that nobody took back, oldest first."""
    known = tuple(entries)
    undone = {item.decision.undoes for item in known if item.kind is DecisionKind.UNDO}
    verdicts = (DecisionKind.VERDICT, DecisionKind.REVERSAL)
    return tuple(item for item in known if item.kind in verdicts and item.id not in undone)


def standing_of(case: Case, entries: Iterable[Entry]) -> Standing:
    """Return how an item stands, from its entries."""
    return Standing(
        round=case.round,
        given=tuple(
            Given(
                account=item.account,
                verdict=item.decision.verdict,
                accepted_number=item.decision.accepted_number,
                accepted_score=item.decision.accepted_score,
            )
            for item in standing_entries(entries)
            if item.decision.verdict is not None
        ),
        needs_two=case.needs_two,
        is_sample=case.is_sample,
        corrected_needs_two=case.corrected_needs_two,
    )


def settled_verdict(entries: Iterable[Entry]) -> tuple[SettledVerdict, Entry] | None:
    """Return what people settled on last and the entry that settled it.

    None for nothing yet, and for what was opened again since.
    """
    known = tuple(entries)
    standing = standing_entries(known)
    last = next((item for item in reversed(standing) if item.round_after is Round.SETTLED), None)
    reopened = max((e.id for e in known if e.kind is DecisionKind.REOPENING), default=0)
    if last is None or last.decision.verdict is None or last.id < reopened:
        return None
    people = [item.account for item in standing if item.id <= last.id]
    people += [last.decision.second_account] if last.decision.second_account else []
    return (
        SettledVerdict(
            verdict=last.decision.verdict,
            accounts=tuple(dict.fromkeys(people)),
            opinion=last.decision.opinion,
            accepted_number=last.decision.accepted_number,
            accepted_score=last.decision.accepted_score,
        ),
        last,
    )


def body_digest(body: str) -> str:
    """Return the digest under which an entry's body stands in the event log."""
    return hashlib.sha256(body.encode("ascii")).hexdigest()


def entry_of(row: Row[Any]) -> Entry:
    """Return the entry of a row."""
    return Entry(
        id=row.id,
        application_id=row.application_id,
        batch_id=row.batch_id,
        student_number=row.student_number,
        account=row.account,
        kind=DecisionKind(row.kind),
        round=Round(row.round),
        round_after=Round(row.round_after),
        decision=decode(ReviewDecision, row.body),
        event_sequence=row.event_sequence,
        created_at=datetime.datetime.fromisoformat(row.created_at),
    )
