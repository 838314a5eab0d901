"""Measure a worksheet before reading it: how far its content reaches, formulas, merged cells.

The spreadsheet library in its streaming mode neither reports merged cells nor survives a row
number of two thousand million, and it walks through a million blank rows; this pass does not.
"""

import re
from dataclasses import dataclass
from typing import IO

from extractors.intake.workbook_safety import strict_parser

MAX_SHEET_ROWS = 1_048_576  # Excel's own limits
_MAX_SHEET_COLUMNS = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class ScanFailed(Exception):
    """The sheet contradicts its own format: no such row, no such column, rows out of order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetScan:
    """Rows and columns count from 1; a range is (left, top, right, bottom), both ends included."""

    last_row: int
    header_columns: int
    formulas: tuple[tuple[int, int], ...]
    merged: tuple[tuple[str, tuple[int, int, int, int]], ...]


def scan_sheet(source: IO[bytes]) -> SheetScan:
    """Return the extent of a sheet's content; raises `ScanFailed` for a sheet that lies.

    Also raises expat's errors and `UnsafeXml`.
    """
    scanner = _Scanner()
    parser = strict_parser()
    parser.StartElementHandler = scanner.start
    parser.ParseFile(source)
    return SheetScan(
        last_row=scanner.last_row,
        header_columns=scanner.header_columns,
        formulas=tuple(scanner.formulas),
        merged=tuple(scanner.merged),
    )


class _Scanner:
    def __init__(self) -> None:
        self.row = 0
        self.column = 0
        self.last_row = 0
        self.header_columns = 0
        self.formulas: list[tuple[int, int]] = []
        self.merged: list[tuple[str, tuple[int, int, int, int]]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(":", 1)[-1]
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name in ("v", "is", "f"):
            self.last_row = self.row
            if self.row == 1:
                self.header_columns = self.column
            if name == "f":
                self.formulas.append((self.row, self.column))
        elif name == "mergeCell":
            reference = attributes.get("ref", "")
            first, _, last = reference.partition(":")
            left, top = _parse_reference(first)
            right, bottom = _parse_reference(last or first)
            self.merged.append((reference, (left, top, right, bottom)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", str(self.row + 1))
        if not (given.isascii() and given.isdigit() and len(given) <= 7):
            raise ScanFailed
        number = int(given)
        if not self.row < number <= MAX_SHEET_ROWS:
            raise ScanFailed
        self.row = number
        self.column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        column = self.column + 1
        if reference := attributes.get("r"):
            column, row = _parse_reference(reference)
            if row != self.row:
                raise ScanFailed
        if not self.column < column <= _MAX_SHEET_COLUMNS:
            raise ScanFailed
        self.column = column


def _parse_reference(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ScanFailed
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(match[2])
