"""The label wordings and headings of CET papers and query pages."""

import random
from collections.abc import Mapping

from benchmarks.samples.drawing import Segment
from benchmarks.samples.papers.cet_results import CetResult, part_limits

WORDINGS: Mapping[str, Mapping[str, str]] = {
    "cet-plain": {
        "name": "姓名",
        "id_number": "证件号码",
        "school": "学校",
        "certificate_number": "成绩报告单编号",
        "admission_ticket": "准考证号",
        "oral_ticket": "准考证号",
        "date": "考试时间",
        "score": "总分",
        "listening": "听力",
        "reading": "阅读",
        "comprehensive": "综合",
        "writing_translation": "写作和翻译",
        "speaking": "等级",
        "written": "笔试成绩",
        "oral": "口试成绩",
    },
    "cet-spaced": {
        "name": "姓 名",
        "id_number": "身份证号",
        "school": "学 校",
        "certificate_number": "编号",
        "admission_ticket": "笔试准考证号",
        "oral_ticket": "口试准考证号",
        "date": "笔试考试时间",
        "score": "总 分",
        "listening": "听 力",
        "reading": "阅 读",
        "comprehensive": "综 合",
        "writing_translation": "写作与翻译",
        "speaking": "口试等级",
        "written": "笔 试",
        "oral": "口 试",
    },
    "cet-english": {
        "name": "姓名 Name",
        "id_number": "证件号码 ID No.",
        "school": "学校 School",
        "certificate_number": "成绩报告单编号 No.",
        "admission_ticket": "准考证号 Ticket No.",
        "oral_ticket": "口试准考证号 Ticket No.",
        "date": "考试时间 Date",
        "score": "总分 Total",
        "listening": "听力 Listening",
        "reading": "阅读 Reading",
        "comprehensive": "综合 Cloze",
        "writing_translation": "写作和翻译 Writing",
        "speaking": "口试等级 Grade",
        "written": "笔试成绩 Written",
        "oral": "口试成绩 Oral",
    },
    "cet-candidate": {
        "name": "考生姓名",
        "id_number": "身份证号码",
        "school": "学校名称",
        "certificate_number": "报告单编号",
        "admission_ticket": "准考证号码",
        "oral_ticket": "口试准考证",
        "date": "考试年月",
        "score": "笔试总分",
        "listening": "听力理解",
        "reading": "阅读理解",
        "comprehensive": "综合测试",
        "writing_translation": "写作翻译",
        "speaking": "口语等级",
        "written": "笔试",
        "oral": "口语",
    },
    "cet-held-back": {
        "name": "姓  名",
        "id_number": "有效证件号码",
        "school": "所在学校",
        "certificate_number": "成绩单编号",
        "admission_ticket": "笔试考号",
        "oral_ticket": "口试考号",
        "date": "笔试时间",
        "score": "总成绩",
        "listening": "听力部分",
        "reading": "阅读部分",
        "comprehensive": "综合部分",
        "writing_translation": "写作和翻译部分",
        "speaking": "口试成绩",
        "written": "笔 试 成 绩",
        "oral": "口 试 成 绩",
    },
}

_PERCENT = {"listening": 35, "reading": 35, "comprehensive": 10, "writing_translation": 30}


def percent_marks(result: CetResult, rng: random.Random) -> dict[str, str]:
    """Return the share printed behind each part's name, empty where the form has none."""
    opening, closing = rng.choice((("", ""), ("(", ")"), ("（", "）"), (" ", "")))
    if not opening or rng.random() < 0.4:
        return dict.fromkeys(_PERCENT, "")
    shares = dict(_PERCENT)
    if "comprehensive" in part_limits(result.sitting):
        shares["writing_translation"] = 20
    return {part: f"{opening}{share}%{closing}" for part, share in shares.items()}


def heading(result: CetResult, rng: random.Random) -> tuple[Segment, ...]:
    """Return the name of the examination, its language and level marked as fields."""
    code = rng.choice(("", "", f"(CET{result.level})", f"（CET-{result.level}）"))
    return (
        ("全国大学", None),
        ("英语", "language"),
        (result.level_word, "level"),
        (f"考试{code}", None),
    )
