"""The whole command `hedui run` in the test's own process: all of it but Prefect's server."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from domain.reading import ReadOutcome, ReadRequest
from flows import parts, running
from flows.parts import Reader
from tests.validators.builders import ENGINE, calibration_with, policy_with


class KnownReader:
    """Answers from what is known of each file; a file that nobody told it of is a failed test."""

    def __init__(self, outcomes: Mapping[str, ReadOutcome]) -> None:
        self._outcomes = outcomes

    def read(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]:
        for request in requests:
            assert Path(request.path).is_file()
            yield self._outcomes[request.file_digest]


@dataclasses.dataclass(frozen=True, slots=True)
class _Done:
    """What a task that has run already answers with."""

    value: object

    def result(self) -> object:
        return self.value


def run_directly(monkeypatch: pytest.MonkeyPatch, reader: Reader, engine: str = ENGINE) -> None:
    """Let `hedui run` call its flow and tasks as plain functions, and read with `reader`.

    The flow's own body runs, so the order of the stages is the real one; so are all other parts.
    Thresholds are those of the tests, and count for `engine`, whatever was measured last.
    """
    from flows import processing

    def at_once(work: Callable[..., object]) -> Callable[..., _Done]:
        return lambda *arguments: _Done(work(*arguments))

    tasks: Any = (
        *(processing.keep_originals, processing.read_chunk),
        *(processing.decide, processing.report),
    )
    for task in tasks:
        monkeypatch.setattr(task, "submit", at_once(task.fn))
    monkeypatch.setattr(processing, "process_batch", processing.process_batch.fn)
    policy = policy_with(None, calibration_with(engine=engine))
    monkeypatch.setattr(running, "load_policy", lambda _institution: policy)
    monkeypatch.setattr(running, "prepare_prefect", lambda _home: None)
    monkeypatch.setattr(running, "own_server", lambda **_: contextlib.nullcontext())
    real = parts.real_parts()
    given = dataclasses.replace(
        real,
        open_pool=lambda *_: contextlib.nullcontext(reader),
        engine_version=lambda: engine,
    )
    monkeypatch.setattr(parts, "real_parts", lambda: given)
