"""The page of one item: looking at it, deciding it, going on to the next."""

from starlette.background import BackgroundTasks
from starlette.responses import Response

from domain.application import BatchKind
from domain.certificates import ACCEPTED_TYPES
from domain.review import (
    Correction,
    Round,
    Verdict,
)
from review.acting import VerdictRefused, Wish, correct, entry_for, fields_to_type, type_values
from review.gate import Evidence
from review.item_page import EDITABLE, MASKED, show
from review.item_pictures import case_of
from review.looking import Looked
from review.shelf import PageSlot
from review.site import DECIDING, Visit, page, refusal_text
from store.cases import Case
from store.entries import Refused
from store.events import NewEvent

AHEAD = 2
REVEAL_SECONDS = 10
_CODES = {
    "evidence-not-seen": "证据图片尚未显示满 0.4 秒，请看清后再按“通过”。",
    "values-missing": "还有项目没有录入，请按 e 照图片录入后再通过。",
    "declaration-differs": "申报与证书不一致：如证书真实、仅申报有笔误，请选“通过并更正”。",
    "nothing-to-correct": "申报与证书没有不一致的项目，请直接“通过”。",
    "reason-missing": "请选择不通过的原因。",
    "reason-unknown": "没有这个原因编号。",
    "note-missing": "原因为“其他”时，请在备注中写明。",
    "typing-missing": "请先照图片输入编号和成绩。",
}


@page(DECIDING)
def work(visit: Visit) -> Response:
    """Show the next item of a batch on a page of its own."""
    batch_id = visit.path("batch")
    visit.site.looking.basis(batch_id)
    taken = _take(visit, batch_id)
    return show(visit, taken[0] if taken else None, taken[1:], batch_id)


@page()
def item(visit: Visit) -> Response:
    """Show one item, leased to whoever may decide it unless somebody else holds it."""
    case = case_of(visit)
    held: Case | None = case
    if visit.account.role in DECIDING and case.round is not Round.SETTLED:
        held = visit.site.store.cases.hold(case.application_id, visit.account.name)
    return show(visit, held, (), case.batch_id)


@page(DECIDING)
def after(visit: Visit) -> Response:
    """Leave an item undecided and show the one behind it."""
    case = case_of(visit)
    visit.site.store.cases.release(visit.account.name, case.application_id)
    taken = _take(visit, case.batch_id, case.place)
    return show(visit, taken[0] if taken else None, taken[1:], case.batch_id)


@page(DECIDING)
def take_over(visit: Visit) -> Response:
    """Take an item whose lease has expired."""
    case = case_of(visit)
    held = visit.site.store.cases.hold(case.application_id, visit.account.name, take_over=True)
    return show(visit, held, (), case.batch_id)


@page(DECIDING)
def later(visit: Visit) -> Response:
    """Put an item at the end of the queue and show the next."""
    case = case_of(visit)
    visit.site.store.cases.put_later(case.application_id, visit.account.name)
    taken = _take(visit, case.batch_id)
    return show(visit, taken[0] if taken else None, taken[1:], case.batch_id)


@page(DECIDING)
def renew(visit: Visit) -> Response:
    """Renew the lease of an item that is being looked at."""
    case = case_of(visit)
    visit.site.store.cases.renew([case.application_id], visit.account.name)
    return Response(status_code=204)


@page(DECIDING)
def verdict(visit: Visit) -> Response:
    """Record a verdict and show the next item; nothing is recorded where it does not hold."""
    case = case_of(visit)
    looked = visit.site.looking.look(case, visit.account.name)
    try:
        wish = _wish(visit, case)
        entry = entry_for(looked, visit.account, wish)
        recorded = visit.site.store.decisions.record(entry)
    except VerdictRefused as refused:
        codes = [code for code in refused.codes if code in _CODES] or list(refused.codes)
        notice = _CODES.get(codes[0], "无法保存。")
        return show(visit, case, (), case.batch_id, notice=notice, status=422)
    except Refused as refused:
        return _conflict(visit, case, refused)
    done = f"已记录：{looked.case.student_number} {wish.verdict.chinese_name}"
    if not visit.site.looking.is_sealed(case.batch_id):
        done += "（按 u 撤回）"
    taken = _take(visit, case.batch_id)
    answer = show(visit, taken[0] if taken else None, taken[1:], case.batch_id, done=done)
    if recorded.widened:
        # More samples are drawn: of a large batch that takes seconds, and nobody waits for it.
        tasks = BackgroundTasks([answer.background] if answer.background else [])
        tasks.add_task(visit.site.looking.renew, case.batch_id)
        answer.background = tasks
    return answer


@page(DECIDING)
def correction(visit: Visit) -> Response:
    """Record another reading of the paper; the rules run again at once."""
    case = case_of(visit)
    looked = visit.site.looking.look(case, visit.account.name)
    if looked.is_blind:
        return show(visit, case, (), case.batch_id, notice=_CODES["typing-missing"], status=422)
    place = None if looked.batch.kind is BatchKind.DEGREE else _paper_place(visit, looked)
    if place is None:
        return show(visit, case, (), case.batch_id, notice="没有可录入的页面。", status=422)
    read = {row.field: row.extracted.strip() for row in looked.assessment.comparisons}
    given = [(field.value, visit.text(field.value, 100).strip()) for field in EDITABLE]
    values = tuple(
        (name, text)
        for name, text in given
        if text != read.get(name, "") and (text or name not in MASKED)
    )
    kind = visit.text("certificate_type", 40)
    kind = kind if kind in {item.value for item in ACCEPTED_TYPES} else ""
    if kind == looked.assessment.certificate_type.value:
        kind = ""
    if not values and not kind:
        return show(visit, case, (), case.batch_id, notice="没有改动任何项目。")
    new = Correction(
        file_digest=place[0], page_number=place[1], values=values, certificate_type=kind
    )
    try:
        correct(visit.site.store, looked, visit.account, new, _plain_wish(visit))
    except Refused as refused:
        return _conflict(visit, case, refused)
    return show(visit, case_of(visit), (), case.batch_id, notice="已按您的录入重新核对。")


@page(DECIDING)
def typing(visit: Visit) -> Response:
    """Record what was typed unseen; then the item is shown in full."""
    case = case_of(visit)
    looked = visit.site.looking.look(case, visit.account.name)
    typed = tuple((name, visit.text(name, 100).strip()) for name in fields_to_type(looked))
    if not all(text for _, text in typed):
        notice = "请把每一项都照图片输入；看不清请按 i。"
        return show(visit, case, (), case.batch_id, notice=notice, status=422)
    try:
        type_values(visit.site.store, looked, visit.account, typed, _plain_wish(visit))
    except Refused as refused:
        return _conflict(visit, case, refused)
    return show(visit, case_of(visit), (), case.batch_id)


@page(DECIDING)
def undo(visit: Visit) -> Response:
    """Take back the account's last verdict in a batch and show that item again."""
    batch_id = visit.path("batch")
    try:
        case = visit.site.store.decisions.undo(
            batch_id, visit.account.name, visit.account.role, visit.text("key", 64)
        )
    except Refused as refused:
        current = visit.site.store.cases.get(visit.number("application"))
        notice = refusal_text(refused.code)
        return show(visit, current, (), batch_id, notice=notice, status=409)
    return show(visit, case, (), batch_id, done=f"已撤回：{case.student_number}，请重新决定。")


@page(DECIDING)
def reveal(visit: Visit) -> Response:
    """Show name and number in full for ten seconds, and record that."""
    case = case_of(visit)
    store = visit.site.store
    store.events.append(
        NewEvent(
            kind="personal-data-revealed",
            batch_id=case.batch_id,
            student_number=case.student_number,
            payload={"application_id": case.application_id},
            actor=visit.account.name,
        )
    )
    visit.site.gate.reveal(visit.session.id, case.application_id, REVEAL_SECONDS + 2)
    return show(visit, case, (), case.batch_id, reveal=True)


def _take(visit: Visit, batch_id: str, behind: int | None = None) -> tuple[Case, ...]:
    return visit.site.store.cases.take(
        batch_id, visit.account.name, visit.account.role, 1 + AHEAD, behind
    )


def _wish(visit: Visit, case: Case) -> Wish:
    try:
        wanted = Verdict(visit.text("verdict", 20))
    except ValueError:
        raise VerdictRefused(("verdict-missing",)) from None
    revision, shown_ms = visit.number("revision"), visit.number("shown_ms")
    evidence: Evidence = visit.site.gate.evidence(
        visit.session.id, case.application_id, revision, shown_ms
    )
    return Wish(
        verdict=wanted,
        reasons=tuple(dict.fromkeys(key for key in visit.text("reasons", 20).split(",") if key)),
        opinion=visit.text("opinion", 500),
        note=visit.text("note", 500),
        key=visit.text("key", 64),
        revision=revision,
        evidence_shown=evidence.is_enough,
        pictures=evidence.pictures,
        shown_ms=shown_ms,
        spent_ms=visit.number("spent_ms"),
        keys=tuple(visit.text("keys", 400).split()),
    )


def _plain_wish(visit: Visit) -> Wish:
    return Wish(
        verdict=Verdict.PASS,
        key=visit.text("key", 64),
        revision=visit.number("revision"),
        shown_ms=visit.number("shown_ms"),
        spent_ms=visit.number("spent_ms"),
        keys=tuple(visit.text("keys", 400).split()),
    )


def _paper_place(visit: Visit, looked: Looked) -> tuple[str, int] | None:
    if looked.paper is not None:
        return looked.paper
    slots: tuple[PageSlot, ...] = visit.site.shelf.pages(looked)
    named = visit.text("page_slot", 20)
    chosen = next((s for s in slots if f"{s.file}-{s.page_number}" == named), None)
    chosen = chosen or (slots[0] if slots else None)
    return (chosen.digest, chosen.page_number) if chosen else None


def _conflict(visit: Visit, seen: Case, refused: Refused) -> Response:
    """Show the item as it stands now, and what happened to it meanwhile."""
    current = visit.site.store.cases.get(seen.application_id)
    lines = []
    for entry in visit.site.store.decisions.of_application(seen.application_id)[-3:]:
        open_still = current is not None and current.round is not Round.SETTLED
        said = "作出决定" if open_still or entry.decision.verdict is None else (
            f"决定“{entry.decision.verdict.chinese_name}”"
        )  # fmt: skip
        when = visit.site.templates.filters["moment"](entry.created_at)
        lines.append(f"{when} {entry.account} {said}")
    if refused.code == "held" and current is not None:
        lines.append(f"现由 {current.leased_by} 处理")
    notice = refusal_text(refused.code) + "；".join(lines)
    return show(visit, current, (), seen.batch_id, notice=notice, status=409)
