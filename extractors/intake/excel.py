"""Read an .xlsx table, looking at the type of every cell, not only at what it shows."""

import datetime
import io
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from domain.faults import InputFault
from extractors.intake.columns import IDENTIFIER_COLUMNS, STUDENT_NUMBER, TableSpec
from extractors.intake.csv_table import SCIENTIFIC
from extractors.intake.grid import (
    MAX_ROWS,
    Grid,
    drop_blank_rows,
    number_cell,
    refused,
    too_many_rows,
    whole_file,
)
from extractors.intake.headers import Layout, count_known, match_headers
from extractors.intake.sheet_scan import SheetScan, scan_sheet
from extractors.intake.workbook_safety import broken_workbook, inspect_workbook

_MAX_COLUMNS = 256


def read_excel(file: str, data: bytes, specs: tuple[TableSpec, ...]) -> Grid:
    """Return the table in a workbook, matched with the best of `specs`, and every fault found.

    The table stands on the one sheet whose first row has a 学号 header; other sheets are ignored.
    """
    if faults := inspect_workbook(file, data):
        return refused(file, faults)
    try:
        # openpyxl warns of styles and extensions that it leaves out; values are all we take.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            try:
                return _read_book(file, book, specs)
            finally:
                book.close()
    except Exception:  # openpyxl raises whatever its parsing stumbles over; the file is broken
        return refused(file, [broken_workbook(file)])


def read_subject(data: bytes) -> str:
    """Return what a workbook says it is about, "" where it says nothing.

    `data` is a workbook that `read_excel` took without a fault of the whole file.
    """
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        return str(book.properties.subject or "")
    finally:
        book.close()


def _read_book(file: str, book: Any, specs: tuple[TableSpec, ...]) -> Grid:
    sheets = []
    for sheet in book.worksheets:
        with sheet._get_source() as source:  # the path of a sheet's part has no public name
            scan = scan_sheet(source)
        headers = _read_headers(sheet, scan)
        if count_known(headers, (_STUDENT_NUMBER_ONLY,)):
            sheets.append((sheet, scan, headers))
    if len(sheets) > 1:
        return refused(file, [_several_sheets(file, len(sheets))])
    if not sheets:
        return refused(file, list(match_headers(file, (), specs).faults))
    sheet, scan, headers = sheets[0]
    if scan.last_row > MAX_ROWS + 1:
        return refused(file, [too_many_rows(file)])
    layout = match_headers(file, headers, specs)
    faults = _structure_faults(file, scan, layout)
    frame = _read_frame(file, sheet, scan, layout, faults)
    return Grid(file=file, layout=layout, frame=frame, faults=(*layout.faults, *faults))


_STUDENT_NUMBER_ONLY = TableSpec(stem="", required=(STUDENT_NUMBER,), optional=())


def _rows(sheet: Any, last_row: int, last_column: int) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # the file's own word on its size may be wrong
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(
        min_row=1, max_row=last_row, min_col=1, max_col=last_column
    )
    return rows


def _read_headers(sheet: Any, scan: SheetScan) -> tuple[str, ...]:
    width = min(scan.header_columns, _MAX_COLUMNS)
    if not width:
        return ()
    row = next(_rows(sheet, 1, width))
    return tuple("" if cell.value is None else str(cell.value) for cell in row)


def _read_frame(
    file: str, sheet: Any, scan: SheetScan, layout: Layout, faults: list[InputFault]
) -> pd.DataFrame:
    names = [name for _, name in layout.positions]
    if not names:
        return pd.DataFrame()
    width = max(position for position, _ in layout.positions) + 1
    numbers, texts = [], []
    for number, row in enumerate(_rows(sheet, scan.last_row, width), start=1):
        if number == 1 or all(cell.value is None for cell in row):
            continue
        numbers.append(number)
        texts.append(
            [
                _read_cell(file, number, name, row[position], faults)
                for position, name in layout.positions
            ]
        )
    return drop_blank_rows(pd.DataFrame(texts, index=numbers, columns=names, dtype=str))


def _read_cell(file: str, row: int, column: str, cell: Any, faults: list[InputFault]) -> str:
    value, kind = cell.value, cell.data_type if cell.value is not None else "n"
    if value is None or kind == "f":  # formulas are faults of the structure already
        return ""
    if kind == "e":
        faults.append(_error_cell(file, row, column))
        return ""
    if column in IDENTIFIER_COLUMNS and (kind != "s" or SCIENTIFIC.fullmatch(str(value).strip())):
        faults.append(number_cell(file, row, column))
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        # 15 digits are what Excel shows and keeps; more are artefacts of binary fractions.
        return format(Decimal(format(value, ".15g")), "f")
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return _date_text(value, cell.number_format or "")
    return str(value).strip()


def _date_text(value: datetime.date | datetime.time | datetime.timedelta, pattern: str) -> str:
    """Return ISO 8601; a date that the sheet shows without its day has no day (2021-12)."""
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time.min:
            return value.isoformat(sep=" ", timespec="seconds")
        value = value.date()
    if isinstance(value, datetime.date):
        shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", pattern).lower()
        return value.isoformat() if "d" in shown or "y" not in shown else f"{value:%Y-%m}"
    return str(value)


def _structure_faults(file: str, scan: SheetScan, layout: Layout) -> list[InputFault]:
    names = {position + 1: name for position, name in layout.positions}
    width = min(scan.header_columns, _MAX_COLUMNS)
    faults = [
        InputFault(
            file=file,
            row=row,
            column=names.get(column, get_column_letter(column)),
            code="formula-cell",
            message="此单元格是公式。请复制整列，以“值”的形式粘贴。",
            message_en="holds a formula; copy the column and paste its values.",
        )
        for row, column in scan.formulas
        if column <= width
    ]
    for reference, (left, top, _, _) in scan.merged:
        if left <= width and top <= scan.last_row:
            faults.append(
                InputFault(
                    file=file,
                    row=top,
                    column=names.get(left, get_column_letter(left)),
                    code="merged-cell",
                    message=f"单元格 {reference} 已合并。请取消合并，并逐行填写。",
                    message_en=f"the cells {reference} are merged; unmerge them and fill in every"
                    " row.",
                )
            )
    return faults


def _error_cell(file: str, row: int, column: str) -> InputFault:
    return InputFault(
        file=file,
        row=row,
        column=column,
        code="error-cell",
        message="此单元格是错误值（如 #N/A）。请填写正确的值。",
        message_en="holds an error value such as #N/A; enter the right value.",
    )


def _several_sheets(file: str, count: int) -> InputFault:
    return whole_file(
        file,
        "several-sheets",
        f"有 {count} 个工作表都含有“{STUDENT_NUMBER}”表头，无法确定用哪一个。请只保留一个。",
        f"has {count} sheets with a {STUDENT_NUMBER} header; keep one.",
    )
