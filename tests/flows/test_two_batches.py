"""Two real batches one after the other: what the second one reuses is taken back in the first."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

pytestmark = [pytest.mark.prefect, pytest.mark.reading]
SAMPLES = Path(__file__).resolve().parents[2] / "sample_inputs/language"
OWNER, TAKER = "201741816932", "202389829613"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Give two batches: an honest applicant, and another who uploads a copy of the same paper."""
    text = (SAMPLES / "applications.csv").read_text(encoding="utf-8-sig")
    rows = {row["学号"]: row for row in csv.DictReader(io.StringIO(text))}
    taken = rows[OWNER] | {name: rows[TAKER][name] for name in ("学号", "姓名", "身份证号")}
    made = []
    for name, row in (("first", rows[OWNER]), ("second", taken)):
        folder = tmp_path / name
        uploads = folder / "uploads" / row["学号"]
        shutil.copytree(SAMPLES / "uploads" / OWNER, uploads)
        batch = (SAMPLES / "batch.toml").read_text(encoding="utf-8")
        lines = [f'id = "{name}"' if x.startswith("id =") else x for x in batch.splitlines()]
        (folder / "batch.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with (folder / "applications.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(row))
            writer.writeheader()
            writer.writerow(row)
        made.append(folder)
    (copied,) = (tmp_path / "second/uploads" / TAKER).iterdir()
    picture = Image.open(copied).convert("RGB")
    picture.resize((picture.width * 4 // 5, picture.height * 4 // 5)).save(copied, quality=80)
    return made[0], made[1]


def test_an_acceptance_whose_paper_a_later_batch_reuses_is_not_sealed(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    environment = {"HEDUI_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}

    def hedui(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flows.cli", *arguments]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    def row_of(batch_id: str) -> dict[str, str]:
        written = (tmp_path / "home/out" / batch_id / "results.csv").read_text("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(written))
        return row

    (tmp_path / "password").write_text("correct horse 7\n", encoding="utf-8")
    added = hedui("user", "add", "chen", "--role", "lead", "--password-file",
                  str(tmp_path / "password"))  # fmt: skip
    assert added.returncode == 0, added.stderr
    first = hedui("run", str(folders[0]))
    assert first.returncode == 0, first.stderr
    assert row_of("first")["decision"] == "accept"

    second = hedui("run", str(folders[1]))
    assert second.returncode == 0, second.stderr
    # The earlier batch's folder is written again too.
    assert row_of("first")["decision"] == row_of("second")["decision"] == "review"
    for batch_id in ("first", "second"):
        reasons = set(row_of(batch_id)["reason_codes"].split(";"))
        assert {"duplicate-number", "duplicate-picture"} <= reasons
    assert row_of("first")["审核状态"] == "待审核"
    assert TAKER not in row_of("first")["审核意见"]
    assert OWNER not in row_of("second")["审核意见"]
    sealed = hedui("seal", "first", "--by", "chen")
    assert sealed.returncode == 2
    assert f"{OWNER} waits (open)" in sealed.stderr
