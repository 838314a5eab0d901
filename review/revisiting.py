"""What can still be done about a settled item: a 复核, opening it again, a reversal."""

import datetime
import secrets

from domain.assessment import Decision
from domain.review import DecisionKind, ReviewDecision, Role, Round, Verdict, accepted_values
from review.acting import NotPossible, Wish, make_entry, opinion_of_wish, seen_of
from review.looking import Looked, Looking
from store import Store
from store.accounts import Account
from store.entries import NewEntry, settled_verdict


def open_appeal(
    store: Store, looking: Looking, batch_id: str, student_number: str, account: Account
) -> datetime.datetime:
    """Open a 复核 of a refusal; return until when it has to be answered.

    Raises `NotPossible` where there is no refusal, one is open already, or the time for asking has
    passed. Source: 学位法 §40-41, the days are policy.
    """
    if account.role not in (Role.SECOND, Role.LEAD):
        raise NotPossible(
            "a 复核 is opened by a second reviewer or the lead", "复核由复核员或负责人登记。"
        )
    case = store.cases.find(batch_id, student_number)
    entries = store.decisions.of_application(case.application_id) if case else ()
    found = settled_verdict(entries)
    if case is None or found is None or found[0].verdict is not Verdict.REFUSE:
        raise NotPossible(
            f"{student_number} was not refused: there is nothing to appeal",
            "这份申请不是“不通过”，不能登记复核。",
        )
    if case.round is not Round.SETTLED:
        raise NotPossible(f"{student_number} is being decided already", "这份申请正在审核中。")
    _, run = looking.basis(batch_id)
    days = datetime.timedelta(days=run.header.policy.review.appeal_days)
    now = datetime.datetime.now(datetime.UTC)
    if now > found[1].created_at + days:
        raise NotPossible(
            f"the {days.days} days for asking for a 复核 have passed",
            f"申请复核的 {days.days} 天期限已过。",
        )
    due = now + days
    decision = ReviewDecision(
        kind=DecisionKind.APPEAL, seen=seen_of(looking.look(case, account.name), _NO_WISH)
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


def reopen(
    store: Store, looking: Looking, batch_id: str, student_number: str, lead: Account, note: str
) -> None:
    """Have a settled item looked at again, by a person who did not decide it, before the seal.

    What they see is what the machine says now; if they come to another result the lead settles it.
    Raises `NotPossible` where people settled nothing, a note is missing, or the batch is sealed.
    """
    if lead.role is not Role.LEAD:
        raise NotPossible("a settled item is opened again by the lead", "由负责人重新打开。")
    if store.seals.get(batch_id) is not None:
        raise NotPossible(
            f"batch {batch_id!r} is sealed: hedui reverse", "批次已签发，请登记更正。"
        )
    if not note.strip():
        raise NotPossible("a note says why it is opened again", "请写明重新审核的原因。")
    case = store.cases.find(batch_id, student_number)
    entries = store.decisions.of_application(case.application_id) if case else ()
    if case is None or case.round is not Round.SETTLED or settled_verdict(entries) is None:
        raise NotPossible(f"{student_number} is not settled", "这份申请还没有人工决定。")
    latest = store.runs.latest_ids(batch_id)[case.application_id]
    machine = store.runs.assessment(latest)
    seen = seen_of(looking.look(case, lead.name), _NO_WISH)
    decision = ReviewDecision(kind=DecisionKind.REOPENING, seen=seen, note=note.strip())
    entry = NewEntry(
        application_id=case.application_id,
        account=lead.name,
        role=lead.role,
        revision=case.revision,
        key=secrets.token_hex(16),
        decision=decision,
    )
    store.decisions.reopen(entry, latest, ";".join(machine.reason_codes))


def reverse(
    store: Store,
    looking: Looking,
    batch_id: str,
    student_number: str,
    people: tuple[Account, Account],
    wish: Wish | None,
) -> Verdict:
    """Append a reversing entry after sealing; return the verdict that counts from now on.

    Without a wish a pass becomes a refusal and anything else a pass. Raises `NotPossible` where
    the batch is not sealed, the two are one person, or neither leads.
    """
    first, second = people
    if first.name == second.name:
        raise NotPossible(
            "a reversal takes two people: --by and --second are the same", "更正须由两个人登记。"
        )
    if Role.LEAD not in (first.role, second.role) or Role.AUDITOR in (first.role, second.role):
        raise NotPossible(
            "a reversal takes the lead and another person who decides; see: hedui user list",
            "更正须由负责人和另一位审核人员登记。",
        )
    if store.seals.get(batch_id) is None:
        raise NotPossible(
            f"batch {batch_id!r} is not sealed: decide again in the pages (hedui review)",
            "批次尚未签发，请在页面上重新审核。",
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
        seen=seen_of(looked, wish),
        verdict=wish.verdict,
        reasons=wish.reasons,
        opinion="" if passes else wish.opinion or opinion_of_wish(wish),
        note=wish.note,
        accepted_number=number,
        accepted_score=score,
        second_account=second.name,
    )
    store.decisions.append(make_entry(looked, first, decision, wish), Round.SETTLED)
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
