"""What a rule is: a permanent id, what it rests on, its wording, and a pure function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.application import BatchKind
from domain.certificates import FieldName
from domain.finding import Finding, Place, Severity
from validators.case import Case, Compared


class FactConfidence(StrEnum):
    """How well the fact behind a rule is known; it bounds the severity.

    `contract` marks rules that follow from the agreed procedure rather than from a fact about
    papers; they may have any severity.
    """

    CONTRACT = "contract"
    HIGH = "high"
    MEDIUM_HIGH = "medium-high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def may_object(self) -> bool:
        """Return whether a rule on such a fact may keep an application from acceptance."""
        return self not in (FactConfidence.MEDIUM, FactConfidence.LOW)


class Scope(StrEnum):
    """What a rule judges: the submission as a whole, or one paper (run for every candidate)."""

    SUBMISSION = "submission"
    PAPER = "paper"


class Concern(StrEnum):
    """Whom an objection accuses: the reading (nothing is known against the paper) or the value."""

    VALUE = "value"
    READING = "reading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One firing of a rule. `detail` is put into the wording; it is never another's data.

    `column` names the column in place of a field (degree batches).
    """

    field: FieldName | None = None
    column: str = ""
    declared: str = ""
    extracted: str = ""
    detail: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    `checks` says in one English line what it checks, `source` where that is written. `message`
    (staff) and `opinion` (applicant) are Chinese, one sentence; they may use {field}, {declared},
    {extracted}, {detail}; an opinion has {shown} instead of {extracted}: the printed value where
    the paper is the applicant's own, else nothing. `returns`: the applicant, not a person, acts.
    `batches` are the kinds of batch in which it is asked.
    """

    id: str
    scope: Scope
    severity: Severity
    source: str
    confidence: FactConfidence
    checks: str
    message: str
    opinion: str
    observe: Callable[[Case], Iterable[Observation]]
    returns: bool = False
    concern: Concern = Concern.VALUE
    batches: tuple[BatchKind, ...] = (BatchKind.LANGUAGE,)

    def find(self, case: Case) -> tuple[Finding, ...]:
        """Return a finding per observation, each different one once."""
        findings = (self._word(case, seen) for seen in self.observe(case))
        return tuple(dict.fromkeys(findings))

    def _word(self, case: Case, seen: Observation) -> Finding:
        words = {
            "field": seen.column or (seen.field.chinese_name if seen.field else ""),
            "declared": seen.declared,
            "detail": seen.detail,
        }
        shown = f"（{seen.extracted}）" if _may_show(case, seen) else ""
        return Finding(
            rule_id=self.id,
            severity=self.severity,
            message=self.message.format(**words, extracted=seen.extracted),
            field=seen.column or (seen.field.value if seen.field else ""),
            declared=seen.declared,
            extracted=seen.extracted,
            opinion=self.opinion.format(**words, shown=shown),
            returns=self.returns,
            place=seen.place,
        )


# By these a person is known: on a paper that may be another's they are never shown.
_IDENTITY = (FieldName.NAME, FieldName.ID_NUMBER)
_NUMBERS = (FieldName.CERTIFICATE_NUMBER, FieldName.ADMISSION_TICKET, FieldName.ORAL_TICKET)


def _may_show(case: Case, seen: Observation) -> bool:
    """Return whether the applicant may be shown what the paper prints: only on their own paper.

    Theirs is a paper with their name and, as far as it prints them, their ID number; one of ID
    number and certificate number has to agree, for people share names. A number is shown where both
    name and ID number agree and nobody else has used anything of this application; the name and ID
    number that a paper prints never are.
    """
    if not seen.extracted or seen.field in _IDENTITY:
        return False
    id_number = case.compared_field(FieldName.ID_NUMBER)
    if seen.field in _NUMBERS:
        used = any(not use.same_person for use in case.prior_uses)
        return _agrees(case.compared_field(FieldName.NAME)) and _agrees(id_number) and not used
    foreign_id = id_number is not None and id_number.value is not None and not _agrees(id_number)
    tied = _agrees(id_number) or _agrees(case.compared_field(FieldName.CERTIFICATE_NUMBER))
    return _agrees(case.compared_field(FieldName.NAME)) and tied and not foreign_id


def _agrees(row: Compared | None) -> bool:
    return row is not None and row.comparison.agreement.agrees


def declare(
    rule_id: str,
    severity: Severity,
    source: str,
    confidence: FactConfidence,
    checks: str,
    message: str,
    opinion: str,
    observe: Callable[[Case], Iterable[Observation]],
    *,
    scope: Scope = Scope.PAPER,
    concern: Concern = Concern.VALUE,
) -> Rule:
    """Return a rule from its parts in the order in which a table of rules reads best."""
    return Rule(
        id=rule_id,
        scope=scope,
        severity=severity,
        source=source,
        confidence=confidence,
        checks=checks,
        message=message,
        opinion=opinion,
        observe=observe,
        concern=concern,
    )
