"""What the head of a picture says of it: size, resolution, colours. No pixel is decoded.

JPEG: ITU-T T.81 B.2 (frame), JFIF 1.02 (density). PNG: ISO 15948, IHDR and pHYs. Every step is
bounded by the bytes there are; what is not said stays 0.
"""

import struct

from domain.reading import PictureFacts

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
_PER_INCH, _PER_CENTIMETRE = 1, 2
_INCH_CM, _INCH_M = 2.54, 0.0254
_PNG_COLOURED = frozenset({2, 3, 6})


def picture_facts(data: bytes) -> PictureFacts | None:
    """Return what the head of a JPEG or PNG says, None where it says no size."""
    try:
        return _png(data) if data.startswith(_PNG) else _jpeg(data)
    except (struct.error, IndexError):
        return None


def _png(data: bytes) -> PictureFacts | None:
    width, height, _, colour = struct.unpack_from(">IIBB", data, 16)
    dpi, at = 0, 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"pHYs":
            across, _, is_per_metre = struct.unpack_from(">IIB", data, at + 8)
            dpi = round(across * _INCH_M) if is_per_metre else 0
        if kind in (b"IDAT", b"pHYs"):
            break
        at += 12 + length
    return PictureFacts(
        width_px=width, height_px=height, dpi=dpi, is_coloured=colour in _PNG_COLOURED
    )


def _jpeg(data: bytes) -> PictureFacts | None:
    dpi, at = 0, 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or marker in _LONE_MARKERS:
            at += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack_from(">H", data, at + 2)[0]
        if marker in _FRAMES:
            height, width, components = struct.unpack_from(">HHB", data, at + 5)
            return PictureFacts(
                width_px=width, height_px=height, dpi=dpi, is_coloured=components >= 3
            )
        if marker == 0xE0 and data[at + 4 : at + 9] == b"JFIF\0":
            unit, across = struct.unpack_from(">BH", data, at + 11)
            dpi = {_PER_INCH: across, _PER_CENTIMETRE: round(across * _INCH_CM)}.get(unit, 0)
        at += 2 + length
    return None
