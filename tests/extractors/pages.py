"""Pages written by hand: lines of text where a test puts them, no pixels and no engine."""

import unicodedata
from collections.abc import Sequence

from domain.page import Line, Page

WIDTH, HEIGHT = 1000, 1400
TYPE_PX = 20.0


def width_of(character: str, height: float) -> float:
    wide = unicodedata.east_asian_width(character) in "WF"
    return height if wide else height / 2


def line(
    x: float,
    y: float,
    text: str,
    *,
    height: float = TYPE_PX,
    confidence: float = 0.99,
    doubts: dict[int, float] | None = None,
    slope: float = 0.0,
) -> Line:
    """Return a line whose left end is centred at (x, y), in pixels.

    `doubts` are confidences of single characters by index, `slope` pixels down per pixel right.
    """
    widths = [width_of(character, height) for character in text]
    length = sum(widths) or 1.0
    centres, passed = [], 0.0
    for width in widths:
        centres.append((passed + width / 2) / length)
        passed += width
    confidences = [(doubts or {}).get(index, confidence) for index in range(len(text))]
    corners = [
        (x, y - height / 2),
        (x + length, y - height / 2 + slope * length),
        (x + length, y + height / 2 + slope * length),
        (x, y + height / 2),
    ]
    return Line(
        text=text,
        quad=tuple((px / WIDTH, py / HEIGHT) for px, py in corners),
        confidence=sum(confidences) / max(1, len(confidences)),
        positions=tuple(centres),
        character_confidences=tuple(confidences),
    )


def page(lines: Sequence[Line]) -> Page:
    return Page(
        file_digest="digest",
        page_number=1,
        width_px=WIDTH,
        height_px=HEIGHT,
        turned_degrees=0,
        mirrored=False,
        lines=tuple(lines),
    )


def printed(*rows: str | tuple[tuple[float, str], ...], title: str = "", top: float = 200) -> Page:
    """Return a page of rows 50 pixels apart; a row is a text, or (x, text) pairs side by side.

    `title` stands above in type twice as large.
    """
    lines = [line(250, 100, title, height=2 * TYPE_PX)] if title else []
    for index, row in enumerate(rows):
        for x, text in ((100.0, row),) if isinstance(row, str) else row:
            lines.append(line(x, top + 50 * index, text))
    return page(lines)


CET_TITLE = "全国大学英语四级考试成绩报告单"
CET_ROWS: tuple[str | tuple[tuple[float, str], ...], ...] = (
    "姓名：阿依古丽·买买提",
    "证件号码：990101199001010015",
    "学校：滨河大学",
    "考试时间：2021年12月",
    ((100.0, "准考证号：990011212104208"), (600.0, "笔试")),
    ((100.0, "总分"), (300.0, "听力(35%)"), (500.0, "阅读(35%)"), (700.0, "写作和翻译(30%)")),
    ((100.0, "452"), (320.0, "150"), (520.0, "160"), (740.0, "142")),
    "成绩报告单编号：212199001000001",
)


def cet_page() -> Page:
    return printed(*CET_ROWS, title=CET_TITLE)
