"""Pictures that are no certificate: a landscape, a chat, a blank page, an identity-like card."""

import random
from datetime import date
from functools import partial

import numpy
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.samples.drawing import GREY, Colour, Sheet, draw_lettering
from benchmarks.samples.ornaments import add_photo, mark_specimen
from benchmarks.samples.paper import UNKNOWN, Composition, PaperKind, PaperOrder
from benchmarks.samples.papers.cet_results import draw_result
from benchmarks.samples.papers.printing import (
    declare,
    declare_month,
    draw_screen,
    draw_sheet,
    split_generator,
)

_GREEN_BUBBLE: Colour = (150, 232, 112)
_CHAT = (
    "老师好，请问学位外语认定什么时候截止？",
    "本月底之前上传就可以。",
    "成绩单照片可以吗？",
    "可以，要拍清楚，四个角都要拍到。",
    "好的，谢谢老师！",
    "有问题再联系我",
    "收到",
    "我晚上回家找一下证书",
)


def _declare_something(order: PaperOrder, rng: random.Random) -> dict[str, str]:
    """Declare a CET result as somebody does who then uploads the wrong picture."""
    result = draw_result(order, rng, first=date(2014, 6, 1), last=date(2023, 12, 1))
    return declare(
        rng,
        language="英语",
        day=declare_month(result.sitting, rng),
        number=result.number,
        score=result.total,
        status="合格" if result.total.isdecimal() and int(result.total) >= 425 else "不合格",
    )


def make_landscape(rng: random.Random, *, width: int, height: int) -> Image.Image:
    """Paint hills under a sky, grainy as a photo."""
    rows = numpy.linspace(0, 1, height)[:, None, None]
    sky = numpy.array((90, 150, 215)) * (1 - rows) + numpy.array((235, 225, 205)) * rows
    picture = Image.fromarray(numpy.broadcast_to(sky, (height, width, 3)).astype(numpy.uint8))
    draw = ImageDraw.Draw(picture)
    sun_x, sun_y = rng.uniform(0.2, 0.8) * width, rng.uniform(0.1, 0.3) * height
    draw.ellipse((sun_x - 50, sun_y - 50, sun_x + 50, sun_y + 50), fill=(255, 240, 190))
    xs = numpy.arange(0, width + 8, 8)
    for depth in range(4):
        base, phase = height * (0.5 + depth * 0.12), rng.uniform(0, 6)
        waves = numpy.sin(xs / width * rng.uniform(5, 11) + phase)
        ys = base + height * 0.05 * waves + height * 0.02 * numpy.sin(xs / 37 + phase)
        outline = list(zip(xs.tolist(), ys.tolist(), strict=True))
        shade = (110 - depth * 22, 150 - depth * 26, 120 - depth * 24)
        draw.polygon([(0, height), *outline, (width, height)], fill=shade)
    noise = numpy.random.default_rng(rng.getrandbits(32)).normal(0, 7, (height, width, 3))
    grainy = (numpy.asarray(picture.filter(ImageFilter.GaussianBlur(1.5))) + noise).clip(0, 255)
    return Image.fromarray(grainy.astype(numpy.uint8))


def make_texture(rng: random.Random, *, size_px: tuple[int, int], paper: Colour) -> Image.Image:
    """Make the faint texture of empty paper."""
    noise = numpy.random.default_rng(rng.getrandbits(32)).normal(0, 1.5, (*size_px[::-1], 1))
    return Image.fromarray((numpy.array(paper) + noise - 3).clip(0, 255).astype(numpy.uint8))


def compose_landscape(order: PaperOrder, rng: random.Random) -> Composition:
    """Fill the picture with a landscape."""
    values, looks = split_generator(rng)
    width, height = looks.choice(((1280, 960), (960, 1280), (1600, 900)))
    sheet = Sheet(width, height, scale=1.0, dpi=96, lettering=draw_lettering(order, looks))
    make = partial(make_landscape, width=width, height=height)
    sheet.place(make, looks, 0, 0, (width, height))
    return Composition(sheet=sheet, printed={}, declared=_declare_something(order, values))


def compose_chat(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out the screenshot of a chat on a phone."""
    values, looks = split_generator(rng)
    sheet = draw_screen(order, looks, 414, 820)
    sheet.paper = (237, 237, 237)
    sheet.rectangle(0, 0, 414, 84, fill=(246, 246, 246))
    sheet.write(16, 12, f"{looks.randint(8, 22)}:{looks.randint(10, 59)}", 14)
    sheet.write(398, 12, f"{looks.randint(15, 99)}%", 13, align="right")
    sheet.write(
        207, 48, looks.choice(("教务通知群(58)", "班主任", "学习中心咨询")), 18, align="center"
    )
    y = 104.0
    start = looks.randrange(3)
    for number, words in enumerate(_CHAT[start:]):
        mine = (number + start) % 2 == 0
        lines = [words[at : at + 14] for at in range(0, len(words), 14)]
        wide = max(sheet.measure(line, 16) for line in lines) + 26
        left = 414 - 66 - wide if mine else 66.0
        high = 18 + 23 * len(lines)
        sheet.rectangle(
            left,
            y,
            left + wide,
            y + high,
            fill=_GREEN_BUBBLE if mine else (255, 255, 255),
            radius=7,
        )
        avatar = 414 - 54 if mine else 14
        shade = (90, 140, 190) if mine else (200, 150, 90)
        sheet.rectangle(avatar, y, avatar + 40, y + 40, fill=shade, radius=5)
        for line_number, line in enumerate(lines):
            sheet.write(left + 13, y + 11 + 23 * line_number, line, 16)
        y += high + 22
    mark_specimen(sheet, looks, (14, 796))
    return Composition(sheet=sheet, printed={}, declared=_declare_something(order, values))


def compose_blank(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out an empty page with the faint texture of paper."""
    values, looks = split_generator(rng)
    sheet = draw_sheet(order, looks, 210, 297, dpis=(120, 150))
    make = partial(make_texture, size_px=sheet.size_px, paper=sheet.paper)
    sheet.place(make, looks, 0, 0, sheet.size_px)
    return Composition(sheet=sheet, printed={}, declared=_declare_something(order, values))


def compose_identity_card(order: PaperOrder, rng: random.Random) -> Composition:
    """Lay out a card with personal data that resembles no real document: SPECIMEN across it."""
    values, looks = split_generator(rng)
    sheet = draw_sheet(order, looks, 86, 54, dpis=(300, 350))
    person = order.person
    sheet.rectangle(0, 0, 86, 54, fill=(226, 236, 244))
    sheet.rectangle(0, 0, 86, 7, fill=(80, 120, 170))
    sheet.write(43, 1.6, "样例身份卡  SPECIMEN", 3.6, colour=(255, 255, 255), align="center")
    rows = (
        ("姓名", person.name),
        ("性别", person.sex),
        ("出生", f"{person.birth_date:%Y年%m月%d日}"),
        ("住址", "样例省示例市虚构路1号"),
    )
    y = 11.0
    for label, value in rows:
        sheet.write(5, y, label, 3.0, colour=(80, 120, 170))
        sheet.write(16, y, value, 3.2, fits=40)
        y += 6.5
    sheet.write(5, 45, "证件号码", 3.0, colour=(80, 120, 170))
    sheet.write(22, 44.8, person.id_number, 3.6)
    add_photo(sheet, looks, 61, 11, 20, 26, sex=person.sex)
    sheet.write(70, 49.5, "虚构证件 不具效力", 2.2, colour=GREY, align="center")
    return Composition(sheet=sheet, printed={}, declared=_declare_something(order, values))


KINDS = tuple(
    PaperKind(certificate_type=UNKNOWN, layout=layout, is_certificate=False, compose=compose)
    for layout, compose in (
        ("unknown-landscape", compose_landscape),
        ("unknown-chat", compose_chat),
        ("unknown-blank", compose_blank),
        ("unknown-identity-card", compose_identity_card),
    )
)
