"""Plots as inline SVG, drawn by hand: no script, no font, nothing fetched."""

from collections.abc import Sequence

from benchmarks.bench.results import Bin, CurvePoint
from reports.svg import DATA, FAINT, Frame, figure, text


def reliability_plot(bins: Sequence[Bin]) -> str:
    """Return the share of exact readings over their mean confidence, with 95 % intervals.

    On the diagonal a confidence means what it says; below it, it promises too much.
    """
    lowest = min((min(b.exact.low, b.mean_confidence) for b in bins), default=0.0)
    start = max(0.0, int(lowest * 10) / 10)
    frame = Frame((start, 1.0), (start, 1.0), "mean confidence", "exact match")
    marks = [frame.line([(start, start), (1.0, 1.0)], FAINT, dashed=True)]
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
    frame = Frame(
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
        marks.append(text(label_width - 8, top + 15, label, "end"))
        marks.append(
            f'<rect x="{label_width}" y="{top}" width="{length:.1f}" height="20" fill="{DATA}"/>'
        )
        marks.append(text(label_width + length + 6, top + 15, f"{value:.3f} {unit}", "start"))
    return figure(title, label_width + bar_width + 110, height, marks)
