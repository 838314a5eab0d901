"""Archive packages as data: what a record is described by, and what a check of a package found.

Names of check items are those of DA/T 70-2018 (四性检测), at the stage 归档.
"""

import re
import string
from dataclasses import dataclass
from enum import StrEnum

UNSETTLED = "未定（由学校确定）"
"""Stands where the school has not said yet: 保管期限, 责任者."""

_WIDTH = re.compile("0?[0-9]?")  # a width beyond that is no number's, but fills the memory
_PATTERN_FIELDS = ("fonds", "year", "batch", "item")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePolicy:
    """How a school numbers and describes its archives.

    `number_pattern` makes the 档号 of `{fonds}`, `{year}` (of the sealing), `{batch}` and `{item}`;
    `first_item` is the first 件号. Empty texts are the school's to set.
    """

    number_pattern: str
    fonds: str
    first_item: int
    creator: str
    retention_term: str
    access: str

    def faults(self) -> list[str]:
        """Return what is wrong with values that their types alone do not show."""
        try:
            parts = list(string.Formatter().parse(self.number_pattern))
            named = [name for _, name, _, _ in parts if name]
            if any(not _WIDTH.fullmatch(width or "") for _, _, width, _ in parts):
                raise ValueError("a field of another form than item:04")
            made = {self.number_of(year=2024, batch="b", item=item) for item in (1, 2)}
        except (ValueError, KeyError, IndexError, AttributeError, TypeError):
            named, made = [""], set()
        if set(named) - set(_PATTERN_FIELDS) or len(made) != 2:
            return [
                f"policy: [archive] number_pattern = {self.number_pattern!r} must hold {{item}} and"
                f" no other field than {', '.join(_PATTERN_FIELDS)}, e.g. JX-{{year}}-{{item:04}}"
            ]
        if any(re.search(r"\s", number) for number in made):
            return ["policy: [archive] number_pattern must not hold spaces"]
        return []

    def number_of(self, *, year: int, batch: str, item: int) -> str:
        """Return the 档号 of an item."""
        return self.number_pattern.format(fonds=self.fonds, year=year, batch=batch, item=item)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """How many years after sealing the working copies of a class of record stay; 0 keeps them.

    The package that was archived, results and event log are never deleted by hedui.
    """

    passed_years: int
    refused_years: int
    returned_years: int
    withdrawn_years: int

    def faults(self) -> list[str]:
        """Return what is wrong with values that their types alone do not show."""
        return [
            f"policy: [retention] {name} must lie between 0 and 100"
            for name in self.__slots__
            if not 0 <= getattr(self, name) <= 100
        ]


class FileRole(StrEnum):
    """What a file of a record is."""

    ORIGINAL = "original"
    FORM = "form"
    COMPARISON = "comparison"
    READINGS = "readings"
    REVIEW = "review"

    @property
    def chinese_name(self) -> str:
        """Return the role as the metadata words it."""
        return _ROLES[self]


_ROLES = {
    FileRole.ORIGINAL: "上传原件",
    FileRole.FORM: "学位申请表",
    FileRole.COMPARISON: "核对结果与依据",
    FileRole.READINGS: "识别结果",
    FileRole.REVIEW: "审核记录",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """One file of a record; `path` is relative to the record's folder.

    `original_name` is what the applicant called it, "" for what hedui made. `pages` is None where
    nothing counted them. `format` is "JPEG", "PDF/A-2b", "JSON" and the like.
    """

    path: str
    role: FileRole
    size_bytes: int
    digest: str
    format: str
    original_name: str = ""
    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDescription:
    """What index and metadata say of one record (件). `folder` is its path below `data/`."""

    item: int
    number: str  # 档号
    title: str  # 题名
    creator: str  # 责任者
    date: str  # 日期, CCYYMMDD
    term: str  # 保管期限
    access: str  # 公开属性
    pages: int  # 页数, of the files whose pages are known
    student_number: str
    status: str  # 审核状态
    folder: str


class Property(StrEnum):
    """The four properties (四性) of DA/T 70."""

    AUTHENTICITY = "真实性"
    INTEGRITY = "完整性"
    USABILITY = "可用性"
    SECURITY = "安全性"


class ItemResult(StrEnum):
    """What became of one item of a check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not-run"

    @property
    def chinese_name(self) -> str:
        """Return the result as a check report words it."""
        return {"passed": "通过", "failed": "不通过", "not-run": "未检测"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFault:
    """One fault of a package: where, what was expected, what was found; `code` is the item's."""

    code: str
    path: str
    expected: str
    found: str

    def render(self) -> str:
        """Return one line: path, expected, found."""
        return f"{self.path}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedItem:
    """One item of DA/T 70 and its result; `note` says what was looked at, or why it was not."""

    code: str
    property: Property
    title: str
    result: ItemResult
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCheck:
    """A whole check of one package (one bag).

    `digest` is the SHA-256 of its tagmanifest-sha256.txt, which covers everything else; it is ""
    where there is none. `log_head` is the head of the event log inside, "" where there is none.
    `records_in_all` counts those of all parts, as the package says; items are its own 件号.
    `compared` says which of "digest" and "head" were given from elsewhere to compare with.
    """

    name: str
    batch_id: str
    batch_name: str
    records: int
    files: int
    payload_bytes: int
    digest: str
    log_head: str
    sealed_at: str
    items: tuple[CheckedItem, ...]
    faults: tuple[PackageFault, ...]
    first_item: int | None = None
    last_item: int | None = None
    records_in_all: int | None = None
    compared: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Return whether nothing is wrong with it."""
        return not self.faults
