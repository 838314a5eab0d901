"""Read a file of a degree application: the first pages of a thesis, a portrait, a filled form.

Like everything that reads, it sees nothing that was declared, not even which of these a file is.
"""

import atexit
from functools import cache
from pathlib import Path

from domain.application import FileKind
from domain.page import Document, Page
from domain.policy import IntakePolicy, ReadingPolicy
from domain.reading import Reading, ReadRequest
from extractors.degree_form import find_form
from extractors.reading.decoder import Decoder
from extractors.reading.decoding_host import DecodeName
from extractors.reading.document_text import FIRST_PAGES, is_text_page
from extractors.reading.layers import turn_layer
from extractors.reading.page_reading import read_page
from extractors.reading.picture_facts import picture_facts
from extractors.reading.recognition import load_engine
from extractors.reading.sandbox import DecodedPage, Limits


@cache
def _decoder() -> Decoder:
    decoder = Decoder(DecodeName.DEGREE_FILE)
    atexit.register(decoder.close)
    return decoder


def read_degree_file(
    request: ReadRequest, reading: ReadingPolicy, intake: IntakePolicy, engine_version: str
) -> Reading:
    """Return the first pages of one file, and what it shows where it is a 学位申请表.

    Raises `DocumentFault` where the file cannot be opened and `MachineFault` where the machine
    failed at it.
    """
    limits = Limits.from_policy(reading, intake)
    decoded = _decoder().decode(request.path, request.kind.value, limits)
    pages = tuple(
        _read_page(page, request.file_digest, number)
        for number, page in enumerate(decoded.pages[:FIRST_PAGES], start=1)
    )
    document = Document(
        file_digest=request.file_digest,
        pages=pages,
        notes=tuple(dict.fromkeys(decoded.notes)),
        engine_version=engine_version,
    )
    facts = None
    if request.kind in (FileKind.JPEG, FileKind.PNG):
        facts = picture_facts(Path(request.path).read_bytes())
    return Reading(document=document, extractions=(), form=find_form(pages), picture=facts)


def _read_page(decoded: DecodedPage, file_digest: str, number: int) -> Page:
    if not is_text_page(decoded):
        return read_page(decoded, file_digest, number, load_engine(), False, signs=()).page
    return Page(
        file_digest=file_digest,
        page_number=number,
        width_px=1,
        height_px=1,
        turned_degrees=0,
        mirrored=False,
        lines=(),
        text_layer=turn_layer(decoded.text_layer, 0),
    )
