"""Scores, grades, languages and kinds in the words of applicants and papers."""

from decimal import Decimal

import pytest

from domain.certificates import ACCEPTED_TYPES, CertificateType
from validators.values import Grade, Language, parse_grade, parse_kind, parse_language, parse_score


@pytest.mark.parametrize(
    ("text", "score"),
    [("425", "425"), ("425.0", "425"), ("４２５", "425"), (" 425 ", "425"), ("424.9", "424.9"),
     ("88分", "88"), ("0", "0")],
)  # fmt: skip
def test_scores_are_exact(text: str, score: str) -> None:
    assert parse_score(text) == Decimal(score)


@pytest.mark.parametrize(
    "text",
    ["", "-1", "1e3", "NaN", "inf", "四百二十五", "4 25", "425,0", "+425", "0x1A", "42S", "½"],
)
def test_what_is_no_score(text: str) -> None:
    assert parse_score(text) is None


@pytest.mark.parametrize(
    ("text", "grade"),
    [("合格", Grade.PASSED), ("不合格", Grade.FAILED), ("良好", Grade.GOOD),
     ("优 秀", Grade.EXCELLENT),
     ("Excellent", Grade.EXCELLENT), ("良好(Good)", Grade.GOOD), ("（合格）", Grade.PASSED)],
)  # fmt: skip
def test_grades(text: str, grade: Grade) -> None:
    assert parse_grade(text) is grade


@pytest.mark.parametrize("text", ["", "通过", "合格良好", "良好 Pass", "A+", "未合格"])
def test_what_is_no_grade(text: str) -> None:
    assert parse_grade(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("英语", Language.ENGLISH), ("English", Language.ENGLISH),
     ("ＥＮＧＬＩＳＨ", Language.ENGLISH),
     ("[English]", Language.ENGLISH), ("俄语", Language.RUSSIAN), ("Russian", Language.RUSSIAN),
     ("日语", None), ("", None)],
)  # fmt: skip
def test_languages(text: str, language: Language | None) -> None:
    assert parse_language(text) is language


_C = CertificateType


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("全国大学英语四级考试", _C.CET4),
        ("全国大学英语六级考试", _C.CET6),
        ("CET-4", _C.CET4),
        ("cet 6", _C.CET6),
        ("英语四级", _C.CET4),
        ("大学英语四级(CET4)", _C.CET4),
        ("全国高等学校英语专业四级考试", _C.TEM4),
        ("全国高等学校英语专业八级考试", _C.TEM8),
        ("TEM8", _C.TEM8),
        ("专八", _C.TEM8),
        ("英语专八", _C.TEM8),
        ("全国高等学校俄语专业四级考试", _C.TRM4),
        ("全国高等学校俄语专业八级考试", _C.TRM8),
        ("国际人才英语考试中级", _C.ETIC_INTERMEDIATE),
        ("国际人才英语考试（中级）", _C.ETIC_INTERMEDIATE),
        ("国才中级", _C.ETIC_INTERMEDIATE),
        ("国才高级", _C.ETIC_ADVANCED),
        ("国际人才英语考试高端", _C.ETIC_EXECUTIVE),
        ("高翻（笔译）", _C.ETIC_INTERPRETING),
        ("高翻同传", _C.ETIC_INTERPRETING),
        ("全国高等教育自学考试《英语（二）》", _C.ZIKAO_ENGLISH2),
        ("自考英语二", _C.ZIKAO_ENGLISH2),
        ("13000 英语（专升本）", _C.ZIKAO_ENGLISH2),
    ],
)
def test_names_of_kinds(text: str, kind: CertificateType) -> None:
    assert parse_kind(text) is kind


@pytest.mark.parametrize(
    "text",
    ["", "英语", "四级", "大学俄语四级", "雅思", "PETS-3", "CET-5", "四川省大学英语新三级考试",
     "英语（一）",
     "CET-4 CET-6", "英语八级", "学位英语"],
)  # fmt: skip
def test_what_names_none_of_the_kinds(text: str) -> None:
    assert parse_kind(text) is None


@pytest.mark.parametrize("kind", ACCEPTED_TYPES)
def test_our_own_names_are_understood(kind: CertificateType) -> None:
    assert parse_kind(kind.chinese_name) is kind
