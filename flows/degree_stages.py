"""What deciding a degree batch needs beyond its own rows: language results of the same people."""

from collections.abc import Mapping

from domain.application import Batch, Submission
from domain.assessment import Assessment, Decision
from domain.degree import LanguageResult
from domain.outcome import ApplicationOutcome
from domain.policy import Policy
from store import Store
from store.runs import RunHeader
from validators.cohorts import CorePlans, core_plans
from validators.outside_rules import flag_missing_glyphs, flag_too_large

_AT_ONCE = 500
# 审核状态 that are final once a batch is sealed (contract, section 3).
_SETTLED = {"审核通过": True, "审核不通过": False}


def language_results(store: Store, batch_id: str) -> Mapping[str, tuple[LanguageResult, ...]]:
    """Return the language results of a degree batch's applicants by 学号, newest first.

    What a batch that is not sealed says is not settled, whatever the machine decided.
    """
    applicants = store.language_results.applicants(batch_id)
    sealed = store.language_results.sealed()
    wanted = {batch for there in applicants.values() for batch, _ in there}
    names = {batch: store.batches.get(batch).name for batch in wanted}
    rows = {
        (batch, row.student_number): row
        for batch in sorted(wanted & sealed)
        for row in store.load_outcome(batch).rows
    }
    return {
        number: tuple(
            _settled(batch, names[batch], rows[batch, there])
            if (batch, there) in rows
            else _open(batch, names[batch], there)
            for batch, there in found
        )
        for number, found in applicants.items()
    }


def plans_of(store: Store, header: RunHeader) -> CorePlans:
    """Return the 学位主干课 of a batch by cohort, rows that have vanished left out."""
    ids = store.batches.application_ids(header.batch_id)
    found = (
        (item.submission, item.courses)
        for start in range(0, len(ids), _AT_ONCE)
        for item in store.batches.load(ids[start : start + _AT_ONCE])
        if not item.vanished
    )
    return core_plans(found, header.policy.grade_points)


def check_form(
    submission: Submission, assessment: Assessment, batch: Batch, policy: Policy
) -> Assessment:
    """Return an assessment with a finding where its form cannot be made, so that none is missing.

    Either no font has a glyph for a character, or a value is longer than the form has room for.
    """
    if assessment.degree is None or assessment.decision is Decision.WITHDRAWN:
        return assessment
    from flows.forming import form_fits
    from reports.forms.content import form_content
    from reports.forms.render import missing_characters

    content = form_content(submission, assessment, batch.deadline)
    if missing := missing_characters(content):
        return flag_missing_glyphs(assessment, missing)
    return assessment if form_fits(policy, content) else flag_too_large(assessment)


def _open(batch_id: str, name: str, student_number: str) -> LanguageResult:
    return LanguageResult(
        batch_id=batch_id,
        batch_name=name,
        student_number=student_number,
        sealed=False,
        passed=None,
        certificate_type="unknown",
    )


def _settled(batch_id: str, name: str, row: ApplicationOutcome) -> LanguageResult:
    cells, counting = row.submission.application, row.settled or row.assessment
    return LanguageResult(
        batch_id=batch_id,
        batch_name=name,
        student_number=row.student_number,
        sealed=True,
        passed=_SETTLED.get(row.review_status),
        certificate_type=row.assessment.certificate_type.value,
        language=cells.get("语种"),
        number=counting.accepted_number,
        score=counting.accepted_score,
        obtained=cells.get("证书获取日期"),
    )
