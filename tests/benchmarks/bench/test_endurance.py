"""Memory over a run, and reading on until there are enough pages; no engines are needed."""

from collections.abc import Iterable, Iterator

import pytest

from benchmarks.bench.endurance import endurance_of
from benchmarks.bench.machine import Memory
from benchmarks.bench.reading import PolicyPair, ReadingRun, read_all
from domain.reading import ReadOutcome, ReadRequest
from tests.validators.builders import POLICY, outcome_of, paper_of


class Reader:
    """Answers without any worker; files whose digest begins with `0` give no page."""

    read_digests: list[str]

    def __init__(self, *_: object) -> None:
        type(self).read_digests = []

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]:
        for request in requests:
            self.read_digests.append(request.file_digest)
            if request.file_digest.startswith("0"):
                yield ReadOutcome(
                    file_digest=request.file_digest, reading=None, seconds=0.1, fault="crashed"
                )
            else:
                yield outcome_of((paper_of(digest=request.file_digest),), request.file_digest)


class Steps:
    def __init__(self) -> None:
        self.stages: list[str] = []
        self.total = self.done = 0

    def begin(self, stage: str, total: int) -> None:
        self.stages.append(stage)
        self.total += total

    def advance(self, count: int = 1) -> None:
        self.done += count


def measure(monkeypatch: pytest.MonkeyPatch, pages: int, *digests: str) -> tuple[ReadingRun, Steps]:
    monkeypatch.setattr("benchmarks.bench.reading.ReadingPool", Reader)
    requests = [ReadRequest(path=digest, file_digest=digest, kind=None) for digest in digests]  # type: ignore[arg-type]
    steps = Steps()
    pair = PolicyPair(POLICY.reading, POLICY.intake)
    _, run = read_all({pair: requests}, 1, steps, pages)
    return run, steps


def test_the_files_are_read_in_turn_until_there_are_enough_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, steps = measure(monkeypatch, 50, "a", "b", "0")
    assert run.endurance.pages == 50
    assert [point.pages for point in run.endurance.points] == [5, 25, 50]
    assert steps.stages == ["read", "memory"]
    assert steps.done == steps.total
    # One file warms the worker up and is not counted.
    after = Reader.read_digests[1:]
    assert len(after) == run.endurance.files
    assert max(after.count(d) for d in "ab") - min(after.count(d) for d in "ab") <= 1


def test_what_is_read_again_counts_for_memory_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    run, _ = measure(monkeypatch, 50, "a", "b", "0")
    assert (run.files, run.pages, len(run.file_seconds)) == (3, 2, 3)


def test_a_run_with_enough_pages_reads_each_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run, steps = measure(monkeypatch, 2, "a", "b", "c")
    assert (run.endurance.files, run.endurance.pages) == (3, 3)
    assert [point.pages for point in run.endurance.points] == [1, 2, 3]
    assert steps.stages == ["read"]


def test_files_without_pages_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run, _ = measure(monkeypatch, 50, "0a", "0b")
    assert (run.endurance.pages, run.endurance.files, run.endurance.points) == (0, 4, ())


def test_growth_is_told_between_the_tenths_that_end_with_the_points() -> None:
    course = [
        (page, Memory(worker=500.0 + page, with_children=600.0 + page)) for page in range(1, 101)
    ]
    course[29] = (30, Memory(worker=990.0, with_children=995.0))  # a peak between the points
    endurance = endurance_of(course)
    assert [(p.pages, p.worker, p.with_children) for p in endurance.points] == [
        (10, 510.0, 610.0),
        (50, 550.0, 650.0),
        (100, 600.0, 700.0),
    ]
    assert endurance.growth == 90.0


def test_a_file_of_many_pages_has_its_place_in_every_point_it_reaches() -> None:
    low, high = (Memory(worker=mb, with_children=mb) for mb in (300.0, 400.0))
    endurance = endurance_of([(1, low), (100, high)])
    assert [(p.pages, p.worker) for p in endurance.points] == [(100, 400.0)] * 3
    assert endurance.growth == 0.0
