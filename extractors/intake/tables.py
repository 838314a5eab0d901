"""Turn the tables of a batch folder into applications and course results."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from domain.application import (
    ACTIVE_STATUSES,
    WITHDRAWN_STATUSES,
    Application,
    BatchKind,
    CourseResult,
    columns_digest,
)
from domain.faults import InputFault
from extractors.intake.columns import APPLICATIONS, COURSES, STATUS, STUDENT_NUMBER, TableSpec
from extractors.intake.csv_table import read_csv
from extractors.intake.excel import read_excel
from extractors.intake.grid import MAX_FILE_BYTES, Grid, refused, whole_file
from extractors.intake.opening import read_text_file

# It names the folder uploads/<学号> and files of the outcome: no separators, no leading sign that a
# command line or a spreadsheet would take for something else, no trailing dot.
_SAFE_STUDENT_NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9_-])?", re.ASCII)

# No database, JSON or XML takes these: NUL, and halves of a surrogate pair.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row: its number in the file (header = 1) and its (header, cell) pairs."""

    number: int
    columns: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of the canonical JSON of the columns."""
        return columns_digest(self.columns)

    def cell(self, header: str) -> str:
        """Return the cell under a header, "" where there is none."""
        return dict(self.columns).get(header, "")


def read_applications(
    folder: Path, kind: BatchKind | None
) -> tuple[tuple[Application, ...], tuple[str, ...], list[InputFault]]:
    """Return the applications, the headers that were ignored, and every fault of the table.

    Where the kind of the batch is unknown the headers tell which table was meant.
    """
    specs = tuple(APPLICATIONS.values()) if kind is None else (APPLICATIONS[kind],)
    grid = _read_grid(folder, specs)
    rows, faults = _rows(grid)
    faults = [*grid.faults, *faults, *_student_number_faults(grid.file, rows, grid.faults)]
    faults += _duplicate_faults(grid.file, rows) + _status_faults(grid.file, rows)
    if grid.layout and not rows and not faults:
        faults.append(_no_rows(grid.file))
    applications = tuple(
        Application(
            student_number=row.cell(STUDENT_NUMBER),
            row_number=row.number,
            columns=row.columns,
            digest=row.digest,
        )
        for row in rows
    )
    return applications, _ignored(grid), faults


def read_courses(
    folder: Path,
) -> tuple[tuple[CourseResult, ...], tuple[str, ...], list[InputFault]]:
    """Return the course results, the headers that were ignored, and every fault of the table.

    A course result of somebody without an application is kept; a table without rows is valid.
    """
    grid = _read_grid(folder, (COURSES,))
    rows, faults = _rows(grid)
    faults = [*grid.faults, *faults, *_student_number_faults(grid.file, rows, grid.faults)]
    results = tuple(
        CourseResult(
            student_number=row.cell(STUDENT_NUMBER),
            row_number=row.number,
            columns=row.columns,
            digest=row.digest,
        )
        for row in rows
    )
    return results, _ignored(grid), faults


def _read_grid(folder: Path, specs: tuple[TableSpec, ...]) -> Grid:
    stem = specs[0].stem
    present = [name for name in (f"{stem}.csv", f"{stem}.xlsx") if os.path.lexists(folder / name)]
    if not present:
        return refused(stem + ".csv", [_no_table(stem)])
    if len(present) > 1:
        return refused(stem + ".csv", [_two_tables(stem)])
    data = read_text_file(folder / present[0], MAX_FILE_BYTES)
    if isinstance(data, InputFault):
        return refused(present[0], [data])
    read = read_csv if present[0].endswith(".csv") else read_excel
    return read(present[0], data, specs)


def _rows(grid: Grid) -> tuple[list[TableRow], list[InputFault]]:
    headers = list(grid.frame.columns)
    rows, faults = [], []
    for number, cells in zip(grid.frame.index, grid.frame.to_numpy().tolist(), strict=True):
        columns = tuple(zip(headers, cells, strict=True))
        for header, cell in columns:
            if _UNSTORABLE.search(cell):
                faults.append(_control_character(grid.file, int(number), header))
        rows.append(TableRow(number=int(number), columns=columns))
    return rows, faults


def _ignored(grid: Grid) -> tuple[str, ...]:
    return grid.layout.ignored if grid.layout else ()


def _student_number_faults(
    file: str, rows: list[TableRow], known: tuple[InputFault, ...]
) -> list[InputFault]:
    # A cell that is a number or a formula has its fault already.
    told = {fault.row for fault in known if fault.column == STUDENT_NUMBER}
    faults = []
    for row in rows:
        number = row.cell(STUDENT_NUMBER)
        if not any(header == STUDENT_NUMBER for header, _ in row.columns) or row.number in told:
            continue
        if not number:
            message = "学号为空。请补填学号，或删除此行。"
            english = "is empty; fill it in, or remove the row."
            faults.append(_cell_fault(file, row, "empty-student-number", message, english))
        elif not _SAFE_STUDENT_NUMBER.fullmatch(number):
            message = (
                "学号只能由半角字母、数字和 . _ - 组成，以字母或数字开头，不以点结尾，最多 32 位。"
                "请更正，并使 uploads 下的文件夹同名。"
            )
            english = (
                "may hold ASCII letters, digits and . _ - only, starts with a letter or digit,"
                " does not end with a dot, at most 32; correct it, and the folder below uploads."
            )
            faults.append(_cell_fault(file, row, "unsafe-student-number", message, english))
    return faults


def _duplicate_faults(file: str, rows: list[TableRow]) -> list[InputFault]:
    first: dict[str, int] = {}
    faults = []
    for row in rows:
        number = row.cell(STUDENT_NUMBER)
        if number and first.setdefault(number, row.number) != row.number:
            message = f"与第 {first[number]} 行学号重复。每个学号只能有一行，请删除多余的行。"
            english = f"repeats the number of row {first[number]}; keep one row for each."
            faults.append(_cell_fault(file, row, "duplicate-student-number", message, english))
    return faults


def _status_faults(file: str, rows: list[TableRow]) -> list[InputFault]:
    known = sorted((ACTIVE_STATUSES | WITHDRAWN_STATUSES) - {""})
    return [
        InputFault(
            file=file,
            row=row.number,
            column=STATUS,
            code="unknown-status",
            message=f"未知的申请状态。只能是：{'、'.join(known)}，或留空。请更正。",
            message_en=f"is not a known status; use one of {', '.join(known)}, or leave it empty.",
        )
        for row in rows
        if row.cell(STATUS) not in ACTIVE_STATUSES | WITHDRAWN_STATUSES
    ]


def _cell_fault(file: str, row: TableRow, code: str, message: str, english: str) -> InputFault:
    return InputFault(
        file=file,
        row=row.number,
        column=STUDENT_NUMBER,
        code=code,
        message=message,
        message_en=english,
    )


def _control_character(file: str, row: int, column: str) -> InputFault:
    return InputFault(
        file=file,
        row=row,
        column=column,
        code="control-character",
        message="含有无法保存的字符，单元格可能已损坏。请重新录入。",
        message_en="holds a character that cannot be stored; enter the cell again.",
    )


def _no_table(stem: str) -> InputFault:
    return whole_file(
        stem + ".csv",
        "no-table",
        f"文件夹中既没有 {stem}.csv，也没有 {stem}.xlsx。请从平台重新导出"
        "（旧版 .xls 请另存为 .xlsx）。",
        f"is missing, and so is {stem}.xlsx; export the table again (save an old .xls as .xlsx).",
    )


def _two_tables(stem: str) -> InputFault:
    return whole_file(
        stem + ".csv",
        "two-tables",
        f"{stem}.csv 和 {stem}.xlsx 同时存在，无法确定以哪个为准。请只保留一个。",
        f"stands beside {stem}.xlsx; keep one of them.",
    )


def _no_rows(file: str) -> InputFault:
    return whole_file(
        file,
        "no-rows",
        "表中只有表头，没有任何申请。请确认导出的批次和筛选条件。",
        "holds no application below its header; check which batch was exported.",
    )
