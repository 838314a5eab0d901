"""The layout of a form as a file says it: page, type sizes, rows of cells on a grid of columns."""

import dataclasses
import difflib
import tomllib
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from domain.faults import ConfigurationFault

MM_PT = 72 / 25.4
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """The page in millimetres, and the number of columns of its grid."""

    width_mm: float = 210.0
    height_mm: float = 297.0
    margin_left_mm: float = 18.0
    margin_right_mm: float = 18.0
    margin_top_mm: float = 12.0
    margin_bottom_mm: float = 12.0
    columns: int = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSizes:
    """Type sizes in points. Values shrink to `least_pt`, wrapping where that alone will not do."""

    title_pt: float = 22.0
    label_pt: float = 9.5
    value_pt: float = 10.5
    least_pt: float = 7.0
    note_pt: float = 8.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: what stands in it, and how many columns and rows it covers.

    One of: `label` (fixed, centred), `field` (a value by name), `text` (fixed, from the left),
    `photo`. A `vertical` label runs downwards. `sign` stands at the lower right of any cell.
    """

    span: int
    rows: int = 1
    label: str = ""
    field: str = ""
    text: str = ""
    photo: bool = False
    vertical: bool = False
    centred: bool = False
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of cells.

    With `each` it is repeated over a list (`core_courses`), `per_row` of its groups of cells beside
    each other, at least `least` times. `grow` is its share of the room that is left on the page.
    """

    height_mm: float
    cells: tuple[Cell, ...]
    grow: float = 0.0
    each: str = ""
    per_row: int = 1
    least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A whole form. `title` may hold {school}; `header` are lines below it, left and right."""

    title: str
    school: str = ""
    header_left: str = ""
    header_right: str = ""
    page: PageLayout = field(default_factory=PageLayout)
    type: TypeSizes = field(default_factory=TypeSizes)
    row: tuple[Row, ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """Return the names of every value that the form shows."""
        return frozenset(cell.field for row in self.row for cell in row.cells if cell.field)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the words of the form itself."""
        cells = [cell for row in self.row for cell in row.cells]
        words = (text for cell in cells for text in (cell.label, cell.text, cell.sign))
        return (self.title, self.school, self.header_left, self.header_right, *words)


def parse_layout(text: str, name: str) -> Layout:
    """Return the layout that a TOML text says; raises `ConfigurationFault` with every fault."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationFault(f"{name}: {error}") from error
    faults: list[str] = []
    layout = build(Layout, data, name, faults)
    if layout is not None:
        faults += _grid_faults(layout, name)
    if faults or layout is None:
        raise ConfigurationFault("\n".join(faults))
    return layout


def _grid_faults(layout: Layout, name: str) -> list[str]:
    """Return which rows reach beyond the page's columns, cells that reach down included."""
    if not layout.row:
        return [f"{name}: there is no [[row]]"]
    faults, reaching = [], [0] * (len(layout.row) + max(1, *_downs(layout)))
    for place, row in enumerate(layout.row):
        columns = sum(cell.span for cell in row.cells) * row.per_row + reaching[place]
        if columns > layout.page.columns:
            faults.append(
                f"{name}: row {place + 1} covers {columns} columns, the page has"
                f" {layout.page.columns}"
            )
        for cell in row.cells:
            for down in range(1, cell.rows):
                reaching[place + down] += cell.span
        if row.each and any(cell.rows > 1 for cell in row.cells):
            faults.append(f"{name}: row {place + 1} is repeated, its cells cannot reach down")
    return faults


def _downs(layout: Layout) -> list[int]:
    return [cell.rows for row in layout.row for cell in row.cells]


def build(kind: type[T], data: Any, place: str, faults: list[str]) -> T | None:
    """Return a dataclass from TOML data, None and the faults where something does not fit."""
    if not isinstance(data, dict):
        faults.append(f"{place}: a table is expected")
        return None
    hints = get_type_hints(kind)
    before, values = len(faults), {}
    for key, value in data.items():
        if key not in hints:
            close = difflib.get_close_matches(key, hints, n=1)
            near = f"; did you mean {close[0]!r}?" if close else ""
            faults.append(f"{place}: unknown key {key!r}{near}")
        else:
            values[key] = _value(hints[key], value, f"{place}.{key}", faults)
    for known in dataclasses.fields(kind):  # type: ignore[arg-type]
        required = known.default is known.default_factory is dataclasses.MISSING
        if required and known.name not in data:
            faults.append(f"{place}: {known.name!r} is missing")
    return kind(**values) if len(faults) == before else None


def _value(hint: Any, value: Any, place: str, faults: list[str]) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            faults.append(f"{place}: a list is expected")
            return ()
        kind = get_args(hint)[0]
        return tuple(
            _value(kind, item, f"{place}[{number}]", faults)
            for number, item in enumerate(value, start=1)
        )
    if get_origin(hint) is dict:
        if not isinstance(value, dict):
            faults.append(f"{place}: a table is expected")
            return {}
        kind = get_args(hint)[1]
        return {key: _value(kind, item, f"{place}.{key}", faults) for key, item in value.items()}
    if dataclasses.is_dataclass(hint):
        return build(hint, value, place, faults)  # type: ignore[arg-type]
    if hint is float and type(value) is int:
        value = float(value)
    if type(value) is not hint or (hint in (int, float) and value < 0):
        faults.append(f"{place}: {value!r} is not {_described(hint)}")
    return value


def _described(hint: Any) -> str:
    named = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
    return named.get(hint, "as expected")
