"""What is done with a verdict, a correction, a seal, before the store records it."""

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
from review.presenting import has_picture
from store import Store
from store.accounts import Account
from store.entries import NewEntry, Recorded


class NotPossible(ConfigurationFault):
    """What cannot be done as things stand; `chinese` says so to whoever looks at a page."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.chinese = chinese


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
        seen=seen_of(looked, wish),
        verdict=wish.verdict,
        reasons=wish.reasons,
        opinion="" if wish.verdict.passes else wish.opinion.strip() or opinion_of_wish(wish),
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
    return make_entry(looked, account, decision, wish)


def opinion_of_wish(wish: Wish) -> str:
    """Return the 审核意见 that follows from the numbered reasons of a wish."""
    known = tuple(key for key in wish.reasons if key in "12345679" and len(key) == 1)
    return opinion_for(wish.verdict, known)


def correct(
    store: Store, looked: Looked, account: Account, correction: Correction, wish: Wish
) -> Recorded:
    """Record another reading of the paper; looking again shows what the rules make of it."""
    decision = ReviewDecision(
        kind=DecisionKind.CORRECTION, seen=seen_of(looked, wish), correction=correction
    )
    return store.decisions.record(make_entry(looked, account, decision, wish))


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
        kind=DecisionKind.TYPING, seen=seen_of(looked, wish), typed=typed, correction=correction
    )
    return store.decisions.record(make_entry(looked, account, decision, wish))


def fields_to_type(looked: Looked) -> tuple[str, ...]:
    """Return the fields whose values are typed from the picture."""
    return tuple(
        row.field
        for row in looked.assessment.comparisons
        if row.field in TYPED_FIELDS and has_picture(row)
    )


def make_entry(looked: Looked, account: Account, decision: ReviewDecision, wish: Wish) -> NewEntry:
    """Return the entry of a decision about what was looked at."""
    return NewEntry(
        application_id=looked.case.application_id,
        account=account.name,
        role=account.role,
        revision=wish.revision,
        key=wish.key or secrets.token_hex(16),
        decision=decision,
    )


def seen_of(looked: Looked, wish: Wish) -> Seen:
    """Return what stood before a person, for the record."""
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

    Raises `NotPossible` where the account does not lead, the batch is sealed, anything waits (with
    the list), or returns stand unconfirmed.
    """
    if account.role is not Role.LEAD:
        raise NotPossible(
            f"only a lead seals; {account.name} is {account.role.value}", "由负责人签发。"
        )
    store.batches.get(batch_id)
    if store.seals.get(batch_id) is not None:
        raise NotPossible(f"batch {batch_id!r} is sealed already", "批次已签发。")
    looking.forget(batch_id)
    looking.basis(batch_id)
    outcome = store.load_outcome(batch_id)
    waiting = waiting_in(store, batch_id)
    if waiting:
        listed = "\n  ".join(item.english for item in waiting[:50])
        more = f"\n  and {len(waiting) - 50} more" if len(waiting) > 50 else ""
        raise NotPossible(
            f"batch {batch_id!r} cannot be sealed yet:\n  {listed}{more}",
            f"还有 {len(waiting)} 项未完成，见下方“签发”。",
        )
    returns = [row for row in outcome.rows if row.review_status == RETURNED_STATUS]
    if returns and not confirm_returns:
        raise NotPossible(
            f"{len(returns)} application(s) are returned to their applicants; look at them in the"
            " report, then seal with --confirm-returns",
            f"有 {len(returns)} 份退回，请查看后勾选确认。",
        )
    counts: dict[str, int] = {}
    for row in outcome.rows:
        counts[row.review_status] = counts.get(row.review_status, 0) + 1
    if not store.seals.set(batch_id, account.name, counts, outcome.event_head):
        raise NotPossible(
            "something was written about it meanwhile: look and seal again",
            "签发期间有新的决定，请查看后再签发。",
        )
    looking.forget(batch_id)
    return store.load_outcome(batch_id)
