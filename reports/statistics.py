"""What the store knows of quality and time: certainty against verdicts, seconds, waiting."""

import itertools
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.checked import CheckedPaper
from domain.outcome import BatchOutcome
from reports.clock import queue_age
from reports.section import Cell, Section, make_section

FEWEST_PAPERS = 30
"""Fewer papers with a verdict than this say nothing: their number is told, nothing is drawn."""
STATISTICS = "统计"
_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
_CURVE_POINTS = 60
_Z = 1.96
_STAGES = {"store": "保存原件", "read": "识别", "compare": "图片比对", "decide": "核对与结论"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Readings of about one confidence; `low` and `high` are 95 % bounds of the right share."""

    start: float
    end: float
    confidence: float
    right: int
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """What a threshold would have done: the share of papers at or above it, and of these wrong."""

    threshold: float
    papers: int
    n: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """Seconds of work of one stage over the applications that it was done for."""

    stage: str
    name: str
    applications: int
    total_seconds: float
    median_seconds: float
    most_seconds: float


def reliability(papers: Sequence[CheckedPaper]) -> tuple[Bin, ...]:
    """Return how often readings of each confidence were right; bins without any are left out."""
    readings = [reading for paper in papers for reading in paper.readings]
    bins = []
    for start, end in itertools.pairwise(_EDGES):
        inside = [
            reading
            for reading in readings
            if start <= reading.confidence < end or reading.confidence == end == 1.0
        ]
        if inside:
            right = sum(reading.is_right for reading in inside)
            low, high = _interval(right, len(inside))
            confidence = math.fsum(reading.confidence for reading in inside) / len(inside)
            bins.append(
                Bin(
                    start=start,
                    end=end,
                    confidence=confidence,
                    right=right,
                    n=len(inside),
                    low=low,
                    high=high,
                )
            )
    return tuple(bins)


def error_curve(papers: Sequence[CheckedPaper]) -> tuple[CurvePoint, ...]:
    """Return errors over automation for falling thresholds on each paper's least confidence."""
    ordered = sorted(papers, key=lambda paper: (-paper.confidence, paper.student_number))
    step = max(1, len(ordered) // _CURVE_POINTS)
    points, wrong = [], 0
    for place, paper in enumerate(ordered, start=1):
        wrong += not paper.is_right
        last_of_its_confidence = (
            place == len(ordered) or ordered[place].confidence < paper.confidence
        )
        if last_of_its_confidence and (place % step == 0 or place == len(ordered)):
            points.append(
                CurvePoint(threshold=paper.confidence, papers=len(ordered), n=place, wrong=wrong)
            )
    return tuple(points)


def stage_times(outcome: BatchOutcome) -> tuple[StageTime, ...]:
    """Return the work of each stage, in the order of the names."""
    seconds: dict[str, list[float]] = {}
    for row in outcome.rows:
        for stage, spent in row.stage_seconds:
            seconds.setdefault(stage, []).append(spent)
    return tuple(
        StageTime(
            stage=stage,
            name=_STAGES.get(stage, stage),
            applications=len(spent),
            total_seconds=math.fsum(spent),
            median_seconds=statistics.median(spent),
            most_seconds=max(spent),
        )
        for stage, spent in sorted(seconds.items())
    )


def statistics_section(outcome: BatchOutcome) -> Section:
    """Return the numbers behind the plots, and of what is too little to be drawn."""
    rows = [*_time_lines(outcome), *_queue_lines(outcome), *_quality_lines(outcome)]
    note = (
        "读数的对错以人工判定通过的申请为准：人工更正过的为误读。多为机器拿不准的申请，不代表全部。"
    )
    return make_section(STATISTICS, ("类别", "项目", "值", "说明"), rows, note)


def _time_lines(outcome: BatchOutcome) -> Iterator[tuple[Cell, ...]]:
    for time in stage_times(outcome):
        yield (
            "用时",
            f"{time.name}：合计",
            f"{time.total_seconds:.1f} 秒",
            f"{time.applications} 份，中位 {time.median_seconds:.2f} 秒，"
            f"最长 {time.most_seconds:.2f} 秒",
        )
    for stage, seconds in outcome.stage_seconds:
        yield "用时", f"{_STAGES.get(stage, stage)}：上次运行", f"{seconds:.1f} 秒", "自开始至结束"


def _queue_lines(outcome: BatchOutcome) -> Iterator[tuple[Cell, ...]]:
    age = queue_age(outcome)
    yield "等待", "在审核队列中的份数", str(age.waiting), "含未标记的抽查"
    if age.waiting:
        yield "等待", "等待中位", f"{age.median_days} 日", f"最长 {age.oldest_days} 日"
        for name, count in age.by_age:
            yield "等待", f"等待 {name}", str(count), ""


def _quality_lines(outcome: BatchOutcome) -> Iterator[tuple[Cell, ...]]:
    papers = outcome.checked
    wrong = sum(not paper.is_right for paper in papers)
    yield "质量", "有人工结论可对照的申请", str(len(papers)), f"其中有误读 {wrong} 份"
    yield "质量", "抽查机器通过", str(outcome.sample.looked_at), f"有误 {outcome.sample.wrong} 份"
    for item in reliability(papers):
        yield (
            "读数可靠性",
            f"把握 {item.start:g}–{item.end:g}",
            f"{item.right} / {item.n}",
            f"正确率 95% 区间 {item.low:.1%}–{item.high:.1%}",
        )


def _interval(hits: int, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    share, square = hits / n, _Z * _Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)
