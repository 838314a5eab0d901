"""Fictitious applicants: names of every shape, region-99 ID numbers with valid check digits."""

import calendar
import random
from datetime import date

from pypinyin import Style, lazy_pinyin

from benchmarks.samples.paper import Person

SURNAMES = tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程魏苏吕丁任沈姚卢")
TWO_CHARACTER_SURNAMES = ("欧阳", "司马", "诸葛", "上官", "司徒", "东方", "皇甫", "尉迟", "慕容", "令狐")
GIVEN_CHARACTERS = tuple(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建文辉力鹏飞宇浩然子轩梓涵欣怡雨桐佳琪思远志博嘉慧颖琳晨曦晓东立新国庆春燕海燕美玲学民"
)
RARE_CHARACTERS = ("喆", "堃", "昇", "犇", "䶮", "𠮷", "㛃", "淼", "骉", "赟", "翀", "燊", "玥", "珺")
MINORITY_NAMES = (
    "阿卜杜拉·买买提",
    "古丽娜尔·艾合买提",
    "迪丽拜尔·吐尔逊",
    "买买提江·阿布都热依木",
    "努尔兰·叶尔肯",
    "阿依古丽·麦麦提",
    "才让·卓玛",
    "巴图·其其格",
    "吾买尔江·艾尼瓦尔",
    "热依汗古丽·阿卜杜克热木",
)
ID_REGIONS = ("990101", "990203", "991024", "992301", "993402", "994113", "995001")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_PHONE_PREFIXES = ("130", "135", "138", "139", "150", "158", "177", "186", "189", "199")


def check_character(first_seventeen: str) -> str:
    """Compute the last character of an ID number by GB 11643 (ISO 7064 MOD 11-2)."""
    if len(first_seventeen) != 17 or not first_seventeen.isdecimal():
        raise ValueError("an ID number has seventeen digits before its check character")
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def draw_name(rng: random.Random) -> str:
    """Draw a name: mostly common, some with two-character surnames, `·` or rare characters."""
    shape = rng.random()
    if shape < 0.06:
        return rng.choice(MINORITY_NAMES)
    surname = rng.choice(TWO_CHARACTER_SURNAMES if shape < 0.12 else SURNAMES)
    given = "".join(rng.sample(GIVEN_CHARACTERS, rng.choice((1, 2, 2, 2))))
    if shape > 0.90:
        given = given[:-1] + rng.choice(RARE_CHARACTERS)
    return surname + given


def draw_person(
    rng: random.Random, *, name: str | None = None, sex: str | None = None
) -> Person:
    """Draw one fictitious applicant; name and sex (男/女) may be given."""
    drawn_name = draw_name(rng)
    drawn_sex = rng.choice("男女")
    year, month = rng.randint(1975, 2003), rng.randint(1, 12)
    birth_date = date(year, month, rng.randint(1, calendar.monthrange(year, month)[1]))
    region, serial = rng.choice(ID_REGIONS), rng.randint(0, 499) * 2
    phone = rng.choice(_PHONE_PREFIXES) + f"{rng.randint(0, 10**8 - 1):08d}"
    student_number = f"{rng.randint(2015, 2023)}{rng.randint(0, 10**8 - 1):08d}"
    final_name, final_sex = name or drawn_name, sex or drawn_sex
    first_seventeen = f"{region}{birth_date:%Y%m%d}{serial + (final_sex == '男'):03d}"
    return Person(
        name=final_name,
        name_pinyin=pinyin_of(final_name),
        sex=final_sex,
        birth_date=birth_date,
        id_number=first_seventeen + check_character(first_seventeen),
        phone=phone,
        student_number=student_number,
    )


def pinyin_of(name: str) -> str:
    """Write a name in pinyin capitals, surname first, as registration forms do."""
    surname_length = 2 if name[:2] in TWO_CHARACTER_SURNAMES else 1
    if "·" in name:
        return " ".join("".join(_syllables(part)).upper() for part in name.split("·"))
    parts = (name[:surname_length], name[surname_length:])
    return " ".join("".join(_syllables(part)).upper() for part in parts)


def _syllables(text: str) -> list[str]:
    # pypinyin lacks the newest characters; a person would type a readable stand-in.
    known = text.replace("䶮", "岩").replace("𠮷", "吉").replace("㛃", "洁")
    return lazy_pinyin(known, style=Style.NORMAL)
