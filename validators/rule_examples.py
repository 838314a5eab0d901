"""What a rule says when it fires: one worded example per rule, made from the tests' applications.

`rule_examples.toml` is written by `make docs`; a test compares it with what the rules say today.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExample:
    """The wording at a fictitious application: for staff, and for the applicant ("" for none)."""

    staff: str
    applicant: str


@cache
def rule_examples() -> Mapping[str, RuleExample]:
    """Return the examples by rule id; raises KeyError where the file is not as written."""
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        rule_id: RuleExample(staff=entry["staff"], applicant=entry["applicant"])
        for rule_id, entry in document.items()
    }
