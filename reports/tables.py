"""The CSV files of the outcome folder, exactly as the contract words them (section 3)."""

import csv
import io
from collections.abc import Iterable, Iterator

from domain.assessment import FieldComparison
from domain.certificates import CHECKED_FIELDS, PART_FIELDS
from domain.finding import Finding
from domain.outcome import ApplicationOutcome, BatchOutcome, opinion_of, qualification_of
from reports.cells import csv_cell

RESULTS_COLUMNS = (
    "学号",
    "姓名",
    "申请状态",
    "申请条件是否达标",
    "审核状态",
    "审核意见",
    "合格状态",
    "decision",
    "decided_by",
    "reason_codes",
    "certificate_type",
    "accepted_number",
    "accepted_score",
)
FIELDS_COLUMNS = (
    "学号",
    "field",
    "declared",
    "extracted",
    "agreement",
    "confidence",
    "file",
    "page",
    "left",
    "top",
    "right",
    "bottom",
)
FINDINGS_COLUMNS = ("学号", "rule_id", "severity", "field", "declared", "extracted", "message")
NOTICE_COLUMNS = ("学号", "审核状态", "审核意见", "合格状态")
TIMING_COLUMNS = ("学号", "stage", "seconds")

Row = tuple[str, ...]

_FIELD_ORDER = {field.value: place for place, field in enumerate(CHECKED_FIELDS + PART_FIELDS)}


def render_csv(columns: Row, rows: Iterable[Row]) -> bytes:
    """Return a table as bytes: UTF-8 with BOM, RFC 4180, every cell made safe."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(tuple(csv_cell(cell) for cell in row) for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def sorted_rows(outcome: BatchOutcome) -> list[ApplicationOutcome]:
    """Return the applications by 学号, in the order of code points."""
    return sorted(outcome.rows, key=lambda row: row.student_number)


def results_rows(outcome: BatchOutcome) -> Iterator[Row]:
    """Yield the rows of results.csv."""
    for row in sorted_rows(outcome):
        application, assessment = row.submission.application, row.assessment
        yield (
            row.student_number,
            application.name,
            application.get("申请状态"),
            application.get("申请条件是否达标"),
            row.review_status,
            opinion_of(row),
            qualification_of(row),
            assessment.decision.value,
            ";".join(row.decided_by),
            ";".join(assessment.reason_codes),
            assessment.certificate_type.value,
            *accepted_values(row),
        )


def fields_rows(outcome: BatchOutcome) -> Iterator[Row]:
    """Yield the rows of fields.csv: the contract's fields in its order, then other columns."""
    for row in sorted_rows(outcome):
        for comparison in ordered_comparisons(row):
            yield (
                row.student_number,
                comparison.field,
                comparison.declared,
                comparison.extracted.strip(),
                comparison.agreement.value,
                confidence_text(comparison.confidence),
                *_place(row, comparison),
            )


def ordered_comparisons(row: ApplicationOutcome) -> list[FieldComparison]:
    """Return an application's comparisons in the contract's order of fields."""
    return sorted(
        row.assessment.comparisons,
        key=lambda comparison: _FIELD_ORDER.get(comparison.field, len(_FIELD_ORDER)),
    )


def findings_rows(outcome: BatchOutcome) -> Iterator[Row]:
    """Yield the rows of findings.csv; a folder without application stands under its name."""
    owned: list[tuple[str, Finding]] = list(outcome.orphan_findings)
    for row in outcome.rows:
        owned += [(row.student_number, finding) for finding in row.assessment.findings]
    for owner, finding in sorted(owned, key=lambda pair: pair[0]):
        yield (
            owner,
            finding.rule_id,
            finding.severity.value,
            finding.field,
            finding.declared,
            finding.extracted,
            finding.message,
        )


def notice_rows(outcome: BatchOutcome) -> Iterator[Row]:
    """Yield the rows of notice.csv, which the platform imports."""
    for row in sorted_rows(outcome):
        yield row.student_number, row.review_status, opinion_of(row), qualification_of(row)


def timing_rows(outcome: BatchOutcome) -> Iterator[Row]:
    """Yield the rows of timing.csv; stages in the order they ran, seconds to 3 decimals."""
    for row in sorted_rows(outcome):
        for stage, seconds in row.stage_seconds:
            yield row.student_number, stage, f"{seconds:.3f}"


def accepted_values(row: ApplicationOutcome) -> tuple[str, str]:
    """Return number and score that count: a person's, else the machine's, none where refused."""
    counting = row.settled or row.assessment
    return counting.accepted_number, counting.accepted_score


def confidence_text(confidence: float | None) -> str:
    """Return a confidence to 3 decimals, "" where nothing was read."""
    return "" if confidence is None else f"{confidence:.3f}"


def _place(row: ApplicationOutcome, comparison: FieldComparison) -> Row:
    evidence = comparison.evidence
    if evidence is None:
        return ("",) * 6
    box = evidence.bbox
    sides = (box.left, box.top, box.right, box.bottom)
    return (
        row.path_of(evidence.file_digest),
        str(evidence.page_number),
        # Adding 0.0 turns the "-0.0000" of a box that touches the edge into "0.0000".
        *(f"{round(side, 4) + 0.0:.4f}" for side in sides),
    )
