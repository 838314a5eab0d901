"""The front page, the lead's page of a batch, and the seal."""

import datetime
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from domain.application import Batch
from domain.assessment import Decision
from domain.faults import ConfigurationFault
from domain.outcome import Alert
from domain.review import DecisionKind, Role, Round, Verdict
from domain.shares import upper_bound
from reports.outcome import renderers
from reports.summary import percent_text, share_of
from reports.wording import SHARED, reason_wording
from review.acting import NotPossible, seal_batch, waiting_in
from review.after import is_dealt_with
from review.site import DECIDING, Visit, page
from store import Store
from store.cases import Case
from store.entries import Entry, settled_verdict
from store.outcomes import check_sample
from store.seals import Seal

_DOWNLOADS = {
    "report.html": "text/html",
    "report.pdf": "application/pdf",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "results.csv": "text/csv",
    "notice.csv": "text/csv",
}
_LAST = 50
_TOP_REASONS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """One batch on the front page."""

    batch: Batch
    counts: dict[Round, int]
    waiting: int
    seal: Seal | None
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleError:
    """What people found among the machine's accepts that were drawn for them."""

    looked_at: int
    wrong: int
    upper: float | None
    is_widened: bool


@page()
def batches(visit: Visit) -> Response:
    """List the batches with what waits in each."""
    store = visit.site.store
    lines = []
    for batch_id in store.batches.ids():
        fault = ""
        try:
            visit.site.looking.basis(batch_id)
        except ConfigurationFault:
            fault = "机器部分尚未完成"
        lines.append(
            BatchLine(
                batch=store.batches.get(batch_id),
                counts=store.cases.counts(batch_id),
                waiting=store.cases.waiting_for(batch_id, visit.account.name, visit.account.role),
                seal=store.seals.get(batch_id),
                fault=fault,
            )
        )
    return visit.render("batches.html", lines=lines, rounds=Round, deciding=DECIDING)


@page()
def lead(visit: Visit) -> Response:
    """Show how a batch stands; the lead can seal it here."""
    return _lead_page(visit)


def _lead_page(visit: Visit, notice: str = "", status: int = 200) -> Response:
    batch_id, store = visit.path("batch"), visit.site.store
    batch, _ = visit.site.looking.basis(batch_id)
    cases = store.cases.of_batch(batch_id)
    entries = store.decisions.of_batch(batch_id)
    machine = store.runs.decision_of(batch_id)
    open_cases = [case for case in cases if case.round is not Round.SETTLED]
    accepts, returns = _final_counts(machine, entries)
    return visit.render(
        "lead.html",
        status,
        notice=notice,
        batch=batch,
        rate=_straight_through(machine),
        rounds=Round,
        counts=store.cases.counts(batch_id),
        total=len(cases),
        oldest=min((case.opened_at for case in open_cases), default=None),
        minutes=minutes_left(len(open_cases), entries),
        sample=sample_error(store.queues.is_widened(batch_id), cases, entries),
        people=_people(entries),
        returns=returns,
        accepts=accepts,
        waiting=waiting_in(store, batch_id),
        seal=store.seals.get(batch_id),
        is_lead=visit.account.role is Role.LEAD,
        reasons=_pareto(cases),
        alerts=_alerts(store, batch_id, cases, entries),
        shared=SHARED,
        downloads=tuple(_DOWNLOADS),
    )


def _alerts(
    store: Store,
    batch_id: str,
    cases: tuple[Case, ...],
    entries: Mapping[int, tuple[Entry, ...]],
) -> list[tuple[Alert, bool]]:
    """Return the alerts, each with whether something was done about it since."""
    known = {case.student_number: case for case in cases}
    lines = []
    for alert in store.runs.alerts(batch_id):
        case = known.get(alert.student_number)
        found = entries.get(case.application_id, ()) if case else ()
        lines.append((alert, is_dealt_with(case, found, alert.sequence)))
    return sorted(lines, key=lambda line: line[1])


def _straight_through(machine: Mapping[int, str]) -> str:
    counts = Counter(machine.values())
    processed = counts.total() - counts[Decision.WITHDRAWN.value]
    share = share_of(counts[Decision.ACCEPT.value], processed) if processed else None
    return percent_text(share)


def _final_counts(
    machine: Mapping[int, str], entries: Mapping[int, tuple[Entry, ...]]
) -> tuple[int, int]:
    """Return how many accepts the seal would pass, and how many applications are returned."""
    accepts = returns = 0
    for application_id, decision in machine.items():
        found = settled_verdict(entries.get(application_id, ()))
        if found is not None:
            returns += found[0].verdict is Verdict.REUPLOAD
        else:
            accepts += decision == Decision.ACCEPT.value
            returns += decision == Decision.RETURN.value
    return accepts, returns


def _pareto(cases: tuple[Case, ...]) -> list[tuple[str, int, str, str, int]]:
    """Return why people look, most frequent first: wording, items, share, cumulative share, and
    the bar's length in percent.
    """
    counts = Counter(code for case in cases for code in case.kind.split(";") if code)
    largest, total, so_far = max(counts.values(), default=1), counts.total(), 0
    rows = []
    for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        so_far += count
        share, cumulative = share_of(count, total), share_of(so_far, total)
        rows.append(
            (
                reason_wording(code),
                count,
                percent_text(share),
                percent_text(cumulative),
                round(100 * count / largest),
            )
        )
    return rows[:_TOP_REASONS]


def minutes_left(waiting: int, entries: dict[int, tuple[Entry, ...]]) -> int | None:
    """Return how long what waits will take, by the median of the last fifty verdicts."""
    spent = [
        (entry.id, entry.decision.seen.spent_ms)
        for found in entries.values()
        for entry in found
        if entry.kind is DecisionKind.VERDICT and entry.decision.seen.spent_ms
    ]
    if not spent:
        return None
    last = [milliseconds for _, milliseconds in sorted(spent)[-_LAST:]]
    return round(waiting * statistics.median(last) / 60_000 + 0.49)


def sample_error(
    is_widened: bool, cases: tuple[Case, ...], entries: dict[int, tuple[Entry, ...]]
) -> SampleError:
    """Return the measured error of the machine's accepts with its one-sided 95 % upper bound."""
    found = check_sample(cases, entries)
    upper = upper_bound(found.wrong, found.looked_at, 0.95) if found.looked_at else None
    return SampleError(
        looked_at=found.looked_at, wrong=found.wrong, upper=upper, is_widened=is_widened
    )


def _people(entries: dict[int, tuple[Entry, ...]]) -> list[tuple[str, int]]:
    counts = Counter(
        entry.account
        for found in entries.values()
        for entry in found
        if entry.kind is DecisionKind.VERDICT
    )
    return counts.most_common()


@page(frozenset({Role.LEAD}))
def seal(visit: Visit) -> Response:
    """Sign a batch off and write its reports."""
    batch_id, site = visit.path("batch"), visit.site
    if visit.text("batch_id", 100) != batch_id:
        return _lead_page(visit, "批次编号输入不一致，未签发。", 422)
    confirm = visit.text("confirm_returns") == "yes"
    try:
        seal_batch(site.store, site.looking, batch_id, visit.account, confirm)
    except ConfigurationFault as fault:
        why = fault.chinese if isinstance(fault, NotPossible) else "请先重新运行机器核对。"
        return _lead_page(visit, f"未签发：{why}", 422)
    unwritten = visit.write_reports(batch_id, "已签发，签发有效")
    return unwritten or RedirectResponse(f"/batches/{batch_id}/lead", status_code=303)


@page(frozenset({Role.LEAD, Role.AUDITOR}))
def download(visit: Visit) -> Response:
    """Send a report as it stands now."""
    name = visit.path("name")
    if name not in _DOWNLOADS:
        return visit.message("没有这个文件", "请从批次页面下载。", 404)
    outcome = visit.site.store.load_outcome(visit.path("batch"))
    content = renderers(outcome)[name]()
    at = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M")
    file_name = f"{outcome.batch.id}-{at}-{name}"
    return Response(
        content,
        media_type=_DOWNLOADS[name],
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )
