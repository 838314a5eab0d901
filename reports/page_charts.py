"""Charts of report.html as SVG text: no script, no font, nothing fetched."""

from collections.abc import Sequence

from domain.checked import CheckedPaper
from reports.statistics import FEWEST_PAPERS, Bin, CurvePoint, error_curve, reliability
from reports.summary import DecisionCounts, Summary, percent_text
from reports.svg import DATA, FAINT, INK, LINE, Frame, figure, polyline, rect, text

_MOST_BARS = 15
_FEWEST_OF_BIN = 5
# Dark enough against white and against each other; the legend names their order too.
_PARTS = (("通过", "#1f4e79"), ("待人工", "#8fb3d9"), ("退回", "#b3541e"), ("撤销", "#9aa4af"))


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
        marks.append(text(label - 8, top + 14, reason.wording, "end"))
        marks.append(rect(label, top, length, 18, DATA))
        # At the bar's beginning, where the line of shares does not pass.
        inside = length > 40
        x, fill = (label + 6, "#fff") if inside else (label + length + 6, INK)
        marks.append(text(x, top + 14, str(reason.applications), "start", fill))
        point = (label + room * float(reason.cumulative), top + 9.0)
        line.append(point)
        marks.append(
            text(label + room + 14, top + 14, f"累计 {percent_text(reason.cumulative)}", "start")
        )
    marks.append(polyline(line, LINE))
    marks += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{LINE}"/>' for x, y in line]
    marks.append(text(label, height - 6, "条：申请数；折线与右列：累计占比", "start"))
    return figure("原因（帕累托图）", label + room + 110, height, marks)


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
        marks.append(text(label - 8, top + 14, kind.chinese_name, "end"))
        for (_, colour), value in zip(_PARTS, _counts(counts), strict=True):
            marks.append(rect(left, top, room * value / most, 18, colour))
            left += room * value / most
        rate = percent_text(counts.straight_through_rate)
        marks.append(text(left + 6, top + 14, f"{counts.total} 份，直通 {rate}", "start"))
    for place, (name, colour) in enumerate(_PARTS):
        marks.append(rect(label + 90 * place, height - 20, 14, 14, colour))
        marks.append(text(label + 90 * place + 20, height - 8, name, "start"))
    return figure("证书种类与机器结论", label + room + 150, height, marks)


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
    frame = Frame((start, 1.0), (start, 1.0), "平均把握", "人工认定正确的占比")
    marks = [frame.line([(start, start), (1.0, 1.0)], FAINT, dashed=True)]
    for item in bins:
        share = item.right / item.n
        marks.append(frame.line([(item.confidence, item.low), (item.confidence, item.high)], DATA))
        title = f"把握 {item.start:g}–{item.end:g}：{item.n} 项中 {item.right} 项正确"
        marks.append(frame.dot((item.confidence, share), title))
    note = f"每点至少 {_FEWEST_OF_BIN} 项，竖线为 95% 区间；在虚线以下表示把握偏高。"
    return frame.render("识别把握与实际正确率（可靠性图）", marks, note)


def _curve_plot(points: Sequence[CurvePoint], papers: int) -> str:
    rates = [point.wrong / point.n for point in points]
    frame = Frame(
        (0.0, 1.0), (0.0, max([*rates, 0.01]) * 1.1), "自动通过的占比", "其中有误读的占比"
    )
    places = [(point.n / point.papers, rate) for point, rate in zip(points, rates, strict=True)]
    marks = [frame.line(places, DATA)]
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
        marks.append(text(label - 8, top + 14, name, "end"))
        marks.append(rect(label, top, length, 18, DATA))
        shown = f"{value:g}" if value == int(value) else f"{value:.1f}"
        marks.append(text(label + length + 6, top + 14, f"{shown} {unit}", "start"))
    return figure(title, label + room + 110, row * len(items) + 10, marks)
