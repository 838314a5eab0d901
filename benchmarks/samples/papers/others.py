"""What must never be accepted: papers of other examinations.

Pictures that are no certificate at all are in `unknown.py`.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from benchmarks.samples.drawing import Segment
from benchmarks.samples.ornaments import (
    add_frame,
    add_guilloche,
    add_photo,
    add_seal,
    mark_specimen,
)
from benchmarks.samples.paper import NOT_ACCEPTED, Composition, PaperKind, PaperOrder
from benchmarks.samples.papers import etic, unknown
from benchmarks.samples.papers.printing import (
    ACCENTS,
    declare,
    declare_month,
    draw_sheet,
    draw_wording,
    forced_date,
    print_day,
    print_id_number,
    print_month,
    print_name,
    split_generator,
)

WORDINGS: Mapping[str, Mapping[str, str]] = {
    "other-plain": {
        "name": "姓名",
        "id_number": "身份证号",
        "certificate_number": "证书编号",
        "date": "考试时间",
        "score": "成绩",
        "level": "级别",
        "status": "等级",
    },
    "other-english": {
        "name": "姓名 Name",
        "id_number": "证件号码 ID No.",
        "certificate_number": "编号 No.",
        "date": "考试日期 Date",
        "score": "总分 Score",
        "level": "级别 Level",
        "status": "成绩 Grade",
    },
    "other-held-back": {
        "name": "Name / 姓名",
        "id_number": "ID / 证件号",
        "certificate_number": "Reference / 编号",
        "date": "Test date / 日期",
        "score": "Overall / 总分",
        "level": "Level / 级别",
        "status": "Result / 结果",
    },
}


def _whole(low: int, high: int) -> Callable[[random.Random], str]:
    return lambda rng: str(rng.randint(low, high))


def _band(rng: random.Random) -> str:
    return f"{rng.randint(9, 16) / 2:.1f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherExamination:
    """One examination outside the four kinds.

    parts: labels of part scores with how they are drawn. grades: printed grades, if any.
    latin_name: the name is printed in pinyin, as foreign examinations do.
    """

    title: tuple[str, ...]
    issuer: str
    language: str
    score: Callable[[random.Random], str] | None
    number_form: str
    parts: Mapping[str, Callable[[random.Random], str]] = field(default_factory=dict)
    grades: tuple[str, ...] = ()
    level: str = ""
    with_id: bool = True
    latin_name: bool = False
    portrait: bool = False


OTHERS: Mapping[str, OtherExamination] = {
    "other-ielts": OtherExamination(
        title=("IELTS", "Test Report Form", "ACADEMIC"),
        issuer="Test Centre CN999",
        language="英语",
        score=_band,
        number_form="{year}CN{digits}A",
        parts={"Listening": _band, "Reading": _band, "Writing": _band, "Speaking": _band},
        with_id=True,
        latin_name=True,
    ),
    "other-toefl": OtherExamination(
        title=("TOEFL iBT", "Test Taker Score Report"),
        issuer="Educational Testing (sample)",
        language="英语",
        score=_whole(72, 112),
        number_form="{digits}{digits}",
        parts={part: _whole(15, 29) for part in ("Reading", "Listening", "Speaking", "Writing")},
        with_id=False,
        latin_name=True,
        portrait=True,
    ),
    "other-pets": OtherExamination(
        title=("全国英语等级考试（PETS）", "合格证书", "Public English Test System"),
        issuer="教育部考试中心",
        language="英语",
        score=_whole(60, 92),
        number_form="{year}{digits}0",
        parts={"笔试 Written": _whole(60, 92), "口试 Oral": lambda rng: str(rng.randint(3, 5))},
        grades=("合格",),
        level="三级",
    ),
    "other-college-russian": OtherExamination(
        title=("全国大学俄语四级考试（CRT4）", "合格证书"),
        issuer="教育部考试中心",
        language="俄语",
        score=_whole(60, 92),
        number_form="{year}3{digits}",
        grades=("合格", "优秀"),
        level="四级",
        portrait=True,
    ),
    "other-mandarin": OtherExamination(
        title=("普通话水平测试等级证书",),
        issuer="国家语言文字工作委员会",
        language="普通话",
        score=lambda rng: f"{rng.randint(800, 960) / 10:.1f}",
        number_form="99{year}{digits}",
        grades=("二级甲等", "二级乙等", "一级乙等"),
    ),
    "other-computer": OtherExamination(
        title=("全国计算机等级考试二级合格证书", "National Computer Rank Examination"),
        issuer="教育部考试中心",
        language="英语",
        score=None,
        number_form="24{digits}{year}",
        grades=("合格", "良好", "优秀"),
        level="二级 C语言程序设计",
    ),
    "other-degree-english": OtherExamination(
        title=("成人高等教育本科生学士学位英语水平考试", "成绩合格证"),
        issuer="样例省学位委员会办公室",
        language="英语",
        score=_whole(60, 88),
        number_form="XW{year}{digits}",
        grades=("合格",),
        portrait=True,
    ),
    "other-japanese-n2": OtherExamination(
        title=("日本語能力認定書", "CERTIFICATE", "JAPANESE-LANGUAGE PROFICIENCY TEST"),
        issuer="日本国際教育支援協会",
        language="日语",
        score=_whole(90, 165),
        number_form="N2A{digits}A",
        parts={"言語知識": _whole(30, 58), "読解": _whole(30, 58), "聴解": _whole(30, 58)},
        level="N2",
        with_id=False,
        latin_name=True,
    ),
}


def compose_other(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out the paper of another examination: titles, rows, part scores, photo, seal."""
    examination = OTHERS[order.layout]
    values, looks = split_generator(rng)
    width, height = (210.0, 297.0) if examination.portrait else (260.0, 184.0)
    sheet = draw_sheet(order, looks, width, height, dpis=(150, 165))
    accent = looks.choice(ACCENTS)
    if looks.random() < 0.5:
        add_guilloche(sheet, looks, colour=accent)
    if looks.random() < 0.7:
        add_frame(sheet, looks, colour=accent, margin=7)
    y = 20.0
    for number, line in enumerate(examination.title):
        size = 8.4 if number == 0 else 5.6
        sheet.write(
            width / 2, y, line, size, colour=accent, bold=number == 0, title=True,
            align="center", fits=width - 36,
        )  # fmt: skip
        y += size * 1.5
    add_photo(sheet, looks, width - 60, y + 8, 28, 37, sex=order.person.sex)
    day = forced_date(
        order, date(values.randint(2015, 2023), values.randint(1, 12), values.randint(1, 28))
    )
    printed = _values(order, examination, values, looks, day)
    wording, size = draw_wording(WORDINGS, order, looks), 5.0
    labels = {name: wording.of(name) for name in printed}
    column = 28 + 3 + max(sheet.measure(label, size) for label in labels.values())
    y += 10
    for name, value in printed.items():
        room = width - 66 - column
        sheet.pair(28, y, labels[name], value, name, size, column=column, fits=room)
        y += size * 1.75
    y += 2
    x = 28.0
    for label, draw_part in examination.parts.items():
        end = sheet.pair(x, y, label, draw_part(values), None, size)
        x = end + 8
    sheet.write(width - 66, height - 42, examination.issuer, size, align="center", fits=100)
    add_seal(sheet, looks, "考试样章专用", width - 66, height - 38, 36)
    mark_specimen(sheet, looks, (13, 12.5), (width - 50, height - 15.5))
    score = printed.get("score", printed.get("status", "-"))
    declared = declare(
        looks,
        language=examination.language,
        day=declare_month(day, looks),
        number=printed["certificate_number"],
        score=score,
        status="合格",
    )
    return Composition(sheet=sheet, printed=printed, declared=declared)


def _values(
    order: PaperOrder,
    examination: OtherExamination,
    values: random.Random,
    looks: random.Random,
    day: date,
) -> dict[str, str]:
    """Draw what is printed; forced values win."""
    digits = f"{values.randint(0, 999999):06d}"
    score = examination.score(values) if examination.score else ""
    grade = values.choice(examination.grades) if examination.grades else ""
    name = order.person.name_pinyin if examination.latin_name else print_name(order, looks)
    if examination.latin_name:
        name = order.overrides.get("name", name)
    written = looks.choice((print_month, print_day))(day, looks)
    drawn = {
        "name": name,
        "id_number": print_id_number(order, looks) if examination.with_id else "",
        "level": examination.level,
        "date": f"{day:%d/%m/%Y}" if examination.latin_name else written,
        "score": order.overrides.get("score", score) if score else "",
        "status": order.overrides.get("status", grade) if grade else "",
        "certificate_number": order.overrides.get(
            "certificate_number", examination.number_form.format(year=day.year, digits=digits)
        ),
    }
    return {name: value for name, value in drawn.items() if value}


def compose_sichuan(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out 四川省大学英语新三级, which shares site and page with the ETIC score report."""
    values, looks = split_generator(rng)
    result = etic.draw_result(order, values, level="新三级", passed_only=False)
    title: tuple[Segment, ...] = (
        ("四川省大学", None), ("英语", "language"), ("新", None), ("三级", "level"), ("考试", None)
    )  # fmt: skip
    paragraphs = (
        "四川省大学英语新三级考试面向省内高等学校非英语专业学生，考查英语综合应用能力。",
        "成绩报告单报告考生的各项成绩、总分与成绩等级，各项成绩与总分均取整数。",
    )
    columns = ("口头沟通", "书面沟通", "总分")
    sheet, printed = etic.write_report(order, looks, title, result, columns, paragraphs)
    printed.update(language="英语", level="三级")
    declared = declare(
        looks,
        language="英语",
        day=declare_month(result.day, looks),
        number="-",
        score=result.total,
        status=result.grade,
    )
    return Composition(sheet=sheet, printed=printed, declared=declared)


KINDS = (
    *(
        PaperKind(
            certificate_type=NOT_ACCEPTED,
            layout=layout,
            is_certificate=True,
            compose=compose_other,
        )
        for layout in OTHERS
    ),
    PaperKind(
        certificate_type=NOT_ACCEPTED,
        layout="other-sichuan-three",
        is_certificate=True,
        compose=compose_sichuan,
    ),
    *unknown.KINDS,
)
