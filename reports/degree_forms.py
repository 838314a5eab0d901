"""Which applications of a degree batch get a filled 学位申请表."""

from domain.assessment import Decision
from domain.outcome import ApplicationOutcome
from reports.tables import PASSED_STATUS, REFUSED_STATUS


def wants_form(row: ApplicationOutcome) -> bool:
    """Return whether an application gets a form: accepted by the machine, or passed by a person."""
    if row.assessment.degree is None or row.review_status == REFUSED_STATUS:
        return False
    return row.review_status == PASSED_STATUS or row.assessment.decision is Decision.ACCEPT
