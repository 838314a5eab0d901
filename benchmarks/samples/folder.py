"""Whole sample folders: batch.toml, the tables, the uploads and truth.jsonl.

The form of a folder follows docs/contract.md, section 1. The same `n` and `seed` give the same
bytes: every application draws from its own random source, and nothing looks at the clock.
"""

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from benchmarks.samples.application import (
    DEADLINE,
    LANGUAGE_HEADERS,
    OPENS,
    SampleApplication,
    Studio,
)
from benchmarks.samples.conditions import CONDITIONS
from benchmarks.samples.declarations import SCENARIOS, make_honest
from benchmarks.samples.degree_batch import COURSE_HEADERS, DEGREE_HEADERS, make_degree_samples
from benchmarks.samples.encoding import UploadFile
from benchmarks.samples.hostile import HOSTILE_UPLOADS, make_hostile
from benchmarks.samples.papers import PAPERS

HONEST = "honest"
SAMPLE_KINDS: tuple[str, ...] = (
    HONEST,
    *(scenario.name for scenario in SCENARIOS),
    *(hostile.name for hostile in HOSTILE_UPLOADS),
)
_HONEST_SHARE = 0.56
# From this size on every scenario and every broken upload appears at least once.
_COMPLETE_FROM = 60
_SMALLEST_DEGREE_BATCH = 12

HeldBackChoice = Literal["exclude", "only", "include"]
Progress = Callable[[int, int], None]
Job = tuple[str, int]


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


def write_samples(
    directory: Path, *, n: int, seed: int, progress: Progress | None = None
) -> tuple[BatchSummary, BatchSummary]:
    """Write `sample-language` with `n` applications and `sample-degree` with a fifth of that.

    Raises `FolderNotEmpty` where either exists already, `ValueError` where `n` is below 1.
    """
    language, degree = directory / "sample-language", directory / "sample-degree"
    for folder in (language, degree):
        _require_empty(folder)
    size = max(_SMALLEST_DEGREE_BATCH, n // 5)

    def report(done: int, start: int) -> None:
        if progress is not None:
            progress(start + done, n + size)

    return (
        write_language_batch(language, n=n, seed=seed, progress=lambda done, _: report(done, 0)),
        write_degree_batch(degree, n=size, seed=seed, progress=lambda done, _: report(done, n)),
    )


def write_language_batch(
    directory: Path,
    *,
    n: int,
    seed: int,
    kinds: Collection[str] | None = None,
    conditions: Collection[str] | None = None,
    held_back: HeldBackChoice = "include",
    batch_id: str = "sample-language",
    progress: Progress | None = None,
) -> BatchSummary:
    """Write a labelled language batch of `n` applications into a new or empty directory.

    kinds: names of `SAMPLE_KINDS`, all by default. conditions: names of `CONDITIONS` that honest
    captures may use. held_back: whether layouts that no tuning may look at are left out or are the
    only ones. Raises `FolderNotEmpty`, and `ValueError` for an unknown name or `n` below 1.
    """
    _require_empty(directory)
    _require_known("kind", kinds, SAMPLE_KINDS)
    _require_known("condition", conditions, CONDITIONS)
    studio = Studio(
        kinds=[k for k in PAPERS if held_back == "include" or k.held_back == (held_back == "only")],
        conditions=tuple(c for c in CONDITIONS if conditions is None or c in conditions),
        rng=random.Random(seed),
    )
    jobs = plan_batch(n, seed, set(SAMPLE_KINDS if kinds is None else kinds))
    samples: list[SampleApplication] = []
    skipped: list[str] = []
    for number, (kind, size) in enumerate(jobs):
        studio.rng = random.Random(f"{seed}/{number}/{kind}")
        try:
            made = _make(kind, studio)
        except LookupError:
            if kind == HONEST:
                raise
            skipped.append(kind)
            made = [make_honest(studio) for _ in range(size)]
        samples += made
        if progress is not None:
            progress(len(samples), n)
    random.Random(f"{seed}/order").shuffle(samples)
    _write_toml(directory, batch_id, "language", "示例批次·学位外语认定")
    _write_table(directory / "applications.csv", LANGUAGE_HEADERS, [s.cells for s in samples])
    total = sum(
        _write_uploads(directory, sample.student_number, sample.files) for sample in samples
    )
    _write_truth(directory, [_truth_of(sample) for sample in samples])
    return BatchSummary(
        directory=directory,
        batch_id=batch_id,
        applications=len(samples),
        total_bytes=total,
        by_kind=Counter(sample.kind for sample in samples),
        by_condition=Counter(sample.condition for sample in samples),
        by_certificate_type=Counter(sample.certificate_type for sample in samples),
        by_expected=Counter("|".join(sample.expected) for sample in samples),
        skipped=tuple(skipped),
    )


def write_degree_batch(
    directory: Path,
    *,
    n: int,
    seed: int,
    batch_id: str = "sample-degree",
    progress: Progress | None = None,
) -> BatchSummary:
    """Write a labelled degree batch of `n` applications into a new or empty directory.

    Raises `FolderNotEmpty`, and `ValueError` where `n` is below 1.
    """
    _require_empty(directory)
    _require_positive(n)
    samples = make_degree_samples(n, seed, progress)
    _write_toml(directory, batch_id, "degree", "示例批次·学位申请")
    _write_table(directory / "applications.csv", DEGREE_HEADERS, [s.cells for s in samples])
    courses = [row for sample in samples for row in sample.courses]
    _write_table(directory / "courses.csv", COURSE_HEADERS, courses)
    total = sum(
        _write_uploads(directory, sample.student_number, sample.files) for sample in samples
    )
    truth = [
        {
            "学号": sample.student_number,
            "certificate_type": "unknown",
            "layout": "none",
            "condition": "clean",
            "kind": sample.kind,
            "expected": list(sample.expected),
            "fields": dict(sample.fields),
        }
        for sample in samples
    ]
    _write_truth(directory, truth)
    return BatchSummary(
        directory=directory,
        batch_id=batch_id,
        applications=len(samples),
        total_bytes=total,
        by_kind=Counter(sample.kind for sample in samples),
        by_condition=Counter(clean=len(samples)),
        by_certificate_type=Counter(unknown=len(samples)),
        by_expected=Counter("|".join(sample.expected) for sample in samples),
    )


def plan_batch(n: int, seed: int, kinds: set[str]) -> list[Job]:
    """Return which application is made how, as (kind, number of applications) in random order.

    A complete batch holds every wanted kind once; the rest is honest to `_HONEST_SHARE`, and what
    is left beyond that goes round the other kinds again.
    """
    _require_positive(n)
    sizes = {scenario.name: scenario.size for scenario in SCENARIOS}
    others = [(kind, sizes.get(kind, 1)) for kind in SAMPLE_KINDS[1:] if kind in kinds]
    source = random.Random(f"{seed}/plan")
    if n < _COMPLETE_FROM:
        source.shuffle(others)
    if HONEST not in kinds:
        quota = n
    elif n < _COMPLETE_FROM:
        quota = n - round(_HONEST_SHARE * n)
    else:
        quota = max(sum(size for _, size in others), n - round(_HONEST_SHARE * n))
    jobs: list[Job] = []
    room = min(quota, n) if others else 0
    while room > 0:
        fitting = [job for job in others if job[1] <= room]
        if not fitting:
            break
        for job in fitting:
            if job[1] <= room:
                jobs.append(job)
                room -= job[1]
    honest = n - sum(size for _, size in jobs)
    if honest and HONEST not in kinds:
        raise ValueError(f"{n} applications cannot be made of the kinds {sorted(kinds)} alone")
    jobs += [(HONEST, 1)] * honest
    source.shuffle(jobs)
    return jobs


def _make(kind: str, studio: Studio) -> list[SampleApplication]:
    if kind == HONEST:
        return [make_honest(studio)]
    for hostile in HOSTILE_UPLOADS:
        if hostile.name == kind:
            return [make_hostile(studio, hostile)]
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == kind)
    return scenario.make(studio)


def _truth_of(sample: SampleApplication) -> dict[str, object]:
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


def _require_empty(directory: Path) -> None:
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise FolderNotEmpty(directory)


def _require_known(what: str, names: Collection[str] | None, known: Sequence[str]) -> None:
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise ValueError(f"unknown {what}: {', '.join(unknown)}; known: {', '.join(known)}")


def _require_positive(n: int) -> None:
    if n < 1:
        raise ValueError(f"a batch needs at least one application, not {n}")


def _write_toml(directory: Path, batch_id: str, kind: str, name: str) -> None:
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


def _write_table(path: Path, headers: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([row[header] for header in headers] for row in rows)
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))


def _write_uploads(directory: Path, student_number: str, files: Sequence[UploadFile]) -> int:
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


def _write_truth(directory: Path, rows: Sequence[Mapping[str, object]]) -> None:
    ordered = sorted(rows, key=lambda row: str(row["学号"]))
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ordered)
    (directory / "truth.jsonl").write_text(text, "utf-8", newline="\n")
