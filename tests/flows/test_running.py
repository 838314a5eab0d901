"""Real Prefect flows in processes of their own: kill, run again, two at once."""

import contextlib
import datetime
import os
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from domain.faults import MachineFault
from flows.progress import Silence
from flows.running import RunOrder, decided_early
from store import open_store
from tests.store.builders import make_batch

pytestmark = pytest.mark.prefect
COUNT = 14
ROOT = Path(__file__).resolve().parents[2]


def start(tmp_path: Path, seconds: float) -> subprocess.Popen[str]:
    home, folder, log = (tmp_path / name for name in ("home", "batch", "log"))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.flows.slow_run", str(home), str(folder), str(log),
         str(seconds), str(COUNT)],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def wait_for_lines(log: Path, count: int) -> None:
    deadline = time.monotonic() + 120
    while not log.exists() or len(log.read_text().splitlines()) < count:
        assert time.monotonic() < deadline, "the run never came to reading"
        time.sleep(0.05)


def wait_until_alone(group: int) -> None:
    """Wait until no process of a group lives; a server that was left behind would stay."""
    deadline = time.monotonic() + 30
    while left := living(group):
        if time.monotonic() > deadline:
            os.killpg(group, signal.SIGKILL)
            pytest.fail(f"a killed run leaves processes behind: {left}")
        time.sleep(0.2)


def living(group: int) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
            if state != "Z" and int(its_group) == group:
                found.append(path.parent.name)
    return found


def test_a_run_killed_while_reading_finishes_later_and_repeats_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    killed = start(tmp_path, 0.4)
    wait_for_lines(log, 4)
    second = start(tmp_path, 0.0)
    _, complaint = second.communicate(timeout=120)
    assert second.returncode != 0
    assert "BatchBusy" in complaint, "two at once: one is told so"
    killed.kill()
    killed.communicate()
    wait_until_alone(killed.pid)

    with open_store(tmp_path / "home") as store, store.database.reading() as connection:
        kept = set(connection.exec_driver_sql("SELECT file_digest FROM readings").scalars())
    begun = log.read_text().splitlines()
    assert 3 <= len(kept) < COUNT

    again = start(tmp_path, 0.0)
    said, complaint = again.communicate(timeout=120)
    assert again.returncode == 0, complaint
    read_again = log.read_text().splitlines()[len(begun) :]
    assert not kept & set(read_again), "what was kept is not read again"
    assert len(read_again) == COUNT - len(kept)
    assert f"files read: {COUNT - len(kept)}" in said
    assert said.count("measured with another engine") == 1, "the fake reader is no measured engine"

    with open_store(tmp_path / "home") as store:
        outcome = store.load_outcome("spring")
        assert store.events.verify() is None
        decided = [e.student_number for e in store.events.of_batch("spring") if e.kind == "decided"]
    assert len(outcome.rows) == len(decided) == len(set(decided)) == COUNT
    results = (tmp_path / "home/out/spring/results.csv").read_text().splitlines()
    assert len(results) == COUNT
    assert "1013,review" in results
    assert results.count("1001,accept") == 1


def test_an_outcome_folder_that_cannot_be_written_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import processing

    def refuse(_out: Path, _outcome: object) -> None:
        raise OSError(28, "No space left on device")

    work = types.SimpleNamespace(
        listener=Silence(),
        timed=lambda _stage: contextlib.nullcontext(),
        parts=types.SimpleNamespace(write_outcome=refuse),
        store=types.SimpleNamespace(
            load_outcome=lambda _batch_id: types.SimpleNamespace(batch=make_batch())
        ),
        out=tmp_path,
    )
    monkeypatch.setitem(processing._WORK, "spring", work)
    with pytest.raises(MachineFault, match="No space left") as told:
        processing.report.fn("spring")
    assert told.value.code == "report-failed"


def test_only_what_is_decided_after_the_deadline_is_final(tmp_path: Path) -> None:
    batch, day = make_batch(), datetime.timedelta(days=1)
    before, after = batch.deadline - day, batch.deadline + day
    plain = RunOrder(folder=tmp_path, out=tmp_path)
    assert decided_early(batch, plain, before)
    assert not decided_early(batch, plain, batch.deadline)
    for clock, today, early in (
        (before, after, True),  # a date does not close the batch for those who still upload
        (after, before, True),
        (after, batch.deadline, False),
        (after, after, False),
    ):
        order = RunOrder(folder=tmp_path, out=tmp_path, as_of=today.date())
        assert decided_early(batch, order, clock) is early
