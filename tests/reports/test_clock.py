"""The sixty days and the queue's age are counted in the data's own present."""

import dataclasses
import datetime

import pytest

from domain.assessment import Decision
from domain.outcome import SealMark
from reports.clock import answer_clock, queue_age
from tests.reports.conftest import CHINA, MakeOutcome, make_row


def instant(month: int, day: int, hour: int = 12) -> datetime.datetime:
    return datetime.datetime(2024, month, day, hour, tzinfo=CHINA)


def test_sixty_days_after_the_deadline_the_decision_is_due(make_outcome: MakeOutcome) -> None:
    clock = answer_clock(make_outcome(latest=instant(4, 10)))
    assert (clock.due, clock.days_left) == (datetime.date(2024, 5, 30), 50)
    assert clock.sentence() == "截至 2024-04-10 还有 50 日"


@pytest.mark.parametrize(("day", "left"), [(29, 1), (30, 0), (31, -1)])
def test_the_last_day_still_counts(make_outcome: MakeOutcome, day: int, left: int) -> None:
    clock = answer_clock(make_outcome(latest=instant(5, day)))
    assert clock.days_left == left
    assert ("逾期" in clock.sentence()) is (left < 0)


def test_days_are_those_of_the_school_whatever_the_store_s_zone(make_outcome: MakeOutcome) -> None:
    late_evening = datetime.datetime(2024, 5, 29, 17, tzinfo=datetime.UTC)  # the 30th there
    assert answer_clock(make_outcome(latest=late_evening)).days_left == 0


def test_the_seal_stops_the_clock(make_outcome: MakeOutcome) -> None:
    seal = SealMark(account="chen", at=instant(5, 20))
    clock = answer_clock(make_outcome(seal=seal, latest=instant(11, 1)))
    assert clock.sentence() == "已于 2024-05-20 签发，在期限内"
    late = SealMark(account="chen", at=instant(6, 2))
    assert answer_clock(make_outcome(seal=late)).sentence() == "已于 2024-06-02 签发，逾期 3 日"


def test_a_day_that_was_named_goes_before_the_log_s(make_outcome: MakeOutcome) -> None:
    outcome = make_outcome(latest=instant(11, 1), as_of=datetime.date(2024, 4, 1))
    assert answer_clock(outcome).days_left == 59


def test_without_any_entry_the_day_is_that_of_the_rules(make_outcome: MakeOutcome) -> None:
    assert answer_clock(make_outcome()).as_of == datetime.date(2024, 3, 31)


def test_the_queue_s_age_is_counted_up_to_the_last_entry(make_outcome: MakeOutcome) -> None:
    rows = [
        dataclasses.replace(make_row(str(day), Decision.REVIEW), waiting_since=instant(4, day))
        for day in (1, 9, 10, 20)
    ]
    age = queue_age(make_outcome(*rows, make_row("x"), latest=instant(4, 10, 13)))
    assert (age.waiting, age.oldest_days, age.median_days) == (4, 9, 1)
    assert dict(age.by_age)["1 日以内"] == 3
    assert dict(age.by_age)["8–14 日"] == 1
    assert queue_age(make_outcome()).waiting == 0
