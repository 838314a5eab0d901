"""Where things stand in a package, and its JSON documents as types.

```
bagit.txt bag-info.txt manifest-*.txt tagmanifest-*.txt
data/index.csv data/index.xml
data/batch/batch.json                      in every part of a split package
data/batch/{policy,calibration}.json log.jsonl received/ reports/     in the first part
data/records/<件号>/metadata.xml comparison.json readings.json review.json form.pdf originals/
```
"""

import datetime
import json
import re
from dataclasses import dataclass
from typing import TypeVar

from domain.application import Batch, CourseResult, FileKind, Submission
from domain.archive import ArchivePolicy
from domain.assessment import Assessment
from store.codec import from_plain, to_plain
from store.entries import Entry
from store.events import Event

INDEX_CSV, INDEX_XML = "data/index.csv", "data/index.xml"
BATCH_JSON = "data/batch/batch.json"
POLICY_JSON, CALIBRATION_JSON = "data/batch/policy.json", "data/batch/calibration.json"
LOG = "data/batch/log.jsonl"
RECEIVED, REPORTS = "data/batch/received", "data/batch/reports"
RECORDS = "data/records"
METADATA = "metadata.xml"
COMPARISON, READINGS, REVIEW, FORM = "comparison.json", "readings.json", "review.json", "form.pdf"
ORIGINALS = "originals"
BEIJING = datetime.timezone(datetime.timedelta(hours=8))

SUFFIXES = {
    FileKind.JPEG: "jpg",
    FileKind.PNG: "png",
    FileKind.PDF: "pdf",
    FileKind.DOC: "doc",
    FileKind.DOCX: "docx",
    FileKind.OTHER: "bin",
}
# What XML 1.0 has no place for.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFacts:
    """What holds for a whole package; `settings` are the archive settings that it was made with.

    `records` counts those of all parts, `log_entries` the entries up to `log_head`, which is the
    last one about the batch. The digests are those that the event log holds.
    """

    batch: Batch
    sealed_at: datetime.datetime
    sealed_by: str
    today: datetime.date
    engine_version: str
    rule_version: str
    policy_digest: str
    calibration_digest: str
    software: tuple[tuple[str, str], ...]
    log_head: str
    log_entries: int
    records: int
    part: int
    settings: ArchivePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an application as it was taken in, and what the machine made of it."""

    version: int
    submission: Submission
    courses: tuple[CourseResult, ...]
    assessment: Assessment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """comparison.json: declared, extracted, agreement, boxes, findings; earlier versions after it.

    `current.assessment` is the machine's answer that the result rests on.
    """

    student_number: str
    is_vanished: bool
    current: Version
    earlier: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """review.json: what people decided, who and when; `events` are the log's own entries."""

    student_number: str
    status: str
    decided_by: tuple[str, ...]
    entries: tuple[Entry, ...]
    events: tuple[Event, ...]


def write_json(value: object) -> bytes:
    """Return a document that people can read: UTF-8, sorted keys, a value a line."""
    plain = to_plain(value) if not isinstance(value, dict) else value
    try:
        text = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
        return f"{text}\n".encode()
    except UnicodeEncodeError:  # half a surrogate pair in a hostile file name
        return (json.dumps(plain, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()


def read_json(kind: type[T], content: bytes) -> T:
    """Return what `write_json` wrote; raises ValueError, KeyError or TypeError for all else."""
    try:
        value: T = from_plain(kind, json.loads(content))
    except (RecursionError, AttributeError, ArithmeticError) as error:
        raise ValueError("not a document of this sort") from error
    return value


def folder_of(item: int) -> str:
    """Return the folder of a record, relative to the package."""
    return f"{RECORDS}/{item:06}"


def printable(text: str) -> str:
    """Return a text as metadata holds it: one line, nothing that XML has no place for."""
    return _NOT_XML.sub("\ufffd", re.sub(r"\s", " ", text))
