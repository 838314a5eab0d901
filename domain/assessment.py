"""What the machine made of one application: comparisons, findings, decision."""

from dataclasses import dataclass
from enum import StrEnum

from domain.certificates import CertificateType
from domain.degree import DegreeResult
from domain.extraction import Evidence
from domain.finding import Finding


class Agreement(StrEnum):
    """How a declared value relates to what was extracted (contract, fields.csv)."""

    EQUAL = "equal"
    EQUAL_AFTER_NORMALIZATION = "equal-after-normalization"
    SIMILAR = "similar"
    DIFFERENT = "different"
    NOT_FOUND = "not-found"
    NOT_PRINTED = "not-printed"
    NOT_CHECKED = "not-checked"

    @property
    def agrees(self) -> bool:
        return self in (Agreement.EQUAL, Agreement.EQUAL_AFTER_NORMALIZATION)


class Decision(StrEnum):
    """The machine's decision; it does not change after a verdict."""

    ACCEPT = "accept"
    REVIEW = "review"
    RETURN = "return"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldComparison:
    """One row of fields.csv: declared against extracted.

    `confidence` is 0-1, None where nothing was extracted. `field` is a FieldName's value, or a
    column's name in a degree batch.
    """

    field: str
    declared: str
    extracted: str
    agreement: Agreement
    confidence: float | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The machine's whole answer for one application.

    `accepted_number` and `accepted_score` are filled exactly when `decision` is accept.
    `used_documents` are the digests of the files on which it rests. `degree` is what a degree
    application comes to, None in language batches.
    """

    student_number: str
    decision: Decision
    certificate_type: CertificateType
    comparisons: tuple[FieldComparison, ...]
    findings: tuple[Finding, ...]
    accepted_number: str = ""
    accepted_score: str = ""
    used_documents: tuple[str, ...] = ()
    degree: DegreeResult | None = None

    @property
    def reason_codes(self) -> tuple[str, ...]:
        """Return the rule ids that block or ask for review, each once, in order of appearance."""
        codes = [finding.rule_id for finding in self.findings if finding.severity.objects]
        return tuple(dict.fromkeys(codes))
