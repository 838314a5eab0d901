"""Pure statistics: exact bounds of shares, percentiles, paired bootstrap, edit distance."""

import math
import random
from collections.abc import Callable, Sequence

from domain.shares import upper_bound

_BISECTIONS = 60
# Counts further from the mean than so many standard deviations weigh nothing.
_REACH = 12


def lower_bound(hits: int, n: int, confidence: float) -> float:
    """Return the exact (Clopper-Pearson) one-sided lower bound of a share, 0 for n = 0.

    The smallest share for which `hits` or more among `n` still has probability 1 - confidence.
    """
    _check(hits, n)
    if hits == 0:
        return 0.0
    return _solve(lambda share: _at_least(hits, n, share), 1 - confidence)


def interval(hits: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact (Clopper-Pearson) two-sided interval of a share."""
    one_sided = (1 + confidence) / 2
    return lower_bound(hits, n, one_sided), upper_bound(hits, n, one_sided)


def _check(hits: int, n: int) -> None:
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")


def _solve(rising: Callable[[float], float], target: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def _at_least(hits: int, n: int, share: float) -> float:
    """Return the probability of `hits` or more among `n`, summed over the shorter side."""
    if share <= 0.0:
        return float(hits <= 0)
    if share >= 1.0:
        return 1.0
    yes, no, whole = math.log(share), math.log1p(-share), math.lgamma(n + 1)
    upper = 2 * hits > n
    mean, reach = n * share, _REACH * (1 + math.sqrt(n * share * (1 - share)))
    if upper:
        first, last = max(hits, int(mean - reach)), min(n, int(max(mean, hits) + reach))
    else:
        first, last = max(0, int(min(mean, hits) - reach)), min(hits - 1, int(mean + reach))
    total = math.fsum(
        math.exp(
            whole
            - math.lgamma(count + 1)
            - math.lgamma(n - count + 1)
            + count * yes
            + (n - count) * no
        )
        for count in range(first, last + 1)
    )
    return total if upper else 1 - total


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile (0-1) by linear interpolation between neighbours, NaN for no values."""
    if not values:
        return math.nan
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def bootstrap_median(
    values: Sequence[float], confidence: float = 0.95, rounds: int = 2000
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the median; the same values give the same one."""
    if not values:
        return math.nan, math.nan
    source = random.Random(len(values))
    medians = [percentile(source.choices(values, k=len(values)), 0.5) for _ in range(rounds)]
    tail = (1 - confidence) / 2
    return percentile(medians, tail), percentile(medians, 1 - tail)


def edit_distance(one: str, other: str) -> int:
    """Return the Levenshtein distance: insertions, deletions and substitutions cost 1 each."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]
