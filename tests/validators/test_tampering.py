"""Signs of a change are advice with a place; only the policy sends an application to a person."""

import pytest

from domain.assessment import Decision
from domain.finding import Finding, Severity
from domain.tampering import TamperSign
from tests.validators.builders import BOX, policy_with
from tests.validators.tamper_examples import edited, hinted


def tamper_findings(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.rule_id.startswith("tamper-")]


def test_an_accepted_application_stays_accepted_with_advice_and_the_place() -> None:
    assessment = hinted(TamperSign.COMPRESSION)()
    (finding,) = tamper_findings(assessment.findings)
    assert assessment.decision is Decision.ACCEPT
    assert finding.severity is Severity.ADVICE
    assert finding.place is not None
    assert finding.place.bbox == BOX
    assert finding.opinion == ""


@pytest.mark.parametrize("sign", TamperSign)
def test_a_school_can_send_what_carries_a_sign_to_a_person(sign: TamperSign) -> None:
    assessment = hinted(sign, "review")()
    assert assessment.decision is Decision.REVIEW
    assert "tamper-look" in assessment.reason_codes


def test_the_name_of_an_editor_is_advice_until_the_policy_says_otherwise() -> None:
    assert edited()().decision is Decision.ACCEPT
    assert edited("off")().decision is Decision.ACCEPT
    assert edited("review")().reason_codes == ("tamper-look",)


def test_figures_drawn_otherwise_are_not_told_as_shipped() -> None:
    assert tamper_findings(hinted(TamperSign.TYPEFACE)().findings) == []


def test_every_sign_has_a_key_in_the_policy() -> None:
    tampering = policy_with(None).tampering
    assert [tampering.use_of(sign).value for sign in TamperSign]
