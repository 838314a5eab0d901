"""The only place where findings become accept, review, return or withdrawn. It fails closed."""

from collections.abc import Iterable

from domain.application import WITHDRAWN_STATUSES, BatchKind
from domain.assessment import Agreement, Decision
from domain.certificates import ACCEPTED_TYPES, CHECKED_FIELDS, CertificateFamily, FieldName
from domain.finding import Finding, Severity
from validators.case import Case
from validators.certainty import Certainty, certainty_of
from validators.degree_case import DegreeCase
from validators.degree_deciding import is_established_degree
from validators.requirements import missing_requirements
from validators.rules import collect
from validators.rules.reading import counting_values

UNEXPLAINED = Finding(
    rule_id="not-established",
    severity=Severity.REVIEW,
    message="不满足自动通过的条件，但没有规则说明原因，需人工查看。",
    opinion="您的申请需由工作人员人工审核，请等待审核结果。",
)
"""What an application gets that may not be accepted although no rule objects."""


def decide(case: Case, findings: Iterable[Finding]) -> Decision:
    """Return the machine's decision.

    Withdrawn if the applicant withdrew. Return only if no file is usable by intake rules and a
    finding says what the applicant has to mend. Accept only if nothing objects, every finding is
    of a known rule at its declared severity, and the conditions of acceptance hold on their own
    (`is_established`). Review for all else.
    """
    observed = tuple(findings)
    if is_withdrawn(case):
        return Decision.WITHDRAWN
    if isinstance(case, DegreeCase):
        return _decide_degree(case, observed)
    if case.batch.kind is not BatchKind.LANGUAGE:
        return Decision.REVIEW
    if case.unusable:
        known = all(_is_known(finding) for finding in observed)
        mendable = any(finding.returns for finding in observed)
        return Decision.RETURN if known and mendable else Decision.REVIEW
    objections = any(finding.severity.objects or not _is_known(finding) for finding in observed)
    return Decision.ACCEPT if not objections and is_established(case) else Decision.REVIEW


def _decide_degree(case: DegreeCase, observed: tuple[Finding, ...]) -> Decision:
    """Return what comes of a degree application.

    It goes back only if everything that objects is data that the applicant alone can correct; as
    soon as anything else objects a person decides about all of it.
    """
    if not all(_is_known(finding) for finding in observed):
        return Decision.REVIEW
    objections = [finding for finding in observed if finding.severity.objects]
    if objections:
        mendable = all(finding.returns for finding in objections)
        return Decision.RETURN if mendable else Decision.REVIEW
    return Decision.ACCEPT if is_established_degree(case) else Decision.REVIEW


def is_withdrawn(case: Case) -> bool:
    """Return whether the applicant withdrew, or never applied (contract, 申请状态)."""
    return case.application.get("申请状态").strip() in WITHDRAWN_STATUSES


def _is_known(finding: Finding) -> bool:
    return any(
        rule.id == finding.rule_id and rule.severity is finding.severity for rule in collect()
    )


def is_established(case: Case) -> bool:
    """Return whether everything that an acceptance needs was shown, whatever the rules said.

    Stated apart from the rules on purpose: an acceptance needs both.
    """
    paper = case.paper
    if paper is None or case.rivals or case.kind not in ACCEPTED_TYPES:
        return False
    acceptance = case.policy.acceptance
    if case.kind not in acceptance.recognised:
        return False
    if case.kind.family not in acceptance.machine_accept:
        return False
    if missing_requirements(paper, acceptance):
        return False
    if not (acceptance.accept_other_engine or case.policy.is_measured_for(case.engine_version)):
        return False
    values = [value for _, value in counting_values(case)]
    if not values or any(
        certainty_of(value, case.kind.family, case.policy) is not Certainty.CERTAIN
        for value in values
    ):
        return False
    return all(_is_settled(case, field) for field in CHECKED_FIELDS)


def _is_settled(case: Case, field: FieldName) -> bool:
    row = case.compared_field(field)
    if row is None:
        return False
    agreement = row.comparison.agreement
    if agreement.agrees:
        return True
    match field:
        case FieldName.LEVEL:
            return agreement is Agreement.NOT_CHECKED and not row.comparison.declared.strip()
        case FieldName.ID_NUMBER:
            # Papers that must show it were refused above; elsewhere it may be absent.
            return agreement in (Agreement.NOT_PRINTED, Agreement.NOT_FOUND)
        case FieldName.CERTIFICATE_NUMBER:
            carries_none = (CertificateFamily.ETIC, CertificateFamily.ZIKAO)
            return agreement is Agreement.NOT_PRINTED and case.kind.family in carries_none
        case FieldName.STATUS:
            return agreement is Agreement.NOT_PRINTED
    return False
