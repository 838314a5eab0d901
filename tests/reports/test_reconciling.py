"""The three reports tell the same numbers, read back from the files themselves."""

import io
import re
from html.parser import HTMLParser

import openpyxl
import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_text

from domain.assessment import Decision
from domain.outcome import BatchOutcome
from reports.outcome import renderers
from reports.summary import count_totals
from tests.reports.conftest import MakeOutcome, finding, make_row

PARTS = ("申请", "通过", "不通过", "待审核", "退回", "撤销")
WAITING = ("机器通过，待签发", "待人工审核", "处理失败")
STATUSES = {
    "审核通过": "通过",
    "审核不通过": "不通过",
    "待审核": "待审核",
    "退回": "退回",
    "已撤销": "撤销",
}

rows = st.lists(
    st.tuples(st.sampled_from(Decision), st.sampled_from(sorted(STATUSES)), st.booleans()),
    max_size=25,
)
Rows = list[tuple[Decision, str, bool]]
EVERY = [(decision, status, failed) for decision in Decision for status in STATUSES
         for failed in (True, False)]  # fmt: skip


def outcome_of(make_outcome: MakeOutcome, given_rows: Rows) -> BatchOutcome:
    return make_outcome(
        *(
            make_row(
                f"2024{place:03}",
                decision,
                status=status,
                # What the machine failed at it never accepts.
                findings=(finding("machine-failed"),)
                if failed and decision is Decision.REVIEW
                else (),
            )
            for place, (decision, status, failed) in enumerate(given_rows)
        )
    )


def counts_of_workbook(content: bytes) -> dict[str, int]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["总览"]
    values = {str(row[0]): row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    found = {name: int(values[name]) for name in PARTS}
    return found | {name: int(values[f"　其中：{name}"]) for name in WAITING}


class _Cards(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.values: list[str] = []
        self._into: list[str] | None = None

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._into = {"dt": self.names, "dd": self.values}.get(tag)

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)
            self._into = None


def waiting_in(text: str) -> dict[str, int]:
    found = {}
    for name in WAITING:
        (number,) = re.findall(rf"(?:：|，){name} (\d+)", text)
        found[name] = int(number)
    return found


def counts_of_page(content: bytes) -> dict[str, int]:
    page = content.decode()
    cards = _Cards()
    cards.feed(page)
    shown = dict(zip(cards.names, cards.values, strict=True))
    return {name: int(shown[name]) for name in PARTS} | waiting_in(page)


def counts_of_pdf(content: bytes) -> dict[str, int]:
    text = extract_text(io.BytesIO(content), page_numbers=[0])
    (sum_,) = re.findall(
        r"申请 = 通过 \+ 不通过 \+ 待审核 \+ 退回 \+ 撤销：([\d =+]+)", text.replace("\n", " ")
    )
    numbers = [int(number) for number in re.findall(r"\d+", sum_)]
    return dict(zip(PARTS, numbers, strict=True)) | waiting_in(text)


@settings(max_examples=40, deadline=None)
@given(rows)
@example([])
@example(EVERY)
def test_workbook_page_and_pdf_tell_the_same_totals(make_outcome: MakeOutcome, rows: Rows) -> None:
    files = renderers(outcome_of(make_outcome, rows))
    told = counts_of_workbook(files["report.xlsx"]())
    assert counts_of_page(files["report.html"]()) == told
    assert counts_of_pdf(files["report.pdf"]()) == told
    assert told["申请"] == len(rows) == sum(told[name] for name in PARTS[1:])
    assert told["待审核"] == sum(told[name] for name in WAITING)
    for status, name in STATUSES.items():
        assert told[name] == sum(one == status for _, one, _ in rows)
    results = files["results.csv"]().decode("utf-8-sig").splitlines()
    assert len(results) - 1 == told["申请"]


@pytest.mark.parametrize("status", ["", "从未见过"])
def test_a_state_that_nobody_knows_counts_as_waiting(status: str) -> None:
    totals = count_totals([make_row("1", Decision.REVIEW, status=status)])
    assert (totals.waiting, totals.to_decide) == (1, 1)
    assert totals.applied == sum(count for _, count in totals.parts())


def test_the_pdf_is_whole(make_outcome: MakeOutcome) -> None:
    content = renderers(outcome_of(make_outcome, EVERY))["report.pdf"]()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) >= 2
