"""Where values go on a school's own PDF: its pages as they are seen, and its form fields.

Positions are millimetres from the upper left corner of the page as a viewer shows it: cropped and
turned (PDF 7.7.3.3, Rotate). Form fields are read by their full names (PDF 12.7.3.2).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pikepdf

from reports.forms.layout import MM_PT

_PUSH_BUTTON = 1 << 16  # PDF 12.7.4.2, table 226
_MOST_ANCESTORS = 20
# What programs call the state of a ticked box that has no name of its own.
_TICKED = frozenset({"Yes", "On", "1", "True", "yes", "on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one value goes, in millimetres from the upper left corner of a page (from 1).

    With `mark` a tick is drawn where the value is that word, else nothing. `outline` draws the
    border that a form field had.
    """

    field: str
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    page: int = 1
    centred: bool = False
    mark: str = ""
    outline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """How a page is seen: its size in points, and the matrix from that to its own coordinates."""

    width_pt: float
    height_pt: float
    matrix: tuple[float, float, float, float, float, float]

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the page's own coordinates as seen, from the lower left corner."""
        a, b, c, d, e, f = self.matrix
        # The matrix only turns and shifts, so its inverse is its transpose.
        return a * (x - e) + b * (y - f), c * (x - e) + d * (y - f)


def view_of(page: pikepdf.Page) -> PageView:
    """Return how a page is seen: cropped, and turned by Rotate."""
    left, bottom, right, top = sorted_rectangle(page.cropbox)
    width, height = right - left, top - bottom
    turned = int(_inherited(page.obj, "/Rotate") or 0) % 360
    matrix, size = {
        0: ((1, 0, 0, 1, left, bottom), (width, height)),
        90: ((0, 1, -1, 0, right, bottom), (height, width)),
        180: ((-1, 0, 0, -1, right, top), (width, height)),
        270: ((0, -1, 1, 0, left, top), (height, width)),
    }[turned - turned % 90]
    return PageView(width_pt=size[0], height_pt=size[1], matrix=matrix)


def field_places(pdf: pikepdf.Pdf, named: Mapping[str, str]) -> Iterator[Place]:
    """Yield the rectangles of a PDF's form fields as places.

    `named` says which value goes into which field; a field without an entry takes the value of its
    own name. A box is ticked by `"value=word"`; a radio button's entry may name its state,
    `name=state`, else its state is the word.
    """
    for number, page in enumerate(pdf.pages, start=1):
        view = view_of(page)
        for widget in page.get("/Annots", []):
            if widget.get("/Subtype") == "/Widget" and not _is_push_button(widget):
                yield _place_of(widget, number, view, named)


def _place_of(
    widget: pikepdf.Object, number: int, view: PageView, named: Mapping[str, str]
) -> Place:
    name, mark = field_name(widget), ""
    if _inherited(widget, "/FT") == "/Btn":
        state = _state_of(widget)
        entry = named.get(f"{name}={state}", named.get(name, name))
        value, _, mark = entry.partition("=")
        mark = mark or ("是" if state in _TICKED else state)
    else:
        value = named.get(name, name)
    left, bottom, right, top = sorted_rectangle(widget.Rect)
    one, other = view.seen(left, bottom), view.seen(right, top)
    west, east = sorted((one[0], other[0]))
    south, north = sorted((one[1], other[1]))
    return Place(
        field=value,
        left_mm=west / MM_PT,
        top_mm=(view.height_pt - north) / MM_PT,
        width_mm=(east - west) / MM_PT,
        height_mm=(north - south) / MM_PT,
        page=number,
        centred=bool(mark),
        mark=mark,
        outline=len(widget.get("/MK", pikepdf.Dictionary()).get("/BC", [])) > 0,
    )


def _is_push_button(widget: pikepdf.Object) -> bool:
    is_button = _inherited(widget, "/FT") == "/Btn"
    return is_button and bool(int(_inherited(widget, "/Ff") or 0) & _PUSH_BUTTON)


def _state_of(widget: pikepdf.Object) -> str:
    """Return the name of the state in which a button is ticked."""
    shown = widget.get("/AP", pikepdf.Dictionary()).get("/N", pikepdf.Dictionary())
    states = [] if isinstance(shown, pikepdf.Stream) else list(shown.keys())
    return next((state.removeprefix("/") for state in states if state != "/Off"), "Yes")


def _ancestors(widget: pikepdf.Object) -> Iterator[pikepdf.Object]:
    holder: pikepdf.Object | None = widget
    for _ in range(_MOST_ANCESTORS):
        if holder is None:
            return
        yield holder
        holder = holder.get("/Parent")


def _inherited(widget: pikepdf.Object, key: str) -> pikepdf.Object | None:
    return next((holder[key] for holder in _ancestors(widget) if key in holder), None)


def field_name(widget: pikepdf.Object) -> str:
    """Return the full name of a field: its ancestors' partial names with dots."""
    names = [str(holder.T) for holder in _ancestors(widget) if "/T" in holder]
    return ".".join(reversed(names))


def sorted_rectangle(rectangle: pikepdf.Object) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top of a PDF rectangle, whichever corners it names."""
    one, two, three, four = (float(number) for number in pikepdf.Array(rectangle))
    return min(one, three), min(two, four), max(one, three), max(two, four)
