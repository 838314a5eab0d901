"""Turn the bytes of a picture or a PDF into pixels and text layer. Runs in the sandbox only."""

import io
import struct
import warnings
import zlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import PIL.ImageFile
import PIL.ImageOps
import PIL.PngImagePlugin
import zxingcpp

from domain.application import FileKind
from domain.faults import DocumentFault
from extractors.reading.origin import EDITED_NOTE, picture_names_editor
from extractors.reading.pdf import decode_pdf, render_pdf
from extractors.reading.picture import Picture
from extractors.reading.sandbox import Decoded, DecodedPage, Limits

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_END = 0xD9
# Per octet after 0xFF whether it names a marker other than a stuffed zero, a restart, a start and a
# fill byte: ISO/IEC 10918-1, B.1.1.
JPEG_MARKERS = np.ones(256, dtype=np.bool_)
JPEG_MARKERS[[0x00, 0x01, *range(0xD0, 0xD9), 0xFF]] = False
QR_SEARCH_SIDE_PX = 3200

# A page with a font that is not embedded: for the first of its kind all fonts of the system are
# looked through.
PDF_WITH_TEXT = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R
/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 33>> stream
BT /F 9 Tf 9 9 Td (Total) Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/TrueType/BaseFont/Arial/Encoding/WinAnsiEncoding>> endobj
trailer <</Root 1 0 R/Size 6>>
%%EOF
"""


def decode(path: str, kind: str, limits: Limits) -> Decoded:
    """Return a file's pages as pixels with their text layer.

    Raises `DocumentFault` with `damaged-unopenable`, `encrypted`, `pages`, `dimensions` or
    `pixels`. Half a picture is decoded and noted as `damaged`, never passed off as whole.
    """
    data = Path(path).read_bytes()
    if kind == FileKind.PDF:
        decoded = decode_pdf(data, limits)
        pages = tuple(replace(page, qr_texts=_qr_texts(page.picture)) for page in decoded.pages)
        return replace(decoded, pages=pages)
    # First, for it refuses what is too large for anything else to look at.
    picture = _decode_picture(data, limits)
    notes = _png_notes(data) if data.startswith(PNG_SIGNATURE) else _jpeg_notes(data)
    notes += [EDITED_NOTE] if picture_names_editor(data) else []
    page = DecodedPage(picture=picture, text_layer=(), qr_texts=_qr_texts(picture))
    return Decoded(pages=(page,), notes=tuple(notes))


def decode_pixels(path: str, kind: str, limits: Limits) -> Decoded:
    """Return a file's pages as pixels alone, for looking at; raises as `decode` does."""
    data = Path(path).read_bytes()
    if kind == FileKind.PDF:
        return Decoded(pages=render_pdf(data, limits), notes=())
    page = DecodedPage(picture=_decode_picture(data, limits), text_layer=())
    return Decoded(pages=(page,), notes=())


def warm_up() -> None:
    """Decode something of our own of every kind: what decoders load at first use is loaded then.

    Children forked later find it there instead of loading it for every file.
    """
    limits = Limits(
        cpu_seconds=10,
        memory_bytes=1 << 30,
        wall_seconds=10.0,
        max_pages=1,
        max_side_px=100,
        max_pixels=10_000,
        render_dpi=72,
    )
    for extension in (".jpg", ".png"):
        _, encoded = cv2.imencode(extension, np.full((32, 32, 3), 255, dtype=np.uint8))
        _qr_texts(_decode_picture(encoded.tobytes(), limits))
    _png_checksums_fail(encoded.tobytes())
    document = io.BytesIO()
    PIL.Image.new("RGB", (32, 32), "white").save(document, "PDF")
    for ours in (document.getvalue(), PDF_WITH_TEXT):
        decode_pdf(ours, limits)


def _qr_texts(picture: Picture) -> tuple[str, ...]:
    """Decode QR codes as text; nothing they name is ever fetched."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    while max(grey.shape) > QR_SEARCH_SIDE_PX:
        # By whole halves: any other ratio costs more than the search on the larger picture.
        half = (max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2))
        grey = cv2.resize(grey, half, interpolation=cv2.INTER_AREA)
    codes = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        try_invert=False,  # no paper prints codes white on black
    )
    return tuple(sorted(code.text.strip() for code in codes if code.text))


def _decode_picture(data: bytes, limits: Limits) -> Picture:
    try:
        with warnings.catch_warnings():
            # Below are limits of our own, stricter than the one that Pillow warns of.
            warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)
            header = PIL.Image.open(io.BytesIO(data), formats=["JPEG", "PNG"])
        width, height = header.size
        transparent = header.has_transparency_data
    except PIL.Image.DecompressionBombError as error:
        raise DocumentFault("pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DocumentFault("damaged-unopenable") from error
    if not (0 < width <= limits.max_side_px and 0 < height <= limits.max_side_px):
        raise DocumentFault("dimensions")
    if width * height > limits.max_pixels:
        raise DocumentFault("pixels")
    if transparent:
        return _by_pillow(data)
    # Colour at 8 bits, turned as the EXIF orientation says.
    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    if picture is None or picture.size == 0:
        return _by_pillow(data)
    return np.asarray(picture, dtype=np.uint8)


def _by_pillow(data: bytes) -> Picture:
    """Decode what OpenCV does not: transparency, as it looks on white paper, and broken pictures.

    Of a truncated picture there is as much as was sent; the rest stays grey or white, and is noted.
    """
    PIL.ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with PIL.Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
            upright = PIL.ImageOps.exif_transpose(image)
            if upright.has_transparency_data:
                layer = upright.convert("RGBA")
                upright = PIL.Image.new("RGBA", layer.size, "white")
                upright.alpha_composite(layer)
            pixels = np.asarray(upright.convert("RGB"), dtype=np.uint8)
    except (OSError, SyntaxError, ValueError, struct.error, zlib.error) as error:
        raise DocumentFault("damaged-unopenable") from error
    return np.ascontiguousarray(pixels[:, :, ::-1])


def _png_notes(data: bytes) -> list[str]:
    notes = []
    offset, kinds = len(PNG_SIGNATURE), set()
    while offset + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[offset : offset + 8])
        kinds.add(kind)
        offset += 12 + length
        if kind == b"IEND":
            break
    if b"IEND" not in kinds or offset > len(data) or _png_checksums_fail(data):
        notes.append("damaged")
    if b"acTL" in kinds:
        notes.append("multi-frame")
    return notes


def _png_checksums_fail(data: bytes) -> bool:
    try:
        with PIL.Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            image.verify()
    except (OSError, SyntaxError, ValueError):
        return True
    return False


def _jpeg_notes(data: bytes) -> list[str]:
    notes = []
    if not _jpeg_ends(data):
        notes.append("damaged")
    if b"MPF\x00" in data[:65536]:
        notes.append("multi-frame")
    return notes


def _jpeg_ends(data: bytes) -> bool:
    """Return whether the picture's own end is there, whatever follows it or is embedded in it."""
    octets = np.frombuffer(data, dtype=np.uint8)
    places = np.flatnonzero(octets[:-1] == 0xFF)
    places = places[JPEG_MARKERS[octets[places + 1]]]
    offset = 2
    for place in places.tolist():
        if place < offset:
            continue  # inside the segment that was skipped
        offset = place + 2
        if data[place + 1] == JPEG_END:
            return True
        if offset + 2 > len(data):
            return False
        offset += int.from_bytes(data[offset : offset + 2])  # after a scan's head its data follows
    return False
