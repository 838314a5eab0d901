"""Read one file, start to end. Runs in a worker process; sees nothing that was declared."""

from functools import cache
from statistics import fmean

import cv2

from domain.certificates import CertificateType
from domain.extraction import Extraction
from domain.page import Document, Page
from domain.policy import IntakePolicy, ReadingPolicy
from domain.reading import Reading, ReadRequest
from extractors.extract import EXTRACTION_VERSION, extract, is_complete
from extractors.reading.decoding import decode
from extractors.reading.layers import compare_layers, find_hidden_text, turn_layer
from extractors.reading.quality import BLANK_CONTRAST, measure
from extractors.reading.recognition import Picture, TextEngine, load_engine, models_version
from extractors.reading.sandbox import DecodedPage, Limits, decode_in_child
from extractors.reading.second_reader import read_again, tesseract_version
from extractors.reading.upright import (
    DETECTION_SIDE_PX,
    LARGE_DETECTION_SIDE_PX,
    read_upright,
)

# Raise it with every change of how pixels become lines.
READING_VERSION = "2"
# Mean confidence of its lines above which a page counts as well read.
WELL_READ = 0.9


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
    """Load the models of this process and keep it to one thread: it forks for every file."""
    cv2.setNumThreads(1)
    load_engine()


def read_file(request: ReadRequest, reading: ReadingPolicy, intake: IntakePolicy) -> Reading:
    """Return everything that one file shows.

    Raises `DocumentFault` where the file cannot be opened and `MachineFault` where the machine
    failed at it.
    """
    limits = Limits.from_policy(reading, intake)
    decoded = decode_in_child(request.path, request.kind.value, limits, decode)
    engine = load_engine()
    pages: list[Page] = []
    extractions: list[Extraction] = []
    notes = list(decoded.notes)
    for number, decoded_page in enumerate(decoded.pages, start=1):
        page, extraction = _read_page(
            decoded_page, request.file_digest, number, engine, reading, notes
        )
        pages.append(page)
        extractions.append(extraction)
    if not any(page.lines for page in pages):
        empty = all(page.quality and page.quality.contrast < BLANK_CONTRAST for page in pages)
        notes.append("blank" if empty else "unreadable")
    document = Document(
        file_digest=request.file_digest,
        pages=tuple(pages),
        notes=tuple(dict.fromkeys(notes)),
        engine_version=engine_version(),
    )
    return Reading(document=document, extractions=tuple(extractions))


def _read_page(
    decoded: DecodedPage,
    file_digest: str,
    number: int,
    engine: TextEngine,
    policy: ReadingPolicy,
    notes: list[str],
) -> tuple[Page, Extraction]:
    page, picture = _see(decoded, file_digest, number, engine, DETECTION_SIDE_PX)
    extraction = extract(page)
    if _is_unsure(page, extraction) and max(picture.shape[:2]) > DETECTION_SIDE_PX:
        larger = _see(decoded, file_digest, number, engine, LARGE_DETECTION_SIDE_PX)
        again = extract(larger[0])
        if _gain(again) >= _gain(extraction):
            (page, picture), extraction = larger, again
    extraction, disagrees = compare_layers(page, extraction)
    if disagrees:
        notes.append("layer-disagrees")
    if find_hidden_text(page, picture):
        notes.append("hidden-text")
    if policy.second_reader and extraction.values:
        extraction = read_again(picture, extraction)
    return page, extraction


def _see(
    decoded: DecodedPage, file_digest: str, number: int, engine: TextEngine, side_px: int
) -> tuple[Page, Picture]:
    """Return a page as seen with its longer side at `side_px` for detection, and its pixels."""
    upright = read_upright(decoded.picture, engine, side_px)
    height, width = upright.picture.shape[:2]
    page = Page(
        file_digest=file_digest,
        page_number=number,
        width_px=width,
        height_px=height,
        turned_degrees=upright.turned_degrees,
        mirrored=upright.mirrored,
        lines=upright.lines,
        text_layer=turn_layer(decoded.text_layer, upright.turned_degrees),
        qr_texts=decoded.qr_texts,
        quality=measure(upright.picture),
    )
    return page, upright.picture


def _is_unsure(page: Page, extraction: Extraction) -> bool:
    """Return whether a second look at a larger picture may help."""
    if extraction.classification.certificate_type.family is not None:
        return not is_complete(extraction)
    # Another examination, a cover page or a landscape that reads well will not become a paper.
    confidences = [line.confidence for line in page.lines]
    named = extraction.classification.certificate_type is CertificateType.NOT_ACCEPTED
    return not named and (not confidences or fmean(confidences) < WELL_READ)


def _gain(extraction: Extraction) -> tuple[bool, int]:
    """Return how much was found: a kind of paper first, then fields."""
    known = extraction.classification.certificate_type is not CertificateType.UNKNOWN
    return known, len({value.field for value in extraction.values})
