"""The outcome folder of a batch: every report, written at once."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

from domain.application import BatchKind
from domain.outcome import BatchOutcome
from reports import tables
from reports.degree_data import render_degree_data
from reports.degree_sections import degree_sections
from reports.folder import write_files
from reports.page import render_page
from reports.public_list import PUBLIC_LIST, public_columns, public_rows
from reports.sections import build_sections
from reports.signing import render_pdf
from reports.summary import summarize
from reports.workbooks import render_report_workbook, render_review_workbook


def write_outcome(directory: Path, outcome: BatchOutcome) -> tuple[Path, ...]:
    """Write the outcome folder `<directory>/<batch id>/` and return the paths of its files.

    `directory` is what `--out` names. Files are complete or absent, readable by their owner only
    (0600, the folder 0700); other files in the folder stay. Everything but timing.csv is
    byte-equal for an equal outcome. Raises `OSError` where the disk refuses.
    Shapes: docs/contract, section "The outcome folder".
    """
    folder = directory / outcome.batch.id
    if not outcome.sealed:
        # A list that stands there is of another store: nothing of this batch may be published yet.
        (folder / PUBLIC_LIST).unlink(missing_ok=True)
    return write_files(folder, renderers(outcome))


def renderers(outcome: BatchOutcome) -> dict[str, Callable[[], bytes]]:
    """Return what renders each file of the outcome folder, by file name, in writing order.

    results.csv comes last: whoever watches for it finds the others in place.
    """
    summary = summarize(outcome)
    sections = build_sections(outcome, summary) + degree_sections(outcome)
    is_degree = outcome.batch.kind is BatchKind.DEGREE
    data = {"degree-data.xlsx": functools.partial(render_degree_data, outcome)} if is_degree else {}
    # Before the lead has signed there is nothing to publish.
    public = {PUBLIC_LIST: _public_list(outcome)} if outcome.sealed else {}
    return {
        **data,
        **public,
        "fields.csv": _csv(tables.FIELDS_COLUMNS, tables.fields_rows, outcome),
        "findings.csv": _csv(tables.FINDINGS_COLUMNS, tables.findings_rows, outcome),
        "notice.csv": _csv(tables.NOTICE_COLUMNS, tables.notice_rows, outcome),
        "timing.csv": _csv(tables.TIMING_COLUMNS, tables.timing_rows, outcome),
        "review.xlsx": functools.partial(render_review_workbook, outcome),
        "report.xlsx": functools.partial(render_report_workbook, outcome, sections),
        "report.pdf": functools.partial(render_pdf, outcome, summary),
        "report.html": functools.partial(render_page, outcome, summary, sections),
        "results.csv": _csv(tables.RESULTS_COLUMNS, tables.results_rows, outcome),
    }


def _csv(
    columns: tables.Row,
    rows_of: Callable[[BatchOutcome], Iterator[tables.Row]],
    outcome: BatchOutcome,
) -> Callable[[], bytes]:
    return lambda: tables.render_csv(columns, rows_of(outcome))


def _public_list(outcome: BatchOutcome) -> Callable[[], bytes]:
    return lambda: tables.render_csv(public_columns(outcome.policy), public_rows(outcome))
