"""What surrounds a paper that was not photographed alone: phone screens, windows, cover pages.

All words here belong to the frame. None is a label or a number of a certificate, and no frame
names the applicant.
"""

import random

from PIL import Image, ImageDraw, ImageFont

from benchmarks.samples.fonts import Face

_SANS = Face(file="noto/NotoSansCJK-Regular.ttc", index=2, thicken=False)
_SERIF = Face(file="noto/NotoSerifCJK-Regular.ttc", index=2, thicken=False)
_Colour = tuple[int, int, int]

_PHONE_TITLES = ("文件预览", "成绩单.pdf", "PDF阅读", "微信文件", "外语成绩证明.pdf")
_WINDOW_TITLES = ("成绩单.pdf - PDF 阅读器", "外语成绩证明.pdf", "文档查看器")
_BROWSER_TITLES = ("网页", "浏览器", "微信")
_COVERS = (
    (
        "学位外语成绩认定材料",
        (
            "附件：外语成绩证明（见下页）",
            "本人承诺所提交的材料真实、有效，如有不实，愿意承担相应责任。",
            "材料共二页，第二页为外语成绩证明。",
        ),
    ),
    (
        "情况说明",
        (
            "继续教育学院：",
            "现提交本人学位外语成绩认定所需材料，请予审核。",
            "由于原件保存时间较长，个别位置略有褪色，不影响辨认。",
            "特此说明。",
        ),
    ),
    (
        "学位外语认定须知",
        (
            "一、请在规定时间内登录平台提交材料，逾期不再受理。",
            "二、上传的图片或文件应当清晰、完整，不得遮挡、涂改。",
            "三、文件格式为jpg、png、pdf，大小控制在1M以内。",
            "四、审核结果请在申请时间截止后登录平台查询。",
        ),
    ),
)


def draw_phone_screen(
    page: Image.Image, rng: random.Random, *, in_browser: bool = False
) -> Image.Image:
    """Return a phone's screen, 1080 px wide, with `page` filling its width.

    The page is in a file viewer, or in a browser where it is a web page.
    """
    width = 1080
    shown = _fit_width(page, width - 2 * rng.choice((0, 0, 12)))
    bar_height, title_height, foot_height = 72, 130, 132
    body_height = max(shown.height + 2 * rng.randint(10, 60), rng.choice((1700, 1860)))
    dark = rng.random() < 0.2
    chrome: _Colour = (32, 33, 36) if dark else (248, 248, 248)
    ink: _Colour = (235, 235, 235) if dark else (25, 25, 25)
    back: _Colour = (20, 20, 20) if dark else rng.choice(((235, 235, 235), (214, 216, 218)))
    screen = Image.new("RGB", (width, bar_height + title_height + body_height + foot_height), back)
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, width, bar_height + title_height), fill=chrome)
    _draw_status_bar(draw, width, ink, rng)
    middle = bar_height + title_height // 2
    draw.line([(62, middle - 20), (42, middle), (62, middle + 20)], fill=ink, width=5)
    title = rng.choice(_BROWSER_TITLES if in_browser else _PHONE_TITLES)
    draw.text((width / 2, middle), title, fill=ink, font=_SANS.at(44), anchor="mm")
    for step in (-16, 0, 16):
        draw.ellipse((1010 + step - 4, middle - 4, 1010 + step + 4, middle + 4), fill=ink)
    top = bar_height + title_height + (body_height - shown.height) // 2
    screen.paste(shown, ((width - shown.width) // 2, top))
    foot = screen.height - foot_height
    draw.rectangle((0, foot, width, screen.height), fill=chrome)
    for place, word in zip((180, 540, 900), ("转发", "收藏", "更多"), strict=True):
        draw.text((place, foot + 52), word, fill=ink, font=_SANS.at(34), anchor="mm")
    draw.rounded_rectangle(
        (390, screen.height - 22, 690, screen.height - 14), radius=4, fill=(150, 150, 150)
    )
    return screen


def draw_window(page: Image.Image, rng: random.Random, *, in_browser: bool = False) -> Image.Image:
    """Return a viewer's or browser's window on a computer with the whole `page` in it."""
    wide = page.width >= page.height
    shown = _fit_width(page, rng.randint(1180, 1320) if wide else rng.randint(860, 940))
    side, head = rng.choice((40, 120, 220)), 96
    width, height = shown.width + 2 * side, shown.height + head + rng.randint(50, 110)
    back = rng.choice(((82, 86, 89), (204, 206, 209), (230, 230, 230)))
    window = Image.new("RGB", (width, height), back)
    draw = ImageDraw.Draw(window)
    draw.rectangle((0, 0, width, 44), fill=(222, 225, 230))
    draw.text(
        (18, 22),
        rng.choice(_BROWSER_TITLES if in_browser else _WINDOW_TITLES),
        fill=(40, 40, 40),
        font=_SANS.at(20),
        anchor="lm",
    )
    for number, mark in enumerate(("×", "□", "—")):
        place = (width - 28 - 46 * number, 22)
        draw.text(place, mark, fill=(60, 60, 60), font=_SANS.at(22), anchor="mm")
    draw.rectangle((0, 44, width, head), fill=(245, 246, 247))
    tools = f"＋   －   {rng.choice(('100%', '125%', '90%'))}   打印   保存"
    draw.text((18, 70), tools, fill=(70, 70, 70), font=_SANS.at(18), anchor="lm")
    window.paste(shown, (side, head + 24))
    return window


def draw_cover_page(rng: random.Random) -> Image.Image:
    """Return an A4 page of text at 150 dpi (1240 x 1754 px) that is no certificate."""
    page = Image.new("RGB", (1240, 1754), (255, 255, 255))
    draw = ImageDraw.Draw(page)
    face = rng.choice((_SANS, _SERIF))
    title, paragraphs = rng.choice(_COVERS)
    draw.text((620, 300), title, fill=(15, 15, 15), font=face.at(54), anchor="mm")
    top = 460
    for paragraph in paragraphs:
        for line in _wrap(paragraph, face.at(32), 920):
            draw.text((160, top), line, fill=(25, 25, 25), font=face.at(32))
            top += 58
        top += 16
    draw.text((1080, 1420), "2024年3月", fill=(25, 25, 25), font=face.at(32), anchor="rm")
    return page


def _draw_status_bar(
    draw: ImageDraw.ImageDraw, width: int, ink: _Colour, rng: random.Random
) -> None:
    clock = f"{rng.randint(8, 22):02d}:{rng.randint(0, 59):02d}"
    draw.text((48, 38), clock, fill=ink, font=_SANS.at(32), anchor="lm")
    charge = rng.randint(15, 100)
    draw.rounded_rectangle((width - 110, 24, width - 52, 52), radius=6, outline=ink, width=3)
    draw.rectangle((width - 105, 29, width - 105 + round(48 * charge / 100), 47), fill=ink)
    draw.text((width - 130, 38), rng.choice(("5G", "4G")), fill=ink, font=_SANS.at(26), anchor="rm")
    for bar in range(4):
        left = width - 230 + 12 * bar
        draw.rectangle((left, 46 - 6 * bar, left + 7, 52), fill=ink)


def _fit_width(page: Image.Image, width: int) -> Image.Image:
    height = round(page.height * width / page.width)
    return page.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for character in text:
        if font.getlength(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines
