"""Course results as numbers: what a cell says, and what keeps it from counting."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from domain.application import CourseResult
from domain.degree_policy import DegreePolicy, GradePoints, Weighting
from validators.normalizing import fold_text

RESIT = "补考"
EXEMPT = frozenset({"免修", "免考"})
KNOWN_WAYS = frozenset({"", "正常", RESIT, "缓考", "重修", "免修", "免考"})
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?")
_HIGHEST = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course result. `points` is None where the result is empty or says nothing known.

    `least` is what it is worth at the least: less than `points` only for a grade in words of which
    the school has not said what it is worth. `credits` may be 0, which weighs nothing. `is_core`
    and `is_final` are None where the flag is neither 是 nor 否.
    """

    code: str
    name: str
    nature: str
    credits: Decimal | None
    credits_text: str
    result: str
    points: Decimal | None
    least: Decimal | None
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

    @property
    def is_exam(self) -> bool | None:
        """Return whether it is a 考试课, None where 课程性质 says neither 考试 nor 考查."""
        if "考查" in self.nature or "非考试" in self.nature:
            return False
        return True if "考试" in self.nature else None


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
        points=_points(result, grades.of),
        least=_points(result, grades.least_of),
        taken=cells.get("修读方式", ""),
        is_core=_flag(cells.get("是否学位主干课", "")),
        is_final=_flag(cells.get("是否毕业课程", "")),
    )


def _points(result: str, of_word: Callable[[str], Decimal | None]) -> Decimal | None:
    if not _NUMBER.fullmatch(result):
        return of_word(result)
    points = Decimal(result)
    return points if points <= _HIGHEST else None


def _credits(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _flag(text: str) -> bool | None:
    return {"是": True, "否": False}.get(text)


def by_course(courses: Iterable[Course], by_name: bool = False) -> list[list[Course]]:
    """Return results of the same course together, in the order of their first rows.

    Courses are told apart by code, or, `by_name`, by name: a course may have changed its code.
    """
    groups: dict[str, list[Course]] = {}
    for course in courses:
        key = (course.name or course.code) if by_name else course.key
        groups.setdefault(key, []).append(course)
    return list(groups.values())


def contradictions(courses: Iterable[Course], policy: DegreePolicy) -> list[tuple[Course, str]]:
    """Return courses whose rows contradict each other, each with the column in which they do.

    One of them would be taken for the course, and with it its name, flags and credits: which one is
    a person's to say.
    """
    weighs = policy.weighting is not Weighting.PLAIN
    columns: dict[str, Callable[[Course], object]] = {
        "课程名称": lambda course: course.name,
        "是否学位主干课": lambda course: course.is_core,
        "是否毕业课程": lambda course: course.is_final,
        **({"学分": lambda course: course.credits} if weighs else {}),
    }
    return [
        (group[0], column)
        for group in by_course(courses)
        for column, said in columns.items()
        if len({said(course) for course in group}) > 1
    ]
