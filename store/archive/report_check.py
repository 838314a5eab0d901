"""The reports of a package against its records: the tables cell by cell, the page's head, PDF/A."""

import collections
import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.outcome import ApplicationOutcome, opinion_of, qualification_of
from store.archive import layout
from store.archive.faults import Faults
from store.archive.formats import is_locked, pdf_faults
from store.archive.layout import BatchFacts, Comparison, Review
from store.archive.opening import Listing
from store.entries import settled_verdict

RESULTS, NOTICE = f"{layout.REPORTS}/results.csv", f"{layout.REPORTS}/notice.csv"
_PAGE = f"{layout.REPORTS}/report.html"
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
Rows = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The rows of results.csv and notice.csv by 学号; a table that cannot be read is missing."""

    rows: Mapping[str, Rows] = field(default_factory=dict)


def read_tables(listing: Listing, faults: Faults) -> Tables:
    """Return the tables that the platform and the records are compared with."""
    found = {}
    for path in (RESULTS, NOTICE):
        try:
            text = listing.read(path).decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            faults.add("GD-3-1", path, "a table of results", type(error).__name__)
            continue
        counted = collections.Counter(_plain(row.get("学号")) for row in rows)
        for number in sorted(number for number, count in counted.items() if count > 1):
            faults.add("GD-1-8", f"{path} {number}", "one row", f"{counted[number]} rows")
        found[path] = {
            _plain(row.get("学号")): {name: _plain(cell) for name, cell in row.items()}
            for row in rows
        }
    return Tables(rows=found)


def _plain(cell: object) -> str:
    """Return a cell as it was before it was made safe for spreadsheets."""
    text = cell if isinstance(cell, str) else ""
    return text[1:] if text[:1] == "'" else text


def check_row(
    tables: Tables, comparison: Comparison, review: Review, status: str, faults: Faults
) -> None:
    """Compare an application's rows with what its record comes to."""
    wanted = _row_of(comparison, review, status)
    for path, rows in tables.rows.items():
        row = rows.get(comparison.student_number)
        if row is None:
            faults.add("GD-1-11", path, f"a row of {comparison.student_number}", "none")
            continue
        for name in row.keys() & wanted.keys() if path == NOTICE else wanted:
            faults.expect("GD-1-11", f"{path} {comparison.student_number} {name}",
                          wanted[name], row.get(name, ""))  # fmt: skip


def _row_of(comparison: Comparison, review: Review, status: str) -> dict[str, str]:
    """Return what results.csv must say; nothing where there is no answer of the machine."""
    assessment = comparison.current.assessment
    if assessment is None:
        return {}
    application = comparison.current.submission.application
    settled = settled_verdict(review.entries)
    verdict = settled[0] if settled else None
    people = ("machine", *(verdict.accounts if verdict else ()))
    outcome = ApplicationOutcome(
        submission=comparison.current.submission,
        assessment=assessment,
        paths=(),
        review_status=status,
        decided_by=people,
        stage_seconds=(),
        case_version=comparison.current.version,
        settled=verdict,
    )
    counting = verdict or assessment
    texts = {
        "姓名": application.name,
        "申请状态": application.get("申请状态"),
        "申请条件是否达标": application.get("申请条件是否达标"),
        "审核状态": status,
        "审核意见": opinion_of(outcome),
        "合格状态": qualification_of(outcome),
        "decision": assessment.decision.value,
        "decided_by": ";".join(people),
        "reason_codes": ";".join(assessment.reason_codes),
        "certificate_type": assessment.certificate_type.value,
        "accepted_number": counting.accepted_number,
        "accepted_score": counting.accepted_score,
    }
    return {name: _plain(text) for name, text in texts.items()}


def check_strangers(tables: Tables, numbers: set[str], faults: Faults) -> None:
    """Name rows of people who have no record; `numbers` are all the 学号 of the package."""
    for path, rows in tables.rows.items():
        for number in sorted(rows.keys() - numbers):
            faults.add("GD-1-11", f"{path} {number}", "a record of that 学号", "none")


def check_reports(listing: Listing, facts: BatchFacts, faults: Faults) -> None:
    """Check that PDFs are archival and that the page prints the head of the log."""
    for path in sorted(listing.sizes):
        if path.startswith(f"{layout.REPORTS}/") and path.endswith(".pdf"):
            try:
                content = listing.read(path)
            except OSError:
                continue  # named where its digest was to be taken
            for expected, found in pdf_faults(content):
                faults.add("GD-3-8" if is_locked(content) else "GD-3-3", path, expected, found)
    if _PAGE not in listing.sizes:
        faults.add("GD-2-9", _PAGE, "a report", "none")
        return
    try:
        hashes = set(_HASH.findall(listing.read(_PAGE).decode("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        faults.add("GD-3-1", _PAGE, "a page in UTF-8", type(error).__name__)
        return
    if facts.log_head not in hashes:
        faults.add("GD-2-5", _PAGE, f"head {facts.log_head}", "a report that prints another")
