"""The commands on policies, as a school's staff meet them."""

import shutil
from pathlib import Path

import pytest

from domain.policy import Policy, parse_policy
from flows.policies import explain, flatten, review_policy
from tests.conftest import Hedui
from tests.validators.builders import DEFAULT_TOML, POLICY, policy_with
from validators.rule_policy import POLICY_OF_RULES
from validators.rules import collect

RULES = {rule.id: rule for rule in collect()}


def test_a_file_is_checked_before_it_is_used(hedui: Hedui, tmp_path: Path) -> None:
    school = tmp_path / "west.toml"
    school.write_text("[pass_lines]\nset_by_school = true\ncet = 380\n", encoding="utf-8")
    code, out, errors = hedui("policy", "check", school)
    assert (code, errors) == (0, "")
    assert out.startswith("ok west ")
    assert "changes pass_lines.cet: 425 -> 380" in out
    assert "marked as examples" not in out


def test_every_fault_of_a_file_names_it_and_what_is_meant(hedui: Hedui, tmp_path: Path) -> None:
    school = tmp_path / "west.toml"
    school.write_text('[pass_line]\ncet = 1\n[validity]\nwindow = "year-back"\n', encoding="utf-8")
    code, out, errors = hedui("policy", "check", school)
    assert (code, out) == (1, "")
    assert "west.toml: policy: unknown section [pass_line]; did you mean 'pass_lines'?" in errors
    assert "did you mean 'years-back'?" in errors


@pytest.mark.parametrize(
    ("name", "said"), [("missing.toml", "there is no such file"), (".", "is a folder")]
)
def test_what_is_no_file_is_wrong_use(hedui: Hedui, tmp_path: Path, name: str, said: str) -> None:
    code, _, errors = hedui("policy", "check", tmp_path / name)
    assert code == 2
    assert said in errors


def test_a_file_with_a_name_that_cannot_be_a_policys_is_refused(
    hedui: Hedui, tmp_path: Path
) -> None:
    (tmp_path / "West School.toml").write_text("", encoding="utf-8")
    code, _, errors = hedui("policy", "check", tmp_path / "West School.toml")
    assert code == 1
    assert "a policy's name is made of a-z, 0-9 and hyphens" in errors


def test_the_default_is_checked_as_a_whole(hedui: Hedui, tmp_path: Path) -> None:
    (tmp_path / "default.toml").write_text("[intake]\nmax_files = 5\n", encoding="utf-8")
    code, _, errors = hedui("policy", "check", tmp_path / "default.toml")
    assert code == 1
    assert "default.toml: policy: [pass_lines] lacks 'cet'" in errors


def test_what_is_shipped_is_said_to_be_an_example() -> None:
    assert any("marked as examples" in remark for remark in review_policy(POLICY, POLICY).remarks)


def test_a_family_of_which_nothing_is_recognised_is_remarked() -> None:
    policy = policy_with('[acceptance]\nrecognised = ["cet4", "trm8"]\n')
    remarks = review_policy(policy, POLICY).remarks
    assert "machine_accept names tem, etic, zikao, of which nothing is recognised" in remarks


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_can_be_explained(rule_id: str) -> None:
    told = dict(explain(rule_id, POLICY))
    assert all(told.values())
    assert told["checks"] == RULES[rule_id].checks
    assert told["called"] != rule_id


def test_a_rule_is_explained_with_the_schools_own_values(
    hedui: Hedui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "default.toml").write_text(DEFAULT_TOML, encoding="utf-8")
    shutil.copytree("institutions/calibration", tmp_path / "calibration")
    (tmp_path / "west.toml").write_text("[pass_lines]\ncet = 380\n", encoding="utf-8")
    monkeypatch.setenv("HEDUI_INSTITUTIONS", str(tmp_path))
    code, out, _ = hedui("policy", "explain", "below-pass-line", "--institution", "west")
    assert code == 0
    assert "pass_lines.cet = 380" in out
    assert "certificates V16, V30" in out
    assert "证书成绩（424）低于合格线（425）" in out


def test_an_unknown_rule_is_met_with_the_nearest(hedui: Hedui) -> None:
    code, _, errors = hedui("policy", "explain", "below-passline")
    assert code == 2
    assert "did you mean 'below-pass-line'?" in errors


def test_what_a_rule_looks_at_exists_and_is_told() -> None:
    known = {key for key, _ in flatten(parse_policy(DEFAULT_TOML, None, "default"))}
    known |= {key.partition(".")[0] for key in known}
    assert set(POLICY_OF_RULES) <= set(RULES)
    assert {key for keys in POLICY_OF_RULES.values() for key in keys} <= known
    # A rule that names policy as its source has to say which.
    silent = [rule.id for rule in collect() if "policy" in rule.source]
    assert [rule_id for rule_id in silent if rule_id not in POLICY_OF_RULES] == []


def test_a_policy_names_only_rules_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = POLICY.as_dict() | {"review": {"two_person_reasons": ["name-differs", "name-difers"]}}
    monkeypatch.setattr(Policy, "as_dict", lambda _: plain)
    (fault,) = review_policy(POLICY, POLICY).faults
    assert "review.two_person_reasons names 'name-difers'" in fault
    assert "did you mean 'name-differs'?" in fault
