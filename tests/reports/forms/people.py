"""Contents of forms: fictitious applicants with the longest and rarest names."""

import random

from reports.forms.content import CORE_COURSES, COURSE_FIELDS, FormContent

# Beside the basic plane also extensions A to H: 㛃 A, 𠮷 B, 𪜀 C, 𫝀 D, 𫠠 E, 𬺰 F, 𰀀 G, 𱍐 H.
_RARE = "䶮𠮷㛃骉赟喆堃燊犇昇翀珺仫仡佬傈僳佤畲珞龘𬱖𫍯𮧵〇𪜀𫝀𫠠𬺰𰀀𱍐﨎"
_MARKUP = ("{{7*7}}", "<b>粗</b>", "&lt;", "${x}", "%s", "\\n", "=1+1", "'; --")
_COMMON = "王李张刘陈杨黄赵吴周欧阳司马吕女伟芳娜敏静丽强磊军洋勇艳杰娟涛明超"
_PUNCTUATION = "（）：，。、《》“”‘’—·-+/&@#%0123456789AZaz üÜé"


def random_content(rng: random.Random) -> FormContent:
    """Return a form's content: usual, very long or very rare values in every field."""

    def text(longest: int) -> str:
        if longest > 8 and rng.random() < 0.05:
            return rng.choice(_MARKUP)
        length = longest if rng.random() < 0.15 else rng.randint(0, min(longest, 12))
        letters = rng.choice((_COMMON, _COMMON, _COMMON + _RARE, _COMMON + _PUNCTUATION))
        return " ".join("".join(rng.choice(letters) for _ in range(length)).split())

    name = rng.choice(_COMMON) + text(25).replace(" ", "") + rng.choice(("", "·" + text(14)))
    limits = {
        "姓名": 0,
        "姓名拼音": 60,
        "性别": 1,
        "出生日期": 12,
        "民族": 8,
        "政治面貌": 20,
        "证件类型": 20,
        "证件号码": 18,
        "学号": 15,
        "考生号": 14,
        "国家或地区": 14,
        "学习中心": 40,
        "专业名称": 40,
        "层次": 6,
        "年级": 6,
        "本科入学年月": 6,
        "本科毕业年月": 6,
        "是否第二学位": 1,
        "联合培养单位": 60,
        "电子邮箱": 60,
        "QQ账号": 11,
        "微信账号": 20,
        "其他信息": 150,
        "论文题目": 200,
        "平均成绩": 5,
        "学位主干课最低成绩": 5,
        "学位外语": 2,
        "外语证书": 20,
        "外语编号": 20,
        "外语语种": 4,
        "外语成绩": 5,
        "外语日期": 10,
        "论文成绩": 4,
        "指导教师": 8,
        "备注": 100,
    }
    values = {field: text(limit) for field, limit in limits.items()} | {"姓名": name.strip()}
    courses = tuple(
        dict(zip(COURSE_FIELDS, (text(30), "4.5", rng.choice(("85", "良好"))), strict=True))
        for _ in range(rng.choice((0, 3, 6, 9, 14, 34)))
    )
    return FormContent(values=values, lists={CORE_COURSES: courses})
