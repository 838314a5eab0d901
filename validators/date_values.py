"""Dates as applicants declare them and papers print them, at the precision they carry."""

import datetime
import re
from dataclasses import dataclass

from validators.normalizing import fold_text

Month = tuple[int, int]
"""(year, month)"""

_CHINESE_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0", "○": "0", "◯": "0", "О": "0", "O": "0", "壹": "1", "贰": "2", "叁": "3",
}  # fmt: skip
_ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_EARLIEST_YEAR, _LATEST_YEAR = 1950, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class DateValue:
    """A date with the precision it was written with: a day, a month, half a year, or a year.

    `half` is 1 for 上半年, 2 for 下半年, 0 where none is written.
    """

    year: int
    month: int | None = None
    day: int | None = None
    half: int = 0

    @property
    def as_month(self) -> Month | None:
        """Return (year, month), None where no month is written."""
        return (self.year, self.month) if self.month is not None else None

    @property
    def first_day(self) -> datetime.date:
        """Return the earliest day that the value can mean."""
        month = self.month or (7 if self.half == 2 else 1)
        return datetime.date(self.year, month, self.day or 1)

    @property
    def exact_day(self) -> datetime.date | None:
        """Return the day, None where only a month or less is written."""
        return self.first_day if self.day is not None else None


def parse_date(text: str) -> DateValue | None:
    """Return the date that a text writes, None where it is none or does not exist (2023-02-30).

    Accepts the contract's forms (2021-12, 2021年12月, 202112, 2021-12-18, 2021/12/8,
    2021年12月18日) and what papers print: 2021.12, 二〇二一年十二月, Dec. 2021, June 18, 2023,
    18 June 2023, 2021年上半年, 2021年. Five digits (a spreadsheet's serial day) are no date.
    """
    folded = fold_text(text)
    for parse in (_parse_numeric, _parse_chinese, _parse_english):
        value = parse(folded)
        if value is not None:
            return value if _exists(value) else None
    return None


def _exists(value: DateValue) -> bool:
    if not _EARLIEST_YEAR <= value.year <= _LATEST_YEAR:
        return False
    try:
        datetime.date(value.year, 1 if value.month is None else value.month,
                      1 if value.day is None else value.day)  # fmt: skip
    except ValueError:
        return False
    return True


def _build(year: str, month: str | None, day: str | None) -> DateValue:
    return DateValue(
        year=int(year), month=int(month) if month else None, day=int(day) if day else None
    )


def _parse_numeric(text: str) -> DateValue | None:
    spaceless = "".join(text.split())
    compact = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})?", spaceless)
    if compact:
        return _build(*compact.groups())
    separated = re.fullmatch(r"([0-9]{4})([-/.‐‑–—−])([0-9]{1,2})(?:\2([0-9]{1,2}))?", spaceless)
    if separated:
        year, _, month, day = separated.groups()
        return _build(year, month, day)
    return None


def _parse_chinese(text: str) -> DateValue | None:
    spaceless = "".join(text.split())
    match = re.fullmatch(
        r"([0-9]{4}|[〇零○◯OО一二三四五六七八九]{4})年"
        r"(?:(上|下)半年|([0-9]{1,2}|[一二三四五六七八九十]{1,2})月"
        r"(?:份|([0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号])?)?",
        spaceless,
    )
    if match is None:
        return None
    year, half, month, day = match.groups()
    digits = "".join(_CHINESE_DIGITS.get(character, character) for character in year)
    if half:
        return DateValue(year=int(digits), half=1 if half == "上" else 2)
    return DateValue(
        year=int(digits),
        month=_chinese_number(month) if month else None,
        day=_chinese_number(day) if day else None,
    )


def _chinese_number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return int("".join(_CHINESE_DIGITS[character] for character in text))
    tens, _, ones = text.partition("十")
    if (tens and tens not in _CHINESE_DIGITS) or (ones and ones not in _CHINESE_DIGITS):
        return 0  # no such number; `_exists` refuses it
    return int(_CHINESE_DIGITS.get(tens, "1")) * 10 + int(_CHINESE_DIGITS.get(ones, "0"))


def _parse_english(text: str) -> DateValue | None:
    lowered = re.sub(r"[.,\s]+", " ", text.casefold()).strip()
    first = re.fullmatch(r"([a-z]{3,9})(?: ([0-9]{1,2})(?:st|nd|rd|th)?)? ([0-9]{4})", lowered)
    if first:
        name, day, year = first.groups()
    else:
        second = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9}) ([0-9]{4})", lowered)
        if second is None:
            return None
        day, name, year = second.groups()
    months = [
        number
        for number, full in enumerate(_ENGLISH_MONTHS, start=1)
        if full == name or name == full[:3] or (name == "sept" and number == 9)
    ]
    return _build(year, str(months[0]), day) if months else None


def add_months(month: Month, count: int) -> Month:
    """Return the month that lies `count` months later."""
    index = month[0] * 12 + month[1] - 1 + count
    return index // 12, index % 12 + 1
