"""The days within which the school decides, counted in the data's own present."""

import datetime
from dataclasses import dataclass

from domain.outcome import BatchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClock:
    """How a batch stands to the decision on acceptance (学位法 §23: 60 days after the deadline).

    `as_of` is the day on which it is looked at; `sealed_on` the day of the seal, which stops the
    clock, None before. `days_left` is negative once the day has passed.
    """

    due: datetime.date
    as_of: datetime.date
    sealed_on: datetime.date | None
    days_left: int

    def sentence(self) -> str:
        """Return how it stands in words."""
        if self.sealed_on is not None:
            late = f"，逾期 {-self.days_left} 日" if self.days_left < 0 else "，在期限内"
            return f"已于 {self.sealed_on} 签发{late}"
        if self.days_left < 0:
            return f"截至 {self.as_of} 已逾期 {-self.days_left} 日"
        return f"截至 {self.as_of} 还有 {self.days_left} 日"


def answer_clock(outcome: BatchOutcome) -> AnswerClock:
    """Return the clock of a batch; the deadline's own day is not counted (民法典 §201).

    A last day that is a public holiday moves to the next working day (民法典 §203): calendars are
    not known here, so the earlier day stands.
    """
    zone = outcome.batch.deadline.tzinfo
    days = datetime.timedelta(days=outcome.policy.degree.answer_days)
    due = outcome.batch.deadline.date() + days
    as_of = outcome.as_of
    if as_of is None:
        as_of = outcome.latest.astimezone(zone).date() if outcome.latest else outcome.today
    sealed_on = outcome.seal.at.astimezone(zone).date() if outcome.seal else None
    return AnswerClock(
        due=due, as_of=as_of, sealed_on=sealed_on, days_left=(due - (sealed_on or as_of)).days
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAge:
    """How long applications have waited for people, in whole days; all zero for an empty queue."""

    waiting: int
    median_days: int
    oldest_days: int
    by_age: tuple[tuple[str, int], ...]


_AGES = (("1 日以内", 1), ("2–3 日", 3), ("4–7 日", 7), ("8–14 日", 14), ("15–30 日", 30))
_OLDEST = "30 日以上"


def queue_age(outcome: BatchOutcome) -> QueueAge:
    """Return the ages of what waits, up to the log's last entry about the batch."""
    now = outcome.latest
    days = sorted(
        max(0, (now - row.waiting_since).days)
        for row in outcome.rows
        if now is not None and row.waiting_since is not None
    )
    counts = dict.fromkeys((name for name, _ in _AGES), 0) | {_OLDEST: 0}
    for age in days:
        counts[next((name for name, most in _AGES if age <= most), _OLDEST)] += 1
    return QueueAge(
        waiting=len(days),
        median_days=days[len(days) // 2] if days else 0,
        oldest_days=days[-1] if days else 0,
        by_age=tuple(counts.items()),
    )
