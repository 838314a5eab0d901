"""Returned applications that are uploaded again, through the whole command, twice."""

import csv
import datetime
import json
import shutil
from pathlib import Path

import pytest

from store import open_store
from tests.conftest import Hedui
from tests.flows.folders import write_toml

pytestmark = [pytest.mark.prefect, pytest.mark.reading]

SAMPLE = Path(__file__).resolve().parents[2] / "sample_inputs/language"
PAST = datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=datetime.UTC)
WINDOW = PAST + datetime.timedelta(days=15)
SOON = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=9)


def accepted_one() -> str:
    """Return the 学号 of a sample that the machine accepts."""
    for line in (SAMPLE / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        if (truth["kind"], truth["condition"]) == ("honest", "scan-300"):
            return str(truth["学号"])
    raise AssertionError("no such sample")


def folder_without_upload(folder: Path, until: datetime.datetime, time: str = "") -> str:
    folder.mkdir()
    write_toml(folder, PAST)
    with (folder / "batch.toml").open("a", encoding="utf-8") as file:
        file.write(f"resubmit_until = {until.isoformat()}\n")
    number = accepted_one()
    write_row(folder, number, time)
    return number


def write_row(folder: Path, number: str, time: str = "") -> None:
    with (SAMPLE / "applications.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["学号"] == number)
    row["申请时间"] = time or row["申请时间"]
    with (folder / "applications.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row.keys())
        writer.writeheader()
        writer.writerow(row)


def result(home: Path) -> tuple[str, str]:
    with (home / "out/small/results.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    return row["decision"], row["reason_codes"]


@pytest.mark.parametrize(
    ("until", "time", "as_of", "then"),
    [
        (SOON, "", "", ("accept", "")),
        (SOON, "2024-04-10 09:00:00", "", ("accept", "")),
        (WINDOW, "", "2024-04-15", ("accept", "")),
        (WINDOW, "2024-04-10 09:00:00", "", ("accept", "")),
        (WINDOW, "", "2024-04-16", ("review", "resubmitted-late")),
        (WINDOW, "", "", ("review", "resubmitted-late")),
        (WINDOW, "2024-04-16 09:00:00", "", ("review", "late")),
    ],
    ids=("in-time", "in-time-by-table", "in-time-by-day", "seen-late-but-made-in-time",
         "late-by-day", "late", "late-by-table"),
)  # fmt: skip
def test_what_was_returned_reopens_with_its_history_until_the_last_day(
    hedui: Hedui,
    tmp_path: Path,
    until: datetime.datetime,
    time: str,
    as_of: str,
    then: tuple[str, str],
) -> None:
    folder, home = tmp_path / "batch", tmp_path / "home"
    number = folder_without_upload(folder, until)
    assert hedui("--quiet", "run", folder)[0] == 0
    assert result(home) == ("return", "no-upload")
    shutil.copytree(SAMPLE / "uploads" / number, folder / "uploads" / number)
    write_row(folder, number, time)
    code, _, errors = hedui("--quiet", "run", folder, *(("--as-of", as_of) if as_of else ()))
    assert (code, errors) == (0, "")
    assert result(home) == then
    with open_store(home) as store:
        kinds = [event.kind for event in store.events.of_application("small", number)]
        case = store.cases.find("small", number)
    assert kinds == ["application-added", "decided", "input-changed", "decided"]
    if then[0] == "review":
        assert case is not None
        assert case.kind == then[1]
