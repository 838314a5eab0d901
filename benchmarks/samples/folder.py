"""Whole sample folders: batch.toml, the tables, the uploads and truth.jsonl.

The form of a folder follows docs/contract.md, section 1. The same `n` and `seed` give the same
bytes: every application draws from its own random source, and nothing looks at the clock.
"""

import random
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Literal

from benchmarks.samples.application import LANGUAGE_HEADERS, SampleApplication, Studio
from benchmarks.samples.conditions import CONDITIONS
from benchmarks.samples.declarations import SCENARIOS, make_honest
from benchmarks.samples.degree_batch import COURSE_HEADERS, DEGREE_HEADERS, make_degree_samples
from benchmarks.samples.hostile import HOSTILE_UPLOADS, make_hostile
from benchmarks.samples.papers import PAPERS
from benchmarks.samples.writing import (
    BatchSummary,
    Truth,
    require_empty,
    summarize,
    truth_of,
    write_table,
    write_toml,
    write_truth,
    write_uploads,
)

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


def write_samples(
    directory: Path, *, n: int, seed: int, progress: Progress | None = None
) -> tuple[BatchSummary, BatchSummary]:
    """Write `sample-language` with `n` applications and `sample-degree` with a fifth of that.

    Raises `FolderNotEmpty` where either exists already, `ValueError` where `n` is below 1.
    """
    language, degree = directory / "sample-language", directory / "sample-degree"
    for folder in (language, degree):
        require_empty(folder)
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
    require_empty(directory)
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
    write_toml(directory, batch_id, "language", "示例批次·学位外语认定")
    write_table(directory / "applications.csv", LANGUAGE_HEADERS, [s.cells for s in samples])
    total = sum(write_uploads(directory, sample.student_number, sample.files) for sample in samples)
    truths = [truth_of(sample) for sample in samples]
    write_truth(directory, truths)
    return summarize(directory, batch_id, truths, total, skipped=skipped)


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
    require_empty(directory)
    _require_positive(n)
    samples = make_degree_samples(n, seed, progress)
    write_toml(directory, batch_id, "degree", "示例批次·学位申请")
    write_table(directory / "applications.csv", DEGREE_HEADERS, [s.cells for s in samples])
    courses = [row for sample in samples for row in sample.courses]
    write_table(directory / "courses.csv", COURSE_HEADERS, courses)
    total = sum(write_uploads(directory, sample.student_number, sample.files) for sample in samples)
    truths: list[Truth] = [
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
    write_truth(directory, truths)
    return summarize(directory, batch_id, truths, total)


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


def _require_known(what: str, names: Collection[str] | None, known: Sequence[str]) -> None:
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise ValueError(f"unknown {what}: {', '.join(unknown)}; known: {', '.join(known)}")


def _require_positive(n: int) -> None:
    if n < 1:
        raise ValueError(f"a batch needs at least one application, not {n}")
