import base64
import dataclasses
import hashlib
import io
import multiprocessing
import os
import re
import stat
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from domain.assessment import Decision
from domain.outcome import BatchOutcome
from domain.review import DecisionKind, Round
from reports import people_sections
from reports.cells import display_cell
from reports.folder import write_files
from reports.outcome import renderers, write_outcome
from reports.summary import summarize
from tests.reports.conftest import MakeOutcome, finding, make_row
from tests.reports.test_cells import any_text

FILES = {
    "results.csv",
    "fields.csv",
    "findings.csv",
    "notice.csv",
    "timing.csv",
    "review.xlsx",
    "report.xlsx",
    "report.html",
    "report.pdf",
}
SHEETS = [
    *("总览", "明细", "差异", "重复", "人工审核", "原因", "证书种类", "统计"),
    *("退回与失败", "版本与规则"),
]


@pytest.fixture(scope="module")
def contents(mixed_outcome: BatchOutcome) -> dict[str, bytes]:
    return {name: render() for name, render in renderers(mixed_outcome).items()}


def open_book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def column(sheet: Worksheet, header: str) -> list[object]:
    headers = [cell.value for cell in sheet[1]]
    place = headers.index(header)
    return [row[place] for row in sheet.iter_rows(min_row=2, values_only=True)]


def overview(content: bytes) -> dict[object, object]:
    sheet = open_book(content)["总览"]
    return dict(zip(column(sheet, "项目"), column(sheet, "数值"), strict=True))


def test_the_folder_holds_every_file_for_its_owner_only(
    tmp_path: Path, mixed_outcome: BatchOutcome
) -> None:
    before = os.umask(0)
    try:
        written = write_outcome(tmp_path / "out", mixed_outcome)
    finally:
        os.umask(before)
    folder = tmp_path / "out" / "2024-language"
    assert {path.name for path in written} == FILES
    assert {path.name for path in folder.iterdir()} == FILES
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list((tmp_path / "out").iterdir()) == [folder]


def test_writing_again_gives_the_same_bytes_and_keeps_other_files(
    tmp_path: Path, mixed_outcome: BatchOutcome
) -> None:
    first = {path.name: path.read_bytes() for path in write_outcome(tmp_path, mixed_outcome)}
    form = tmp_path / "2024-language" / "forms.pdf"
    form.write_bytes(b"form")
    with mock.patch("time.time", return_value=time.time() + 100_000_000):
        second = {path.name: path.read_bytes() for path in write_outcome(tmp_path, mixed_outcome)}
    assert first == second
    assert form.read_bytes() == b"form"


def test_the_order_of_the_rows_changes_no_byte(
    mixed_outcome: BatchOutcome, contents: dict[str, bytes]
) -> None:
    turned = dataclasses.replace(mixed_outcome, rows=mixed_outcome.rows[::-1])
    assert {name: render() for name, render in renderers(turned).items()} == contents


def test_the_only_date_inside_the_workbooks_is_the_deadline(contents: dict[str, bytes]) -> None:
    for name in ("report.xlsx", "review.xlsx"):
        with zipfile.ZipFile(io.BytesIO(contents[name])) as package:
            properties = package.read("docProps/core.xml").decode()
            assert {member.date_time[0] for member in package.infolist()} == {1980}
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", properties)) == {"2024-03-31T15:59:59Z"}


def test_a_failing_report_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    write_files(folder, {"a.csv": lambda: b"old a", "b.csv": lambda: b"old b"})

    def fail() -> bytes:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_files(folder, {"a.csv": lambda: b"new a", "b.csv": fail})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "a.csv": b"old a",
        "b.csv": b"old b",
    }
    assert list(tmp_path.iterdir()) == [folder]


def _write_until_killed(folder: Path) -> None:
    def die() -> bytes:
        os._exit(9)

    write_files(folder, {"a.csv": lambda: b"new a", "b.csv": die})


def test_a_killed_writer_leaves_no_half_file_and_its_rest_is_cleared(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    write_files(folder, {"a.csv": lambda: b"old a"})
    process = multiprocessing.get_context("spawn").Process(
        target=_write_until_killed, args=(folder,)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert (tmp_path / ".batch.partial" / "a.csv").read_bytes() == b"new a"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.csv": b"old a"}
    write_files(folder, {"a.csv": lambda: b"third a"})
    assert (folder / "a.csv").read_bytes() == b"third a"
    assert list(tmp_path.iterdir()) == [folder]


def test_every_cell_is_text_but_for_counts(contents: dict[str, bytes]) -> None:
    counting = {"总览": {"数值"}, "原因": {"申请数"}, "证书种类": None}
    for name in ("report.xlsx", "review.xlsx"):
        for sheet in open_book(contents[name]):
            headers = [cell.value for cell in sheet[1]]
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type in ("s", "n")
                    assert cell.value is None or isinstance(cell.value, str | int)
                    if isinstance(cell.value, int):
                        allowed = counting[sheet.title]
                        assert allowed is None or headers[cell.column - 1] in allowed


def test_no_sheet_holds_a_formula_or_a_link_to_the_outside(contents: dict[str, bytes]) -> None:
    for name in ("report.xlsx", "review.xlsx"):
        with zipfile.ZipFile(io.BytesIO(contents[name])) as package:
            for member in package.namelist():
                text = package.read(member).decode()
                assert "TargetMode" not in text
                if member.startswith("xl/worksheets/"):
                    assert "<f>" not in text
                    links = re.findall(r"<hyperlink [^>]*>", text)
                    assert all('location="' in link and "r:id" not in link for link in links)


def test_a_student_number_leads_to_the_rows_about_it(contents: dict[str, bytes]) -> None:
    book = open_book(contents["report.xlsx"])
    details, differences = book["明细"], book["差异"]
    link = differences["A2"].hyperlink
    assert link is not None
    assert (differences["A2"].value, link.location) == ("2024001", "'明细'!A2")
    assert details["A2"].value == "2024001"
    back = details["A2"].hyperlink
    assert back is not None
    assert back.location == "'差异'!A2"
    assert details["A3"].hyperlink is None


def test_sheets_are_ready_to_read_and_print(contents: dict[str, bytes]) -> None:
    book = open_book(contents["report.xlsx"])
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.print_title_rows == "$1:$1"
        assert all(8 <= size.width <= 71 for size in sheet.column_dimensions.values())


def test_the_overview_reconciles(mixed_outcome: BatchOutcome, contents: dict[str, bytes]) -> None:
    values = overview(contents["report.xlsx"])
    parts = [values[f"机器结论：{part}"] for part in ("通过", "待人工", "退回", "撤销")]
    assert parts == [1, 4, 1, 1]
    assert values["申请"] == sum(parts) == len(mixed_outcome.rows)
    assert values["　其中：处理失败"] == 1
    assert values["直通率"] == "16.7%"
    assert values["申请截止"] == "2024-03-31 23:59:59"
    assert values["政策摘要"] == mixed_outcome.policy.digest
    assert values["结果性质"] == "截止后结果"


def test_sheets_and_results_agree(mixed_outcome: BatchOutcome, contents: dict[str, bytes]) -> None:
    book = open_book(contents["report.xlsx"])
    results = contents["results.csv"].decode("utf-8-sig")
    assert len(column(book["明细"], "学号")) == len(mixed_outcome.rows)
    assert column(book["明细"], "机器结论").count("机器通过") == results.count(",accept,") == 1
    kinds = book["证书种类"]
    *each, total = column(kinds, "申请数")
    assert sum(each) == total == len(mixed_outcome.rows)
    summary = summarize(mixed_outcome)
    assert column(book["原因"], "申请数") == [reason.applications for reason in summary.reasons]


def test_differences_stand_side_by_side(contents: dict[str, bytes]) -> None:
    sheet = open_book(contents["report.xlsx"])["差异"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 1
    assert rows[0][2:6] == ("成绩单编号", "1234", "1235", "不一致")


def test_returned_failed_and_orphan_folders_are_listed(contents: dict[str, bytes]) -> None:
    sheet = open_book(contents["report.xlsx"])["退回与失败"]
    pairs = list(zip(column(sheet, "学号"), column(sheet, "类别"), strict=True))
    assert pairs == [
        ("2024004", "处理失败"),
        ("2024005", "退回"),
        ("2024007", "不通过"),
        ("2024004b", "无对应申请"),
    ]
    assert column(sheet, "上传文件")[0] == "uploads/2024004/a⟨U+202E⟩gpj.exe"


def test_hostile_names_are_inert_in_the_sheets(contents: dict[str, bytes]) -> None:
    names = column(open_book(contents["report.xlsx"])["明细"], "姓名")
    assert names[0] == '\'=HYPERLINK("http://x","y")'
    assert names[3] == "欧阳␛[31m红␍␊伪造"


def test_a_provisional_batch_says_so_everywhere(make_outcome: MakeOutcome) -> None:
    files = renderers(make_outcome(make_row("1"), provisional=True))
    assert str(overview(files["report.xlsx"]())["结果性质"]).startswith("暂定")
    assert "暂定结果" in files["report.html"]().decode()


def test_an_empty_batch_is_reported(make_outcome: MakeOutcome) -> None:
    contents = {name: render() for name, render in renderers(make_outcome()).items()}
    assert overview(contents["report.xlsx"])["申请"] == 0
    assert contents["notice.csv"].decode("utf-8-sig") == "学号,审核状态,审核意见,合格状态\r\n"


def test_the_review_sheet_lists_what_waits_and_offers_the_verdicts(
    contents: dict[str, bytes],
) -> None:
    sheet = open_book(contents["review.xlsx"]).worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert headers == [
        "学号",
        "姓名",
        "问题",
        "reason_codes",
        "case_version",
        "结论",
        "原因",
        "备注",
    ]
    assert column(sheet, "学号") == ["2024001", "2024004"]
    assert column(sheet, "case_version") == ["3", "3"]
    assert column(sheet, "结论") == [None, None]
    assert column(sheet, "问题")[0] == "1. 成绩单编号：申报 1234，证书 1235\n2. 内部说明：late"
    (offer,) = sheet.data_validations.dataValidation
    assert offer.formula1 == '"通过,通过并更正,不通过,重新上传"'
    assert str(offer.sqref) == "F2:F3"


def test_a_live_message_is_inert_in_the_review_sheet(make_outcome: MakeOutcome) -> None:
    row = make_row("1", Decision.REVIEW, findings=(finding("late", message="=1+1"),))
    sheet = open_book(renderers(make_outcome(row))["review.xlsx"]()).worksheets[0]
    assert column(sheet, "问题") == ["'=1+1"]


@settings(max_examples=25)
@given(st.lists(any_text, min_size=1, max_size=12))
@example(["_x000D_", " 两端空格 ", "<&>\"'", "\ud800", "𠮷"])
def test_any_name_reads_back_from_the_sheets_as_text(
    make_outcome: MakeOutcome, names: list[str]
) -> None:
    rows = [make_row(str(100 + place), name=name) for place, name in enumerate(names)]
    book = open_book(renderers(make_outcome(*rows))["report.xlsx"]())
    found = [str(name or "") for name in column(book["明细"], "姓名")]
    assert found == [display_cell(name) for name in names]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_asks_for_nothing_and_runs_its_own_script_only(
    contents: dict[str, bytes],
) -> None:
    page = contents["report.html"].decode()
    parsed = _Page()
    parsed.feed(page)
    assert not parsed.tags & {"link", "img", "iframe", "object", "form", "base"}
    assert not parsed.attributes & {"src", "srcset", "action"}
    assert not any(name.startswith("on") for name in parsed.attributes)
    assert all(target.startswith("#s") for target in re.findall(r'href="([^"]*)"', page))
    assert "url(" not in page
    assert "@import" not in page
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page


def test_the_page_shows_hostile_text_as_text(contents: dict[str, bytes]) -> None:
    page = contents["report.html"].decode()
    assert page.count("<script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_the_page_shows_the_numbers_of_the_workbook(contents: dict[str, bytes]) -> None:
    parsed = _Page()
    parsed.feed(contents["report.html"].decode())
    shown = {text.strip("\n") for text in parsed.text}
    for sheet in open_book(contents["report.xlsx"]):
        assert sheet.title in shown
        for row in sheet.iter_rows(values_only=True, min_row=1 if sheet.max_row > 1 else 2):
            assert {str(value) for value in row if value is not None} <= shown


def test_a_long_list_is_cut_on_the_page_and_says_where_the_rest_stands(
    make_outcome: MakeOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.page.MOST_ROWS", 3)
    outcome = make_outcome(*(make_row(f"2024{place:03}") for place in range(5)))
    files = renderers(outcome)
    page = files["report.html"]().decode()
    assert "共 5 行，此处列前 3 行；全部见 report.xlsx 的“明细”" in page
    assert "2024002" in page
    assert "2024003" not in page
    assert len(column(open_book(files["report.xlsx"]())["明细"], "学号")) == 5


def test_every_kind_of_entry_and_round_has_a_name_for_people() -> None:
    assert set(people_sections._KINDS) == set(DecisionKind)
    assert set(people_sections._ROUNDS) == set(Round)
