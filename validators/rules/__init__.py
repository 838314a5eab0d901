"""Rules: pure observations with permanent ids, one module per subject.

A module declares its rules in a `RULES` tuple; nothing registers itself. `collect` gathers them.
What follows from a finding is decided elsewhere (`validators.deciding`).
"""

from functools import cache

from validators.rule import Rule
from validators.rules import (
    applications,
    certificate_number,
    cet_number,
    dates,
    degree_conditions,
    degree_files,
    degree_form,
    degree_identity,
    degree_studies,
    degree_thesis,
    duplicates,
    exam_months,
    identity,
    kinds,
    notes,
    quality,
    reading,
    scores,
    uploads,
)

_MODULES = (
    applications,
    uploads,
    notes,
    kinds,
    reading,
    quality,
    identity,
    certificate_number,
    cet_number,
    scores,
    dates,
    exam_months,
    degree_conditions,
    degree_identity,
    degree_studies,
    degree_files,
    degree_thesis,
    degree_form,
    duplicates,
)


@cache
def collect() -> tuple[Rule, ...]:
    """Return every rule in the order in which findings are reported."""
    return tuple(rule for module in _MODULES for rule in module.RULES)
