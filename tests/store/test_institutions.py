"""Policies and the calibrations that they name, from the institutions' files."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from domain.calibration import UNCALIBRATED
from domain.calibration_file import render_calibration
from domain.faults import ConfigurationFault
from store.institutions import (
    calibration_path,
    institutions_folder,
    load_calibration,
    load_policy,
    load_uncalibrated_policy,
)
from tests.validators.builders import CALIBRATION


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of policies with a calibration of known thresholds."""
    shutil.copy(institutions_folder() / "default.toml", tmp_path / "default.toml")
    (tmp_path / "calibration").mkdir()
    path = tmp_path / "calibration" / "default.json"
    path.write_text(render_calibration(CALIBRATION), encoding="ascii")
    monkeypatch.setenv("HEDUI_INSTITUTIONS", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_a_policy_comes_with_the_calibration_that_it_names() -> None:
    policy = load_policy("default")
    assert policy.calibration == CALIBRATION
    assert policy.as_dict()["calibration"] == {"name": "default", "digest": CALIBRATION.digest}


def test_another_calibration_is_another_policy(folder: Path) -> None:
    before = load_policy("default").digest
    other = dataclasses.replace(CALIBRATION, layouts=("one-more",))
    path = folder / "calibration" / "default.json"
    path.write_text(render_calibration(other), encoding="ascii")
    assert load_policy("default").digest != before


def test_a_school_may_name_its_own(folder: Path) -> None:
    mine = dataclasses.replace(CALIBRATION, name="west")
    (folder / "calibration" / "west.json").write_text(render_calibration(mine), encoding="ascii")
    school = folder / "west.toml"
    school.write_text('[acceptance]\ncalibration = "west"\n', encoding="utf-8")
    assert load_policy("west").calibration == mine
    assert load_policy("default").calibration == CALIBRATION


def test_a_missing_calibration_says_how_to_make_it(folder: Path) -> None:
    (folder / "calibration" / "default.json").unlink()
    with pytest.raises(ConfigurationFault, match="hedui calibrate LABELLED_DIR --name default"):
        load_policy("default")
    assert load_uncalibrated_policy("default").calibration == UNCALIBRATED


def test_a_broken_or_renamed_calibration_is_refused(folder: Path) -> None:
    path = folder / "calibration" / "default.json"
    path.write_text(render_calibration(dataclasses.replace(CALIBRATION, name="other")))
    with pytest.raises(ConfigurationFault, match="carries the name 'other'"):
        load_policy("default")
    path.write_text("{")
    with pytest.raises(ConfigurationFault, match=r"calibration/default\.json: no valid JSON"):
        load_policy("default")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationFault, match="is no UTF-8 text"):
        load_policy("default")


@pytest.mark.parametrize("name", ["../default", "", "A", "a/b", "/etc/passwd"])
def test_a_name_leads_to_no_other_folder(name: str) -> None:
    for load in (load_calibration, calibration_path):
        with pytest.raises(ConfigurationFault, match="a name is made of"):
            load(name)


@pytest.mark.parametrize("value", ["0", "1", "-0.1", "1.5", "nan", "inf", '"much"'])
def test_a_target_is_a_share(folder: Path, value: str) -> None:
    (folder / "odd.toml").write_text(f"[acceptance]\nmisread_target = {value}\n")
    with pytest.raises(ConfigurationFault, match="misread_target"):
        load_policy("odd")


def test_the_shipped_files_are_whole() -> None:
    policy = load_policy("default")
    assert policy.calibration.name == policy.acceptance.calibration == "default"
    assert policy.calibration.engine_version
    assert policy.calibration.thresholds
