"""The reading pool under readers that crash, hang, lie and leak: one outcome per file, always."""

import dataclasses
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.application import FileKind
from domain.faults import MachineFault
from domain.policy import ReadingPolicy, parse_policy
from domain.reading import ReadOutcome, ReadRequest
from extractors.reading.pool import ATTEMPTS, ReadFile, ReadingPool
from tests.extractors.reading.faulty_readers import (
    SECRET,
    DiesAtStart,
    crash_once,
    read_faultily,
    reading_of,
)

ROOT = Path(__file__).parents[3]
POLICY = parse_policy((ROOT / "institutions/default.toml").read_text("utf-8"), None, "default")
IMPATIENT = dataclasses.replace(POLICY.reading, timeout_seconds=1)

Read = Callable[..., list[ReadOutcome]]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "attempts.log"
    path.touch()
    return path


@pytest.fixture
def read(log: Path) -> Read:
    """Read files named by their digests through a pool of real processes."""

    def read(
        *digests: str,
        workers: int = 2,
        reader: ReadFile = read_faultily,
        policy: ReadingPolicy = IMPATIENT,
    ) -> list[ReadOutcome]:
        requests = [
            ReadRequest(path=str(log), file_digest=digest, kind=FileKind.JPEG) for digest in digests
        ]
        with ReadingPool(policy, POLICY.intake, workers=workers, read_file=reader) as pool:
            return list(pool.read(requests))

    return read


def attempts(log: Path) -> Counter[str]:
    return Counter(line.split()[0] for line in log.read_text("utf-8").splitlines())


def by_digest(outcomes: list[ReadOutcome]) -> dict[str, ReadOutcome]:
    assert len({outcome.file_digest for outcome in outcomes}) == len(outcomes)
    return {outcome.file_digest: outcome for outcome in outcomes}


# What each fault must come out as: code, machine at fault, returned to the applicant, attempts.
FAULTS = {
    "exit-1": ("crashed", True, False, ATTEMPTS),
    "segfault-1": ("crashed", True, False, ATTEMPTS),
    "leave-1": ("crashed", True, False, ATTEMPTS),
    "hang-1": ("timeout", True, False, ATTEMPTS),
    "machine-1": ("second-reader", True, False, ATTEMPTS),
    "memory-1": ("memory", True, False, ATTEMPTS),
    "unknown-1": ("error-UnheardOf", True, False, ATTEMPTS),
    "document-1": ("damaged-unopenable", False, True, 1),
    "returned-1": ("encrypted", False, True, 1),
}


def test_every_fault_has_its_own_outcome_and_stops_no_other_file(read: Read, log: Path) -> None:
    good = [f"good-{number}" for number in range(6)]
    digests = [*FAULTS, *good]
    random.Random(7).shuffle(digests)
    parent = os.getpid()

    outcomes = by_digest(read(*digests))

    assert os.getpid() == parent
    assert outcomes.keys() == set(digests)
    tried = attempts(log)
    for digest, (code, machine_failed, returns, times) in FAULTS.items():
        outcome = outcomes[digest]
        assert outcome.reading is None
        assert (outcome.fault, outcome.machine_failed, outcome.returns) == (
            code,
            machine_failed,
            returns,
        ), digest
        assert tried[digest] == times, digest
    for digest in good:
        assert outcomes[digest].reading == reading_of(digest, digest)
        assert (outcomes[digest].fault, tried[digest]) == ("", 1)


def test_no_text_of_a_document_crosses_from_a_worker(
    read: Read, capfd: pytest.CaptureFixture[str]
) -> None:
    outcomes = read(*FAULTS)

    said = repr(outcomes)
    assert SECRET not in said
    assert "张三" not in said
    # SystemExit prints its own text: the test's, on the worker's terminal. It is not in an answer.
    assert all(outcome.reading is None for outcome in outcomes)
    capfd.readouterr()


def test_a_file_that_fails_once_is_read_at_the_second_attempt(read: Read, log: Path) -> None:
    outcomes = by_digest(read("a", "b", "c", reader=crash_once))

    assert all(outcome.reading is not None for outcome in outcomes.values())
    assert not any(outcome.machine_failed or outcome.fault for outcome in outcomes.values())
    assert attempts(log) == {"a": ATTEMPTS, "b": ATTEMPTS, "c": ATTEMPTS}


def test_a_worker_that_died_is_replaced_by_another_process(read: Read, log: Path) -> None:
    read("exit-1", "good-1", workers=1)

    pids = [line.split()[1] for line in log.read_text("utf-8").splitlines()]
    assert len(pids) == 3  # two attempts that died and one that lived
    assert len(set(pids)) == 3


def test_the_order_and_number_of_workers_change_no_answer(read: Read) -> None:
    digests = ["slow-1", "good-1", "document-1", "wrong-1", "good-2", "slow-2", "exit-1"]

    def answers(order: list[str], workers: int) -> set[tuple[object, ...]]:
        outcomes = read(*order, workers=workers)
        assert len(outcomes) == len(order)
        return {
            (outcome.file_digest, outcome.reading, outcome.fault, outcome.machine_failed)
            for outcome in outcomes
        }

    assert answers(digests, 1) == answers(digests[::-1], 3)


def test_a_confident_but_wrong_reader_is_passed_on_as_it_answered(read: Read) -> None:
    (outcome,) = read("wrong-1")

    assert outcome.reading == reading_of("wrong-1", "999999999999999")


def test_the_same_digest_twice_gets_two_outcomes_and_its_own_attempts(
    read: Read, log: Path
) -> None:
    outcomes = read("machine-1", "machine-1", "good-1")

    assert sorted(outcome.file_digest for outcome in outcomes) == ["good-1", *["machine-1"] * 2]
    assert attempts(log)["machine-1"] == 2 * ATTEMPTS


def test_a_pool_reads_again_after_it_was_emptied(log: Path) -> None:
    def request(digest: str) -> ReadRequest:
        return ReadRequest(path=str(log), file_digest=digest, kind=FileKind.PDF)

    with ReadingPool(IMPATIENT, POLICY.intake, workers=1, read_file=read_faultily) as pool:
        assert list(pool.read([])) == []
        first = list(pool.read([request("exit-1")]))
        second = list(pool.read([request("good-1")]))

    assert [outcome.fault for outcome in first] == ["crashed"]
    assert [outcome.reading for outcome in second] == [reading_of("good-1", "good-1")]


def test_a_worker_that_cannot_start_is_a_fault_of_the_machine_and_no_hang(read: Read) -> None:
    with pytest.raises(MachineFault) as fault:
        read("good-1", "good-2", reader=DiesAtStart())

    assert fault.value.code == "reader-does-not-start"


def test_a_worker_ends_with_its_pool(log: Path) -> None:
    request = ReadRequest(path=str(log), file_digest="good-1", kind=FileKind.JPEG)
    with ReadingPool(IMPATIENT, POLICY.intake, workers=1, read_file=read_faultily) as pool:
        list(pool.read([request]))

    (pid,) = {int(line.split()[1]) for line in log.read_text("utf-8").splitlines()}
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
