"""Turn the bytes of a picture or a PDF into pixels and text layer. Runs in the sandbox only."""

import io
import struct
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
from extractors.reading.pdf import decode_pdf
from extractors.reading.recognition import Picture
from extractors.reading.sandbox import Decoded, DecodedPage, Limits

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_END = b"\xff\xd9"
QR_SEARCH_SIDE_PX = 1600


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
    notes = _png_notes(data) if kind == FileKind.PNG else _jpeg_notes(data)
    picture = _decode_picture(data, limits)
    page = DecodedPage(picture=picture, text_layer=(), qr_texts=_qr_texts(picture))
    return Decoded(pages=(page,), notes=tuple(notes))


def _qr_texts(picture: Picture) -> tuple[str, ...]:
    """Decode QR codes as text; nothing they name is ever fetched."""
    height, width = picture.shape[:2]
    scale = min(1.0, QR_SEARCH_SIDE_PX / max(height, width))
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    codes = zxingcpp.read_barcodes(
        grey, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return tuple(sorted(code.text.strip() for code in codes if code.text))


def _decode_picture(data: bytes, limits: Limits) -> Picture:
    try:
        with PIL.Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as header:
            width, height = header.size
            transparent = header.mode in ("RGBA", "LA", "PA") or "transparency" in header.info
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning) as error:
        raise DocumentFault("pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DocumentFault("damaged-unopenable") from error
    if not (0 < width <= limits.max_side_px and 0 < height <= limits.max_side_px):
        raise DocumentFault("dimensions")
    if width * height > limits.max_pixels:
        raise DocumentFault("pixels")
    buffer = np.frombuffer(data, dtype=np.uint8)
    # Colour at 8 bits, turned as the EXIF orientation says.
    picture = _over_white(buffer) if transparent else cv2.imdecode(buffer, cv2.IMREAD_COLOR)
    if picture is None or picture.size == 0:
        picture = _what_is_left(data)
    return np.asarray(picture, dtype=np.uint8)


def _what_is_left(data: bytes) -> Picture:
    """Decode as much of a truncated picture as there is; the rest stays grey, and is noted."""
    PIL.ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with PIL.Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
            upright = PIL.ImageOps.exif_transpose(image)
            pixels = np.asarray(upright.convert("RGB"), dtype=np.uint8)
    except (OSError, SyntaxError, ValueError) as error:
        raise DocumentFault("damaged-unopenable") from error
    return np.ascontiguousarray(pixels[:, :, ::-1])


def _over_white(buffer: np.ndarray) -> Picture | None:
    """Decode a picture with transparency as it looks on white paper."""
    raw = cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED)
    if raw is None:
        return None
    if raw.dtype == np.uint16:
        raw = (raw // 257).astype(np.uint8)
    if raw.ndim != 3 or raw.shape[2] != 4:
        return np.asarray(cv2.imdecode(buffer, cv2.IMREAD_COLOR), dtype=np.uint8)
    share = raw[:, :, 3:].astype(np.float32) / 255
    return (raw[:, :, :3] * share + 255 * (1 - share)).astype(np.uint8)


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
    scan = data.rfind(b"\xff\xda")
    if scan < 0 or data.find(JPEG_END, scan) < 0:
        notes.append("damaged")
    if b"MPF\x00" in data[:65536]:
        notes.append("multi-frame")
    return notes
