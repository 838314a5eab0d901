"""Which 学位主干课 an applicant's classmates have: a row or a flag of a core course can be missing.

The platform exports no teaching plan. Applicants of one 层次, 专业名称 and 年级 share one, so a
course that most of them have as 学位主干课 is expected of each (R30: none missing).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.application import CourseResult, Submission
from domain.degree_policy import GradePoints
from validators.courses import Course, parse_course
from validators.normalizing import fold_text

Cohort = tuple[str, ...]
CorePlans = Mapping[Cohort, Mapping[str, str]]
"""Per cohort the name of each expected core course by its key."""

# With fewer classmates nobody can say which of two plans is the right one.
FEWEST = 3


def cohort_of(submission: Submission) -> Cohort:
    """Return what applicants with the same teaching plan share."""
    columns = ("层次", "专业名称", "年级")
    return tuple(fold_text(submission.application.get(column)) for column in columns)


def core_plans(
    applications: Iterable[tuple[Submission, Sequence[CourseResult]]], grades: GradePoints
) -> CorePlans:
    """Return what most applicants of each cohort have as 学位主干课.

    Who has none at all says nothing of the plan and is not counted.
    """
    people: Counter[Cohort] = Counter()
    having: dict[Cohort, Counter[str]] = {}
    names: dict[tuple[Cohort, str], str] = {}
    for submission, rows in applications:
        cohort = cohort_of(submission)
        parsed = (parse_course(row, grades) for row in rows)
        core = {course.key: course.name for course in parsed if course.is_core and course.key}
        people[cohort] += bool(core)
        having.setdefault(cohort, Counter()).update(core.keys())
        for key, name in core.items():
            names.setdefault((cohort, key), name or key)
    return {
        cohort: {key: names[cohort, key] for key, count in sorted(counts.items())
                 if 2 * count > people[cohort]}
        for cohort, counts in having.items()
        if people[cohort] >= FEWEST
    }  # fmt: skip


def missing_core(courses: Sequence[Course], plan: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of expected core courses that an applicant has not, or not as such."""
    core = [course for course in courses if course.is_core]
    mine = {course.key for course in core} | {course.name for course in core}
    return tuple(name for key, name in plan.items() if key not in mine and name not in mine)
