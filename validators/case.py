"""What the rules look at: one application with everything known about it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.application import Application, Batch, Submission, Upload
from domain.assessment import Agreement, FieldComparison
from domain.certificates import CertificateType, FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.page import Page
from domain.policy import Policy
from domain.reading import PriorUse, ReadOutcome
from validators.date_values import DateValue, Month, parse_date

# Reasons of intake for which only the applicant can act (contract, section 3: return).
RETURNING_REJECTIONS = frozenset(
    {"no-upload", "too-many", "empty", "too-large", "type-not-allowed", "type-mismatch",
     "dimensions", "pixels", "not-regular"}
)  # fmt: skip
# Faults of decoding that only the applicant can mend, whatever else the reader reports.
RETURNING_FAULTS = frozenset({"encrypted", "pages", "dimensions", "pixels", "damaged-unopenable"})


class FileState(StrEnum):
    """How far a file came."""

    REJECTED = "rejected"  # unusable by intake rules, or unopenable: the applicant has to act
    FAILED = "failed"  # the machine failed, or could not make sense of it: a person looks
    READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One upload and what became of it."""

    upload: Upload
    state: FileState
    outcome: ReadOutcome | None

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what intake and the reader noted about the file, each rule id once."""
        notes = self.upload.notes
        if self.outcome and self.outcome.reading:
            document = self.outcome.reading.document
            notes += document.notes
            notes += ("mirrored",) if any(page.mirrored for page in document.pages) else ()
        return tuple(dict.fromkeys(notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A row of fields.csv with the reading on which it rests, None where nothing was read."""

    comparison: FieldComparison
    value: ExtractedValue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that the rules of one application may look at.

    `papers` are all papers found in all files, each once, in the order of file digest and page.
    `paper` is the one under judgement, None where no paper of an accepted kind was found.
    `rivals` are readable papers that leave open which one counts, `companions` those that do not.
    """

    submission: Submission
    batch: Batch
    policy: Policy
    today: datetime.date
    files: tuple[CaseFile, ...]
    prior_uses: tuple[PriorUse, ...]
    papers: tuple[Extraction, ...]
    paper: Extraction | None = None
    compared: tuple[Compared, ...] = ()
    rivals: tuple[Extraction, ...] = ()
    companions: tuple[Extraction, ...] = ()

    @property
    def application(self) -> Application:
        return self.submission.application

    @property
    def kind(self) -> CertificateType:
        """Return the kind of the paper under judgement."""
        if self.paper is not None:
            return self.paper.classification.certificate_type
        kinds = {paper.classification.certificate_type for paper in self.papers}
        refused = CertificateType.NOT_ACCEPTED
        return refused if refused in kinds else CertificateType.UNKNOWN

    @property
    def unusable(self) -> bool:
        """Return whether no file is usable by intake rules, so that only the applicant can act."""
        if self.submission.rejections:
            return RETURNING_REJECTIONS.issuperset(self.submission.rejections)
        return all(file.state is FileState.REJECTED for file in self.files)

    def compared_field(self, field: FieldName) -> Compared | None:
        """Return the row of a field, None where there is none."""
        return next((row for row in self.compared if row.comparison.field == field.value), None)

    def agreement(self, field: FieldName) -> Agreement:
        """Return how a field agrees; `not-checked` where it has no row."""
        row = self.compared_field(field)
        return row.comparison.agreement if row else Agreement.NOT_CHECKED

    def text(self, field: FieldName) -> str:
        """Return what the paper under judgement prints in a field, "" where nothing was found."""
        return self.paper.text(field) if self.paper else ""

    def exam_dates(self) -> tuple[DateValue, ...]:
        """Return the examination dates that the paper prints, where they can be parsed."""
        return printed_dates(self.paper, FieldName.DATE) if self.paper else ()

    def exam_months(self) -> tuple[Month, ...]:
        """Return the months of the printed examination dates."""
        return tuple(d.as_month for d in self.exam_dates() if d.as_month is not None)

    @property
    def engine_version(self) -> str:
        """Return what read the paper under judgement, "" where that is not known."""
        for file in self.files:
            reading = file.outcome.reading if file.outcome else None
            if self.paper and reading and file.upload.digest == self.paper.file_digest:
                return reading.document.engine_version
        return ""

    def page(self) -> Page | None:
        """Return the page on which the paper under judgement stands."""
        for file in self.files:
            reading = file.outcome.reading if file.outcome else None
            for page in reading.document.pages if reading else ():
                if self.paper and (page.file_digest, page.page_number) == (
                    self.paper.file_digest,
                    self.paper.page_number,
                ):
                    return page
        return None


def printed_dates(paper: Extraction, field: FieldName) -> tuple[DateValue, ...]:
    """Return the dates that a paper prints in a field, where they can be parsed."""
    parsed = (parse_date(value.text) for value in paper.all(field))
    return tuple(date for date in parsed if date is not None)


def open_case(
    submission: Submission,
    outcomes: Mapping[str, ReadOutcome],
    prior_uses: tuple[PriorUse, ...],
    batch: Batch,
    policy: Policy,
    today: datetime.date,
) -> Case:
    """Gather one application's files and papers, in an order that upload names do not change."""
    files = tuple(
        _case_file(upload, outcomes.get(upload.digest))
        for upload in sorted(submission.uploads, key=lambda upload: (upload.digest, upload.path))
    )
    papers: dict[str, tuple[Extraction, ...]] = {}
    for file in files:
        if file.state is FileState.READ and file.outcome and file.outcome.reading:
            papers[file.upload.digest] = tuple(
                sorted(file.outcome.reading.extractions, key=lambda paper: paper.page_number)
            )
    return Case(
        submission=submission,
        batch=batch,
        policy=policy,
        today=today,
        files=files,
        prior_uses=prior_uses,
        papers=tuple(paper for group in papers.values() for paper in group),
    )


def _case_file(upload: Upload, outcome: ReadOutcome | None) -> CaseFile:
    if not upload.usable:
        mendable = RETURNING_REJECTIONS.issuperset(upload.rejections)
        state = FileState.REJECTED if mendable else FileState.FAILED
        return CaseFile(upload=upload, state=state, outcome=None)
    state = FileState.FAILED
    if outcome is not None and outcome.reading is not None and not outcome.fault:
        state = FileState.READ
    elif outcome is not None and outcome.returns and outcome.fault in RETURNING_FAULTS:
        state = FileState.REJECTED
    return CaseFile(upload=upload, state=state, outcome=outcome)
