"""Rules about what was declared, by itself: languages, kinds, and numbers in the wrong cell.

Beside a paper under judgement the comparison says it better: most speak only where there is none.
"""

from collections.abc import Iterator

from domain.certificates import FieldName
from domain.finding import Severity
from validators.case import Case
from validators.comparing import declared_value
from validators.normalizing import name_key, number_key
from validators.rule import FactConfidence, Observation, Scope, declare
from validators.values import language_of, parse_kind, parse_language


def _declared(case: Case, field: FieldName) -> str:
    return declared_value(case.application, field)


def _language_not_offered(case: Case) -> Iterator[Observation]:
    declared = _declared(case, FieldName.LANGUAGE)
    if case.paper is None and declared.strip() and parse_language(declared) is None:
        yield Observation(field=FieldName.LANGUAGE, declared=declared)


def _category_not_offered(case: Case) -> Iterator[Observation]:
    declared = _declared(case, FieldName.LEVEL)
    if case.paper is None and declared.strip() and parse_kind(declared) is None:
        yield Observation(field=FieldName.LEVEL, declared=declared)


def _language_against_category(case: Case) -> Iterator[Observation]:
    declared = _declared(case, FieldName.LANGUAGE)
    language, kind = parse_language(declared), parse_kind(_declared(case, FieldName.LEVEL))
    if case.paper is None and language and kind and language_of(kind) is not language:
        yield Observation(field=FieldName.LANGUAGE, declared=declared, detail=kind.chinese_name)


def _number_of_person(case: Case) -> Iterator[Observation]:
    declared = _declared(case, FieldName.CERTIFICATE_NUMBER)
    own = {
        "身份证号": case.application.id_number,
        "手机号": case.application.get("手机号"),
        "学号": case.application.student_number,
    }
    for cell, value in own.items():
        if number_key(declared) and number_key(declared) == number_key(value):
            yield Observation(field=FieldName.CERTIFICATE_NUMBER, declared=declared, detail=cell)


def _written_otherwise(case: Case) -> Iterator[Observation]:
    name = _declared(case, FieldName.NAME)
    if name_key(name) != name.strip().casefold():
        yield Observation(field=FieldName.NAME, declared=name)
    number = _declared(case, FieldName.ID_NUMBER)
    if number_key(number) != number.strip():
        yield Observation(field=FieldName.ID_NUMBER, declared=number)


_REVIEW, _ADVICE, _NOTE = Severity.REVIEW, Severity.ADVICE, Severity.NOTE
_CONTRACT, _HIGH = FactConfidence.CONTRACT, FactConfidence.HIGH
_SUBMISSION = Scope.SUBMISSION

RULES = (
    declare("language-not-offered", _REVIEW, "contract, section 1: 语种", _CONTRACT,
            "The declared language is neither English nor Russian, and no paper was recognised.",
            "申报的语种（{declared}）不是英语或俄语。",
            "您申报的语种（{declared}）不在认定范围内，请按证书填写英语或俄语。",
            _language_not_offered, scope=_SUBMISSION),
    declare("category-not-offered", _REVIEW, "contract, section 1: 证书类别; manual, step 3",
            _CONTRACT, "The declared 证书类别 is none of the four kinds; no paper was recognised.",
            "申报的证书类别（{declared}）不属于可认定的四类证书。",
            "您申报的证书类别（{declared}）不在学位外语认定的四类证书范围内，请上传四类证书之一。",
            _category_not_offered, scope=_SUBMISSION),
    declare("language-against-category", _REVIEW, "certificates, section 6; degree facts R24",
            _HIGH,
            "The declared language is not that of the declared 证书类别; no paper was recognised.",
            "申报的语种（{declared}）与申报的证书类别（{detail}）不符。",
            "您申报的语种（{declared}）与证书类别（{detail}）不符，请核对后更正。",
            _language_against_category, scope=_SUBMISSION),
    declare("number-of-person", _ADVICE, "certificates, section 6: extractor traps", _CONTRACT,
            "The declared certificate number is the applicant's own ID, phone or student number.",
            "申报的成绩单编号与本人{detail}相同，可能填错了栏目。", "", _number_of_person,
            scope=_SUBMISSION),
    declare("written-otherwise", _NOTE, "degree facts C.1, C.5; hostile corpus 47", _CONTRACT,
            "Name or ID number is written with full-width signs, spaces, radicals or another dot;"
            " it is compared without them and kept as given.",
            "申报的{field}含全角字符、空格、部首字或其他间隔号，已归一后比对，原文保留。", "",
            _written_otherwise, scope=_SUBMISSION),
)  # fmt: skip
