"""Self-taught examination: single-course certificates, course tables, web print-outs.

Every province has its own paper, so the layouts are free; the course is 英语（二） 00015 or its
successor 英语（专升本） 13000, in tables one row among others.
"""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial

from benchmarks.samples.drawing import GREY, Colour, Segment, Sheet
from benchmarks.samples.ornaments import (
    add_frame,
    add_guilloche,
    add_photo,
    add_seal,
    mark_specimen,
)
from benchmarks.samples.paper import Composition, PaperKind, PaperOrder
from benchmarks.samples.papers.printing import (
    ACCENTS,
    draw_screen,
    draw_sheet,
    draw_wording,
    print_day,
    print_id_number,
    print_name,
    split_generator,
)
from benchmarks.samples.papers.zikao_results import (
    WORDINGS,
    CourseRow,
    ZikaoResult,
    declare_result,
    draw_result,
    draw_table,
    print_session,
)

_PALE: Colour = (236, 240, 246)
_HEADS = {
    "code": ("课程代码", "代码", "课程编号"),
    "course": ("课程名称", "课程", "科目名称"),
    "credit": ("学分",),
    "score": ("成绩", "分数", "考试成绩"),
    "date": ("考试时间", "合格时间", "考试年月"),
    "status": ("结论", "是否合格"),
}


def compose_single_card(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out the single-course certificate as a card with photo and provincial seal."""
    values, looks = split_generator(rng)
    result = draw_result(order, values, passed_only=True)
    sheet = draw_sheet(order, looks, 190, 134)
    accent = looks.choice(ACCENTS)
    if looks.random() < 0.7:
        add_guilloche(sheet, looks, colour=accent)
    add_frame(sheet, looks, colour=accent, margin=6)
    title = looks.choice(("单科合格证书", "课程合格证", "单科合格证"))
    sheet.write(95, 14, f"{result.province}高等教育自学考试", 6.4, colour=accent, align="center")
    sheet.write(95, 24, title, 7.6, bold=True, title=True, align="center")
    add_photo(sheet, looks, 152, 36, 26, 34, sex=order.person.sex)
    rows: dict[str, tuple[Segment, ...]] = {
        "name": ((print_name(order, looks), "name"),),
        "admission_ticket": ((result.ticket, "admission_ticket"),),
        "id_number": ((print_id_number(order, looks), "id_number"),),
        "course": _course_segments(result),
        "score": ((result.score, "score"),),
        "date": ((print_session(result.day, looks), "date"),),
    }
    if looks.random() < 0.4:
        del rows["id_number"]
    with_number = looks.random() < 0.75
    wording, size = draw_wording(WORDINGS, order, looks), looks.uniform(4.2, 4.6)
    printed = _write_rows(sheet, rows, wording.of, 18, 40, size, room=150)
    if with_number:
        number = ((result.number, "certificate_number"),)
        printed |= _write_rows(
            sheet, {"certificate_number": number}, wording.of, 18, 118, size, room=70
        )
    _sign(sheet, looks, result, printed, 140, 102, size)
    mark_specimen(sheet, looks, (11, 10.5), (150, 122))
    return _finish(sheet, printed, result, looks)


def compose_single_sentence(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out the single-course certificate as a sentence on a portrait page."""
    values, looks = split_generator(rng)
    result = draw_result(order, values, passed_only=True)
    sheet = draw_sheet(order, looks, 148, 210)
    accent = looks.choice(ACCENTS)
    add_frame(sheet, looks, colour=accent, margin=7)
    sheet.write(74, 20, "高等教育自学考试", 6.4, colour=accent, bold=True, align="center")
    sheet.write(74, 31, "单 科 合 格 证 书", 7.4, bold=True, title=True, align="center")
    add_photo(sheet, looks, 61, 46, 26, 34, sex=order.person.sex)
    printed = {
        "name": print_name(order, looks),
        "admission_ticket": result.ticket,
        "date": print_session(result.day, looks, sentence=True),
        "language": "英语",
        "course": result.course,
        "course_code": result.code,
        "score": result.score,
        "status": "合格",
    }
    words: list[Segment] = [
        (printed["name"], "name"), ("（准考证号：", None), (result.ticket, "admission_ticket"),
        ("），于 ", None), (printed["date"], "date"), (" 参加高等教育自学考试 ", None),
        (result.course, "course"), ("（课程代码：", None), (result.code, "course_code"),
        ("）课程考试，成绩 ", None), (result.score, "score"), (" 分，", None), ("合格", "status"),
        ("，特发此证。", None),
    ]  # fmt: skip
    sheet.paragraph(20, 92, 108, words, 4.8, leading=1.95, indent=9.6)
    _mark_language(sheet, result.course)
    wording = draw_wording(WORDINGS, order, looks)
    number = ((result.number, "certificate_number"),)
    printed |= _write_rows(sheet, {"certificate_number": number}, wording.of, 20, 188, 4.2, room=80)
    _sign(sheet, looks, result, printed, 98, 160, 4.6)
    mark_specimen(sheet, looks, (12, 12), (106, 196))
    return _finish(sheet, printed, result, looks)


def compose_table(order: PaperOrder, rng: random.Random, *, wide: bool) -> Composition:
    """Lay out the A4 proof of results: the course is one row among others."""
    values, looks = split_generator(rng)
    result = draw_result(order, values, passed_only=True)
    width, height = (297.0, 210.0) if wide else (210.0, 297.0)
    sheet = draw_sheet(order, looks, width, height, dpis=(150, 165, 180), white=True)
    title = looks.choice(("高等教育自学考试成绩证明", "高等教育自学考试合格成绩单"))
    top = 18.0 if wide else 26.0
    sheet.write(width / 2, top, result.province + title, 7, bold=True, title=True, align="center")
    rows = {
        "name": ((print_name(order, looks), "name"),),
        "admission_ticket": ((result.ticket, "admission_ticket"),),
        "id_number": ((print_id_number(order, looks), "id_number"),),
        "major": ((result.major, None),),
    }
    wording, size = draw_wording(WORDINGS, order, looks), looks.uniform(4.0, 4.4)
    printed: dict[str, str] = {}
    for number, (field, value) in enumerate(rows.items()):
        x, y = 22 + (width / 2 - 14) * (number % 2), top + 16 + 9 * (number // 2)
        printed |= _write_rows(sheet, {field: value}, wording.of, x, y, size, room=width / 2 - 20)
    course_rows = draw_table(values, result, least=5, most=7 if wide else 14)
    columns = ["code", "course", "score", "date"]
    if looks.random() < 0.6:
        columns.insert(2, "credit")
    if wide:
        columns = ["date", *columns[:-1], "status"]
    bottom = _write_table(
        sheet, looks, course_rows, columns, 20, top + 36, width - 40, size, printed
    )
    sheet.write(22, bottom + 5, "（以下空白）", size * 0.9, colour=GREY)
    if looks.random() < 0.5:
        number_row = {"certificate_number": ((result.number, "certificate_number"),)}
        printed |= _write_rows(sheet, number_row, wording.of, 22, height - 30, size, room=width / 2)
    last = max(row.day for row in course_rows)
    _sign(sheet, looks, result, printed, width - 70, height - 52, size, after=last)
    mark_specimen(sheet, looks, (16, 9), (16, height - 12))
    return _finish(sheet, printed, result, looks)


def compose_web_page(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out the print-out of a province's query page; also failed courses are listed."""
    values, looks = split_generator(rng)
    result = draw_result(order, values, passed_only=False)
    sheet = draw_screen(order, looks, 920, 760)
    sheet.rectangle(0, 0, 920, 60, fill=looks.choice(ACCENTS))
    sheet.write(30, 19, f"{result.province}自学考试信息网", 20, colour=(255, 255, 255), bold=True)
    sheet.write(460, 82, "考生成绩查询结果", 20, bold=True, align="center")
    wording = draw_wording(WORDINGS, order, looks)
    rows = {
        "name": ((order.overrides.get("name", order.person.name), "name"),),
        "admission_ticket": ((result.ticket, "admission_ticket"),),
        "id_number": ((order.overrides.get("id_number", order.person.id_number), "id_number"),),
    }
    printed = _write_rows(sheet, rows, wording.of, 40, 124, 16, room=700)
    columns = ["code", "course", "score", "date"]
    if looks.random() < 0.7:
        columns.append("status")
    course_rows = draw_table(values, result, least=4, most=9)
    bottom = _write_table(sheet, looks, course_rows, columns, 40, 226, 840, 15, printed)
    foot = f"打印日期：2024-01-{looks.randint(2, 28):02d}    第 1 页 / 共 1 页"
    sheet.write(40, bottom + 24, foot, 13, colour=GREY)
    if looks.random() < 0.4:
        add_seal(sheet, looks, f"{result.province}教育考试院样章", 760, bottom + 60, 130)
    mark_specimen(sheet, looks, (40, 738))
    return _finish(sheet, printed, result, looks)


def _course_segments(result: ZikaoResult) -> tuple[Segment, ...]:
    return ((result.course, "course"), ("  ", None), (result.code, "course_code"))


def _write_rows(
    sheet: Sheet,
    rows: Mapping[str, tuple[Segment, ...]],
    label_of: Callable[[str], str],
    left: float,
    y: float,
    size: float,
    *,
    room: float,
) -> dict[str, str]:
    """Write labelled rows and return what was printed."""
    column = left + size * 0.5 + max(sheet.measure(label_of(field), size) for field in rows)
    printed: dict[str, str] = {}
    for field, segments in rows.items():
        sheet.write(left, y, label_of(field), size)
        sheet.write(column, y, segments, size, fits=left + room - column)
        printed |= {name: text for text, name in segments if name}
        y += size * 1.85
    if "course" in printed:
        _mark_language(sheet, printed["course"])
        printed["language"] = "英语"
    return printed


def _write_table(
    sheet: Sheet,
    looks: random.Random,
    rows: tuple[CourseRow, ...],
    columns: list[str],
    left: float,
    top: float,
    width: float,
    size: float,
    printed: dict[str, str],
) -> float:
    """Write the course table; the values of the English course are the fields. Return its end."""
    shares = {"code": 1.3, "course": 3.4, "credit": 0.8, "score": 1.0, "date": 1.5, "status": 1.1}
    whole = sum(shares[column] for column in columns)
    height = size * looks.uniform(1.75, 2.1)
    style = looks.randrange(3)
    heads = {column: looks.choice(_HEADS[column]) for column in columns}
    numeric_date = looks.choice(("{0:%Y%m}", "{0:%Y-%m}", "{0.year}年{0.month}月", "{0:%Y.%m}"))
    x = left
    for column in columns:
        wide = width * shares[column] / whole
        sheet.write(
            x + wide / 2, top + height * 0.22, heads[column], size, bold=True, align="center"
        )
        for number, row in enumerate(rows, start=1):
            y = top + height * number
            value = row.text(column, numeric_date)
            field = {"code": "course_code"}.get(column, column) if row.wanted else None
            if column == "credit":
                field = None
            sheet.write(
                x + wide / 2, y + height * 0.22, ((value, field),), size, align="center",
                fits=wide - size * 0.4,
            )  # fmt: skip
            if field:
                printed[field] = value
        if style == 0 and x > left:
            sheet.column_rule(x, top, height * (len(rows) + 1))
        x += wide
    for number in range(len(rows) + 2):
        if style < 2 or number in (0, 1, len(rows) + 1):
            sheet.rule(left, top + height * number, width)
    if style == 0:
        sheet.rectangle(left, top, left + width, top + height * (len(rows) + 1), outline=GREY)
    _mark_language(sheet, printed["course"])
    printed["language"] = "英语"
    return top + height * (len(rows) + 1)


def _mark_language(sheet: Sheet, course: str) -> None:
    """Mark the language, which is the first two characters of the course name."""
    left, top, right, bottom = sheet.boxes["course"]
    share = sheet.measure(course[:2], sheet.width / 20) / sheet.measure(course, sheet.width / 20)
    sheet.boxes["language"] = (left, top, left + (right - left) * share, bottom)


def _sign(
    sheet: Sheet,
    looks: random.Random,
    result: ZikaoResult,
    printed: dict[str, str],
    x: float,
    y: float,
    size: float,
    *,
    after: date | None = None,
) -> None:
    """Write issuer and date of issue under the provincial seal.

    after: the last session on the paper, by default that of the English course.
    """
    issued = (after or result.day) + timedelta(days=looks.randint(45, 75))
    issuer = looks.choice(
        (f"{result.province}高等教育自学考试委员会", f"{result.province}教育考试院")
    )
    sheet.write(x, y, issuer, size, align="center")
    if looks.random() < 0.7:
        printed["issue_date"] = print_day(issued, looks)
        line = ((printed["issue_date"], "issue_date"),)
        sheet.write(x, y + size * 1.9, line, size, align="center")
    add_seal(sheet, looks, f"{issuer}样章", x, y + size, looks.uniform(30, 36))


def _finish(
    sheet: Sheet, printed: dict[str, str], result: ZikaoResult, looks: random.Random
) -> Composition:
    return Composition(
        sheet=sheet, printed=printed, declared=declare_result(printed, result, looks)
    )


KINDS = tuple(
    PaperKind(
        certificate_type="zikao-english2", layout=layout, is_certificate=True, compose=compose
    )
    for layout, compose in (
        ("zikao-single-card", compose_single_card),
        ("zikao-single-sentence", compose_single_sentence),
        ("zikao-table", partial(compose_table, wide=False)),
        ("zikao-table-wide", partial(compose_table, wide=True)),
        ("zikao-web", compose_web_page),
    )
)
