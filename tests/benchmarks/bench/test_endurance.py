"""Reading again and again until there are enough pages; a pool without engines stands in."""

from collections.abc import Iterable, Iterator

import pytest

from benchmarks.bench.endurance import measure_endurance
from benchmarks.bench.reading import PolicyPair
from benchmarks.bench.results import Endurance
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
        self.stage, self.total, self.done = "", 0, 0

    def begin(self, stage: str, total: int) -> None:
        self.stage, self.total = stage, total

    def advance(self, count: int = 1) -> None:
        self.done += count


def measure(monkeypatch: pytest.MonkeyPatch, pages: int, *digests: str) -> tuple[Endurance, Steps]:
    monkeypatch.setattr("benchmarks.bench.endurance.ReadingPool", Reader)
    requests = [ReadRequest(path=digest, file_digest=digest, kind=None) for digest in digests]  # type: ignore[arg-type]
    steps = Steps()
    pair = PolicyPair(POLICY.reading, POLICY.intake)
    return measure_endurance(pair, requests, pages, 1, steps), steps


def test_the_files_are_read_in_turn_until_there_are_enough_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endurance, steps = measure(monkeypatch, 50, "a", "b", "0")
    assert (endurance.wanted, endurance.pages) == (50, 50)
    assert (steps.total, steps.done) == (50, 50)
    assert [point.pages for point in endurance.points] == [5, 25, 50]
    # One file warms the worker up and is not counted.
    after = Reader.read_digests[1:]
    assert len(after) == endurance.files
    assert max(after.count(d) for d in "ab") - min(after.count(d) for d in "ab") <= 1


def test_files_without_pages_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    endurance, _ = measure(monkeypatch, 50, "0a", "0b")
    assert (endurance.pages, endurance.files, endurance.points) == (0, 2, ())
