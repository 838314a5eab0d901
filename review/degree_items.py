"""What a degree item shows: the three conditions, courses that counted, data with findings first.

Pure; names and numbers are masked unless `reveal`.
"""

import re
from dataclasses import dataclass

from domain.degree import Condition, ConditionName, Standing, plain_number
from reports.cells import display_text
from reports.wording import field_wording
from review.looking import Looked
from review.presenting import MASK, PERSONAL, FieldView, mask
from review.shelf import PageSlot

_STANDINGS = {
    Standing.MET: ("✓", "达到"),
    Standing.NOT_MET: ("✗", "未达到"),
    Standing.OPEN: ("?", "需人工判断"),
}
_NAMES = {
    ConditionName.AVERAGE: "平均成绩",
    ConditionName.LANGUAGE: "学位外语",
    ConditionName.CORE: "学位主干课",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionView:
    """One condition in words; `shape` and `word` say whether it holds."""

    name: str
    requirement: str
    current: str
    shape: str
    word: str
    objects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """One course of the reckoning; `remark` says why it counts otherwise than printed."""

    name: str
    result: str
    points: str
    credits: str
    sort: str
    counts: bool
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeView:
    """A degree item beside its findings; `others` are (label, text) of data nobody objects to."""

    conditions: tuple[ConditionView, ...]
    courses: tuple[CourseView, ...]
    language: str
    asked: tuple[FieldView, ...]
    others: tuple[tuple[str, str], ...]


def present_degree(looked: Looked, fields: tuple[FieldView, ...], reveal: bool) -> DegreeView:
    """Return what the page of a degree item shows of its conditions and data."""
    degree = looked.assessment.degree
    asked = tuple(field for field in fields if field.in_question or field.has_picture)
    first = {field.field for field in asked}
    others = tuple(
        (field_wording(row.field), display_text(masked(row.field, row.declared, reveal)) or "—")
        for row in looked.assessment.comparisons
        if row.field not in first
    )
    return DegreeView(
        conditions=tuple(_condition(item) for item in degree.conditions) if degree else (),
        courses=_courses(looked),
        language=_language(looked),
        asked=asked,
        others=others,
    )


def is_thesis_text(looked: Looked, pages: tuple[PageSlot, ...]) -> bool:
    """Return whether the thesis is there as text alone, so that its words are the evidence."""
    degree = looked.assessment.degree
    return degree is not None and degree.thesis_file not in {slot.digest for slot in pages}


def masked(field: str, text: str, reveal: bool = False) -> str:
    """Return a field's text with what is personal in it hidden."""
    if reveal or field not in PERSONAL:
        return text
    # How long it is says nothing here, and long ones would push other data off the page.
    return re.sub(f"{MASK}{{4,}}", MASK * 4, mask(text, *PERSONAL[field]))


def _condition(item: Condition) -> ConditionView:
    shape, word = _STANDINGS[item.standing]
    # The platform words both as "what is asked: how much".
    name, _, wanted = item.requirement.rpartition(":")
    return ConditionView(
        name=name.strip() or _NAMES[item.name],
        requirement=wanted.strip(),
        current=item.value or item.current.rpartition(":")[2].strip() or "—",
        shape=shape,
        word=word,
        objects=item.standing is not Standing.MET,
    )


def _courses(looked: Looked) -> tuple[CourseView, ...]:
    """Return the courses: 主干课 first, within them the lowest first; what does not count last."""
    degree = looked.assessment.degree
    if degree is None:
        return ()
    ordered = sorted(
        degree.courses, key=lambda item: (not item.counts, not item.is_core, item.points or 0)
    )
    return tuple(
        CourseView(
            name=item.name,
            result=item.result + (f"（{item.taken}）" if item.taken not in ("", "正常") else ""),
            points="—" if item.points is None else plain_number(item.points),
            credits=item.credits,
            sort="主干课" if item.is_core else "毕业课程" if item.is_final else "",
            counts=item.counts,
            remark=item.remark,
        )
        for item in ordered
    )


def _language(looked: Looked) -> str:
    degree = looked.assessment.degree
    if degree is None or degree.language is None:
        return ""
    found = degree.language
    said = {True: "通过", False: "未通过", None: "未定"}[found.passed]
    sealed = "已签发" if found.sealed else "未签发"
    return f"{found.batch_name}（{sealed}）：{said}"
