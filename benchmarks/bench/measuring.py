"""The whole run of `hedui bench`: take in, read, judge, compare, write."""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench.accuracy import score
from benchmarks.bench.comparison import compare_engines, pick_sample
from benchmarks.bench.judging import judge
from benchmarks.bench.machine import describe_machine
from benchmarks.bench.reading import (
    LabelledFolder,
    Listener,
    PolicyOf,
    ReadingRun,
    Shelf,
    all_requests,
    open_folders,
    open_shelf,
    read_all,
)
from benchmarks.bench.results import (
    BenchResult,
    CalibrationSeen,
    Comparison,
    MeasuredFolder,
    Scaling,
    Speed,
)
from benchmarks.bench.scaling import measure_scaling
from benchmarks.bench.statistics import percentile
from benchmarks.bench.truth import TRUTH_FILE
from domain.calibration import document_key

# Reading a file takes about as long as any other: a few show the scaling.
_SCALING_FILES = 12
# Files before the timed ones. Lines and pages of a new size take longer once: over a worker's life
# that is 7 ms a page, and about as much after so many files.
_WARMING_FILES = 48
NO_COMPARISON = Comparison(core=-1, engines=(), stages={}, files=())
NO_SCALING = Scaling(
    files=0, rounds=(), two_to_one=None, two_to_separate=None, skipped="no files sampled"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchOrder:
    """What is to be measured.

    `sample` is how many files the timed comparisons read, 0 for none. Where the folders have fewer
    pages than `memory`, files are read again until there were so many.
    """

    folders: tuple[Path, ...]
    workers: int | None
    alternatives: bool
    sample: int
    memory: int = 0


def measure(
    order: BenchOrder, policy_of: PolicyOf, versions: Mapping[str, str], listener: Listener
) -> BenchResult:
    """Measure accuracy and speed on labelled folders.

    `versions` names what else the figures depend on. Raises `BatchRefused` for a folder or a truth
    that is not as the contract says, and `MachineFault` where the engines fail to start.
    """
    load_before = os.getloadavg()[0]
    seconds: dict[str, float] = {}
    with _timed(seconds, "intake"):
        folders = open_folders(order.folders, policy_of)
    workers = order.workers or len(os.sched_getaffinity(0))
    with open_shelf() as directory:
        shelf = Shelf(Path(directory))
        with _timed(seconds, "read"):
            requests = all_requests(folders, shelf)
            outcomes, run = read_all(requests, workers, listener, order.memory)
        with _timed(seconds, "judge"):
            judged = judge(folders, outcomes, listener)
        pair, picked = pick_sample(folders, outcomes, shelf, order.sample + _WARMING_FILES)
        sample, others = picked[: order.sample], picked[order.sample :]
        comparison, scaling = NO_COMPARISON, NO_SCALING
        if pair is not None and sample:
            with _timed(seconds, "compare"):
                comparison = compare_engines(pair, sample, order.alternatives, listener, others)
            some = [file.request for file in sample[:_SCALING_FILES]]
            with _timed(seconds, "scale"):
                scaling = measure_scaling(pair, some, listener)
    return BenchResult(
        folders=tuple(_describe(folder, versions.get("engine", "")) for folder in folders),
        machine=describe_machine(load_before),
        versions=versions,
        accuracy=score(judged),
        speed=_speed(run),
        comparison=comparison,
        scaling=scaling,
        endurance=run.endurance,
        stage_seconds=seconds,
    )


@contextlib.contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - begun


def _describe(folder: LabelledFolder, engine_version: str) -> MeasuredFolder:
    truth = (folder.path / TRUTH_FILE).read_bytes()
    return MeasuredFolder(
        folder=folder.path.name,
        batch_id=folder.batch.id,
        applications=len(folder.submissions),
        labelled=len(folder.truths),
        held_back=sum(truth.held_back for truth in folder.truths.values()),
        truth_digest=hashlib.sha256(truth).hexdigest(),
        policy=folder.policy.institution,
        policy_digest=folder.policy.digest,
        calibration=find_seen(folder, engine_version),
    )


def find_seen(folder: LabelledFolder, engine_version: str) -> CalibrationSeen:
    """Return how much of a labelled folder its policy's calibration was measured on."""
    calibration = folder.policy.calibration
    labelled = [s for s in folder.submissions if s.student_number in folder.truths]
    documents = {document_key(u.digest) for s in labelled for u in folder.readable(s)}
    layouts = {truth.layout for truth in folder.truths.values() if truth.layout}
    return CalibrationSeen(
        name=calibration.name,
        digest=calibration.digest,
        fits=folder.policy.is_measured_for(engine_version),
        documents=len(documents),
        documents_seen=len(documents.intersection(calibration.documents)),
        layouts=len(layouts),
        layouts_seen=len(layouts.intersection(calibration.layouts)),
    )


def _speed(run: ReadingRun) -> Speed:
    cores = min(run.workers, len(os.sched_getaffinity(0)))
    return Speed(
        workers=run.workers,
        files=run.files,
        pages=run.pages,
        failed_files=run.failed_files,
        wall_seconds=run.wall_seconds,
        pages_per_second_and_core=(
            run.pages / run.wall_seconds / cores if run.wall_seconds else 0.0
        ),
        p50_seconds_per_file=_seconds(run.file_seconds, 0.5),
        p95_seconds_per_file=_seconds(run.file_seconds, 0.95),
        memory_megabytes=run.memory,
    )


def _seconds(values: Sequence[float], share: float) -> float:
    return percentile(values, share) if values else 0.0
