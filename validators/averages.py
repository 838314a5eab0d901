"""Average and lowest core course, exactly, in every way that the policy leaves open.

Where a school has not said how resits, exemptions, weights, repeated courses or grades in words
count, all ways are reckoned; only where they come to the same verdict is it known. Comparisons are
exact: sums against lines, nothing divided, nothing rounded.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from typing import TypeVar

from domain.degree import Standing, two_decimals
from domain.degree_policy import (
    UNDECIDED,
    CourseSet,
    DegreePolicy,
    Exemption,
    Repeated,
    Resit,
    Weighting,
)
from validators.courses import RESIT, Course, by_course

_EXACT = Context(prec=60)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of reckoning, with nothing left open.

    `by_name`: results of one name under several codes are one course. `least`: grades in words are
    worth what they are at the least. Both are tried always, for no table says which is meant.
    """

    weighting: Weighting
    resit: Resit
    exemption: Exemption
    repeated: Repeated
    by_name: bool = False
    least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A weighted sum and its weights; never divided but to be shown."""

    total: Decimal
    weight: Decimal

    def reaches(self, line: Decimal) -> bool:
        """Return whether the mean is at least the line, exactly."""
        with localcontext(_EXACT):
            return self.total >= line * self.weight

    @property
    def value(self) -> Decimal:
        """Return the mean to sixty digits, for showing."""
        return _EXACT.divide(self.total, self.weight)

    def only_rounded(self, line: Decimal) -> bool:
        """Return whether two decimals show the line although the mean misses it."""
        return not self.reaches(line) and Decimal(two_decimals(self.value)) >= line


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What all ways came to. `shown` is the first way's value, None where it cannot be reckoned.

    `border`: in some way only rounding lifts the value over the line.
    """

    standing: Standing
    shown: Decimal | None
    border: bool
    ways_differ: bool


def ways_of(policy: DegreePolicy) -> tuple[Way, ...]:
    """Return every way that the policy leaves open; the first one is what is shown."""
    return tuple(
        Way(
            weighting=weighting,
            resit=resit,
            exemption=exemption,
            repeated=repeated,
            by_name=by_name,
            least=least,
        )
        for by_name, least, weighting, resit, exemption, repeated in itertools.product(
            (False, True),
            (False, True),
            _open(policy.weighting),
            _open(policy.resit),
            _open(policy.exemption),
            _open(policy.repeated_course),
        )
    )


def _open(setting: E) -> tuple[E, ...]:
    if setting.value != UNDECIDED:
        return (setting,)
    return tuple(member for member in type(setting) if member.value != UNDECIDED)


def counting(courses: Iterable[Course], way: Way, policy: DegreePolicy) -> list[Course]:
    """Return the results that the average is taken over in one way."""
    kept = [c for c in settle_repeated(courses, way, policy) if c.is_final is False]
    if policy.average_courses is CourseSet.EXAM:
        kept = [course for course in kept if course.is_exam]
    if way.exemption is Exemption.SKIP:
        kept = [course for course in kept if not course.is_exempt]
    return kept


def settle_repeated(courses: Iterable[Course], way: Way, policy: DegreePolicy) -> list[Course]:
    """Return one result per course: the last row, or the one worth most."""
    chosen = []
    for group in by_course(courses, way.by_name):
        if way.repeated is Repeated.LAST:
            chosen.append(group[-1])
        else:
            chosen.append(max(group, key=lambda course: _worth(course, way, policy)))
    return chosen


def _worth(course: Course, way: Way, policy: DegreePolicy) -> Decimal:
    points = points_in(course, way, policy)
    return Decimal(-1) if points is None else points


def points_in(course: Course, way: Way, policy: DegreePolicy) -> Decimal | None:
    """Return what a result counts in one way, None where it is worth nothing known."""
    points = course.least if way.least else course.points
    if points is None:
        return None
    if course.taken == RESIT and way.resit is Resit.FIXED:
        points = min(points, policy.resit_points)
    if course.is_exempt and way.exemption is Exemption.CAP:
        points = min(points, policy.exempt_most)
    return points


def reckon_average(courses: Sequence[Course], policy: DegreePolicy) -> Reckoned:
    """Return how the average stands to its line."""
    means = [_mean(courses, way, policy) for way in ways_of(policy)]
    return _judge(means, policy.average_line)


def reckon_core(courses: Sequence[Course], policy: DegreePolicy) -> Reckoned:
    """Return how the lowest 学位主干课 stands to its line."""
    lowest = [_lowest_core(courses, way, policy) for way in ways_of(policy)]
    return _judge(lowest, policy.core_line)


def _mean(courses: Sequence[Course], way: Way, policy: DegreePolicy) -> Mean | None:
    total = weight = Decimal(0)
    for course in counting(courses, way, policy):
        points = points_in(course, way, policy)
        share = course.credits if way.weighting is Weighting.CREDIT else Decimal(1)
        if points is None or share is None:
            return None
        with localcontext(_EXACT):
            total, weight = total + points * share, weight + share
    return Mean(total=total, weight=weight) if weight else None


def _lowest_core(courses: Sequence[Course], way: Way, policy: DegreePolicy) -> Mean | None:
    core = [c for c in settle_repeated(courses, way, policy) if c.is_core]
    points = [points_in(course, way, policy) for course in core]
    known = [value for value in points if value is not None]
    if not known or len(known) < len(points):
        return None
    return Mean(total=min(known), weight=Decimal(1))


def _judge(means: Sequence[Mean | None], line: Decimal) -> Reckoned:
    known = [mean for mean in means if mean is not None]
    verdicts = {mean.reaches(line) for mean in known}
    border = any(mean.only_rounded(line) for mean in known)
    standing = Standing.OPEN
    if len(known) == len(means) and len(verdicts) == 1 and not border:
        standing = Standing.MET if True in verdicts else Standing.NOT_MET
    shown = means[0].value if means[0] is not None else None
    return Reckoned(
        standing=standing, shown=shown, border=border, ways_differ=len(verdicts) > 1 and not border
    )
