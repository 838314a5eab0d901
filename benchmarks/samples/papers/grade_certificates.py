"""The certificates of the majors' tests (TEM, TRM): a grade, a number, a date, sometimes a score.

Two shapes: a sentence that certifies, and a list of labelled values. What differs between the
tests (titles, sessions, words) comes as a `GradeTest`.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from benchmarks.samples.drawing import Segment, Sheet
from benchmarks.samples.ornaments import (
    add_frame,
    add_guilloche,
    add_photo,
    add_seal,
    mark_specimen,
)
from benchmarks.samples.paper import Composition, PaperOrder
from benchmarks.samples.papers.printing import (
    ACCENTS,
    Labels,
    Wording,
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

SCHOOLS = ("样例外国语学院", "示例师范大学", "虚构国际关系学院", "样本理工大学")
GRADE_FROM = ((80, "优秀"), (70, "良好"), (60, "合格"), (0, "不合格"))
TYPICAL_SCORE = {"优秀": "84", "良好": "75", "合格": "66", "不合格": "52"}
RETAKE_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeTest:
    """One test for language majors.

    titles: variants of the heading as segments with language and level marked. documents: names
    of the paper. foreign: lines in the language of the test. sitting_name: the test inside a
    sentence. draw_sitting: gives examination date and issue date.
    """

    level: int
    language: str
    titles: tuple[tuple[Segment, ...], ...]
    documents: tuple[str, ...]
    foreign: tuple[str, ...]
    sentence_foreign: str
    sitting_name: str
    issuer: str
    seal: str
    number_prefixes: tuple[str, ...]
    draw_sitting: Callable[[random.Random], tuple[date, date]]
    wordings: Mapping[str, Labels]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeResult:
    """One result: grade, score (printed or not), dates, number."""

    sitting: date
    issued: date
    score: str
    grade: str
    number: str
    school: str


def grade_of(score: int) -> str:
    """Return the grade of a score out of 100."""
    return next(grade for least, grade in GRADE_FROM if score >= least)


def draw_result(order: PaperOrder, test: GradeTest, rng: random.Random) -> GradeResult:
    """Draw a result; a forced score sets the grade, a forced grade alone sets the score."""
    drawn_sitting, drawn_issue = test.draw_sitting(rng)
    sitting = forced_date(order, drawn_sitting)
    forced = order.overrides
    drawn_score = str(int(min(93, max(60, rng.gauss(69, 8)))))
    retake = rng.random() < RETAKE_SHARE
    if "score" in forced:
        score = forced["score"]
    else:
        score = TYPICAL_SCORE[forced["status"]] if "status" in forced else drawn_score
    grade = grade_of(int(score)) if score.isdecimal() else "合格"
    # Who sits the test again gets 合格 at most, whatever the score.
    if retake and grade in {"良好", "优秀"}:
        grade = "合格"
    serial = f"{rng.randint(0, 999999):06d}"
    prefix = rng.choice(test.number_prefixes).format(year=sitting.year, level=test.level)
    issue_gap = drawn_issue.toordinal() - drawn_sitting.toordinal()
    return GradeResult(
        sitting=sitting,
        issued=date.fromordinal(sitting.toordinal() + issue_gap),
        score=score,
        grade=forced.get("status", grade),
        number=forced.get("certificate_number", prefix + serial),
        school=rng.choice(SCHOOLS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate being laid out."""

    sheet: Sheet
    order: PaperOrder
    looks: random.Random
    test: GradeTest
    result: GradeResult
    wording: Wording
    printed: dict[str, str]
    with_score: bool


def _start(
    order: PaperOrder, rng: random.Random, test: GradeTest, *, portrait: bool, with_score: bool
) -> Certificate:
    values, looks = split_generator(rng)
    result = draw_result(order, test, values)
    width, height = looks.choice(((210.0, 297.0), (185.0, 260.0)))
    if not portrait:
        width, height = height, width
    sheet = draw_sheet(order, looks, width, height, dpis=(150, 160, 170))
    accent = looks.choice(ACCENTS)
    if looks.random() < 0.6:
        add_guilloche(sheet, looks, colour=accent)
    add_frame(sheet, looks, colour=accent, margin=looks.uniform(6, 9))
    title = looks.choice(test.titles)
    printed = {field: text for text, field in title if field}
    top = 24.0 if not portrait else 34.0
    size = 8.6 if not portrait else 7.4
    sheet.write(
        width / 2, top, title, size, colour=accent, bold=True, title=True, align="center",
        fits=width - 36,
    )  # fmt: skip
    document = looks.choice(test.documents)
    sheet.write(width / 2, top + 13, document, 7.6, bold=True, title=True, align="center")
    foreign = looks.choice(test.foreign)
    sheet.write(width / 2, top + 25, foreign, 4.2, colour=accent, align="center", fits=width - 40)
    mark_specimen(sheet, looks, (14, 13.5), (width - 52, height - 17))
    return Certificate(
        sheet=sheet,
        order=order,
        looks=looks,
        test=test,
        result=result,
        wording=draw_wording(test.wordings, order, looks),
        printed=printed,
        with_score=with_score,
    )


def compose_sentence(
    order: PaperOrder, rng: random.Random, test: GradeTest, *, portrait: bool, with_score: bool
) -> Composition:
    """Lay out a certificate that says who sat the test when, and with what grade."""
    certificate = _start(order, rng, test, portrait=portrait, with_score=with_score)
    sheet, looks = certificate.sheet, certificate.looks
    left, top = (26.0, 118.0) if portrait else (74.0, 66.0)
    photo_x = sheet.width / 2 - 14 if portrait else 28.0
    photo_y = 70.0
    add_photo(sheet, looks, photo_x, photo_y, 28, 37, sex=order.person.sex)
    size = 5.8 if portrait else 6.0
    sentence = _sentence(certificate)
    width = sheet.width - left - 24
    y = sheet.paragraph(
        left, top, width, sentence, size, leading=1.9, indent=size * 2,
        bold_fields=looks.random() < 0.5,
    )  # fmt: skip
    foreign = certificate.test.sentence_foreign.format(year=certificate.result.sitting.year)
    sheet.paragraph(left, y + 4, width, ((foreign, None),), 4.0, leading=1.6)
    _sign(certificate, sheet.height - (62 if portrait else 50), left=26, in_sentence=True)
    return _finish(certificate)


def _sentence(certificate: Certificate) -> list[Segment]:
    order, looks, result = certificate.order, certificate.looks, certificate.result
    name = print_name(order, looks)
    # A year alone appears in the sentence of some; the issue date then carries the month.
    year_only = looks.random() < 0.2
    day = f"{result.sitting.year}年" if year_only else print_month(result.sitting, looks)
    certificate.printed.update(name=name, date=day, status=result.grade)
    words: list[Segment] = [(name, "name")]
    if looks.random() < 0.4:
        id_number = print_id_number(order, looks)
        certificate.printed["id_number"] = id_number
        words += [("（证件号码 ", None), (id_number, "id_number"), ("）", None)]
    elif looks.random() < 0.4:
        words += [(f" {order.person.sex}，系{result.school}学生，", None)]
    words += [(" 于 ", None), (day, "date"), (f" 参加{certificate.test.sitting_name}，", None)]
    if certificate.with_score:
        certificate.printed["score"] = result.score
        words += [("得分 ", None), (result.score, "score"), (" 分，", None)]
    words += [("成绩", None), (result.grade, "status"), ("，特发此证。", None)]
    return words


def compose_labels(
    order: PaperOrder, rng: random.Random, test: GradeTest, *, portrait: bool, with_score: bool
) -> Composition:
    """Lay out a certificate that lists labelled values beside or below a photo."""
    certificate = _start(order, rng, test, portrait=portrait, with_score=with_score)
    sheet, looks, result = certificate.sheet, certificate.looks, certificate.result
    size = looks.uniform(5.0, 5.6)
    photo_right = looks.random() < 0.5
    photo_x = sheet.width - 62 if photo_right else 30
    if portrait:
        photo_x = sheet.width - 58
    add_photo(sheet, looks, photo_x, 72, 28, 37, sex=order.person.sex)
    left = 28.0 if portrait or photo_right else 74.0
    rows = [
        ("name", print_name(order, looks)),
        ("school", result.school),
        ("date", print_month(result.sitting, looks)),
        ("status", result.grade),
    ]
    if looks.random() < 0.5:
        rows.insert(1, ("id_number", print_id_number(order, looks)))
    if certificate.with_score:
        rows.insert(len(rows) - 1, ("score", result.score))
    column = left + 2 + max(sheet.measure(certificate.wording.of(field), size) for field, _ in rows)
    y = 76.0
    for field, value in rows:
        certificate.printed[field] = value
        room = photo_x - column - 4 if photo_x > left else sheet.width - column - 20
        sheet.pair(
            left, y, certificate.wording.of(field), value, field, size, column=column, fits=room
        )
        y += size * (2.2 if portrait else 1.75)
    _sign(certificate, sheet.height - (70 if portrait else 50), left=28, in_sentence=False)
    return _finish(certificate)


def _sign(certificate: Certificate, y: float, *, left: float, in_sentence: bool) -> None:
    """Write the number at the left, issuer and date of issue at the right, under a seal."""
    sheet, looks, result = certificate.sheet, certificate.looks, certificate.result
    certificate.printed["certificate_number"] = result.number
    number_y = sheet.height - 28
    sheet.pair(
        left, number_y, certificate.wording.of("certificate_number"), result.number,
        "certificate_number", 4.8,
    )  # fmt: skip
    right = sheet.width - 66
    sheet.write(right, y, certificate.test.issuer, 5.0, align="center", fits=112)
    year_only = certificate.printed["date"].endswith("年")
    if year_only or in_sentence or looks.random() < 0.5:
        issued = looks.choice((print_month, print_day))(result.issued, looks)
        certificate.printed["issue_date"] = issued
        sheet.write(right, y + 10, ((issued, "issue_date"),), 5.0, align="center")
    if looks.random() < 0.9:
        add_seal(sheet, looks, certificate.test.seal, right, y + 6, looks.uniform(36, 42))


def _finish(certificate: Certificate) -> Composition:
    printed, looks, result = certificate.printed, certificate.looks, certificate.result
    printed["grade"] = printed["status"]
    certificate.sheet.boxes["grade"] = certificate.sheet.boxes["status"]
    day = result.sitting
    if printed["date"].endswith("年"):
        day = result.issued
    passed = looks.random() < 0.5 and result.grade != "不合格"
    declared = declare(
        looks,
        language=certificate.test.language,
        day=declare_month(day, looks),
        number=result.number,
        score=printed.get("score", result.grade),
        status="合格" if passed else result.grade,
    )
    return Composition(sheet=certificate.sheet, printed=printed, declared=declared)
