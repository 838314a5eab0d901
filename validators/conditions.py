"""学位审核条件: average, language and core courses, worded as on the platform (manual, step 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.degree import (
    Condition,
    ConditionName,
    CountedCourse,
    LanguageResult,
    Standing,
    plain_number,
    two_decimals,
)
from domain.degree_policy import CourseSet, DegreePolicy, Weighting
from validators.averages import (
    Reckoned,
    counting,
    points_in,
    reckon_average,
    reckon_core,
    settle_repeated,
    ways_of,
)
from validators.courses import KNOWN_WAYS, RESIT, Course, contradictions

PASSED, FAILED = "合格", "不合格"
_LANGUAGE = "学位外语成绩"


class LanguageCase(StrEnum):
    """What is known of the language condition."""

    PASSED = "passed"
    FAILED = "failed"
    MISSING = "missing"
    UNDECIDED = "undecided"
    UNKNOWN_WORD = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """The three conditions, with what the rules need to say why one of them is open."""

    conditions: tuple[Condition, ...]
    courses: tuple[CountedCourse, ...]
    average: Reckoned
    core: Reckoned
    language: LanguageCase
    disagrees: bool


def judge_language(column: str, stored: Sequence[LanguageResult]) -> tuple[LanguageCase, bool]:
    """Return the language condition, and whether the column and the store contradict each other.

    The column counts if filled, else the newest sealed result of the person (`stored` is newest
    first). Contract, degree batches.
    """
    settled = (result for result in stored if result.sealed and result.passed is not None)
    newest = next(settled, None)
    if column:
        if column not in (PASSED, FAILED):
            return LanguageCase.UNKNOWN_WORD, False
        says = column == PASSED
        case = LanguageCase.PASSED if says else LanguageCase.FAILED
        return case, newest is not None and newest.passed is not says
    if newest is None:
        return (LanguageCase.UNDECIDED if stored else LanguageCase.MISSING), False
    return (LanguageCase.PASSED if newest.passed else LanguageCase.FAILED), False


def reckon(
    courses: Sequence[Course],
    column: str,
    stored: Sequence[LanguageResult],
    policy: DegreePolicy,
    *,
    is_complete: bool = True,
) -> Reckoning:
    """Return the three conditions and the courses that counted in what is shown.

    Where courses are known to be missing (not `is_complete`), nothing is known of the average or of
    the lowest core course.
    """
    average, core = reckon_average(courses, policy), reckon_core(courses, policy)
    language, disagrees = judge_language(column, stored)
    unclear = any(is_unclear(course) for course in courses)
    unsure = unclear or not is_complete or bool(contradictions(courses, policy))
    exam = policy.average_courses is CourseSet.EXAM
    natures = exam and any(is_of_no_nature(course) for course in courses)
    conditions = (
        _average_condition(average, policy, unsure or natures),
        _language_condition(language, disagrees),
        _core_condition(core, policy, unsure),
    )
    return Reckoning(
        conditions=conditions,
        courses=tuple(_counted(courses, policy)),
        average=average,
        core=core,
        language=language,
        disagrees=disagrees,
    )


def is_unclear(course: Course) -> bool:
    """Return whether a row leaves open what it is, so that no condition is known."""
    nameless = not course.key
    return nameless or None in (course.is_core, course.is_final) or course.taken not in KNOWN_WAYS


def is_of_no_nature(course: Course) -> bool:
    """Return whether a course may or may not be a 考试课."""
    return course.is_final is False and course.is_exam is None


def _average_condition(average: Reckoned, policy: DegreePolicy, unsure: bool) -> Condition:
    exam = policy.average_courses is CourseSet.EXAM
    what = "考试课程平均成绩" if exam else "所有课程平均成绩 (不包含毕业课程)"
    value = two_decimals(average.shown) if average.shown is not None else ""
    return _condition(
        ConditionName.AVERAGE, f"教学计划下{what}", policy.average_line, value, average, unsure
    )


def _core_condition(core: Reckoned, policy: DegreePolicy, unsure: bool) -> Condition:
    value = plain_number(core.shown) if core.shown is not None else ""
    what = "每门学位主干课 最低成绩"
    return _condition(ConditionName.CORE, what, policy.core_line, value, core, unsure)


def _condition(
    name: ConditionName, what: str, line: Decimal, value: str, found: Reckoned, unsure: bool
) -> Condition:
    least = plain_number(line)
    return Condition(
        name=name,
        requirement=f"{what}: {least} 及{least}以上",
        current=f"{what}: {value or '无法核算'}",
        value=value,
        standing=Standing.OPEN if unsure else found.standing,
    )


def _language_condition(case: LanguageCase, disagrees: bool) -> Condition:
    value = {LanguageCase.PASSED: PASSED, LanguageCase.FAILED: FAILED}.get(case, "")
    words = {LanguageCase.MISSING: "无", LanguageCase.UNDECIDED: "未认定"}
    standing = {
        LanguageCase.PASSED: Standing.MET,
        LanguageCase.FAILED: Standing.NOT_MET,
    }.get(case, Standing.OPEN)
    return Condition(
        name=ConditionName.LANGUAGE,
        requirement=f"{_LANGUAGE}: {PASSED}",
        current=f"{_LANGUAGE}: {value or words.get(case, '无法识别')}",
        value=value,
        standing=Standing.OPEN if disagrees else standing,
    )


def _counted(courses: Sequence[Course], policy: DegreePolicy) -> list[CountedCourse]:
    """Return every row with what became of it in the first way, which is the one shown."""
    way = ways_of(policy)[0]
    settled = {id(course) for course in settle_repeated(courses, way, policy)}
    taken = {id(course) for course in counting(courses, way, policy)}
    rows = []
    for course in courses:
        points = points_in(course, way, policy)
        counts = id(course) in taken
        remark = RESIT if course.taken == RESIT else ""
        rows.append(
            CountedCourse(
                code=course.code,
                name=course.name,
                credits=course.credits_text,
                result=course.result,
                taken=course.taken,
                is_core=bool(course.is_core),
                is_final=bool(course.is_final),
                counts=counts,
                points=points,
                remark=remark if counts else _why_not(course, id(course) in settled),
            )
        )
    return rows


def _why_not(course: Course, is_settled: bool) -> str:
    if not is_settled:
        return "同一课程另有成绩"
    if course.is_final is not False:
        return "毕业课程不计入" if course.is_final else "是否毕业课程不明"
    return "免修不计入" if course.is_exempt else "非考试课程不计入"


def weighting_shown(policy: DegreePolicy) -> str:
    """Return in Chinese which mean is shown."""
    credit = ways_of(policy)[0].weighting is Weighting.CREDIT
    return "按学分加权" if credit else "算术平均"
