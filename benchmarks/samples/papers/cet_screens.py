"""Screenshots of the CET query pages. They show a result but are no certificates."""

import random
from datetime import date

from benchmarks.samples.drawing import GREY, Colour, Sheet
from benchmarks.samples.ornaments import mark_specimen
from benchmarks.samples.paper import Composition, PaperOrder
from benchmarks.samples.papers.cet_labels import WORDINGS
from benchmarks.samples.papers.cet_results import CetResult, draw_result
from benchmarks.samples.papers.printing import (
    declare,
    declare_month,
    draw_screen,
    draw_wording,
    split_generator,
)

_BLUE: Colour = (36, 104, 184)
_GREEN: Colour = (22, 130, 110)
_PALE: Colour = (238, 242, 247)


def compose_query_page(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out the examination authority's page 成绩详情, on a phone or a desktop."""
    values, looks = split_generator(rng)
    result = draw_result(order, values, first=date(2019, 6, 1), last=date(2023, 12, 1))
    wide = looks.random() < 0.4
    sheet = draw_screen(order, looks, 960 if wide else 430, 620 if wide else 800)
    width, left = sheet.width, 220.0 if wide else 24.0
    sheet.rectangle(0, 0, width, 56, fill=_BLUE)
    sheet.write(left, 18, "中国教育考试网", 18, colour=(255, 255, 255))
    level, word = result.level, result.level_word
    title = (
        ("全国大学", None), ("英语", "language"), (word, "level"),
        (f"考试(CET{level})成绩详情", None),
    )  # fmt: skip
    sheet.write(width / 2, 74, title, 18, bold=True, align="center", fits=width - 30)
    wording = draw_wording(WORDINGS, order, looks)
    person_rows = [
        ("name", order.overrides.get("name", order.person.name)),
        ("id_number", _mask(order)),
        ("school", result.school),
        ("certificate_number", result.number),
    ]
    printed = {"language": "英语", "level": word}
    blocks = (
        ("", person_rows),
        (
            wording.bare("written"),
            [
                ("admission_ticket", result.ticket),
                ("score", result.total),
                *result.parts.items(),
            ],
        ),
        (wording.bare("oral"), [("oral_ticket", result.oral_ticket), ("speaking", result.oral)]),
    )
    y = 112.0
    for head, rows in blocks:
        if head:
            sheet.rectangle(left - 8, y, width - left + 8, y + 28, fill=_PALE)
            sheet.write(width / 2, y + 6, head, 15, colour=_BLUE, align="center")
            y += 38
        for field, value in rows:
            sheet.pair(left, y, wording.of(field), value, field, 15, column=left + 170)
            printed[field] = value
            y += 31 if not wide else 27
    mark_specimen(sheet, looks, (left, sheet.height - 24))
    return _finish(sheet, printed, result, looks, number=result.number)


def compose_chsi_page(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out the 学信网 query page, which shows no report number."""
    values, looks = split_generator(rng)
    result = draw_result(order, values, first=date(2019, 6, 1), last=date(2023, 12, 1))
    sheet = draw_screen(order, looks, 430, 760)
    sheet.rectangle(0, 0, 430, 60, fill=_GREEN)
    sheet.write(22, 18, "学信网", 22, colour=(255, 255, 255), bold=True)
    sheet.write(408, 24, "CHSI.COM.CN", 12, colour=(220, 240, 235), align="right")
    sheet.write(215, 78, "全国大学英语四、六级考试成绩查询", 18, bold=True, align="center")
    level_value = f"英语{result.level_word}"
    rows = [
        ("姓名", "name", order.overrides.get("name", order.person.name)),
        ("学校", "school", result.school),
        ("考试级别", None, level_value),
        ("笔试准考证号", "admission_ticket", result.ticket),
        ("总分", "score", result.total),
        ("听力", "listening", result.parts["listening"]),
        ("阅读", "reading", result.parts["reading"]),
        ("写作和翻译", "writing_translation", result.parts["writing_translation"]),
        ("口试准考证号", "oral_ticket", result.oral_ticket),
        ("口试等级", "speaking", result.oral),
    ]
    printed = {"language": "英语", "level": result.level_word}
    y = 130.0
    for label, field, value in rows:
        sheet.write(30, y, label + "：", 16, colour=GREY)
        segments = ((value, field),) if field else (("英语", "language"), (value[2:], "level"))
        sheet.write(190, y, segments, 16)
        sheet.rule(22, y + 28, 386, colour=_PALE, width=1)
        if field:
            printed[field] = value
        y += 46
    sheet.write(215, y + 20, "查询结果仅供参考，以成绩报告单为准", 13, colour=GREY, align="center")
    mark_specimen(sheet, looks, (30, 736))
    return _finish(sheet, printed, result, looks, number="-")


def _mask(order: PaperOrder) -> str:
    number = order.overrides.get("id_number", order.person.id_number)
    return f"{number[:4]}{'*' * 10}{number[-4:]}"


def _finish(
    sheet: Sheet, printed: dict[str, str], result: CetResult, looks: random.Random, *, number: str
) -> Composition:
    passed = result.total.isdecimal() and int(result.total) >= 425
    declared = declare(
        looks,
        language="英语",
        day=declare_month(result.sitting, looks),
        number=number,
        score=result.total,
        status="合格" if passed else "不合格",
    )
    return Composition(sheet=sheet, printed=printed, declared=declared)


COMPOSERS = (compose_query_page, compose_chsi_page)
