"""Read a CSV table: UTF-8 with or without BOM, else GB18030; every cell as text (contract, 1)."""

import codecs
import csv
import io
import re
from dataclasses import dataclass

import pandas as pd

from domain.faults import InputFault
from extractors.intake.columns import IDENTIFIER_COLUMNS, TableSpec
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

# What Excel writes for a long number. The sign is always there, so that a certificate number such
# as 12E3456 is not taken for one.
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE][+-][0-9]{1,3}|[0-9]{6,}\.0+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What one pass of the csv module says: header, last row with content, longest row.

    `ragged` are (row number, cells) of rows that the header does not fit.
    """

    header: tuple[str, ...]
    last_row: int
    width: int
    ragged: tuple[tuple[int, int], ...]


def read_csv(file: str, data: bytes, specs: tuple[TableSpec, ...]) -> Grid:
    """Return the table in `data`, matched with the best of `specs`, and every fault found.

    A ragged row is a fault and left out, for its cells may stand under wrong headers.
    """
    text = _decode(file, data, specs)
    if isinstance(text, InputFault):
        return refused(file, [text])
    shape = _scan(file, text)
    if isinstance(shape, InputFault):
        return refused(file, [shape])
    layout = match_headers(file, shape.header, specs)
    if not layout.positions:
        return refused(file, [*_wrong_separator(file, shape.header), *layout.faults])
    frame = _parse(text, shape, layout)
    if len(frame) != shape.last_row:  # two parsers that disagree: neither is to be trusted
        return refused(file, [_broken(file, None)])
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    frame = frame.drop(index=[1, *(row for row, _ in shape.ragged)])
    frame = frame.apply(lambda column: column.str.strip())
    numbers = [
        number_cell(file, int(row), name)
        for name in frame.columns
        if name in IDENTIFIER_COLUMNS
        for row in frame.index[frame[name].str.fullmatch(SCIENTIFIC)]
    ]
    return Grid(
        file=file,
        layout=layout,
        frame=drop_blank_rows(frame),
        faults=(*layout.faults, *_ragged(file, shape), *numbers),
    )


def _decode(file: str, data: bytes, specs: tuple[TableSpec, ...]) -> str | InputFault:
    if data.startswith(codecs.BOM_UTF8):
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return _undecodable(file, data, error.start, "UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        utf8_start = error.start
    # A damaged UTF-8 file often is valid GB18030 by accident: the header tells which was meant.
    first_line = data.split(b"\n", 1)[0]
    as_utf8 = tuple(first_line.decode("utf-8", "replace").split(","))
    as_gb18030 = tuple(first_line.decode("gb18030", "replace").split(","))
    if count_known(as_utf8, specs) > count_known(as_gb18030, specs):
        return _undecodable(file, data, utf8_start, "UTF-8")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        return _undecodable(file, data, error.start, "GB18030")


def _scan(file: str, text: str) -> _Shape | InputFault:
    """Return the shape of the table; keeps no row, for a file can hold millions of blank ones."""
    if "\0" in text:
        return _nul(file, text.count("\n", 0, text.index("\0")) + 1)
    header: tuple[str, ...] = ()
    last_row, width, number = 0, 0, 0
    ragged: list[tuple[int, int]] = []
    try:
        for number, record in enumerate(
            csv.reader(io.StringIO(text, newline=""), strict=True), start=1
        ):
            if number == 1:
                header = tuple(record)
            if not any(record):
                continue
            if number > MAX_ROWS + 1:
                return too_many_rows(file)
            last_row = number
            width = max(width, len(record))
            if len(record) < len(header) or any(record[len(header) :]):
                ragged.append((number, len(record)))
    except csv.Error:
        return _broken(file, number + 1)
    return _Shape(header=header, last_row=last_row, width=width, ragged=tuple(ragged))


def _parse(text: str, shape: _Shape, layout: Layout) -> pd.DataFrame:
    """Return the known columns in the contract's order, the header still as the first row."""
    positions = [position for position, _ in layout.positions]
    frame = pd.read_csv(
        io.StringIO(text, newline=""),
        header=None,
        names=list(range(max(shape.width, len(shape.header)))),
        usecols=positions,
        index_col=False,
        nrows=shape.last_row,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        engine="c",
    )[positions]
    frame.columns = pd.Index([name for _, name in layout.positions], dtype="str")
    return frame


def _ragged(file: str, shape: _Shape) -> list[InputFault]:
    width = len(shape.header)
    return [
        InputFault(
            file=file,
            row=row,
            column="",
            code="ragged-row",
            message=f"此行有 {count} 个单元格，表头有 {width} 个。"
            "请检查是否有未加引号的逗号或换行。",
            message_en=f"has {count} cells where the header has {width}; look for a comma"
            " or line break without quotes.",
        )
        for row, count in shape.ragged
    ]


def _wrong_separator(file: str, header: tuple[str, ...]) -> list[InputFault]:
    if len(header) != 1 or not re.search(r"[\t;；，|]", header[0]):
        return []
    return [
        whole_file(
            file,
            "wrong-separator",
            "各列之间应以英文逗号分隔。请另存为“CSV UTF-8（逗号分隔）”。",
            "columns must be separated by commas; save the file as CSV (comma delimited).",
        )
    ]


def _undecodable(file: str, data: bytes, start: int, encoding: str) -> InputFault:
    return InputFault(
        file=file,
        row=data.count(b"\n", 0, start) + 1,
        column="",
        code="undecodable",
        message=f"第 {start + 1} 个字节不是有效的 {encoding} 编码。"
        "请用 Excel 另存为“CSV UTF-8（逗号分隔）”后重试。",
        message_en=f"byte {start + 1} is not valid {encoding}; save the file as CSV UTF-8.",
    )


def _nul(file: str, row: int) -> InputFault:
    return InputFault(
        file=file,
        row=row,
        column="",
        code="control-character",
        message="含有空字符（NUL），文件可能已损坏。请从平台重新导出。",
        message_en="holds a NUL character, the file may be damaged; export it again.",
    )


def _broken(file: str, row: int | None) -> InputFault:
    return InputFault(
        file=file,
        row=row,
        column="",
        code="broken-csv",
        message="从这里起无法按 CSV 解析，可能是引号没有成对。请更正或从平台重新导出。",
        message_en="cannot be parsed as CSV from here on, perhaps a quote is not closed; correct"
        " it or export the table again.",
    )
