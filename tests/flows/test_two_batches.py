"""Two batches one after the other: what the second one reuses is taken back in the first."""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from domain.policy import Policy
from extractors.reading.pool import ReadingPool
from extractors.reading.worker import engine_version
from store.institutions import load_policy
from tests.conftest import Hedui
from tests.flows.direct import run_directly

pytestmark = pytest.mark.reading
SAMPLES = Path(__file__).resolve().parents[2] / "sample_inputs/language"
OWNER, TAKER = "201511006854", "202389829613"


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


@pytest.fixture
def reader() -> Iterator[ReadingPool]:
    """Give the real reader, started once for both batches."""
    policy: Policy = load_policy("default")
    with ReadingPool(policy.reading, policy.intake, 1) as pool:
        yield pool


def test_an_acceptance_whose_paper_a_later_batch_reuses_is_not_sealed(
    folders: tuple[Path, Path],
    reader: ReadingPool,
    tmp_path: Path,
    hedui: Hedui,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_directly(monkeypatch, reader, engine_version())

    def row_of(batch_id: str) -> dict[str, str]:
        written = (tmp_path / "home/out" / batch_id / "results.csv").read_text("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(written))
        return row

    (tmp_path / "password").write_text("correct horse 7\n", encoding="utf-8")
    added = hedui("user", "add", "chen", "--role", "lead", "--password-file", tmp_path / "password")
    assert added[0] == 0, added[2]
    first = hedui("run", folders[0])
    assert first[0] == 0, first[2]
    assert (row_of("first")["decision"], row_of("first")["reason_codes"]) == ("accept", "")

    second = hedui("run", folders[1])
    assert second[0] == 0, second[2]
    # The earlier batch's folder is written again too.
    assert row_of("first")["decision"] == row_of("second")["decision"] == "review"
    for batch_id in ("first", "second"):
        reasons = set(row_of(batch_id)["reason_codes"].split(";"))
        assert {"duplicate-number", "duplicate-picture"} <= reasons
    assert row_of("first")["审核状态"] == "待审核"
    assert TAKER not in row_of("first")["审核意见"]
    assert OWNER not in row_of("second")["审核意见"]
    code, _, refused = hedui("seal", "first", "--by", "chen")
    assert code == 2
    assert f"{OWNER} waits (open)" in refused
