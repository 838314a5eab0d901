"""Readers that fail in every way a reader can. The file's digest says how; workers import this.

`request.path` is a log to which every attempt is written before anything goes wrong.
"""

import os
import signal
import time
from pathlib import Path

from domain.certificates import CertificateType, FieldName
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.faults import DocumentFault, MachineFault
from domain.page import BoundingBox, Document
from domain.policy import IntakePolicy, ReadingPolicy
from domain.reading import Reading, ReadRequest

SECRET = "张三 99000019900101001X"


class UnheardOf(Exception):
    """An error that the pool has no branch for."""


def read_faultily(request: ReadRequest, reading: ReadingPolicy, _: IntakePolicy) -> Reading:
    """Do what the digest asks for (`crash-1`, `hang-2`, ...), and read in every other case."""
    with Path(request.path).open("a", encoding="utf-8") as log:
        log.write(f"{request.file_digest} {os.getpid()}\n")
    manner = request.file_digest.split("-")[0]
    if manner == "exit":
        os._exit(7)
    elif manner == "segfault":
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGSEGV)
    elif manner == "leave":
        raise SystemExit(SECRET)
    elif manner == "hang":
        time.sleep(60 * reading.timeout_seconds)
    elif manner == "slow":
        time.sleep(0.3)
    _raise(manner)
    wrong = "999999999999999" if manner == "wrong" else request.file_digest
    return reading_of(request.file_digest, wrong)


def crash_once(request: ReadRequest, reading: ReadingPolicy, intake: IntakePolicy) -> Reading:
    """Die at the first attempt of each file and read it at the second."""
    log = Path(request.path)
    before = log.read_text(encoding="utf-8") if log.exists() else ""
    if f"{request.file_digest} " not in before:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{request.file_digest} {os.getpid()}\n")
        os._exit(1)
    return read_faultily(request, reading, intake)


def _raise(manner: str) -> None:
    if manner == "document":
        raise DocumentFault("damaged-unopenable", SECRET)
    if manner == "returned":
        raise DocumentFault("encrypted", SECRET)
    if manner == "machine":
        raise MachineFault("second-reader", SECRET)
    if manner == "memory":
        raise MemoryError(SECRET)
    if manner == "unknown":
        raise UnheardOf(SECRET)


def reading_of(file_digest: str, number: str) -> Reading:
    """Return a reading that claims one certificate number, with all confidence."""
    box = BoundingBox(left=0.1, top=0.1, right=0.2, bottom=0.2)
    value = ExtractedValue(
        field=FieldName.CERTIFICATE_NUMBER,
        text=number,
        confidence=1.0,
        evidence=Evidence(file_digest=file_digest, page_number=1, bbox=box, raw_text=number),
    )
    classification = Classification(
        certificate_type=CertificateType.CET4, form=None, score=1.0, title="大学英语四级"
    )
    extraction = Extraction(
        file_digest=file_digest, page_number=1, classification=classification, values=(value,)
    )
    document = Document(file_digest=file_digest, pages=())
    return Reading(document=document, extractions=(extraction,))


class DiesAtStart:
    """A reader that ends the worker while it starts: unpickling it is the end."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (9,)

    def __call__(self, *_: object) -> Reading:
        raise AssertionError("never started")
