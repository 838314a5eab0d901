"""证件信息 of a degree application: R01 to R14 of the degree facts."""

import datetime
import re
import unicodedata
from collections.abc import Iterator

from domain.code_tables import (
    CHINA,
    LEAGUE_MEMBER,
    OTHER_DOCUMENT_TYPES,
    OTHER_ETHNIC_GROUPS,
    RESIDENT_CARD,
    SEXES,
    country_code,
    country_name,
    document_type,
    ethnic_group_code,
    politics_code,
)
from domain.finding import Severity
from validators.character_tables import MIDDLE_DOT, MIDDLE_DOTS
from validators.date_values import parse_date
from validators.degree_case import DegreeCase, declare_degree
from validators.normalizing import fold_text, number_key
from validators.pinyin import is_well_formed, may_be_read, unread_characters
from validators.rule import FactConfidence, Observation
from validators.rules.identity import (
    PROVINCES,
    birth_date_of,
    checksum_holds,
    has_resident_shape,
)

_OTHER_SHAPES = {
    "港澳居民来往内地通行证": r"[HM][0-9]{8}(?:[0-9]{2})?",
    "台湾居民来往大陆通行证": r"[0-9]{8}",
}
_REGIONS_OF_PERMITS = (81, 82, 83)  # residence permits of Hong Kong, Macao and Taiwan
_LONGEST_NAME, _LONGEST_EXPORTED_NAME = 25, 20
_LEAGUE_AGE = 28


def _number(case: DegreeCase) -> str:
    return number_key(case.application.get("证件号码"))


def _type(case: DegreeCase) -> str:
    return document_type(case.cell("证件类型"))


def _resident_number(case: DegreeCase) -> str:
    """Return the number of a declared 居民身份证, "" where it has not its shape."""
    number = _number(case)
    return number if _type(case) == RESIDENT_CARD and has_resident_shape(number) else ""


def _seen(column: str, case: DegreeCase, detail: str = "") -> Observation:
    return Observation(column=column, declared=case.application.get(column), detail=detail)


def _checksum(case: DegreeCase) -> Iterator[Observation]:
    number = _resident_number(case)
    if number and not checksum_holds(number):
        yield _seen("证件号码", case)


def _shape(case: DegreeCase) -> Iterator[Observation]:
    if _type(case) == RESIDENT_CARD and _number(case) and not has_resident_shape(_number(case)):
        yield _seen("证件号码", case)


def born(case: DegreeCase) -> datetime.date | None:
    """Return the declared date of birth, None where it is no day of the past."""
    parsed = parse_date(case.cell("出生日期"))
    day = parsed.exact_day if parsed else None
    return day if day is not None and day <= case.today else None


def _birth_date_format(case: DegreeCase) -> Iterator[Observation]:
    if case.cell("出生日期") and born(case) is None:
        yield _seen("出生日期", case)


def _birth_date_differs(case: DegreeCase) -> Iterator[Observation]:
    number, day = _resident_number(case), born(case)
    if number and day is not None and birth_date_of(number) != day:
        yield _seen("出生日期", case)


def _sex_unknown(case: DegreeCase) -> Iterator[Observation]:
    if case.cell("性别") and not _sex(case):
        yield _seen("性别", case)


def _sex(case: DegreeCase) -> str:
    text = case.cell("性别").removesuffix("性")
    return text if text in SEXES.values() else SEXES.get(text, "")


def _sex_differs(case: DegreeCase) -> Iterator[Observation]:
    number, sex = _resident_number(case), _sex(case)
    if number and sex and (int(number[16]) % 2 == 1) is not (sex == SEXES["男"]):
        yield _seen("性别", case)


def _type_unknown(case: DegreeCase) -> Iterator[Observation]:
    kind = _type(case)
    if kind and kind != RESIDENT_CARD and kind not in OTHER_DOCUMENT_TYPES:
        yield _seen("证件类型", case)


def _other_document(case: DegreeCase) -> Iterator[Observation]:
    if _type(case) in OTHER_DOCUMENT_TYPES:
        yield _seen("证件类型", case)


def _other_shape(case: DegreeCase) -> Iterator[Observation]:
    shape = _OTHER_SHAPES.get(_type(case))
    if shape and not re.fullmatch(shape, _number(case)):
        yield _seen("证件号码", case)


def _type_differs(case: DegreeCase) -> Iterator[Observation]:
    number = _resident_number(case)
    permit = number and (
        (number[0] == "9" and int(number[1:3]) in PROVINCES)
        or int(number[:2]) in _REGIONS_OF_PERMITS
    )
    if permit:
        yield _seen("证件类型", case)


def _region_unknown(case: DegreeCase) -> Iterator[Observation]:
    number = _resident_number(case)
    known = PROVINCES | {71, *_REGIONS_OF_PERMITS}
    if number and int(number[:2]) not in known and not any(_type_differs(case)):
        yield _seen("证件号码", case, number[:6])


def _is_chinese(case: DegreeCase) -> bool:
    return country_name(case.cell("国家或地区")) == CHINA


def _ethnic_group(case: DegreeCase) -> Iterator[Observation]:
    group = case.cell("民族")
    if group and group not in OTHER_ETHNIC_GROUPS and not ethnic_group_code(group):
        yield _seen("民族", case)


def _other_ethnic_group(case: DegreeCase) -> Iterator[Observation]:
    if case.cell("民族") in OTHER_ETHNIC_GROUPS:
        yield _seen("民族", case)


def _politics(case: DegreeCase) -> Iterator[Observation]:
    if case.cell("政治面貌") and not politics_code(case.cell("政治面貌")):
        yield _seen("政治面貌", case)


def _league_member(case: DegreeCase) -> Iterator[Observation]:
    day = born(case)
    if politics_code(case.cell("政治面貌")) == LEAGUE_MEMBER and day is not None:
        age = (
            case.today.year - day.year - ((case.today.month, case.today.day) < (day.month, day.day))
        )
        if age > _LEAGUE_AGE:
            yield _seen("政治面貌", case, str(age))


def _country(case: DegreeCase) -> Iterator[Observation]:
    if case.cell("国家或地区") and not country_code(case.cell("国家或地区")):
        yield _seen("国家或地区", case)


def _chinese_without(case: DegreeCase) -> Iterator[Observation]:
    for column in ("民族", "政治面貌"):
        if _is_chinese(case) and not case.cell(column):
            yield _seen(column, case)


def _name_characters(case: DegreeCase) -> Iterator[Observation]:
    name = case.application.get("姓名").strip()
    bare = "".join(c for c in name if c not in MIDDLE_DOTS)
    odd = [c for c in bare if not unicodedata.name(c, "").startswith("CJK UNIFIED IDEOGRAPH")]
    if name and (odd or not 2 <= len(bare) <= _LONGEST_NAME):
        points = "、".join(f"U+{ord(c):04X}" for c in odd) or f"{len(bare)}个字"
        yield _seen("姓名", case, points)


def _name_dot(case: DegreeCase) -> Iterator[Observation]:
    if any(c in MIDDLE_DOTS and c != MIDDLE_DOT for c in case.application.get("姓名")):
        yield _seen("姓名", case)


def _name_long(case: DegreeCase) -> Iterator[Observation]:
    name = case.application.get("姓名").strip()
    if len(name) > _LONGEST_EXPORTED_NAME:
        yield _seen("姓名", case, str(len(name)))


def _pinyin_differs(case: DegreeCase) -> Iterator[Observation]:
    name, written = case.application.get("姓名"), case.application.get("姓名拼音")
    if name.strip() and written.strip() and not may_be_read(name, written):
        yield _seen("姓名拼音", case)


def _pinyin_form(case: DegreeCase) -> Iterator[Observation]:
    written = fold_text(case.application.get("姓名拼音"))
    if written and not is_well_formed(written):
        yield _seen("姓名拼音", case)


def _pinyin_unread(case: DegreeCase) -> Iterator[Observation]:
    left = unread_characters(case.application.get("姓名"))
    if left and case.cell("姓名拼音"):
        yield _seen("姓名拼音", case, left)


_BLOCK, _REVIEW, _WARN, _ADVICE = (
    Severity.BLOCK, Severity.REVIEW, Severity.WARN, Severity.ADVICE
)  # fmt: skip
_CONTRACT, _HIGH = FactConfidence.CONTRACT, FactConfidence.HIGH
_MEDIUM, _LOW = FactConfidence.MEDIUM, FactConfidence.LOW
_MEND = "，请核对后更正。"

RULES = (
    declare_degree("document-number-checksum", _BLOCK, "GB 11643-1999; R01", _CONTRACT,
                   "The check character of the declared ID number is wrong: it is mistyped.",
                   "证件号码校验码错误：{declared}。",
                   "您填写的证件号码校验不通过" + _MEND, _checksum),
    declare_degree("document-number-shape", _BLOCK, "GB 11643-1999; R01", _CONTRACT,
                   "The declared number of a 居民身份证 has not its eighteen characters.",
                   "居民身份证号码不是18位：{declared}。",
                   "您填写的居民身份证号码不是18位" + _MEND, _shape),
    declare_degree("birth-date-format", _BLOCK, "contract, degree batches; R02", _CONTRACT,
                   "The declared date of birth is no day, does not exist, or lies ahead.",
                   "出生日期（{declared}）无法识别或不成立。",
                   "您填写的出生日期（{declared}）不是有效日期，请填写年月日，如1990-01-31。",
                   _birth_date_format),
    declare_degree("birth-date-differs", _REVIEW, "GB 11643-1999; degree facts B.2; R02", _HIGH,
                   "The date of birth inside the ID number is not the declared one.",
                   "出生日期（{declared}）与证件号码中的不一致。",
                   "您填写的出生日期（{declared}）与证件号码中的出生日期不一致，请核对。",
                   _birth_date_differs),
    declare_degree("sex-unknown", _BLOCK, "GB/T 2261.1-2003; R06", _CONTRACT,
                   "The declared sex is neither 男 nor 女.",
                   "性别（{declared}）不是男或女。",
                   "您填写的性别（{declared}）有误，请填写男或女。",
                   _sex_unknown),
    declare_degree("sex-differs", _REVIEW, "GB 11643-1999; R03", _HIGH,
                   "The seventeenth digit of the ID number does not fit the declared sex.",
                   "性别（{declared}）与证件号码第17位不符。",
                   "您填写的性别（{declared}）与证件号码不符，请核对。", _sex_differs),
    declare_degree("document-type-differs", _REVIEW, "degree facts C.1; R04", _HIGH,
                   "The number is of a residence permit (9 and a province, or 81 to 83), the type"
                   " says 居民身份证.",
                   "证件号码属于居住证或外国人永久居留证，证件类型却是{declared}。",
                   "您填写的证件类型（{declared}）与证件号码不符，请核对。", _type_differs),
    declare_degree("document-type-unknown", _REVIEW, "handbook table 3.2.1; R04", _HIGH,
                   "The declared 证件类型 is none of the known ones.",
                   "证件类型（{declared}）未知。",
                   "您填写的证件类型（{declared}）需由工作人员核实，请等待审核结果。",
                   _type_unknown),
    declare_degree("document-other", _REVIEW, "degree facts C.1; R05", _CONTRACT,
                   "The document is no 居民身份证: its number has no check character.",
                   "证件类型为{declared}，号码不能由机器校验，需人工核对。",
                   "您使用的证件（{declared}）需由工作人员人工核对，请等待审核结果。",
                   _other_document),
    declare_degree("document-number-unusual", _WARN, "degree facts C.1; R05", _MEDIUM,
                   "The number has not the usual shape of its kind of document.",
                   "证件号码（{declared}）与证件类型的常见格式不符。", "", _other_shape),
    declare_degree("document-region-unknown", _ADVICE, "GB/T 2260; R04", _LOW,
                   "The region at the head of the ID number is not known.",
                   "身份证号的地区码（{detail}）未知。", "", _region_unknown),
    declare_degree("ethnic-group-unknown", _BLOCK, "GB/T 3304-1991; R07", _CONTRACT,
                   "The declared 民族 is none of the 56.",
                   "民族（{declared}）不在代码表内。",
                   "您填写的民族（{declared}）不在国家标准代码表内，请按身份证填写。",
                   _ethnic_group),
    declare_degree("ethnic-group-other", _REVIEW, "GB/T 3304-1991; R07", _HIGH,
                   "The declared 民族 is 其他 or of foreign descent: its code differs by system.",
                   "民族为“{declared}”，上报代码需人工确定。",
                   "您填写的民族（{declared}）需由工作人员核实，请等待审核结果。",
                   _other_ethnic_group),
    declare_degree("politics-unknown", _BLOCK, "GB/T 4762-1984; R08", _CONTRACT,
                   "The declared 政治面貌 is none of the thirteen.",
                   "政治面貌（{declared}）不在代码表内。",
                   "您填写的政治面貌（{declared}）不在代码表内，请选择群众、共青团员、中共党员等。",
                   _politics),
    declare_degree("league-member-age", _WARN, "degree facts B.5", _MEDIUM,
                   "A member of the youth league is older than 28.",
                   "政治面貌为共青团员，但年龄为{detail}岁。", "", _league_member),
    declare_degree("country-unknown", _REVIEW, "GB/T 2659-2000; R09", _HIGH,
                   "The declared country or region is not in the table.",
                   "国家或地区（{declared}）不在代码表内。",
                   "您填写的国家或地区（{declared}）需由工作人员核实，请等待审核结果。", _country),
    declare_degree("chinese-without-group", _WARN, "degree facts B.2; R09", _HIGH,
                   "A Chinese applicant gives no 民族 or no 政治面貌.",
                   "国家为中国，但{field}为空。", "", _chinese_without),
    declare_degree("name-characters", _REVIEW, "degree facts C.5; R10", _HIGH,
                   "The name holds other signs than Chinese characters and ·, or is too short or"
                   " long.",
                   "姓名含不常见的字符或长度异常（{detail}）。",
                   "您填写的姓名含有特殊字符或长度异常，需由工作人员核实，请等待审核结果。",
                   _name_characters),
    declare_degree("name-dot", _WARN, "民委发〔2016〕33号; R11", _HIGH,
                   "The separator in the name is a look-alike of ·.",
                   "姓名中的间隔号不是“·”（U+00B7），导出时会统一。", "", _name_dot),
    declare_degree("name-long", _WARN, "degree facts B.2; R12", _MEDIUM,
                   "The name is longer than the 20 characters that the national data holds.",
                   "姓名有{detail}个字符，超过上报数据的20个。", "", _name_long),
    declare_degree("pinyin-differs", _REVIEW, "GB/T 28039-2011; R14", _HIGH,
                   "The 姓名拼音 is no possible reading of the name.",
                   "姓名拼音（{declared}）不是姓名的读音。",
                   "您填写的姓名拼音（{declared}）与姓名的读音不符，请核对。", _pinyin_differs),
    declare_degree("pinyin-form", _ADVICE, "GB/T 28039-2011; R14", _MEDIUM,
                   "The 姓名拼音 is not written as surname, space, given name, with capitals.",
                   "姓名拼音（{declared}）的写法不是“Xing Mingzi”。", "", _pinyin_form),
    declare_degree("pinyin-unread", _ADVICE, "GB/T 28039-2011; R14", _MEDIUM,
                   "No reading of a character of the name is known, so it was not compared.",
                   "姓名用字“{detail}”的读音未知，拼音未全部核对。", "", _pinyin_unread),
)  # fmt: skip
