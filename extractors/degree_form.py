"""Tell a filled 学位申请表 from other papers, and find its values by their printed labels.

A value stands to the right of its label, before the next label of the row, or behind the label in
the same line. Nothing here knows what was declared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

from domain.extraction import Evidence
from domain.page import BoundingBox, Line, Page
from domain.reading import FormReading, FormValue
from extractors.layout import fold

_TITLE = re.compile(r"学位.{0,6}(?:申请表|审批表|审查表|申请书)|学位申请与?审批表")
_TITLE_PART = 0.35  # the title stands in the upper part of the first page
# Printed labels and the column that each answers; schools word some of them in several ways.
LABELS = {
    "姓名": "姓名",
    "姓名拼音": "姓名拼音",
    "性别": "性别",
    "民族": "民族",
    "出生日期": "出生日期",
    "出生年月日": "出生日期",
    "政治面貌": "政治面貌",
    "证件号码": "证件号码",
    "身份证号": "证件号码",
    "身份证号码": "证件号码",
    "学号": "学号",
    "考生号": "考生号",
    "专业": "专业名称",
    "专业名称": "专业名称",
    "本科入学年月": "本科入学年月",
    "入学年月": "本科入学年月",
    "本科毕业年月": "本科毕业年月",
    "毕业年月": "本科毕业年月",
    "论文题目": "论文题目",
    "毕业论文题目": "论文题目",
}
# Other words that end a value: labels whose values are not compared.
_OTHER_LABELS = frozenset(
    {
        *("证件类型", "国家或地区", "学习中心", "层次", "年级", "学习形式", "论文成绩", "导师"),
        *("照片", "学制", "院系", "学院", "班级", "贴照片处", "照片(2寸)", "籍贯", "联合培养单位"),
        *("是否第二学位", "是否主辅修学位", "是否辅修学位", "是否双学士学位", "是否联合学位"),
        *("电子邮箱", "QQ账号", "微信账号", "其他信息", "学位外语成绩", "学位主干课最低成绩"),
        *(
            "平均成绩",
            "平均成绩(不含毕业课程)",
            "学位主干课",
            "学分",
            "成绩",
            "外语证书",
            "语种",
            "编号",
        ),
        *("证书编号", "考试成绩", "取得日期"),
        *("本人申请", "备注", "填表日期"),
    }
)
_BY_LENGTH = sorted(LABELS, key=len, reverse=True)
_INLINE = re.compile(f"({'|'.join(_BY_LENGTH)})[:：] *(.+)")
# How far above and below a label's middle its value may stand, in heights of the label.
_REACH = 1.3
# Labels this much of a height further off than the nearest one stand in the same row as it.
_SAME_ROW = 0.35
_WIDE_GAP = 2.0
# The two characters of a label stand at most so many of their widths apart.
_WIDEST = 4.0
# Lines of one value follow each other at most at so many of their heights.
_LEADING = 0.95
# Specks, and strokes of the portrait, are read with less.
_LEGIBLE = 0.7
# Lines so long (in widths of the page) show how the page lies.
_LONG = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A line and its box as on a page that lies straight."""

    line: Line
    box: BoundingBox


def find_form(pages: Sequence[Page]) -> FormReading | None:
    """Return what a form shows, None where the first page is no 学位申请表."""
    if not pages:
        return None
    title = next(filter(None, (_title(line) for line in _lines(pages[0]))), "")
    if not title:
        return None
    values: dict[str, FormValue] = {}
    for page in pages:
        for value in _values(page):
            values.setdefault(value.column, value)
    return FormReading(title=title, values=tuple(values.values()))


def _lines(page: Page) -> tuple[Line, ...]:
    lines = page.lines or page.text_layer
    return tuple(line for line in lines if line.confidence >= _LEGIBLE)


def _title(line: Line) -> str:
    text = _plain(line.text)
    return text if line.bbox.top < _TITLE_PART and _TITLE.search(text) else ""


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _label(line: Line) -> str:
    return _plain(line.text).rstrip(":：")


def _values(page: Page) -> list[FormValue]:
    lines = [line for line in _lines(page) if not _title(line)]
    items = _with_spaced_labels(_levelled(lines))
    found = []
    for item in items:
        if (column := LABELS.get(_label(item.line))) is not None:
            beside = _beside(item, items)
            if beside:
                found.append(_value(page, column, [owned.line for owned in beside]))
        elif inline := _INLINE.fullmatch(fold(item.line.text).strip()):
            found.append(_value(page, LABELS[inline[1]], [item.line], inline[2].strip()))
    return found


def _levelled(lines: Sequence[Line]) -> list[_Item]:
    """Return the lines with their boxes as on a page that lies straight.

    On a page photographed askew a long row ends higher or lower than it begins, by more than a row.
    """
    slopes = [
        (right[1] - left[1]) / (right[0] - left[0])
        for left, right in ((line.quad[0], line.quad[1]) for line in lines)
        if right[0] - left[0] > _LONG
    ]
    slope = median(slopes) if slopes else 0.0
    return [_Item(line=line, box=_level_box(line, slope)) for line in lines]


def _with_spaced_labels(items: Sequence[_Item]) -> list[_Item]:
    """Return the items with labels set wide (姓　名) as one: they may be found as two lines."""
    single = [item for item in items if len(_plain(item.line.text)) == 1]
    joined: list[_Item] = []
    used: set[int] = set()
    for first in single:
        for last in single:
            apart = last.box.left - first.box.right
            text = _plain(first.line.text) + _plain(last.line.text)
            near = _distance(first, last) < first.box.height / 2 and (
                -first.box.width <= apart <= _WIDEST * first.box.width
            )
            if near and text in LABELS and not used & {id(first), id(last)}:
                used |= {id(first), id(last)}
                line = replace(
                    first.line,
                    text=text,
                    positions=(0.25, 0.75),
                    character_confidences=(first.line.confidence, last.line.confidence),
                )
                joined.append(_Item(line=line, box=first.box.union(last.box)))
    return [item for item in items if id(item) not in used] + joined


def _level_box(line: Line, slope: float) -> BoundingBox:
    tops = [y - slope * x for x, y in line.quad]
    box = line.bbox
    return BoundingBox(left=box.left, top=min(tops), right=box.right, bottom=max(tops))


def _beside(label: _Item, items: Sequence[_Item]) -> list[_Item]:
    """Return the lines that a label owns, in reading order."""
    labels = [item for item in items if _is_label(item.line)]
    owned = [item for item in items if not _is_label(item.line) and _owner(item, labels) is label]
    kept: list[_Item] = []
    for item in sorted(owned, key=lambda item: item.box.left):
        # Beyond a wide gap begins another cell: the portrait, or a column without label.
        edge = max((other.box.right for other in kept), default=1.0)
        if item.box.left <= edge + _WIDE_GAP * label.box.height:
            kept.append(item)
    kept = _nearest_lines(label, kept)
    step = max(label.box.height, 1e-6)
    return sorted(kept, key=lambda item: (round(item.box.top / step), item.box.left))


def _nearest_lines(label: _Item, owned: Sequence[_Item]) -> list[_Item]:
    """Return the lines of one value: the nearest to the label, and what is set around it.

    A value of several lines stands as far above the middle of its label as below, or its lines are
    set close. What stands off on one side is text of the next row.
    """
    kept: list[_Item] = []
    for item in sorted(owned, key=lambda item: _distance(item, label)):
        close = any(
            _distance(item, other) <= _LEADING * min(item.box.height, other.box.height)
            for other in kept
        )
        mirrored = any(
            abs(_below(item, label) + _below(other, label)) <= item.box.height / 2
            for other in owned
            if other is not item
        )
        if close or mirrored or not kept:
            kept.append(item)
    return kept


def _below(item: _Item, label: _Item) -> float:
    """Return how far the middle of a line stands below that of a label."""
    return (item.box.top + item.box.bottom - label.box.top - label.box.bottom) / 2


def _owner(item: _Item, labels: Sequence[_Item]) -> _Item | None:
    """Return the label whose value a line is: of the nearest row, the nearest one to its left."""
    left_of = [label for label in labels if item.box.left >= label.box.right - label.box.height / 2]
    near = [label for label in left_of if _distance(item, label) < _REACH * label.box.height]
    if not near:
        return None
    least = min(_distance(item, label) for label in near)
    slack = _SAME_ROW * item.box.height
    row = [label for label in near if _distance(item, label) <= least + slack]
    return max(row, key=lambda label: label.box.right)


def _distance(one: _Item, other: _Item) -> float:
    """Return how far apart the middles of two lines are in height."""
    a, b = one.box, other.box
    return abs((a.top + a.bottom) - (b.top + b.bottom)) / 2


def _is_label(line: Line) -> bool:
    return _label(line) in LABELS or _label(line) in _OTHER_LABELS


def _value(page: Page, column: str, lines: Sequence[Line], text: str = "") -> FormValue:
    box: BoundingBox = lines[0].bbox
    for line in lines[1:]:
        box = box.union(line.bbox)
    raw = "".join(line.text.strip() for line in lines)
    return FormValue(
        column=column,
        text=text or raw,
        confidence=fmean(line.confidence for line in lines),
        evidence=Evidence(
            file_digest=page.file_digest,
            page_number=page.page_number,
            bbox=box,
            raw_text=raw,
        ),
    )
