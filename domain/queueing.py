"""Which applications a person looks at, and how policy wants each of them looked at."""

from dataclasses import dataclass

from domain.application import BatchKind
from domain.assessment import Assessment, Decision
from domain.certificates import ACCEPTED_TYPES, FieldName
from domain.draws import drawn
from domain.policy import ReviewPolicy

INPUT_CHANGED = "input-changed"
_TYPED_FIELDS = (FieldName.CERTIFICATE_NUMBER.value, FieldName.SCORE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What the draws rest on: the installation's key, and the shares that count now."""

    key: bytes
    policy: ReviewPolicy
    is_widened: bool = False

    @property
    def sample_share(self) -> float:
        """Return the share of accepts that people look at."""
        policy = self.policy
        return policy.sample_share_after_error if self.is_widened else policy.sample_share

    def is_sample(self, decision: Decision, subject: str) -> bool:
        """Return whether people look at what the machine accepted, to measure its error."""
        return decision is Decision.ACCEPT and drawn(self.key, "sample", subject, self.sample_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How one application is to be looked at; `kind` is what it has in common with others."""

    kind: str
    is_sample: bool
    is_blind: bool
    needs_two: bool


def is_looked_at(decision: Decision, subject: str, draw: Draw, was_decided: bool) -> bool:
    """Return whether a person looks at an application at all; `plan` then says how."""
    if decision is Decision.WITHDRAWN:
        return False
    return decision is Decision.REVIEW or was_decided or draw.is_sample(decision, subject)


def plan(
    assessment: Assessment, kind: BatchKind, subject: str, draw: Draw, was_decided: bool
) -> Wanted | None:
    """Return how a person is to look at an application, None where nobody has to.

    `subject` names the application and its content for the draws. `was_decided` says that people
    decided an earlier version of it: whatever the machine says now, one looks again.
    """
    if not is_looked_at(assessment.decision, subject, draw, was_decided):
        return None
    is_sample = draw.is_sample(assessment.decision, subject)
    reasons = assessment.reason_codes
    return Wanted(
        kind=";".join((INPUT_CHANGED, *reasons) if was_decided else reasons),
        is_sample=is_sample,
        is_blind=_is_blind(assessment, kind, subject, draw, is_sample),
        needs_two=_needs_two(assessment, subject, draw),
    )


def _is_blind(
    assessment: Assessment, kind: BatchKind, subject: str, draw: Draw, is_sample: bool
) -> bool:
    """Return whether values are typed from the picture; a sample is always looked at that way.

    So nobody can tell it from the others.
    """
    if kind is not BatchKind.LANGUAGE or assessment.certificate_type not in ACCEPTED_TYPES:
        return False
    if not any(
        row.field in _TYPED_FIELDS and row.evidence is not None for row in assessment.comparisons
    ):
        return False
    concerned = any(
        finding.severity.objects and finding.field in _TYPED_FIELDS
        for finding in assessment.findings
    )
    share = draw.policy.blind_share
    return is_sample or (concerned and drawn(draw.key, "blind", subject, share))


def _needs_two(assessment: Assessment, subject: str, draw: Draw) -> bool:
    policy = draw.policy
    return (
        not set(policy.two_person_reasons).isdisjoint(assessment.reason_codes)
        or assessment.certificate_type.family in policy.two_person_families
        or drawn(draw.key, "two-person", subject, policy.two_person_share)
    )
