"""Tell a filled 学位申请表 from other papers, and find its values by their printed labels.

A value stands to the right of its label, before the next label of the row, or behind the label in
the same line. Nothing here knows what was declared.
"""

import re
from collections.abc import Sequence
from statistics import fmean

from domain.extraction import Evidence
from domain.page import BoundingBox, Line, Page
from domain.reading import FormReading, FormValue
from extractors.layout import fold

_TITLE = re.compile(r"学位.{0,6}(?:申请表|审批表|申请书)|学位申请与?审批表")
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
# Specks, and strokes of the portrait, are read with less.
_LEGIBLE = 0.7


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
    lines = _lines(page)
    found = []
    for line in lines:
        if (column := LABELS.get(_label(line))) is not None:
            beside = _beside(line, lines)
            if beside:
                found.append(_value(page, column, beside))
        elif inline := _INLINE.fullmatch(fold(line.text).strip()):
            evidence = Evidence(
                file_digest=page.file_digest,
                page_number=page.page_number,
                bbox=line.bbox,
                raw_text=line.text,
            )
            found.append(
                FormValue(
                    column=LABELS[inline[1]],
                    text=inline[2].strip(),
                    confidence=line.confidence,
                    evidence=evidence,
                )
            )
    return found


def _beside(label: Line, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that a label owns, in reading order."""
    labels = [line for line in lines if _is_label(line)]
    owned = [line for line in lines if not _is_label(line) and _owner(line, labels) is label]
    kept: list[Line] = []
    for line in sorted(owned, key=lambda line: line.bbox.left):
        # Beyond a wide gap begins another cell: the portrait, or a column without label.
        edge = max((other.bbox.right for other in kept), default=1.0)
        if line.bbox.left <= edge + _WIDE_GAP * label.bbox.height:
            kept.append(line)
    step = max(label.bbox.height, 1e-6)
    return sorted(kept, key=lambda line: (round(line.bbox.top / step), line.bbox.left))


def _owner(line: Line, labels: Sequence[Line]) -> Line | None:
    """Return the label whose value a line is: of the nearest row, the nearest one to its left."""
    left_of = [
        label for label in labels if line.bbox.left >= label.bbox.right - label.bbox.height / 2
    ]
    near = [label for label in left_of if _distance(line, label) < _REACH * label.bbox.height]
    if not near:
        return None
    least = min(_distance(line, label) for label in near)
    slack = _SAME_ROW * line.bbox.height
    row = [label for label in near if _distance(line, label) <= least + slack]
    return max(row, key=lambda label: label.bbox.right)


def _distance(one: Line, other: Line) -> float:
    """Return how far apart the middles of two lines are in height."""
    a, b = one.bbox, other.bbox
    return abs((a.top + a.bottom) - (b.top + b.bottom)) / 2


def _is_label(line: Line) -> bool:
    return _label(line) in LABELS or _label(line) in _OTHER_LABELS


def _value(page: Page, column: str, lines: Sequence[Line]) -> FormValue:
    box: BoundingBox = lines[0].bbox
    for line in lines[1:]:
        box = box.union(line.bbox)
    text = "".join(line.text.strip() for line in lines)
    return FormValue(
        column=column,
        text=text,
        confidence=fmean(line.confidence for line in lines),
        evidence=Evidence(
            file_digest=page.file_digest,
            page_number=page.page_number,
            bbox=box,
            raw_text=text,
        ),
    )
