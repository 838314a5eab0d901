"""An applicant on the phone: finding applications by 学号 and telling what happened to one."""

import datetime
import json
import secrets
import unicodedata
from dataclasses import dataclass

from starlette.responses import Response

from domain.assessment import Decision
from domain.outcome import PASSED_STATUS, REFUSED_STATUS, ApplicationOutcome, opinion_of
from domain.review import REASONS, DecisionKind, Role, Round, Verdict
from reports.section import local_time
from reports.tables import ordered_comparisons
from reports.wording import AGREEMENTS, DECISIONS, SHARED, field_wording, reason_wording
from review.degree_items import masked
from review.presenting import hide_person, mask
from review.site import DECIDING, Visit, page
from store.audit import Audit
from store.entries import Entry
from store.events import Event
from store.retention import copies_deleted

_EVENTS = {
    "application-added": "收到申请",
    "input-changed": "申请或文件有更新",
    "application-vanished": "申请已不在导出表中",
    "application-reappeared": "申请重新出现在导出表中",
    "decided": "机器核对",
    "machine-failed": "机器处理失败",
    "personal-data-revealed": "查看完整个人信息",
    "sample-error": "抽查发现问题",
    "review-verdict": "人工决定",
    "review-correction": "更正识别",
    "review-typing": "盲录",
    "review-undo": "撤回决定",
    "review-appeal": "登记复核",
    "review-reversal": "签发后更正",
    "review-reopening": "重新打开",
    "reversal-confirmed": "第二人确认更正",
    "sealed-result-used": "结果已定之后又被使用",
    "uses-sealed-result": "使用了已定的结果",
    "batch-registered": "登记批次",
    "batch-changed": "批次信息有变化",
    "batch-sealed": "签发批次",
    "file-read": "读取文件",
    "queue-made": "生成审核队列",
    "run-started": "机器开始运行",
    "run-finished": "机器运行完成",
    "sign-in-failed": "登录失败",
    "user-added": "新增账号",
    "user-disabled": "停用账号",
    "user-enabled": "启用账号",
    "user-password-changed": "重设密码",
    "user-role-changed": "变更角色",
    "user-signed-in": "登录",
}
_MOST_FOUND = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a timeline."""

    at: str
    who: str
    what: str
    detail: str


@page()
def find(visit: Visit) -> Response:
    """List the applications whose 学号 begins with what was typed, or with that identity number."""
    wanted = visit.text("q", 40).strip()
    found = visit.site.store.batches.search(wanted, _MOST_FOUND) if wanted else ()
    return visit.render("find.html", wanted=wanted, found=found)


@page()
def application(visit: Visit) -> Response:
    """Show one application: status, evidence, reasons, who decided, and everything before."""
    batch_id, number = visit.path("batch"), visit.path("student")
    store = visit.site.store
    store.batches.find(batch_id, number)
    row = store.load_application(batch_id, number)
    entries = {entry.event_sequence: entry for entry in store.decisions.of_student(number)}
    case = store.cases.find(batch_id, number)
    # Whoever decides second sees neither the first verdict nor what was read or typed.
    hidden = case is not None and case.round is Round.SECOND and visit.account.role in DECIDING
    # What is to be typed from the picture is not looked up here first.
    unseen = (
        case is not None
        and case.is_blind
        and case.round in (Round.OPEN, Round.SECOND)
        and visit.account.role in DECIDING
    )
    may_open = visit.account.role in (Role.SECOND, Role.LEAD)
    sealed, person = store.seals.get(batch_id), row.submission.application
    settled = row.settled is not None and case is not None and case.round is Round.SETTLED
    leads = visit.account.role is Role.LEAD
    return visit.render(
        "application.html",
        batch=store.batches.get(batch_id),
        sealed=sealed,
        row=row,
        name=mask(person.name, 1, 0),
        opinion=hide_person(opinion_of(row), person),
        files=[
            (
                hide_person(unicodedata.normalize("NFC", upload.path), person),
                upload.size_bytes,
                [reason_wording(code) for code in upload.rejections],
            )
            for upload in row.submission.uploads
        ],
        deleted=copies_deleted(
            store, batch_id, number, (upload.digest for upload in row.submission.uploads)
        ),
        decision=DECISIONS[row.assessment.decision],
        rows=[
            (
                field_wording(item.field),
                masked(item.field, item.declared),
                masked(item.field, item.extracted),
                AGREEMENTS[item.agreement],
            )
            for item in (() if unseen else ordered_comparisons(row))
        ],
        unseen=unseen,
        reasons=[reason_wording(code) for code in (() if unseen else row.assessment.reason_codes)],
        lines=[
            _line(event, {} if hidden else entries, unseen)
            for event in store.events.of_application(batch_id, number)
        ],
        case=case,
        can_decide=case is not None and visit.account.role in DECIDING,
        can_appeal=may_open and _is_refused(row),
        can_reopen=leads and sealed is None and settled,
        can_reverse=leads and sealed is not None and row.assessment.decision.value != "withdrawn",
        reversals=_reversals(row),
        key=secrets.token_hex(16),
        all_reasons=REASONS,
        others=[item for item in store.batches.search(number, 20) if item.batch_id != batch_id],
    )


def _reversals(row: ApplicationOutcome) -> tuple[Verdict, ...]:
    """Return what a sealed result may become, the opposite first."""
    to_pass = row.review_status != PASSED_STATUS
    return (Verdict.PASS, Verdict.REFUSE) if to_pass else (Verdict.REFUSE, Verdict.REUPLOAD)


_ACTORS = {"machine": "机器", "command": "命令行"}


def _is_refused(row: ApplicationOutcome) -> bool:
    return row.review_status == REFUSED_STATUS


def _line(event: Event, entries: dict[int, Entry], unseen: bool) -> Line:
    payload = json.loads(event.payload)
    detail = ""
    entry = entries.get(event.sequence)
    if event.kind == "decided" and not unseen:
        words = [reason_wording(code) for code in payload.get("reason_codes", [])]
        detail = "；".join((DECISIONS[Decision(payload["decision"])], *words))
    elif entry is not None:
        detail = _entry_detail(entry)
    elif "use" in payload:
        use = SHARED.get(payload["use"], payload["use"])
        detail = f"{payload['other_batch']} 的 {payload['other_student']}：{use}"
    return _plain_line(event, detail)


def _plain_line(event: Event, detail: str = "") -> Line:
    return Line(
        at=local_time(datetime.datetime.fromisoformat(event.instant)),
        who=_ACTORS.get(event.actor, event.actor),
        what=_EVENTS.get(event.kind, event.kind),
        detail=detail,
    )


def _entry_detail(entry: Entry) -> str:
    decision = entry.decision
    parts = [decision.verdict.chinese_name] if decision.verdict else []
    if decision.opinion:
        parts.append(f"意见：{decision.opinion.rstrip('。')}")
    if decision.note:
        parts.append(f"备注：{decision.note}")
    if entry.kind is DecisionKind.CORRECTION and decision.correction:
        fields = [field_wording(name) for name, _ in decision.correction.values]
        parts.append("、".join(fields))
    if decision.second_account:
        parts.append(f"共同决定：{decision.second_account}")
    if entry.kind is DecisionKind.VERDICT and entry.round_after is not Round.SETTLED:
        parts.append("待另一人决定")
    return "；".join(parts)


@page(frozenset({Role.LEAD, Role.AUDITOR}))
def audit(visit: Visit) -> Response:
    """Show the event log's end, and whether the whole record holds."""
    record = Audit(visit.site.store.database)
    checked = visit.text("check") == "1"
    fault = record.verify() if checked else None
    return visit.render(
        "audit.html",
        head=visit.site.store.events.head(),
        events=[(event, _plain_line(event)) for event in visit.site.store.events.last(100)],
        checked=checked,
        fault=fault,
    )


@page()
def help_page(visit: Visit) -> Response:
    """Explain the keys."""
    return visit.render("help.html")
