"""One titled table of a report: what every section is made of."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from reports.cells import display_cell

Cell = str | int
OVERVIEW, DETAILS, DIFFERENCES = "总览", "明细", "差异"
STUDENT_COLUMN = "学号"
_SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One titled table. Text cells are safe to show; counts are numbers.

    `inputs` are the columns that a person fills in. `links_to` is the title of the section in which
    the same 学号 stands with more about it, "" for none.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    inputs: tuple[str, ...] = ()
    links_to: str = ""


def make_section(
    title: str,
    columns: tuple[str, ...],
    rows: Iterable[tuple[Cell, ...]],
    note: str = "",
    links_to: str = "",
) -> Section:
    """Return a section of rows as they are in the data: texts are made safe here."""
    safe = tuple(
        tuple(display_cell(cell) if isinstance(cell, str) else cell for cell in row) for row in rows
    )
    return Section(title=title, columns=columns, rows=safe, note=note, links_to=links_to)


def local_time(moment: datetime.datetime) -> str:
    """Return an instant as the school's wall clock shows it (UTC+8)."""
    return moment.astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
