"""What is done with a verdict, a correction, an appeal, a seal, before the store records it."""

import datetime
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from domain.assessment import Assessment, Decision
from domain.faults import ConfigurationFault
from domain.outcome import RETURNED_STATUS, BatchOutcome
from domain.review import (
    Correction,
    DecisionKind,
    ReviewDecision,
    Role,
    Round,
    Seen,
    Verdict,
    accepted_values,
    opinion_for,
    refusals,
)
from review.links import untold_links
from review.looking import TYPED_FIELDS, Looked, Looking
from store import Store
from store.accounts import Account
from store.entries import NewEntry, Recorded, settled_verdict


class VerdictRefused(ConfigurationFault):
    """A verdict does not hold; `codes` say why (see `domain.review.refusals`)."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A verdict as a person gave it. `key` is unique to the submit, `revision` what was seen."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    opinion: str = ""
    note: str = ""
    key: str = ""
    revision: int = 0
    evidence_shown: bool = False
    via: str = "pages"
    pictures: tuple[tuple[str, str], ...] = ()
    shown_ms: int = 0
    spent_ms: int = 0
    keys: tuple[str, ...] = ()


def entry_for(looked: Looked, account: Account, wish: Wish) -> NewEntry:
    """Return the entry that a verdict makes; raises `VerdictRefused` where it does not hold."""
    accepted = accepted_values(looked.assessment) if wish.verdict.passes else ("", "")
    decision = ReviewDecision(
        kind=DecisionKind.VERDICT,
        seen=_seen(looked, wish),
        verdict=wish.verdict,
        reasons=wish.reasons,
        opinion="" if wish.verdict.passes else wish.opinion.strip() or _opinion(wish),
        note=wish.note.strip(),
        correction=looked.correction,
        typed=looked.typed or (),
        accepted_number=accepted[0],
        accepted_score=accepted[1],
        comparisons=looked.assessment.comparisons if looked.correction else (),
    )
    faults = refusals(looked.assessment, looked.batch.kind, decision, wish.evidence_shown)
    if looked.is_blind and wish.verdict.passes:
        faults = ("typing-missing", *faults)
    if faults:
        raise VerdictRefused(faults)
    return _entry(looked, account, decision, wish)


def _opinion(wish: Wish) -> str:
    known = tuple(key for key in wish.reasons if key in "12345679" and len(key) == 1)
    return opinion_for(wish.verdict, known)


def correct(
    store: Store, looked: Looked, account: Account, correction: Correction, wish: Wish
) -> Recorded:
    """Record another reading of the paper; looking again shows what the rules make of it."""
    decision = ReviewDecision(
        kind=DecisionKind.CORRECTION, seen=_seen(looked, wish), correction=correction
    )
    return store.decisions.record(_entry(looked, account, decision, wish))


def type_values(
    store: Store, looked: Looked, account: Account, typed: tuple[tuple[str, str], ...], wish: Wish
) -> Recorded:
    """Record what was typed from the picture; where it differs from the reading it replaces it."""
    read = {row.field: row.extracted.strip() for row in looked.assessment.comparisons}
    differing = tuple((field, text) for field, text in typed if text != read.get(field, ""))
    paper = looked.paper
    correction = None
    if differing and paper is not None:
        correction = Correction(file_digest=paper[0], page_number=paper[1], values=differing)
    decision = ReviewDecision(
        kind=DecisionKind.TYPING, seen=_seen(looked, wish), typed=typed, correction=correction
    )
    return store.decisions.record(_entry(looked, account, decision, wish))


def fields_to_type(looked: Looked) -> tuple[str, ...]:
    """Return the fields whose values are typed from the picture."""
    return tuple(
        row.field
        for row in looked.assessment.comparisons
        if row.field in TYPED_FIELDS and row.evidence is not None
    )


def _entry(looked: Looked, account: Account, decision: ReviewDecision, wish: Wish) -> NewEntry:
    return NewEntry(
        application_id=looked.case.application_id,
        account=account.name,
        role=account.role,
        revision=wish.revision,
        key=wish.key or secrets.token_hex(16),
        decision=decision,
    )


def _seen(looked: Looked, wish: Wish) -> Seen:
    header = looked.run.header
    return Seen(
        via=wish.via,
        assessment_id=looked.case.assessment_id,
        policy_digest=header.policy.digest,
        rule_version=header.rule_version,
        engine_version=header.engine_version,
        pictures=wish.pictures,
        readings=_readings(looked.assessment),
        shown_ms=wish.shown_ms,
        spent_ms=wish.spent_ms,
        keys=wish.keys,
    )


def _readings(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    return tuple((row.field, row.extracted) for row in assessment.comparisons)


def open_appeal(
    store: Store, looking: Looking, batch_id: str, student_number: str, account: Account
) -> datetime.datetime:
    """Open a 复核 of a refusal; return until when it has to be answered.

    Raises `ConfigurationFault` where there is no refusal, one is open already, or the time for
    asking has passed. Source: 学位法 §40-41, the days are policy.
    """
    if account.role not in (Role.SECOND, Role.LEAD):
        raise ConfigurationFault("a 复核 is opened by a second reviewer or the lead")
    case = store.cases.find(batch_id, student_number)
    entries = store.decisions.of_application(case.application_id) if case else ()
    found = settled_verdict(entries)
    if case is None or found is None or found[0].verdict is not Verdict.REFUSE:
        raise ConfigurationFault(f"{student_number} was not refused: there is nothing to appeal")
    if case.round is not Round.SETTLED:
        raise ConfigurationFault(f"{student_number} is being decided already")
    _, run = looking.basis(batch_id)
    days = datetime.timedelta(days=run.header.policy.review.appeal_days)
    now = datetime.datetime.now(datetime.UTC)
    if now > found[1].created_at + days:
        raise ConfigurationFault(f"the {days.days} days for asking for a 复核 have passed")
    due = now + days
    decision = ReviewDecision(
        kind=DecisionKind.APPEAL, seen=_seen(looking.look(case, account.name), _NO_WISH)
    )
    entry = NewEntry(
        application_id=case.application_id,
        account=account.name,
        role=account.role,
        revision=case.revision,
        key=secrets.token_hex(16),
        decision=decision,
    )
    store.decisions.append(entry, Round.APPEAL, due.isoformat(timespec="microseconds"))
    return due


_NO_WISH = Wish(verdict=Verdict.PASS, via="command")


def reverse(
    store: Store,
    looking: Looking,
    batch_id: str,
    student_number: str,
    people: tuple[Account, Account],
    wish: Wish | None,
) -> Verdict:
    """Append a reversing entry after sealing; return the verdict that counts from now on.

    Without a wish a pass becomes a refusal and anything else a pass. Raises `ConfigurationFault`
    where the batch is not sealed, the two are one person, or neither leads.
    """
    first, second = people
    if first.name == second.name:
        raise ConfigurationFault("a reversal takes two people: --by and --second are the same")
    if Role.LEAD not in (first.role, second.role) or Role.AUDITOR in (first.role, second.role):
        raise ConfigurationFault(
            "a reversal takes the lead and another person who decides; see: hedui user list"
        )
    if store.seals.get(batch_id) is None:
        raise ConfigurationFault(
            f"batch {batch_id!r} is not sealed: decide again in the pages (hedui review)"
        )
    application = store.batches.find(batch_id, student_number)
    latest = store.runs.latest_ids(batch_id)[application.id]
    case = store.cases.ensure(application.id, batch_id, student_number, latest)
    looked = looking.look(case, first.name)
    wish = wish or _opposite(store, looked)
    passes = wish.verdict.passes
    number, score = accepted_values(looked.assessment) if passes else ("", "")
    decision = ReviewDecision(
        kind=DecisionKind.REVERSAL,
        seen=_seen(looked, wish),
        verdict=wish.verdict,
        reasons=wish.reasons,
        opinion="" if passes else wish.opinion or _opinion(wish),
        note=wish.note,
        accepted_number=number,
        accepted_score=score,
        second_account=second.name,
    )
    store.decisions.append(_entry(looked, first, decision, wish), Round.SETTLED)
    return wish.verdict


def _opposite(store: Store, looked: Looked) -> Wish:
    found = settled_verdict(store.decisions.of_application(looked.case.application_id))
    passed = looked.machine.decision is Decision.ACCEPT
    if found is not None:
        passed = found[0].verdict.passes
    revision = looked.case.revision
    if passed:
        return Wish(verdict=Verdict.REFUSE, reasons=("9",), via="command", revision=revision)
    return Wish(verdict=Verdict.PASS, via="command", revision=revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that keeps a batch from being sealed; "" as 学号 where it is the batch itself."""

    student_number: str
    english: str
    chinese: str


_ROUNDS = {
    Round.OPEN: "待审核",
    Round.SECOND: "待第二人",
    Round.LEAD: "待负责人裁定",
    Round.APPEAL: "复核中",
}


def waiting_in(store: Store, batch_id: str) -> tuple[Waiting, ...]:
    """Return why a batch cannot be sealed now; empty where it can."""
    found = [_of_batch(*texts) for texts in _batch_reasons(store, batch_id)]
    cases = store.cases.of_batch(batch_id)
    found += [
        Waiting(
            student_number=case.student_number,
            english=f"{case.student_number} waits ({case.round.value})",
            chinese=f"{case.student_number} {_ROUNDS[case.round]}",
        )
        for case in cases
        if case.round is not Round.SETTLED
    ]
    if store.seals.get(batch_id) is None:
        found += [
            Waiting(
                student_number=student,
                english=f"{student} shares a file, picture, number or examination with another"
                " application, which its acceptance did not know: hedui run BATCH_DIR",
                chinese=f"{student} 与其他申请的文件、图片、编号或成绩有关联，请重新运行 hedui run",
            )
            for student in untold_links(store, batch_id)
        ]
    listed = {case.application_id for case in cases}
    decided = store.runs.decision_of(batch_id)
    forgotten = [
        number
        for number, decision in decided.items()
        if decision == Decision.REVIEW.value and number not in listed
    ]
    if forgotten or len(decided) < len(store.batches.application_ids(batch_id)):
        found.append(
            _of_batch(
                "applications without an outcome, or not in the queue: hedui run BATCH_DIR",
                "有申请没有结果或未进入队列，请重新运行 hedui run",
            )
        )
    return tuple(found)


def _of_batch(english: str, chinese: str) -> Waiting:
    return Waiting(student_number="", english=english, chinese=chinese)


def _batch_reasons(store: Store, batch_id: str) -> Iterator[tuple[str, str]]:
    run = store.runs.last_finished(batch_id)
    if run is not None and run.header.provisional:
        yield (
            "the deadline had not passed when it was decided: hedui run BATCH_DIR",
            "核对时截止时间未到，结果是暂定的；请在截止后重新运行 hedui run",
        )
    holder = store.leases.holder(f"batch:{batch_id}")
    if holder is not None:
        yield (
            f"it is being processed right now (process {holder.process_id})",
            "机器正在处理这个批次",
        )
    if run is None or run.header.content_digest != store.batches.content_digest(batch_id):
        yield (
            "its input changed since the last run: hedui run BATCH_DIR",
            "材料在上次运行之后有变化，请重新运行 hedui run",
        )


def seal_batch(
    store: Store, looking: Looking, batch_id: str, account: Account, confirm_returns: bool
) -> BatchOutcome:
    """Sign a batch off and return its final outcome.

    Raises `ConfigurationFault` where the account does not lead, the batch is sealed, anything waits
    (with the list), or returns stand unconfirmed.
    """
    if account.role is not Role.LEAD:
        raise ConfigurationFault(f"only a lead seals; {account.name} is {account.role.value}")
    store.batches.get(batch_id)
    if store.seals.get(batch_id) is not None:
        raise ConfigurationFault(f"batch {batch_id!r} is sealed already")
    looking.forget(batch_id)
    looking.basis(batch_id)
    outcome = store.load_outcome(batch_id)
    waiting = waiting_in(store, batch_id)
    if waiting:
        listed = "\n  ".join(item.english for item in waiting[:50])
        more = f"\n  and {len(waiting) - 50} more" if len(waiting) > 50 else ""
        raise ConfigurationFault(f"batch {batch_id!r} cannot be sealed yet:\n  {listed}{more}")
    returns = [row for row in outcome.rows if row.review_status == RETURNED_STATUS]
    if returns and not confirm_returns:
        raise ConfigurationFault(
            f"{len(returns)} application(s) are returned to their applicants; look at them in the"
            " report, then seal with --confirm-returns"
        )
    counts: dict[str, int] = {}
    for row in outcome.rows:
        counts[row.review_status] = counts.get(row.review_status, 0) + 1
    if not store.seals.set(batch_id, account.name, counts, outcome.event_head):
        raise ConfigurationFault("something was written about it meanwhile: look and seal again")
    looking.forget(batch_id)
    return store.load_outcome(batch_id)
