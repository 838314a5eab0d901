"""A table as read from its file, before its rows mean anything."""

from dataclasses import dataclass

import pandas as pd

from domain.faults import InputFault
from extractors.intake.headers import Layout

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The known columns of one table, every cell as trimmed text.

    `frame` has the canonical headers as columns, in the contract's order, and the row numbers of
    the file (header = 1) as index; blank rows are left out. `faults` are those of the file, its
    header and its cells.
    """

    file: str
    layout: Layout | None
    frame: pd.DataFrame
    faults: tuple[InputFault, ...]


def refused(file: str, faults: list[InputFault]) -> Grid:
    """Return a grid of which nothing but its faults is known."""
    return Grid(file=file, layout=None, frame=pd.DataFrame(), faults=tuple(faults))


def whole_file(file: str, code: str, message: str, message_en: str) -> InputFault:
    """Return a fault that concerns the file as a whole."""
    return InputFault(
        file=file, row=None, column="", code=code, message=message, message_en=message_en
    )


def too_many_rows(file: str) -> InputFault:
    """Return the fault of a table with more than `MAX_ROWS` rows."""
    return whole_file(
        file,
        "too-many-rows",
        f"超过 {MAX_ROWS:,} 行。请删除表格下方多余的内容，或拆分成多个批次。",
        f"has more than {MAX_ROWS:,} rows; remove what stands below the table, or split the batch.",
    )


def number_cell(file: str, row: int, column: str) -> InputFault:
    """Return the fault of an identifier that was stored as a number."""
    return InputFault(
        file=file,
        row=row,
        column=column,
        code="number-cell",
        message="此单元格是数字格式，Excel 只保留 15 位有效数字，号码可能已经改变。"
        "请把整列设为“文本”格式，再从平台重新导出或重新录入。",
        message_en="is stored as a number; Excel keeps 15 digits, so it may be damaged. Format the"
        " column as text and export or enter it again.",
    )


def drop_blank_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame without the rows in which every cell is empty."""
    return frame[(frame != "").any(axis="columns")]
