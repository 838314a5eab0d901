"""Course results as numbers: what a cell says, and what keeps it from counting."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from domain.application import CourseResult
from domain.degree_policy import DegreePolicy, GradePoints, Resit
from validators.normalizing import fold_text

RESIT = "补考"
EXEMPT = frozenset({"免修", "免考"})
KNOWN_WAYS = frozenset({"", "正常", RESIT, "缓考", "重修", "免修", "免考"})
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?")
_HIGHEST = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course result. `points` is None where the result is empty or says nothing known.

    `is_core` and `is_final` are None where the flag is neither 是 nor 否.
    """

    code: str
    name: str
    nature: str
    credits: Decimal | None
    credits_text: str
    result: str
    points: Decimal | None
    taken: str
    is_core: bool | None
    is_final: bool | None

    @property
    def is_exempt(self) -> bool:
        return self.taken in EXEMPT

    @property
    def key(self) -> str:
        """Return what two results of the same course share."""
        return self.code or self.name


def parse_course(row: CourseResult, grades: GradePoints) -> Course:
    """Return one row of the table of courses as numbers."""
    cells = {header: fold_text(cell) for header, cell in row.columns}
    credits_text, result = cells.get("学分", ""), cells.get("成绩", "")
    return Course(
        code=cells.get("课程代码", ""),
        name=cells.get("课程名称", ""),
        nature=cells.get("课程性质", ""),
        credits=_credits(credits_text),
        credits_text=credits_text,
        result=result,
        points=_points(result, grades),
        taken=cells.get("修读方式", ""),
        is_core=_flag(cells.get("是否学位主干课", "")),
        is_final=_flag(cells.get("是否毕业课程", "")),
    )


def _points(result: str, grades: GradePoints) -> Decimal | None:
    if not _NUMBER.fullmatch(result):
        return grades.of(result)
    points = Decimal(result)
    return points if points <= _HIGHEST else None


def _credits(text: str) -> Decimal | None:
    credits = Decimal(text) if _NUMBER.fullmatch(text) else None
    return credits if credits else None


def _flag(text: str) -> bool | None:
    return {"是": True, "否": False}.get(text)


def resit_points(course: Course, resit: Resit, policy: DegreePolicy) -> Decimal | None:
    """Return what a result counts when resits count in one way: a passed one, at most so much."""
    fixed = resit is Resit.FIXED and course.taken == RESIT
    if course.points is None or not fixed:
        return course.points
    return min(course.points, policy.resit_points)


def by_course(courses: Iterable[Course]) -> list[list[Course]]:
    """Return results of the same course together, in the order of their first rows."""
    groups: dict[str, list[Course]] = {}
    for course in courses:
        groups.setdefault(course.key, []).append(course)
    return list(groups.values())
