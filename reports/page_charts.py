"""Charts of report.html as SVG text: no script, no font, nothing fetched."""

import html
from collections.abc import Iterable, Sequence

from domain.checked import CheckedPaper
from reports.cells import display_text
from reports.statistics import FEWEST_PAPERS, Bin, CurvePoint, error_curve, reliability
from reports.summary import DecisionCounts, Summary, percent_text

_INK, _DATA, _LINE, _FAINT = "#1d2733", "#1f4e79", "#b3541e", "#c3ccd6"
_MOST_BARS = 15
_FEWEST_OF_BIN = 5
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 520, 330, 66, 16, 14, 48
# Dark enough against white and against each other; the legend names their order too.
_PARTS = (("通过", "#1f4e79"), ("待人工", "#8fb3d9"), ("退回", "#b3541e"), ("撤销", "#9aa4af"))

Point = tuple[float, float]


def pareto(summary: Summary) -> str:
    """Return the reasons as bars with the cumulative share as a line over them."""
    reasons = summary.reasons[:_MOST_BARS]
    if not reasons:
        return ""
    row, label, room = 26, 250, 420
    most, height = reasons[0].applications, 26 * len(reasons) + 30
    marks, line = [], []
    for place, reason in enumerate(reasons):
        top = place * row + 6
        length = max(1.0, room * reason.applications / most)
        marks.append(_text(label - 8, top + 14, reason.wording, "end"))
        marks.append(_rect(label, top, length, 18, _DATA))
        # At the bar's beginning, where the line of shares does not pass.
        inside = length > 40
        x, fill = (label + 6, "#fff") if inside else (label + length + 6, _INK)
        marks.append(_text(x, top + 14, str(reason.applications), "start", fill))
        point = (label + room * float(reason.cumulative), top + 9.0)
        line.append(point)
        marks.append(
            _text(label + room + 14, top + 14, f"累计 {percent_text(reason.cumulative)}", "start")
        )
    marks.append(_polyline(line, _LINE))
    marks += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{_LINE}"/>' for x, y in line]
    marks.append(_text(label, height - 6, "条：申请数；折线与右列：累计占比", "start"))
    return _figure("原因（帕累托图）", label + room + 110, height, marks)


def kinds(summary: Summary) -> str:
    """Return the kinds of certificate, each bar split by the machine's decision."""
    types = summary.certificate_types
    if not types:
        return ""
    row, label, room = 26, 180, 420
    most, height = max(counts.total for _, counts in types), 26 * len(types) + 34
    marks = []
    for place, (kind, counts) in enumerate(types):
        top, left = place * row + 6, float(label)
        marks.append(_text(label - 8, top + 14, kind.chinese_name, "end"))
        for (_, colour), value in zip(_PARTS, _counts(counts), strict=True):
            marks.append(_rect(left, top, room * value / most, 18, colour))
            left += room * value / most
        rate = percent_text(counts.straight_through_rate)
        marks.append(_text(left + 6, top + 14, f"{counts.total} 份，直通 {rate}", "start"))
    for place, (name, colour) in enumerate(_PARTS):
        marks.append(_rect(label + 90 * place, height - 20, 14, 14, colour))
        marks.append(_text(label + 90 * place + 20, height - 8, name, "start"))
    return _figure("证书种类与机器结论", label + room + 150, height, marks)


def _counts(counts: DecisionCounts) -> tuple[int, ...]:
    return counts.accept, counts.review, counts.returned, counts.withdrawn


def quality(papers: Sequence[CheckedPaper]) -> str:
    """Return reliability plot and error curve, or how little there is to draw them from."""
    if len(papers) < FEWEST_PAPERS:
        return (
            f'<p class="note">有人工结论可对照的申请 n = {len(papers)}，少于 {FEWEST_PAPERS}，'
            "不足以画出可靠性图和差错曲线。</p>\n"
        )
    bins = [item for item in reliability(papers) if item.n >= _FEWEST_OF_BIN]
    plots = _reliability_plot(bins) + _curve_plot(error_curve(papers), len(papers))
    return f'<div class="plots">{plots}</div>\n'


def _reliability_plot(bins: Sequence[Bin]) -> str:
    start = min((int(min(b.low, b.confidence) * 10) / 10 for b in bins), default=0.0)
    frame = _Frame((start, 1.0), (start, 1.0), "平均把握", "人工认定正确的占比")
    marks = [frame.line([(start, start), (1.0, 1.0)], _FAINT, dashed=True)]
    for item in bins:
        share = item.right / item.n
        marks.append(frame.line([(item.confidence, item.low), (item.confidence, item.high)], _DATA))
        title = f"把握 {item.start:g}–{item.end:g}：{item.n} 项中 {item.right} 项正确"
        marks.append(frame.dot((item.confidence, share), title))
    note = f"每点至少 {_FEWEST_OF_BIN} 项，竖线为 95% 区间；在虚线以下表示把握偏高。"
    return frame.render("识别把握与实际正确率（可靠性图）", marks, note)


def _curve_plot(points: Sequence[CurvePoint], papers: int) -> str:
    rates = [point.wrong / point.n for point in points]
    frame = _Frame(
        (0.0, 1.0), (0.0, max([*rates, 0.01]) * 1.1), "自动通过的占比", "其中有误读的占比"
    )
    places = [(point.n / point.papers, rate) for point, rate in zip(points, rates, strict=True)]
    marks = [frame.line(places, _DATA)]
    for point, place in zip(points, places, strict=True):
        title = f"阈值 {point.threshold:.3f}：{point.n} 份中 {point.wrong} 份有误读"
        marks.append(frame.dot(place, title))
    note = f"n = {papers} 份；如果把握不低于某一阈值的都自动通过，会有多少误读。"
    return frame.render("差错与自动化程度", marks, note)


def bars(title: str, unit: str, items: Sequence[tuple[str, float]]) -> str:
    """Return horizontal bars with their values."""
    row, label, room = 26, 150, 300
    most = max([value for _, value in items] + [1e-9])
    marks = []
    for place, (name, value) in enumerate(items):
        top, length = place * row + 6, room * value / most
        marks.append(_text(label - 8, top + 14, name, "end"))
        marks.append(_rect(label, top, length, 18, _DATA))
        shown = f"{value:g}" if value == int(value) else f"{value:.1f}"
        marks.append(_text(label + length + 6, top + 14, f"{shown} {unit}", "start"))
    return _figure(title, label + room + 110, row * len(items) + 10, marks)


class _Frame:
    """Two axes; points are given in values."""

    def __init__(self, x: Point, y: Point, x_label: str, y_label: str) -> None:
        self._x, self._y, self._x_label, self._y_label = x, y, x_label, y_label

    def line(self, points: Iterable[Point], colour: str, *, dashed: bool = False) -> str:
        """Return a line through points."""
        return _polyline([self._place(point) for point in points], colour, dashed=dashed)

    def dot(self, point: Point, title: str) -> str:
        """Return a dot that tells its figures."""
        x, y = self._place(point)
        tip = f"<title>{_escape(title)}</title>"
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_DATA}">{tip}</circle>'

    def render(self, title: str, marks: Sequence[str], note: str) -> str:
        """Return the whole figure."""
        return _figure(title, _WIDTH, _HEIGHT, [*self._axes(), *marks], note)

    def _place(self, point: Point) -> Point:
        return (
            _LEFT + _share(point[0], self._x) * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - _share(point[1], self._y) * (_HEIGHT - _TOP - _BOTTOM),
        )

    def _axes(self) -> list[str]:
        bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
        marks = [
            f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="{_INK}"/>',
            _text((_LEFT + right) / 2, _HEIGHT - 8, self._x_label, "middle"),
            f'<g transform="rotate(-90 14 {bottom / 2})">'
            + _text(14, bottom / 2, self._y_label, "middle")
            + "</g>",
        ]
        for step in range(5):
            x = self._x[0] + (self._x[1] - self._x[0]) * step / 4
            y = self._y[0] + (self._y[1] - self._y[0]) * step / 4
            marks.append(
                _text(self._place((x, self._y[0]))[0], bottom + 18, f"{100 * x:.3g}%", "middle")
            )
            marks.append(
                _text(_LEFT - 6, self._place((self._x[0], y))[1] + 4, f"{100 * y:.3g}%", "end")
            )
        return marks


def _share(value: float, span: Point) -> float:
    return (value - span[0]) / ((span[1] - span[0]) or 1.0)


def _polyline(points: Iterable[Point], colour: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'
    )


def _text(x: float, y: float, text: str, anchor: str, fill: str = _INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{_escape(text)}</text>'
    )


def _figure(title: str, width: float, height: float, marks: Sequence[str], note: str = "") -> str:
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
