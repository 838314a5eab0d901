"""What a degree application comes to: its conditions, the courses that counted, its files."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Standing(StrEnum):
    """Whether a condition holds. `open`: nobody but a person can say."""

    MET = "met"
    NOT_MET = "not-met"
    OPEN = "open"


class ConditionName(StrEnum):
    """The three conditions of 学位审核条件, in the platform's order."""

    AVERAGE = "average"
    LANGUAGE = "language"
    CORE = "core"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One line of 学位审核条件, worded as on the platform.

    `value` is what it rests on, alone: two decimals, or 合格; "" where there is none.
    """

    name: ConditionName
    requirement: str
    current: str
    value: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCourse:
    """One course result and what became of it in the reckoning that is shown.

    `points` is what the result is worth, None where it is worth nothing known. `remark` says in
    Chinese why it does not count, or counts otherwise than printed.
    """

    code: str
    name: str
    credits: str
    result: str
    taken: str
    is_core: bool
    is_final: bool
    counts: bool
    points: Decimal | None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageResult:
    """The result of one language application of the same person in this store.

    `passed` is None while it is not settled. `sealed` says that its batch was signed off.
    """

    batch_id: str
    batch_name: str
    student_number: str
    sealed: bool
    passed: bool | None
    certificate_type: str
    language: str = ""
    number: str = ""
    score: str = ""
    obtained: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeResult:
    """What is kept of a degree application beside its findings: forms and reports need it.

    The last three are file digests, "" where there is no such file.
    """

    conditions: tuple[Condition, ...]
    courses: tuple[CountedCourse, ...]
    language: LanguageResult | None
    thesis_file: str = ""
    form_file: str = ""
    photo_file: str = ""

    def condition(self, name: ConditionName) -> Condition:
        """Return one of the three conditions; raises StopIteration where it is not there."""
        return next(condition for condition in self.conditions if condition.name is name)

    @property
    def eligible(self) -> bool:
        """Return whether all three conditions are known to hold."""
        return {c.name for c in self.conditions if c.standing is Standing.MET} == set(ConditionName)


def two_decimals(value: Decimal) -> str:
    """Return a value as the platform shows it: two decimals, halves away from zero."""
    return str(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def plain_number(value: Decimal) -> str:
    """Return a score without needless zeros: 77, 77.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
