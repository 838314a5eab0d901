"""What the reading worker answers for one file. Its question holds no declared value."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.application import FileKind
from domain.certificates import CertificateFamily, FieldName
from domain.extraction import Evidence, Extraction
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
class Reading:
    """Everything read from one file: its pages, and per paper found on them one extraction.

    `form` is what a 学位申请表 shows, None for files that are none (degree batches).
    """

    document: Document
    extractions: tuple[Extraction, ...]
    form: FormReading | None = None


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
class PriorUse:
    """The same file or certificate number, seen with another application in this store.

    `kind` is "file" or "number"; `same_person` compares normalized identity numbers.
    """

    kind: str
    batch_id: str
    student_number: str
    same_person: bool
