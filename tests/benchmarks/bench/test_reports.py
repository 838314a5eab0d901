"""The bench of reports makes a whole batch and says what each file took."""

import re
from pathlib import Path

from benchmarks.bench.report_batch import BATCH_ID, make_report_store
from benchmarks.bench.reports import measure_reports
from domain.assessment import Decision
from reports.summary import count_totals
from store.institutions import load_policy


def test_the_made_up_batch_has_something_of_everything(tmp_path: Path) -> None:
    store = make_report_store(tmp_path, 200, load_policy("default"))
    outcome = store.load_outcome(BATCH_ID)
    store.close()
    totals = count_totals(outcome.rows)
    assert totals.applied == 200
    assert min(count for _, count in (*totals.parts(), *totals.parts_of_waiting())) > 0
    assert {row.assessment.decision for row in outcome.rows} == set(Decision)
    assert not all(paper.is_right for paper in outcome.checked)


def test_every_file_has_its_seconds_memory_and_size() -> None:
    first, *lines, last = measure_reports(40, load_policy("default"))
    assert first.startswith("reports of 40 applications")
    names = [line.split()[0] for line in lines]
    assert names[0] == "load"
    assert {"report.xlsx", "report.html", "report.pdf", "results.csv"} <= set(names)
    figures = r"\s+\d+\.\d s \(work \d+\.\d s\)  peak +([1-9]\d*) MiB"
    assert all(re.search(figures, line) for line in (*lines, last))
    assert all(re.search(r" \d+\.\d\d MB$", line) for line in lines[1:])
    assert last.startswith("all ")
