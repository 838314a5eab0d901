"""A portrait is compared with what the school asks of it, fault by fault, in words."""

import dataclasses

import pytest

from domain.faults import ConfigurationFault
from tests.validators.builders import ID_NUMBER, policy_with
from tests.validators.degree_builders import FILES, PHOTO_FILE, assess_application, read_file
from tests.validators.degree_examples import photo_of

_ALL = (
    "least_width_px = 110\nmost_width_px = 390\nleast_height_px = 280\nmost_height_px = 280\n"
    "least_bytes = 20000\nmost_bytes = 50000\nleast_dpi = 300\ncoloured = true\n"
    'name = "{证件号码}"\n'
)


def told(**changed: object) -> str:
    assessment = photo_of(**changed)()  # type: ignore[arg-type]
    found = [f for f in assessment.findings if f.rule_id == "photo-differs"]
    return found[0].opinion if found else ""


def test_every_fault_is_told_at_once() -> None:
    opinion = told(width=400, height=279, dpi=0, coloured=False, toml=_ALL)
    assert opinion == (
        "您上传的证件照不符合要求（宽为400像素，不应大于390像素；高为279像素，应为280像素；"
        "分辨率未注明，不应低于300dpi；应为彩色照片；文件大小为1000字节，不应小于20000字节；"
        "文件名应为“{证件号码}”），请核对。"
    )


def test_a_name_is_made_of_columns_and_compared_without_its_ending() -> None:
    pattern = 'name = "{证件号码}{姓名}"\n'
    assert told(toml=pattern, name=f"{ID_NUMBER}王晓东.JPG") == ""
    assert "文件名应为" in told(toml=pattern, name=f"{ID_NUMBER}王晓冬.jpg")


def test_as_shipped_nothing_is_asked() -> None:
    assert told(width=1, height=1, dpi=0, coloured=False, toml="") == ""


def test_a_picture_of_which_nothing_is_known_goes_to_a_person_if_anything_is_asked() -> None:
    unknown = dataclasses.replace(PHOTO_FILE)
    read = read_file(PHOTO_FILE.digest, picture=None)
    policy = policy_with("[photo]\nleast_dpi = 300\n")
    assessment = assess_application(files=(FILES[0], (unknown, read)), policy=policy)
    assert assessment.reason_codes == ("photo-differs",)


def test_a_least_above_its_most_is_refused() -> None:
    with pytest.raises(ConfigurationFault, match="least_bytes is more than most_bytes"):
        policy_with("[photo]\nleast_bytes = 2\nmost_bytes = 1\n")
