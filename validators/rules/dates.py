"""Rules about the declared and printed dates, the languages and the levels."""

from collections.abc import Iterator

from domain.certificates import FieldName
from domain.finding import Severity
from validators.calendars import start_of
from validators.case import Case, printed_dates
from validators.comparing import declared_value, may_mean
from validators.date_values import parse_date
from validators.rule import Concern, FactConfidence, Observation, Scope, declare
from validators.rules.differing import differs

_DATE = FieldName.DATE


def _is_no_month(declared: str) -> bool:
    date = parse_date(declared)
    return date is None or date.as_month is None


def _date_format(case: Case) -> Iterator[Observation]:
    declared = declared_value(case.application, _DATE)
    if declared.strip() and _is_no_month(declared):
        yield Observation(field=_DATE, declared=declared)


def _is_without_month(case: Case) -> bool:
    """Return whether the paper prints no month, and the declared one is possible all the same."""
    declared = declared_value(case.application, _DATE)
    fields = (FieldName.DATE, FieldName.ISSUE_DATE)
    values = [value for field in fields for value in case.paper.all(field)] if case.paper else []
    agrees = case.agreement(_DATE).agrees
    return not agrees and any(
        case.paper is not None and may_mean(declared, value, case.paper) for value in values
    )


def _without_month(case: Case) -> Iterator[Observation]:
    row = case.compared_field(_DATE)
    if row is not None and _is_without_month(case):
        seen = row.comparison
        yield Observation(field=_DATE, declared=seen.declared, extracted=seen.extracted)


def _in_future(case: Case) -> Iterator[Observation]:
    declared = declared_value(case.application, _DATE)
    wanted = parse_date(declared)
    if wanted is not None and wanted.first_day > case.today:
        yield Observation(field=_DATE, declared=declared, detail=case.today.isoformat())


def _printed_in_future(case: Case) -> Iterator[Observation]:
    for field in (FieldName.DATE, FieldName.ISSUE_DATE):
        for value in case.paper.all(field) if case.paper else ():
            date = parse_date(value.text)
            if date is not None and date.first_day > case.today:
                yield Observation(field=field, extracted=value.text, detail=case.today.isoformat())


def _before_start(case: Case) -> Iterator[Observation]:
    family = case.kind.family
    start = start_of(family) if family else None
    if case.paper is None or start is None:
        return
    for field in (FieldName.DATE, FieldName.ISSUE_DATE):
        for date in printed_dates(case.paper, field):
            if (date.year, date.month or (12 if date.half == 2 else 6)) < start:
                yield Observation(
                    field=field,
                    extracted=case.text(field),
                    detail=f"{case.kind.chinese_name}：{start[0]}年{start[1]}月",
                )


_KEEP = "请确认上传的是本人证书的原件，并等待工作人员核实。"
_REVIEW = Severity.REVIEW
_CONTRACT, _HIGH = FactConfidence.CONTRACT, FactConfidence.HIGH

RULES = (
    declare("date-format", _REVIEW, "contract, section 1: 证书获取日期; hostile corpus 50",
            _CONTRACT, "The declared date cannot be read, does not exist, or names no month.",
            "申报的证书获取日期（{declared}）无法识别、不存在或没有月份。",
            "您申报的证书获取日期（{declared}）不是有效的年月，请按证书填写，例如2021-12。",
            _date_format, scope=Scope.SUBMISSION),
    declare("date-differs", _REVIEW, "contract, section 1: 证书获取日期", _CONTRACT,
            "The declared month is neither printed nor a release month of the sitting.",
            "证书获取日期不一致：申报{declared}，证书{extracted}。",
            "您申报的证书获取日期（{declared}）与证书所示{shown}不一致，请核对后更正。",
            differs(_DATE, unless=_is_no_month, but=_is_without_month)),
    declare("date-without-month", _REVIEW, "contract, section 1: 证书获取日期", _CONTRACT,
            "The paper prints a year or half-year only, which may hold the declared month.",
            "证书只印有{extracted}，无法核对申报的月份（{declared}）。",
            "证书所印的考试时间{shown}没有写明月份，您申报的证书获取日期（{declared}）需由工作人员核对，"
            "请等待审核结果。", _without_month, concern=Concern.READING),
    declare("date-in-future", _REVIEW, "certificates V34", _HIGH,
            "The declared date lies after the day of the check.",
            "申报的证书获取日期（{declared}）晚于核对日期（{detail}）。",
            "您申报的证书获取日期（{declared}）晚于核对日期，请核对后更正。",
            _in_future, scope=Scope.SUBMISSION),
    declare("printed-date-in-future", _REVIEW, "certificates V34", _HIGH,
            "A printed date lies after the day of the check.",
            "证书上的日期（{extracted}）晚于核对日期（{detail}）。",
            f"您证书所印的日期{{shown}}晚于核对日期，{_KEEP}", _printed_in_future),
    declare("before-start", _REVIEW, "certificates V34", _HIGH,
            "A printed date lies before the first sitting or paper of this kind.",
            "证书上的日期（{extracted}）早于该类证书的开始时间（{detail}）。",
            f"您证书所印的日期{{shown}}早于该考试开始的时间，{_KEEP}", _before_start),
    declare("language-differs", _REVIEW, "contract, section 3; certificates, section 6", _HIGH,
            "The declared language is not that of the examination.",
            "语种不一致：申报{declared}，证书{extracted}。",
            "您申报的语种（{declared}）与证书的语种{shown}不一致，请核对后更正。",
            differs(FieldName.LANGUAGE)),
    declare("level-differs", _REVIEW, "contract, section 1: 证书类别", _CONTRACT,
            "The declared 证书类别 is another level or family than the paper's.",
            "证书类别不一致：申报{declared}，证书{extracted}。",
            "您申报的证书类别（{declared}）与上传的证书{shown}不一致，请核对后更正。",
            differs(FieldName.LEVEL)),
)  # fmt: skip
