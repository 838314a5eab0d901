"""A real served deployment, in a process of its own, that lets a deadline pass."""

import contextlib
import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from store import open_store
from tests.flows.folders import write_batch, write_toml

pytestmark = pytest.mark.prefect
ROOT = Path(__file__).resolve().parents[2]


def start(tmp_path: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "serve", "--inbox", str(tmp_path / "inbox"),
         "--every", "4"],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "HEDUI_HOME": str(tmp_path / "home"),
             "PREFECT_RUNNER_POLL_FREQUENCY": "1", **environment},
        start_new_session=True,
    )  # fmt: skip


def wait_until_serving(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().startswith("serving "), process.stdout.read()


def sweeps_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes in which the runner has sweeps at work."""
    found = []
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # of what has just ended
            found += [
                int(pid)
                for pid in (task / "children").read_text().split()
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
            ]
    return found


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all of the group


def starts(tmp_path: Path) -> int:
    with open_store(tmp_path / "home") as store:
        return sum(event.kind == "run-started" for event in store.events.of_batch("small"))


def soon(seconds: float) -> datetime.datetime:
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    return now + datetime.timedelta(seconds=seconds)


def test_a_batch_runs_once_after_a_moved_deadline_and_a_restart(tmp_path: Path) -> None:
    folder = write_batch(tmp_path / "inbox" / "small", soon(86_400))
    results = tmp_path / "home/out/small/results.csv"
    first = start(tmp_path)
    wait_until_serving(first)
    time.sleep(12)
    assert starts(tmp_path) == 0, "its deadline has not passed"
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()

    deadline = soon(10)
    write_toml(folder, deadline)
    second = start(tmp_path)
    try:
        wait_until_serving(second)
        give_up = time.monotonic() + 120
        while not results.exists():
            assert time.monotonic() < give_up, "the batch never ran"
            time.sleep(0.5)
        assert datetime.datetime.now(datetime.UTC) >= deadline
        time.sleep(12)  # more looks, at a batch that has run
        assert starts(tmp_path) == 1
        with open_store(tmp_path / "home") as store:
            assert not store.load_outcome("small").provisional
    finally:
        second.terminate()
        try:
            said, _ = second.communicate(timeout=60)
        finally:
            os.killpg(second.pid, signal.SIGKILL) if second.poll() is None else None
    assert said.count("small: run") == 1
    assert "Traceback" not in said


@pytest.mark.parametrize("stop", [subprocess.Popen.terminate, press_ctrl_c])
def test_stopped_during_a_look_it_ends_at_once_and_leaves_no_process(
    tmp_path: Path, stop: Callable[[subprocess.Popen[str]], None]
) -> None:
    write_batch(tmp_path / "inbox" / "small", soon(86_400))
    process = start(tmp_path)
    try:
        wait_until_serving(process)
        give_up = time.monotonic() + 60
        while not (sweeps := sweeps_of(process)):
            assert time.monotonic() < give_up, "it never looked"
            time.sleep(0.05)
        stop(process)
        process.communicate(timeout=30)
    finally:
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
    assert process.returncode == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in sweeps)


def test_a_server_that_is_not_there_is_told_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    process = start(tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")  # nobody listens there
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "orchestration-failed" in said
    assert "Traceback" not in said
