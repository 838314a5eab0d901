"""A core course that the classmates have is expected of each of them."""

from domain.application import CourseResult
from domain.degree import ConditionName, Standing
from tests.validators.builders import POLICY, submission_of
from tests.validators.degree_builders import COURSES, DECLARED, assess_application, course
from validators.cohorts import cohort_of, core_plans

_FEWER = COURSES[1:]
_UNMARKED = (course("法理学", "55"), *COURSES[1:])


def plan(*tables: tuple[CourseResult, ...]) -> dict[str, str]:
    submissions = [submission_of(DECLARED, ()) for _ in tables]
    plans = core_plans(zip(submissions, tables, strict=True), POLICY.grade_points)
    return dict(plans.get(cohort_of(submission_of(DECLARED, ())), {}))


def test_what_most_classmates_have_as_core_course_is_expected() -> None:
    assert plan(COURSES, COURSES, _FEWER) == {"宪法学": "宪法学", "法理学": "法理学"}
    assert plan(COURSES, _FEWER, _FEWER, COURSES) == {"宪法学": "宪法学"}


def test_two_classmates_say_nothing_and_neither_does_who_has_no_core_course() -> None:
    assert plan(COURSES, COURSES) == {}
    assert plan(COURSES, COURSES, COURSES[2:]) == {}


def test_other_classes_say_nothing() -> None:
    others = [submission_of({**DECLARED, "年级": "2019级"}, ()) for _ in range(3)]
    plans = core_plans(((one, COURSES) for one in others), POLICY.grade_points)
    assert cohort_of(submission_of(DECLARED, ())) not in plans


def test_a_core_course_without_row_or_flag_goes_to_a_person_with_its_name() -> None:
    wanted = plan(COURSES, COURSES, COURSES)
    for table in (_FEWER, _UNMARKED):
        assessment = assess_application(courses=table, core_plan=wanted)
        assert "core-course-missing" in assessment.reason_codes
        assert assessment.degree is not None
        assert assessment.degree.condition(ConditionName.CORE).standing is Standing.OPEN
        (finding,) = [f for f in assessment.findings if f.rule_id == "core-course-missing"]
        assert "“法理学”" in finding.opinion
    assert assess_application(core_plan=wanted).reason_codes == ()


def test_a_course_with_another_code_counts_by_its_name() -> None:
    renamed = (course("法理学", "85", core="是", code="FX999"), *COURSES[1:])
    assert assess_application(courses=renamed, core_plan=plan(COURSES, COURSES, COURSES)
                              ).reason_codes == ()  # fmt: skip
