"""Axes, lines, bars and words of a plot as SVG text: no script, no font, nothing fetched."""

import html
from collections.abc import Iterable, Sequence

from reports.cells import display_text

INK, DATA, LINE, FAINT = "#1d2733", "#1f4e79", "#b3541e", "#c3ccd6"
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 520, 330, 88, 16, 14, 48

Point = tuple[float, float]


class Frame:
    """Two axes; points are given in values."""

    def __init__(self, x: Point, y: Point, x_label: str, y_label: str) -> None:
        self._x, self._y, self._x_label, self._y_label = x, y, x_label, y_label

    def line(self, points: Iterable[Point], colour: str = DATA, *, dashed: bool = False) -> str:
        """Return a line through points."""
        return polyline([self._place(point) for point in points], colour, dashed=dashed)

    def dot(self, point: Point, title: str) -> str:
        """Return a dot that tells its figures."""
        x, y = self._place(point)
        tip = f"<title>{_escape(title)}</title>"
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{DATA}">{tip}</circle>'

    def render(self, title: str, marks: Sequence[str], note: str = "") -> str:
        """Return the whole figure."""
        return figure(title, _WIDTH, _HEIGHT, [*self._axes(), *marks], note)

    def _place(self, point: Point) -> Point:
        return (
            _LEFT + _share(point[0], self._x) * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - _share(point[1], self._y) * (_HEIGHT - _TOP - _BOTTOM),
        )

    def _axes(self) -> list[str]:
        bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
        marks = [
            f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="{INK}"/>',
            text((_LEFT + right) / 2, _HEIGHT - 8, self._x_label, "middle"),
            f'<g transform="rotate(-90 14 {bottom / 2})">'
            + text(14, bottom / 2, self._y_label, "middle")
            + "</g>",
        ]
        for step in range(5):
            x = self._x[0] + (self._x[1] - self._x[0]) * step / 4
            y = self._y[0] + (self._y[1] - self._y[0]) * step / 4
            marks.append(
                text(self._place((x, self._y[0]))[0], bottom + 18, f"{100 * x:.3g}%", "middle")
            )
            marks.append(
                text(_LEFT - 6, self._place((self._x[0], y))[1] + 4, f"{100 * y:.3g}%", "end")
            )
        return marks


def _share(value: float, span: Point) -> float:
    return (value - span[0]) / ((span[1] - span[0]) or 1.0)


def polyline(points: Iterable[Point], colour: str, *, dashed: bool = False) -> str:
    """Return a line through places on the plot."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>'


def rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    """Return a filled rectangle."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'
    )


def text(x: float, y: float, words: str, anchor: str, fill: str = INK) -> str:
    """Return words at a place; `anchor` is start, middle or end."""
    shown = _escape(words)
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{shown}</text>'


def figure(title: str, width: float, height: float, marks: Sequence[str], note: str = "") -> str:
    """Return a whole figure with its title and what is said below it."""
    name = _escape(title)
    tail = f'<p class="note">{_escape(note)}</p>' if note else ""
    return (
        f'<figure><figcaption>{name}</figcaption><svg role="img" aria-label="{name}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">'
        + "".join(marks)
        + f"</svg>{tail}</figure>\n"
    )


def _escape(text: str) -> str:
    return html.escape(display_text(text), quote=True)
