"""CET-4 and CET-6: report cards of three periods, electronic reports and the re-issued proof.

Query pages, which are no certificates, are in `cet_screens.py`.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.samples.drawing import Colour, Sheet
from benchmarks.samples.ornaments import (
    add_code,
    add_frame,
    add_guilloche,
    add_photo,
    add_seal,
    mark_specimen,
)
from benchmarks.samples.paper import Composition, PaperKind, PaperOrder
from benchmarks.samples.papers import cet_screens
from benchmarks.samples.papers.cet_labels import WORDINGS, heading, percent_marks
from benchmarks.samples.papers.cet_results import NO_ORAL, ORAL_ON_CARD, CetResult, draw_result
from benchmarks.samples.papers.printing import (
    ACCENTS,
    LATEST,
    Wording,
    declare,
    declare_month,
    draw_sheet,
    draw_wording,
    print_day,
    print_id_number,
    print_month,
    print_name,
    space_digits,
    split_generator,
)

PASS_LINE = 425


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What one card layout has; `first` and `last` are the sittings it was used for."""

    first: date
    last: date
    portrait: bool = False
    photo: bool = True
    code: bool = True
    pdf: bool = False


DESIGNS = {
    "cet-card-2012": Design(first=date(2005, 6, 1), last=date(2013, 6, 1), photo=False, code=False),
    "cet-card-2016": Design(first=date(2013, 12, 1), last=date(2020, 12, 1), code=False),
    "cet-card-2021": Design(first=date(2021, 6, 1), last=date(2023, 12, 1)),
    "cet-card-2021-portrait": Design(first=date(2021, 6, 1), last=date(2023, 12, 1), portrait=True),
    "cet-ereport-pdf": Design(first=date(2021, 6, 1), last=date(2023, 12, 1), pdf=True),
    "cet-ereport-pdf-portrait": Design(
        first=date(2021, 6, 1), last=date(2023, 12, 1), pdf=True, portrait=True
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card being laid out: what its parts need to write themselves."""

    sheet: Sheet
    order: PaperOrder
    looks: random.Random
    wording: Wording
    result: CetResult
    accent: Colour
    printed: dict[str, str]

    def row(
        self,
        x: float,
        y: float,
        field: str,
        value: str,
        size: float,
        *,
        column: float | None = None,
        fits: float | None = None,
    ) -> float:
        """Write one labelled value, note it as printed and return its right end."""
        self.printed[field] = value
        label = self.wording.of(field)
        return self.sheet.pair(x, y, label, value, field, size, column=column, fits=fits)


def compose_card(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out a report card, on paper or electronic."""
    design = DESIGNS[order.layout]
    values, looks = split_generator(rng)
    result = draw_result(order, values, first=design.first, last=design.last)
    width, height = (148.0, 210.0) if design.portrait else (210.0, 148.0)
    sheet = draw_sheet(order, looks, width, height, embeddable=design.pdf)
    accent = looks.choice(ACCENTS)
    if looks.random() < (0.3 if design.pdf else 0.6):
        add_guilloche(sheet, looks, colour=accent)
    if looks.random() < 0.6:
        add_frame(sheet, looks, colour=accent)
    card = Card(
        sheet=sheet,
        order=order,
        looks=looks,
        wording=draw_wording(WORDINGS, order, looks),
        result=result,
        accent=accent,
        printed={"language": "英语", "level": result.level_word},
    )
    _write_title(card, design)
    if design.portrait:
        _fill_portrait(card)
    else:
        _fill_landscape(card, design)
    mark_specimen(sheet, looks, (9.5, 8.5), (width - 32, height - 11))
    return Composition(
        sheet=sheet,
        printed=card.printed,
        declared=declare_result(card.printed, result, looks),
        pdf_form="text" if design.pdf else "",
    )


def declare_result(
    printed: dict[str, str], result: CetResult, rng: random.Random
) -> dict[str, str]:
    """Say what an honest holder of this result declares; the status follows the pass line."""
    total = result.total
    passed = total.isdecimal() and int(total) >= PASS_LINE
    return declare(
        rng,
        language="英语",
        day=declare_month(result.sitting, rng),
        number=printed.get("certificate_number", "-"),
        score=total,
        status="合格" if passed else "不合格",
    )


def _write_title(card: Card, design: Design) -> None:
    sheet, looks, centre = card.sheet, card.looks, card.sheet.width / 2
    size = looks.uniform(6.6, 8.0) if not design.portrait else looks.uniform(6.2, 7.0)
    title = heading(card.result, looks)
    report = looks.choice(("成绩报告单", "成 绩 报 告 单"))
    sheet.write(
        centre, 12, title, size, colour=card.accent, bold=True, title=True, align="center",
        fits=sheet.width - 40,
    )  # fmt: skip
    sheet.write(centre, 22, report, size, bold=True, title=True, align="center")
    if looks.random() < 0.6:
        english = f"COLLEGE ENGLISH TEST BAND {card.result.level}  SCORE REPORT"
        sheet.write(centre, 32, english, 3.2, colour=card.accent, align="center")


def _fill_landscape(card: Card, design: Design) -> None:
    sheet, looks = card.sheet, card.looks
    left, size = looks.uniform(16, 22), looks.uniform(4.1, 4.7)
    if design.photo:
        add_photo(sheet, looks, 165, 36, 26, 32, sex=card.order.person.sex)
    y = _write_holder(card, left, 42, size, limit=160, with_id=design.photo)
    _write_scores(card, left, max(y + 1, 68), 140 if design.code else 172, size)
    if design.code:
        add_code(sheet, looks, 165, 76, 25)
    _write_foot(card, left, 127, size, seal_x=158 if design.code else 150)


def _fill_portrait(card: Card) -> None:
    sheet, looks = card.sheet, card.looks
    left, size = looks.uniform(13, 16), looks.uniform(3.9, 4.3)
    add_photo(sheet, looks, 61, 37, 26, 32, sex=card.order.person.sex)
    y = _write_holder(card, left, 74, size, limit=148 - left - 8, with_id=True)
    _write_scores(card, left, max(y + 1, 104), 118, size)
    add_code(sheet, looks, left, 160, 25)
    _write_foot(card, left, 192, size, seal_x=108)


def _write_holder(
    card: Card, left: float, y: float, size: float, *, limit: float, with_id: bool
) -> float:
    """Write the holder's rows and the sitting; return the y below them."""
    order, looks, result = card.order, card.looks, card.result
    rows = [("name", print_name(order, looks)), ("school", result.school)]
    if with_id or looks.random() < 0.6:
        rows.insert(looks.choice((1, 2)), ("id_number", print_id_number(order, looks)))
    rows.append(("date", print_month(result.sitting, looks)))
    labels = [card.wording.of(field) for field, _ in rows]
    column = left + max(card.sheet.measure(label, size) for label in labels) + 2
    lined_up = looks.random() < 0.6
    for field, value in rows:
        fits = left + limit - column - 4
        card.row(left, y, field, value, size, column=column if lined_up else left, fits=fits)
        y += size * 1.55
    return y


def _write_scores(card: Card, left: float, y: float, width: float, size: float) -> None:
    """Write tickets, part scores, total and oral grade, as a table or as rows."""
    looks, result = card.looks, card.result
    card.row(left, y, "admission_ticket", result.ticket, size * 0.95)
    marks = percent_marks(result, looks)
    scores = [("score", result.total), *result.parts.items()]
    if looks.random() < 0.5:
        scores = [*scores[1:], scores[0]]
    y += size * 1.6
    writer = _write_table if looks.random() < 0.6 else _write_list
    y = writer(card, left, y, width, size, scores, marks)
    if result.sitting < ORAL_ON_CARD:
        return
    grade_x = left + width * 0.68
    if result.oral_ticket != NO_ORAL or looks.random() < 0.5:
        end = card.row(left, y, "oral_ticket", result.oral_ticket, size * 0.95)
        if end > grade_x - 3:
            grade_x, y = left, y + size * 1.5
    card.row(grade_x, y, "speaking", result.oral, size * 0.95)


def _write_table(
    card: Card,
    left: float,
    y: float,
    width: float,
    size: float,
    scores: list[tuple[str, str]],
    marks: dict[str, str],
) -> float:
    sheet, column = card.sheet, width / len(scores)
    labels = [(card.wording.bare(field), marks.get(field, "")) for field, _ in scores]
    widest = max(sheet.measure(words + mark, size * 0.9) for words, mark in labels)
    # Long labels take two lines: Chinese above, English and percent mark below.
    lines = 1 if widest < column - 2 else 2
    row, head = size * 1.7, size * (1.7 if lines == 1 else 2.6)
    sheet.rectangle(left, y, left + width, y + head + row, outline=card.accent)
    sheet.rule(left, y + head, width, colour=card.accent)
    for number, ((field, value), (words, mark)) in enumerate(zip(scores, labels, strict=True)):
        x = left + column * number
        if number:
            sheet.column_rule(x, y, head + row, colour=card.accent)
        shown = _head_lines(words, mark) if lines == 2 else (words + mark,)
        middle = x + column / 2
        for line, label in enumerate(shown):
            top = y + size * (0.35 + 1.1 * line)
            sheet.write(middle, top, label, size * 0.9, align="center", fits=column - 2)
        sheet.write(middle, y + head + size * 0.3, ((value, field),), size, align="center")
        card.printed[field] = value
    return y + head + row + size * 0.7


def _head_lines(words: str, mark: str) -> tuple[str, ...]:
    chinese, _, english = words.rpartition(" ")
    if not english.isascii():
        chinese, english = words, ""
    below = (english + mark).strip()
    return (chinese, below) if below else (chinese,)


def _write_list(
    card: Card,
    left: float,
    y: float,
    width: float,
    size: float,
    scores: list[tuple[str, str]],
    marks: dict[str, str],
) -> float:
    separator = card.wording.separator
    labels = [card.wording.bare(field) + marks.get(field, "") + separator for field, _ in scores]
    widest = max(card.sheet.measure(label, size) for label in labels) + size * 2.5
    columns = 2 if widest < width / 2 else 1
    for number, ((field, value), label) in enumerate(zip(scores, labels, strict=True)):
        x = left + width / columns * (number % columns)
        card.sheet.pair(x, y + size * 1.5 * (number // columns), label, value, field, size)
        card.printed[field] = value
    rows = -(-len(scores) // columns)
    return y + size * 1.5 * rows + size * 0.3


def _write_foot(card: Card, left: float, y: float, size: float, *, seal_x: float) -> None:
    """Write the report number at the lower left and the issuer under a seal at the right."""
    sheet, looks = card.sheet, card.looks
    card.row(left, y, "certificate_number", space_digits(card.result.number, looks), size * 0.95)
    issuer = looks.choice(("教育部考试中心", "教育部教育考试院"))
    if card.result.sitting.year < 2022:
        issuer = "教育部考试中心"
    sheet.write(seal_x, y - size * 2, issuer, size, align="center")
    if looks.random() < 0.85:
        add_seal(sheet, looks, issuer + "样章", seal_x, y - 6, looks.uniform(28, 34))


def compose_proof(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out the 成绩证明 that replaces a lost report: sentence, table, seal, print date."""
    values, looks = split_generator(rng)
    result = draw_result(order, values, first=date(2006, 6, 1), last=date(2022, 12, 1))
    sheet = draw_sheet(order, looks, 210, 297, dpis=(150, 160, 170))
    card = Card(
        sheet=sheet,
        order=order,
        looks=looks,
        wording=draw_wording(WORDINGS, order, looks),
        result=result,
        accent=looks.choice(ACCENTS),
        printed={"language": "英语", "level": result.level_word},
    )
    add_frame(sheet, looks, colour=card.accent, margin=10)
    sheet.write(105, 38, heading(result, looks), 7.2, bold=True, title=True, align="center")
    sheet.write(105, 52, "成 绩 证 明", 9, bold=True, title=True, align="center")
    name, id_number = print_name(order, looks), print_id_number(order, looks)
    month = print_month(result.sitting, looks)
    card.printed.update(name=name, id_number=id_number, date=month)
    y = sheet.paragraph(
        25, 80, 160,
        (("兹证明 ", None), (name, "name"), ("（证件号码：", None), (id_number, "id_number"),
         ("）于 ", None), (month, "date"),
         (f" 参加全国大学英语{result.level_word}考试，笔试成绩如下：", None)),
        5.2, leading=2.0, indent=10,
    )  # fmt: skip
    scores = [("score", result.total), *result.parts.items()]
    y = _write_table(card, 25, y + 6, 160, 5.4, scores, percent_marks(result, looks))
    card.row(25, y + 8, "admission_ticket", result.ticket, 4.8)
    card.row(25, y + 18, "certificate_number", space_digits(result.number, looks), 4.8)
    sheet.write(25, y + 32, "本证明与原成绩报告单具有同等效力。", 4.8)
    issue = min(LATEST, result.sitting + timedelta(days=looks.randint(200, 900)))
    card.printed["issue_date"] = print_day(issue, looks)
    sheet.write(145, y + 62, "教育部考试中心", 5.2, align="center")
    sheet.write(145, y + 73, ((card.printed["issue_date"], "issue_date"),), 5.2, align="center")
    add_seal(sheet, looks, "教育部考试中心样章", 145, y + 66, 42)
    mark_specimen(sheet, looks, (18, 16), (160, 276))
    return Composition(
        sheet=sheet, printed=card.printed, declared=declare_result(card.printed, result, looks)
    )


KINDS = tuple(
    PaperKind(
        certificate_type=certificate_type,
        layout=layout,
        is_certificate=compose not in cet_screens.COMPOSERS,
        compose=compose,
    )
    for certificate_type in ("cet4", "cet6")
    for layout, compose in (
        *((layout, compose_card) for layout in DESIGNS),
        ("cet-proof", compose_proof),
        ("cet-query-page", cet_screens.compose_query_page),
        ("cet-query-chsi", cet_screens.compose_chsi_page),
    )
)
