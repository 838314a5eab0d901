"""Read one file, start to end. Runs in a worker process; sees nothing that was declared."""

import atexit
import gc
from functools import cache

import cv2

from domain.extraction import Extraction
from domain.likeness import PagePrint
from domain.page import Document, Page
from domain.policy import IntakePolicy, ReadingPolicy
from domain.reading import Reading, ReadPurpose, ReadRequest
from extractors.extract import EXTRACTION_VERSION
from extractors.reading.decoder import Decoder
from extractors.reading.degree_files import read_degree_file
from extractors.reading.page_reading import read_page
from extractors.reading.quality import BLANK_CONTRAST
from extractors.reading.recognition import load_engine, models_version
from extractors.reading.sandbox import Limits
from extractors.reading.second_reader import tesseract_version

# Raise it with every change of how pixels become lines.
READING_VERSION = "11"


@cache
def engine_version() -> str:
    """Return what a reading depends on besides the file and the policy.

    Raises `ConfigurationFault` where a part of the engine is not installed.
    """
    return (
        f"{models_version()} {tesseract_version()} "
        f"reading-{READING_VERSION} extraction-{EXTRACTION_VERSION}"
    )


def start_engine() -> None:
    """Load what this process needs and keep it to one thread."""
    cv2.setNumThreads(1)
    decoder = _decoder()  # loads its part beside the models
    load_engine()
    gc.freeze()  # what was loaded stays: the collector need not look at it for every page
    decoder.wait_until_ready()


@cache
def _decoder() -> Decoder:
    decoder = Decoder()
    atexit.register(decoder.close)
    return decoder


def read_file(request: ReadRequest, reading: ReadingPolicy, intake: IntakePolicy) -> Reading:
    """Return everything that one file shows.

    Raises `DocumentFault` where the file cannot be opened and `MachineFault` where the machine
    failed at it.
    """
    if request.purpose is ReadPurpose.DEGREE:
        return read_degree_file(request, reading, intake, engine_version())
    limits = Limits.from_policy(reading, intake)
    decoded = _decoder().decode(request.path, request.kind.value, limits)
    engine = load_engine()
    pages: list[Page] = []
    extractions: list[Extraction] = []
    prints: list[PagePrint] = []
    notes = list(decoded.notes)
    for number, decoded_page in enumerate(decoded.pages, start=1):
        read = read_page(
            decoded_page,
            request.file_digest,
            number,
            engine,
            reading.second_reader,
            reading.signs,
        )
        pages.append(read.page)
        extractions.append(read.extraction)
        prints.append(read.likeness)
        notes += read.notes
    if not any(page.lines for page in pages):
        empty = all(page.quality and page.quality.contrast < BLANK_CONTRAST for page in pages)
        notes.append("blank" if empty else "unreadable")
    document = Document(
        file_digest=request.file_digest,
        pages=tuple(pages),
        notes=tuple(dict.fromkeys(notes)),
        engine_version=engine_version(),
    )
    return Reading(document=document, extractions=tuple(extractions), prints=tuple(prints))
