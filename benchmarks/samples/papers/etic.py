"""ETIC: the A4 landscape score report (picture, or the turned picture PDF) and the certificate.

The report follows the public page template (positions in its own pixels, 1200 by 846); the
certificate's look is unknown and therefore free.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from benchmarks.samples.drawing import GREY, Colour, Segment, Sheet, draw_lettering
from benchmarks.samples.ornaments import (
    add_code,
    add_frame,
    add_guilloche,
    add_photo,
    add_seal,
    mark_specimen,
)
from benchmarks.samples.paper import Composition, PaperKind, PaperOrder
from benchmarks.samples.papers.printing import (
    ACCENTS,
    declare,
    declare_day,
    draw_sheet,
    draw_wording,
    forced_date,
    print_id_number,
    print_name,
    split_generator,
)

LEVELS: Mapping[str, tuple[str, ...]] = {
    "etic-elementary": ("初级",),
    "etic-intermediate": ("中级",),
    "etic-advanced": ("高级",),
    "etic-executive": ("高端",),
    "etic-interpreting": ("高翻笔译", "高翻交传", "高翻同传"),
}
EXAMINATION_DAYS = (
    date(2018, 5, 12),
    date(2018, 11, 10),
    date(2019, 5, 11),
    date(2019, 11, 9),
    date(2020, 11, 14),
    date(2021, 5, 15),
    date(2021, 11, 13),
    date(2022, 11, 12),
    date(2023, 5, 13),
    date(2023, 11, 11),
)
ISSUER = "北京外国语大学中国外语测评中心"
_TITLE_RED: Colour = (195, 13, 35)
REPORT_WIDTH, REPORT_HEIGHT = 1200, 846

WORDINGS = {
    "etic-plain": {
        "name": "姓名",
        "id_number": "证件号码",
        "certificate_number": "证书编号",
        "date": "考试日期",
        "level": "考试级别",
        "status": "成绩等级",
    },
    "etic-english": {
        "name": "姓名 Name",
        "id_number": "证件号码 ID No.",
        "certificate_number": "证书编号 Certificate No.",
        "date": "考试日期 Date",
        "level": "级别 Level",
        "status": "等级 Grade",
    },
    "etic-held-back": {
        "name": "姓  名",
        "id_number": "身份证件号",
        "certificate_number": "编 号",
        "date": "考试时间",
        "level": "证书级别",
        "status": "等 第",
    },
}
_PARAGRAPHS = (
    "国际人才英语考试（简称国才考试），英文名称 English Test for International Communication"
    "（ETIC），是北京外国语大学中国外语测评中心研发的英语沟通能力认证体系。",
    "成绩报告单报告考生的各项成绩、总分与成绩等级，各项成绩与总分均取整数。",
    "成绩达到标准的考生方可获取相应级别的证书。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EticResult:
    """One result; `first` and `second` are the two columns before the total."""

    level: str
    day: date
    first: str
    second: str
    total: str
    grade: str
    number: str


def draw_result(
    order: PaperOrder, rng: random.Random, *, level: str, passed_only: bool
) -> EticResult:
    """Draw a result; forced parts give the total, a forced total alone is shared out."""
    first, second = (int(min(80, max(28, rng.gauss(57, 9)))) for _ in range(2))
    # Each part and the total are rounded down by themselves: the total may be one higher.
    carry = int(rng.random() < 0.3)
    forced = order.overrides
    if "score" in forced and forced["score"].isdecimal():
        first = int(forced["score"]) * first // (first + second)
        second = int(forced["score"]) - first
        carry = 0
    first_text = forced.get("component_a", str(first))
    second_text = forced.get("component_b", str(second))
    total = forced.get("score", str(int(first_text) + int(second_text) + carry))
    grade = grade_of(int(total)) if total.isdecimal() else "合格"
    if passed_only and grade == "不合格":
        grade = "合格"
    day = forced_date(order, rng.choice(EXAMINATION_DAYS))
    prefix = rng.choice(("ETIC{0:%y%m}", "{0:%Y%m}", "GC{0:%Y}"))
    return EticResult(
        level=forced.get("level", level),
        day=day,
        first=first_text,
        second=second_text,
        total=total,
        grade=forced.get("status", grade),
        number=forced.get(
            "certificate_number", prefix.format(day) + f"{rng.randint(0, 9999999):07d}"
        ),
    )


def grade_of(total: int) -> str:
    """Return a plausible grade; the real cut-offs are not public."""
    steps = ((132, "优秀"), (115, "良好"), (94, "合格"))
    return next((grade for least, grade in steps if total >= least), "不合格")


def compose_report(order: PaperOrder, rng: random.Random, *, pdf_form: str) -> Composition:
    """Lay out the score report of one of the five levels."""
    values, looks = split_generator(rng)
    level = values.choice(LEVELS[order.certificate_type])
    result = draw_result(order, values, level=level, passed_only=False)
    translating = order.certificate_type == "etic-interpreting"
    columns = ("英译汉", "汉译英") if translating else ("口头沟通", "书面沟通")
    shown = result.level
    if translating and len(shown) == 4 and looks.random() < 0.3:
        shown = f"{shown[:2]}（{shown[2:]}）"
    title: tuple[Segment, ...] = (
        ("国际人才", None), ("英语", "language"), ("考试 ( ", None), (shown, "level"), (" )", None)
    )  # fmt: skip
    sheet, printed = write_report(order, looks, title, result, (*columns, "总分"), _PARAGRAPHS)
    printed.update(language="英语", level=shown)
    declared = declare(
        looks,
        language="英语",
        day=declare_day(result.day, looks),
        number="-",
        score=result.total,
        status=result.grade,
    )
    return Composition(sheet=sheet, printed=printed, declared=declared, pdf_form=pdf_form)


def write_report(
    order: PaperOrder,
    looks: random.Random,
    title: tuple[Segment, ...],
    result: EticResult,
    columns: tuple[str, str, str],
    paragraphs: tuple[str, ...],
) -> tuple[Sheet, dict[str, str]]:
    """Write the page of the score report site, which other examinations use as well."""
    dpi = looks.choice((140, 150, 165))
    sheet = Sheet(
        REPORT_WIDTH,
        REPORT_HEIGHT,
        scale=dpi * 297 / 25.4 / REPORT_WIDTH,
        dpi=dpi,
        lettering=draw_lettering(order, looks),
    )
    if looks.random() < 0.5:
        add_guilloche(sheet, looks, colour=(90, 140, 190))
    if looks.random() < 0.5:
        sheet.rectangle(0, 0, REPORT_WIDTH, 14, fill=_TITLE_RED)
    left = 111.0
    sheet.write(left, 92, title, 32, colour=_TITLE_RED, bold=True, title=True, fits=960)
    sheet.write(left, 142, "成绩报告单", 31, title=True)
    sheet.write(left, 186, "Score Report", 22, colour=GREY)
    separator = looks.choice((" : ", "：", " ："))
    printed = {
        "name": print_name(order, looks),
        "id_number": print_id_number(order, looks),
        "date": f"{result.day:%Y-%m-%d}",
    }
    y = 250.0
    for field, label in (("name", "姓　　名"), ("id_number", "证件号码"), ("date", "考试日期")):
        sheet.pair(left, y, label + separator, printed[field], field, 20, fits=380)
        y += 38
    sheet.write(700, 263, "成绩等级", 26, bold=True)
    sheet.write(700, 298, "Grade", 20, colour=GREY)
    sheet.write(860, 268, ((result.grade, "status"),), 38, colour=_TITLE_RED, bold=True)
    sheet.boxes["grade"] = sheet.boxes["status"]
    printed.update(status=result.grade, grade=result.grade)
    _write_columns(sheet, left, columns, result, printed)
    y = 606.0
    for paragraph in paragraphs:
        y = sheet.paragraph(left, y, 978, ((paragraph, None),), 15, leading=1.5, colour=GREY) + 6
    sheet.write(1090, 762, ISSUER, 20, bold=True, align="right")
    sheet.rule(760, 792, 330, colour=_TITLE_RED, width=2)
    if looks.random() < 0.4:
        add_seal(sheet, looks, ISSUER[-8:] + "样章", 985, 752, 120)
    mark_specimen(sheet, looks, (left, 40), (left, 800))
    return sheet, printed


def _write_columns(
    sheet: Sheet,
    left: float,
    columns: tuple[str, str, str],
    result: EticResult,
    printed: dict[str, str],
) -> None:
    sheet.write(left, 388, "考试成绩", 24, bold=True)
    sheet.write(left, 420, "Scores", 18, colour=GREY)
    values = (
        ("component_a", result.first),
        ("component_b", result.second),
        ("score", result.total),
    )
    sheet.rectangle(left, 456, left + 690, 556, outline=(200, 200, 204), width=1)
    sheet.rule(left, 502, 690, colour=(200, 200, 204), width=1)
    for number, (label, (field, value)) in enumerate(zip(columns, values, strict=True)):
        middle = left + 115 + 230 * number
        sheet.write(middle, 468, label, 20, align="center", fits=220)
        sheet.write(middle, 514, ((value, field),), 26, bold=True, align="center")
        printed[field] = value


def compose_certificate(order: PaperOrder, rng: random.Random, *, portrait: bool) -> Composition:
    """Lay out the certificate, which only those who passed receive: level, grade, number, date."""
    values, looks = split_generator(rng)
    level = values.choice(LEVELS[order.certificate_type])
    result = draw_result(order, values, level=level, passed_only=True)
    width, height = (210.0, 297.0) if portrait else (297.0, 210.0)
    sheet = draw_sheet(order, looks, width, height, dpis=(150, 160))
    accent = looks.choice(ACCENTS)
    if looks.random() < 0.7:
        add_guilloche(sheet, looks, colour=accent)
    add_frame(sheet, looks, colour=accent, margin=8)
    printed = {"language": "英语"}
    title: tuple[Segment, ...] = (("国际人才", None), ("英语", "language"), ("考试证书", None))
    top = 40.0 if portrait else 28.0
    sheet.write(width / 2, top, title, 10, colour=accent, bold=True, title=True, align="center")
    english = "English Test for International Communication"
    sheet.write(width / 2, top + 15, english, 4.6, align="center", colour=GREY)
    add_photo(sheet, looks, width - 66, top + 32, 28, 37, sex=order.person.sex)
    day = looks.choice(("{0.year}年{0.month:02d}月{0.day:02d}日", "{0.year}年{0.month}月{0.day}日"))
    rows = {
        "name": print_name(order, looks),
        "id_number": print_id_number(order, looks),
        "level": result.level,
        "status": result.grade,
        "date": day.format(result.day),
        "certificate_number": result.number,
    }
    if looks.random() < 0.25:
        del rows["id_number"]
    _write_rows(order, looks, sheet, rows, top + 36)
    printed.update(rows, grade=result.grade)
    sheet.boxes["grade"] = sheet.boxes["status"]
    sheet.write(width - 78, height - 52, ISSUER, 5.2, align="center", fits=100)
    add_seal(sheet, looks, ISSUER[-8:] + "样章", width - 78, height - 50, 38)
    if looks.random() < 0.5:
        add_code(sheet, looks, 32, height - 62, 24)
    mark_specimen(sheet, looks, (14, 13.5), (width - 60, height - 17))
    declared = declare(
        looks,
        language="英语",
        day=declare_day(result.day, looks),
        number=result.number,
        score=result.grade,
        status=looks.choice((result.grade, "合格")),
    )
    return Composition(sheet=sheet, printed=printed, declared=declared)


def _write_rows(
    order: PaperOrder, looks: random.Random, sheet: Sheet, rows: dict[str, str], y: float
) -> None:
    wording, left, size = draw_wording(WORDINGS, order, looks), 34.0, looks.uniform(5.2, 5.8)
    column = left + 3 + max(sheet.measure(wording.of(field), size) for field in rows)
    for field, value in rows.items():
        room = sheet.width - 70 - column
        sheet.pair(left, y, wording.of(field), value, field, size, column=column, fits=room)
        y += size * (2.3 if sheet.height > sheet.width else 1.9)


KINDS = tuple(
    PaperKind(
        certificate_type=certificate_type, layout=layout, is_certificate=True, compose=compose
    )
    for certificate_type in LEVELS
    for layout, compose in (
        ("etic-report", partial(compose_report, pdf_form="")),
        ("etic-report-pdf", partial(compose_report, pdf_form="turned-image")),
        ("etic-certificate-landscape", partial(compose_certificate, portrait=False)),
        ("etic-certificate-portrait", partial(compose_certificate, portrait=True)),
    )
)
