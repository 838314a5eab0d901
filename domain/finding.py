"""What a rule observed. A disagreement is a finding, never an exception."""

from dataclasses import dataclass
from enum import StrEnum

from domain.page import BoundingBox


class Severity(StrEnum):
    """Only `block` and `review` keep an application from acceptance."""

    BLOCK = "block"
    REVIEW = "review"
    WARN = "warn"
    ADVICE = "advice"
    NOTE = "note"

    @property
    def objects(self) -> bool:
        """Return whether a finding of this severity keeps an application from acceptance."""
        return self in (Severity.BLOCK, Severity.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where on a file's upright page something was observed."""

    file_digest: str
    page_number: int
    bbox: BoundingBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One observation: permanent kebab-case rule id, severity, and the Chinese message for staff.

    `opinion` is the sentence fit to be shown to the applicant (审核意见), "" where none is due; it
    never contains another person's data. `returns` marks findings for which intake gives the
    application back to the applicant instead of asking a person. `place` is what to look at, where
    it is another place than that of the field's value.
    """

    rule_id: str
    severity: Severity
    message: str
    field: str = ""
    declared: str = ""
    extracted: str = ""
    opinion: str = ""
    returns: bool = False
    place: Place | None = None
