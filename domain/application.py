"""What came in: the batch, its applications and their uploads."""

import dataclasses
import datetime
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum


class BatchKind(StrEnum):
    LANGUAGE = "language"  # 学位外语认定
    DEGREE = "degree"  # 学位申请


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One batch (批次) as its `batch.toml` says; every instant carries its offset."""

    id: str
    name: str
    kind: BatchKind
    opens: datetime.datetime
    deadline: datetime.datetime
    resubmit_until: datetime.datetime | None
    institution: str

    def as_met_by(self, *, was_returned: bool) -> "Batch":
        """Return the batch as one application meets it: only what was returned may come again."""
        return self if was_returned else dataclasses.replace(self, resubmit_until=None)

    @property
    def closes(self) -> datetime.datetime:
        """Return until when an application may be made; see `as_met_by`."""
        return self.resubmit_until or self.deadline


def columns_digest(columns: tuple[tuple[str, str], ...]) -> str:
    """Return the SHA-256 (hex) of the canonical JSON of a row's (header, cell) pairs."""
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair can stand in a hostile cell.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One row of the applications table, cells as given (spaces around them trimmed).

    `columns` holds (canonical header, cell) pairs in the contract's order; a column that the table
    does not have is absent, an empty cell is "". `row_number` is the row in the file, header = 1.
    `digest` is the SHA-256 of the canonical JSON of `columns`.
    """

    student_number: str
    row_number: int
    columns: tuple[tuple[str, str], ...]
    digest: str

    def get(self, column: str) -> str:
        """Return the cell of a column, "" where the table lacks it or the cell is empty."""
        for header, cell in self.columns:
            if header == column:
                return cell
        return ""

    def has(self, column: str) -> bool:
        """Return whether the table carries the column at all."""
        return any(header == column for header, _ in self.columns)

    @property
    def name(self) -> str:
        return self.get("姓名")

    @property
    def id_number(self) -> str:
        """Return the declared identity number (身份证号, or 证件号码 in a degree batch)."""
        return self.get("身份证号") or self.get("证件号码")


WITHDRAWN_STATUSES: frozenset[str] = frozenset({"未申请", "撤销", "已撤销"})
ACTIVE_STATUSES: frozenset[str] = frozenset({"", "已申请", "待审核"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseResult:
    """One row of courses.csv, cells as given."""

    student_number: str
    row_number: int
    columns: tuple[tuple[str, str], ...]
    digest: str


class FileKind(StrEnum):
    """What a file's content is, whatever its name says."""

    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"
    DOC = "doc"  # Word documents are told apart in degree batches only
    DOCX = "docx"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One uploaded file, judged by its content without decoding it.

    `path` is relative to the batch folder, with `/`, NFC; `digest` is the SHA-256 of its bytes, ""
    where they were not read (not a regular file, too many files, over 1 GiB). `rejections` are the
    rule ids for which the file is unusable (it is not read then), `notes` those that only inform.
    """

    path: str
    size_bytes: int
    digest: str
    kind: FileKind
    rejections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        return not self.rejections


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An application with its uploads, in the order of their paths.

    `rejections` are rule ids that concern the uploads as a whole (`no-upload`, `too-many`).
    """

    application: Application
    uploads: tuple[Upload, ...]
    rejections: tuple[str, ...] = ()

    @property
    def student_number(self) -> str:
        return self.application.student_number


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """`batch.toml` or a table as it was received, by the SHA-256 of its bytes."""

    path: str
    size_bytes: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInput:
    """A whole batch folder after intake: nothing in it was refused.

    `orphan_folders` are upload folders without an application, by folder name. `ignored_columns`
    are (file, header) of columns that the contract does not know. `received` are the files that it
    was read from, besides the uploads.
    """

    batch: Batch
    submissions: tuple[Submission, ...]
    courses: tuple[CourseResult, ...] = ()
    orphan_folders: tuple[str, ...] = ()
    ignored_columns: tuple[tuple[str, str], ...] = ()
    received: tuple[ReceivedFile, ...] = ()
