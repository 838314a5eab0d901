"""What was found on a paper, each value with its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.certificates import CertificateType, FieldName, PaperForm
from domain.page import BoundingBox
from domain.tampering import TamperHint


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a value stands: file, page, box on the upright page, and the raw text there.

    `quad` are the value's own corners (top left, top right, bottom right, bottom left), relative
    to the upright page: on a photo the text stands slanted inside its box. `positions` gives, per
    character of `raw_text`, its centre as a share (0-1) of the quad's length. Both are empty where
    the value spans several lines.
    """

    file_digest: str
    page_number: int
    bbox: BoundingBox
    raw_text: str
    quad: tuple[tuple[float, float], ...] = ()
    positions: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedValue:
    """One printed value, found by its label.

    `text` is as printed with surrounding spaces trimmed; `confidence` (0-1) is that of the first
    reader; `second_text` is what the independent second reader (Tesseract, or a PDF's text layer)
    reads in the same place, None where it was not asked. What proves itself is its own second text,
    with `proof` as the reader: no other characters would do.
    """

    field: FieldName
    text: str
    confidence: float
    evidence: Evidence
    second_text: str | None = None
    second_reader: str | None = None


class QualityFaultKind(StrEnum):
    """What is wrong with a picture in one place, so far that reading suffers."""

    CUT_OFF = "cut-off"
    GLARE = "glare"
    TOO_DARK = "too-dark"
    TOO_SMALL = "too-small"
    BLUR = "blur"
    LOW_CONTRAST = "low-contrast"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFault:
    """Why a value is in doubt, or was not found; `field` is None where the whole page suffers.

    It explains; it never accepts or rejects anything. `bbox` is what was measured.
    """

    kind: QualityFaultKind
    bbox: BoundingBox
    field: FieldName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """Which kind of paper a page shows.

    `score` (0-1) is the classifier's, `title` the text it rests on.
    `named` is the name of an examination outside the four kinds, for the message to the applicant.
    """

    certificate_type: CertificateType
    form: PaperForm | None
    score: float
    title: str = ""
    named: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """One paper: what it is, what it prints, and which fields papers of its sort never print.

    `never_printed` are fields that this form of the family does not carry at all. `faults` say why
    fields are in doubt or were not found, as far as the picture shows it. `hints` are signs that
    a value may have been put in afterwards: advice, whatever the policy makes of it.
    """

    file_digest: str
    page_number: int
    classification: Classification
    values: tuple[ExtractedValue, ...]
    never_printed: frozenset[FieldName] = frozenset()
    faults: tuple[QualityFault, ...] = ()
    hints: tuple[TamperHint, ...] = ()

    def get(self, field: FieldName) -> ExtractedValue | None:
        """Return the first value of a field, None where it was not found."""
        return next(self.all(field), None)

    def all(self, field: FieldName) -> Iterator[ExtractedValue]:
        """Yield every value of a field (a paper can print several dates)."""
        return (value for value in self.values if value.field is field)

    def text(self, field: FieldName) -> str:
        """Return the printed text of a field, "" where it was not found."""
        value = self.get(field)
        return value.text if value else ""
