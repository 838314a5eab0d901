"""The average is exact, and known only where every way that the policy leaves open agrees."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.application import CourseResult
from domain.degree import ConditionName, Standing
from tests.validators.builders import POLICY, policy_with
from tests.validators.degree_builders import COURSES, course
from validators.averages import Reckoned, reckon_average, reckon_core
from validators.conditions import reckon
from validators.courses import parse_course


def average(*rows: CourseResult, toml: str = "") -> Reckoned:
    policy = policy_with(toml)
    return reckon_average([parse_course(row, policy.grade_points) for row in rows], policy.degree)


def core(*rows: CourseResult, toml: str = "") -> Reckoned:
    policy = policy_with(toml)
    return reckon_core([parse_course(row, policy.grade_points) for row in rows], policy.degree)


def settled(**keys: str) -> str:
    settings = {"weighting": "plain", "resit": "actual", "exemption": "skip",
                "repeated_course": "best"} | keys  # fmt: skip
    return "[degree]\n" + "".join(f'{key} = "{value}"\n' for key, value in settings.items())


def test_what_rounding_alone_lifts_over_the_line_is_left_to_a_person() -> None:
    rows = [course(f"课程{place}", "70") for place in range(7)]
    found = average(*rows, course("最后", "69.96"))
    assert found.shown == Decimal("69.995")
    assert (found.standing, found.border) == (Standing.OPEN, True)
    assert average(*rows, course("最后", "70")).standing is Standing.MET
    assert average(*rows, course("最后", "69.95")).standing is Standing.NOT_MET


def test_a_recurring_mean_is_compared_without_being_divided() -> None:
    rows = (course("一", "70"), course("二", "70"), course("三", "70.000001"))
    assert average(*rows).standing is Standing.MET
    assert average(course("一", "70"), course("二", "70"), course("三", "69.98")).border is False


def test_graduation_courses_never_count_and_only_exam_courses_where_the_school_says_so() -> None:
    rows = (course("一", "80"), course("二", "60", nature="考查"), course("论文", "10", final="是"))
    assert average(*rows).shown == Decimal(70)
    assert average(*rows, toml='[degree]\naverage_courses = "exam"\n').shown == Decimal(80)


@pytest.mark.parametrize(
    ("toml", "shown"),
    [
        (settled(), "80"),
        (settled(weighting="credit"), "84"),
        (settled(resit="fixed"), "75"),
        (settled(exemption="cap"), "76.67"),
        (settled(exemption="cap") + "exempt_most = 60\n", "73.33"),
    ],
)
def test_each_setting_changes_what_counts(toml: str, shown: str) -> None:
    rows = (
        course("一", "90", credits="3"),
        course("二", "70", credits="2", taken="补考"),
        course("三", "95", credits="1", taken="免修"),
    )
    if "weighting" in toml and "credit" in toml:
        rows = (course("一", "90", credits="7"), course("二", "70", credits="3", taken="补考"))
    found = average(*rows, toml=toml)
    assert found.shown is not None
    assert found.shown.quantize(Decimal("0.01")) == Decimal(shown)


def test_several_results_of_one_course_count_once() -> None:
    rows = (course("一", "55", code="A"), course("一", "75", code="A", taken="重修"),
            course("二", "75"))  # fmt: skip
    assert average(*rows, toml=settled()).shown == Decimal(75)
    assert average(*reversed(rows), toml=settled(repeated_course="last")).shown == Decimal(65)


def test_what_the_school_left_open_stays_open_where_it_matters() -> None:
    rows = [course(f"课程{place}", "70") for place in range(8)]
    deciding = average(*rows, course("补", "92", taken="补考"))
    assert (deciding.standing, deciding.ways_differ) == (Standing.OPEN, True)
    assert average(*rows, course("补", "92", taken="补考"), toml=settled()).standing is Standing.MET
    harmless = average(*rows, course("高", "95"), course("补", "66", taken="补考"))
    assert harmless.standing is Standing.MET


def test_an_unknown_result_leaves_the_average_open_and_never_counts_as_nothing() -> None:
    assert average(course("一", "90"), course("二", "缺考")).standing is Standing.OPEN
    assert average().standing is Standing.OPEN
    assert (
        core(course("一", "90", core="是"), course("二", "", core="是")).standing is Standing.OPEN
    )


def test_grades_in_words_are_worth_what_the_policy_says() -> None:
    assert average(course("一", "优秀"), course("二", "及格")).shown == Decimal(80)
    toml = "[grade_points]\nexcellent = 90\n"
    assert average(course("一", "优秀"), course("二", "及格"), toml=toml).shown == Decimal("77.5")


def test_the_lowest_core_course_decides() -> None:
    rows = (course("一", "95", core="是"), course("二", "69.9", core="是"), course("三", "10"))
    found = core(*rows)
    assert (found.shown, found.standing) == (Decimal("69.9"), Standing.NOT_MET)


def test_conditions_are_worded_as_on_the_platform() -> None:
    parsed = [parse_course(row, POLICY.grade_points) for row in COURSES]
    conditions = {c.name: c for c in reckon(parsed, "合格", (), POLICY.degree).conditions}
    first = conditions[ConditionName.AVERAGE]
    assert first.requirement == "教学计划下所有课程平均成绩 (不包含毕业课程): 70 及70以上"
    assert first.current == "教学计划下所有课程平均成绩 (不包含毕业课程): 80.00"
    assert conditions[ConditionName.LANGUAGE].current == "学位外语成绩: 合格"
    assert conditions[ConditionName.CORE].current == "每门学位主干课 最低成绩: 80"
    assert {condition.standing for condition in conditions.values()} == {Standing.MET}


def test_every_course_says_whether_and_why_not_it_counted() -> None:
    rows = (*COURSES, course("体育", "", taken="免修"), course("法理学", "60", core="是"))
    parsed = [parse_course(row, POLICY.grade_points) for row in rows]
    counted = reckon(parsed, "合格", (), POLICY.degree).courses
    told = {(row.name, row.result): (row.counts, row.remark) for row in counted}
    assert told["法理学", "85"] == (True, "")
    assert told["法理学", "60"] == (False, "同一课程另有成绩")
    assert told["毕业论文", "72"] == (False, "毕业课程不计入")
    assert told["体育", ""] == (False, "免修不计入")


@given(st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=12))
def test_the_verdict_is_that_of_exact_fractions(results: list[Decimal]) -> None:
    found = average(*(course(f"课程{n}", f"{value:f}") for n, value in enumerate(results)))
    reaches = sum(results) >= 70 * len(results)
    if found.standing is Standing.MET:
        assert reaches
    if found.standing is Standing.NOT_MET:
        assert not reaches
    if reaches:
        assert found.standing is Standing.MET


def test_rows_that_contradict_each_other_never_hide_a_low_core_course() -> None:
    hidden = (*COURSES, course("民法学", "60", core="是", code="A"),
              course("民法学", "80", code="A", taken="重修"))  # fmt: skip
    parsed = [parse_course(row, POLICY.grade_points) for row in hidden]
    standings = {c.standing for c in reckon(parsed, "合格", (), POLICY.degree).conditions}
    assert Standing.OPEN in standings
    merged = (*COURSES, *(course(f"课程{n}", str(result), code="-")
                          for n, result in enumerate((95, 20, 20))))  # fmt: skip
    parsed = [parse_course(row, POLICY.grade_points) for row in merged]
    average = reckon(parsed, "合格", (), POLICY.degree).conditions[0]
    assert average.standing is Standing.OPEN


def test_one_name_under_two_codes_is_reckoned_as_one_course_and_as_two() -> None:
    rows = (course("一", "70"), course("二", "50", code="A"), course("二", "90", code="B"))
    assert average(*rows, toml=settled()).standing is Standing.MET
    rows = (course("一", "70"), course("二", "60", code="A"), course("二", "78", code="B"))
    found = average(*rows, toml=settled())
    assert (found.standing, found.ways_differ) == (Standing.OPEN, True)
    core_rows = (course("二", "50", code="A", core="是"), course("二", "90", code="B"))
    assert core(*core_rows, toml=settled()).standing is Standing.OPEN


def test_a_grade_whose_worth_the_school_has_not_set_must_hold_at_its_lower_end() -> None:
    rows = (course("一", "良好"), course("二", "58"))
    assert average(*rows).standing is Standing.OPEN
    assert average(*rows, toml="[grade_points]\nset_by_school = true\n").standing is Standing.MET
    assert core(course("一", "中等", core="是")).standing is Standing.MET


def test_a_course_without_credits_weighs_nothing_and_counts_plainly() -> None:
    rows = (course("一", "80"), course("入学教育", "90", credits="0"))
    found = average(*rows, toml=settled(weighting="credit"))
    assert (found.shown, found.standing) == (Decimal(80), Standing.MET)
    assert average(*rows).standing is Standing.MET
    deciding = average(course("一", "69"), course("入学教育", "90", credits="0"))
    assert (deciding.standing, deciding.ways_differ) == (Standing.OPEN, True)
    assert average(course("入学教育", "90", credits="0")).standing is Standing.OPEN


_RESULTS = (
    *("0", "59.9", "69.5", "69.995", "69.9949", "70", "70.0", "７０", "85", "100", "-5", "101"),
    *("良好", "合格", "优秀 ", "缺考", "", "70.1234567"),
)


@given(st.lists(st.tuples(
    st.sampled_from(_RESULTS), st.sampled_from("是否"), st.sampled_from(("是", "否", "否", "")),
    st.sampled_from(("0", "2", "4.5", "", "x")),
    st.sampled_from(("正常", "补考", "免修", "重修", "旁听", "")),
    st.sampled_from("甲乙丙丁"), st.sampled_from(("", "A", "B")),
), max_size=7))  # fmt: skip
def test_whatever_is_eligible_is_so_in_the_strictest_reading(rows: list[tuple[str, ...]]) -> None:
    table = [
        course(name, result, core=is_core, final=final, credits=credits, taken=taken, code=code)
        for result, is_core, final, credits, taken, name, code in rows
    ]
    parsed = [parse_course(row, POLICY.grade_points) for row in table]
    first, _, last = reckon(parsed, "合格", (), POLICY.degree).conditions
    if last.standing is Standing.MET:
        # However the school counts, no row of a core course that could count is below the line.
        best = {c.name: max(d.least or 0 for d in parsed if d.name == c.name) for c in parsed}
        assert all(best[c.name] >= 70 for c in parsed if c.is_core)
        assert all(c.taken != "旁听" for c in parsed)
        assert not any(
            c.is_core and c.points is None and len([d for d in parsed if d.name == c.name]) == 1
            for c in parsed
        )
    if first.standing is Standing.MET:
        counted = [c for c in parsed if not c.is_final]
        assert counted
        assert all(c.is_final is not None for c in parsed)
        assert max(c.points or 0 for c in counted) >= 70
