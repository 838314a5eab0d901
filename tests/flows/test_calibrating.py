"""`hedui calibrate` from end to end, and what is said of thresholds for another engine."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from benchmarks.samples.folder import write_language_batch
from domain.calibration_file import parse_calibration, render_calibration
from flows.doctor import examine
from flows.environment import Installation
from flows.versions import calibration_mismatch
from store.institutions import institutions_folder
from tests.benchmarks.bench.test_bench import PAST, by_hand, write_truth
from tests.conftest import Hedui
from tests.flows.folders import write_batch
from tests.validators.builders import CALIBRATION, ENGINE, POLICY, policy_with


@pytest.fixture
def institutions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of policies without any calibration."""
    folder = tmp_path / "institutions"
    folder.mkdir()
    shutil.copy(institutions_folder() / "default.toml", folder)
    monkeypatch.setenv("HEDUI_INSTITUTIONS", str(folder))
    return folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument"),
        (("--target", "0"), "--target 0.0: a share between 0 and 1"),
        (("--name-target", "nan"), "--name-target nan: a share between 0 and 1"),
        (("--name", "../x"), "a name is made of a-z"),
        (("--institution", "nowhere"), "unknown institution 'nowhere'"),
        (("--workers", "0"), "Invalid value"),
    ],
)
def test_wrong_use_says_what_to_do(
    hedui: Hedui, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    folder = write_truth(write_batch(tmp_path / "a", PAST), by_hand("2021001"))
    code, out, errors = hedui("calibrate", *((folder, *arguments) if arguments else ()))
    assert (code, out) == (2, "")
    assert said in errors
    assert not (tmp_path / "home").exists()


def test_a_folder_without_truth_is_refused(hedui: Hedui, tmp_path: Path) -> None:
    code, _, errors = hedui("calibrate", write_batch(tmp_path / "a", PAST))
    assert code == 3
    assert "a/truth.jsonl" in errors


@pytest.mark.usefixtures("institutions")
def test_where_nothing_can_be_measured_no_file_is_written(hedui: Hedui, tmp_path: Path) -> None:
    folder = write_truth(write_batch(tmp_path / "a", PAST), by_hand("2021001"))
    code, _, errors = hedui("calibrate", folder, "--out", tmp_path / "made.json")
    assert code == 2
    assert "nothing to measure" in errors
    assert not (tmp_path / "made.json").exists()


def test_thresholds_of_another_engine_are_told_with_the_next_step() -> None:
    assert calibration_mismatch(POLICY, ENGINE) == ""
    told = calibration_mismatch(POLICY, "reader-2.0.0")
    assert "the machine accepts nothing" in told
    assert ENGINE in told
    assert "reader-2.0.0" in told
    assert "hedui calibrate LABELLED_DIR --institution test --out" in told
    allowed = policy_with("[acceptance]\naccept_other_engine = true\n")
    assert "count all the same" in calibration_mismatch(allowed, "reader-2.0.0")


def test_the_doctor_holds_the_calibration_against_the_engine(
    institutions: Path, tmp_path: Path
) -> None:
    from extractors.reading.worker import engine_version

    installation = Installation(home=tmp_path / "home", database_url=None)
    fitting = dataclasses.replace(CALIBRATION, engine_version=engine_version())
    path = institutions / "calibration" / "default.json"
    path.parent.mkdir()
    for calibration, ok in ((fitting, True), (CALIBRATION, False)):
        path.write_text(render_calibration(calibration), encoding="ascii")
        (check,) = [c for c in examine(installation) if c.subject == "calibration of default"]
        assert check.ok is ok
        assert calibration.digest[:12] in check.found
    assert "hedui calibrate" in check.remedy


@pytest.mark.reading
def test_drawn_papers_are_measured_and_the_file_counts(
    hedui: Hedui, tmp_path: Path, institutions: Path
) -> None:
    labelled = tmp_path / "labelled"
    write_language_batch(
        labelled, n=8, seed=12, kinds=("honest",), conditions=("clean",), held_back="exclude"
    )
    out = institutions / "calibration" / "default.json"
    # Eight papers support no real target: five readings without an error bound the share by 45 %.
    targets = ("--target", "0.5", "--name-target", "0.5")
    code, said, errors = hedui("calibrate", labelled, *targets, "--workers", 1, "--out", out)
    assert code == 0, errors
    text = out.read_text(encoding="ascii")
    calibration = parse_calibration(text, "made")
    assert len(calibration.documents) == calibration.sources[0].papers == 8
    truths = (labelled / "truth.jsonl").read_text("utf-8").splitlines()
    assert set(calibration.layouts) == {json.loads(line)["layout"] for line in truths}
    accepted = [t for t in calibration.thresholds if t.confidence is not None]
    never = [t for t in calibration.thresholds if t.confidence is None]
    assert accepted
    assert all(t.bound <= 0.5 and t.items >= 5 for t in accepted)
    assert all(t.bound > 0.5 for t in never)
    assert "too few: 5 without an error are needed" in said
    assert str(out) in said
    names = [json.loads(line)["fields"]["name"] for line in truths]
    assert not any(name in said + text for name in names)

    code, _, _ = hedui("calibrate", labelled, *targets, "--workers", 2, "--out", tmp_path / "b")
    assert code == 0
    assert (tmp_path / "b" / "default.json").read_text(encoding="ascii") == text
    code, said, _ = hedui("policy", "show")
    assert code == 0
    assert calibration.digest in said
