"""Draw placed cells on a canvas: lines, labels, values, the portrait."""

import io

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from reports.forms.fitting import LEADING, Fitted
from reports.forms.fonts import FontChain
from reports.forms.grid import (
    TITLE_LEADING,
    Box,
    PlacedCell,
    heading_height,
    padding_of,
    reserved_height,
)
from reports.forms.layout import MM_PT, Layout

_THIN_PT, _THICK_PT = 0.5, 1.1
_GREY = 0.45
_BOLD = 0.03  # width of the outline of bold text, as a share of its size
_FOOT_MM = 7.0
# Where the baseline stands in a line, as a share of its height.
_BASELINE = 0.8


class Sheet:
    """The pages of one form. Coordinates are points from the upper left corner."""

    def __init__(self, width_pt: float, height_pt: float, fonts: FontChain) -> None:
        self._buffer = io.BytesIO()
        self._size = (width_pt, height_pt)
        self._fonts = fonts
        self._canvas = Canvas(
            self._buffer,
            pagesize=self._size,
            invariant=1,
            pageCompression=1,
            initialFontName=fonts.first,
        )

    def rectangle(self, box: Box, line_pt: float = _THIN_PT) -> None:
        """Draw the outline of a box."""
        self._canvas.setLineWidth(line_pt)
        self._canvas.rect(box.left, self._up(box.top + box.height), box.width, box.height)

    def fill(self, box: Box, colour: tuple[float, float, float]) -> None:
        """Fill a box with a colour (sRGB, 0-1); text is black again afterwards."""
        self._canvas.setFillColorRGB(*colour)
        self._canvas.rect(
            box.left, self._up(box.top + box.height), box.width, box.height, stroke=0, fill=1
        )
        self._canvas.setFillGray(0.0)

    def rule(self, left: float, right: float, top: float, line_pt: float = _THIN_PT) -> None:
        """Draw a horizontal line."""
        self._canvas.setLineWidth(line_pt)
        self._canvas.line(left, self._up(top), right, self._up(top))

    def line(
        self, text: str, left: float, baseline: float, size_pt: float, *, bold: bool = False
    ) -> None:
        """Draw a line of text, each run in its font, its baseline that far from the top.

        None of the fonts has a bold face with all characters, so bold is an outline around each.
        """
        written = self._canvas.beginText(left, self._up(baseline))
        if bold:
            self._canvas.setLineWidth(size_pt * _BOLD)
            written.setTextRenderMode(2)
        for run in self._fonts.runs(text):
            written.setFont(run.font, size_pt)
            written.textOut(run.text)
        if bold:
            written.setTextRenderMode(0)
        self._canvas.drawText(written)

    def centred(
        self, text: str, box: Box, baseline: float, size_pt: float, *, bold: bool = False
    ) -> None:
        """Draw a line in the middle of a box's width."""
        left = box.left + (box.width - self._fonts.width(text) * size_pt) / 2
        self.line(text, left, baseline, size_pt, bold=bold)

    def right(self, text: str, edge: float, baseline: float, size_pt: float) -> None:
        """Draw a line that ends at an edge."""
        self.line(text, edge - self._fonts.width(text) * size_pt, baseline, size_pt)

    def size_for(self, text: str, width_pt: float) -> float:
        """Return the size at which a line is as wide as a width."""
        return width_pt / max(self._fonts.width(text), 0.001)

    def grey(self, is_grey: bool) -> None:
        """Choose grey or black for what follows."""
        self._canvas.setFillGray(_GREY if is_grey else 0.0)

    def picture(self, data: bytes, box: Box) -> None:
        """Draw a JPEG as large as it goes into a box, in its own proportions."""
        reader = ImageReader(io.BytesIO(data))
        width, height = reader.getSize()
        scale = min(box.width / width, box.height / height)
        left = box.left + (box.width - width * scale) / 2
        top = box.top + (box.height - height * scale) / 2
        self._canvas.drawImage(
            reader, left, self._up(top + height * scale), width * scale, height * scale
        )

    def next_page(self) -> None:
        """End the page."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Return the PDF."""
        self._canvas.save()
        return self._buffer.getvalue()

    def _up(self, from_top: float) -> float:
        return self._size[1] - from_top


def draw_form(layout: Layout, cells: list[PlacedCell], photo: bytes, fonts: FontChain) -> bytes:
    """Return a form as a PDF, before it is made archival."""
    page = layout.page
    sheet = Sheet(page.width_mm * MM_PT, page.height_mm * MM_PT, fonts)
    pages = max(cell.page for cell in cells) + 1
    for number in range(pages):
        if pages > 1:
            _draw_foot(sheet, layout, cells, f"第{number + 1}页 共{pages}页")
        if number == 0:
            _draw_heading(sheet, layout)
        mine = [cell for cell in cells if cell.page == number]
        for cell in mine:
            _draw_cell(sheet, layout, cell, photo)
        sheet.rectangle(_around(mine), _THICK_PT)
        sheet.next_page()
    return sheet.finish()


def _around(cells: list[PlacedCell]) -> Box:
    left, top = min(c.box.left for c in cells), min(c.box.top for c in cells)
    right = max(c.box.left + c.box.width for c in cells)
    bottom = max(c.box.top + c.box.height for c in cells)
    return Box(left=left, top=top, width=right - left, height=bottom - top)


def _draw_foot(sheet: Sheet, layout: Layout, cells: list[PlacedCell], which: str) -> None:
    """Say whose page it is: sheets of a form that has several get apart."""
    page, size = layout.page, layout.type.note_pt
    known = {cell.name: cell.value for cell in cells}
    text = "　".join(filter(None, (known.get("学号", ""), known.get("姓名", ""), which)))
    left, width = page.margin_left_mm * MM_PT, page.width_mm - page.margin_left_mm
    whole = Box(left=left, top=0, width=(width - page.margin_right_mm) * MM_PT, height=0)
    size = min(size, sheet.size_for(text, whole.width))
    sheet.centred(text, whole, (page.height_mm - _FOOT_MM) * MM_PT, size)


def _draw_heading(sheet: Sheet, layout: Layout) -> None:
    page, sizes = layout.page, layout.type
    left, top = page.margin_left_mm * MM_PT, page.margin_top_mm * MM_PT
    width = (page.width_mm - page.margin_left_mm - page.margin_right_mm) * MM_PT
    whole = Box(left=left, top=top, width=width, height=sizes.title_pt * TITLE_LEADING)
    title = layout.title.replace("{school}", layout.school)
    size = min(sizes.title_pt, sheet.size_for(title, width))
    sheet.centred(title, whole, top + sizes.title_pt, size, bold=True)
    baseline = top + heading_height(layout) - sizes.note_pt * 0.6
    if layout.header_left:
        sheet.line(layout.header_left, left, baseline, sizes.note_pt)
    if layout.header_right:
        sheet.right(layout.header_right, left + width, baseline, sizes.note_pt)


def _draw_cell(sheet: Sheet, layout: Layout, placed: PlacedCell, photo: bytes) -> None:
    cell, box = placed.cell, placed.box
    sheet.rectangle(box)
    if cell.photo:
        _draw_photo(sheet, layout, box, photo, placed.fitted)
        return
    _draw_lines(sheet, layout, placed)
    if cell.sign:
        edge = box.left + box.width - 4 * MM_PT
        size = min(layout.type.note_pt, sheet.size_for(cell.sign, box.width - 5 * MM_PT))
        sheet.right(cell.sign, edge, box.top + box.height - 2.4 * MM_PT, size)


def _draw_photo(sheet: Sheet, layout: Layout, box: Box, photo: bytes, hint: Fitted) -> None:
    margin = 1.2
    inside = Box(left=box.left + margin, top=box.top + margin, width=box.width - 2 * margin,
                 height=box.height - 2 * margin)  # fmt: skip
    if photo:
        sheet.picture(photo, inside)
        return
    sheet.grey(True)
    first = box.top + (box.height - hint.height_pt) / 2
    for place, line in enumerate(hint.lines):
        baseline = first + (place + _BASELINE) * layout.type.label_pt * LEADING
        sheet.centred(line, box, baseline, hint.size_pt)
    sheet.grey(False)


def _draw_lines(sheet: Sheet, layout: Layout, placed: PlacedCell) -> None:
    cell, fitted = placed.cell, placed.fitted
    inner = placed.box.inner(padding_of(cell))
    is_label = bool(cell.label) or cell.centred
    leading = fitted.size_pt * LEADING
    fixed = bool(cell.text)
    room = inner.height - reserved_height(layout, cell)
    top = inner.top if fixed else inner.top + (room - fitted.height_pt) / 2
    for place, line in enumerate(fitted.lines):
        baseline = top + (place + _BASELINE) * leading
        if is_label and (len(fitted.lines) == 1 or cell.vertical or cell.label):
            sheet.centred(line, placed.box, baseline, fitted.size_pt)
        else:
            sheet.line(line, inner.left, baseline, fitted.size_pt)
