"""The whole cross-check of one application: from what was read to the machine's answer."""

import datetime
from collections.abc import Mapping
from dataclasses import replace

from domain.application import Batch, Submission
from domain.assessment import Assessment, Decision
from domain.certificates import FieldName
from domain.finding import Finding
from domain.policy import Policy
from domain.reading import PriorUse, ReadOutcome
from validators.case import Case, open_case
from validators.comparing import compare_nothing
from validators.deciding import UNEXPLAINED, decide, is_withdrawn
from validators.rule import Scope
from validators.rules import collect, duplicates
from validators.selecting import select_paper


def assess(
    submission: Submission,
    outcomes: Mapping[str, ReadOutcome],
    prior_uses: tuple[PriorUse, ...],
    batch: Batch,
    policy: Policy,
    today: datetime.date,
) -> Assessment:
    """Return the machine's answer for one application of a language batch.

    `outcomes` maps file digests to the reader's answers; a usable file without one counts as a
    failure of the machine. `today` is the day against which dates are judged. Pure: the same
    arguments give the same answer, whatever the order of files and mapping.
    """
    case = open_case(submission, outcomes, prior_uses, batch, policy, today)
    if is_withdrawn(case):
        return _answer(case, Decision.WITHDRAWN, ())
    chosen = select_paper(case)
    findings = observe(chosen)
    decision = decide(chosen, findings)
    objected = any(finding.severity.objects for finding in findings)
    if decision is Decision.REVIEW and not objected:
        findings += (UNEXPLAINED,)
    return _answer(chosen, decision, findings)


def add_uses(
    assessment: Assessment,
    submission: Submission,
    uses: tuple[PriorUse, ...],
    batch: Batch,
    policy: Policy,
) -> Assessment:
    """Return a decided application's answer with what is known now of the same thing elsewhere.

    Whatever else was found stays. An acceptance to which a new finding objects becomes a review;
    nothing becomes an acceptance. Withdrawn and returned applications stay as they are.
    """
    if assessment.decision not in (Decision.ACCEPT, Decision.REVIEW):
        return assessment
    # Neither files nor today matter to these rules.
    case = open_case(submission, {}, uses, batch, policy, batch.deadline.date())
    new = [
        finding
        for rule in duplicates.RULES
        if batch.kind in rule.batches
        for finding in rule.find(case)
        if finding not in assessment.findings
    ]
    if not new:
        return assessment
    objected = any(finding.severity.objects for finding in new)
    findings = assessment.findings + tuple(new)
    if not objected or assessment.decision is Decision.REVIEW:
        return replace(assessment, findings=findings)
    return replace(
        assessment,
        decision=Decision.REVIEW,
        findings=findings,
        accepted_number="",
        accepted_score="",
    )


def observe(case: Case) -> tuple[Finding, ...]:
    """Return what every rule observes, in the order of the rules.

    Rules on a paper stay silent where no paper is under judgement.
    """
    return tuple(
        finding
        for rule in collect()
        if case.batch.kind in rule.batches
        and (rule.scope is Scope.SUBMISSION or case.paper is not None)
        for finding in rule.find(case)
    )


def _answer(case: Case, decision: Decision, findings: tuple[Finding, ...]) -> Assessment:
    rows = case.compared or compare_nothing(case.application)
    accepted = decision is Decision.ACCEPT
    return Assessment(
        student_number=case.submission.student_number,
        decision=decision,
        certificate_type=case.kind,
        comparisons=tuple(row.comparison for row in rows),
        findings=findings,
        accepted_number=_counting(case, FieldName.CERTIFICATE_NUMBER) if accepted else "",
        accepted_score=_counting(case, FieldName.SCORE) if accepted else "",
        used_documents=(case.paper.file_digest,) if case.paper else (),
    )


def _counting(case: Case, field: FieldName) -> str:
    """Return the printed value that counts, "" where the paper carries none."""
    row = case.compared_field(field)
    return row.comparison.extracted if row else ""
