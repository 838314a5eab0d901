"""Fictitious applicants: names of every shape, region-99 ID numbers with valid check digits."""

import calendar
import random
from datetime import date

from benchmarks.samples.paper import Person
from domain.id_numbers import check_character

SURNAMES = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许"
    "韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程魏苏吕丁任沈姚卢"
)
TWO_CHARACTER_SURNAMES = (
    "欧阳",
    "司马",
    "诸葛",
    "上官",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "慕容",
    "令狐",
)
GIVEN_CHARACTERS = tuple(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建文辉力鹏飞宇浩然"
    "子轩梓涵欣怡雨桐佳琪思远志博嘉慧颖琳晨曦晓东立新国庆春燕海美玲学民"
)
RARE_CHARACTERS = tuple("喆堃昇犇淼骉赟翀燊玥珺")
# Beyond the basic block: no recognition model knows them. Far more frequent here than in life.
EXTENSION_CHARACTERS = tuple("䶮𠮷㛃")
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
_PHONE_PREFIXES = ("130", "135", "138", "139", "150", "158", "177", "186", "189", "199")


_PINYIN = (
    "a 阿, ai 艾, ba 巴, bai 拜, ben 犇, biao 骉, bo 博卜, bu 布, cai 蔡才, cao 曹, "
    "chao 超, chen 陈晨, cheng 程, chi 迟, chong 翀, chun 春, deng 邓, di 迪, ding 丁, "
    "dong 董东, dou 都, du 杜, er 尔, fang 方芳, fei 飞, feng 冯, fu 甫, gang 刚, "
    "gao 高, ge 葛格, gu 古, guan 官, gui 桂, guo 郭国, hai 海, han 韩涵汗, hao 浩, "
    "he 何合, hong 红, hu 胡狐, hua 华, huang 黄皇, hui 辉慧, ji 𠮷, jia 佳嘉, "
    "jian 建, jiang 蒋江, jie 杰㛃, jing 静, juan 娟, jun 军珺, ke 克, ken 肯, "
    "kun 堃, la 拉, lan 兰, lei 磊, li 李丽力立, liang 梁, lin 林琳, ling 令玲, "
    "liu 刘, lu 卢, luo 罗, lv 吕, ma 马玛, mai 买麦, mei 梅美, miao 淼, min 敏民, "
    "ming 明, mu 慕木, na 娜, ni 尼, nu 努, ou 欧, pan 潘, peng 彭鹏, ping 平, "
    "qi 琪其, qiang 强, qing 庆, ran 然, rang 让, re 热, ren 任, rong 容, shang 上, "
    "shen 沈燊, sheng 昇, si 司思, song 宋, su 苏, sun 孙, tang 唐, tao 涛, ti 提, "
    "tian 田, tong 桐, tu 徒吐图, wa 瓦, wang 王, wei 魏伟, wen 文, wu 吴吾, xi 曦, "
    "xia 霞, xiao 肖晓, xie 谢, xin 欣新, xiu 秀, xu 徐许, xuan 轩, xue 学, xun 逊, "
    "yan 艳燕䶮, yang 杨阳洋, yao 姚, ye 叶, yi 怡依, ying 英颖, yong 勇, "
    "yu 余于尉玉宇雨, yuan 袁远, yue 玥, yun 赟, zeng 曾, zhang 张, zhao 赵, "
    "zhe 喆, zheng 郑, zhi 志, zhou 周, zhu 朱诸, zhuo 卓, zi 子梓"
)
_SYLLABLE_OF = {
    character: syllable
    for syllable, characters in (entry.split(" ") for entry in _PINYIN.split(", "))
    for character in characters
}


def draw_name(rng: random.Random) -> str:
    """Draw a name: mostly common, some with two-character surnames, `·` or rare characters.

    One in ten has a rare character, one in two hundred one that no model reads.
    """
    shape = rng.random()
    if shape < 0.06:
        return rng.choice(MINORITY_NAMES)
    surname = rng.choice(TWO_CHARACTER_SURNAMES if shape < 0.12 else SURNAMES)
    given = "".join(rng.sample(GIVEN_CHARACTERS, rng.choice((1, 2, 2, 2))))
    if shape > 0.90:
        rare = EXTENSION_CHARACTERS if shape > 0.995 else RARE_CHARACTERS
        given = given[:-1] + rng.choice(rare)
    return surname + given


def draw_person(rng: random.Random, *, name: str | None = None, sex: str | None = None) -> Person:
    """Draw one fictitious applicant; name and sex (男/女) may be given."""
    drawn_name = draw_name(rng)
    drawn_sex = rng.choice("男女")
    year, month = rng.randint(1975, 1990), rng.randint(1, 12)
    birth_date = date(year, month, rng.randint(1, calendar.monthrange(year, month)[1]))
    region, serial = rng.choice(ID_REGIONS), rng.randint(0, 499) * 2
    phone = f"{rng.choice(_PHONE_PREFIXES)}0000{rng.randint(0, 9999):04d}"
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
    parts = name.split("·") if "·" in name else [name[:surname_length], name[surname_length:]]
    return " ".join(
        "".join(_SYLLABLE_OF.get(character, "") for character in part).upper() for part in parts
    )
