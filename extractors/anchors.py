"""Find values by their printed labels.

A label is found in the text of a page; its value stands after it on the same row, or, in a table,
below it. Nothing here searches a page for a value it hopes to see.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from domain.certificates import FieldName
from domain.extraction import ExtractedValue
from extractors.layout import LINE_BREAK, ROW_BREAK, PageText, PlacedLine, fold

HAN = r"[\u2e80-\u2fdf\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff]"
# The dot inside a name; where it is faint it is skimmed as a hyphen.
DOT = r"[·•・‧∙⋅.-]"
# Words that begin the next label when two stand on one line without a gap.
NEXT_LABEL = (
    r"(?:性\s?别|学\s?校|证\s?件|身\s?份|准\s?考|出\s?生|专\s?业|考\s?试|考\s?生|层\s?次|院\s?校|院\s?系"
    r"|民\s?族|成\s?绩|学\s?号|年\s?级|系\s|于\s?[12]|同学|同志|参\s?加|照\s?片|毕\s?业|课\s?程|编\s?号"
    r"|听\s?力|总\s?分|报\s?告|语\s?种|等\s?级|级\s?别|证\s?书|类\s?别|科\s?目|日\s?期|时\s?间)"
)
# No name begins with a label's word, or as sentences about the paper do.
_NO_NAMES = (
    "姓名 性别 学校 学院 大学 证件 身份 居民 准考 出生 专业 考试 考生 考号 考籍 层次 "
    "院校 院系 民族 成绩 学号 学生 年级 照片 毕业 课程 编号 听力 阅读 写作 总分 总成 "
    "分数 得分 口试 笔试 报告 语种 语言 等级 级别 证书 类别 科目 日期 时间 单位 国籍 "
    "序号 名称 备注 手机 电话 发证 签发 颁发 主考 本人 本证 本书 本次 本科 本考 该证 "
    "该生 该考 现已 已经 曾经 顺利 成功 经过 兹证 特此 全国 高等 教育 同学 先生 女士 "
)
NO_NAME = "(?!" + "|".join(" ?".join(word) for word in _NO_NAMES.split()) + ")"
NAME = (
    rf"{NO_NAME}{HAN}(?:[ ]?(?:{HAN}|{DOT}(?={HAN}))){{1,24}}?"
    rf"(?=[ ]*{NEXT_LABEL}|[ ]*(?!{HAN}|{DOT} ?{HAN})[^ ]|[ ]*$|[\t\n])"
)
ID_NUMBER = (
    r"(?<![\dA-Za-z])\d(?: ?\d){16} ?[\dXx](?!\d)|(?<![\dA-Za-z])\d{2,6}\*{4,}\d*[\dXx](?!\d)"
)
# A single digit behind a letter is that letter misread (Tota1), or a level (CET4).
SCORE = (
    r"(?:(?<![\dA-Za-z])|(?<=[A-Za-z])(?=\d\d))(?<!\d\.)\d{1,3}(?:\.\d)?"
    r"(?!\d|\.\d| ?%|[年月]|-\d|/(?! ?(?:710|249|212|142|150|100|70)(?!\d)))"
)
GRADE = (
    r"(?:不合格|合格|良好|优秀|不及格|及格|优|良|[Pp]ass(?:ed)?|[Gg]ood|[Ee]xcellent"
    r"|PASS|GOOD|EXCELLENT)(?![a-z])(?![证者线]|分数|标准|及?以上| ?[、或和/] ?[优良合不及])"
)
# Letters and digits as certificates other than CET number themselves; the format is not known.
FREE_NUMBER = (
    r"(?<![\dA-Za-z])(?!N[o°]?[ .:])(?!(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?!\d))"
    r"(?=[A-Za-z\d -]*\d)[A-Za-z\d](?:[ -]?[A-Za-z\d]){5,24}"
)
MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
NUMERALS = "〇零○一二三四五六七八九十"
ENGLISH_DATE = (
    rf"(?:{MONTHS} ?(?:\d{{1,2}},? ?)?,? ?(?:19|20)\d\d|\d{{1,2}} ?{MONTHS},? ?(?:19|20)\d\d)"
)
DATE = (
    r"(?:(?:19|20)\d ?\d ?年 ?\d ?\d? ?月(?: ?\d ?\d? ?日)?"
    rf"|[{NUMERALS}]{{4}}年[{NUMERALS}]{{1,3}}月(?:[{NUMERALS}]{{1,3}}日)?"
    r"|(?:19|20)\d\d ?[-./] ?\d{1,2}(?: ?[-./] ?\d{1,2})?(?!\d)"
    rf"|{ENGLISH_DATE}"
    r"|(?:19|20)\d\d年[上下]半年"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?!\d))"
)
# What may stand between a label and its value: the label in English, a weight, full marks, then
# punctuation, leaders, No. Words after a colon are a value or another label.
_WEIGHT = r"\((?:满分|占)?:?\d{1,3}[%分]?分?\)|\d{1,3} ?%|满分:?\d{2,3}分?"
# Each piece can be read in one way only (++ gives nothing back): hostile pages cost no time.
# A single letter before a colon is what was read of a word in another alphabet.
_ENGLISH = (
    r"\([A-Za-z][A-Za-z ./&'-]*\)|(?!N[o°O]?[ .:\d])[A-Za-z][A-Za-z./&'-]++1?"
    r"|(?!N)[A-Za-z](?=[ \t]*:)"
)
_POINTS = r"[ \t]|[)\]】』」.;,_—|/·…、\"“”]|-(?!-)|N(?:[o°O](?=[ .:\d])|(?=[ .:]))"
BETWEEN = rf"(?:{_POINTS}|{_WEIGHT}|{_ENGLISH})*?(?::(?:{_POINTS}|:|{_WEIGHT})*?)?"
# An English label's own end; any other word makes it another label (Date of Birth).
_ENGLISH_END = (
    r"(?:(?<=[A-Za-z])(?:[ \t]*(?:Comprehension|Scores?|Points|Part|Section|Test|and|&"
    r"|Translation|Communication|Number|No))*(?![ \t]*(?:of|in|for)?[ \t]*[A-Za-z])|(?<![A-Za-z]))"
)
# Words that, between a label and a value, show that the value is another label's.
_OTHER_LABELS: dict[FieldName, str] = {
    FieldName.NAME: r"School|Universit|College|Depart|Teacher|Course|Book|Gender|Sex|Major",
    FieldName.CERTIFICATE_NUMBER: r"\bID|Ticket|Admission|Candidate|Student|Regist|Date|Tel",
    FieldName.ID_NUMBER: r"Ticket|Admission|Candidate|Student|Certificate|Report",
    FieldName.ADMISSION_TICKET: r"\bID|Certificate|Report",
    FieldName.DATE: r"Birth|Issu|Print|\bID|Valid",
    FieldName.ISSUE_DATE: r"Birth|Print|Test|Exam",
    FieldName.SCORE: r"Listen|Read|Writ|Transl|Speak|Oral|\bID|\bNo|Date|Full",
}
# Headings over figures that are no results.
_NO_RESULT = re.compile(r"满分|权重|比例|占比|比重|百分|分值|Weight|Full|(?i:maximum)")
BELOW_REACH = 4.5
# Print that is read with less confidence is no row of a table.
LEGIBLE = 0.6
# So far below a label another value shows that it heads a table of several rows.
TABLE_REACH = 3 * BELOW_REACH
_RESULT = re.compile(r"(?:实际|考试|卷面)?(?:得分|成绩|分数)(?: ?Score)?|Scores?")
LONGEST_HEADING = 12
# How far above a cell its column's heading may stand, in heights of its type.
HEADING_REACH = 25.0
# A value may stand this far (in heights of type) out of its heading's edge and still belong to it.
ALIGNED = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """How one field is found: labels as printed (spaces do not count) and the value's shape.

    `below` allows a value under its label (tables); `right` one after it. `not_after` are texts
    that, standing directly before a label, make it another one (准考证 before 编号). `wraps` allows
    the value at the beginning of the next row, as in running text. `full_marks` is the most that
    can be reached: printed beside results everywhere, it is never taken for one.
    """

    field: FieldName
    labels: tuple[str, ...]
    value: str
    right: bool = True
    below: bool = False
    not_after: tuple[str, ...] = ()
    wraps: bool = False
    full_marks: str = ""


def find(
    page: PageText, anchors: Sequence[Anchor], without_rows: Container[int] = ()
) -> tuple[ExtractedValue, ...]:
    """Return every value that stands at one of its labels, in the anchors' order.

    Labels in `without_rows` (headings of a table with many rows) are passed over.
    """
    values: dict[tuple[FieldName, str, float, float], ExtractedValue] = {}
    for anchor in anchors:
        for value in _values(page, anchor, anchors, without_rows):
            box = value.evidence.bbox
            values.setdefault((value.field, value.text, box.left, box.top), value)
    return tuple(values.values())


def has_label(page: PageText, anchors: Sequence[Anchor], field: FieldName) -> bool:
    """Return whether a label of the field is printed at all."""
    return any(True for _ in find_labels(page, anchors, field))


def find_labels(
    page: PageText, anchors: Sequence[Anchor], field: FieldName
) -> Iterator[tuple[int, int]]:
    """Yield where in the page's text the labels of a field stand: start and end."""
    for anchor in anchors:
        if anchor.field is field:
            yield from _labels(page, anchor)


def _values(
    page: PageText, anchor: Anchor, anchors: Sequence[Anchor], without_rows: Container[int]
) -> Iterator[ExtractedValue]:
    for start, end in _labels(page, anchor):
        spot = page.glyphs[start]
        if spot is not None and spot[0] in without_rows:
            continue
        beside = _right_of(page, anchor, end) if anchor.right else None
        if beside is not None and _is_of_another(page, anchor, (start, end), beside, anchors):
            continue
        value = page.value(anchor.field, *beside) if beside is not None else None
        if value is None and anchor.below:
            value = _below(page, anchor, *_last_cell(page, start, end))
        if value is not None:
            yield value


def _last_cell(page: PageText, start: int, end: int) -> tuple[int, int]:
    """Return the end of a label broken in two cells: it heads the column."""
    return max(start, page.text.rfind(LINE_BREAK, start, end) + 1), end


def _is_of_another(
    page: PageText,
    anchor: Anchor,
    label: tuple[int, int],
    value: tuple[int, int],
    anchors: Sequence[Anchor],
) -> bool:
    """Return whether what stands in a cell after a label may belong to a label of another row.

    Where paper bulges, a heading comes to lie level with results of other columns: then one stands
    under this label too, or another label right above the figure.
    """
    cell, start = page.placed_at(value[0]), page.placed_at(label[1] - 1)
    if cell is None or start is None or cell is start:
        return False
    on_next_row = ROW_BREAK in page.text[label[1] : value[0]]
    overlaps = cell.left_px < (start.left_px + start.right_px) / 2
    if not on_next_row and (overlaps or not page.is_level(start, cell)):
        return True
    if SCORE not in anchor.value:
        return False
    own = _below(page, anchor, *_last_cell(page, *label))
    if own is not None and own.evidence.bbox != page.line_value(anchor.field, cell).evidence.bbox:
        return True
    over = _nearest_over(page, cell)
    if over is None:
        return False
    heading = re.sub(r"\([^()]*\)?$|[: ]", "", fold(over.line.text))
    return any(
        other.field is not anchor.field
        and SCORE in other.value
        and _label_pattern(other.labels).fullmatch(heading)
        for other in anchors
    )


def _nearest_over(page: PageText, cell: PlacedLine) -> PlacedLine | None:
    """Return the line directly over the middle of a cell, None where none is near."""
    middle = (cell.left_px + cell.right_px) / 2
    over = [
        placed
        for row in page.rows
        for placed in row
        if placed.left_px < middle < placed.right_px
        and 0.5 * cell.height_px < cell.centre_px - placed.centre_px < 2.2 * cell.height_px
    ]
    return max(over, key=lambda placed: placed.centre_px, default=None)


def _labels(page: PageText, anchor: Anchor) -> Iterator[tuple[int, int]]:
    for match in _label_pattern(anchor.labels).finditer(page.text):
        start, end = match.span("label")
        if not _is_part_of_another(page.text, start, match["label"], anchor):
            yield start, end


def _is_part_of_another(text: str, start: int, label: str, anchor: Anchor) -> bool:
    """Return whether what stands before a label makes it the end of another one."""
    line_start = max(text.rfind(ROW_BREAK, 0, start), text.rfind(LINE_BREAK, 0, start)) + 1
    before = text[line_start:start]
    if _EXPLANATION.match(before) and anchor.field is not FieldName.NOTE:
        return True
    joined = re.sub(r"[ /.|(]", "", before).casefold()
    if _ends_with_any(joined, anchor.not_after):
        return True
    general = re.sub(r"[ \t]", "", label) in _GENERAL_LABELS
    if not general or _ends_with_any(joined, anchor.labels):
        return False
    if re.search(r"\d ?[年月日分]$", before):
        return False
    if re.search(rf"(?:{HAN}|[A-Za-z])$", before):
        return True
    if before.endswith("  "):
        return False
    # After a space the word before is a value if its own label ended with a colon.
    word = re.search(rf"(?:{HAN}|[A-Za-z.·]| (?! ))+$", before.removesuffix(" "))
    return word is not None and not re.search(r"[:\d)] *$", before[: word.start()])


def _ends_with_any(joined: str, labels: tuple[str, ...]) -> bool:
    return joined.endswith(tuple(map(_joined, labels)))


@cache
def _joined(label: str) -> str:
    return re.sub(r"[ /.]", "", fold(label)).casefold()


# What follows explains papers of this sort; its words are no labels of values.
_EXPLANATION = re.compile(
    r" *(?:注|说 ?明|备 ?注|附 ?注|提示|温馨提示|(?i:notes?|remarks?)) *[:\d(]"
)
# Words that end many labels: alone they are labels, after another word they are that one's end.
_GENERAL_LABELS = frozenset(
    ("编号", "No", "NO", "成绩", "分数", "得分", "等级", "Score", "Date", "Name", "Grade", "Result",
     "Total", "课程", "ID", "证书号", "Level")
)  # fmt: skip


@cache
def _label_pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(labels, key=len, reverse=True)
    body = "|".join(_spaced(label) for label in longest_first)
    return re.compile(rf"(?P<label>{body})")


def _spaced(label: str) -> str:
    folded = fold(label)
    body = r"[ \t]{0,6}".join(re.escape(character) for character in folded if character != " ")
    if folded[0].isascii() and folded[0].isalpha():
        body = rf"(?<![A-Za-z]){body}"
    if folded[-1].isascii() and folded[-1].isalpha():
        body = rf"{body}(?![a-z])"
    return body


def _right_of(page: PageText, anchor: Anchor, end: int) -> tuple[int, int] | None:
    """Return where in the page's text the value after a label stands."""
    match = _right_pattern(anchor.value, anchor.wraps).match(page.text, end)
    while match is not None:
        start, value_end = match.span("value")
        other = _OTHER_LABELS.get(anchor.field)
        if other and re.search(other, page.text[end:start]):
            return None
        text = page.text[start:value_end]
        if text != anchor.full_marks and not _is_no_result(page, end - 1, start):
            return start, value_end
        match = _right_pattern(anchor.value, anchor.wraps).match(page.text, value_end)
    return None


@cache
def _right_pattern(value: str, wraps: bool) -> re.Pattern[str]:
    row_break = r"\n?" if wraps else ""
    return re.compile(rf"{_ENGLISH_END}{BETWEEN}{row_break}(?P<value>{value})")


def _is_no_result(page: PageText, label_at: int, value_at: int) -> bool:
    """Return whether a figure stands in a table's column for full marks or weights.

    Where that heading was not read, the one over a figure further right says where results are.
    """
    label, value = page.placed_at(label_at), page.placed_at(value_at)
    if label is None or value is None or label is value:
        return False
    own = _heading_over(page, value)
    if _NO_RESULT.search(own):
        return True
    row = next(row for row in page.rows if any(item is value for item in row))
    further = [item for item in row if item.left_px > value.right_px]
    return not _RESULT.fullmatch(own) and any(
        re.fullmatch(rf"{SCORE}分?", fold(item.line.text).strip())
        and _RESULT.fullmatch(_heading_over(page, item))
        for item in further
    )


def _heading_over(page: PageText, cell: PlacedLine) -> str:
    """Return the heading of a table's column, "" where none stands over the cell."""
    above = [
        (cell.centre_px - placed.centre_px, placed)
        for row in page.rows
        for placed in row
        if 0.5 * cell.height_px < cell.centre_px - placed.centre_px < HEADING_REACH * cell.height_px
        and placed.left_px < cell.right_px
        and placed.right_px > cell.left_px
    ]
    for _, placed in sorted(above, key=lambda pair: pair[0]):
        text = fold(placed.line.text).strip()
        if not re.fullmatch(r"[\d.%\s-]+", text):
            return text if len(text) <= LONGEST_HEADING else ""
    return ""


# What may follow a label in a column's heading: a weight, full marks, an English name.
_HEADING = re.compile(r"[ A-Za-z.:&/%()\d满分-]*")
# A heading's second line: its weight, or its name in English.
_SUBHEADING = re.compile(
    r"\(?\d{1,3} ?%\)?|\(\d{2,3} ?[%\d]{1,2}\)?"  # the sign is read as 96, or twice
    r"|\((?:满分)?\d{1,3}分?\)|[A-Za-z][A-Za-z1 .&/-]{3,}[ (]*(?:\d{1,2}%\)?)?"
)


def _last_index(page: PageText, end: int) -> int:
    """Return the index, in its line, of the character after `text[:end]`."""
    spot = page.glyphs[end - 1]
    return 0 if spot is None else spot[2] + 1


def _below(page: PageText, anchor: Anchor, start: int, end: int) -> ExtractedValue | None:
    """Return the nearest line under a label, if it has the value's shape and none follows it.

    Two in one column are a table with several rows, where a heading labels no single value.
    """
    label = page.placed_at(start)
    if label is None:
        return None
    left, right = page.span_px(start, end)
    text = fold(label.line.text)
    first = page.glyphs[start]
    if _HEADING.fullmatch(text[_last_index(page, end) :]):
        right = max(right, label.right_px)  # "听力 (35%)": the value stands under all of it
        if first is not None and _HEADING.fullmatch(text[: first[2]]):
            left = min(left, label.left_px)
    found: PlacedLine | None = None
    above = label
    for placed in _column(page, label, left, right):
        text = fold(placed.line.text).strip()
        is_value = re.fullmatch(anchor.value, text) is not None
        if is_value and (text == anchor.full_marks or _begins_with(page, placed, _NO_RESULT)):
            above = placed
            continue
        if found is not None:
            if is_value and placed.line.confidence < LEGIBLE:
                continue  # strokes of a seal, taken for a figure
            return None if is_value else page.line_value(anchor.field, found)
        if placed.centre_px - above.centre_px >= BELOW_REACH * label.height_px:
            return None
        if is_value:
            found = placed
        elif not _SUBHEADING.fullmatch(text):
            return None
    return None if found is None else page.line_value(anchor.field, found)


def _begins_with(page: PageText, placed: PlacedLine, heading: re.Pattern[str]) -> bool:
    """Return whether a line's row begins with a heading of its own that matches."""
    row = next(row for row in page.rows if any(item is placed for item in row))
    return row[0] is not placed and bool(heading.search(fold(row[0].line.text)))


def _column(page: PageText, label: PlacedLine, left: float, right: float) -> Iterator[PlacedLine]:
    """Yield the lines under a label, nearest first, as far as a table's next rows may stand."""
    below = []
    margin = 0.5 * label.height_px
    for placed in (placed for row in page.rows for placed in row):
        distance = placed.centre_px - label.centre_px
        if not 0.5 * label.height_px < distance < TABLE_REACH * label.height_px:
            continue
        if not (placed.left_px < right and placed.right_px > left):
            continue
        centre = (placed.left_px + placed.right_px) / 2
        reach = ALIGNED * label.height_px
        aligned = min(
            abs(placed.left_px - left),
            abs(placed.right_px - right),
            abs(centre - (left + right) / 2),
        )
        if left - margin < centre < right + margin or aligned < reach:
            below.append((distance, placed))
    for _, placed in sorted(below, key=lambda item: item[0]):
        yield placed
