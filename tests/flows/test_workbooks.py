"""The filled review.xlsx as people hand it back: moved, mixed up, typed over."""

import dataclasses
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from domain.certificates import FieldName
from store import open_store
from tests.conftest import Hedui
from tests.review.builders import BATCH, Paper, make_store, review_policy, run_papers
from tests.store.archive.packages import quick_hashes

FIRST, SECOND, THIRD = NUMBERS = ("2022000001", "2022000002", "2022000003")
OTHER = "2024-autumn"
PAPERS = tuple(Paper(number=number, unclear=(FieldName.SCORE,)) for number in NUMBERS)
REFUSAL = {"结论": "不通过", "原因": "编号不符"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home with three items that one person may decide in a workbook."""
    quick_hashes(monkeypatch)
    make_store(tmp_path / "home", PAPERS, review_policy()).close()
    return tmp_path / "home"


class Filled:
    """A fresh review.xlsx that somebody changes and saves under another name."""

    def __init__(self, hedui: Hedui, home: Path, batch_id: str = BATCH) -> None:
        code, _, errors = hedui("report", batch_id)
        assert code == 0, errors
        self.book = openpyxl.load_workbook(home / "out" / batch_id / "review.xlsx")
        self.path = home / "filled.xlsx"

    @property
    def sheet(self) -> Worksheet:
        return self.book.worksheets[0]

    def column(self, name: str) -> int:
        return 1 + [cell.value for cell in self.sheet[1]].index(name)

    def fill(self, **rows: dict[str, Any]) -> "Filled":
        """Fill rows by `r2`, `r3` …, as the sheet counts them."""
        for row, cells in rows.items():
            for name, value in cells.items():
                self.sheet.cell(int(row[1:]), self.column(name)).value = value
        return self

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


def decided(home: Path, batch_id: str = BATCH) -> int:
    with open_store(home) as store:
        return sum(map(len, store.decisions.of_batch(batch_id).values()))


def faults_of(hedui: Hedui, home: Path, file: Path) -> list[str]:
    """Hand a file in that is refused; return the faults, once it is sure that nothing was taken."""
    code, _, errors = hedui("decide", BATCH, file, "--by", "li")
    assert code == 2
    assert decided(home) == 0
    return errors.splitlines()


def test_sheets_columns_and_an_order_of_ones_own_are_taken(home: Path, hedui: Hedui) -> None:
    filled = Filled(hedui, home).fill(r2=REFUSAL, r3={"结论": "通过"}, r4=REFUSAL)
    notes = filled.book.create_sheet("我的笔记", 0)
    notes["A1"], notes["A2"] = "打电话给申请人", "明天"
    filled.book.move_sheet(notes, 2)
    filled.sheet.cell(1, 9).value = "跟进人"
    filled.sheet.cell(2, 9).value = "小李"
    filled.sheet.move_range("F1:F4", cols=4)  # 结论 stands last now, and an empty column between
    code, said, errors = hedui("decide", BATCH, filled.save(), "--by", "li")
    assert (code, errors) == (0, "")
    assert "decided 3" in said
    with open_store(home) as store:
        verdicts = {n: store.decisions.of_student(n)[0].decision.verdict for n in NUMBERS}
    assert [verdict.value for verdict in verdicts.values() if verdict] == [
        "refuse", "pass", "refuse"
    ]  # fmt: skip


def test_a_second_sheet_with_verdicts_is_not_guessed_between(home: Path, hedui: Hedui) -> None:
    filled = Filled(hedui, home).fill(r2=REFUSAL)
    filled.book.copy_worksheet(filled.sheet)
    (fault,) = faults_of(hedui, home, filled.save())
    assert "有 2 个工作表都含有“学号”表头" in fault


@pytest.mark.parametrize("missing", ["结论", "case_version", "reason_codes"])
def test_a_column_that_was_deleted_is_named(home: Path, hedui: Hedui, missing: str) -> None:
    filled = Filled(hedui, home).fill(r2=REFUSAL)
    filled.sheet.delete_cols(filled.column(missing))
    (fault,) = faults_of(hedui, home, filled.save())
    assert (f"“{missing}”列" in fault, "缺少这一列" in fault) == (True, True)


def test_a_column_that_stands_twice_is_not_guessed_between(home: Path, hedui: Hedui) -> None:
    filled = Filled(hedui, home).fill(r2=REFUSAL)
    filled.sheet.cell(1, 9).value = "结论"
    (fault,) = faults_of(hedui, home, filled.save())
    assert "表头重复（第 6、9 列）" in fault


def test_faults_of_cells_and_of_verdicts_are_listed_together(home: Path, hedui: Hedui) -> None:
    number = {"学号": int(FIRST)}
    filled = Filled(hedui, home).fill(
        r2=REFUSAL | number, r3={"结论": "同意"}, r4=REFUSAL | {"结论": '="通过"'}
    )
    faults = faults_of(hedui, home, filled.save())
    assert len(faults) == 3
    for row, column, words in (
        (2, "学号", "数字格式"), (3, "结论", "结论只能是"), (4, "结论", "公式"),
    ):  # fmt: skip
        assert any(
            f"第 {row} 行" in fault and f"“{column}”列" in fault and words in fault
            for fault in faults
        ), (row, faults)


def test_a_version_as_a_number_is_a_version(home: Path, hedui: Hedui) -> None:
    filled = Filled(hedui, home).fill(r2=REFUSAL | {"case_version": 1, "原因": 1})
    code, _, errors = hedui("decide", BATCH, filled.save(), "--by", "li")
    assert (code, errors, decided(home)) == (0, "", 1)


@pytest.mark.parametrize("other", [{}, {"结论": "通过", "原因": ""}])
def test_a_row_that_was_copied_is_a_fault_whatever_it_says(
    home: Path, hedui: Hedui, other: dict[str, str]
) -> None:
    filled = Filled(hedui, home).fill(r2=REFUSAL)
    row = [cell.value for cell in filled.sheet[2]]
    filled.sheet.append(row)
    filled.fill(r5=other, r4={"结论": "也许"})
    faults = faults_of(hedui, home, filled.save())
    assert len(faults) == 2
    assert any("第 5 行" in fault and "同一学号出现两次" in fault for fault in faults)
    assert any("第 4 行" in fault for fault in faults)


def test_another_batchs_workbook_is_refused_though_all_its_rows_would_fit(
    home: Path, hedui: Hedui
) -> None:
    with open_store(home) as store:
        run_papers(store, PAPERS, review_policy(), batch_id=OTHER)
    filled = Filled(hedui, home, OTHER).fill(r2=REFUSAL)
    (fault,) = faults_of(hedui, home, filled.save())
    assert f"这是批次 {OTHER} 的审核表" in fault
    code, _, errors = hedui("decide", OTHER, filled.path, "--by", "li")
    assert (code, errors) == (0, "")
    assert (decided(home, OTHER), decided(home)) == (1, 0)


def test_an_older_workbook_is_refused_row_by_row(home: Path, hedui: Hedui) -> None:
    filled = Filled(hedui, home).fill(r2=REFUSAL, r3=REFUSAL, r4={"结论": "通过"})
    changed = tuple(
        dataclasses.replace(paper, declared={"考试成绩": "429"}) for paper in PAPERS[:2]
    )
    with open_store(home) as store:
        run_papers(store, (*changed, PAPERS[2]), review_policy())
    faults = faults_of(hedui, home, filled.save())
    assert len(faults) == 2
    assert all("第 2 版" in fault and "“case_version”列" in fault for fault in faults)
