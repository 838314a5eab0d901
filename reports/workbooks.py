"""report.xlsx and review.xlsx: text stays text, nothing is live, same content gives same bytes."""

import datetime
import io
from typing import Any

import pandas
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from domain.assessment import Decision
from domain.outcome import WAITING_STATUS, BatchOutcome
from reports.cells import display_cell, display_text, limit_length, neutralize, text_width
from reports.sections import Section, objections
from reports.tables import sorted_rows

REVIEW_COLUMNS = ("学号", "姓名", "问题", "reason_codes", "case_version", "结论", "原因", "备注")
VERDICTS = ("通过", "通过并更正", "不通过", "重新上传")
_REVIEW_SHEET = "待审核"
_VERDICT_COLUMN = REVIEW_COLUMNS.index("结论")
_INPUT_WIDTHS = {"结论": 14, "原因": 30, "备注": 30}

_NARROWEST, _WIDEST = 8, 56
_A4_PAPER = 9
_FONT = "Microsoft YaHei"
_WORKBOOK_OPTIONS: dict[str, Any] = {
    "in_memory": True,  # fixed time stamps inside the zip, and no file outside our folder
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}

_GUIDE = (
    ("结论", "通过", "证书真实有效，申报与证书一致"),
    ("结论", "通过并更正", "证书真实有效，申报有笔误；在备注中写明正确的值"),
    ("结论", "不通过", "不符合要求；在原因中写明"),
    ("结论", "重新上传", "看不清或缺页；在原因中写明需要什么"),
    ("填写", "空行", "结论留空的行保持待审核"),
    ("填写", "不要修改", "学号、reason_codes、case_version 三列；版本变化的行会被拒绝"),
)


def render_report_workbook(outcome: BatchOutcome, sections: tuple[Section, ...]) -> bytes:
    """Return report.xlsx: one sheet per section, counts as numbers, everything else as text."""
    title = f"{outcome.batch.name} 核对报告{'（暂定）' if outcome.provisional else ''}"
    return _render_workbook(outcome, title, sections)


def render_review_workbook(outcome: BatchOutcome) -> bytes:
    """Return review.xlsx: what waits for a person, with room for verdicts.

    Rows are the applications that the machine gave to a person and nobody has decided yet.
    """
    rows = tuple(
        (
            display_cell(row.student_number),
            display_cell(row.submission.application.name),
            _problem_text([finding.message for finding in objections(row)]),
            display_cell(";".join(row.assessment.reason_codes)),
            str(row.case_version),
            "",
            "",
            "",
        )
        for row in sorted_rows(outcome)
        if row.assessment.decision is Decision.REVIEW and row.review_status == WAITING_STATUS
    )
    sections = (
        Section(
            title=_REVIEW_SHEET, columns=REVIEW_COLUMNS, rows=rows, inputs=tuple(_INPUT_WIDTHS)
        ),
        Section(title="填写说明", columns=("类别", "写法", "含义"), rows=_GUIDE),
    )
    return _render_workbook(outcome, f"{outcome.batch.name} 人工审核表", sections)


def _problem_text(messages: list[str]) -> str:
    """Return one numbered line per distinct message."""
    distinct = list(dict.fromkeys(display_text(message) for message in messages))
    if len(distinct) == 1:
        return limit_length(neutralize(distinct[0]))
    return limit_length("\n".join(f"{place}. {text}" for place, text in enumerate(distinct, 1)))


def _render_workbook(outcome: BatchOutcome, title: str, sections: tuple[Section, ...]) -> bytes:
    buffer = io.BytesIO()
    title = display_text(title)
    writer = pandas.ExcelWriter(
        buffer, engine="xlsxwriter", engine_kwargs={"options": _WORKBOOK_OPTIONS}
    )
    with writer:
        book: Workbook = writer.book
        book.set_properties({"title": title, "created": _created(outcome)})
        styles = _styles(book)
        for section in sections:
            frame = pandas.DataFrame(list(section.rows), columns=list(section.columns))
            frame = frame.astype(object)
            frame.to_excel(writer, sheet_name=section.title, index=False, header=False, startrow=1)
            _dress(writer.sheets[section.title], section, title, styles)
    return buffer.getvalue()


def _created(outcome: BatchOutcome) -> datetime.datetime:
    """Return the deadline in UTC without zone: the only date that is in the data, not the clock."""
    return outcome.batch.deadline.astimezone(datetime.UTC).replace(tzinfo=None)


def _styles(book: Workbook) -> dict[str, Format]:
    body = {"font_name": _FONT, "font_size": 10, "valign": "top"}
    return {
        "header": book.add_format(
            {
                **body,
                "bold": True,
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#DCE6F1",
                "border": 1,
                "border_color": "#9DB2CC",
            }
        ),
        "text": book.add_format({**body, "num_format": "@"}),
        "long": book.add_format({**body, "num_format": "@", "text_wrap": True}),
        "mixed": book.add_format({**body, "num_format": "0", "align": "left", "text_wrap": True}),
        "count": book.add_format({**body, "num_format": "0"}),
        "input": book.add_format(
            {**body, "num_format": "@", "text_wrap": True, "bg_color": "#FFF9E5"}
        ),
    }


def _dress(sheet: Worksheet, section: Section, title: str, styles: dict[str, Format]) -> None:
    last_row, last_column = len(section.rows), len(section.columns) - 1
    for place, header in enumerate(section.columns):
        sheet.write_string(0, place, header, styles["header"])
        cells = [row[place] for row in section.rows]
        width = max(text_width(str(cell)) for cell in (header, *cells)) + 2
        style = _style_of(section, header, cells, width > _WIDEST)
        width = min(max(width, _NARROWEST), _WIDEST)
        if header in section.inputs:
            width = _INPUT_WIDTHS[header]
        sheet.set_column(place, place, width, styles[style])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last_row, last_column)
    sheet.ignore_errors(
        {"number_stored_as_text": f"A1:{_column_letter(last_column)}{last_row + 1}"}
    )
    if "结论" in section.inputs:
        _offer_verdicts(sheet, last_row)
    sheet.set_landscape()
    sheet.set_paper(_A4_PAPER)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    # "&" starts a code in headers, and they hold 255 characters.
    sheet.set_header("&L" + title[:100].replace("&", "&&") + f"&R{section.title}")
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _style_of(section: Section, header: str, cells: list[Any], too_wide: bool) -> str:
    if header in section.inputs:
        return "input"
    numbers = sum(isinstance(cell, int) for cell in cells)
    if numbers:
        return "count" if numbers == len(cells) else "mixed"
    return "long" if too_wide or any("\n" in cell for cell in cells) else "text"


def _offer_verdicts(sheet: Worksheet, last_row: int) -> None:
    sheet.data_validation(
        1,
        _VERDICT_COLUMN,
        max(last_row, 1),
        _VERDICT_COLUMN,
        {
            "validate": "list",
            "source": list(VERDICTS),
            "ignore_blank": True,
            "error_title": "结论",
            "error_message": f"请选择：{'、'.join(VERDICTS)}；不填则保持待审核。",
        },
    )


def _column_letter(place: int) -> str:
    return chr(ord("A") + place)
