"""Rules about the declared and the printed number of the paper, for every kind."""

from collections.abc import Iterator

from domain.assessment import Agreement
from domain.certificates import CertificateFamily, FieldName
from domain.finding import Severity
from validators.case import Case
from validators.comparing import declared_value
from validators.normalizing import has_homoglyphs, number_key, says_no_number
from validators.rule import FactConfidence, Observation, Scope, declare
from validators.rules.differing import differs

_FIELD = FieldName.CERTIFICATE_NUMBER


def _declared(case: Case) -> str:
    return declared_value(case.application, _FIELD)


def _declared_but_not_printed(case: Case) -> Iterator[Observation]:
    row = case.compared_field(_FIELD)
    if case.paper is None or row is None or row.value is not None:
        return
    absent = row.comparison.agreement in (Agreement.NOT_PRINTED, Agreement.NOT_FOUND)
    declared = row.comparison.declared
    if absent and declared.strip() and not says_no_number(declared):
        yield Observation(field=_FIELD, declared=declared)


def _printed_but_not_declared(case: Case) -> Iterator[Observation]:
    row = case.compared_field(_FIELD)
    if row and row.value is not None and says_no_number(row.comparison.declared):
        yield Observation(field=_FIELD, extracted=row.comparison.extracted)


def _homoglyph(case: Case) -> Iterator[Observation]:
    for field in (_FIELD, FieldName.ID_NUMBER):
        declared = declared_value(case.application, field)
        if has_homoglyphs(declared):
            yield Observation(field=field, declared=declared)


def _ticket_declared(case: Case) -> Iterator[Observation]:
    key = number_key(_declared(case))
    tickets = (FieldName.ADMISSION_TICKET, FieldName.ORAL_TICKET)
    printed = {number_key(case.text(field)) for field in tickets}
    differs_from_own = case.agreement(_FIELD) in (Agreement.DIFFERENT, Agreement.SIMILAR)
    if key and key in printed and differs_from_own:
        yield Observation(field=_FIELD, declared=_declared(case))


def _zikao_ticket_shape(case: Case) -> Iterator[Observation]:
    ticket = case.text(FieldName.ADMISSION_TICKET)
    key = number_key(ticket)
    if case.kind.family is CertificateFamily.ZIKAO and key and (
        len(key) != 12 or not key.isdecimal()
    ):  # fmt: skip
        yield Observation(field=FieldName.ADMISSION_TICKET, extracted=ticket)


_REVIEW, _ADVICE, _NOTE = Severity.REVIEW, Severity.ADVICE, Severity.NOTE
_CONTRACT = FactConfidence.CONTRACT

RULES = (
    declare("certificate-number-differs", _REVIEW, "contract, section 3", _CONTRACT,
            "The printed number is not the declared one.",
            "成绩单编号不一致：申报{declared}，证书{extracted}。",
            "您申报的成绩单编号（{declared}）与证书所印的编号{shown}不一致，请核对后更正。",
            differs(_FIELD, unless=says_no_number)),
    declare("number-is-ticket", _ADVICE, "certificates, section 6: extractor traps", _CONTRACT,
            "The declared number is the printed admission ticket's, not the paper's own.",
            "申报的编号是准考证号，不是成绩单编号。", "", _ticket_declared),
    declare("declared-number-not-printed", _REVIEW, "contract, section 3; certificates V28",
            _CONTRACT, "A number is declared, but the paper shows none with which to compare it.",
            "申报了成绩单编号{declared}，但证书上没有可核对的编号。",
            "您申报的成绩单编号（{declared}）在上传的材料上无法核对，请上传印有编号的证书。",
            _declared_but_not_printed),
    declare("number-not-declared", _REVIEW, "contract, section 1: 成绩单编号", _CONTRACT,
            "`-` is declared, but the paper prints a number.",
            "申报的成绩单编号为“-”，但证书印有编号{extracted}。",
            "您申报证书没有编号，但证书印有编号{shown}，请按证书填写成绩单编号。",
            _printed_but_not_declared),
    declare("homoglyph", _NOTE, "hostile corpus 47", _CONTRACT,
            "A declared number holds Cyrillic or Greek letters that look like Latin ones.",
            "申报的{field}含有形似拉丁字母的其他文字：{declared}。", "", _homoglyph,
            scope=Scope.SUBMISSION),
    declare("zikao-ticket-shape", _NOTE, "certificates V32", FactConfidence.LOW,
            "The self-taught admission ticket has not the twelve digits of most provinces.",
            "自考准考证号（{extracted}）不是常见的12位数字。", "", _zikao_ticket_shape),
)  # fmt: skip
