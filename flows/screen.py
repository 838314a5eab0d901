"""What the command line prints: short tables, no names, no identity numbers."""

import datetime
import json
import re
from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.assessment import FieldComparison
from domain.certificates import FieldName
from domain.outcome import ApplicationOutcome
from domain.policy import Policy
from flows.doctor import Check
from flows.policies import text_of
from flows.running import RunResult
from flows.scoring import Score
from flows.status import BatchStatus
from reports.cells import display_text
from reports.summary import percent_text, summarize
from reports.wording import reason_wording
from store.events import Event

_TOP_REASONS = 8
_TOLD = (
    *("version", "before", "decision", "reason_codes", "stage", "error", "provisional"),
    *("use", "other_batch", "other_student"),
    *("verdict", "reasons", "round_after", "via", "second"),
)
_HIDDEN_FIELDS = frozenset({FieldName.NAME.value, "姓名", "姓名拼音"})
_MASKED_FIELDS = frozenset({FieldName.ID_NUMBER.value, "证件号码", "手机号"})
# An ID number, also one written with spaces or hyphens; numbers of papers are shorter.
_LONG_NUMBER = re.compile(r"[0-9]{6}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{3}[0-9Xx]")
_BEIJING = datetime.timezone(datetime.timedelta(hours=8))


def plain_table(*headers: str) -> Table:
    """Return an empty table without frames, as every command prints it."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, header in enumerate(headers):
        # What stands first names the row: it is never broken.
        table.add_column(header, overflow="fold", no_wrap=position == 0)
    return table


def print_result(console: Console, result: RunResult, score: Score | None) -> None:
    """Print what a run came to: counts, rate, reasons, seconds, the truth, the paths to open."""
    summary = summarize(result.outcome)
    counts = summary.decisions
    table = plain_table(f"batch {result.outcome.batch.id}", "")
    for word, number in (
        ("applications", counts.total),
        ("accept", counts.accept),
        ("review", counts.review),
        ("return", counts.returned),
        ("withdrawn", counts.withdrawn),
    ):
        table.add_row(word, str(number))
    table.add_row("straight-through rate", percent_text(counts.straight_through_rate))
    if summary.machine_failed:
        table.add_row("of the reviews: machine failed", str(summary.machine_failed))
    if summary.orphan_folders:
        table.add_row("upload folders without an application", str(summary.orphan_folders))
    seconds = sum(spent for _, spent in result.seconds)
    parts = ", ".join(f"{stage} {spent:.1f}" for stage, spent in result.seconds)
    table.add_row("seconds", f"{seconds:.1f} ({parts})")
    table.add_row("files read", str(result.files_read))
    console.print(table)
    if summary.reasons:
        reasons = plain_table("applications", "reason", "")
        for reason in summary.reasons[:_TOP_REASONS]:
            reasons.add_row(str(reason.applications), reason.rule_id, reason.wording)
        console.print(reasons)
    if result.told_batches:
        told = escape(", ".join(result.told_batches))
        console.print(f"also flagged in earlier batches: {told}", style="yellow")
    if result.outcome.alerts:
        console.print(
            f"ALERT for the lead: {len(result.outcome.alerts)} use(s) of sealed results;"
            " see the report",
            style="bold red",
        )
    if result.outcome.provisional:
        deadline = result.outcome.batch.deadline.isoformat()
        console.print(f"PROVISIONAL: the deadline ({deadline}) has not passed", style="yellow")
    if score is not None:
        _print_score(console, score)
    console.print(f"outcome: {escape(str(result.folder))}", soft_wrap=True, highlight=False)
    for name in ("report.html", "report.xlsx", "report.pdf", "review.xlsx", "results.csv"):
        if (result.folder / name).exists():
            path = escape(str(result.folder / name))
            console.print(f"  {path}", soft_wrap=True, highlight=False)


def _print_score(console: Console, score: Score) -> None:
    rate = Decimal(score.honest_accepted) / score.honest if score.honest else None
    table = plain_table("against the truth", "")
    table.add_row(
        "honest applications accepted",
        f"{score.honest_accepted} of {score.honest} ({percent_text(rate)})",
    )
    table.add_row("false accepts", str(len(score.false_accepts)))
    table.add_row("other unexpected outcomes", str(len(score.unexpected)))
    if score.unlabelled:
        table.add_row("without a line in the truth", str(len(score.unlabelled)))
    console.print(table)
    if score.false_accepts:
        numbers = ", ".join(score.false_accepts)
        console.print(f"ACCEPTED AGAINST THE TRUTH: {escape(numbers)}", style="bold red")


def print_status(console: Console, statuses: Sequence[BatchStatus]) -> None:
    """Print a line per batch."""
    columns = ("batch", "kind", "deadline", "state", "applications", "outcomes", "alerts")
    table = plain_table(*columns)
    for status in statuses:
        counts = ", ".join(f"{word} {number}" for word, number in status.decisions)
        table.add_row(
            status.batch.id,
            status.batch.kind.value,
            status.batch.deadline.isoformat(),
            status.state,
            str(status.applications),
            counts or "-",
            str(status.alerts) if status.alerts else "-",
        )
    console.print(table)


def print_application(
    console: Console, row: ApplicationOutcome, timeline: Sequence[Event], policy: Policy
) -> None:
    """Print one application: decision, reasons, evidence, timeline; names stay hidden.

    `policy` is the one that decided it.
    """
    assessment, name = row.assessment, row.submission.application.name
    head = plain_table(f"学号 {escape(row.student_number)}", "")
    head.add_row("decision", assessment.decision.value)
    head.add_row("审核状态", row.review_status)
    head.add_row("certificate", assessment.certificate_type.value)
    head.add_row("version", str(row.case_version))
    head.add_row("decided by", ", ".join(row.decided_by))
    if any(event.kind == "materials-deleted" for event in timeline):
        head.add_row("working copies", "deleted; the originals are in the archive package")
    head.add_row("policy", f"{policy.institution} {policy.digest[:12]}")
    head.add_row("calibration", f"{policy.calibration.name} {policy.calibration.digest[:12]}")
    console.print(head)
    evidence = plain_table("field", "declared", "extracted", "agreement", "conf.", "where")
    for item in assessment.comparisons:
        shown = [_shown(item, value, name) for value in (item.declared, item.extracted)]
        confidence = "" if item.confidence is None else f"{item.confidence:.3f}"
        evidence.add_row(item.field, *shown, item.agreement.value, confidence, _place(row, item))
    console.print(evidence)
    findings = plain_table("finding", "severity", "field", "")
    for finding in assessment.findings:
        wording = reason_wording(finding.rule_id)
        findings.add_row(finding.rule_id, finding.severity.value, finding.field, wording)
    console.print(findings)
    events = plain_table("#", "time (UTC+8)", "who", "what", "")
    for event in timeline:
        at = datetime.datetime.fromisoformat(event.instant).astimezone(_BEIJING)
        when = at.strftime("%Y-%m-%d %H:%M:%S")
        events.add_row(
            str(event.sequence), when, escape(event.actor), event.kind, escape(_news(event))
        )
    console.print(events)


def _news(event: Event) -> str:
    """Return what an event tells a reader: digests and versions stay in the log."""
    payload = json.loads(event.payload)
    told = {key: payload[key] for key in _TOLD if payload.get(key)}
    return ", ".join(
        f"{key} {';'.join(value) if isinstance(value, list) else value}"
        for key, value in told.items()
    )


def _shown(item: FieldComparison, value: str, name: str) -> str:
    """Return a value for the screen; people also type names and ID numbers into other cells."""
    if item.field in _HIDDEN_FIELDS or (name.strip() and name.strip() in value):
        return "(hidden)" if value else ""
    if item.field in _MASKED_FIELDS and value:
        return escape(_masked(value))
    masked = _LONG_NUMBER.sub(lambda found: _masked(found.group()), value)
    return escape(display_text(masked))


def _masked(value: str) -> str:
    return display_text(f"{value[:3]}***{value[-4:]}" if len(value) > 8 else "***")


def _place(row: ApplicationOutcome, item: FieldComparison) -> str:
    if item.evidence is None:
        return ""
    # A file's name can hold the applicant's: the position among the uploads says enough.
    digests = [digest for digest, _ in row.paths]
    number = digests.index(item.evidence.file_digest) + 1
    return f"file {number} page {item.evidence.page_number}"


def print_checks(console: Console, checks: Sequence[Check]) -> None:
    """Print what the doctor found."""
    table = plain_table("", "looked at", "found", "what to do")
    for check in checks:
        mark = "ok" if check.ok else "MISSING"
        remedy = "" if check.ok else check.remedy
        table.add_row(mark, escape(check.subject), escape(check.found), escape(remedy))
    console.print(table)


def print_policy(console: Console, policy: Policy) -> None:
    """Print a policy's effective values."""
    table = plain_table(f"policy {policy.institution}", "")
    for section, values in policy.as_dict().items():
        if isinstance(values, dict):
            for name, value in values.items():
                table.add_row(f"{section}.{name}", escape(text_of(value)))
    table.add_row("digest", policy.digest)
    console.print(table)
