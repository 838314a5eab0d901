"""The files of a sample batch: batch.toml, the tables, the uploads and truth.jsonl.

The form of a folder follows docs/contract.md, section 1. Nothing looks at the clock.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.samples.application import DEADLINE, OPENS, SampleApplication
from benchmarks.samples.encoding import UploadFile

Truth = Mapping[str, object]


class FolderNotEmpty(ValueError):
    """The directory already holds something; samples never overwrite."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"{directory} is not empty: name a new directory or empty it first")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSummary:
    """What was written: how many applications of which kind, condition and expected outcome.

    skipped: kinds that the allowed layouts could not show; honest applications stand for them.
    """

    directory: Path
    batch_id: str
    applications: int
    total_bytes: int
    by_kind: Mapping[str, int]
    by_condition: Mapping[str, int]
    by_certificate_type: Mapping[str, int]
    by_expected: Mapping[str, int]
    skipped: tuple[str, ...] = ()


def truth_of(sample: SampleApplication) -> dict[str, object]:
    """Return the line of truth.jsonl of one application."""
    truth: dict[str, object] = {
        "学号": sample.student_number,
        "certificate_type": sample.certificate_type,
        "layout": sample.layout,
        "condition": sample.condition,
        "kind": sample.kind,
        "expected": list(sample.expected),
        "fields": dict(sample.fields),
        "held_back": sample.held_back,
    }
    if sample.twin_of:
        truth["twin_of"] = sample.twin_of
    return truth


def require_empty(directory: Path) -> None:
    """Raise `FolderNotEmpty` where the directory holds anything already."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise FolderNotEmpty(directory)


def write_toml(directory: Path, batch_id: str, kind: str, name: str) -> None:
    """Write batch.toml, and make the directory where there is none."""
    directory.mkdir(parents=True, exist_ok=True)
    lines = (
        "# Fictitious people and papers, made by `hedui samples`.",
        "[batch]",
        f'id = "{batch_id}"',
        f'name = "{name}"',
        f'kind = "{kind}"',
        f"opens = {_instant(OPENS)}",
        f"deadline = {_instant(DEADLINE)}",
        'institution = "default"',
        "",
    )
    (directory / "batch.toml").write_text("\n".join(lines), "utf-8", newline="\n")


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def write_table(path: Path, headers: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Write one table as CSV, the columns in the order of `headers`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([row[header] for header in headers] for row in rows)
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))


def write_uploads(directory: Path, student_number: str, files: Sequence[UploadFile]) -> int:
    """Write the files of one applicant and return their size in bytes."""
    folder = directory / "uploads" / student_number
    taken: set[str] = set()
    for file in files:
        name, number = file.name, 2
        while name.lower() in taken:
            stem, dot, suffix = file.name.rpartition(".")
            name, number = f"{stem}({number}){dot}{suffix}", number + 1
        taken.add(name.lower())
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(file.data)
    return sum(len(file.data) for file in files)


def write_truth(directory: Path, rows: Sequence[Truth]) -> None:
    """Write truth.jsonl, ordered by 学号."""
    ordered = sorted(rows, key=lambda row: str(row["学号"]))
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ordered)
    (directory / "truth.jsonl").write_text(text, "utf-8", newline="\n")


def summarize(
    directory: Path,
    batch_id: str,
    truths: Sequence[Truth],
    total_bytes: int,
    *,
    skipped: Sequence[str] = (),
) -> BatchSummary:
    """Count what the lines of truth.jsonl say."""

    def count(key: str) -> Counter[str]:
        return Counter(str(row[key]) for row in truths)

    return BatchSummary(
        directory=directory,
        batch_id=batch_id,
        applications=len(truths),
        total_bytes=total_bytes,
        by_kind=count("kind"),
        by_condition=count("condition"),
        by_certificate_type=count("certificate_type"),
        by_expected=Counter("|".join(_outcomes(row["expected"])) for row in truths),
        skipped=tuple(skipped),
    )


def _outcomes(expected: object) -> list[str]:
    return [str(outcome) for outcome in expected] if isinstance(expected, list) else []
