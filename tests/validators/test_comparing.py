"""Declared against printed, field by field."""

import pytest

from domain.assessment import Agreement
from domain.certificates import CertificateType, FieldName, PaperForm
from tests.validators.builders import (
    CET_DECLARED,
    CET_PRINTED,
    ETIC_DECLARED,
    ETIC_REPORT,
    POLICY,
    TEM_DECLARED,
    TEM_PRINTED,
    ZIKAO_DECLARED,
    ZIKAO_PRINTED,
    paper_of,
    policy_with,
    submission_of,
)
from validators.comparing import compare_paper

_C = CertificateType
_NUMBER = FieldName.CERTIFICATE_NUMBER
_EQUAL, _NORMAL = Agreement.EQUAL, Agreement.EQUAL_AFTER_NORMALIZATION
_SIMILAR, _DIFFERENT = Agreement.SIMILAR, Agreement.DIFFERENT
_ABSENT, _NEVER = Agreement.NOT_FOUND, Agreement.NOT_PRINTED


def _agreement(
    field: FieldName,
    declared: dict[str, str],
    printed: dict[FieldName, str],
    kind: CertificateType = _C.CET4,
    never: frozenset[FieldName] = frozenset(),
    override: str = "",
) -> Agreement:
    application = submission_of(declared, ()).application
    paper = paper_of(printed, kind, form=PaperForm.SCORE_REPORT, never=never)
    policy = policy_with(override) if override else POLICY
    rows = compare_paper(application, paper, policy)
    return next(row.comparison.agreement for row in rows if row.comparison.field == field)


@pytest.mark.parametrize(
    ("column", "field", "declared", "printed", "expected"),
    [
        ("姓名", FieldName.NAME, "王晓东", "王晓东", _EQUAL),
        ("姓名", FieldName.NAME, "王晓东", "王 晓东", _NORMAL),
        ("姓名", FieldName.NAME, "王晓东", "王晓冬", _SIMILAR),
        ("姓名", FieldName.NAME, "王晓东", "李建国", _DIFFERENT),
        ("身份证号", FieldName.ID_NUMBER, "11010519491231002x", "11010519491231002X", _NORMAL),
        ("身份证号", FieldName.ID_NUMBER, "110105194912310021", "11010519491231002X", _SIMILAR),
        ("身份证号", FieldName.ID_NUMBER, "11010519491231002X", "110105********002X", _SIMILAR),
        ("身份证号", FieldName.ID_NUMBER, "11010519491231002X", "110106********002X", _DIFFERENT),
        ("成绩单编号", _NUMBER, "212111234567890", "21211 12345 67890", _NORMAL),
        ("成绩单编号", _NUMBER, "212111234567809", "212111234567890", _SIMILAR),
        ("考试成绩", FieldName.SCORE, "425.0", "425", _NORMAL),
        ("考试成绩", FieldName.SCORE, "424.9", "425", _DIFFERENT),
        ("考试成绩", FieldName.SCORE, "428", "425", _SIMILAR),
        ("考试成绩", FieldName.SCORE, "合格", "425", _DIFFERENT),
        ("证书获取日期", FieldName.DATE, "2021年12月", "2021年12月", _EQUAL),
        ("证书获取日期", FieldName.DATE, "2021-12-18", "2021年12月", _NORMAL),
        ("证书获取日期", FieldName.DATE, "2022-02", "2021年12月", _NORMAL),  # release
        ("证书获取日期", FieldName.DATE, "2022-03", "2021年12月", _NORMAL),
        ("证书获取日期", FieldName.DATE, "2022-01", "2021年12月", _DIFFERENT),
        ("证书获取日期", FieldName.DATE, "2022-04", "2021年12月", _DIFFERENT),
        ("证书获取日期", FieldName.DATE, "2020-10", "2020年9月", _NORMAL),  # extra session
        ("证书获取日期", FieldName.DATE, "2021-12", "2021年下半年", _NORMAL),
        ("证书获取日期", FieldName.DATE, "2022-12", "2022年下半年", _SIMILAR),  # two sittings
        ("证书获取日期", FieldName.DATE, "2021-12", "2021年", _SIMILAR),
        ("证书获取日期", FieldName.DATE, "2021-12", "20Z1年12月", _ABSENT),
        ("语种", FieldName.LANGUAGE, "English", "英语", _NORMAL),
        ("语种", FieldName.LANGUAGE, "俄语", "英语", _DIFFERENT),
        ("证书类别", FieldName.LEVEL, "CET-4", "大学英语四级", _NORMAL),
        ("证书类别", FieldName.LEVEL, "英语六级", "大学英语四级", _DIFFERENT),
        ("证书类别", FieldName.LEVEL, "", "大学英语四级", Agreement.NOT_CHECKED),
    ],
)  # fmt: skip
def test_cet_fields(
    column: str, field: FieldName, declared: str, printed: str, expected: Agreement
) -> None:
    changed = CET_DECLARED | {column: declared}
    assert _agreement(field, changed, CET_PRINTED | {field: printed}) is expected


@pytest.mark.parametrize(
    ("declared", "printed", "expected"),
    [("2023-09", "2023年6月", _NORMAL), ("2023-10", "2023-06-18", _NORMAL),
     ("2023-08", "2023年6月", _SIMILAR), ("2023-11", "2023年6月", _DIFFERENT)],
)  # fmt: skip
def test_tem4_results_come_out_in_september_and_october(
    declared: str, printed: str, expected: Agreement
) -> None:
    changed = TEM_DECLARED | {"证书获取日期": declared}
    paper = TEM_PRINTED | {FieldName.DATE: printed}
    assert _agreement(FieldName.DATE, changed, paper, _C.TEM4) is expected


def test_an_issue_date_agrees_but_has_no_release_months() -> None:
    printed = TEM_PRINTED | {FieldName.ISSUE_DATE: "2023年9月"}
    for declared, expected in (("2023-09", _NORMAL), ("2023-12", _DIFFERENT)):
        changed = TEM_DECLARED | {"证书获取日期": declared}
        assert _agreement(FieldName.DATE, changed, printed, _C.TEM4) is expected


def test_other_examinations_have_no_release_months() -> None:
    changed = ETIC_DECLARED | {"证书获取日期": "2021-07"}
    assert not _agreement(FieldName.DATE, changed, ETIC_REPORT, _C.ETIC_INTERMEDIATE).agrees


@pytest.mark.parametrize(
    ("declared", "status", "expected"),
    [("良好", "良好", _EQUAL), ("合格", "良好", _NORMAL), ("优秀", "良好", _DIFFERENT),
     ("不合格", "良好", _DIFFERENT), ("良好", "合格", _DIFFERENT), ("合格", "不合格", _DIFFERENT)],
)  # fmt: skip
def test_status_against_the_printed_grade(declared: str, status: str, expected: Agreement) -> None:
    printed = TEM_PRINTED | {FieldName.GRADE: status}
    changed = TEM_DECLARED | {"成绩状态": declared}
    assert _agreement(FieldName.STATUS, changed, printed, _C.TEM4) is expected


def test_a_score_declared_on_a_paper_with_a_grade_alone_is_not_compared() -> None:
    changed = TEM_DECLARED | {"考试成绩": "75"}
    never = frozenset({FieldName.SCORE})
    assert _agreement(FieldName.SCORE, changed, TEM_PRINTED, _C.TEM4) is _ABSENT
    assert _agreement(FieldName.SCORE, changed, TEM_PRINTED, _C.TEM4, never) is _NEVER


def test_the_ticket_counts_on_self_taught_papers_without_a_number() -> None:
    field, kind = FieldName.CERTIFICATE_NUMBER, _C.ZIKAO_ENGLISH2
    assert _agreement(field, ZIKAO_DECLARED, ZIKAO_PRINTED, kind) is _EQUAL
    own = ZIKAO_PRINTED | {field: "ZK20231234567"}
    assert _agreement(field, ZIKAO_DECLARED, own, kind) is _DIFFERENT
    off = "[acceptance]\nzikao_ticket_counts_as_number = false\n"
    assert _agreement(field, ZIKAO_DECLARED, ZIKAO_PRINTED, kind, override=off) is _ABSENT
    dash = ZIKAO_DECLARED | {"成绩单编号": "-"}
    assert _agreement(field, dash, ZIKAO_PRINTED, kind, frozenset({field})) is _NEVER


def test_a_cet_ticket_is_not_the_report_number() -> None:
    changed = CET_DECLARED | {"成绩单编号": CET_PRINTED[FieldName.ADMISSION_TICKET]}
    assert _agreement(FieldName.CERTIFICATE_NUMBER, changed, CET_PRINTED) is _DIFFERENT
