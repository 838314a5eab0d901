"""From which confidence the upper bound of the misread share meets a target.

Fixed-sequence testing of a grid of confidences, strict to loose, as in "Learn then Test"
(Angelopoulos, Bates, Candès, Jordan, Lei, arXiv:2110.01052): each point is tested by itself at the
full level, and the first failure ends it. The grid is given beforehand, and where the sequence
begins depends on numbers of readings alone, not on which are wrong, so no level is lost by looking.
"""

import functools
from collections import Counter
from collections.abc import Sequence

from benchmarks.bench.statistics import lower_bound
from benchmarks.calibration.gathering import MeasuredReading
from domain.calibration import FamilyCount, FieldGroup, Mode, Threshold
from domain.shares import upper_bound

GRID = (
    *(1.0, 0.999, 0.998, 0.995, 0.99, 0.98, 0.97, 0.95),
    *(0.93, 0.90, 0.85, 0.80, 0.75, 0.70, 0.60, 0.50),
)
LEVEL = 0.95
# So many wrong readings the first point shall bear, as far as there are readings enough: a point
# that bears none fails by one unlucky reading, and ends the sequence.
_ERRORS_TO_BEAR = 2


def find_threshold(
    group: FieldGroup, mode: Mode, readings: Sequence[MeasuredReading], target: float
) -> Threshold:
    """Return the lowest confidence that the readings of a group and mode support, if any.

    A family with more errors than the whole would make likely is set apart: it is never accepted.
    The data choose then which families stay, so that what stays is bounded at a stricter level,
    shared among all choices that there were.
    """
    families = count_families([r for r in readings if r.confidence >= GRID[-1]])
    apart = {count.family for count in families if count.set_apart}
    level = 1 - (1 - LEVEL) / 2 ** len(families) if apart else LEVEL
    rest = [r for r in readings if r.family not in apart]
    found: Threshold | None = None
    start = _start(rest, target, level)
    for confidence in GRID[start:]:
        chosen = [r for r in rest if r.confidence >= confidence]
        errors = sum(r.is_wrong for r in chosen)
        bound = upper_bound(errors, len(chosen), level)
        holds = bound <= target
        if holds or found is None:
            found = Threshold(
                group=group,
                mode=mode,
                target=target,
                confidence=confidence if holds else None,
                items=len(chosen),
                papers=len({r.paper for r in chosen}),
                errors=errors,
                bound=bound,
                level=level,
                families=families,
            )
        if not holds:
            break
    assert found is not None
    return found


def _start(readings: Sequence[MeasuredReading], target: float, level: float) -> int:
    """Return where in the grid the sequence begins; it looks at no reading's being wrong."""
    counts = [sum(r.confidence >= confidence for r in readings) for confidence in GRID]
    for errors in range(_ERRORS_TO_BEAR, -1, -1):
        needed = items_needed(target, level, errors)
        for index, count in enumerate(counts):
            if count >= needed:
                return index
    return len(GRID) - 1


@functools.cache
def items_needed(target: float, level: float = LEVEL, errors: int = 0) -> int:
    """Return how many readings, `errors` of them wrong, bring the upper bound down to a target.

    Without errors about 3 / target: 598 for 0.5 %, 149 for 2 %.
    """
    low, high = errors, max(1, errors)
    while upper_bound(errors, high, level) > target:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if upper_bound(errors, middle, level) > target else (low, middle)
    return high


def count_families(readings: Sequence[MeasuredReading]) -> tuple[FamilyCount, ...]:
    """Return the readings of each family, and whether it has more errors than chance explains.

    Exact one-sided binomial test against the share of all readings together, at 5 % shared among
    the families (Bonferroni).
    """
    items = Counter(r.family for r in readings)
    errors = Counter(r.family for r in readings if r.is_wrong)
    level = 1 - (1 - LEVEL) / max(1, len(items))
    share = sum(errors.values()) / max(1, len(readings))
    return tuple(
        FamilyCount(
            family=family,
            items=items[family],
            errors=errors[family],
            # The lower bound exceeds a share exactly where the test refuses it.
            set_apart=len(items) > 1 and lower_bound(errors[family], items[family], level) > share,
        )
        for family in sorted(items)
    )
