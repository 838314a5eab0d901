"""Walk the outer structure of PNG, JPEG and PDF bytes: sizes, what follows the end, second faces.

Nothing is decompressed, so a picture that would unpack to gigabytes costs a few steps. The walk
follows what lenient decoders do (libpng, libjpeg): a size that they would find is found here.
"""

import re
from dataclasses import dataclass

from domain.application import FileKind

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, RST0-7, SOI: no length follows
_END_OF_IMAGE = 0xD9
_START_OF_SCAN = 0xDA
# One FF, not FF+: a file of nothing but FF would cost quadratic time.
_MARKER = re.compile(rb"\xff([^\x00\xff])")
# Inside a scan FF 00 is a stuffed byte and FF D0-D7 a restart: neither ends it.
_MARKER_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_ACTIVE_TEXT = re.compile(
    rb"<html[\s>]|<script[\s>]|<!doctype\s+html|<svg[\s>]|<\?php\s", re.IGNORECASE
)
_PDF_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES = 22
_ZIP_SEARCH_BYTES = _ZIP_END_BYTES + 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureShape:
    """Width and height as the header says, None where it says nothing; where the picture ends.

    `end` is the offset after its last byte, None where the end was not found (truncated).
    """

    size_px: tuple[int, int] | None
    end: int | None


def measure(kind: FileKind, data: bytes) -> PictureShape:
    """Return the shape of a PNG or JPEG; of anything else nothing is known."""
    if kind is FileKind.PNG:
        return _measure_png(data)
    if kind is FileKind.JPEG:
        return _measure_jpeg(data)
    return PictureShape(size_px=None, end=None)


def has_trailing_data(data: bytes, end: int | None) -> bool:
    """Return whether anything but padding follows the end of a picture."""
    return end is not None and bool(data[end:].strip(b"\0\r\n\t \xff"))


def is_polyglot(kind: FileKind, data: bytes) -> bool:
    """Return whether the bytes are a second thing as well: a ZIP, a web page, a PDF.

    A ZIP counts where its directory can be found from its end as unpackers do, a page or a PDF
    where a picture holds its opening; markup in a PDF counts only before the PDF's own header, for
    text and metadata of an honest PDF may hold any.
    """
    if _holds_zip(data):
        return True
    if kind is FileKind.PDF:
        return _ACTIVE_TEXT.search(data, 0, max(data.find(b"%PDF-"), 0)) is not None
    return _ACTIVE_TEXT.search(data) is not None or _PDF_HEADER.search(data) is not None


def _measure_png(data: bytes) -> PictureShape:
    size_px = None
    at = 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if name == b"IHDR" and size_px is None and at + 16 <= len(data):
            width = int.from_bytes(data[at + 8 : at + 12], "big")
            size_px = (width, int.from_bytes(data[at + 12 : at + 16], "big"))
        at += 12 + length
        if name == b"IEND":
            return PictureShape(size_px=size_px, end=min(at, len(data)))
    return PictureShape(size_px=size_px, end=None)


def _measure_jpeg(data: bytes) -> PictureShape:
    sizes: list[tuple[int, int]] = []
    at = 2
    while match := _MARKER.search(data, at):  # decoders skip junk between segments, so do we
        marker, at = match[1][0], match.end()
        if marker == _END_OF_IMAGE:
            return PictureShape(size_px=_largest(sizes), end=at)
        if marker in _BARE_MARKERS:
            continue
        if at + 2 > len(data):
            break
        length = int.from_bytes(data[at : at + 2], "big")
        if marker in _START_OF_FRAME and at + 7 <= len(data):
            height = int.from_bytes(data[at + 3 : at + 5], "big")
            sizes.append((int.from_bytes(data[at + 5 : at + 7], "big"), height))
        at += max(length, 2)
        if marker == _START_OF_SCAN:
            after = _MARKER_AFTER_SCAN.search(data, at)
            if after is None:
                break
            at = after.start()
    return PictureShape(size_px=_largest(sizes), end=None)


def _largest(sizes: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the worst of several frame headers: a zero first, else the largest area."""
    return max(sizes, key=lambda size: (0 in size, size[0] * size[1]), default=None)


def _holds_zip(data: bytes) -> bool:
    lowest = max(len(data) - _ZIP_SEARCH_BYTES, 0)
    at = data.rfind(_ZIP_END, lowest)
    while at >= 0:
        entries = int.from_bytes(data[at + 10 : at + 12], "little")
        directory_bytes = int.from_bytes(data[at + 12 : at + 16], "little")
        start = at - directory_bytes  # holds whatever stands before the archive
        if entries and start >= 0 and data[start : start + 4] == b"PK\x01\x02":
            return True
        at = data.rfind(_ZIP_END, lowest, at)
    return False
