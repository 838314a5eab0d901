"""Folders of pairs: an honest application and its twin that must be flagged, for each pair.

The two differ in one thing (`twins.py`); what pairs there are says `pair_plan.py`. Both sides are
drawn from the same random states, so that nothing else differs, not even the noise of the camera.
The same order gives the same bytes, whatever the number of processes.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.samples.application import (
    CATEGORY_NAMES,
    LANGUAGE_HEADERS,
    Drawn,
    SampleApplication,
    compose_application,
    honest_cells,
    honest_expectation,
    is_pass,
)
from benchmarks.samples.conditions import apply_condition
from benchmarks.samples.drawing import LayoutFault
from benchmarks.samples.encoding import UploadFile
from benchmarks.samples.folder import HONEST, Progress
from benchmarks.samples.pair_plan import PairJob, PairOrder, plan_pairs
from benchmarks.samples.paper import Paper
from benchmarks.samples.papers import compose_paper, draw_paper
from benchmarks.samples.people import draw_person
from benchmarks.samples.twins import Twin
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

PAIRS_BATCH = "sample-pairs"
REVIEW = ("review",)
_ATTEMPTS = 200
_JOBS_AT_ONCE = 4

Pair = tuple[SampleApplication, SampleApplication]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seeds:
    """The random states that both sides share: of the paper, the capture and the row."""

    paper: int
    capture: int
    cells: int
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """What one side of a pair shows, declares and uploads."""

    drawn: Drawn
    cells: Mapping[str, str]
    files: Sequence[UploadFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What is kept of an application whose files are on the disk."""

    cells: Mapping[str, str]
    truth: Truth
    size: int


_WrittenPair = tuple[_Written, _Written]


def write_pairs(
    directory: Path, order: PairOrder, *, workers: int = 1, progress: Progress | None = None
) -> BatchSummary:
    """Write a labelled language batch of pairs into `directory`/sample-pairs.

    Raises `FolderNotEmpty` where it exists already, `ValueError` for counts that make no sense.
    """
    folder = directory / PAIRS_BATCH
    require_empty(folder)
    jobs = plan_pairs(order)
    write_toml(folder, PAIRS_BATCH, "language", "示例批次·成对样例")
    written: list[_Written] = []
    make = partial(_make_and_write, folder, order.seed)
    for done, pair in enumerate(_make_all(make, jobs, workers), start=1):
        written += pair
        if progress is not None:
            progress(done, len(jobs))
    random.Random(f"{order.seed}/pairs/order").shuffle(written)
    write_table(folder / "applications.csv", LANGUAGE_HEADERS, [item.cells for item in written])
    truths = [item.truth for item in written]
    write_truth(folder, truths)
    return summarize(folder, PAIRS_BATCH, truths, sum(item.size for item in written))


def _make_all(
    make: Callable[[PairJob], _WrittenPair], jobs: Sequence[PairJob], workers: int
) -> Iterator[_WrittenPair]:
    """Yield the pairs in the order of the jobs, made here or by so many other processes."""
    if workers == 1:
        yield from map(make, jobs)
        return
    # A forked process would inherit locks of the threads that show the progress.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(make, jobs, chunksize=_JOBS_AT_ONCE)


def _make_and_write(folder: Path, seed: int, job: PairJob) -> _WrittenPair:
    honest, flagged = make_pair(job, seed)
    return _write(folder, honest), _write(folder, flagged)


def _write(folder: Path, application: SampleApplication) -> _Written:
    return _Written(
        cells=application.cells,
        truth=truth_of(application),
        size=write_uploads(folder, application.student_number, application.files),
    )


def make_pair(job: PairJob, seed: int) -> Pair:
    """Draw one pair, the honest application first.

    Raises `LookupError` where no paper of this layout can show the difference.
    """
    for attempt in range(_ATTEMPTS):
        pair = _try_pair(job, random.Random(f"{seed}/pairs/{job.number}/{attempt}"))
        if pair is not None:
            return pair
    raise LookupError(f"{job.kind.layout} cannot show {job.difference.name}")


def _try_pair(job: PairJob, rng: random.Random) -> Pair | None:
    person = replace(draw_person(rng), student_number=job.student_numbers[0])
    seeds = _Seeds(
        paper=rng.getrandbits(64),
        capture=rng.getrandbits(64),
        cells=rng.getrandbits(64),
        change=rng.getrandbits(64),
    )
    try:
        # Laying out is quick and drawing is not: what does not suit is never drawn.
        composition = compose_paper(job.kind, person, random.Random(seeds.paper))
        printed = {name: text for name, text in composition.printed.items() if text}
        passed = is_pass(job.kind.certificate_type, printed, composition.declared)
        if not passed or not job.difference.fits(printed):
            return None
        paper = draw_paper(job.kind, person, random.Random(seeds.paper))
        honest = Drawn(person=person, kind=job.kind, paper=paper)
        return _differ(job, honest, seeds)
    except LayoutFault:
        return None


def _differ(job: PairJob, honest: Drawn, seeds: _Seeds) -> Pair | None:
    """Make both applications, None where this paper cannot show the difference."""
    own = _Side(drawn=honest, cells=_row(job, honest, seeds), files=_files(job, honest, seeds))
    if job.difference.change is not None:
        twin = Twin(kind=job.kind, printed=honest.paper.printed, cells=own.cells)
        change = job.difference.change(twin, random.Random(seeds.change))
        other = None if change is None else replace(own, cells={**own.cells, **change})
    else:
        other = _printed_otherwise(job, honest, seeds)
    if other is None:
        return None
    outcomes = (HONEST, honest_expectation(honest.paper)), (job.difference.name, REVIEW)
    first, second = (
        compose_application(
            side.drawn,
            {**side.cells, "学号": number},
            side.files,
            kind=kind,
            expected=expected,
            condition=job.condition,
        )
        for side, number, (kind, expected) in zip(
            (own, other), job.student_numbers, outcomes, strict=True
        )
    )
    return first, replace(second, twin_of=first.student_number)


def _printed_otherwise(job: PairJob, honest: Drawn, seeds: _Seeds) -> _Side | None:
    """Return the side whose paper prints something else, and which declares just that."""
    difference, source = job.difference, random.Random(seeds.change)
    paper: Paper | None = None
    failed: dict[str, str] = {}
    if difference.redraw is not None:
        values = difference.redraw(job.kind, source)
        states = random.Random(seeds.paper)
        paper = draw_paper(job.kind, honest.person, states, overrides=values)
        # Nobody who declares what is printed calls this a pass.
        failed = {"成绩状态": "不合格"}
    elif difference.patch is not None:
        paper = difference.patch(honest.paper, source)
    if paper is None:
        return None
    drawn = replace(honest, paper=paper)
    cells = {**_row(job, drawn, seeds), **failed}
    return _Side(drawn=drawn, cells=cells, files=_files(job, drawn, seeds))


def _row(job: PairJob, drawn: Drawn, seeds: _Seeds) -> dict[str, str]:
    source = random.Random(seeds.cells)
    cells = honest_cells(drawn, source)
    if job.difference.with_category and not cells["证书类别"]:
        cells["证书类别"] = source.choice(CATEGORY_NAMES[job.kind.certificate_type])
    return cells


def _files(job: PairJob, drawn: Drawn, seeds: _Seeds) -> list[UploadFile]:
    return apply_condition(drawn.paper, job.condition, random.Random(seeds.capture))
