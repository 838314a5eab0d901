"""学位审核条件 (R29, R30): average, core courses, foreign language, and what keeps them open."""

from collections.abc import Iterator
from decimal import Decimal

from domain.degree import ConditionName, Standing, plain_number, two_decimals
from domain.degree_policy import CourseSet
from domain.finding import Severity
from validators.averages import Reckoned
from validators.conditions import LanguageCase, is_of_no_nature
from validators.courses import KNOWN_WAYS, Course, contradictions
from validators.degree_case import DegreeCase, DegreeObserve, declare_degree
from validators.rule import FactConfidence, Observation


def _shown(reckoned: Reckoned) -> str:
    return two_decimals(reckoned.shown) if reckoned.shown is not None else ""


def _below(name: ConditionName) -> DegreeObserve:
    def observe(case: DegreeCase) -> Iterator[Observation]:
        condition = next(c for c in case.reckoning.conditions if c.name is name)
        if condition.standing is Standing.NOT_MET:
            yield Observation(detail=f"{condition.value}，低于{_line(case, name)}分")

    return observe


def _line(case: DegreeCase, name: ConditionName) -> str:
    policy = case.policy.degree
    lines: dict[ConditionName, Decimal] = {
        ConditionName.AVERAGE: policy.average_line,
        ConditionName.CORE: policy.core_line,
    }
    return plain_number(lines[name]) if name in lines else ""


def _average_border(case: DegreeCase) -> Iterator[Observation]:
    if case.reckoning.average.border:
        yield Observation(detail=_shown(case.reckoning.average))


def _core_border(case: DegreeCase) -> Iterator[Observation]:
    if case.reckoning.core.border:
        yield Observation(detail=_shown(case.reckoning.core))


def _average_depends(case: DegreeCase) -> Iterator[Observation]:
    if case.reckoning.average.ways_differ:
        yield Observation(detail=_shown(case.reckoning.average))


def _core_depends(case: DegreeCase) -> Iterator[Observation]:
    if case.reckoning.core.ways_differ:
        yield Observation(detail=_shown(case.reckoning.core))


def _not_reckoned(reckoned: Reckoned) -> bool:
    return reckoned.standing is Standing.OPEN and not reckoned.border and not reckoned.ways_differ


def _average_open(case: DegreeCase) -> Iterator[Observation]:
    if case.courses and _not_reckoned(case.reckoning.average):
        yield Observation()


def _core_open(case: DegreeCase) -> Iterator[Observation]:
    if any(course.is_core for course in case.courses) and _not_reckoned(case.reckoning.core):
        yield Observation()


def _no_courses(case: DegreeCase) -> Iterator[Observation]:
    if not case.courses:
        yield Observation()


def _no_core_courses(case: DegreeCase) -> Iterator[Observation]:
    if case.courses and not any(course.is_core for course in case.courses):
        yield Observation()


def _core_missing(case: DegreeCase) -> Iterator[Observation]:
    for name in case.missing_core:
        yield Observation(column="是否学位主干课", detail=name)


def _platform_differs(case: DegreeCase) -> Iterator[Observation]:
    shown = case.cell(_SHOWN)
    standings = {condition.standing for condition in case.reckoning.conditions}
    if not shown or Standing.OPEN in standings:
        return
    if shown != (MEETS if standings == {Standing.MET} else MISSES):
        yield Observation(column=_SHOWN, declared=shown)


def _named(course: Course) -> str:
    return course.name or course.code or "未命名课程"


def _unknown_result(case: DegreeCase) -> Iterator[Observation]:
    for course in case.courses:
        # An exempt or graduation course without a result is usual: neither counts in an average.
        is_needed = course.is_core or not (course.is_exempt or course.is_final)
        if course.points is None and (course.result or is_needed):
            yield Observation(declared=course.result or "空", detail=_named(course))


def _unknown_credits(case: DegreeCase) -> Iterator[Observation]:
    for course in case.courses:
        if course.credits is None and not course.is_final:
            yield Observation(declared=course.credits_text or "空", detail=_named(course))


def _unknown_flag(case: DegreeCase) -> Iterator[Observation]:
    for course in case.courses:
        if course.is_core is None:
            yield Observation(column="是否学位主干课", detail=_named(course))
        if course.is_final is None:
            yield Observation(column="是否毕业课程", detail=_named(course))


def _rows_differ(case: DegreeCase) -> Iterator[Observation]:
    for course, column in contradictions(case.courses, case.policy.degree):
        yield Observation(column=column, detail=_named(course))


def _nameless(case: DegreeCase) -> Iterator[Observation]:
    count = sum(not course.key for course in case.courses)
    if count:
        yield Observation(detail=str(count))


def _unknown_nature(case: DegreeCase) -> Iterator[Observation]:
    if case.policy.degree.average_courses is CourseSet.EXAM:
        for course in filter(is_of_no_nature, case.courses):
            yield Observation(declared=course.nature or "空", detail=_named(course))


def _unknown_way(case: DegreeCase) -> Iterator[Observation]:
    for course in case.courses:
        if course.taken not in KNOWN_WAYS:
            yield Observation(declared=course.taken, detail=_named(course))


def _language(wanted: LanguageCase) -> DegreeObserve:
    def observe(case: DegreeCase) -> Iterator[Observation]:
        if case.reckoning.language is wanted:
            yield Observation(column="学位外语成绩", declared=case.cell("学位外语成绩"))

    return observe


def _language_disagrees(case: DegreeCase) -> Iterator[Observation]:
    if case.reckoning.disagrees:
        yield Observation(column="学位外语成绩", declared=case.cell("学位外语成绩"))


_SHOWN, MEETS, MISSES = "申请条件是否达标", "达标", "不达标"
_REVIEW, _CONTRACT = Severity.REVIEW, FactConfidence.CONTRACT
_MANUAL = "manual, step 5: 学位审核条件"

RULES = (
    declare_degree("average-below-line", _REVIEW, f"{_MANUAL}, condition 1", _CONTRACT,
                   "The average of the courses that count is below the line, exactly.",
                   "平均成绩{detail}，不符合学位审核条件。",
                   "您的课程平均成绩为{detail}，未达到学位申请条件，请联系学习中心了解详情。",
                   _below(ConditionName.AVERAGE)),
    declare_degree("average-border", _REVIEW, "degree facts F.2", _CONTRACT,
                   "Only rounding to two decimals lifts the average over the line.",
                   "平均成绩显示为{detail}，但未舍入的值低于标准，需人工确认。",
                   "您的课程平均成绩处于标准边界，需由工作人员确认，请等待审核结果。",
                   _average_border),
    declare_degree("average-depends", _REVIEW, "degree facts F.2", _CONTRACT,
                   "Whether the average reaches the line depends on what the school left open.",
                   "平均成绩是否达标取决于补考、免修、加权、等级或重复成绩的计法，需人工确认。",
                   "您的课程平均成绩需由工作人员核实，请等待审核结果。", _average_depends),
    declare_degree("average-not-reckoned", _REVIEW, _MANUAL, _CONTRACT,
                   "The average cannot be reckoned from the course results.",
                   "无法由课程成绩核算平均成绩。",
                   "您的课程平均成绩需由工作人员核算，请等待审核结果。",
                   _average_open),
    declare_degree("core-course-below-line", _REVIEW, f"{_MANUAL}, condition 3", _CONTRACT,
                   "The lowest 学位主干课 is below the line.",
                   "学位主干课最低成绩{detail}，不符合学位审核条件。",
                   "您的学位主干课最低成绩为{detail}，未达到学位申请条件，请联系学习中心了解详情。",
                   _below(ConditionName.CORE)),
    declare_degree("core-course-border", _REVIEW, "degree facts F.2", _CONTRACT,
                   "Only rounding to two decimals lifts the lowest core course over the line.",
                   "学位主干课最低成绩显示为{detail}，但未舍入的值低于标准，需人工确认。",
                   "您的学位主干课成绩处于标准边界，需由工作人员确认，请等待审核结果。",
                   _core_border),
    declare_degree("core-course-depends", _REVIEW, "degree facts F.2", _CONTRACT,
                   "Whether every core course reaches the line depends on what is left open.",
                   "学位主干课是否达标取决于补考、免修、等级或重复成绩的计法，需人工确认。",
                   "您的学位主干课成绩需由工作人员核实，请等待审核结果。", _core_depends),
    declare_degree("core-course-not-reckoned", _REVIEW, _MANUAL, _CONTRACT,
                   "A core course has no result that can be compared with the line.",
                   "学位主干课缺少可核算的成绩。",
                   "您的学位主干课成绩需由工作人员核实，请等待审核结果。",
                   _core_open),
    declare_degree("core-courses-missing", _REVIEW, f"{_MANUAL}, condition 3", _CONTRACT,
                   "None of the applicant's courses is marked as 学位主干课.",
                   "成绩表中没有学位主干课。",
                   "您的学位主干课信息需由工作人员核实，请等待审核结果。",
                   _no_core_courses),
    declare_degree("core-course-missing", _REVIEW, "degree facts R30", _CONTRACT,
                   "A course that most classmates have as 学位主干课 is none here, or has no row.",
                   "同专业同年级多数人的学位主干课“{detail}”，该申请人没有成绩或未标为主干课。",
                   "您的学位主干课“{detail}”的成绩需由工作人员核实，请等待审核结果。",
                   _core_missing),
    declare_degree("platform-condition-differs", _REVIEW, "degree facts R31", _CONTRACT,
                   "The platform's 申请条件是否达标 is not what the conditions come to.",
                   "平台显示的申请条件为“{declared}”，与核算结果不一致。",
                   "您的学位申请条件需由工作人员核实，请等待审核结果。",
                   _platform_differs),
    declare_degree("courses-missing", _REVIEW, "contract, courses", _CONTRACT,
                   "The table of courses has no row of this applicant.",
                   "成绩表中没有该申请人的课程。", "您的课程成绩需由工作人员核实，请等待审核结果。",
                   _no_courses),
    declare_degree("course-result-unknown", _REVIEW, "contract, courses: 成绩", _CONTRACT,
                   "A result is no number from 0 to 100 and none of the known grades.",
                   "课程“{detail}”的成绩（{declared}）无法识别。",
                   "您的课程“{detail}”的成绩需由工作人员核实，请等待审核结果。", _unknown_result),
    declare_degree("course-credits-unknown", Severity.WARN, "contract, courses: 学分", _CONTRACT,
                   "The credits of a course cannot be read, so no weighted average is known.",
                   "课程“{detail}”的学分（{declared}）无法识别。", "", _unknown_credits),
    declare_degree("course-flag-unknown", _REVIEW, "contract, courses", _CONTRACT,
                   "Whether a course is a core or graduation course is neither 是 nor 否.",
                   "课程“{detail}”的{field}既不是“是”也不是“否”。",
                   "您的课程“{detail}”的信息需由工作人员核实，请等待审核结果。", _unknown_flag),
    declare_degree("course-way-unknown", _REVIEW, "contract, courses: 修读方式", _CONTRACT,
                   "The 修读方式 of a course is none of the known ones.",
                   "课程“{detail}”的修读方式（{declared}）未知。",
                   "您的课程“{detail}”的修读方式需由工作人员核实，请等待审核结果。", _unknown_way),
    declare_degree("course-nature-unknown", _REVIEW, "contract, courses: 课程性质", _CONTRACT,
                   "Only 考试课程 count, and the 课程性质 of a course is neither 考试 nor 考查.",
                   "课程“{detail}”的课程性质（{declared}）既不是考试也不是考查。",
                   "您的课程“{detail}”的课程性质需由工作人员核实，请等待审核结果。",
                   _unknown_nature),
    declare_degree("course-rows-differ", _REVIEW, "contract, courses", _CONTRACT,
                   "Several rows of one course differ in its name, flags or credits.",
                   "课程“{detail}”有多行成绩，{field}不一致，需人工确定以哪行为准。",
                   "您的课程“{detail}”的信息需由工作人员核实，请等待审核结果。", _rows_differ),
    declare_degree("course-nameless", _REVIEW, "contract, courses", _CONTRACT,
                   "A course has neither code nor name, so results cannot be told apart.",
                   "有{detail}行成绩既没有课程代码也没有课程名称。",
                   "您的课程成绩需由工作人员核实，请等待审核结果。", _nameless),
    declare_degree("language-failed", _REVIEW, f"{_MANUAL}, condition 2", _CONTRACT,
                   "The foreign-language condition is not met.",
                   "学位外语成绩不合格，不符合学位审核条件。",
                   "您的学位外语成绩不合格，未达到学位申请条件，请联系学习中心了解详情。",
                   _language(LanguageCase.FAILED)),
    declare_degree("language-missing", _REVIEW, "contract, degree batches", _CONTRACT,
                   "No language result is given, and none is in this store.",
                   "没有学位外语成绩，本系统中也没有该申请人的认定结果。",
                   "未查到您的学位外语成绩，请确认是否已通过学位外语认定。",
                   _language(LanguageCase.MISSING)),
    declare_degree("language-undecided", _REVIEW, "contract, degree batches", _CONTRACT,
                   "The language result in this store is not settled: its batch is not sealed.",
                   "该申请人的学位外语认定尚未签发。",
                   "您的学位外语认定尚未完成，完成后再审核学位申请，请等待审核结果。",
                   _language(LanguageCase.UNDECIDED)),
    declare_degree("language-word-unknown", _REVIEW, "contract, degree batches", _CONTRACT,
                   "学位外语成绩 is neither 合格 nor 不合格.",
                   "学位外语成绩（{declared}）既不是合格也不是不合格。",
                   "您的学位外语成绩需由工作人员核实，请等待审核结果。",
                   _language(LanguageCase.UNKNOWN_WORD)),
    declare_degree("language-disagrees", _REVIEW, "contract, degree batches", _CONTRACT,
                   "The column contradicts the newest sealed language result in this store.",
                   "学位外语成绩（{declared}）与本系统中已签发的认定结果不一致。",
                   "您的学位外语成绩需由工作人员核实，请等待审核结果。", _language_disagrees),
)  # fmt: skip
