import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bench.statistics import (
    bootstrap_median,
    edit_distance,
    interval,
    lower_bound,
    percentile,
)
from domain.shares import upper_bound


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.308497),
        (1, 10, 0.002529, 0.445016),
        (5, 10, 0.187086, 0.812914),
        (10, 10, 0.691503, 1.0),
        (95, 100, 0.887165, 0.983568),
    ],
)
def test_intervals_are_those_of_published_tables(
    hits: int, n: int, low: float, high: float
) -> None:
    assert interval(hits, n) == pytest.approx((low, high), abs=2e-6)


@pytest.mark.parametrize("n", [1, 59, 300, 3000, 20_000])
def test_no_error_in_n_bounds_about_three_by_n(n: int) -> None:
    assert upper_bound(0, n, 0.95) == pytest.approx(1 - 0.05 ** (1 / n), rel=1e-6)


def test_nothing_measured_bounds_nothing() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    assert upper_bound(0, 0, 0.95) == 1.0
    with pytest.raises(ValueError, match="2 of 1"):
        interval(2, 1)


@given(st.integers(1, 60), st.data())
def test_at_the_bound_the_observation_has_exactly_the_chance_left(
    n: int, data: st.DataObject
) -> None:
    hits = data.draw(st.integers(1, n))
    share = lower_bound(hits, n, 0.95)
    chance = sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(hits, n + 1))
    assert chance == pytest.approx(0.05, rel=1e-6)


def test_percentiles_lie_between_neighbours() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert percentile([1.0, 2.0, 3.0], 0.95) == pytest.approx(2.9)
    assert percentile([7.0], 0.95) == 7.0
    assert math.isnan(percentile([], 0.5))


def test_the_bootstrap_repeats_and_holds_the_median() -> None:
    values = [1.0, 2.0, 2.5, 3.0, 9.0, 2.2, 2.1]
    low, high = bootstrap_median(values)
    assert (low, high) == bootstrap_median(values)
    assert 1.0 <= low < percentile(values, 0.5) < high <= 9.0
    assert bootstrap_median([2.0] * 5) == (2.0, 2.0)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("482", "", 3), ("kitten", "sitting", 3), ("482", "428", 2), ("482", "1482", 1)],
)
def test_edits_are_counted(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == distance
