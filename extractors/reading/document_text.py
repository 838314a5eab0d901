"""The first pages of a thesis or a form: text where the file carries it, else pixels.

Runs in the sandbox only, like `decoding`. Word documents have no pages here: what stands at their
beginning is one page of text.
"""

import io
import math
import re
import struct
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import olefile
import pypdfium2

from domain.application import FileKind
from domain.faults import DocumentFault
from extractors.reading.decoding import decode
from extractors.reading.picture import Picture
from extractors.reading.sandbox import PDF_PAGE_PIXELS, Decoded, DecodedPage, LayerLine, Limits

FIRST_PAGES = 3
# Fewer characters than this on a page (a page number, a stamp): it is read from its pixels.
ENOUGH_CHARACTERS = 12
MOST_CHARACTERS = 8_000
FORM_HEAD_CHARACTERS = 60
_FORM_TITLE = re.compile(r"学位.{0,6}(?:申请表|审批表|审查表|申请书)")
LARGEST_PART_BYTES = 64 << 20
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# MS-DOC 2.5.1: offsets inside the file information block.
_FIB_FLAGS, _FIB_TEXT_LENGTH, _FIB_PIECES = 0x0A, 0x4C, 0x01A2
_IS_ENCRYPTED, _TABLE_ONE = 0x0100, 0x0200
_WORD_MAGIC = 0xA5EC
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, ValueError),
    *(NotImplementedError, RuntimeError, ElementTree.ParseError),
)


def decode_document(path: str, kind: str, limits: Limits) -> Decoded:
    """Return the first pages of a file, text pages with a picture of one pixel.

    Raises `DocumentFault` with `damaged-unopenable` or `encrypted`, and what `decode` raises for
    pictures.
    """
    if kind in (FileKind.JPEG, FileKind.PNG):
        return decode(path, kind, limits)
    data = Path(path).read_bytes()
    if kind == FileKind.PDF:
        return _decode_pdf(data, limits)
    text = _docx_text(data) if kind == FileKind.DOCX else _doc_text(data)
    return Decoded(pages=(_text_page(text.splitlines()),), notes=())


def is_text_page(page: DecodedPage) -> bool:
    """Return whether a page carries text and no picture."""
    return page.picture.shape[:2] == (1, 1)


def _text_page(texts: list[str]) -> DecodedPage:
    texts = [text.strip() for text in texts if text.strip()]
    step = 1 / max(len(texts), 1)
    lines = tuple(
        LayerLine(
            text=text,
            left=0.0,
            top=place * step,
            right=1.0,
            bottom=(place + 1) * step,
            positions=tuple((index + 0.5) / len(text) for index in range(len(text))),
        )
        for place, text in enumerate(texts)
    )
    return DecodedPage(picture=np.full((1, 1, 3), 255, dtype=np.uint8), text_layer=lines)


def _decode_pdf(data: bytes, limits: Limits) -> Decoded:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        locked = any(word in str(error).lower() for word in ("password", "security"))
        raise DocumentFault("encrypted" if locked else "damaged-unopenable") from error
    if count == 0:
        raise DocumentFault("damaged-unopenable")
    pages = []
    for index in range(min(count, FIRST_PAGES)):
        try:
            pages.append(_pdf_page(document[index], limits))
        except pypdfium2.PdfiumError as error:
            raise DocumentFault("damaged-unopenable") from error
    return Decoded(pages=tuple(pages), notes=())


def _pdf_page(page: pypdfium2.PdfPage, limits: Limits) -> DecodedPage:
    text = page.get_textpage().get_text_bounded()[:MOST_CHARACTERS].replace("\ufffe", "")
    # A form is read from its pixels: where a value stands in a table is known only there.
    is_form = _FORM_TITLE.search("".join(text[:FORM_HEAD_CHARACTERS].split())) is not None
    if len("".join(text.split())) >= ENOUGH_CHARACTERS and not is_form:
        return _text_page(text.splitlines())
    width, height = page.get_size()
    if not (math.isfinite(width * height) and width >= 1 and height >= 1):
        raise DocumentFault("dimensions")
    most = min(PDF_PAGE_PIXELS, limits.max_pixels)
    scale = min(
        limits.render_dpi / 72,
        math.sqrt(most / (width * height)),
        limits.max_side_px / max(width, height),
    )
    return DecodedPage(picture=_pixels(page, scale), text_layer=())


def _pixels(page: pypdfium2.PdfPage, scale: float) -> Picture:
    pixels = page.render(scale=scale, rev_byteorder=False).to_numpy()
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, np.newaxis], 3, axis=2)
    return np.ascontiguousarray(pixels[:, :, :3], dtype=np.uint8)


def _docx_text(data: bytes) -> str:
    """Return the beginning of a Word document (ECMA-376), a line per paragraph."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentFault("encrypted")  # MS-OFFCRYPTO keeps an encrypted package in OLE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > LARGEST_PART_BYTES:
                raise DocumentFault("damaged-unopenable")
            lines, length = [], 0
            with archive.open(part) as stream:
                for _, element in ElementTree.iterparse(stream):
                    if element.tag == f"{_WORD}p":
                        lines.append("".join(text.text or "" for text in element.iter(f"{_WORD}t")))
                        length += len(lines[-1])
                        element.clear()
                    if length > MOST_CHARACTERS:
                        break
    except DocumentFault:
        raise
    except _BROKEN_ZIP as error:
        raise DocumentFault("damaged-unopenable") from error
    return "\n".join(lines)[:MOST_CHARACTERS]


def _doc_text(data: bytes) -> str:
    """Return the beginning of a Word 97-2003 document by its piece table (MS-DOC 2.4.1)."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            main = container.openstream("WordDocument").read(LARGEST_PART_BYTES)
            magic, flags = struct.unpack_from("<H", main, 0)[0], _short(main, _FIB_FLAGS)
            if magic != _WORD_MAGIC:
                raise DocumentFault("damaged-unopenable")
            if flags & _IS_ENCRYPTED:
                raise DocumentFault("encrypted")
            table = container.openstream("1Table" if flags & _TABLE_ONE else "0Table")
            start, size = struct.unpack_from("<II", main, _FIB_PIECES)
            pieces = table.read(LARGEST_PART_BYTES)[start : start + size]
    except (OSError, struct.error, ValueError, IndexError) as error:
        raise DocumentFault("damaged-unopenable") from error
    try:
        text = pieces_text(main, pieces)
    except (struct.error, IndexError) as error:
        raise DocumentFault("damaged-unopenable") from error
    return text.replace("\r", "\n").replace("\x07", "\n").replace("\x0b", "\n")


def _short(data: bytes, offset: int) -> int:
    return int(struct.unpack_from("<H", data, offset)[0])


def pieces_text(main: bytes, pieces: bytes) -> str:
    """Return the text that a piece table puts together out of the main stream (MS-DOC 2.8.35)."""
    at = 0
    while pieces[at] == 1:  # property modifiers stand before the piece table
        at += 3 + _short(pieces, at + 1)
    if pieces[at] != 2:
        raise IndexError("no piece table")
    size = struct.unpack_from("<I", pieces, at + 1)[0]
    count = (size - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", pieces, at + 5)
    text = ""
    for number in range(count):
        place = at + 5 + 4 * (count + 1) + 8 * number + 2
        position = struct.unpack_from("<I", pieces, place)[0]
        length = min(ends[number + 1] - ends[number], MOST_CHARACTERS)
        if position & 0x4000_0000:  # eight bits a character
            begin = (position & 0x3FFF_FFFF) // 2
            text += main[begin : begin + length].decode("cp1252", "replace")
        else:
            text += main[position : position + 2 * length].decode("UTF-16LE", "replace")
        if len(text) > MOST_CHARACTERS:
            break
    return text[:MOST_CHARACTERS]
