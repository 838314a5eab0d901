"""What the report says of a degree batch: outcomes with words, conditions, courses."""

from domain.application import BatchKind
from domain.assessment import Decision
from domain.degree import Standing, plain_number
from domain.outcome import ApplicationOutcome, BatchOutcome, opinion_of
from reports.clock import answer_clock
from reports.degree_forms import wants_form
from reports.degree_wording import STANDINGS
from reports.section import Section, make_section
from reports.tables import sorted_rows

ELIGIBLE, NOT_ELIGIBLE, TO_CORRECT = "符合条件", "不符合条件", "需更正"
FOR_A_PERSON, WITHDRAWN = "待人工", "已撤销"
_WORDS = {
    ELIGIBLE: "您符合学位申请条件，材料已通过核对。",
    WITHDRAWN: "您的学位申请已撤销。",
}


def outcome_of(row: ApplicationOutcome) -> str:
    """Return in one word what a degree application came to."""
    degree, decision = row.assessment.degree, row.assessment.decision
    if decision is Decision.WITHDRAWN or degree is None:
        return WITHDRAWN if decision is Decision.WITHDRAWN else FOR_A_PERSON
    if wants_form(row):
        return ELIGIBLE
    if decision is Decision.RETURN:
        return TO_CORRECT
    failed = any(condition.standing is Standing.NOT_MET for condition in degree.conditions)
    return NOT_ELIGIBLE if failed else FOR_A_PERSON


def words_of(row: ApplicationOutcome) -> str:
    """Return what the applicant is told."""
    return _WORDS.get(outcome_of(row)) or opinion_of(row)


def degree_sections(outcome: BatchOutcome) -> tuple[Section, ...]:
    """Return the tables that only the report of a degree batch has; none for other batches."""
    if outcome.batch.kind is not BatchKind.DEGREE:
        return ()
    return _outcomes(outcome), _conditions(outcome), _courses(outcome)


def _outcomes(outcome: BatchOutcome) -> Section:
    rows = [
        (
            row.student_number,
            row.submission.application.name,
            outcome_of(row),
            words_of(row),
            f"forms/{row.student_number}.pdf" if wants_form(row) else "",
        )
        for row in sorted_rows(outcome)
    ]
    days = outcome.policy.degree.answer_days
    note = (
        "“不符合条件”是机器核算的结果，审核不通过只能由审核人员决定。"
        f"受理决定应在{answer_clock(outcome).due}前作出并告知申请人（截止后{days}日，学位法第二十三条）。"
    )
    return make_section(
        "学位申请结果", ("学号", "姓名", "结果", "告知申请人", "学位申请表"), rows, note
    )


def _conditions(outcome: BatchOutcome) -> Section:
    rows = [
        (
            row.student_number,
            row.submission.application.name,
            str(place),
            condition.requirement,
            condition.current,
            STANDINGS[condition.standing],
        )
        for row in sorted_rows(outcome)
        if row.assessment.degree
        for place, condition in enumerate(row.assessment.degree.conditions, start=1)
    ]
    note = "与标准比较的是未舍入的值，显示时保留两位小数。"
    return make_section(
        "学位审核条件", ("学号", "姓名", "序号", "条件", "当前状态", "是否合格"), rows, note
    )


def _courses(outcome: BatchOutcome) -> Section:
    rows = [
        (
            row.student_number,
            course.code,
            course.name,
            course.credits,
            course.result,
            plain_number(course.points) if course.points is not None else "",
            "是" if course.counts else "否",
            "是" if course.is_core else "否",
            course.remark,
        )
        for row in sorted_rows(outcome)
        if row.assessment.degree
        for course in row.assessment.degree.courses
    ]
    columns = (
        "学号",
        "课程代码",
        "课程名称",
        "学分",
        "成绩",
        "折算分",
        "计入平均",
        "学位主干课",
        "备注",
    )
    return make_section("课程计入情况", columns, rows, "平均成绩和最低成绩由这些课程核算。")
