"""The lowest confidence whose bound meets the target, and nothing that the data cannot support."""

import math
import random

import pytest

from benchmarks.calibration.gathering import MeasuredReading
from benchmarks.calibration.thresholds import (
    GRID,
    count_families,
    find_threshold,
    items_needed,
)
from domain.calibration import FieldGroup, Mode, Threshold
from domain.certificates import CertificateFamily
from domain.shares import upper_bound

CET, TEM, ZIKAO = CertificateFamily.CET, CertificateFamily.TEM, CertificateFamily.ZIKAO
TARGET = 0.005


def readings(
    n: int, confidence: float, errors: int = 0, family: CertificateFamily = CET
) -> list[MeasuredReading]:
    return [
        MeasuredReading(
            group=FieldGroup.NUMBER,
            mode=Mode.AGREED,
            family=family,
            confidence=confidence,
            is_wrong=index < errors,
            paper=f"{family}-{confidence}-{index // 2}",
        )
        for index in range(n)
    ]


def threshold_of(*parts: list[MeasuredReading], target: float = TARGET) -> Threshold:
    found = [reading for part in parts for reading in part]
    return find_threshold(FieldGroup.NUMBER, Mode.AGREED, found, target)


def test_how_many_readings_a_target_needs() -> None:
    assert items_needed(0.005) == math.ceil(math.log(0.05) / math.log1p(-0.005)) == 598
    assert items_needed(0.02) == 149
    for errors in range(4):
        needed = items_needed(0.01, 0.95, errors)
        assert upper_bound(errors, needed, 0.95) <= 0.01 < upper_bound(errors, needed - 1, 0.95)


@pytest.mark.parametrize(("n", "confidence"), [(597, None), (598, 0.5)])
def test_zero_errors_suffice_exactly_where_there_are_readings_enough(
    n: int, confidence: float | None
) -> None:
    found = threshold_of(readings(n, 0.6))
    assert (found.confidence, found.items, found.errors) == (confidence, n, 0)
    assert found.papers == math.ceil(n / 2)
    assert (found.bound <= TARGET) is (confidence is not None)


def test_without_any_reading_nothing_is_accepted() -> None:
    found = threshold_of()
    assert (found.confidence, found.items, found.bound, found.families) == (None, 0, 1.0, ())


def test_it_goes_on_to_looser_confidences_until_the_first_failure() -> None:
    found = threshold_of(
        readings(2000, 0.999), readings(100, 0.96, 1), readings(50, 0.91, 6), readings(5000, 0.7)
    )
    assert (found.confidence, found.items, found.errors) == (0.93, 2100, 1)
    assert found.bound == upper_bound(1, 2100, 0.95)
    # All 7150 together would meet the target again: the sequence ended before.
    assert upper_bound(7, 7150, 0.95) < TARGET


def test_a_failure_where_it_begins_closes_the_mode() -> None:
    found = threshold_of(readings(1300, 0.999, 5), readings(9000, 0.95))
    assert (found.confidence, found.errors) == (None, 5)
    assert found.bound > TARGET


def test_where_it_begins_does_not_depend_on_what_is_wrong() -> None:
    """One early error must not end it where there are readings enough to bear one."""
    found = threshold_of(readings(600, 0.999, 1), readings(700, 0.985))
    assert (found.confidence, found.items) == (0.5, 1300)
    assert threshold_of(readings(600, 0.999, 1)).confidence is None


def test_readings_below_the_grid_count_nowhere() -> None:
    found = threshold_of(readings(598, 0.9), readings(400, 0.4, 400))
    assert (found.confidence, found.items, found.families[0].errors) == (0.5, 598, 0)


def test_a_family_with_improbably_many_errors_is_set_apart() -> None:
    parts = (readings(1500, 0.99), readings(1500, 0.99, 1, TEM), readings(60, 0.99, 9, ZIKAO))
    found = threshold_of(*parts)
    assert [(c.family, c.items, c.errors, c.set_apart) for c in found.families] == [
        (CET, 1500, 0, False), (TEM, 1500, 1, False), (ZIKAO, 60, 9, True)
    ]  # fmt: skip
    assert (found.confidence, found.items, found.errors) == (0.5, 3000, 1)
    assert found.level == pytest.approx(1 - 0.05 / 8), "the data chose among eight sets of families"
    assert not found.holds_for(ZIKAO)
    assert found.holds_for(TEM)
    assert not found.holds_for(CertificateFamily.TRM)


def test_families_that_err_alike_stay_together() -> None:
    counts = count_families([*readings(500, 0.9, 3), *readings(100, 0.9, 2, TEM)])
    assert not any(count.set_apart for count in counts)
    assert not any(count.set_apart for count in count_families(readings(10, 0.9, 10)))


def test_the_target_is_missed_no_more_often_than_promised() -> None:
    """Draw worlds in which every confidence misreads just too often: few may pass."""
    source = random.Random(5)
    missed = 0
    worlds = 300
    for _ in range(worlds):
        drawn = [
            MeasuredReading(
                group=FieldGroup.DATE,
                mode=Mode.ALONE,
                family=CET,
                confidence=source.choice(GRID),
                is_wrong=source.random() < 0.0205,
                paper=str(index),
            )
            for index in range(500)
        ]
        missed += find_threshold(FieldGroup.DATE, Mode.ALONE, drawn, 0.02).confidence is not None
    assert missed <= 0.05 * worlds + 3 * math.sqrt(worlds * 0.05 * 0.95)
