"""Rules about whose paper it is, and about the declared identity itself."""

import datetime
import re
import unicodedata
from collections.abc import Iterator

from domain import id_numbers
from domain.certificates import FieldName
from domain.finding import Severity
from validators.case import Case
from validators.character_tables import MIDDLE_DOT
from validators.comparing import declared_value, fits_masked
from validators.normalizing import fold_text, name_key, number_key
from validators.rule import Concern, FactConfidence, Observation, Scope, declare
from validators.rules.differing import differs

# GB/T 2260 province codes; 81-83 stand for the residents of Hong Kong, Macau and Taiwan.
PROVINCES = frozenset(
    (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46,
     50, 51, 52, 53, 54, 61, 62, 63, 64, 65)
)  # fmt: skip
_RESIDENT_REGIONS = PROVINCES | {71, 81, 82, 83}
_OTHER_DOCUMENTS = (
    r"[HM][0-9]{8}(?:[0-9]{2})?",  # 港澳居民来往内地通行证, old cards with the count of renewals
    r"[0-9]{8}",  # 台湾居民来往大陆通行证
    r"[A-Z]{3}[0-9]{12}",  # 外国人永久居留身份证, form before 2023
    r"[A-Z]{1,2}[0-9]{6,8}",  # passports
)


def has_resident_shape(number: str) -> bool:
    """Return whether a number's key has the eighteen characters of GB 11643."""
    return id_numbers.has_resident_shape(number_key(number))


def checksum_holds(number: str) -> bool:
    """Return whether the check character of an 18-character number is right (GB 11643)."""
    return id_numbers.checks(number_key(number))


def birth_date_of(number: str) -> datetime.date | None:
    """Return the birth date inside an 18-character number, None where it does not exist."""
    key = number_key(number)
    try:
        return datetime.date(int(key[6:10]), int(key[10:12]), int(key[12:14]))
    except ValueError:
        return None


def _declared(case: Case) -> str:
    return declared_value(case.application, FieldName.ID_NUMBER)


def _is_masked(case: Case) -> bool:
    """Return whether the paper prints the ID number with stars, and what it shows fits."""
    return fits_masked(_declared(case), case.text(FieldName.ID_NUMBER))


def _masked(case: Case) -> Iterator[Observation]:
    if _is_masked(case):
        yield Observation(
            field=FieldName.ID_NUMBER,
            declared=_declared(case),
            extracted=case.text(FieldName.ID_NUMBER),
        )


def _checksum(case: Case) -> Iterator[Observation]:
    number = _declared(case)
    if has_resident_shape(number) and not checksum_holds(number):
        yield Observation(field=FieldName.ID_NUMBER, declared=number)


def _birth_date(case: Case) -> Iterator[Observation]:
    number = _declared(case)
    if has_resident_shape(number):
        born = birth_date_of(number)
        if born is None or born > case.today:
            yield Observation(field=FieldName.ID_NUMBER, declared=number)


def _region(case: Case) -> Iterator[Observation]:
    number = _declared(case)
    if not has_resident_shape(number):
        return
    key = number_key(number)
    # Residence permits of foreigners (2023 form) begin with 9, then the province.
    known = int(key[1:3]) in PROVINCES if key[0] == "9" else int(key[:2]) in _RESIDENT_REGIONS
    if not known:
        yield Observation(field=FieldName.ID_NUMBER, declared=number, detail=key[:6])


def _residence_permit(case: Case) -> Iterator[Observation]:
    number = _declared(case)
    if not has_resident_shape(number) or not checksum_holds(number):
        return
    key = number_key(number)
    if key[0] == "9" and int(key[1:3]) in PROVINCES:
        kind = "外国人永久居留身份证"
    elif key[:2] in ("81", "82", "83"):
        kind = "港澳台居民居住证"
    else:
        return
    yield Observation(field=FieldName.ID_NUMBER, declared=number, detail=kind)


_YOUNGEST, _OLDEST = 16, 80


def _age(case: Case) -> Iterator[Observation]:
    number = _declared(case)
    born = birth_date_of(number) if has_resident_shape(number) else None
    if born is None or born > case.today:
        return
    had_birthday = (case.today.month, case.today.day) >= (born.month, born.day)
    age = case.today.year - born.year - (not had_birthday)
    if not _YOUNGEST <= age <= _OLDEST:
        yield Observation(field=FieldName.ID_NUMBER, declared=number, detail=str(age))


def _printed_checksum(case: Case) -> Iterator[Observation]:
    printed = case.text(FieldName.ID_NUMBER)
    if has_resident_shape(printed) and not checksum_holds(printed):
        yield Observation(field=FieldName.ID_NUMBER, extracted=printed)


def _is_other_document(number: str) -> bool:
    key = number_key(number)
    return any(re.fullmatch(pattern, key) for pattern in _OTHER_DOCUMENTS)


def _other_document(case: Case) -> Iterator[Observation]:
    if _is_other_document(_declared(case)):
        yield Observation(field=FieldName.ID_NUMBER, declared=_declared(case))


def _shape(case: Case) -> Iterator[Observation]:
    number = _declared(case)
    if number.strip() and not has_resident_shape(number) and not _is_other_document(number):
        yield Observation(field=FieldName.ID_NUMBER, declared=number)


def _phone(case: Case) -> Iterator[Observation]:
    declared = case.application.get("手机号")
    if declared.strip() and not re.fullmatch(r"(?:\+86|0086)?1[3-9][0-9]{9}", number_key(declared)):
        yield Observation(declared=declared)


def _points(characters: list[str]) -> str:
    return "、".join(f"U+{ord(character):04X}" for character in characters)


def _is_private_use(character: str) -> bool:
    return unicodedata.category(character) == "Co"


def _private_use(case: Case) -> Iterator[Observation]:
    name = declared_value(case.application, FieldName.NAME)
    left = [character for character in fold_text(name) if _is_private_use(character)]
    if left:
        yield Observation(field=FieldName.NAME, declared=name, detail=_points(left))


# 〇, the unified ideographs and planes 2 and 3, which hold nothing else (newer than Python knows).
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_LONGEST_NAME = 25


def _name_form(case: Case) -> Iterator[Observation]:
    name = declared_value(case.application, FieldName.NAME)
    signs = [
        character
        for character in name_key(name)
        if character != MIDDLE_DOT
        and not _is_private_use(character)  # `name-private-use` speaks of those
        and not _HAN.fullmatch(character)
    ]
    if signs:
        yield Observation(field=FieldName.NAME, declared=name, detail=_points(signs))
    elif name.strip() and not 2 <= len(name_key(name)) <= _LONGEST_NAME:
        yield Observation(field=FieldName.NAME, declared=name, detail=f"{len(name_key(name))}个字")


_REVIEW, _WARN, _ADVICE = Severity.REVIEW, Severity.WARN, Severity.ADVICE
_CONTRACT, _HIGH = FactConfidence.CONTRACT, FactConfidence.HIGH
_MEDIUM, _LOW = FactConfidence.MEDIUM, FactConfidence.LOW
_SUBMISSION = Scope.SUBMISSION

RULES = (
    declare("name-differs", _REVIEW, "contract, section 3", _CONTRACT,
            "The printed name is not the declared one.",
            "姓名不一致：申报{declared}，证书{extracted}。",
            "证书上的姓名与您申报的姓名（{declared}）不一致，请核对后上传本人证书。",
            differs(FieldName.NAME)),
    declare("id-number-differs", _REVIEW, "contract, section 3", _CONTRACT,
            "The printed ID number is not the declared one.",
            "身份证号不一致：申报{declared}，证书{extracted}。",
            "证书上的证件号码与您申报的身份证号不一致，请核对后上传本人证书。",
            differs(FieldName.ID_NUMBER, but=_is_masked)),
    declare("id-number-masked", _REVIEW, "contract, section 3: a printed field must agree",
            _CONTRACT, "The paper prints the ID number with stars, so it cannot be compared.",
            "证书所印证件号码（{extracted}）部分隐去，无法与申报的号码核对。",
            "您上传的材料上证件号码部分被隐去，无法核对，请上传印有完整证件号码的证书。",
            _masked, concern=Concern.READING),
    declare("id-checksum", _REVIEW, "GB 11643-1999", _HIGH,
            "The check character of the declared ID number is wrong, so the number is mistyped.",
            "申报的身份证号校验码错误：{declared}。",
            "您申报的身份证号校验不通过，请核对后更正。", _checksum, scope=_SUBMISSION),
    declare("id-birth-date", _REVIEW, "GB 11643-1999", _HIGH,
            "The birth date inside the declared ID number does not exist or lies in the future.",
            "申报的身份证号中的出生日期不成立：{declared}。",
            "您申报的身份证号中的出生日期有误，请核对后更正。", _birth_date, scope=_SUBMISSION),
    declare("id-shape", _REVIEW, "GB 11643-1999; degree facts C.1", _HIGH,
            "The declared ID number has the shape of no known document (15 digits are obsolete).",
            "申报的身份证号格式不正确：{declared}。",
            "您申报的身份证号格式不正确，请核对后更正。", _shape, scope=_SUBMISSION),
    declare("id-region-unknown", _ADVICE, "GB/T 2260; degree facts C.1", _LOW,
            "The region at the head of the declared ID number is not known.",
            "身份证号的地区码（{detail}）未知。", "", _region, scope=_SUBMISSION),
    declare("id-residence-permit", _ADVICE, "degree facts C.1, R04", _MEDIUM,
            "The declared number is of a residence permit: 9 and a province, or 81 to 83.",
            "申报的号码是{detail}的号码，不是居民身份证号。", "", _residence_permit,
            scope=_SUBMISSION),
    declare("id-age-unusual", _ADVICE, "GB 11643-1999", _LOW,
            "By the birth date inside the ID number the applicant is younger than 16 or over 80.",
            "按身份证号，申请人年龄为{detail}岁，请留意。", "", _age, scope=_SUBMISSION),
    declare("printed-id-checksum", _ADVICE, "GB 11643-1999", _HIGH,
            "The check character of the printed ID number is wrong: misread, or changed.",
            "证书所印证件号码（{extracted}）校验码不成立，可能是识别有误或被改动。", "",
            _printed_checksum),
    declare("id-other-document", _ADVICE, "degree facts C.1", _MEDIUM,
            "The declared number looks like a permit or passport, which has no check character.",
            "申报的证件号码不是居民身份证号：{declared}。", "", _other_document,
            scope=_SUBMISSION),
    declare("phone-shape", _WARN, "degree facts C.3", _MEDIUM,
            "The declared phone number is no mainland mobile number.",
            "手机号格式不正确。", "", _phone, scope=_SUBMISSION),
    declare("name-form", _WARN, "degree facts C.5, R10", _MEDIUM,
            "The declared name holds other signs than Chinese characters and ·, or is very short"
            " or long.",
            "姓名含有汉字和间隔号以外的字符或长度异常（{detail}）。", "", _name_form,
            scope=_SUBMISSION),
    declare("name-private-use", _WARN, "GB 18030-2022; degree facts C.5", _MEDIUM,
            "The declared name holds private-use characters, which may look different elsewhere.",
            "姓名含有私有区字符（{detail}），可能显示不正确。", "", _private_use,
            scope=_SUBMISSION),
)  # fmt: skip
