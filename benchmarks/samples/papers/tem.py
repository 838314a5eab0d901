"""TEM-4 and TEM-8: certificates of the tests for English majors, in four layouts.

The wording is common knowledge, not taken from a scan; sessions and grades follow the facts.
"""

import random
from datetime import date
from functools import partial

from benchmarks.samples.drawing import Segment
from benchmarks.samples.paper import PaperKind
from benchmarks.samples.papers.grade_certificates import (
    GradeTest,
    compose_labels,
    compose_sentence,
)

WORDINGS = {
    "tem-plain": {
        "name": "姓名",
        "id_number": "身份证号",
        "school": "学校",
        "certificate_number": "证书编号",
        "date": "考试时间",
        "score": "考试成绩",
        "status": "成绩等级",
    },
    "tem-spaced": {
        "name": "姓 名",
        "id_number": "证件号码",
        "school": "院 校",
        "certificate_number": "编 号",
        "date": "考试日期",
        "score": "分 数",
        "status": "等 级",
    },
    "tem-english": {
        "name": "姓名 Name",
        "id_number": "身份证号码 ID No.",
        "school": "学校 Institution",
        "certificate_number": "证书编号 No.",
        "date": "考试时间 Date",
        "score": "成绩 Score",
        "status": "等级 Grade",
    },
    "tem-held-back": {
        "name": "考生姓名",
        "id_number": "证件号",
        "school": "所在院校",
        "certificate_number": "证书号",
        "date": "考试年月",
        "score": "得 分",
        "status": "成绩评定",
    },
}

EXAMINATION_DAYS = {
    4: (date(2021, 6, 19), date(2022, 10, 30), date(2023, 6, 18)),
    8: (date(2021, 4, 24), date(2022, 11, 19), date(2023, 4, 22)),
}


def _titles(level_word: str) -> tuple[tuple[Segment, ...], ...]:
    middle: tuple[Segment, ...] = (("英语", "language"), ("专业", None), (level_word, "level"))
    return (
        (("高等学校", None), *middle, ("考试", None)),
        (("全国高等学校", None), *middle, ("考试", None)),
        (("高等学校", None), *middle, ("考试（TEM）", None)),
    )


def _draw_sitting(level: int, rng: random.Random) -> tuple[date, date]:
    """Draw an examination day and the day of issue; before 2020 only the month is known."""
    old = date(rng.randint(2008, 2019), 4 if level == 4 else 3, rng.randint(10, 25))
    day = rng.choice((old, *EXAMINATION_DAYS[level]))
    autumn = day.month >= 10
    issued = day.replace(month=9 if level == 4 else 6, day=20)
    return day, day.replace(month=12, day=28) if autumn else issued


def _test(level: int) -> GradeTest:
    word, grade = ("四级", "Four") if level == 4 else ("八级", "Eight")
    return GradeTest(
        level=level,
        language="英语",
        titles=_titles(word),
        documents=("个人成绩证明书", "证 书", "成绩证明书", "合格证书"),
        foreign=(
            f"TEST FOR ENGLISH MAJORS (GRADE {grade.upper()})",
            f"CERTIFICATE OF TEST FOR ENGLISH MAJORS · TEM{level}",
        ),
        sentence_foreign=(
            "This is to certify that the above-named candidate sat the Test for English Majors "
            f"(Grade {grade}) in {{year}} and fulfilled the requirements of the test."
        ),
        sitting_name=f"高等学校英语专业{word}考试",
        issuer="高等学校外语专业教学指导委员会",
        seal="外语专业教学测试办公室样章",
        number_prefixes=("{year}{level}", "TEM{level}{year}", "E{level}{year}00"),
        draw_sitting=partial(_draw_sitting, level),
        wordings=WORDINGS,
    )


def _kinds(level: int) -> tuple[PaperKind, ...]:
    test = _test(level)
    layouts = (
        ("tem-sentence-landscape", compose_sentence, False, False),
        ("tem-sentence-portrait", compose_sentence, True, True),
        ("tem-label-portrait", compose_labels, True, False),
        ("tem-label-landscape", compose_labels, False, True),
    )
    return tuple(
        PaperKind(
            certificate_type=f"tem{level}",
            layout=layout,
            is_certificate=True,
            compose=partial(compose, test=test, portrait=portrait, with_score=with_score),
        )
        for layout, compose, portrait, with_score in layouts
    )


KINDS = (*_kinds(4), *_kinds(8))
