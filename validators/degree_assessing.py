"""The whole check of one degree application: from what was declared to the machine's answer."""

import datetime
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domain.application import Batch, CourseResult, Submission
from domain.assessment import Agreement, Assessment, Decision, FieldComparison
from domain.certificates import CertificateType
from domain.degree import DegreeResult, LanguageResult
from domain.finding import Finding
from domain.policy import Policy
from domain.reading import PriorUse, ReadOutcome
from validators.assessing import observe
from validators.case import CaseFile
from validators.deciding import UNEXPLAINED, decide
from validators.degree_case import DegreeCase, open_degree_case
from validators.degree_form import compare_form

# Columns that say where an application belongs; nothing in it can be compared with them.
_UNCHECKED = frozenset({"学号", "申请状态", "申请时间", "申请条件是否达标"})
NO_PLAN: Mapping[str, str] = MappingProxyType({})


def assess_degree(
    submission: Submission,
    courses: Sequence[CourseResult],
    outcomes: Mapping[str, ReadOutcome],
    prior_uses: tuple[PriorUse, ...],
    language: tuple[LanguageResult, ...],
    batch: Batch,
    policy: Policy,
    today: datetime.date,
    core_plan: Mapping[str, str] = NO_PLAN,
) -> Assessment:
    """Return the machine's answer for one application of a degree batch.

    `courses` are the applicant's rows of the table of courses, `language` the person's language
    results in this store, newest first, `core_plan` the 学位主干课 of the classmates
    (`validators.cohorts`). Pure, like `validators.assessing.assess`.
    """
    case = open_degree_case(
        submission, courses, outcomes, prior_uses, language, batch, policy, today, core_plan
    )
    findings = observe(case)
    decision = decide(case, findings)
    if decision is Decision.WITHDRAWN:
        findings = ()
    elif decision is Decision.REVIEW and not any(f.severity.objects for f in findings):
        findings += (UNEXPLAINED,)
    return _answer(case, decision, findings)


def _answer(case: DegreeCase, decision: Decision, findings: tuple[Finding, ...]) -> Assessment:
    language = _newest(case.language)
    kind = CertificateType(language.certificate_type) if language else CertificateType.UNKNOWN
    return Assessment(
        student_number=case.submission.student_number,
        decision=decision,
        certificate_type=kind,
        comparisons=_comparisons(case),
        findings=findings,
        used_documents=tuple(file.upload.digest for file in case.theses),
        degree=DegreeResult(
            conditions=case.reckoning.conditions,
            courses=case.reckoning.courses,
            language=language,
            thesis_file=_digest(case.thesis),
            form_file=_digest(case.form),
            photo_file=_digest(case.photos[0] if len(case.photos) == 1 else None),
        ),
    )


def _newest(language: Sequence[LanguageResult]) -> LanguageResult | None:
    settled = (result for result in language if result.sealed and result.passed is not None)
    return next(settled, None)


def _digest(file: CaseFile | None) -> str:
    return file.upload.digest if file else ""


def _comparisons(case: DegreeCase) -> tuple[FieldComparison, ...]:
    on_form = {row.field: row for row in compare_form(case)}
    return tuple(
        on_form.get(column)
        or FieldComparison(
            field=column, declared=declared, extracted="", agreement=Agreement.NOT_CHECKED
        )
        for column, declared in case.application.columns
        if column not in _UNCHECKED
    )
