"""Find values by their printed labels.

A label is found in the text of a page; its value stands after it on the same row, or, in a table,
below it. Nothing here searches a page for a value it hopes to see.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from domain.certificates import FieldName
from domain.extraction import ExtractedValue
from extractors.layout import PageText, PlacedLine, fold

HAN = r"[\u2e80-\u2fdf\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff]"
DOT = r"[·•・‧∙⋅.]"
# Words that begin the next label when two stand on one line without a gap.
NEXT_LABEL = (
    r"(?:性\s?别|学\s?校|证\s?件|身\s?份|准\s?考|出\s?生|专\s?业|考\s?试|考\s?生|层\s?次|院\s?校|院\s?系"
    r"|民\s?族|成\s?绩|学\s?号|年\s?级|系\s|于\s?[12]|同学|同志|参\s?加|照\s?片|毕\s?业|课\s?程|编\s?号)"
)
NAME = (
    rf"{HAN}(?:[ ]?(?:{HAN}|{DOT}(?={HAN}))){{1,24}}?"
    rf"(?=[ ]*{NEXT_LABEL}|[ ]*[^\u3400-\u9fff ·]|[ ]*$|[\t\n])"
)
ID_NUMBER = (
    r"(?<![\dA-Za-z])\d(?: ?\d){16} ?[\dXx](?!\d)|(?<![\dA-Za-z])\d{2,6}\*{4,}\d*[\dXx](?!\d)"
)
SCORE = r"(?<![\d.])\d{1,3}(?:\.\d)?(?![\d.%年/-])"
GRADE = (
    r"(?:不合格|合格|良好|优秀|不及格|及格|优|良|[Pp]ass(?:ed)?|[Gg]ood|[Ee]xcellent"
    r"|PASS|GOOD|EXCELLENT)"
)
# Letters and digits as certificates other than CET number themselves; the format is not known.
FREE_NUMBER = (
    r"(?<![\dA-Za-z])(?!N[o°]?[ .:])(?=[A-Za-z\d -]*\d)[A-Za-z\d](?:[ -]?[A-Za-z\d]){5,24}"
)
MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
NUMERALS = "〇零○一二三四五六七八九十"
DATE = (
    r"(?:(?:19|20)\d ?\d ?年 ?\d ?\d? ?月(?: ?\d ?\d? ?日)?"
    rf"|[{NUMERALS}]{{4}}年[{NUMERALS}]{{1,3}}月(?:[{NUMERALS}]{{1,3}}日)?"
    r"|(?:19|20)\d\d ?[-./] ?\d{1,2}(?: ?[-./] ?\d{1,2})?(?!\d)"
    rf"|{MONTHS} ?(?:\d{{1,2}},? ?)?(?:19|20)\d\d"
    rf"|\d{{1,2}} ?{MONTHS},? ?(?:19|20)\d\d"
    r"|(?:19|20)\d\d年[上下]半年"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?!\d))"
)
# What may stand between a label and its value: an English label, a weight, punctuation.
BETWEEN = (
    r"(?:[ \t]|[:.;,_—|]|-(?!-)|\((?:满分)?:?\d{1,3}[%分]?分?\)|\d{1,2}%"
    r"|\([A-Za-z][A-Za-z ./&'-]*\)|[A-Za-z][A-Za-z./&'-]+|N[o°]?(?=[ .:]))*?"
)
BELOW_REACH = 4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """How one field is found: labels as printed (spaces do not count) and the value's shape.

    `below` allows a value under its label (tables); `right` one after it. `not_after` are texts
    that, standing directly before a label, make it another one (准考证 before 编号). `wraps` allows
    the value at the beginning of the next row, as in running text.
    """

    field: FieldName
    labels: tuple[str, ...]
    value: str
    right: bool = True
    below: bool = False
    not_after: tuple[str, ...] = ()
    wraps: bool = False


def find(page: PageText, anchors: Sequence[Anchor]) -> tuple[ExtractedValue, ...]:
    """Return every value that stands at one of its labels, in the anchors' order."""
    values: dict[tuple[FieldName, str, float, float], ExtractedValue] = {}
    for anchor in anchors:
        for value in _values(page, anchor):
            box = value.evidence.bbox
            values.setdefault((value.field, value.text, box.left, box.top), value)
    return tuple(values.values())


def has_label(page: PageText, anchors: Sequence[Anchor], field: FieldName) -> bool:
    """Return whether a label of the field is printed at all."""
    return any(True for anchor in anchors if anchor.field is field for _ in _labels(page, anchor))


def _values(page: PageText, anchor: Anchor) -> Iterator[ExtractedValue]:
    for start, end in _labels(page, anchor):
        value = _right_of(page, anchor, end) if anchor.right else None
        if value is None and anchor.below:
            value = _below(page, anchor, start, end)
        if value is not None:
            yield value


def _labels(page: PageText, anchor: Anchor) -> Iterator[tuple[int, int]]:
    for match in _label_pattern(anchor.labels, anchor.not_after).finditer(page.text):
        yield match.span("label")


@cache
def _label_pattern(labels: tuple[str, ...], not_after: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(labels, key=len, reverse=True)
    body = "|".join(_spaced(label) for label in longest_first)
    unwanted = "".join(f"(?<!{re.escape(fold(text))})" for text in not_after)
    return re.compile(rf"{unwanted}(?P<label>{body})")


def _spaced(label: str) -> str:
    folded = fold(label)
    body = r"[ \t]{0,3}".join(re.escape(character) for character in folded if character != " ")
    if folded[0].isascii() and folded[0].isalpha():
        body = rf"(?<![A-Za-z]){body}"
    if folded[-1].isascii() and folded[-1].isalpha():
        body = rf"{body}(?![a-z])"
    return body


def _right_of(page: PageText, anchor: Anchor, end: int) -> ExtractedValue | None:
    match = _right_pattern(anchor.value, anchor.wraps).match(page.text, end)
    return page.value(anchor.field, *match.span("value")) if match else None


@cache
def _right_pattern(value: str, wraps: bool) -> re.Pattern[str]:
    row_break = r"\n?" if wraps else ""
    return re.compile(rf"{BETWEEN}{row_break}(?P<value>{value})")


# What may follow a label in a column's heading: a weight, full marks, an English name.
_HEADING = re.compile(r"[ A-Za-z.:&/%()\d满分-]*")
# A heading's second line: its weight, or its name in English.
_SUBHEADING = re.compile(
    r"\(?\d{1,3} ?%\)?|\((?:满分)?\d{1,3}分?\)|[A-Z][A-Za-z1 .&/-]{3,}[ (]*(?:\d{1,2}%\)?)?"
)


def _last_index(page: PageText, end: int) -> int:
    """Return the index, in its line, of the character after `text[:end]`."""
    spot = page.glyphs[end - 1]
    return 0 if spot is None else spot[2] + 1


def _below(page: PageText, anchor: Anchor, start: int, end: int) -> ExtractedValue | None:
    """Return the nearest line under a label, if it has the value's shape."""
    label = page.placed_at(start)
    if label is None:
        return None
    left, right = page.span_px(start, end)
    if _HEADING.fullmatch(fold(label.line.text[_last_index(page, end) :])):
        right = max(right, label.right_px)  # "听力 (35%)": the value stands under all of it
    for placed in _column(page, label, left, right):
        text = fold(placed.line.text).strip()
        if re.fullmatch(anchor.value, text):
            return page.line_value(anchor.field, placed)
        if not _SUBHEADING.fullmatch(text):
            return None
    return None


def _column(page: PageText, label: PlacedLine, left: float, right: float) -> Iterator[PlacedLine]:
    """Yield the lines under a label, nearest first, as far as a heading reaches."""
    below = []
    margin = 0.5 * label.height_px
    for placed in (placed for row in page.rows for placed in row):
        distance = placed.centre_px - label.centre_px
        if not 0.5 * label.height_px < distance < BELOW_REACH * label.height_px:
            continue
        centre = (placed.left_px + placed.right_px) / 2
        overlaps = placed.left_px < right and placed.right_px > left
        if overlaps and left - margin < centre < right + margin:
            below.append((distance, placed))
    for _, placed in sorted(below, key=lambda item: item[0]):
        yield placed
