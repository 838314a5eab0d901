"""`hedui bench` from end to end, with the real engines where it says so."""

import csv
import datetime
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from benchmarks.samples.folder import write_language_batch
from tests.conftest import Hedui
from tests.flows.folders import write_batch

PAST = datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=datetime.UTC)


def write_truth(folder: Path, *rows: dict[str, Any]) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "truth.jsonl").write_text(text, encoding="utf-8")
    return folder


def by_hand(number: str, **more: Any) -> dict[str, Any]:
    return {
        "学号": number,
        "certificate_type": "cet4",
        "condition": "none",
        "kind": "empty",
        "expected": ["return"],
        **more,
    }


def assert_needs_nothing_else(page: str) -> None:
    """Nothing on the page names another place, and no script runs."""
    assert not re.search(r"https?:|//|@import|url\(|<script|<iframe|<object", page)
    assert set(re.findall(r"(?:src|href)=\"([^\"]*)\"", page)) == {"data:,"}


def test_a_folder_labelled_by_hand_is_measured_without_any_picture(
    hedui: Hedui, tmp_path: Path
) -> None:
    folder = write_truth(
        write_batch(tmp_path / "by hand & <more>", PAST),
        by_hand("2021001"),
        by_hand("2021002", expected=["accept"], kind="honest", note="kept out"),
    )
    code, said, errors = hedui("bench", folder, "--quiet")
    assert code == 0, errors
    out = tmp_path / "home" / "out"
    figures = json.loads((out / "bench.json").read_text(encoding="utf-8"))
    total = figures["accuracy"]["cells"][0]
    assert (total["straight_through"]["hits"], total["straight_through"]["n"]) == (0, 1)
    assert (total["false_accepts"]["hits"], total["false_accepts"]["n"]) == (0, 1)
    assert figures["accuracy"]["review_reasons"]["no-upload"] == 1
    assert figures["comparison"]["engines"] == []
    assert figures["scaling"]["skipped"]
    assert figures["folders"][0]["labelled"] == 2
    page = (out / "bench.html").read_text(encoding="utf-8")
    assert "by hand &amp; &lt;more&gt;" in page
    assert_needs_nothing_else(page)
    assert stat.S_IMODE((out / "bench.html").stat().st_mode) == 0o600
    assert "honest, accepted by machine" in said
    assert str(out / "bench.json") in said
    assert "王小明" not in said + page + json.dumps(figures, ensure_ascii=False)


def test_every_broken_folder_is_refused_at_once(hedui: Hedui, tmp_path: Path) -> None:
    no_truth = write_batch(tmp_path / "a", PAST)
    wrong = write_truth(write_batch(tmp_path / "b", PAST), by_hand("2021001", expected=["no"]))
    code, out, errors = hedui("bench", no_truth, wrong, "--out", tmp_path / "out")
    assert (code, out) == (3, "")
    assert "a/truth.jsonl" in errors
    assert "b/truth.jsonl 第 1 行 “expected”列" in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "out").exists()


def test_a_folder_named_twice_is_wrong_use(hedui: Hedui, tmp_path: Path) -> None:
    folder = write_truth(write_batch(tmp_path / "a", PAST), by_hand("2021001"))
    code, _, errors = hedui("bench", folder, folder / ".." / "a")
    assert code == 2
    assert "named twice" in errors


@pytest.mark.reading
def test_generated_and_foreign_folders_are_measured_together(
    hedui: Hedui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.bench.scaling.ROUNDS", 1)
    made = tmp_path / "made"
    conditions = ("clean", "scan-200", "text-pdf", "messenger")
    kinds = ("honest", "one-digit-off-score", "edited-image", "zero-bytes")
    write_language_batch(made, n=10, seed=11, kinds=kinds, conditions=conditions)
    foreign = make_foreign(tmp_path / "foreign", made)
    code, said, errors = hedui(
        "bench", made, foreign, "--sample", 1, "--memory", 16, "--out", tmp_path / "out"
    )
    assert code == 0, errors
    figures = json.loads((tmp_path / "out" / "bench.json").read_text(encoding="utf-8"))
    accuracy, speed = figures["accuracy"], figures["speed"]
    assert accuracy["labelled"] == 11
    assert accuracy["machine_failed"] == 0
    assert accuracy["risks"]["misread"]["hits"] == 0
    fields = {score["field"]: score for score in accuracy["fields"]}
    assert fields["score"]["exact"]["hits"] >= 0.8 * fields["score"]["exact"]["n"] > 0
    assert "duplicate-file" in accuracy["review_reasons"], (
        "the foreign one uses a file of the other"
    )
    assert speed["pages"] >= speed["files"] >= 8
    assert 50 < speed["memory_megabytes"]["worker"] < 2000
    assert 0 < speed["p50_seconds_per_file"] <= speed["p95_seconds_per_file"]
    endurance = figures["endurance"]
    assert endurance["pages"] >= max(16, speed["pages"])
    assert [point["pages"] for point in endurance["points"]][-1] == endurance["pages"]
    assert all(100 < point["worker"] < 2000 for point in endurance["points"])
    engines = {engine["engine"]: engine for engine in figures["comparison"]["engines"]}
    assert engines.keys() >= {"hedui", "pytesseract psm 3", "pytesseract psm 6", "RapidOCR"}
    assert all(engine["files"] == 1 and not engine["failures"] for engine in engines.values())
    assert engines["RapidOCR"]["recall"] > 0.5
    assert engines["hedui"]["recall"] > 0.5
    for name in ("pytesseract psm 3", "RapidOCR"):
        engine = engines[name]
        assert 0 < engine["ratio_low"] <= engine["ratio"] <= engine["ratio_high"]
    for file in figures["comparison"]["files"]:
        # One core: no engine can have had more processor time than wall time, but for ticks.
        assert all(s["cpu_seconds"] <= s["wall_seconds"] + 0.1 for s in file["sights"].values())
    page = (tmp_path / "out" / "bench.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 4
    assert_needs_nothing_else(page)
    assert "RapidOCR" in said


def make_foreign(folder: Path, made: Path) -> Path:
    """Write a folder as somebody else would: another person, one file of the first folder."""
    write_batch(folder, PAST, ("F-1",))
    truths = [json.loads(line) for line in (made / "truth.jsonl").read_text("utf-8").splitlines()]
    honest = next(t for t in truths if t["kind"] == "honest" and t["expected"] == ["accept"])
    with (made / "applications.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["学号"] == honest["学号"])
    assert row["姓名"]
    (source,) = sorted((made / "uploads" / honest["学号"]).iterdir())
    target = folder / "uploads" / "F-1" / source.name
    target.parent.mkdir(parents=True)
    target.write_bytes(source.read_bytes())
    return write_truth(
        folder, by_hand("F-1", condition="copied", kind="stolen", expected=["review"])
    )
