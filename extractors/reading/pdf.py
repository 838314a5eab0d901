"""Read a PDF both ways: what its text layer says (pdfplumber) and what it shows (PDFium)."""

import ctypes
import io
import math
from statistics import fmean
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2
from pdfminer.pdftypes import PDFObjRef, resolve1

from domain.faults import DocumentFault
from extractors.reading.origin import EDITED_NOTE, document_names_editor
from extractors.reading.picture import Picture
from extractors.reading.sandbox import PDF_PAGE_PIXELS, Decoded, DecodedPage, LayerLine, Limits

# PDF 32000-1, 14.8: what older viewers accept as a page's side, in points.
LARGEST_SIDE_PT = 14_400
SMALLEST_SIDE_PT = 3
LONGEST_LAYER_CHARACTERS = 200_000
ACTIVE_KEYS = frozenset(
    {"JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "OpenAction", "AA", "AF", "URI"}
)
# Actions and annotations that a viewer would follow, run or open: PDF 32000-1, tables 198 and 169.
ACTIVE_NAMES = frozenset(
    {
        *("JavaScript", "Launch", "URI", "GoToR", "GoToE", "SubmitForm", "ImportData", "Rendition"),
        *("FileAttachment", "RichMedia", "Movie", "Sound", "Screen", "3D"),
    }
)
ACTIVE_PATHS = frozenset(
    {"Names", "Annots", "A", "Kids", "Next", "JavaScript", "EmbeddedFiles", "AcroForm", "Fields"}
)
# How deep an action may hide: page, list, annotation, action, the action after it.
ACTIVE_DEPTH = 6


def decode_pdf(data: bytes, limits: Limits) -> Decoded:
    """Return the pages of a PDF as pixels at `limits.render_dpi` with their text layer.

    Raises `DocumentFault`: `encrypted` (needs a password), `damaged-unopenable`, `pages`,
    `dimensions`.
    """
    document = _open(data)
    if len(document) > limits.max_pages:
        raise DocumentFault("pages")
    if len(document) == 0:
        raise DocumentFault("damaged-unopenable")
    pictures = [_render(document, index, limits) for index in range(len(document))]
    notes: list[str] = []
    layers = _text_layers(data, len(pictures), notes)
    pages = tuple(
        DecodedPage(picture=picture, text_layer=layer)
        for picture, layer in zip(pictures, layers, strict=True)
    )
    return Decoded(pages=pages, notes=tuple(dict.fromkeys(notes)))


def render_pdf(data: bytes, limits: Limits) -> tuple[DecodedPage, ...]:
    """Return the pages as pixels alone, for looking at; raises as `decode_pdf` does."""
    document = _open(data)
    if not 0 < len(document) <= limits.max_pages:
        raise DocumentFault("pages" if len(document) else "damaged-unopenable")
    return tuple(
        DecodedPage(picture=_render(document, index, limits), text_layer=())
        for index in range(len(document))
    )


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if any(word in str(error).lower() for word in ("password", "security")):
            raise DocumentFault("encrypted") from error
        raise DocumentFault("damaged-unopenable") from error


def _render(document: pypdfium2.PdfDocument, index: int, limits: Limits) -> Picture:
    try:
        page = document[index]
        width, height = page.get_size()
        left, bottom, right, top = page.get_mediabox()
    except pypdfium2.PdfiumError as error:
        raise DocumentFault("damaged-unopenable") from error
    if right <= left or top <= bottom:
        raise DocumentFault("dimensions")
    if not all(
        math.isfinite(side) and SMALLEST_SIDE_PT <= side <= LARGEST_SIDE_PT
        for side in (width, height)
    ):
        raise DocumentFault("dimensions")
    scale = limits.render_dpi / 72
    most = min(PDF_PAGE_PIXELS, limits.max_pixels)
    scale = min(scale, math.sqrt(most / (width * height)), limits.max_side_px / max(width, height))
    try:
        bitmap = page.render(scale=scale, bitmap_maker=_bitmap)
    except pypdfium2.PdfiumError as error:
        raise DocumentFault("damaged-unopenable") from error
    pixels = bitmap.to_numpy()
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, np.newaxis], 3, axis=2)
    return np.ascontiguousarray(pixels[:, :, :3], dtype=np.uint8)


def _bitmap(width: int, height: int, **options: Any) -> pypdfium2.PdfBitmap:
    """Make the bitmap of a page (BGR) without setting it to zero: it is filled with paper first."""
    memory = np.empty(width * height * 3, dtype=np.uint8)
    buffer = (ctypes.c_ubyte * memory.size).from_buffer(memory.data)
    return pypdfium2.PdfBitmap.new_native(width, height, buffer=buffer, **options)


def _text_layers(data: bytes, page_count: int, notes: list[str]) -> list[tuple[LayerLine, ...]]:
    """Return per page the lines of its text layer; none at all where the structure is broken.

    The layer is the second opinion and pixels rule, so a layer that cannot be read is a note
    (`pdf-structure`), not the end of the file.
    """
    empty: list[tuple[LayerLine, ...]] = [()] * page_count
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            notes += _notes(pdf, data)
            layers = [_lines(page) for page in pdf.pages[:page_count]]
    except (MemoryError, DocumentFault):
        raise
    except Exception:  # pdfminer raises whatever the broken file makes it raise
        notes.append("pdf-structure")
        return empty
    if len(layers) != page_count:
        notes.append("pdf-structure")
        return empty
    return layers


def _notes(pdf: Any, data: bytes) -> list[str]:
    notes = []
    if pdf.doc.encryption is not None:
        notes.append("owner-password")
    catalog = pdf.doc.catalog
    form = resolve1(catalog.get("AcroForm"))
    if isinstance(form, dict) and (resolve1(form.get("Fields")) or form.get("XFA") is not None):
        notes.append("form-content")
    pages = [page.page_obj.attrs for page in pdf.pages]
    for page, attributes in zip(pdf.pages, pages, strict=True):
        unit = resolve1(attributes.get("UserUnit", 1))
        if not 0 < unit * max(page.width, page.height) <= LARGEST_SIDE_PT:
            raise DocumentFault("dimensions")
    if any(_is_active(holder, ACTIVE_DEPTH) for holder in (catalog, *pages)):
        notes.append("active-content")
    if document_names_editor(pdf.metadata):
        notes.append(EDITED_NOTE)
    if data.count(b"startxref") > 1 and b"/Linearized" not in data[:2048]:
        notes.append("revised")
    return notes


def _is_active(value: Any, depth: int) -> bool:
    """Return whether a dictionary holds something that a viewer would run or open."""
    if depth < 0:
        return False
    if isinstance(value, PDFObjRef):
        value = resolve1(value)
    if isinstance(value, dict):
        if any(key in ACTIVE_KEYS for key in value):
            return True
        names = {getattr(resolve1(value.get(key)), "name", None) for key in ("S", "Subtype")}
        return bool(names & ACTIVE_NAMES) or any(
            _is_active(item, depth - 1) for key, item in value.items() if key in ACTIVE_PATHS
        )
    if isinstance(value, list):
        return any(_is_active(item, depth - 1) for item in value[:100])
    return False


def _lines(page: Any) -> tuple[LayerLine, ...]:
    """Group a page's upright characters into lines, split where a gap is wider than a character."""
    left, top, right, bottom = page.cropbox if page.cropbox is not None else page.bbox
    width, height = right - left, bottom - top
    characters = [
        character
        for character in page.chars[:LONGEST_LAYER_CHARACTERS]
        if character["upright"] and character["text"] and not character["text"].startswith("(cid:")
    ]
    lines: list[list[dict[str, Any]]] = []
    for row in _rows(characters):
        for previous, character in zip([None, *row], row, strict=False):
            if previous is not None and _continues(previous, character):
                lines[-1].append(character)
            else:
                lines.append([character])
    return tuple(
        _line(line, left, top, width, height)
        for line in lines
        if any(character["text"].strip() for character in line)
    )


def _rows(characters: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Group characters by their centres: fonts mixed in a line differ at the edges."""
    rows: list[list[dict[str, Any]]] = []
    for character in sorted(characters, key=_centre):
        size = max(character["size"], 1)
        if rows and _centre(character) - fmean(map(_centre, rows[-1][-5:])) < 0.4 * size:
            rows[-1].append(character)
        else:
            rows.append([character])
    for row in rows:
        row.sort(key=lambda character: character["x0"])
    return rows


def _centre(character: dict[str, Any]) -> float:
    return float(character["top"] + character["bottom"]) / 2


def _continues(previous: dict[str, Any], character: dict[str, Any]) -> bool:
    gap = character["x0"] - previous["x1"]
    return bool(gap < 1.2 * max(previous["size"], character["size"], 1))


def _line(
    line: list[dict[str, Any]], left: float, top: float, width: float, height: float
) -> LayerLine:
    x0 = min(character["x0"] for character in line)
    x1 = max(character["x1"] for character in line)
    length = max(x1 - x0, 1e-6)
    text, positions = "", []
    for character in line:
        centre = ((character["x0"] + character["x1"]) / 2 - x0) / length
        text += character["text"]
        positions += [centre] * len(character["text"])
    return LayerLine(
        text=text,
        left=(x0 - left) / width,
        top=(min(character["top"] for character in line) - top) / height,
        right=(x1 - left) / width,
        bottom=(max(character["bottom"] for character in line) - top) / height,
        positions=tuple(positions),
    )
