"""The engines are timed one file at a time, in turn, each in the midst of a batch of its own."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from benchmarks.bench import comparison
from benchmarks.bench.alternatives import ENGINES, Work
from benchmarks.bench.comparison import OURS, OURS_ALONE, SampleFile, compare_engines
from benchmarks.bench.reading import PolicyPair
from domain.application import FileKind
from domain.reading import ReadOutcome, ReadRequest
from flows.progress import Silence
from tests.validators.builders import POLICY

PAIR = PolicyPair(POLICY.reading, POLICY.intake)
FILES = [
    SampleFile(
        request=ReadRequest(path=f"/{name}", file_digest=name, kind=FileKind.JPEG),
        condition="clean",
        printed=(),
    )
    for name in ("first", "second", "third")
]


class FakePool:
    """Notes which file it is asked for."""

    def __init__(self, noted: list[tuple[str, str]], name: str) -> None:
        self._noted, self._name = noted, name

    def __enter__(self) -> "FakePool":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]:
        for request in requests:
            self._noted.append((self._name, request.file_digest))
            yield ReadOutcome(file_digest=request.file_digest, reading=None, seconds=0.5)


class FakeAlternatives(FakePool):
    """Notes which file each engine reads: the one decoded last."""

    def __init__(self, noted: list[tuple[str, str]]) -> None:
        super().__init__(noted, "")
        self._decoded = ""

    def decode(self, request: ReadRequest) -> Work:
        self._decoded = request.file_digest
        return Work(wall_seconds=0.1, cpu_seconds=0.1, pages=1)

    def read(self, requests: Any) -> Any:
        self._noted.append((requests, self._decoded))
        return Work(wall_seconds=2.0, cpu_seconds=2.0, pages=1)


def test_every_engine_reads_another_file_just_before_the_one_that_is_timed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted: list[tuple[str, str]] = []
    names = iter((OURS, OURS_ALONE))
    monkeypatch.setattr(comparison, "Alternatives", lambda *_: FakeAlternatives(noted))
    monkeypatch.setattr(comparison, "ReadingPool", lambda *_: FakePool(noted, next(names)))
    monkeypatch.setattr(comparison, "reader_ids", lambda _: [])
    compared = compare_engines(PAIR, FILES[1:], True, Silence(), FILES[:1])
    engines = [OURS, OURS_ALONE, *ENGINES]
    turned = [engines, engines[1:] + engines[:1]]
    timed = [
        (engine, digest)
        for order, pair in zip(turned, (("first", "second"), ("second", "third")), strict=True)
        for engine in order
        for digest in pair
    ]
    assert noted[-len(timed) :] == timed
    ratios = {speed.engine: speed.total_ratio for speed in compared.engines}
    assert ratios == {OURS: None, OURS_ALONE: 1.0, **dict.fromkeys(ENGINES, 4.0)}
