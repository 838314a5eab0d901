"""学籍信息 and 联系信息 of a degree application: R15 to R19, R21 and R35 of the degree facts."""

import datetime
import re
from collections.abc import Iterator

from domain.finding import Severity
from validators.degree_case import DegreeCase, declare_degree
from validators.normalizing import number_key
from validators.rule import FactConfidence, Observation

# What the applicant's page asks for (manual, step 7). 民族 and 政治面貌 are asked of Chinese only.
_REQUIRED = (
    *("姓名", "姓名拼音", "性别", "出生日期", "证件类型", "证件号码", "专业名称", "考生号"),
    *("本科入学年月", "本科毕业年月", "国家或地区", "是否第二学位", "是否主辅修学位"),
    *("是否辅修学位", "是否双学士学位", "是否联合学位", "电子邮箱", "QQ账号", "微信账号"),
    "论文题目",
)  # fmt: skip
FLAGS = ("是否第二学位", "是否主辅修学位", "是否辅修学位", "是否双学士学位", "是否联合学位")
_MONTHS = ("本科入学年月", "本科毕业年月")
_JOINT, _JOINT_UNIT = "是否联合学位", "联合培养单位"
_NO_UNIT = frozenset({"", "无", "-", "--", "/"})
_LONGEST_TITLE = 200
_CONTACTS = {
    "电子邮箱": r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+",
    "QQ账号": r"[1-9][0-9]{4,10}",
    "微信账号": r"[A-Za-z][-_A-Za-z0-9]{5,19}|1[3-9][0-9]{9}",
}


def _empty(case: DegreeCase) -> Iterator[Observation]:
    for column in _REQUIRED:
        if not case.cell(column):
            yield Observation(column=column)


def month_of(text: str) -> tuple[int, int] | None:
    """Return year and month of a `yyyyMM`, None where it is none."""
    found = re.fullmatch(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])", text)
    return (int(found[1]), int(found[2])) if found else None


def _month_format(case: DegreeCase) -> Iterator[Observation]:
    for column in _MONTHS:
        if case.cell(column) and month_of(case.cell(column)) is None:
            yield Observation(column=column, declared=case.application.get(column))


def _month_order(case: DegreeCase) -> Iterator[Observation]:
    entered, left = (month_of(case.cell(column)) for column in _MONTHS)
    if entered and left and entered >= left:
        yield Observation(column=_MONTHS[1], declared=case.cell(_MONTHS[1]),
                          detail=case.cell(_MONTHS[0]))  # fmt: skip


def _flag_unknown(case: DegreeCase) -> Iterator[Observation]:
    for column in FLAGS:
        if case.cell(column) and case.cell(column) not in ("是", "否"):
            yield Observation(column=column, declared=case.application.get(column))


def _flag_yes(case: DegreeCase) -> Iterator[Observation]:
    for column in FLAGS:
        if case.cell(column) == "是":
            yield Observation(column=column)


def _joint_without_unit(case: DegreeCase) -> Iterator[Observation]:
    if case.cell(_JOINT) == "是" and case.cell(_JOINT_UNIT) in _NO_UNIT:
        yield Observation(column=_JOINT_UNIT)


def _unit_without_joint(case: DegreeCase) -> Iterator[Observation]:
    if case.cell(_JOINT) != "是" and case.cell(_JOINT_UNIT) not in _NO_UNIT:
        yield Observation(column=_JOINT_UNIT, declared=case.application.get(_JOINT_UNIT))


def _candidate_number(case: DegreeCase) -> Iterator[Observation]:
    number, pattern = number_key(case.cell("考生号")), case.policy.degree.candidate_number_pattern
    if number and pattern and not re.fullmatch(pattern, number):
        yield Observation(column="考生号", declared=case.application.get("考生号"))


def _candidate_year(case: DegreeCase) -> Iterator[Observation]:
    number, entered = number_key(case.cell("考生号")), month_of(case.cell(_MONTHS[0]))
    if entered and re.fullmatch("[0-9]{14}", number):
        years = {entered[0] % 100, (entered[0] - 1) % 100}
        if int(number[:2]) not in years:
            yield Observation(column="考生号", declared=case.application.get("考生号"),
                              detail=case.cell(_MONTHS[0]))  # fmt: skip


def _student_number(case: DegreeCase) -> Iterator[Observation]:
    number, pattern = case.submission.student_number, case.policy.degree.student_number_pattern
    if pattern and not re.fullmatch(pattern, number):
        yield Observation(column="学号", declared=number)


def _contact(case: DegreeCase) -> Iterator[Observation]:
    for column, shape in _CONTACTS.items():
        if case.cell(column) and not re.fullmatch(shape, case.cell(column)):
            yield Observation(column=column, declared=case.application.get(column))


def _title_long(case: DegreeCase) -> Iterator[Observation]:
    title = case.application.get("论文题目").strip()
    if len(title) > _LONGEST_TITLE:
        yield Observation(column="论文题目", detail=str(len(title)))


def _answer_due(case: DegreeCase) -> Iterator[Observation]:
    days = case.policy.degree.answer_days
    due = case.batch.deadline.date() + datetime.timedelta(days=days)
    if case.today > due:
        yield Observation(detail=due.isoformat())


_BLOCK, _REVIEW, _WARN = Severity.BLOCK, Severity.REVIEW, Severity.WARN
_CONTRACT, _HIGH = FactConfidence.CONTRACT, FactConfidence.HIGH
_MEDIUM, _LOW = FactConfidence.MEDIUM, FactConfidence.LOW

RULES = (
    declare_degree("degree-field-empty", _BLOCK, "manual, step 7", _CONTRACT,
                   "A field that the applicant has to fill in is empty.",
                   "{field}为空。", "您未填写{field}，请补填。", _empty),
    declare_degree("month-format", _BLOCK, "manual, step 7; R17", _CONTRACT,
                   "The month of entrance or graduation is no `yyyyMM`.",
                   "{field}（{declared}）不是yyyyMM格式。",
                   "您填写的{field}（{declared}）格式有误，请填写六位数字，如202203。",
                   _month_format),
    declare_degree("month-order", _BLOCK, "degree facts C.3; R17", _CONTRACT,
                   "Graduation does not come after entrance.",
                   "毕业年月（{declared}）不晚于入学年月（{detail}）。",
                   "您填写的本科毕业年月（{declared}）不晚于入学年月（{detail}），请核对后更正。",
                   _month_order),
    declare_degree("degree-flag-unknown", _BLOCK, "manual, step 7; R19", _CONTRACT,
                   "One of the five flags is neither 是 nor 否.",
                   "{field}（{declared}）既不是“是”也不是“否”。",
                   "您填写的{field}（{declared}）有误，请选择是或否。", _flag_unknown),
    declare_degree("degree-flag-yes", _REVIEW, "degree facts B.4; R19", _CONTRACT,
                   "One of the five flags is 是, which is unusual in continuing education.",
                   "{field}为“是”，成人高等教育通常为“否”，需人工核实。",
                   "您填写的{field}为“是”，需由工作人员核实，请等待审核结果。", _flag_yes),
    declare_degree("joint-unit-missing", _REVIEW, "manual, step 7; R19", _CONTRACT,
                   "是否联合学位 is 是, but no 联合培养单位 is given.",
                   "是否联合学位为“是”，但联合培养单位为空。",
                   "您选择了联合学位但未填写联合培养单位，请核对。", _joint_without_unit),
    declare_degree("joint-unit-without-flag", _REVIEW, "manual, step 7; R19", _CONTRACT,
                   "A 联合培养单位 is given, but 是否联合学位 is not 是.",
                   "填写了联合培养单位（{declared}），但是否联合学位不是“是”。",
                   "您填写了联合培养单位（{declared}）但未选择联合学位，请核对。",
                   _unit_without_joint),
    declare_degree("candidate-number-shape", _WARN, "degree facts C.2; R15", _LOW,
                   "The 考生号 has not the usual shape (by default fourteen digits).",
                   "考生号（{declared}）格式不常见。", "", _candidate_number),
    declare_degree("candidate-number-year", _WARN, "degree facts C.2; R15", _LOW,
                   "The year at the head of the 考生号 is neither that of entrance nor the one"
                   " before.",
                   "考生号（{declared}）的年份与入学年月（{detail}）不符。", "", _candidate_year),
    declare_degree("student-number-shape", _WARN, "degree facts C.3; R16", _MEDIUM,
                   "The 学号 has not the school's shape (by default up to 15 signs).",
                   "学号（{declared}）格式不常见。", "", _student_number),
    declare_degree("contact-shape", _WARN, "degree facts C.3; R18", _MEDIUM,
                   "A mail address, QQ or WeChat number has not its usual shape.",
                   "{field}（{declared}）格式不常见。", "", _contact),
    declare_degree("title-long", _WARN, "degree facts B.4; R21", _MEDIUM,
                   "The title of the thesis is longer than the 200 characters of the national"
                   " data.",
                   "论文题目有{detail}个字符，超过上报数据的200个。", "", _title_long),
    declare_degree("answer-overdue", _WARN, "学位法 §23; R35", _HIGH,
                   "The time for deciding and telling whether the application is taken is over.",
                   "受理答复期限（{detail}）已过。", "", _answer_due),
)  # fmt: skip
