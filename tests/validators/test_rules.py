"""Each rule fires at its example, stays silent at the near one, and is fit to be documented."""

import re
import string
from collections import Counter

import pytest

from domain.finding import Severity
from tests.validators.builders import OTHER_ID
from tests.validators.degree_examples import DEGREE_EXAMPLES
from tests.validators.examples import EXAMPLES as LANGUAGE_EXAMPLES
from validators.rule import FactConfidence, Rule
from validators.rules import collect

EXAMPLES = {**LANGUAGE_EXAMPLES, **DEGREE_EXAMPLES}
RULES = {rule.id: rule for rule in collect()}


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_a_rule_fires_at_its_example_and_not_at_the_near_one(rule_id: str) -> None:
    fires, nearly = (example() for example in EXAMPLES[rule_id])
    found = [finding for finding in fires.findings if finding.rule_id == rule_id]
    assert found, f"silent; found {[f.rule_id for f in fires.findings]}"
    assert found[0].severity is RULES[rule_id].severity
    assert rule_id not in [finding.rule_id for finding in nearly.findings]


def test_every_rule_has_an_example() -> None:
    assert set(EXAMPLES) == set(RULES)


def test_rule_ids_are_unique_and_kebab_case() -> None:
    counts = Counter(rule.id for rule in collect())
    assert [rule_id for rule_id, count in counts.items() if count > 1] == []
    assert [rule_id for rule_id in counts if not re.fullmatch(r"[a-z]+(-[a-z]+)*", rule_id)] == []


@pytest.mark.parametrize("rule", collect(), ids=lambda rule: rule.id)
def test_a_rule_is_worded(rule: Rule) -> None:
    assert rule.source
    assert re.fullmatch(r"[^\n]+\.", rule.checks)
    assert re.search(r"[\u4e00-\u9fff]", rule.message)
    known = {"field", "declared", "extracted", "detail", "shown"}
    names = {name for _, name, _, _ in string.Formatter().parse(rule.message) if name}
    assert names <= known - {"shown"}
    if rule.severity.objects:
        # One sentence for the applicant, and never what the paper prints but through {shown}.
        assert rule.opinion.endswith("。")
        assert rule.opinion.count("。") == 1
        # It says what to do, if only to wait (申请 asks for nothing).
        assert re.search("(?<!申)请", rule.opinion)
        used = {name for _, name, _, _ in string.Formatter().parse(rule.opinion) if name}
        assert used <= known - {"extracted"}
    else:
        assert rule.opinion == ""


@pytest.mark.parametrize("rule", collect(), ids=lambda rule: rule.id)
def test_what_is_only_likely_never_objects(rule: Rule) -> None:
    if rule.severity.objects:
        assert rule.confidence.may_object
    if rule.severity is Severity.BLOCK:
        assert rule.confidence is FactConfidence.CONTRACT
    assert rule.returns is (rule.severity is Severity.BLOCK)


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_the_applicant_is_told_in_whole_sentences_and_never_of_somebody_else(rule_id: str) -> None:
    for finding in EXAMPLES[rule_id][0]().findings:
        if finding.severity.objects:
            assert re.fullmatch("[^{}。]+。", finding.opinion)
            assert "（）" not in finding.opinion
            for private in (OTHER_ID, "王晓冬", "2023 / 2021"):
                assert private not in finding.opinion
            assert "uploads/" not in finding.opinion
