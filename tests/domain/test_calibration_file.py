"""A calibration file is taken whole and strictly, or refused with every fault."""

import dataclasses
import json
from typing import Any

import pytest

from domain.calibration import Calibration, FieldGroup, LabelledSource, Mode, engine_key
from domain.calibration_file import parse_calibration, render_calibration
from domain.certificates import CertificateFamily, FieldName
from domain.faults import ConfigurationFault
from tests.validators.builders import CALIBRATION, calibration_with, threshold_of

FULL = dataclasses.replace(
    CALIBRATION,
    sources=(LabelledSource(batch_id="spring", truth_digest="ab" * 32, papers=2),),
    documents=("0123456789abcdef", "fedcba9876543210"),
    layouts=("cet-card-2021",),
)


def changed(**values: Any) -> str:
    """Return the file's text with some top-level values replaced, or removed where `...`."""
    plain = {**json.loads(render_calibration(FULL)), **values}
    return json.dumps({key: value for key, value in plain.items() if value is not ...})


def with_threshold(**values: Any) -> str:
    plain = json.loads(render_calibration(FULL))
    plain["thresholds"][0] |= values
    return json.dumps(plain)


def refusal(text: str) -> str:
    with pytest.raises(ConfigurationFault) as refused:
        parse_calibration(text, "calibration/default.json")
    lines = str(refused.value).splitlines()
    assert all(line.startswith("calibration/default.json: ") for line in lines)
    return str(refused.value)


def test_a_calibration_survives_its_file() -> None:
    text = render_calibration(FULL)
    assert parse_calibration(text, "x") == FULL
    assert render_calibration(parse_calibration(text, "x")) == text
    never = calibration_with(threshold_of(FieldGroup.DATE, Mode.ALONE, None))
    assert parse_calibration(render_calibration(never), "x") == never


def test_the_digest_is_that_of_the_content_not_of_its_layout() -> None:
    compact = json.dumps(json.loads(render_calibration(FULL)))
    assert parse_calibration(compact, "x").digest == FULL.digest
    others: list[Calibration] = [
        dataclasses.replace(FULL, name="other"),
        dataclasses.replace(FULL, documents=FULL.documents[:1]),
        dataclasses.replace(FULL, engine_version="reader-2.0.0"),
        calibration_with(threshold_of(FieldGroup.SCORE, Mode.AGREED, 0.61)),
    ]
    assert len({FULL.digest, *(other.digest for other in others)}) == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no valid JSON"),
        ("[" * 100_000, "no valid JSON"),
        ("[]", "not a calibration of format 1"),
        (changed(format=2), "not a calibration of format 1"),
        (changed(format=...), "not a calibration of format 1"),
        (changed(treshold=[]), "did you mean 'thresholds'"),
        (changed(thresholds=...), "'thresholds' is missing"),
        (changed(thresholds={}), "'thresholds' must be a list"),
        (changed(thresholds=[1]), "thresholds[0] must be an object"),
        (changed(name="../default"), "'name' must be"),
        (changed(name=7), "'name' must be a text"),
        (changed(engine_version=" "), "'engine_version' is empty"),
        (changed(render_dpi="200"), "'render_dpi' must be a whole number"),
        (changed(render_dpi=True), "'render_dpi' must be a whole number"),
        (changed(second_reader=1), "'second_reader' must be true or false"),
        (changed(documents=["xyz"]), "no beginning of a digest"),
        (with_threshold(confidence=1.01), "confidence' must lie between 0 and 1"),
        (with_threshold(confidence=-0.1), "confidence' must lie between 0 and 1"),
        (with_threshold(confidence="0.9"), "confidence' must be a number"),
        (with_threshold(confidence=float("nan")), "NaN is no number"),
        (with_threshold(bound=float("inf")), "Infinity is no number"),
        (with_threshold(bound=0.006), "misses the target"),
        (with_threshold(errors=1001), "errors' must lie between 0 and items"),
        (with_threshold(errors=100), "bound' is below the share"),
        (with_threshold(papers=1001), "papers' must lie between 0 and items"),
        (with_threshold(group="dates"), "group' must be one of number"),
        (with_threshold(mode="alone"), "has number alone twice"),
        (with_threshold(families=[{"family": "cet"}]), "families[0].items' is missing"),
    ],
)
def test_a_broken_file_is_refused_with_what_is_wrong(text: str, said: str) -> None:
    assert said in refusal(text)


def test_all_faults_are_told_at_once() -> None:
    told = refusal(changed(name=1, render_dpi=None, documents=..., extra=0))
    assert len(told.splitlines()) == 4


def test_versions_of_packages_count_to_their_second_number() -> None:
    version = "rapidocr-3.10.0/PP-OCRv6-small tesseract-5.3.0 reading-2 extraction-3"
    same = ("rapidocr-3.10.1/PP-OCRv6-small tesseract-5.3.4-2-gabc extraction-3 reading-2",)
    others = (
        "rapidocr-3.11.0/PP-OCRv6-small tesseract-5.3.0 reading-2 extraction-3",
        "rapidocr-3.10.0/PP-OCRv6-tiny tesseract-5.3.0 reading-2 extraction-3",
        "rapidocr-3.10.0/PP-OCRv6-small tesseract-5.4.0 reading-2 extraction-3",
        "rapidocr-3.10.0/PP-OCRv6-small tesseract-5.3.0 reading-3 extraction-3",
        "rapidocr-3.10.0/PP-OCRv6-small tesseract-5.3.0 reading-2 extraction-4",
        "",
    )
    assert all(engine_key(other) == engine_key(version) for other in same)
    assert all(engine_key(other) != engine_key(version) for other in others)


def test_every_field_that_decides_belongs_to_a_group() -> None:
    deciding = (FieldName.ISSUE_DATE, FieldName.ADMISSION_TICKET, FieldName.STATUS)
    groups = [FieldGroup.of(field) for field in deciding]
    assert groups == [FieldGroup.DATE, FieldGroup.NUMBER, FieldGroup.GRADE]
    assert FieldGroup.of(FieldName.NOTE) is None


@pytest.mark.parametrize(
    ("family", "target", "needed"),
    [
        (CertificateFamily.CET, 0.005, 0.98),
        (CertificateFamily.CET, 0.0039, None),
        (CertificateFamily.TEM, 0.005, None),
        (CertificateFamily.TRM, 0.005, None),
        (None, 0.005, None),
    ],
)
def test_a_threshold_holds_for_what_was_measured(
    family: CertificateFamily | None, target: float, needed: float | None
) -> None:
    measured = (CertificateFamily.CET, CertificateFamily.TEM)
    threshold = threshold_of(
        FieldGroup.DATE, Mode.ALONE, 0.98, families=measured, apart=measured[1:]
    )
    calibration = calibration_with(threshold)
    found = calibration.confidence_needed(FieldName.ISSUE_DATE, Mode.ALONE, family, target)
    assert found == needed
