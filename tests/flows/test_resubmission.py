"""Returned applications that are uploaded again, through the whole command, again and again."""

import csv
import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from store import open_store
from tests.flows.folders import write_toml

pytestmark = pytest.mark.prefect

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_inputs/language"
DEADLINE = datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=datetime.UTC)
UNTIL = DEADLINE + datetime.timedelta(days=15)
# Three samples that the machine accepts: one keeps its 申请时间, the others apply anew.
PLAIN, IN_TIME, LATE = SAMPLES = ("201511006854", "201741816932", "202392875831")
ANEW = {IN_TIME: "2024-04-10 09:00:00", LATE: "2024-04-16 09:00:00"}


def write_table(folder: Path, times: dict[str, str]) -> None:
    with (SAMPLE / "applications.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["学号"] in SAMPLES]
    with (folder / "applications.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        for row in rows:
            writer.writerow(row | {"申请时间": times.get(row["学号"], row["申请时间"])})


def run(home: Path, folder: Path, *more: str) -> dict[str, tuple[str, str]]:
    """Run the command in a process of its own; return decision and reasons by 学号."""
    environment = os.environ | {"HEDUI_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment.pop("HEDUI_DATABASE_URL", None)
    command = [sys.executable, "-m", "flows.cli", "--quiet", "run", str(folder), *more]
    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    with (home / "out/small/results.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["学号"]: (row["decision"], row["reason_codes"]) for row in csv.DictReader(file)}


def test_what_was_returned_reopens_with_its_history_until_the_last_day(tmp_path: Path) -> None:
    folder, home = tmp_path / "batch", tmp_path / "home"
    folder.mkdir()
    write_toml(folder, DEADLINE)
    with (folder / "batch.toml").open("a", encoding="utf-8") as file:
        file.write(f"resubmit_until = {UNTIL.isoformat()}\n")
    write_table(folder, {})
    assert run(home, folder) == dict.fromkeys(SAMPLES, ("return", "no-upload"))
    for number in SAMPLES:
        shutil.copytree(SAMPLE / "uploads" / number, folder / "uploads" / number)
    write_table(folder, ANEW)
    accepted, late = ("accept", ""), ("review", "late")
    again = run(home, folder, "--as-of", "2024-04-15")
    assert again == {PLAIN: accepted, IN_TIME: accepted, LATE: late}
    # A day later, and by the clock, what says nothing of when it was made came too late.
    for more in (("--as-of", "2024-04-16"), ()):
        again = run(home, folder, *more)
        assert again == {PLAIN: ("review", "resubmitted-late"), IN_TIME: accepted, LATE: late}
    with open_store(home) as store:
        kinds = [event.kind for event in store.events.of_application("small", PLAIN)]
        waiting = {case.student_number: case.kind for case in store.cases.of_batch("small")}
    assert kinds[:4] == ["application-added", "decided", "input-changed", "decided"]
    assert waiting.items() >= {(PLAIN, "resubmitted-late"), (LATE, "late")}
