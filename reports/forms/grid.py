"""Place the cells of a layout on pages: rows grow with their values, pages break between rows."""

import dataclasses
from dataclasses import dataclass

from reports.forms.content import FormContent
from reports.forms.fitting import Fitted, fit
from reports.forms.fonts import FontChain
from reports.forms.layout import MM_PT, Cell, Layout, Row

PADDING_PT = 2.6
# Running text stands further from its frame than a value in a row of a table.
TEXT_PADDING_PT = 6.0
TITLE_LEADING = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in points from the upper left corner of the page."""

    left: float
    top: float
    width: float
    height: float

    def inner(self, padding_pt: float = PADDING_PT) -> "Box":
        """Return the room for text inside: the padding at the sides, half of it above and below."""
        return Box(
            left=self.left + padding_pt,
            top=self.top + padding_pt / 2,
            width=self.width - 2 * padding_pt,
            height=self.height - padding_pt,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCell:
    """A cell on its page with its text at its size. `name` is what the value is known by."""

    cell: Cell
    name: str
    value: str
    page: int
    box: Box
    fitted: Fitted


# A row with its cells, each with the name and text of its value.
Expanded = tuple[Row, tuple[tuple[Cell, str, str], ...]]


class FormTooLarge(Exception):
    """A row is higher than a page: the value in it is longer than any form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    cell: Cell
    name: str
    value: str
    row: int
    column: int


def place(layout: Layout, content: FormContent, fonts: FontChain) -> list[PlacedCell]:
    """Return every cell of a form where it stands. Raises `FormTooLarge`."""
    rows = [item for row in layout.row for item in _repeated(row, content)]
    slots = _slots(rows)
    heights = [row.height_mm * MM_PT for row, _ in rows]
    # Cells of one row first: what reaches over several rows only takes what is still lacking.
    for slot in sorted(slots, key=lambda slot: slot.cell.rows):
        last = min(slot.row + slot.cell.rows, len(heights))
        lacking = _needed(layout, slot, sum(heights[slot.row : last]), fonts)
        heights[last - 1] += max(0.0, lacking - sum(heights[slot.row : last]))
    pages = _paginate(layout, heights, slots)
    _grow(layout, rows, heights, pages)
    tops = _tops(layout, heights, pages)
    return [_placed(layout, slot, heights, pages, tops, fonts) for slot in slots]


def _repeated(row: Row, content: FormContent) -> list[Expanded]:
    """Return a row as it stands, or once for each group of its list."""
    if not row.each:
        return [(row, tuple((c, c.field, content.values.get(c.field, "")) for c in row.cells))]
    items = content.lists.get(row.each, ())
    count = max(row.least, -(-len(items) // row.per_row))
    rows = []
    for number in range(count):
        group = []
        for place in range(row.per_row):
            index = number * row.per_row + place
            item = items[index] if index < len(items) else {}
            group += [(c, f"{c.field}#{index + 1}", item.get(c.field, "")) for c in row.cells]
        rows.append((row, tuple(group)))
    return rows


def _slots(rows: list[Expanded]) -> list[_Slot]:
    """Give each cell its column, past cells of earlier rows that reach down."""
    taken: set[tuple[int, int]] = set()
    slots = []
    for number, (_, group) in enumerate(rows):
        column = 0
        for cell, name, value in group:
            while (number, column) in taken:
                column += 1
            slots.append(_Slot(cell=cell, name=name, value=value, row=number, column=column))
            taken |= {
                (number + down, column + across)
                for down in range(cell.rows)
                for across in range(cell.span)
            }
            column += cell.span
    return slots


def _needed(layout: Layout, slot: _Slot, height: float, fonts: FontChain) -> float:
    box = Box(left=0, top=0, width=_width(layout, slot.cell), height=height)
    fitted = _fit(layout, slot, box, fonts)
    return fitted.height_pt + reserved_height(layout, slot.cell) + padding_of(slot.cell)


def padding_of(cell: Cell) -> float:
    """Return how far text stands from the frame of a cell, in points."""
    return TEXT_PADDING_PT if cell.text and not cell.photo else PADDING_PT


def reserved_height(layout: Layout, cell: Cell) -> float:
    """Return the height that signature lines take at the bottom of a cell."""
    return layout.type.note_pt * 2 if cell.sign else 0.0


def _width(layout: Layout, cell: Cell) -> float:
    page = layout.page
    usable = (page.width_mm - page.margin_left_mm - page.margin_right_mm) * MM_PT
    return usable / page.columns * cell.span


def _fit(layout: Layout, slot: _Slot, box: Box, fonts: FontChain) -> Fitted:
    cell, sizes, inner = slot.cell, layout.type, box.inner(padding_of(slot.cell))
    if cell.vertical:
        return Fitted(lines=tuple(cell.label), size_pt=sizes.label_pt)
    text = cell.label or cell.text or slot.value
    largest = sizes.value_pt if cell.field else sizes.label_pt
    room = inner.height - reserved_height(layout, cell)
    return fit(text, inner.width, room, largest, sizes.least_pt, fonts)


def _paginate(layout: Layout, heights: list[float], slots: list[_Slot]) -> list[int]:
    """Return the page of each row; rows that one cell reaches across stay together."""
    page_layout = layout.page
    usable = (
        page_layout.height_mm - page_layout.margin_top_mm - page_layout.margin_bottom_mm
    ) * MM_PT
    tied = {slot.row + down for slot in slots for down in range(1, slot.cell.rows)}
    blocks: list[list[int]] = []
    for row in range(len(heights)):
        if row in tied and blocks:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    pages, page, used = [0] * len(heights), 0, heading_height(layout)
    for block in blocks:
        height = sum(heights[row] for row in block)
        if height > usable:
            raise FormTooLarge
        if used + height > usable + 0.01:
            page, used = page + 1, 0.0
        for row in block:
            pages[row] = page
        used += height
    return pages


def heading_height(layout: Layout) -> float:
    """Return the height of title and header lines, in points."""
    header = layout.type.note_pt * 1.8 if layout.header_left or layout.header_right else 0.0
    return layout.type.title_pt * TITLE_LEADING + header


def _grow(
    layout: Layout,
    rows: list[Expanded],
    heights: list[float],
    pages: list[int],
) -> None:
    """Share the room that is left on each page among the rows that may grow."""
    page_layout = layout.page
    usable = (
        page_layout.height_mm - page_layout.margin_top_mm - page_layout.margin_bottom_mm
    ) * MM_PT
    for page in set(pages):
        mine = [row for row, its_page in enumerate(pages) if its_page == page]
        used = sum(heights[row] for row in mine) + (0 if page else heading_height(layout))
        shares = {row: rows[row][0].grow for row in mine if rows[row][0].grow}
        for row, share in shares.items():
            heights[row] += (usable - used) * share / sum(shares.values())


def _tops(layout: Layout, heights: list[float], pages: list[int]) -> list[float]:
    margin = layout.page.margin_top_mm * MM_PT
    tops, page, top = [], 0, margin + heading_height(layout)
    for row, its_page in enumerate(pages):
        if its_page != page:
            page, top = its_page, margin
        tops.append(top)
        top += heights[row]
    return tops


def _placed(
    layout: Layout,
    slot: _Slot,
    heights: list[float],
    pages: list[int],
    tops: list[float],
    fonts: FontChain,
) -> PlacedCell:
    unit = _width(layout, dataclasses.replace(slot.cell, span=1))
    last = min(slot.row + slot.cell.rows, len(heights))
    box = Box(
        left=layout.page.margin_left_mm * MM_PT + unit * slot.column,
        top=tops[slot.row],
        width=unit * slot.cell.span,
        height=sum(heights[slot.row : last]),
    )
    return PlacedCell(
        cell=slot.cell,
        name=slot.name,
        value=slot.value,
        page=pages[slot.row],
        box=box,
        fitted=_fit(layout, slot, box, fonts),
    )
