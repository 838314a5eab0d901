"""report.xlsx and review.xlsx: text stays text, nothing is live, same content gives same bytes."""

import datetime
import io
from typing import Any

import pandas
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from domain.assessment import Decision
from domain.outcome import WAITING_STATUS, BatchOutcome
from domain.review import REASONS
from reports.cells import display_cell, display_text, limit_length, neutralize, text_width
from reports.section import STUDENT_COLUMN, Cell, Section
from reports.sections import objections
from reports.summary import NO_SHARE
from reports.tables import sorted_rows

REVIEW_COLUMNS = ("学号", "姓名", "问题", "reason_codes", "case_version", "结论", "原因", "备注")
VERDICTS = ("通过", "通过并更正", "不通过", "重新上传")
_REVIEW_SHEET = "待审核"
_VERDICT_COLUMN = REVIEW_COLUMNS.index("结论")
_INPUT_WIDTHS = {"结论": 14, "原因": 30, "备注": 30}

_NARROWEST_COLUMN = 8
_WIDEST_COLUMN = 34  # longer text wraps; wider would print too small on A4
_WIDEST_OF_FEW = 70  # sheets of up to three columns have the room, and digests stay on one line
_HEADER_WIDTH = 12  # longer headers wrap
_LINE_HEIGHT_PT, _TALLEST_ROW_PT = 15, 405
_MOST_LINKS = 65_000  # Excel takes 65,530 on one sheet
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
    ("结论", "通过并更正", "证书真实有效，申报有笔误；以证书上印的值为准，可能须第二人确认"),
    ("结论", "不通过", "不符合要求；在原因中写原因的编号或名称，或给申请人看的话"),
    ("结论", "重新上传", "看不清或缺页；在原因中写明需要什么"),
    ("原因", "编号或名称", "；".join(f"{reason.key} {reason.label}" for reason in REASONS)),
    ("填写", "空行", "结论留空的行保持待审核"),
    ("填写", "不要修改", "学号、reason_codes、case_version 三列；版本变化的行会被拒绝"),
)


def render_report_workbook(outcome: BatchOutcome, sections: tuple[Section, ...]) -> bytes:
    """Return report.xlsx: one sheet per section, counts as numbers, everything else as text."""
    title = f"{outcome.batch.name} 核对报告{'（暂定）' if outcome.provisional else ''}"
    return _render_workbook(outcome, title, sections)


def render_review_workbook(outcome: BatchOutcome) -> bytes:
    """Return review.xlsx: what waits for a person, with room for verdicts.

    Rows are the applications that the machine gave to a person and nobody has decided yet, but for
    those that take blind typing or two people.
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
        if row.assessment.decision is Decision.REVIEW
        and row.review_status == WAITING_STATUS
        and not row.off_workbook
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


def render_sections(outcome: BatchOutcome, title: str, sections: tuple[Section, ...]) -> bytes:
    """Return a workbook of text: one sheet per section, nothing live."""
    return _render_workbook(outcome, title, sections)


def _render_workbook(outcome: BatchOutcome, title: str, sections: tuple[Section, ...]) -> bytes:
    buffer = io.BytesIO()
    title = display_text(title)
    writer = pandas.ExcelWriter(
        buffer, engine="xlsxwriter", engine_kwargs={"options": _WORKBOOK_OPTIONS}
    )
    with writer:
        book: Workbook = writer.book
        # The subject says whose verdicts a filled review.xlsx holds: 学号 stand in many batches.
        properties = {"title": title, "subject": outcome.batch.id, "created": _created(outcome)}
        book.set_properties(properties)
        styles = _styles(book)
        sheets = {section.title: section for section in sections}
        for section in sections:
            frame = pandas.DataFrame(list(section.rows), columns=list(section.columns))
            frame = frame.astype(object)
            frame.to_excel(writer, sheet_name=section.title, index=False, header=False, startrow=1)
            sheet = writer.sheets[section.title]
            _dress(sheet, section, title, styles)
            if target := sheets.get(section.links_to):
                _link(sheet, section, target, styles["link"])
    return buffer.getvalue()


def _created(outcome: BatchOutcome) -> datetime.datetime:
    """Return the deadline in UTC without zone: the only date that is in the data, not the clock."""
    return outcome.batch.deadline.astimezone(datetime.UTC).replace(tzinfo=None)


def _styles(book: Workbook) -> dict[str, Format]:
    body = {"font_name": _FONT, "font_size": 10, "valign": "top"}
    text = {**body, "num_format": "@", "text_wrap": True}
    header = {
        **body,
        "bold": True,
        "valign": "vcenter",
        "text_wrap": True,
        "bg_color": "#DCE6F1",
        "border": 1,
        "border_color": "#9DB2CC",
    }
    return {
        "header": book.add_format(header),
        "header-right": book.add_format({**header, "align": "right", "indent": 1}),
        "text": book.add_format(text),
        "right": book.add_format({**text, "num_format": "0", "align": "right", "indent": 1}),
        "mixed": book.add_format({**text, "num_format": "0", "align": "left"}),
        "link": book.add_format({**text, "font_color": "#0B5394", "underline": 1}),
        "input": book.add_format({**text, "bg_color": "#FFF9E5"}),
    }


def _dress(sheet: Worksheet, section: Section, title: str, styles: dict[str, Format]) -> None:
    last_row, last_column = len(section.rows), len(section.columns) - 1
    cells = [tuple(map(_cell_width, row)) for row in section.rows]
    widths = [_column_width(section, place, cells) for place in range(len(section.columns))]
    for place, header in enumerate(section.columns):
        style = _style_of(section, place)
        header_style = "header-right" if style == "right" else "header"
        sheet.write_string(0, place, header, styles[header_style])
        sheet.set_column(place, place, widths[place], styles[style])
    # Explicit heights: not every program fits wrapped rows when it opens a file.
    heads = tuple(map(_cell_width, section.columns))
    for place, (row, row_widths) in enumerate(
        zip((section.columns, *section.rows), (heads, *cells), strict=True)
    ):
        lines = max(map(_line_count, row, row_widths, widths))
        sheet.set_row(place, min(lines * _LINE_HEIGHT_PT + 3, _TALLEST_ROW_PT))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last_row, last_column)
    sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, last_row, last_column)})
    if "结论" in section.inputs:
        _offer_verdicts(sheet, last_row)
    _set_up_print(sheet, title, section.title)


def _link(sheet: Worksheet, section: Section, target: Section, style: Format) -> None:
    """Let each 学号 lead to its first row in another sheet: links stay inside the workbook."""
    place, there = (one.columns.index(STUDENT_COLUMN) for one in (section, target))
    rows: dict[Cell, int] = {}
    for number, row in enumerate(target.rows, start=2):
        rows.setdefault(row[there], number)
    linked = [
        (number, row[place], rows[row[place]])
        for number, row in enumerate(section.rows, start=1)
        if row[place] in rows
    ]
    for number, text, found in linked[:_MOST_LINKS]:
        url = f"internal:'{target.title}'!{xl_col_to_name(there)}{found}"
        sheet.write_url(number, place, url, style, string=str(text))


def _cell_width(cell: Cell) -> int:
    return text_width(str(cell))


def _column_width(section: Section, place: int, cells: list[tuple[int, ...]]) -> int:
    header = section.columns[place]
    if header in section.inputs:
        return _INPUT_WIDTHS[header]
    widest = _WIDEST_OF_FEW if len(section.columns) <= 3 else _WIDEST_COLUMN
    longest = max((row[place] for row in cells), default=0)
    needed = max(longest, min(text_width(header) + 2, _HEADER_WIDTH), _NARROWEST_COLUMN)
    return min(needed + 2, widest)


def _line_count(cell: Cell, cell_width: int, width: int) -> int:
    if isinstance(cell, str) and "\n" in cell:
        return sum(max(1, -(-text_width(line) // (width - 1))) for line in cell.split("\n"))
    return max(1, -(-cell_width // (width - 1)))


def _style_of(section: Section, place: int) -> str:
    if section.columns[place] in section.inputs:
        return "input"
    cells = [row[place] for row in section.rows]
    numbers = sum(isinstance(cell, int) for cell in cells)
    if numbers:
        return "right" if numbers == len(cells) else "mixed"
    if cells and all(str(cell).endswith(("%", NO_SHARE)) for cell in cells):
        return "right"
    return "text"


def _set_up_print(sheet: Worksheet, title: str, sheet_title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4_PAPER)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    # "&" starts a code in headers, and they hold 255 characters.
    sheet.set_header("&L" + title[:100].replace("&", "&&") + f"&R{sheet_title}")
    sheet.set_footer("&C第 &P 页，共 &N 页")


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
