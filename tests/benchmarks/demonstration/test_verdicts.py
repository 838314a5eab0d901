"""The workbooks of the demo are filled as a person would who knows the truth."""

import json
from pathlib import Path

import pytest

from benchmarks.demonstration.verdicts import fill_workbook, read_verdicts
from domain.review import REASONS, Verdict
from reports.outcome import write_outcome
from tests.review.builders import BATCH, Paper, make_store

ROOT = Path(__file__).resolve().parents[3]
GOOD, SLIP, BLANK = "2022000001", "2022000002", "2022000003"


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Give a labelled folder, and its outcome in `out`."""
    from domain.certificates import FieldName

    papers = (
        Paper(number=GOOD, unclear=(FieldName.SCORE,)),
        Paper(number=SLIP, declared={"考试成绩": "428"}),
        Paper(number=BLANK, is_recognized=False),
    )
    with make_store(tmp_path / "home", papers, people=False) as store:
        write_outcome(tmp_path / "out", store.load_outcome(BATCH))
    lines = [
        {"学号": number, "kind": kind, "expected": expected, "fields": {}}
        for number, kind, expected in (
            (GOOD, "honest", ["accept"]),
            (SLIP, "one-digit-off-score", ["review"]),
            (BLANK, "honest", ["accept"]),
        )
    ]
    folder = tmp_path / "batch"
    folder.mkdir()
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "truth.jsonl").write_text(text, "utf-8")
    return folder


def test_verdicts_follow_the_truth_and_what_a_workbook_may_say(batch: Path, tmp_path: Path) -> None:
    filled, again = tmp_path / "filled.xlsx", tmp_path / "again.xlsx"
    fill_workbook(tmp_path / "out" / BATCH, batch, filled)
    fill_workbook(tmp_path / "out" / BATCH, batch, again)
    assert filled.read_bytes() == again.read_bytes()
    found = {key[0]: (row["结论"], row["原因"]) for key, row in read_verdicts(filled).items()}
    assert found == {
        GOOD: ("通过", ""),
        SLIP: ("不通过", "成绩不符"),
        BLANK: ("重新上传", "图片不清或缺页"),
    }


def test_committed_verdicts_are_fitted_to_what_waits_here(batch: Path, tmp_path: Path) -> None:
    committed, fitted = tmp_path / "committed.xlsx", tmp_path / "fitted.xlsx"
    outcome = tmp_path / "out" / BATCH
    fill_workbook(outcome, batch, committed)
    exact = fill_workbook(outcome, batch, fitted, committed)
    assert (exact.is_exact, exact.used) == (True, 3)
    import openpyxl

    book = openpyxl.load_workbook(committed)
    book.worksheets[0].delete_rows(2)
    book.save(committed)
    other = fill_workbook(outcome, batch, fitted, committed)
    assert (other.used, len(other.added), other.is_exact) == (2, 1, False)
    assert read_verdicts(fitted).keys() == {(n, "1") for n in (GOOD, SLIP, BLANK)}


@pytest.mark.parametrize("kind", ["language", "degree"])
def test_the_committed_workbooks_are_of_the_sample_batches(kind: str) -> None:
    verdicts = read_verdicts(ROOT / "sample_inputs" / f"{kind}-review.xlsx")
    text = (ROOT / "sample_inputs" / kind / "truth.jsonl").read_text("utf-8")
    truth = {line["学号"]: line for line in map(json.loads, text.splitlines())}
    assert verdicts
    known = {verdict.chinese_name for verdict in Verdict}
    labels = {reason.label for reason in REASONS} | {""}
    for (number, _), row in verdicts.items():
        line = truth[number]
        assert row["结论"] in known
        assert row["原因"] in labels
        honest = line["kind"] == "honest" or "accept" in line["expected"]
        assert honest or row["结论"] != "通过", f"{number} is not what it says it is"
