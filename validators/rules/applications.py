"""Rules about the row of the applications table itself."""

from collections.abc import Iterator

from domain.application import BatchKind
from domain.certificates import CHECKED_FIELDS, FieldName
from domain.finding import Severity
from validators.application_time import is_after, parse_time
from validators.case import Case
from validators.comparing import declared_value
from validators.rule import FactConfidence, Observation, Rule, Scope


def _late(case: Case) -> Iterator[Observation]:
    declared, closes = case.application.get("申请时间"), case.batch.closes
    if is_after(declared, closes):
        yield Observation(declared=declared, detail=closes.strftime("%Y-%m-%d %H:%M"))


def _unreadable_time(case: Case) -> Iterator[Observation]:
    declared = case.application.get("申请时间")
    if declared.strip() and parse_time(declared, case.batch.deadline.tzinfo) is None:
        yield Observation(declared=declared)


def _empty_declaration(case: Case) -> Iterator[Observation]:
    for field in CHECKED_FIELDS:
        if field is not FieldName.LEVEL and not declared_value(case.application, field).strip():
            yield Observation(field=field)


_EVERY_KIND = tuple(BatchKind)


RULES = (
    Rule(
        id="late",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="contract, language batches: 申请状态",
        confidence=FactConfidence.CONTRACT,
        checks="The application was made after the batch's deadline; one that was returned and"
        " uploaded again, after `resubmit_until`.",
        message="申请时间（{declared}）晚于截止时间（{detail}），需人工决定是否受理。",
        opinion="您的申请时间晚于本批次截止时间，请等待工作人员决定是否受理。",
        observe=_late,
        batches=_EVERY_KIND,
    ),
    Rule(
        id="application-time-format",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="contract, language batches: 申请状态",
        confidence=FactConfidence.CONTRACT,
        checks="The time of the application cannot be read, so it may be late.",
        message="申请时间（{declared}）无法识别，不能判断是否逾期。",
        opinion="您的申请时间需由工作人员核实，请等待审核结果。",
        observe=_unreadable_time,
        batches=_EVERY_KIND,
    ),
    Rule(
        id="declared-empty",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="contract, language batches",
        confidence=FactConfidence.CONTRACT,
        checks="A value that has to be declared is empty.",
        message="申报的{field}为空。",
        opinion="您未填写{field}，请按证书填写。",
        observe=_empty_declaration,
    ),
)
