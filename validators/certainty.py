"""Whether a reading can be relied on. The only place that compares confidences with thresholds.

The thresholds come from the calibration that the policy names: measured per group of fields, for
readings on which both readers agree and for those of the first reader alone.
"""

import re
from enum import StrEnum

from domain.calibration import FieldGroup, Mode
from domain.certificates import CertificateFamily, FieldName
from domain.extraction import ExtractedValue
from domain.page import TextSource
from domain.policy import Policy
from validators.date_values import parse_date
from validators.normalizing import fold_text, name_key, number_key
from validators.values import parse_grade, parse_score


class Certainty(StrEnum):
    CERTAIN = "certain"
    UNCLEAR = "unclear"
    READERS_DISAGREE = "readers-disagree"


class Standing(StrEnum):
    """How the two readers stand to each other over one value."""

    AGREED = "agreed"
    ALONE = "alone"  # the second reader was not asked, or gave no usable opinion
    CONTRADICTED = "contradicted"
    SHAPELESS = "shapeless"  # what was read is no value of the field


_MODES = {Standing.AGREED: Mode.AGREED, Standing.ALONE: Mode.ALONE}
_NUMBERS = (FieldName.CERTIFICATE_NUMBER, FieldName.ADMISSION_TICKET, FieldName.ORAL_TICKET)
_DATES = (FieldName.DATE, FieldName.ISSUE_DATE)
_GRADES = (FieldName.GRADE, FieldName.STATUS)
_SCORES = (
    FieldName.SCORE,
    FieldName.LISTENING,
    FieldName.READING,
    FieldName.WRITING_TRANSLATION,
    FieldName.COMPREHENSIVE,
    FieldName.COMPONENT_A,
    FieldName.COMPONENT_B,
)


def certainty_of(
    value: ExtractedValue, family: CertificateFamily | None, policy: Policy
) -> Certainty:
    """Return how far a reading on a paper of a family can be relied on.

    Certain: both readers agree after the field's normalization, or the second gave nothing usable,
    and the confidence reaches what the calibration measured for that case; what was not measured
    is unclear. Two well-formed readings that differ always contradict each other.
    """
    if not 0.0 <= value.confidence <= 1.0:  # also refuses NaN
        return Certainty.UNCLEAR
    standing = standing_of(value)
    if standing is Standing.CONTRADICTED:
        return Certainty.READERS_DISAGREE
    mode, group = _MODES.get(standing), FieldGroup.of(value.field)
    if mode is None or group is None:
        return Certainty.UNCLEAR
    target = policy.acceptance.target_of(group)
    needed = policy.calibration.confidence_needed(value.field, mode, family, target)
    enough = needed is not None and value.confidence >= needed
    return Certainty.CERTAIN if enough else Certainty.UNCLEAR


def standing_of(value: ExtractedValue) -> Standing:
    """Return how the two readers stand to each other over a value."""
    first = reading_key(value.field, value.text)
    second = _second_key(value, first)
    if not second:
        return Standing.ALONE if first else Standing.SHAPELESS
    return Standing.AGREED if first == second else Standing.CONTRADICTED


def reading_key(field: FieldName, text: str) -> str:
    """Return the normalized reading, "" where it has not the shape of the field's values."""
    if field in _NUMBERS:
        return number_key(text)
    if field is FieldName.ID_NUMBER:
        key = number_key(text)
        return key if re.fullmatch(r"[0-9A-Z*]{7,18}", key) else ""
    if field in _SCORES:
        score = parse_score(text)
        if score is not None:
            return str(score.normalize())
        return _grade_key(text)
    if field in _DATES:
        date = parse_date(text)
        return f"{date.year}/{date.month}/{date.day}/{date.half}" if date else ""
    if field in _GRADES:
        return _grade_key(text)
    if field is FieldName.NAME:
        return name_key(text)
    return "".join(fold_text(text).casefold().split())


def _grade_key(text: str) -> str:
    grade = parse_grade(text)
    return grade.value if grade else ""


def _second_key(value: ExtractedValue, first: str) -> str:
    """Return the second reader's key, "" where it read garbage and so gave no opinion."""
    text = value.second_text or ""
    second = reading_key(value.field, text)
    if value.second_reader == TextSource.TEXT_LAYER:
        # A text layer is no guess: whatever stands there and differs is a contradiction.
        return second or fold_text(text)
    if value.field is FieldName.NAME:
        # Tesseract misreads too many characters of names for a difference to mean anything.
        return second if second == first else ""
    if value.field in (*_NUMBERS, *_SCORES, FieldName.ID_NUMBER):
        return second if _same_shape(first, second) else ""
    return second


def _same_shape(first: str, second: str) -> bool:
    def shape(key: str) -> str:
        return "".join(
            "0" if c.isdecimal() else "A" if c.isascii() and c.isalpha() else "字" for c in key
        )

    # One letter among digits (a check character X) is still the same shape of number.
    return len(first) == len(second) and (
        shape(first) == shape(second)
        or sum(a != b for a, b in zip(shape(first), shape(second), strict=True)) <= 1
    )
