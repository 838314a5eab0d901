"""Rules about when a result counts: the school's window, the deadline, the release of results."""

from collections.abc import Iterator

from domain.certificates import FieldName
from domain.finding import Severity
from domain.validity import Window
from validators.calendars import release_months
from validators.case import Case, printed_dates
from validators.comparing import declared_value
from validators.date_values import DateValue, parse_date
from validators.rule import FactConfidence, Observation, Scope, declare
from validators.validity import Placing, window_of

_DATE = FieldName.DATE


def _result_dates(case: Case) -> tuple[FieldName, tuple[DateValue, ...]]:
    """Return the examination dates, or the issue dates of a paper that prints no other."""
    if case.paper is None:
        return _DATE, ()
    exams = case.exam_dates()
    if exams:
        return _DATE, exams
    return FieldName.ISSUE_DATE, printed_dates(case.paper, FieldName.ISSUE_DATE)


def _placings(case: Case) -> tuple[FieldName, set[Placing], str] | None:
    """Return the dated field, where its dates lie, and the window in words; None without one."""
    field, dates = _result_dates(case)
    if case.policy.validity.window is Window.OFF or not dates:
        return None
    span = window_of(case.application, case.policy.validity, case.batch.deadline)
    if span is None:
        return field, {Placing.OPEN}, "学籍信息不足"
    return field, {span.place(date) for date in dates}, span.wording


def _outside_window(case: Case) -> Iterator[Observation]:
    placed = _placings(case)
    if placed is not None and placed[1] == {Placing.OUTSIDE}:
        field, _, wording = placed
        yield Observation(field=field, extracted=case.text(field), detail=wording)


def _window_open(case: Case) -> Iterator[Observation]:
    placed = _placings(case)
    # The oral sitting is printed beside the written one: one date that lies inside is enough.
    if placed and Placing.OPEN in placed[1] and Placing.INSIDE not in placed[1]:
        field, _, wording = placed
        yield Observation(field=field, extracted=case.text(field), detail=wording)


def _after_deadline(case: Case) -> Iterator[Observation]:
    last = case.batch.deadline.date()
    declared = declared_value(case.application, _DATE)
    wanted = parse_date(declared)
    # Later than the day of the check is another rule's (`date-in-future`).
    if wanted is not None and last < wanted.first_day <= case.today:
        yield Observation(field=_DATE, declared=declared, detail=last.isoformat())


def _not_released(case: Case) -> Iterator[Observation]:
    deadline = case.batch.deadline.date()
    last = (deadline.year, deadline.month)
    sittings = [month for month in case.exam_months() if month <= last]
    released = [months for month in sittings if (months := release_months(case.kind, month))]
    if sittings and len(released) == len(sittings) and last < min(map(min, released)):
        yield Observation(field=_DATE, extracted=case.text(_DATE), detail=deadline.isoformat())


_REVIEW, _WARN = Severity.REVIEW, Severity.WARN
_CONTRACT, _MEDIUM = FactConfidence.CONTRACT, FactConfidence.MEDIUM
_SOURCE = "policy validity; degree facts F.1, R27"

RULES = (
    declare("outside-window", _REVIEW, _SOURCE, _CONTRACT,
            "The examination lies outside the window in which the school counts results.",
            "证书日期（{extracted}）不在学校规定的有效期（{detail}）内。",
            "您证书上的日期{shown}不在学校规定的有效期（{detail}）内，如有有效期内的证书请重新上传。",
            _outside_window),
    declare("window-unknown", _REVIEW, _SOURCE, _CONTRACT,
            "The school has a window, but table or paper do not say enough to place the result.",
            "无法判断证书日期（{extracted}）是否在有效期内（{detail}）。",
            "您的成绩是否在学校规定的有效期内需由工作人员核实，请等待审核结果。", _window_open),
    declare("date-after-deadline", _REVIEW, "contract, batch.toml: deadline", _CONTRACT,
            "The declared date lies after the batch's deadline, though not after the check.",
            "申报的证书获取日期（{declared}）晚于申请截止日期（{detail}）。",
            "您申报的证书获取日期（{declared}）晚于本批次截止日期（{detail}），请核对后更正。",
            _after_deadline, scope=Scope.SUBMISSION),
    declare("result-not-released", _WARN, "certificates 1.8; contract, 证书获取日期", _MEDIUM,
            "Results of this sitting are not known to have come out by the deadline.",
            "该次考试（{extracted}）的成绩在截止日期（{detail}）前通常尚未公布。", "",
            _not_released),
)  # fmt: skip
