"""What a school may write into its policy file, and what is refused."""

import re

import pytest

from domain.certificates import CertificateFamily, CertificateType
from domain.faults import ConfigurationFault
from domain.policy import parse_policy
from domain.tampering import TamperSign
from domain.validity import Window
from tests.validators.builders import DEFAULT_TOML


def refused(text: str) -> str:
    with pytest.raises(ConfigurationFault) as caught:
        parse_policy(DEFAULT_TOML, text, "school")
    return str(caught.value)


def test_what_is_shipped_is_marked_as_the_schools_to_set() -> None:
    policy = parse_policy(DEFAULT_TOML, None, "default")
    assert policy.pass_lines.set_by_school is False
    assert [policy.pass_lines.of(family) for family in CertificateFamily] == [425, 60, 60, None, 60]
    assert policy.validity.window is Window.OFF
    assert len(policy.acceptance.recognised) == 12


def test_a_school_changes_only_what_it_names() -> None:
    text = '[acceptance]\nrecognised = ["cet4", "cet6"]\n[pass_lines]\ncet = 380\n'
    policy = parse_policy(DEFAULT_TOML, text, "school")
    assert policy.acceptance.recognised == (CertificateType.CET4, CertificateType.CET6)
    assert (policy.pass_lines.cet, policy.pass_lines.tem) == (380, 60)
    assert policy.digest != parse_policy(DEFAULT_TOML, None, "school").digest


def test_the_reader_looks_for_the_signs_that_are_not_off() -> None:
    as_shipped = parse_policy(DEFAULT_TOML, None, "default").reading
    assert set(as_shipped.signs) == set(TamperSign) - {TamperSign.TYPEFACE}
    text = '[tampering]\ntypeface = "advice"\nrecapture = "off"\n'
    changed = parse_policy(DEFAULT_TOML, text, "school").reading
    assert set(changed.signs) == set(TamperSign) - {TamperSign.RECAPTURE}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[pass_lines]\ncet4 = 425\n", "unknown key 'cet4' in [pass_lines]; did you mean 'cet'?"),
        ("[validty]\nwindow = 'off'\n", "unknown section [validty]; did you mean 'validity'?"),
        ("[validity]\nwindo = 'off'\n", "did you mean 'window'?"),
        ("[validity]\nwindow = 'year-back'\n", "did you mean 'years-back'?"),
        ("[validity]\nwindow = 3\n", "window = 3 is not one of off, in-registration"),
        ("[acceptance]\nrecognised = ['cet5']\n", "did you mean 'cet"),
        ("[acceptance]\nrecognised = ['unknown']\n", "'unknown', which is no kind of certificate"),
        ("[acceptance]\nmachine_accept = ['ielts']\n", "is not a list of cet, tem, trm"),
        ("[validity]\nwindow = 'years-back'\n", "'years-back' needs years of at least 1"),
        ("[validity]\nyears = 3\n", "window 'off' counts no years; set years = 0"),
        ("[validity]\nregistration_month = 13\n", "registration_month must lie between 1 and 12"),
        ("[validity]\nstudy_months = 0\n", "study_months must be at least 1"),
        ("[pass_lines]\ncet = 4250\n", "cet = 4250 must lie above 0, up to 710"),
        ("[pass_lines]\nzikao = 0\n", "zikao = 0 must lie above 0, up to 100"),
        ("[pass_lines]\ncet = 'four'\n", "cet = 'four' is not a number"),
        ("[pass_lines]\ntem = nan\n", "tem"),
        ("[intake]\nmax_files = -1\n", "max_files = -1 is not a whole number"),
        ("[intake]\nmax_files = 0\n", "max_files must be at least 1"),
        ("[intake]\nallowed_kinds = []\n", "allowed_kinds must name at least one kind"),
        ("[reading]\ntimeout_seconds = 0\n", "timeout_seconds must be at least 1"),
        ("[reading]\nsigns = ['typeface']\n", "unknown key 'signs' in [reading]"),
        ("institution = 'west'\n", "'institution' stands outside any section"),
        ("[pass_lines]\ncet = \n", "institutions/school.toml"),
    ],
)
def test_a_fault_says_where_and_what_instead(text: str, said: str) -> None:
    assert said in refused(text)


def test_every_fault_is_said_at_once() -> None:
    text = "[intake]\nmax_file = 1\n[pass_line]\ncet = 1\n[validity]\nyear = 2\n"
    assert len(refused(text).splitlines()) == 3
    text += "window = 'never'\n[intak]\n[pass_lines]\ncet = 'x'\n"
    assert len(refused(text).splitlines()) == 6
    text = "[intake]\nmax_files = 'a'\n[validity]\nwindow = 'never'\n[pass_lines]\ncet = true\n"
    assert len(refused(text).splitlines()) == 3
    # What a section means is told even where another one is of the wrong type.
    text += "[review]\nblind_share = 1.5\n[degree]\naverage_line = 700\n"
    assert len(refused(text).splitlines()) == 5


@pytest.mark.parametrize(
    ("window", "years"),
    [("in-registration", 0), ("registration-to-application", 0), ("years-back", 4),
     ("years-after-graduation", 2), ("years-after-graduation", 0)],
)  # fmt: skip
def test_the_four_windows_can_be_set(window: str, years: int) -> None:
    text = f'[validity]\nwindow = "{window}"\nyears = {years}\n'
    assert parse_policy(DEFAULT_TOML, text, "school").validity.window == window


def test_only_the_default_must_be_complete() -> None:
    without = re.sub(r"(?m)^study_months.*\n", "", DEFAULT_TOML)
    with pytest.raises(ConfigurationFault, match="cet stands outside any section"):
        parse_policy("cet = 425\n" + DEFAULT_TOML, None, "default")
    with pytest.raises(ConfigurationFault, match=r"\[validity\] lacks 'study_months'"):
        parse_policy(without, None, "default")
