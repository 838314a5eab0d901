"""TRM-4 and TRM-8: certificates of the tests for Russian majors.

Speculative: nothing about the real paper is known. Layouts, labels, number and grades follow
those of the English majors' test; only the name of the test and its months have a source.
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
    "trm-plain": {
        "name": "姓名",
        "id_number": "身份证号",
        "school": "学校",
        "certificate_number": "证书编号",
        "date": "考试时间",
        "score": "成绩",
        "status": "等级",
    },
    "trm-russian": {
        "name": "姓名 Имя",
        "id_number": "证件号码",
        "school": "学校 Вуз",
        "certificate_number": "编号 №",
        "date": "考试时间 Дата",
        "score": "分数 Баллы",
        "status": "成绩 Оценка",
    },
    "trm-held-back": {
        "name": "姓 名",
        "id_number": "身份证号码",
        "school": "所在学校",
        "certificate_number": "证书号码",
        "date": "测试时间",
        "score": "总 分",
        "status": "成绩等级",
    },
}


def _titles(level: int, level_word: str) -> tuple[tuple[Segment, ...], ...]:
    middle: tuple[Segment, ...] = (("俄语", "language"), ("专业", None), (level_word, "level"))
    return (
        (("全国高校", None), *middle, ("水平测试", None)),
        (("全国高等学校", None), *middle, ("考试", None)),
        (("全国高校", None), *middle, (f"水平测试（ТРЯ-{level}）", None)),
    )


def _draw_sitting(level: int, rng: random.Random) -> tuple[date, date]:
    """Draw a day in May (level 4) or March (level 8) of a year with a regular sitting."""
    year = rng.choice((*range(2011, 2020), 2021, 2023, 2023))
    month = 5 if level == 4 else 3
    day = date(year, month, rng.randint(14, 27))
    return day, date(year, month + 3, rng.randint(5, 25))


def _test(level: int) -> GradeTest:
    word, roman = ("四级", "IV") if level == 4 else ("八级", "VIII")
    return GradeTest(
        level=level,
        language="俄语",
        titles=_titles(level, word),
        documents=("证 书", "成绩证明书", "合格证书"),
        foreign=(
            f"СЕРТИФИКАТ  ТРЯ-{level}",
            f"Тест по русскому языку для студентов-русистов, {roman} уровень",
        ),
        sentence_foreign=(
            "Настоящим удостоверяется, что вышеназванный студент в {year} году сдал тест по "
            f"русскому языку (ТРЯ-{level})."
        ),
        sitting_name=f"全国高校俄语专业{word}水平测试",
        issuer="高等学校外语专业教学指导委员会",
        seal="俄语测试组样章",
        number_prefixes=("{year}{level}", "R{level}{year}", "TRM{level}{year}"),
        draw_sitting=partial(_draw_sitting, level),
        wordings=WORDINGS,
    )


def _kinds(level: int) -> tuple[PaperKind, ...]:
    test = _test(level)
    layouts = (
        ("trm-sentence-landscape", compose_sentence, False, False),
        ("trm-label-portrait", compose_labels, True, False),
        ("trm-bilingual-landscape", compose_labels, False, True),
    )
    return tuple(
        PaperKind(
            certificate_type=f"trm{level}",
            layout=layout,
            is_certificate=True,
            compose=partial(compose, test=test, portrait=portrait, with_score=with_score),
        )
        for layout, compose, portrait, with_score in layouts
    )


KINDS = (*_kinds(4), *_kinds(8))
