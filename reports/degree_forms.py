"""Which applications of a degree batch get a filled 学位申请表."""

from domain.assessment import Decision
from domain.outcome import PASSED_STATUS, ApplicationOutcome


def wants_form(row: ApplicationOutcome) -> bool:
    """Return whether an application gets a form: accepted by the machine, or passed by a person.

    What a person decided counts, also where they sent an accepted one back.
    """
    if row.assessment.degree is None:
        return False
    accepted = row.assessment.decision is Decision.ACCEPT and row.settled is None
    return row.review_status == PASSED_STATUS or accepted
