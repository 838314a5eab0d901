"""Small domain values for the store's tests; people and papers are fictitious."""

import datetime
import hashlib
from collections.abc import Iterable

from domain.application import (
    Application,
    Batch,
    BatchInput,
    BatchKind,
    FileKind,
    Submission,
    Upload,
    columns_digest,
)
from domain.assessment import Assessment, Decision
from domain.certificates import CertificateType, FieldName, PaperForm
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.page import BoundingBox, Document
from domain.policy import Policy
from domain.reading import Reading, ReadOutcome
from store.institutions import load_policy
from store.readings import ReadingKey
from store.runs import RunHeader

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
KEY = ReadingKey(engine_version="engine-1", policy_digest="policy-1")


def make_batch(
    batch_id: str = "spring", kind: BatchKind = BatchKind.LANGUAGE, institution: str = "default"
) -> Batch:
    return Batch(
        id=batch_id,
        name="春季批次",
        kind=kind,
        opens=datetime.datetime(2024, 3, 1, tzinfo=BEIJING),
        deadline=datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=BEIJING),
        resubmit_until=None,
        institution=institution,
    )


def digest_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def make_submission(
    number: str, files: Iterable[str] = ("paper",), id_number: str = "", score: str = "500"
) -> Submission:
    columns = (("学号", number), ("身份证号", id_number or f"99{number}"), ("考试成绩", score))
    application = Application(
        student_number=number, row_number=2, columns=columns, digest=columns_digest(columns)
    )
    uploads = tuple(
        Upload(
            path=f"uploads/{number}/{name}.jpg",
            size_bytes=len(name),
            digest=digest_of(name),
            kind=FileKind.JPEG,
        )
        for name in files
    )
    return Submission(application=application, uploads=uploads)


def make_input(*submissions: Submission, batch: Batch | None = None) -> BatchInput:
    return BatchInput(batch=batch or make_batch(), submissions=submissions)


def make_outcome(name: str, number: str = "", family: str = "cet4") -> ReadOutcome:
    """Return the reading of a paper that prints a certificate number."""
    digest = digest_of(name)
    evidence = Evidence(
        file_digest=digest,
        page_number=1,
        bbox=BoundingBox(left=0.1, top=0.2, right=0.3, bottom=0.25),
        raw_text=number,
    )
    value = ExtractedValue(
        field=FieldName.CERTIFICATE_NUMBER, text=number, confidence=0.99, evidence=evidence
    )
    extraction = Extraction(
        file_digest=digest,
        page_number=1,
        classification=Classification(
            certificate_type=CertificateType(family), form=PaperForm.CERTIFICATE, score=1.0
        ),
        values=(value,) if number else (),
    )
    return ReadOutcome(
        file_digest=digest,
        reading=Reading(document=Document(file_digest=digest, pages=()), extractions=(extraction,)),
        seconds=0.5,
    )


def make_policy() -> Policy:
    return load_policy("default")


def make_header(
    owner: str = "me", batch: Batch | None = None, provisional: bool = False
) -> RunHeader:
    batch = batch or make_batch()
    return RunHeader(
        batch_id=batch.id,
        kind=batch.kind,
        owner=owner,
        content_digest="content",
        policy=make_policy(),
        engine_version=KEY.engine_version,
        rule_version="rules-1",
        today=datetime.date(2024, 3, 31),
        provisional=provisional,
    )


def make_assessment(number: str, decision: Decision = Decision.ACCEPT) -> Assessment:
    return Assessment(
        student_number=number,
        decision=decision,
        certificate_type=CertificateType.CET4,
        comparisons=(),
        findings=(),
    )
