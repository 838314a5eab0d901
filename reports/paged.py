"""Text, tables and bars on A4 pages, with a footer that knows how many pages there are."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from reports.cells import display_text
from reports.forms.drawing import Sheet
from reports.forms.fitting import wrap
from reports.forms.fonts import FontChain
from reports.forms.grid import Box

WIDTH_PT, HEIGHT_PT, MARGIN_PT = 595.28, 841.89, 51.0
INNER_PT = WIDTH_PT - 2 * MARGIN_PT
BODY_PT, SMALL_PT, HEADING_PT = 9.5, 7.5, 13.0
BLUE, PALE, TINT = (0.12, 0.31, 0.47), (0.91, 0.93, 0.96), (0.96, 0.97, 0.98)
_LEADING, _BASELINE, _PADDING = 1.35, 0.95, 3.0
_BOTTOM = HEIGHT_PT - MARGIN_PT - 14
_MOST_LINES = 12  # of one cell; what is longer stands in report.xlsx

Operation = Callable[[Sheet], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a chart: its label, its length, and what stands at its end."""

    label: str
    value: float
    text: str


class Pages:
    """Pages that are filled from the top; what does not fit begins the next one."""

    def __init__(self, fonts: FontChain, footer: Sequence[str]) -> None:
        self._fonts = fonts
        self._footer = [self.drawable(line) for line in footer]
        self._pages: list[list[Operation]] = [[]]
        self.top = MARGIN_PT

    def drawable(self, text: str) -> str:
        """Return a text on one line in which every character has a glyph, or its number."""
        shown = display_text(text)
        for character in self._fonts.missing(shown):
            shown = shown.replace(character, f"[U+{ord(character):04X}]")
        return shown

    def need(self, height_pt: float) -> None:
        """Begin a new page where a height is not left on this one."""
        if self.top + height_pt > _BOTTOM and self.top > MARGIN_PT:
            self.next_page()

    def next_page(self) -> None:
        """Begin a new page."""
        self._pages.append([])
        self.top = MARGIN_PT

    def draw(self, operation: Operation) -> None:
        """Draw something on the page at hand."""
        self._pages[-1].append(operation)

    def text(self, text: str, left: float, baseline: float, size_pt: float = BODY_PT) -> None:
        """Write one line where it is told."""
        shown = self.drawable(text)
        self.draw(partial(Sheet.line, text=shown, left=left, baseline=baseline, size_pt=size_pt))

    def centre(self, text: str, size_pt: float) -> None:
        """Write lines in the middle of the page's width."""
        for line in wrap(self.drawable(text), INNER_PT / size_pt, self._fonts):
            box = Box(left=MARGIN_PT, top=self.top, width=INNER_PT, height=size_pt)
            base = self.top + size_pt * _BASELINE
            self.draw(partial(Sheet.centred, text=line, box=box, baseline=base, size_pt=size_pt))
            self.skip(size_pt * _LEADING)

    def skip(self, height_pt: float) -> None:
        """Leave a gap."""
        self.top += height_pt

    def heading(self, text: str) -> None:
        """Write a heading; it stays with what follows."""
        self.need(90)
        self.skip(12)
        self.text(text, MARGIN_PT, self.top + HEADING_PT, HEADING_PT)
        top = self.top + HEADING_PT + 5
        self.draw(
            partial(Sheet.rule, left=MARGIN_PT, right=WIDTH_PT - MARGIN_PT, top=top, line_pt=1.0)
        )
        self.skip(HEADING_PT + 12)

    def paragraph(self, text: str, size_pt: float = BODY_PT) -> None:
        """Write a text in as many lines as it takes."""
        for line in wrap(self.drawable(text), INNER_PT / size_pt, self._fonts):
            self.need(size_pt * _LEADING)
            self.text(line, MARGIN_PT, self.top + size_pt * _BASELINE, size_pt)
            self.skip(size_pt * _LEADING)
        self.skip(3)

    def bars(self, bars: Sequence[Bar], label_pt: float = 150.0, text_pt: float = 110.0) -> None:
        """Draw horizontal bars with labels before and figures behind them."""
        longest = max((bar.value for bar in bars), default=0) or 1
        room = INNER_PT - label_pt - text_pt
        for bar in bars:
            self.need(18)
            label, size = self._one_line(bar.label, label_pt - 8)
            base, left = self.top + 11, MARGIN_PT + label_pt
            self.text(label, MARGIN_PT, base, size)
            track = Box(left=left, top=self.top + 2, width=room, height=11)
            length = Box(left=left, top=self.top + 2, width=room * bar.value / longest, height=11)
            self.draw(partial(Sheet.fill, box=track, colour=PALE))
            if bar.value:
                self.draw(partial(Sheet.fill, box=length, colour=BLUE))
            self.text(bar.text, left + room + 6, base)
            self.skip(16)
        self.skip(4)

    def table(
        self,
        columns: Sequence[str],
        widths_pt: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        size_pt: float = BODY_PT,
    ) -> None:
        """Write a table; its head, if it has one, stands again on every page that it reaches."""
        head = self._wrapped(columns, widths_pt, size_pt) if columns else []
        is_headed = not head
        for row in rows:
            cells = self._wrapped(row, widths_pt, size_pt)
            height = _height(cells, size_pt)
            fits = self.top + height + (0 if is_headed else _height(head, size_pt)) <= _BOTTOM
            if not fits and self.top > MARGIN_PT:
                self.next_page()
                is_headed = not head
            if not is_headed:
                self._row(head, widths_pt, size_pt, PALE)
                is_headed = True
            self._row(cells, widths_pt, size_pt, None)
        self.skip(6)

    def finish(self) -> bytes:
        """Return the pages as a PDF, before it is made archival."""
        sheet = Sheet(WIDTH_PT, HEIGHT_PT, self._fonts)
        for number, operations in enumerate(self._pages, start=1):
            for operation in operations:
                operation(sheet)
            self._draw_footer(sheet, number)
            sheet.next_page()
        return sheet.finish()

    def _draw_footer(self, sheet: Sheet, number: int) -> None:
        first = HEIGHT_PT - MARGIN_PT + 8
        sheet.rule(MARGIN_PT, WIDTH_PT - MARGIN_PT, first - 9)
        for place, line in enumerate(self._footer):
            size = min(SMALL_PT, sheet.size_for(line, INNER_PT - 80))
            sheet.line(line, MARGIN_PT, first + place * 10, size)
        sheet.right(
            f"第 {number} 页，共 {len(self._pages)} 页", WIDTH_PT - MARGIN_PT, first, SMALL_PT
        )

    def _row(
        self,
        cells: Sequence[tuple[str, ...]],
        widths_pt: Sequence[float],
        size_pt: float,
        shade: tuple[float, float, float] | None,
    ) -> None:
        height, left = _height(cells, size_pt), MARGIN_PT
        for lines, width in zip(cells, widths_pt, strict=True):
            box = Box(left=left, top=self.top, width=width, height=height)
            if shade is not None:
                self.draw(partial(Sheet.fill, box=box, colour=shade))
            self.draw(partial(Sheet.rectangle, box=box))
            for place, line in enumerate(lines):
                base = self.top + _PADDING + (place * _LEADING + _BASELINE) * size_pt
                self.text(line, left + _PADDING, base, size_pt)
            left += width
        self.top += height

    def _wrapped(
        self, row: Sequence[str], widths_pt: Sequence[float], size_pt: float
    ) -> list[tuple[str, ...]]:
        cells = []
        for cell, width in zip(row, widths_pt, strict=True):
            lines = wrap(self.drawable(cell), (width - 2 * _PADDING) / size_pt, self._fonts)
            cells.append(lines if len(lines) <= _MOST_LINES else (*lines[:_MOST_LINES], "……"))
        return cells

    def _one_line(self, text: str, width_pt: float) -> tuple[str, float]:
        """Return a text, cut if need be, and a size at which it fits on one line."""
        shown = self.drawable(text)
        width = self._fonts.width(shown)
        if width * SMALL_PT <= width_pt:
            return shown, min(BODY_PT, width_pt / max(width, 0.001))
        lines = wrap(shown, width_pt / SMALL_PT - 1, self._fonts)
        return lines[0] + "…", SMALL_PT


def _height(cells: Sequence[tuple[str, ...]], size_pt: float) -> float:
    lines = max((len(cell) for cell in cells), default=1)
    return math.ceil(max(lines, 1) * size_pt * _LEADING + 2 * _PADDING)
