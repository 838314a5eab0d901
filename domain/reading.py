"""What the reading worker answers for one file. Its question holds no declared value."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.application import FileKind
from domain.certificates import CertificateFamily, FieldName
from domain.extraction import Evidence, Extraction
from domain.likeness import FilePrint, PagePrint
from domain.page import Document


class ReadPurpose(StrEnum):
    """How a file is read: as papers, or the first pages of a degree application's file."""

    CERTIFICATE = "certificate"
    DEGREE = "degree"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """All that a reading worker is told: which file, and what kind of bytes it holds.

    `path` is the absolute path of the stored original, named by its digest: nothing about the
    applicant, and nothing declared, has a place here.
    """

    path: str
    file_digest: str
    kind: FileKind
    purpose: ReadPurpose = ReadPurpose.CERTIFICATE


@dataclass(frozen=True, slots=True, kw_only=True)
class FormValue:
    """What stands beside one label of a 学位申请表. `column` is the declared column it answers."""

    column: str
    text: str
    confidence: float
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReading:
    """An applicant's own 学位申请表 as read: its title, and the values found by their labels."""

    title: str
    values: tuple[FormValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """What the head of a picture says of it, as stored; `dpi` is 0 where it says none."""

    width_px: int
    height_px: int
    dpi: int
    is_coloured: bool


# Numbers by which one person's paper is known, whoever brings it.
_MARKING_FIELDS = (
    FieldName.CERTIFICATE_NUMBER,
    FieldName.ID_NUMBER,
    FieldName.ADMISSION_TICKET,
    FieldName.ORAL_TICKET,
)
# Shorter numbers, and codes with less than such a token, are many people's.
_SHORTEST_MARK = 8
_SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything read from one file: its pages, and per paper found on them one extraction.

    `prints` are the fingerprints of the pages' pictures, apart from what was read on them.
    `form` is what a 学位申请表 shows, None for files that are none, `picture` what the head of a
    picture says (both in degree batches only).
    """

    document: Document
    extractions: tuple[Extraction, ...]
    prints: tuple[PagePrint, ...] = ()
    form: FormReading | None = None
    picture: PictureFacts | None = None

    def marks(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, text) of every number, and code's token, that only this paper carries."""
        for extraction in self.extractions:
            for field in _MARKING_FIELDS:
                for value in extraction.all(field):
                    if sum(map(str.isalnum, value.text)) >= _SHORTEST_MARK:
                        yield field.value, value.text
        for page in self.document.pages:
            for text in page.qr_texts:
                token = text.strip().rpartition("?")[2]
                if len(token) >= _SHORTEST_TOKEN:
                    yield "code", token


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutcome:
    """The answer to one request: a reading, or the rule id of what stood in the way.

    `fault` is empty where `reading` is given. `machine_failed` says that the machine rather than
    the document is at fault (crash, time or memory limit): the file was tried again once before.
    `returns` says that the fault is one that only the applicant can mend (contract: `return`).
    """

    file_digest: str
    reading: Reading | None
    seconds: float
    fault: str = ""
    machine_failed: bool = False
    returns: bool = False

    def file_print(self) -> FilePrint | None:
        """Return by what the file is known again, None where it could not be read."""
        if self.reading is None:
            return None
        marks = tuple(dict.fromkeys(self.reading.marks()))
        return FilePrint(file_digest=self.file_digest, pages=self.reading.prints, marks=marks)

    def identifying_numbers(self) -> Iterator[tuple[CertificateFamily, str]]:
        """Yield the numbers, as printed, by which its papers are known, with their family.

        Papers of the self-taught examination that print no number have their ticket's.
        """
        for extraction in self.reading.extractions if self.reading else ():
            family = extraction.classification.certificate_type.family
            if family is None:
                continue
            fields = [FieldName.CERTIFICATE_NUMBER]
            if family is CertificateFamily.ZIKAO and not extraction.text(fields[0]):
                fields.append(FieldName.ADMISSION_TICKET)
            for value in (value for field in fields for value in extraction.all(field)):
                yield family, value.text


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedResult:
    """What a paper prints of one examination.

    `month` (YYYY-MM) is that of the examination, `score` the normalized score, or the grade where
    none is printed.
    """

    certificate_type: str
    month: str
    score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorUse:
    """Something of this application, seen with another application in this store.

    `kind` is "file" (the same bytes), "picture" (the same picture in other bytes), "number" (the
    same certificate number) or "score" (the same person has another score in the same examination
    there); `same_person` compares normalized identity numbers.
    """

    kind: str
    batch_id: str
    student_number: str
    same_person: bool
