"""What a school settles about degrees: averages, grades in words, shapes of numbers."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

UNDECIDED = "undecided"
"""The school has not said: every way has to come to the same verdict, else a person decides."""


class CourseSet(StrEnum):
    """Which courses the average is taken over; graduation courses never count."""

    ALL = "all"
    EXAM = "exam"


class Weighting(StrEnum):
    PLAIN = "plain"
    CREDIT = "credit"
    UNDECIDED = UNDECIDED


class Resit(StrEnum):
    """What a passed resit counts."""

    ACTUAL = "actual"
    FIXED = "fixed"
    UNDECIDED = UNDECIDED


class Exemption(StrEnum):
    """What an exempted course counts: nothing, or its result up to a ceiling."""

    SKIP = "skip"
    CAP = "cap"
    UNDECIDED = UNDECIDED


class Repeated(StrEnum):
    """Which of several results of one course counts."""

    BEST = "best"
    LAST = "last"
    UNDECIDED = UNDECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreePolicy:
    """How the conditions are reckoned, and what shapes numbers of applicants have.

    `resit_points` is what a passed resit counts where resits count a fixed value, `exempt_most` the
    ceiling of exempted courses. Patterns are regular expressions for the whole value; an empty one
    asks for nothing.
    """

    average_line: Decimal
    core_line: Decimal
    average_courses: CourseSet
    weighting: Weighting
    resit: Resit
    resit_points: Decimal
    exemption: Exemption
    exempt_most: Decimal
    repeated_course: Repeated
    student_number_pattern: str
    candidate_number_pattern: str
    answer_days: int

    def faults(self) -> list[str]:
        """Return what is wrong with values that their types alone do not show."""
        faults = []
        for name in ("student_number_pattern", "candidate_number_pattern"):
            try:
                re.compile(getattr(self, name))
            except re.error as error:
                faults.append(f"policy: [degree] {name} is no regular expression: {error}")
        points = ("average_line", "core_line", "resit_points", "exempt_most")
        return faults + [
            f"policy: [degree] {name} must lie between 0 and 100"
            for name in points
            if not 0 <= getattr(self, name) <= 100
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPolicy:
    """What the school asks of a portrait file; 0, false or "" asks for nothing.

    `name` is how the file is to be called, without its ending: words and columns in braces.
    """

    least_width_px: int
    most_width_px: int
    least_height_px: int
    most_height_px: int
    least_bytes: int
    most_bytes: int
    least_dpi: int
    coloured: bool
    name: str

    def faults(self) -> list[str]:
        """Return what is wrong with values that their types alone do not show."""
        pairs = (("least_width_px", "most_width_px"), ("least_height_px", "most_height_px"),
                 ("least_bytes", "most_bytes"))  # fmt: skip
        return [
            f"policy: [photo] {least} is more than {most}"
            for least, most in pairs
            if 0 < getattr(self, most) < getattr(self, least)
        ]


class DataLayout(StrEnum):
    """The column order of the national degree data: since June 2024, or before."""

    CURRENT = "current"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeDataPolicy:
    """What the national degree data says of the school; an empty text is listed as missing."""

    layout: DataLayout
    province_code: str
    unit_code: str
    unit_name: str
    training_unit_code: str
    training_unit_name: str
    president: str
    chair: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormsPolicy:
    """Which form is filled (institutions/forms/<layout>.toml) and the school's name on it."""

    layout: str
    school: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradePoints:
    """What grades in words are worth.

    `set_by_school` says whether the school has settled the points; until then they are examples,
    and a condition that rests on them has to hold at the lower end of each grade as well.
    """

    set_by_school: bool
    excellent: Decimal
    good: Decimal
    medium: Decimal
    sufficient: Decimal
    insufficient: Decimal
    passed: Decimal
    failed: Decimal

    def of(self, word: str) -> Decimal | None:
        """Return what a grade is worth, None for a word that is no grade."""
        points: Decimal | None = getattr(self, GRADE_WORDS[word]) if word in GRADE_WORDS else None
        return points

    def least_of(self, word: str) -> Decimal | None:
        """Return what a grade is worth at the least that may be meant."""
        points = self.of(word)
        if points is None or self.set_by_school:
            return points
        return min(points, _LOWER_ENDS[GRADE_WORDS[word]])


GRADE_WORDS = {
    "优秀": "excellent",
    "良好": "good",
    "中等": "medium",
    "及格": "sufficient",
    "不及格": "insufficient",
    "合格": "passed",
    "不合格": "failed",
}

# Where each grade begins in the usual table of a hundred points; what failed may be nothing at all.
_LOWER_ENDS = {
    "excellent": Decimal(90),
    "good": Decimal(80),
    "medium": Decimal(70),
    "sufficient": Decimal(60),
    "insufficient": Decimal(0),
    "passed": Decimal(60),
    "failed": Decimal(0),
}
