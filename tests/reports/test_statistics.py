"""Plots rest on verdicts: few of them are told as a number, enough of them are drawn."""

import re

from hypothesis import given
from hypothesis import strategies as st

from domain.checked import CheckedPaper, CheckedReading, check_readings
from domain.review import Verdict
from reports.outcome import renderers
from reports.statistics import FEWEST_PAPERS, error_curve, reliability
from tests.reports.conftest import MakeOutcome, comparison, make_row


def paper(number: int, confidence: float, right: bool) -> CheckedPaper:
    reading = CheckedReading(field="score", confidence=confidence, is_right=right)
    return CheckedPaper(student_number=f"{number:04}", readings=(reading,))


def test_a_pass_vouches_for_every_reading_and_a_correction_says_which_was_wrong() -> None:
    rows = (
        comparison("name", "张明远", "张明远", digest="d"),
        comparison("score", "520", "528", digest="d"),
        comparison("level", "", ""),
    )
    corrected = (rows[0], comparison("score", "520", "５20 ", digest="d"))
    found = check_readings("1", rows, Verdict.PASS, corrected)
    assert found is not None
    assert {one.field: one.is_right for one in found.readings} == {"name": True, "score": False}
    assert not found.is_right
    same = check_readings("1", rows, Verdict.PASS_CORRECTED, ())
    assert same is not None
    assert same.is_right
    assert check_readings("1", rows, Verdict.REFUSE, corrected) is None
    assert check_readings("1", (rows[2],), Verdict.PASS, ()) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=200))
def test_curve_and_bins_count_every_paper(pairs: list[tuple[float, bool]]) -> None:
    papers = [paper(place, *pair) for place, pair in enumerate(pairs)]
    bins, curve = reliability(papers), error_curve(papers)
    assert sum(item.n for item in bins) == len(papers)
    assert sum(item.n - item.right for item in bins) == sum(not right for _, right in pairs)
    assert all(0 <= item.low <= item.right / item.n <= item.high <= 1 for item in bins)
    if papers:
        assert (curve[-1].n, curve[-1].wrong) == (len(papers), sum(not right for _, right in pairs))
    for point in curve:
        above = [p for p in papers if p.confidence >= point.threshold]
        assert (len(above), sum(not p.is_right for p in above)) == (point.n, point.wrong)


def test_few_verdicts_are_told_and_enough_are_drawn(make_outcome: MakeOutcome) -> None:
    def page(count: int) -> str:
        papers = tuple(paper(place, 0.5 + place / 100, place > 3) for place in range(count))
        return renderers(make_outcome(make_row("1"), checked=papers))["report.html"]().decode()

    few, enough = page(FEWEST_PAPERS - 1), page(FEWEST_PAPERS)
    assert f"n = {FEWEST_PAPERS - 1}，少于 {FEWEST_PAPERS}" in few
    assert "可靠性图）</figcaption>" not in few
    assert "可靠性图）</figcaption>" in enough
    dots = re.findall(r"<circle[^>]*><title>([^<]*)", enough)
    assert f"阈值 0.500：{FEWEST_PAPERS} 份中 4 份有误读" in dots
