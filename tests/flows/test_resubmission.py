"""Returned applications that are uploaded again, through the whole command, again and again."""

import csv
import datetime
from pathlib import Path

import pytest

from store import open_store
from tests.conftest import Hedui
from tests.flows.direct import KnownReader, run_directly
from tests.flows.folders import HEADERS, write_toml
from tests.review.builders import Paper, draw_paper

DEADLINE = datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=datetime.UTC)
UNTIL = DEADLINE + datetime.timedelta(days=15)
# Three papers that the machine accepts: one keeps its 申请时间, the others apply anew.
PLAIN, IN_TIME, LATE = NUMBERS = ("2022000001", "2022000002", "2022000003")
APPLIED = "2024-03-26 10:59:58"
ANEW = {IN_TIME: "2024-04-10 09:00:00", LATE: "2024-04-16 09:00:00"}
REST = {
    "层次": "专升本", "专业": "法学", "年级": "2021级", "学籍状态": "在籍", "学习中心": "校本部",
    "科目": "外国语", "申请证书类型": "其他语言类成绩认证",
}  # fmt: skip
PAPERS = {number: draw_paper(Paper(number=number)) for number in NUMBERS}


@pytest.fixture(autouse=True)
def quick_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in this process, with a reader that knows the three papers."""
    answers = (outcome for _, _, outcome in PAPERS.values())
    run_directly(monkeypatch, KnownReader({answer.file_digest: answer for answer in answers}))


def write_table(folder: Path, times: dict[str, str]) -> None:
    with (folder / "applications.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*HEADERS, "申请时间"))
        writer.writeheader()
        for number, (_, declared, _) in PAPERS.items():
            writer.writerow(REST | declared | {"申请时间": times.get(number, APPLIED)})


def run(hedui: Hedui, home: Path, folder: Path, *more: str) -> dict[str, tuple[str, str]]:
    """Run the command; return decision and reasons by 学号."""
    code, _, _ = hedui("--quiet", "run", folder, *more)
    assert code == 0
    with (home / "out/small/results.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["学号"]: (row["decision"], row["reason_codes"]) for row in csv.DictReader(file)}


def test_what_was_returned_reopens_with_its_history_until_the_last_day(
    tmp_path: Path, hedui: Hedui
) -> None:
    folder, home = tmp_path / "batch", tmp_path / "home"
    folder.mkdir()
    write_toml(folder, DEADLINE)
    with (folder / "batch.toml").open("a", encoding="utf-8") as file:
        file.write(f"resubmit_until = {UNTIL.isoformat()}\n")
    write_table(folder, {})
    assert run(hedui, home, folder) == dict.fromkeys(NUMBERS, ("return", "no-upload"))
    for number, (picture, _, _) in PAPERS.items():
        (folder / "uploads" / number).mkdir(parents=True)
        (folder / "uploads" / number / "成绩单.jpg").write_bytes(picture)
    write_table(folder, ANEW)
    accepted, late = ("accept", ""), ("review", "late")
    again = run(hedui, home, folder, "--as-of", "2024-04-15")
    assert again == {PLAIN: accepted, IN_TIME: accepted, LATE: late}
    # A day later, and by the clock, what says nothing of when it was made came too late.
    for more in (("--as-of", "2024-04-16"), ()):
        again = run(hedui, home, folder, *more)
        assert again == {PLAIN: ("review", "resubmitted-late"), IN_TIME: accepted, LATE: late}
    with open_store(home) as store:
        kinds = [event.kind for event in store.events.of_application("small", PLAIN)]
        waiting = {case.student_number: case.kind for case in store.cases.of_batch("small")}
    assert kinds[:4] == ["application-added", "decided", "input-changed", "decided"]
    assert waiting.items() >= {(PLAIN, "resubmitted-late"), (LATE, "late")}
