"""What each paper must show to be accepted by machine (contract, section 3)."""

from domain.certificates import CertificateFamily, FieldName, PaperForm
from domain.extraction import Extraction
from domain.policy import AcceptancePolicy

Requirement = tuple[FieldName, ...]
"""Fields of which one must be printed."""

_NAME: Requirement = (FieldName.NAME,)
_NUMBER: Requirement = (FieldName.CERTIFICATE_NUMBER,)
_SCORE: Requirement = (FieldName.SCORE,)
_GRADE: Requirement = (FieldName.GRADE,)
_SCORE_OR_GRADE: Requirement = (FieldName.SCORE, FieldName.GRADE)
_EXAM_DATE: Requirement = (FieldName.DATE,)
_ANY_DATE: Requirement = (FieldName.DATE, FieldName.ISSUE_DATE)
_COURSE: Requirement = (FieldName.COURSE,)
_ID_NUMBER: Requirement = (FieldName.ID_NUMBER,)

_BY_FAMILY: dict[CertificateFamily, tuple[Requirement, ...]] = {
    CertificateFamily.CET: (_NAME, _NUMBER, _SCORE, _EXAM_DATE),
    CertificateFamily.TEM: (_NAME, _NUMBER, _SCORE_OR_GRADE, _ANY_DATE),
    CertificateFamily.TRM: (_NAME, _NUMBER, _GRADE, _ANY_DATE),
    CertificateFamily.ETIC: (_NAME, _NUMBER, _GRADE, _ANY_DATE),
    CertificateFamily.ZIKAO: (_NAME, _COURSE, _SCORE, _ANY_DATE),
}


def requirements_of(paper: Extraction, acceptance: AcceptancePolicy) -> tuple[Requirement, ...]:
    """Return what a paper must show. An empty answer means that the kind is not accepted at all."""
    family = paper.classification.certificate_type.family
    if family is None:
        return ()
    required = _BY_FAMILY[family]
    if family is CertificateFamily.ZIKAO:
        ticket = (FieldName.ADMISSION_TICKET,) if acceptance.zikao_ticket_counts_as_number else ()
        required += ((FieldName.CERTIFICATE_NUMBER, *ticket),)
    report = paper.classification.form is PaperForm.SCORE_REPORT
    if family is CertificateFamily.ETIC and report:
        # The score report carries no number; its ID number is then what ties it to the applicant.
        required = (*(r for r in required if r is not _NUMBER), _SCORE)
    # Where its label stands the number does as well, and what a paper prints has to agree.
    if FieldName.ID_NUMBER not in paper.never_printed:
        required += (_ID_NUMBER,)
    return required


def missing_requirements(
    paper: Extraction, acceptance: AcceptancePolicy
) -> tuple[Requirement, ...]:
    """Return the requirements of which the paper shows no field."""
    return tuple(
        requirement
        for requirement in requirements_of(paper, acceptance)
        if not any(paper.text(field).strip() for field in requirement)
    )
