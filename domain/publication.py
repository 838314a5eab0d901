"""What a list that anybody may read can hold: chosen columns, and never a personal number."""

from dataclasses import dataclass
from enum import StrEnum


class PublicColumn(StrEnum):
    """The columns that may be published at all.

    The Ministry of Education's urgent notice of 2017 on published lists allows name, school,
    faculty, year, major and class, and forbids ID number, address, phone and date of birth.
    """

    STUDENT_NUMBER = "student-number"
    NAME = "name"
    LEVEL = "level"
    MAJOR = "major"
    YEAR = "year"
    CENTRE = "centre"

    @property
    def chinese_name(self) -> str:
        """Return the heading, which is the column of the applications table too."""
        return _HEADINGS[self]


_HEADINGS = {
    PublicColumn.STUDENT_NUMBER: "学号",
    PublicColumn.NAME: "姓名",
    PublicColumn.LEVEL: "层次",
    PublicColumn.MAJOR: "专业",
    PublicColumn.YEAR: "年级",
    PublicColumn.CENTRE: "学习中心",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationPolicy:
    """Which columns the public list has, in this order; the result always comes last."""

    columns: tuple[PublicColumn, ...]

    def faults(self) -> list[str]:
        """Return what is wrong with values that their types alone do not show."""
        if not self.columns:
            return ["policy: [publication] columns is empty: a list of nothing but results"]
        if len(set(self.columns)) < len(self.columns):
            return ["policy: [publication] columns names a column twice"]
        return []
