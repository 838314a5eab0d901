"""From judged applications to figures: rates, bounds, curves. Pure."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence, Set

from benchmarks.bench.flagging import measure_flagging
from benchmarks.bench.judging import CRITICAL_FIELDS, Cause, FieldReading, Judged, each_paper_once
from benchmarks.bench.results import (
    ALL,
    Accuracy,
    Bin,
    Cell,
    CurvePoint,
    FalseAccept,
    FieldScore,
    Risk,
    Share,
)
from benchmarks.bench.statistics import interval
from benchmarks.bench.twins import ItemKey, TwinPair, find_twins
from domain.certificates import FieldName
from domain.shares import upper_bound

_CONFIDENCE = 0.95
_BIN_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)
_CURVE_POINTS = 60


def score(judged: Sequence[Judged]) -> Accuracy:
    """Return every figure about right and wrong."""
    honest = [item for item in judged if item.truth.may_be_accepted]
    pairs = find_twins({item.key: item.truth for item in judged})
    twins = frozenset(honest for honest, _ in pairs)
    papers = each_paper_once(judged)
    return Accuracy(
        labelled=len(judged),
        held_back=sum(item.truth.held_back for item in judged),
        also_review=sum("review" in item.truth.expected for item in honest),
        unexpected=sum(
            not item.accepted and item.decision.value not in item.truth.expected
            for item in judged
            if not item.truth.may_be_accepted
        ),
        machine_failed=sum("machine-failed" in item.reason_codes for item in judged),
        risks=_risks(judged),
        cells=_cells(judged, twins),
        held_back_cell=_cell(
            "held back", ALL, [item for item in judged if item.truth.held_back], twins
        ),
        fields=_fields(papers),
        reliability=_reliability(reading for item in papers for reading in item.fields),
        curve=_curve(papers),
        twins=share(sum(item.accepted for item in judged if item.key in twins), len(twins)),
        told_apart=_told_apart(judged, pairs),
        classified=_classified(papers),
        false_accepts=tuple(_false_accepts(judged)),
        review_reasons=dict(
            sorted(
                Counter(
                    code for item in honest if not item.accepted for code in item.reason_codes
                ).items(),
                key=lambda pair: (-pair[1], pair[0]),
            )
        ),
        flagging=measure_flagging(judged, pairs),
    )


def share(hits: int, n: int) -> Share:
    """Return a share with its interval."""
    low, high = interval(hits, n, _CONFIDENCE) if n else (0.0, 1.0)
    return Share(hits=hits, n=n, low=low, high=high)


def risk(hits: int, n: int) -> Risk:
    """Return a count of errors with its upper bound, 1 where there was nothing to go wrong."""
    return Risk(hits=hits, n=n, upper=upper_bound(hits, n, _CONFIDENCE))


def _cells(judged: Sequence[Judged], twins: Set[ItemKey]) -> tuple[Cell, ...]:
    """Return the total, then families, conditions, and each family under each condition."""
    families = sorted({item.truth.family for item in judged})
    conditions = sorted({item.truth.condition for item in judged})
    places = [(ALL, ALL)]
    places += [(family, ALL) for family in families]
    places += [(ALL, condition) for condition in conditions]
    places += [(family, condition) for family in families for condition in conditions]
    cells = []
    for family, condition in places:
        items = [
            item
            for item in judged
            if family in (ALL, item.truth.family) and condition in (ALL, item.truth.condition)
        ]
        if items:
            cells.append(_cell(family, condition, items, twins))
    return tuple(cells)


def _cell(family: str, condition: str, items: Sequence[Judged], twins: Set[ItemKey]) -> Cell:
    honest = [item for item in items if item.truth.may_be_accepted]
    flagged = [item for item in items if not item.truth.may_be_accepted]
    readings = [reading for item in each_paper_once(items) for reading in item.fields]
    return Cell(
        family=family,
        condition=condition,
        straight_through=_accepted(honest),
        held_back=_accepted([item for item in honest if item.truth.held_back]),
        twins=_accepted([item for item in honest if item.key in twins]),
        false_accepts=risk(sum(item.accepted for item in flagged), len(flagged)),
        risks=_risks(items),
        exact_fields=share(sum(reading.exact for reading in readings), len(readings)),
        character_error_rate=_error_rate(readings),
    )


def _accepted(items: Sequence[Judged]) -> Share:
    return share(sum(item.accepted for item in items), len(items))


def _risks(judged: Sequence[Judged]) -> dict[str, Risk]:
    """Return false accepts by cause: forgeries among the forged, the others among the others."""
    flagged = [item for item in judged if not item.truth.may_be_accepted]
    forged = sum(item.truth.is_forged for item in flagged)
    causes = Counter(item.cause for item in flagged)
    return {
        cause.value: risk(causes[cause], forged if cause is Cause.FORGED else len(flagged) - forged)
        for cause in Cause
    }


def _false_accepts(judged: Iterable[Judged]) -> Iterable[FalseAccept]:
    for item in judged:
        if item.cause is not None:
            yield FalseAccept(
                folder=item.folder,
                student_number=item.truth.student_number,
                kind=item.truth.kind,
                condition=item.truth.condition,
                cause=item.cause.value,
            )


def _classified(judged: Sequence[Judged]) -> Share:
    answers = [item.type_right for item in judged if item.type_right is not None]
    return share(sum(answers), len(answers))


def _error_rate(readings: Sequence[FieldReading]) -> float | None:
    characters = sum(reading.characters for reading in readings)
    return sum(reading.edits for reading in readings) / characters if characters else None


def _fields(judged: Sequence[Judged]) -> tuple[FieldScore, ...]:
    scores = []
    for field in FieldName:
        readings = [r for item in judged for r in item.fields if r.field is field]
        if readings:
            scores.append(
                FieldScore(
                    field=field.value,
                    found=sum(reading.found for reading in readings),
                    exact=share(sum(reading.exact for reading in readings), len(readings)),
                    same_value=sum(reading.same_value for reading in readings),
                    character_error_rate=_error_rate(readings),
                )
            )
    return tuple(scores)


def _reliability(readings: Iterable[FieldReading]) -> tuple[Bin, ...]:
    pairs = [(r.confidence, r.exact) for r in readings if r.confidence is not None]
    bins = []
    for start, end in itertools.pairwise(_BIN_EDGES):
        last = end == _BIN_EDGES[-1]
        inside = [(c, exact) for c, exact in pairs if start <= c < end or (last and c >= end)]
        if inside:
            bins.append(
                Bin(
                    start=start,
                    end=end,
                    mean_confidence=sum(c for c, _ in inside) / len(inside),
                    exact=share(sum(exact for _, exact in inside), len(inside)),
                )
            )
    return tuple(bins)


def _curve(judged: Sequence[Judged]) -> tuple[CurvePoint, ...]:
    """Return what a threshold on the least certain critical field would do, by itself."""
    papers = []
    for item in judged:
        critical = [reading for reading in item.fields if reading.field in CRITICAL_FIELDS]
        if critical:
            least = min(reading.confidence or 0.0 for reading in critical)
            papers.append((least, not all(reading.same_value for reading in critical)))
    steps = sorted({least for least, _ in papers if least > 0})
    if len(steps) > _CURVE_POINTS:
        last = len(steps) - 1
        picks = [steps[round(i * last / (_CURVE_POINTS - 1))] for i in range(_CURVE_POINTS)]
        steps = sorted(set(picks))
    points = []
    for threshold in steps:
        passed = [wrong for least, wrong in papers if least >= threshold]
        points.append(
            CurvePoint(
                threshold=threshold,
                automated=share(len(passed), len(papers)),
                wrong=risk(sum(passed), len(passed)),
            )
        )
    return tuple(points)


def _told_apart(judged: Sequence[Judged], pairs: Set[TwinPair]) -> Share:
    """Return the pairs whose honest item was accepted and whose must-flag item was not."""
    accepted = {item.key for item in judged if item.accepted}
    apart = sum(honest in accepted and flagged not in accepted for honest, flagged in pairs)
    return share(apart, len(pairs))
