"""Rules about what could not be read, or not surely enough, on the paper under judgement."""

from collections.abc import Callable, Iterator

from domain.assessment import Agreement
from domain.certificates import CertificateFamily, FieldName
from domain.extraction import ExtractedValue
from domain.finding import Severity
from validators.case import Case
from validators.certainty import Certainty, certainty_of, reading_key
from validators.normalizing import says_no_number
from validators.requirements import missing_requirements
from validators.rule import Concern, FactConfidence, Observation, Rule, declare

_REVIEW = Severity.REVIEW
_CONTRACT = FactConfidence.CONTRACT
_SOURCE = "contract, section 3: what each paper must show"

_SURE_FIELDS = (
    FieldName.NAME,
    FieldName.ID_NUMBER,
    FieldName.CERTIFICATE_NUMBER,
    FieldName.SCORE,
    FieldName.DATE,
    FieldName.STATUS,
)


def counting_values(case: Case) -> tuple[tuple[FieldName, ExtractedValue], ...]:
    """Return the readings on which an acceptance would rest, each once, with the checked field."""
    found: list[tuple[FieldName, ExtractedValue]] = []
    for field in _SURE_FIELDS:
        row = case.compared_field(field)
        if row and row.value and all(row.value is not value for _, value in found):
            found.append((field, row.value))
    if case.paper and case.kind.family is CertificateFamily.ZIKAO:
        course = case.paper.get(FieldName.COURSE)
        found += [(FieldName.COURSE, course)] if course else []
    return tuple(found)


def _unclear(field: FieldName) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        for seen, value in counting_values(case):
            if seen is field and _certainty(case, value) is Certainty.UNCLEAR:
                yield Observation(field=field, extracted=value.text)

    return observe


def _certainty(case: Case, value: ExtractedValue) -> Certainty:
    return certainty_of(value, case.kind.family, case.policy)


def _other_engine(case: Case) -> Iterator[Observation]:
    allowed = case.policy.acceptance.accept_other_engine
    if not allowed and not case.policy.is_measured_for(case.engine_version):
        yield Observation()


def _readers_disagree(case: Case) -> Iterator[Observation]:
    for field, value in counting_values(case):
        if _certainty(case, value) is Certainty.READERS_DISAGREE:
            yield Observation(
                field=field, extracted=value.text, detail=(value.second_text or "").strip()
            )


def _not_found(field: FieldName) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        if case.paper is None:
            return
        missing = missing_requirements(case.paper, case.policy.acceptance)
        if any(requirement[0] is field for requirement in missing) or _unread(case, field):
            yield Observation(field=field)

    return observe


def _unread(case: Case, field: FieldName) -> bool:
    """Return whether a field was expected on the paper, beyond what every paper must show."""
    row = case.compared_field(field)
    if row is None or row.comparison.agreement is not Agreement.NOT_FOUND:
        return False
    if field is FieldName.CERTIFICATE_NUMBER:
        # `-` says that the paper carries none; here it may merely not have been read.
        return says_no_number(row.comparison.declared)
    return field in (FieldName.NAME, FieldName.DATE) or (
        field is FieldName.SCORE and row.value is None
    )


_REPEATABLE = (FieldName.ID_NUMBER, FieldName.CERTIFICATE_NUMBER, FieldName.SCORE, FieldName.GRADE)


def _several_values(case: Case) -> Iterator[Observation]:
    for field in _REPEATABLE if case.paper else ():
        values = list(case.paper.all(field)) if case.paper else []
        keys = {reading_key(field, value.text) for value in values}
        if len(keys) > 1:
            yield Observation(field=field, extracted=" / ".join(value.text for value in values))


def _unclear_rule(field: FieldName, code: str) -> Rule:
    return declare(
        f"{code}-unclear", _REVIEW, "contract, section 3; policy acceptance", _CONTRACT,
        f"The {field.value} was read, but not surely enough.",
        "{field}识别把握不足（识别为{extracted}），需人工核对。",
        "您证书上的{field}不够清晰，请等待工作人员核对。",
        _unclear(field), concern=Concern.READING,
    )  # fmt: skip


def _not_found_rule(field: FieldName, code: str) -> Rule:
    return declare(
        f"{code}-not-found", _REVIEW, _SOURCE, _CONTRACT,
        f"The paper should print the {field.value}, but it was not found on it.",
        "证书上未识别到{field}。",
        "未能在您上传的证书上识别到{field}，请确认图片清晰、完整。",
        _not_found(field), concern=Concern.READING,
    )  # fmt: skip


_UNCLEAR_CODES = {
    FieldName.NAME: "name",
    FieldName.ID_NUMBER: "id-number",
    FieldName.CERTIFICATE_NUMBER: "certificate-number",
    FieldName.SCORE: "score",
    FieldName.DATE: "date",
    FieldName.STATUS: "status",
    FieldName.COURSE: "course",
}
_NOT_FOUND_CODES = {
    FieldName.NAME: "name",
    FieldName.ID_NUMBER: "id-number",
    FieldName.CERTIFICATE_NUMBER: "certificate-number",
    FieldName.SCORE: "score",
    FieldName.DATE: "date",
    FieldName.GRADE: "grade",
    FieldName.COURSE: "course",
}


RULES = (
    *(_not_found_rule(field, code) for field, code in _NOT_FOUND_CODES.items()),
    *(_unclear_rule(field, code) for field, code in _UNCLEAR_CODES.items()),
    declare("readers-disagree", _REVIEW, "contract, section 3; policy acceptance", _CONTRACT,
            "Two independent readers read different well-formed values in the same place.",
            "两次独立识别的{field}不一致：{extracted} / {detail}。",
            "您证书上的{field}不够清晰，请等待工作人员核对。",
            _readers_disagree, concern=Concern.READING),
    declare("engine-not-calibrated", _REVIEW, "policy acceptance, accept_other_engine", _CONTRACT,
            "The thresholds of confidence were measured with another engine or other settings.",
            "识别引擎或其设置与校准时不同，置信度阈值不适用，需人工核对。",
            "您的申请需由工作人员人工审核，请等待审核结果。",
            _other_engine, concern=Concern.READING),
    declare("several-values", _REVIEW, "contract, section 3: a printed field must agree", _CONTRACT,
            "The paper prints a value several times, and differently.",
            "证书上的{field}出现多个不同的值：{extracted}。",
            "您证书上的{field}需由工作人员核对，请等待审核结果。", _several_values),
)  # fmt: skip
