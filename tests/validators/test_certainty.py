"""A reading counts only where it is certain."""

import pytest

from domain.calibration import UNCALIBRATED, FieldGroup, Mode
from domain.certificates import CertificateFamily, FieldName
from domain.policy import parse_policy
from tests.validators.builders import (
    DEFAULT_TOML,
    POLICY,
    calibration_with,
    policy_with,
    threshold_of,
    value_of,
)
from validators.certainty import Certainty, certainty_of

_NUMBER = FieldName.CERTIFICATE_NUMBER
_CERTAIN, _UNCLEAR = Certainty.CERTAIN, Certainty.UNCLEAR
_DISAGREE = Certainty.READERS_DISAGREE


@pytest.mark.parametrize(
    ("field", "text", "confidence", "second", "expected"),
    [
        (_NUMBER, "212111234567890", 0.98, None, _CERTAIN),
        (_NUMBER, "212111234567890", 0.979, None, _UNCLEAR),
        (_NUMBER, "212111234567890", 0.60, "21211 12345 67890", _CERTAIN),
        (_NUMBER, "212111234567890", 0.599, "212111234567890", _UNCLEAR),
        (_NUMBER, "212111234567890", 0.999, "212111234567891", _DISAGREE),
        # Another length is no opinion on this number: the first reader stands alone.
        (_NUMBER, "212111234567890", 0.999, "2121112345678", _CERTAIN),
        (_NUMBER, "212111234567890", 0.90, "|", _UNCLEAR),
        (_NUMBER, "212111234567890", 0.999, "", _CERTAIN),
        (FieldName.SCORE, "482", 0.999, "432", _DISAGREE),
        (FieldName.SCORE, "482", 0.70, "482.0", _CERTAIN),
        (FieldName.SCORE, "482", 0.999, "48Z", _CERTAIN),
        (FieldName.SCORE, "4B2", 0.999, None, _UNCLEAR),
        (FieldName.DATE, "2021年6月", 0.999, "2021年8月", _DISAGREE),
        (FieldName.DATE, "2021年6月", 0.70, "2021-06", _CERTAIN),
        (FieldName.DATE, "2021年0月", 0.999, None, _UNCLEAR),
        (FieldName.ID_NUMBER, "99010119900101001X", 0.999, "990101199001010019", _DISAGREE),
        # Tesseract misreads names too often to contradict one; it can only confirm it.
        (FieldName.NAME, "王晓东", 0.999, "王晓乐", _CERTAIN),
        (FieldName.NAME, "王晓东", 0.899, "王晓乐", _UNCLEAR),
        (FieldName.NAME, "王晓东", 0.70, "王晓东", _CERTAIN),
        (FieldName.NAME, "王晓东", 0.999, "王a", _CERTAIN),
        (FieldName.GRADE, "良好", 0.999, "优秀", _DISAGREE),
        (FieldName.GRADE, "良好", 0.999, "良女子", _CERTAIN),
        (FieldName.NAME, "王晓东", 1.5, None, _UNCLEAR),
        (FieldName.NAME, "王晓东", float("nan"), None, _UNCLEAR),
    ],
)
def test_certainty(
    field: FieldName, text: str, confidence: float, second: str | None, expected: Certainty
) -> None:
    value = value_of(field, text, confidence=confidence, second=second)
    assert certainty_of(value, CertificateFamily.CET, POLICY) is expected


def test_whatever_a_text_layer_says_otherwise_is_a_contradiction() -> None:
    value = value_of(_NUMBER, "212111234567890", second="2121112345678", reader="text-layer")
    assert certainty_of(value, CertificateFamily.CET, POLICY) is _DISAGREE


@pytest.mark.parametrize("second", [None, "212111234567890"])
def test_what_was_not_measured_is_unclear_however_confident(second: str | None) -> None:
    mode = Mode.AGREED if second else Mode.ALONE
    value = value_of(_NUMBER, "212111234567890", confidence=1.0, second=second)
    policies = [
        policy_with(None, calibration_with(threshold_of(FieldGroup.NUMBER, mode, None))),
        policy_with(None, UNCALIBRATED),
        parse_policy(DEFAULT_TOML, None, "default"),
    ]
    for policy in policies:
        assert certainty_of(value, CertificateFamily.CET, policy) is _UNCLEAR
    assert certainty_of(value, CertificateFamily.CET, POLICY) is _CERTAIN


def test_a_field_on_which_no_acceptance_rests_has_no_threshold() -> None:
    value = value_of(FieldName.SPEAKING, "B+", confidence=1.0, second="B+")
    assert certainty_of(value, CertificateFamily.CET, POLICY) is _UNCLEAR


def test_a_family_that_is_set_apart_or_unmeasured_is_never_certain() -> None:
    families = (CertificateFamily.CET, CertificateFamily.TEM)
    apart = (CertificateFamily.TEM,)
    threshold = threshold_of(FieldGroup.NUMBER, Mode.ALONE, 0.9, families=families, apart=apart)
    policy = policy_with(None, calibration_with(threshold))
    value = value_of(_NUMBER, "212111234567890", confidence=0.99)
    found = {family: certainty_of(value, family, policy) for family in (*CertificateFamily, None)}
    assert [family for family, certainty in found.items() if certainty is _CERTAIN] == ["cet"]


def test_a_stricter_target_of_the_school_closes_what_the_bound_leaves_open() -> None:
    value = value_of(_NUMBER, "212111234567890", confidence=0.99)
    stricter = policy_with("[acceptance]\nmisread_target = 0.003\n")
    assert certainty_of(value, CertificateFamily.CET, stricter) is _UNCLEAR
    looser = policy_with("[acceptance]\nmisread_target = 0.004\n")
    assert certainty_of(value, CertificateFamily.CET, looser) is _CERTAIN
