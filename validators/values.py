"""Scores, grades, languages and kinds as applicants declare them and papers print them."""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

from domain.certificates import CertificateFamily, CertificateType
from validators.normalizing import fold_text


class Language(StrEnum):
    """The two languages of the four kinds."""

    ENGLISH = "英语"
    RUSSIAN = "俄语"


class Grade(StrEnum):
    """The grades that papers print, and the declared status."""

    FAILED = "不合格"
    PASSED = "合格"
    GOOD = "良好"
    EXCELLENT = "优秀"

    @property
    def passes(self) -> bool:
        return self is not Grade.FAILED


_LANGUAGES = {
    "英语": Language.ENGLISH,
    "英文": Language.ENGLISH,
    "english": Language.ENGLISH,
    "俄语": Language.RUSSIAN,
    "俄文": Language.RUSSIAN,
    "russian": Language.RUSSIAN,
    "русский": Language.RUSSIAN,
    "русский язык": Language.RUSSIAN,
}
_ENGLISH_GRADES = {
    "fail": Grade.FAILED,
    "failed": Grade.FAILED,
    "pass": Grade.PASSED,
    "passed": Grade.PASSED,
    "good": Grade.GOOD,
    "excellent": Grade.EXCELLENT,
}
_BRACKETS = "()[]{}【】〔〕《》「」“”\"'"


def parse_score(text: str) -> Decimal | None:
    """Return an exact score, None where the text is no plain number (1e3, -1, NaN, 四百, 48²).

    Full-width digits, surrounding spaces and a closing 分 are allowed; at most four digits before
    and two after the point.
    """
    if any(unicodedata.category(character) == "No" for character in text):
        return None  # folding would make digits of raised and circled ones
    folded = fold_text(text).removesuffix("分").strip()
    return Decimal(folded) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", folded) else None


def parse_grade(text: str) -> Grade | None:
    """Return the grade or status that a text names, None where it names none."""
    folded = "".join(fold_text(text).split()).strip(_BRACKETS)
    chinese = "".join(re.findall(r"[\u4e00-\u9fff]", folded))
    latin = re.sub(r"[^a-z]", "", folded.casefold())
    by_chinese = next((grade for grade in Grade if grade.value == chinese), None)
    by_latin = _ENGLISH_GRADES.get(latin)
    if chinese and latin:
        return by_chinese if by_chinese is by_latin else None
    return by_chinese or by_latin


def parse_language(text: str) -> Language | None:
    """Return the language that a text names, None for any other."""
    return _LANGUAGES.get(fold_text(text).strip(_BRACKETS).strip().casefold())


def language_of(kind: CertificateType) -> Language | None:
    """Return the language that a kind of certificate examines, None for kinds not accepted."""
    if kind.family is None:
        return None
    return Language.RUSSIAN if kind.family is CertificateFamily.TRM else Language.ENGLISH


_LEVELS = {"4": "4", "四": "4", "四级": "4", "iv": "4", "6": "6", "六": "6", "六级": "6",
           "8": "8", "八": "8", "八级": "8", "viii": "8"}  # fmt: skip
_ETIC_LEVELS = (
    ("初级", CertificateType.ETIC_ELEMENTARY),
    ("中级", CertificateType.ETIC_INTERMEDIATE),
    ("高级", CertificateType.ETIC_ADVANCED),
    ("高端", CertificateType.ETIC_EXECUTIVE),
    ("高翻", CertificateType.ETIC_INTERPRETING),
)
_NOISE = re.compile(
    r"[\s\-‐‑–—_/·,，.。:：()\[\]【】《》〈〉<>「」“”\"']|考试|成绩单|证书|水平测试|等级"
)
_FAMILY_PATTERNS: tuple[tuple[str, str], ...] = (
    ("trm", r"(?:全国)?(?:高等学校|高校)?俄语专业(?P<level>四级|八级|四|八|4|8)级?"),
    ("trm", r"(?:俄语)?专业俄语(?P<level>四级|八级|四|八|4|8)级?"),
    ("trm", r"(?:trm|try|тря|俄语tem|tem俄语?)(?P<level>4|8|四级|八级)"),
    ("tem", r"(?:全国)?(?:高等学校|高校)?英语专业(?P<level>四级|八级|四|八|4|8)级?"),
    ("tem", r"(?:英语)?专业英语(?P<level>四级|八级|四|八|4|8)级?"),
    ("tem", r"(?:英语)?专(?P<level>四|八|4|8)"),
    ("tem", r"tem(?P<level>4|8|四级|八级|iv|viii)"),
    ("cet", r"(?:全国)?大学英语(?P<level>四级|六级|四|六|4|6)级?(?:cet[46])?"),
    ("cet", r"(?:全国)?英语(?P<level>四级|六级)"),
    ("cet", r"cet(?P<level>4|6|四级|六级)"),
)


def parse_kind(text: str) -> CertificateType | None:
    """Return the kind that a declared 证书类别 or a printed level names, None where it names none.

    Knows the contract's names and common aliases (CET-4, 英语四级, TEM8, 国才中级, 专八).
    """
    plain = _NOISE.sub("", fold_text(text).casefold())
    etic = re.fullmatch(
        r"(?:国际人才英语|国才|etic)*(?:初级|中级|高级|高端|高翻)(?:笔译|交传|同传)?", plain
    )
    if etic:
        return next(kind for word, kind in _ETIC_LEVELS if word in plain)
    if re.fullmatch(
        r"(?:全国)?(?:高等教育)?(?:自学|自考)?(?:全国统一命题)?(?:00015|13000)?英语(?:二|专升本)"
        r"(?:00015|13000)?",
        plain,
    ):
        return CertificateType.ZIKAO_ENGLISH2
    for family, pattern in _FAMILY_PATTERNS:
        match = re.fullmatch(pattern, plain)
        if match:
            return CertificateType(family + _LEVELS[match["level"]])
    return None
