"""Take labelled folders in and read every usable upload, in memory and without a store."""

import os
import pickle
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.bench.endurance import Endurance, endurance_of, page_count, read_on
from benchmarks.bench.machine import Memory, MemoryWatch
from benchmarks.bench.truth import Truth, read_truth
from domain.application import WITHDRAWN_STATUSES, Batch, BatchKind, Submission, Upload
from domain.faults import BatchRefused, ConfigurationFault, InputFault
from domain.policy import IntakePolicy, Policy, ReadingPolicy
from domain.reading import ReadOutcome, ReadRequest
from extractors.intake import read_batch_folder, read_upload
from extractors.reading.pool import ReadingPool

PolicyOf = Callable[[str], Policy]
READER_PROCESS = "hedui-reader"


class Listener(Protocol):
    """What is told while a run works."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFolder:
    """One folder after intake, with its truth by 学号."""

    path: Path
    batch: Batch
    submissions: tuple[Submission, ...]
    truths: Mapping[str, Truth]
    policy: Policy

    def readable(self, submission: Submission) -> tuple[Upload, ...]:
        """Return the uploads that a run would read, each content once."""
        withdrawn = submission.application.get("申请状态") in WITHDRAWN_STATUSES
        if withdrawn or submission.rejections or self.batch.kind is BatchKind.DEGREE:
            return ()
        uploads = {u.digest: u for u in submission.uploads if u.usable and u.digest}
        return tuple(uploads.values())


def open_folders(paths: Sequence[Path], policy_of: PolicyOf) -> tuple[LabelledFolder, ...]:
    """Return every folder with its truth; raises `BatchRefused` with the faults of all of them.

    Raises `ConfigurationFault` where a folder is named twice: all of it would count as used before.
    """
    if len({path.resolve() for path in paths}) < len(paths):
        raise ConfigurationFault("a folder is named twice; name each folder once")
    folders: list[LabelledFolder] = []
    faults: list[InputFault] = []
    for path in paths:
        try:
            folders.append(_open(path, policy_of))
        except BatchRefused as refused:
            faults += refused.faults
    if faults:
        raise BatchRefused(tuple(faults))
    return tuple(folders)


def _open(path: Path, policy_of: PolicyOf) -> LabelledFolder:
    path = path.resolve()
    given = read_batch_folder(path, policy_of)
    numbers = {submission.student_number for submission in given.submissions}
    return LabelledFolder(
        path=path,
        batch=given.batch,
        submissions=given.submissions,
        truths=read_truth(path, numbers),
        policy=policy_of(given.batch.institution),
    )


@dataclass(frozen=True, slots=True)
class PolicyPair:
    """What decides how a file is read, besides its bytes."""

    reading: ReadingPolicy
    intake: IntakePolicy


@dataclass(slots=True)
class Outcomes:
    """The reader's answers by policy and digest, packed: thousands of them fit into memory."""

    _packed: dict[tuple[PolicyPair, str], bytes] = field(default_factory=dict)

    def keep(self, pair: PolicyPair, outcome: ReadOutcome) -> None:
        """Keep one answer."""
        self._packed[pair, outcome.file_digest] = zlib.compress(pickle.dumps(outcome), 1)

    def get(self, pair: PolicyPair, digest: str) -> ReadOutcome | None:
        """Return one answer, None where the file was not read."""
        packed = self._packed.get((pair, digest))
        if packed is None:
            return None
        outcome: ReadOutcome = pickle.loads(zlib.decompress(packed))  # our own bytes
        return outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRun:
    """What reading everything once took.

    `wall_seconds` run from when the workers are warm; `file_seconds` are those of each file.
    `endurance` is of all that was read, files that were read again among it.
    """

    workers: int
    files: int
    pages: int
    failed_files: int
    wall_seconds: float
    file_seconds: tuple[float, ...]
    memory: Memory
    endurance: Endurance


class Shelf:
    """Files under the names of their digests, as a reader may see them: no applicant, no order."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def request(self, folder: LabelledFolder, upload: Upload) -> ReadRequest:
        """Return the request for one upload."""
        path = self._directory / upload.digest
        if not os.path.lexists(path):
            original = folder.path / upload.path
            if original.is_file():
                path.symlink_to(original)
            else:  # the name on disk can differ from the portable path: intake knows to find it
                path.write_bytes(read_upload(folder.path, upload))
        return ReadRequest(path=str(path), file_digest=upload.digest, kind=upload.kind)


def open_shelf() -> "tempfile.TemporaryDirectory[str]":
    """Return a directory for a shelf that disappears with its block."""
    return tempfile.TemporaryDirectory(prefix="hedui-bench-")


def all_requests(
    folders: Sequence[LabelledFolder], shelf: Shelf
) -> dict[PolicyPair, list[ReadRequest]]:
    """Return what has to be read, each content once for each policy, in the order of digests."""
    found: dict[PolicyPair, dict[str, ReadRequest]] = {}
    for folder in folders:
        pair = PolicyPair(folder.policy.reading, folder.policy.intake)
        requests = found.setdefault(pair, {})
        for submission in folder.submissions:
            for upload in folder.readable(submission):
                if upload.digest not in requests:
                    requests[upload.digest] = shelf.request(folder, upload)
    return {
        pair: [requests[digest] for digest in sorted(requests)]
        for pair, requests in found.items()
        if requests
    }


def read_all(
    requests: Mapping[PolicyPair, Sequence[ReadRequest]],
    workers: int,
    listener: Listener,
    pages_for_memory: int = 0,
) -> tuple[Outcomes, ReadingRun]:
    """Read everything with warm workers and return the answers and what it took.

    Memory is watched all the time. Where `pages_for_memory` is more than the files have, those of
    the commonest policy are read again until there were so many; times are of the first reading.
    """
    listener.begin("read", sum(map(len, requests.values())))
    outcomes = Outcomes()
    seconds: list[float] = []
    course: list[tuple[int, Memory]] = []
    pages = failed = 0
    wall = 0.0
    by_size = sorted(requests, key=lambda pair: len(requests[pair]))
    with MemoryWatch(READER_PROCESS) as memory:
        for pair in by_size:
            wanted = requests[pair]
            with ReadingPool(pair.reading, pair.intake, workers) as pool:
                warm_up(pool, wanted[:1], workers)
                begun = time.perf_counter()
                for outcome in pool.read(wanted):
                    outcomes.keep(pair, outcome)
                    seconds.append(outcome.seconds)
                    pages += page_count(outcome)
                    failed += outcome.machine_failed
                    course.append((pages, memory.take()))
                    listener.advance()
                wall += time.perf_counter() - begun
                if pair is by_size[-1] and pages < pages_for_memory:
                    listener.begin("memory", pages_for_memory - pages)
                    reached = pages
                    for outcome in read_on(pool, wanted, pages_for_memory - pages):
                        reached += page_count(outcome)
                        course.append((reached, memory.take()))
                        listener.advance(page_count(outcome))
    return outcomes, ReadingRun(
        workers=workers,
        files=len(seconds),
        pages=pages,
        failed_files=failed,
        wall_seconds=wall,
        file_seconds=tuple(seconds),
        memory=memory.peaks,
        endurance=endurance_of(course),
    )


def warm_up(pool: ReadingPool, requests: Sequence[ReadRequest], workers: int) -> None:
    """Let every worker load its models and read some files, which are not counted.

    For every new width of a line, and size of a page, something is compiled.
    """
    for _ in pool.read([request for request in requests for _ in range(workers)]):
        pass


def labelled(
    folders: Sequence[LabelledFolder],
) -> Iterator[tuple[int, LabelledFolder, Submission, Truth]]:
    """Yield every application that has a truth, with the position of its folder."""
    for position, folder in enumerate(folders):
        for submission in folder.submissions:
            truth = folder.truths.get(submission.student_number)
            if truth is not None:
                yield position, folder, submission, truth
