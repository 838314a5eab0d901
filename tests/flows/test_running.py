"""Real Prefect flows in processes of their own: kill, run again, two at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store import open_store

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


def test_a_run_killed_while_reading_finishes_later_and_repeats_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    killed = start(tmp_path, 0.4)
    wait_for_lines(log, 4)
    second = start(tmp_path, 0.0)
    _, complaint = second.communicate(timeout=120)
    assert second.returncode != 0
    assert "BatchBusy" in complaint, "two at once: one is told so"
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()

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

    with open_store(tmp_path / "home") as store:
        outcome = store.load_outcome("spring")
        assert store.events.verify() is None
        decided = [e.student_number for e in store.events.of_batch("spring") if e.kind == "decided"]
    assert len(outcome.rows) == len(decided) == len(set(decided)) == COUNT
    results = (tmp_path / "home/out/spring/results.csv").read_text().splitlines()
    assert len(results) == COUNT
    assert "1013,review" in results
    assert results.count("1001,accept") == 1
