"""Rules about the structure of CET numbers and the oral grade (certificates V1-V8, V15)."""

import re
from collections.abc import Iterator

from domain.certificates import CertificateFamily, CertificateType, FieldName
from domain.finding import Severity
from validators.calendars import CET_EXTRA_SESSIONS, cet_half_year_months
from validators.case import Case
from validators.date_values import DateValue, Month
from validators.normalizing import number_key
from validators.rule import FactConfidence, Observation, declare
from validators.rules.identity import PROVINCES

_LEVEL_DIGIT = {CertificateType.CET4: "1", CertificateType.CET6: "2"}
_ORAL_LETTER = {CertificateType.CET4: "F", CertificateType.CET6: "S"}


def _key(case: Case, field: FieldName) -> str:
    """Return the key of a CET paper's number, "" on other papers or where none was found."""
    cet = case.kind.family is CertificateFamily.CET
    return number_key(case.text(field)) if cet else ""


def _is_fifteen_digits(key: str) -> bool:
    return re.fullmatch(r"[0-9]{15}", key) is not None


def _number(case: Case) -> str:
    """Return the printed report number where it has its fifteen digits, else ""."""
    key = _key(case, FieldName.CERTIFICATE_NUMBER)
    return key if _is_fifteen_digits(key) else ""


def _ticket(case: Case) -> str:
    key = _key(case, FieldName.ADMISSION_TICKET)
    return key if _is_fifteen_digits(key) else ""


def _seen(case: Case, detail: str = "") -> Observation:
    field = FieldName.CERTIFICATE_NUMBER
    return Observation(field=field, extracted=case.text(field), detail=detail)


def _shape(case: Case) -> Iterator[Observation]:
    if _key(case, FieldName.CERTIFICATE_NUMBER) and not _number(case):
        yield _seen(case)


def _is_carried_over(number: str, date: DateValue) -> bool:
    """Return whether an extra session may bear the year of the sitting that it made up for.

    Nobody knows how the extra sessions were numbered; one in March makes up for a December.
    """
    extra = date.as_month in CET_EXTRA_SESSIONS and date.month is not None and date.month < 6
    return extra and number[:2] == f"{(date.year - 1) % 100:02d}"


def _year(case: Case) -> Iterator[Observation]:
    number, dates = _number(case), case.exam_dates()
    if number and dates and not any(
        f"{date.year % 100:02d}" == number[:2] or _is_carried_over(number, date) for date in dates
    ):  # fmt: skip
        yield _seen(case, "、".join(str(date.year) for date in dates))


_SESSIONS = {6: "1", 12: "2"}


def _sittings(case: Case) -> tuple[Month, ...] | None:
    """Return the printed sittings, None where one of them cannot be told (2021年, for instance).

    上半年 and 下半年 mean the one sitting of that half-year, where it had only one.
    """
    sittings: list[Month] = []
    for date in case.exam_dates():
        month = date.as_month
        months = frozenset({month}) if month else cet_half_year_months(date)
        if len(months) != 1:
            return None
        sittings += months
    return tuple(sittings)


def _session(case: Case) -> Iterator[Observation]:
    number, sittings = _number(case), _sittings(case)
    if number and sittings and all(
        month[1] in _SESSIONS and _SESSIONS[month[1]] != number[2] for month in sittings
    ):  # fmt: skip
        yield _seen(case, "、".join(f"{year}年{month}月" for year, month in sittings))


def _session_unusual(case: Case) -> Iterator[Observation]:
    number, months = _number(case), case.exam_months()
    if not number or not months or any(month[1] in _SESSIONS for month in months):
        return
    carried = any(_is_carried_over(number, date) for date in case.exam_dates())
    if number[2] not in "12" or carried:
        yield _seen(case)


def _level(case: Case) -> Iterator[Observation]:
    number = _number(case)
    if number and number[3] != _LEVEL_DIGIT[case.kind]:
        yield _seen(case, case.kind.chinese_name)


def _ticket_shape(case: Case) -> Iterator[Observation]:
    field = FieldName.ADMISSION_TICKET
    key, ticket = _key(case, field), _ticket(case)
    sound = bool(ticket) and (
        int(ticket[:2]) in PROVINCES and ticket[9] in "12" and 1 <= int(ticket[13:]) <= 30
    )
    if key and not sound:
        yield Observation(field=field, extracted=case.text(field))


def _ticket_against_number(case: Case) -> Iterator[Observation]:
    number, ticket = _number(case), _ticket(case)
    if number and ticket and (ticket[6:9] != number[:3] or ticket[9] != number[3]):
        yield _seen(case, case.text(FieldName.ADMISSION_TICKET))


def _ticket_school(case: Case) -> Iterator[Observation]:
    number, ticket = _number(case), _ticket(case)
    if number and ticket and ticket[:5] != number[4:9]:
        yield _seen(case, case.text(FieldName.ADMISSION_TICKET))


def _oral_ticket(case: Case) -> Iterator[Observation]:
    field = FieldName.ORAL_TICKET
    key = _key(case, field)
    if key and not re.fullmatch(_ORAL_LETTER[case.kind] + "[0-9]{14}", key):
        yield Observation(field=field, extracted=case.text(field))


_ORAL_GRADES = frozenset({"A+", "A", "B+", "B", "C+", "C", "优秀", "良好", "合格"})


def _oral_grade(case: Case) -> Iterator[Observation]:
    printed = case.text(FieldName.SPEAKING)
    key = "".join(printed.split()).upper().replace("＋", "+").strip("-—–－")
    if case.kind.family is CertificateFamily.CET and key and key not in _ORAL_GRADES:
        yield Observation(field=FieldName.SPEAKING, extracted=printed)


_REVIEW, _WARN = Severity.REVIEW, Severity.WARN
_HIGH, _MEDIUM_HIGH = FactConfidence.HIGH, FactConfidence.MEDIUM_HIGH
_MEDIUM = FactConfidence.MEDIUM
_KEEP = "请确认上传的是本人成绩单的原件，并等待工作人员核实。"

RULES = (
    declare("cet-number-shape", _REVIEW, "certificates V1", _HIGH,
            "A CET report number has fifteen digits.",
            "成绩报告单编号（{extracted}）不是15位数字。",
            f"您成绩单所印的编号{{shown}}不是15位数字，{_KEEP}", _shape),
    declare("cet-number-year", _REVIEW, "certificates V2", _MEDIUM_HIGH,
            "Digits 1-2 of a CET report number are the year of the examination.",
            "成绩报告单编号（{extracted}）的年份与考试年份（{detail}）不符。",
            f"您成绩单所印的编号{{shown}}与考试时间不对应，{_KEEP}", _year),
    declare("cet-number-session", _REVIEW, "certificates V3", _MEDIUM_HIGH,
            "Digit 3 of a CET report number is 1 for June, 2 for December.",
            "成绩报告单编号（{extracted}）的考次与考试月份（{detail}）不符。",
            f"您成绩单所印的编号{{shown}}与考试月份不对应，{_KEEP}",
            _session),
    declare("cet-number-session-unusual", _WARN, "certificates V3", _MEDIUM,
            "Digit 3 of a CET report number of an extra session is 1 or 2, as far as is known.",
            "成绩报告单编号（{extracted}）的考次不常见。", "", _session_unusual),
    declare("cet-number-level", _REVIEW, "certificates V4", _MEDIUM_HIGH,
            "Digit 4 of a CET report number is 1 for CET-4, 2 for CET-6.",
            "成绩报告单编号（{extracted}）的级别与{detail}不符。",
            f"您成绩单所印的编号{{shown}}与考试级别不对应，{_KEEP}", _level),
    declare("cet-ticket-shape", _WARN, "certificates V5", _MEDIUM,
            "A CET admission ticket has fifteen digits with province, level and seat.",
            "准考证号（{extracted}）结构不常见。", "", _ticket_shape),
    declare("cet-ticket-number", _REVIEW, "certificates V6", _MEDIUM_HIGH,
            "Year, session and level are the same in admission ticket and report number.",
            "成绩报告单编号（{extracted}）与准考证号（{detail}）不符。",
            f"您成绩单所印的编号{{shown}}与准考证号不对应，{_KEEP}",
            _ticket_against_number),
    declare("cet-ticket-school", _WARN, "certificates V7", _MEDIUM,
            "The school is the same in admission ticket and report number.",
            "成绩报告单编号（{extracted}）与准考证号（{detail}）的学校代码不同。", "",
            _ticket_school),
    declare("cet-oral-ticket", _REVIEW, "certificates V8", _HIGH,
            "An oral ticket has fifteen characters and begins with F (CET-4) or S (CET-6).",
            "口试准考证号（{extracted}）格式不符。", f"您成绩单所印的口试准考证号格式不符，{_KEEP}",
            _oral_ticket),
    declare("cet-oral-grade", _WARN, "certificates V15", _MEDIUM,
            "An oral grade is one of A+ to C, 优秀, 良好, 合格; others are never printed.",
            "口试等级（{extracted}）不常见。", "", _oral_grade),
)  # fmt: skip
