"""Plots as inline SVG, drawn by hand: no script, no font, nothing fetched."""

from collections.abc import Iterable, Sequence
from html import escape

from benchmarks.bench.results import Bin, CurvePoint

_WIDTH, _HEIGHT = 520, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 88, 20, 16, 52
_INK, _DATA, _FAINT = "#333", "#1b6ca8", "#ccc"


def reliability_plot(bins: Sequence[Bin]) -> str:
    """Return the share of exact readings over their mean confidence, with 95 % intervals.

    On the diagonal a confidence means what it says; below it, it promises too much.
    """
    lowest = min((min(b.exact.low, b.mean_confidence) for b in bins), default=0.0)
    start = max(0.0, int(lowest * 10) / 10)
    frame = _Frame((start, 1.0), (start, 1.0), "mean confidence", "exact match")
    marks = [frame.line([(start, start), (1.0, 1.0)], _FAINT, dashed=True)]
    for item in bins:
        value = item.exact.value or 0.0
        marks.append(
            frame.line(
                [(item.mean_confidence, item.exact.low), (item.mean_confidence, item.exact.high)]
            )
        )
        title = f"{item.start:g}–{item.end:g}: {item.exact.hits} of {item.exact.n} exact"
        marks.append(frame.dot((item.mean_confidence, value), title))
    return frame.render("Reliability plot", marks)


def curve_plot(points: Sequence[CurvePoint]) -> str:
    """Return errors over automation for rising thresholds on the least certain critical field."""
    rates = [_rate(point) for point in points]
    highest = max([*rates, 0.001])
    frame = _Frame(
        (0.0, 1.0), (0.0, highest * 1.1), "papers above the threshold", "of these, misread"
    )
    places = [
        (point.automated.value or 0.0, rate) for point, rate in zip(points, rates, strict=True)
    ]
    marks = [frame.line(places)]
    for point, place in zip(points, places, strict=True):
        title = (
            f"threshold {point.threshold:.3f}: {point.automated.hits} of {point.automated.n},"
            f" {point.wrong.hits} misread, 95 % upper bound {point.wrong.upper:.2%}"
        )
        marks.append(frame.dot(place, title))
    return frame.render("Error versus automation", marks)


def _rate(point: CurvePoint) -> float:
    return point.wrong.hits / point.wrong.n if point.wrong.n else 0.0


def bar_plot(title: str, unit: str, bars: Sequence[tuple[str, float]]) -> str:
    """Return horizontal bars with their values."""
    highest = max([value for _, value in bars] + [1e-9])
    row, label_width, bar_width = 30, 220, 330
    height = row * len(bars) + 14
    marks = []
    for position, (label, value) in enumerate(bars):
        top = position * row + 8
        length = max(1.0, bar_width * value / highest)
        marks.append(_text(label_width - 8, top + 15, label, "end"))
        marks.append(
            f'<rect x="{label_width}" y="{top}" width="{length:.1f}" height="20" fill="{_DATA}"/>'
        )
        marks.append(_text(label_width + length + 6, top + 15, f"{value:.3f} {unit}", "start"))
    return _figure(title, label_width + bar_width + 110, height, marks)


class _Frame:
    """Two axes with their marks; points are given in values."""

    def __init__(
        self, x: tuple[float, float], y: tuple[float, float], x_label: str, y_label: str
    ) -> None:
        self._x, self._y, self._x_label, self._y_label = x, y, x_label, y_label

    def line(
        self, points: Iterable[tuple[float, float]], colour: str = _DATA, *, dashed: bool = False
    ) -> str:
        """Return a line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self._place, points))
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>'

    def dot(self, point: tuple[float, float], title: str) -> str:
        """Return a dot that tells its figures."""
        x, y = self._place(point)
        tip = f"<title>{escape(title)}</title>"
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{_DATA}">{tip}</circle>'

    def render(self, title: str, marks: Sequence[str]) -> str:
        """Return the whole figure."""
        return _figure(title, _WIDTH, _HEIGHT, [*self._axes(), *marks])

    def _place(self, point: tuple[float, float]) -> tuple[float, float]:
        return (
            _LEFT + _share(point[0], self._x) * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - _share(point[1], self._y) * (_HEIGHT - _TOP - _BOTTOM),
        )

    def _axes(self) -> list[str]:
        bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
        marks = [
            f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="{_INK}"/>',
            _text((_LEFT + right) / 2, _HEIGHT - 12, self._x_label, "middle"),
            f'<g transform="rotate(-90 14 {bottom / 2})">'
            + _text(14, bottom / 2, self._y_label, "middle")
            + "</g>",
        ]
        for step in range(5):
            x = self._x[0] + (self._x[1] - self._x[0]) * step / 4
            y = self._y[0] + (self._y[1] - self._y[0]) * step / 4
            marks.append(_text(self._place((x, self._y[0]))[0], bottom + 18, _tick(x), "middle"))
            marks.append(_text(_LEFT - 6, self._place((self._x[0], y))[1] + 4, _tick(y), "end"))
        return marks


def _share(value: float, span: tuple[float, float]) -> float:
    return (value - span[0]) / ((span[1] - span[0]) or 1.0)


def _tick(value: float) -> str:
    return f"{100 * value:.3g} %"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _figure(title: str, width: float, height: float, marks: Sequence[str]) -> str:
    name = escape(title)
    return (
        f'<figure><figcaption>{name}</figcaption><svg role="img" aria-label="{name}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">'
        + "".join(marks)
        + "</svg></figure>"
    )
