"""Read a CSV table: UTF-8 with or without BOM, else GB18030; every cell as text (contract, 1)."""

import codecs
import csv
import io
import re

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
from extractors.intake.headers import count_known, match_headers

# What Excel writes for a long number. The sign is always there, so that a certificate number such
# as 12E3456 is not taken for one.
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE][+-][0-9]{1,3}|[0-9]{6,}\.0+")


def read_csv(file: str, data: bytes, specs: tuple[TableSpec, ...]) -> Grid:
    """Return the table in `data`, matched with the best of `specs`, and every fault found."""
    text = _decode(file, data, specs)
    if isinstance(text, InputFault):
        return refused(file, [text])
    records, faults = _scan(file, text)
    if faults or not records:
        layout = match_headers(file, tuple(records[0]) if records else (), specs)
        return refused(file, [*faults, *layout.faults])
    layout = match_headers(file, tuple(records[0]), specs)
    frame = _parse(text, max(len(record) for record in records))
    if len(frame) != len(records):  # two parsers that disagree: neither is to be trusted
        return refused(file, [_broken(file, None)])
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    frame = frame.iloc[1:, [position for position, _ in layout.positions]]
    frame.columns = pd.Index([name for _, name in layout.positions], dtype="str")
    ragged = _ragged(file, records)
    whole = frame.apply(lambda column: column.str.strip())
    numbers = [
        number_cell(file, int(row), name)
        for name in whole.columns
        if name in IDENTIFIER_COLUMNS
        for row in whole.index[whole[name].str.fullmatch(SCIENTIFIC)]
    ]
    return Grid(
        file=file,
        layout=layout,
        frame=drop_blank_rows(whole),
        faults=(*layout.faults, *ragged, *numbers),
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


def _scan(file: str, text: str) -> tuple[list[list[str]], list[InputFault]]:
    """Return the records, or the fault that makes counting them pointless."""
    if "\0" in text:
        return [], [_nul(file, text.count("\n", 0, text.index("\0")) + 1)]
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records.append(record)
            if len(records) > MAX_ROWS + 1 and any(record):
                return records[:1], [too_many_rows(file)]
    except csv.Error:
        return records[:1], [_broken(file, len(records) + 1)]
    while records and not any(records[-1]):
        records.pop()
    return records, _wrong_separator(file, records)


def _parse(text: str, width: int) -> pd.DataFrame:
    frame = pd.read_csv(
        io.StringIO(text, newline=""),
        header=None,
        names=list(range(width)),
        index_col=False,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        engine="c",
        low_memory=False,
    )
    filled = (frame != "").any(axis="columns").to_numpy().nonzero()[0]
    return frame.iloc[: filled[-1] + 1]


def _ragged(file: str, records: list[list[str]]) -> list[InputFault]:
    width = len(records[0])
    return [
        InputFault(
            file=file,
            row=row,
            column="",
            code="ragged-row",
            message=f"此行有 {len(record)} 个单元格，表头有 {width} 个。"
            "请检查是否有未加引号的逗号或换行。",
            message_en=f"has {len(record)} cells where the header has {width}; look for a comma"
            " or line break without quotes.",
        )
        for row, record in enumerate(records[1:], start=2)
        if any(record) and (len(record) < width or any(record[width:]))
    ]


def _wrong_separator(file: str, records: list[list[str]]) -> list[InputFault]:
    if not records or len(records[0]) > 1 or not re.search(r"[\t;；，|]", records[0][0]):
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
