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
    declarations,
    degree_conditions,
    degree_files,
    degree_form,
    degree_identity,
    degree_photo,
    degree_studies,
    degree_thesis,
    duplicates,
    exam_months,
    identity,
    kinds,
    notes,
    qr_codes,
    quality,
    reading,
    scores,
    tampering,
    uploads,
    validity,
)

_MODULES = (
    applications,
    declarations,
    uploads,
    notes,
    kinds,
    reading,
    quality,
    identity,
    certificate_number,
    cet_number,
    qr_codes,
    scores,
    dates,
    exam_months,
    validity,
    degree_conditions,
    degree_identity,
    degree_studies,
    degree_files,
    degree_photo,
    degree_thesis,
    degree_form,
    duplicates,
    tampering,
)


@cache
def collect() -> tuple[Rule, ...]:
    """Return every rule in the order in which findings are reported."""
    return tuple(rule for _, rules in collect_by_subject() for rule in rules)


@cache
def collect_by_subject() -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    """Return the rules in the same order under what their module is about, in one English line."""
    return tuple(
        ((module.__doc__ or module.__name__).strip().splitlines()[0], module.RULES)
        for module in _MODULES
    )
