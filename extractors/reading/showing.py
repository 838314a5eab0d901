"""Pictures for the people who decide: a value under its characters, its surroundings, a page.

Whatever is shown is decoded in the limited child and encoded anew: no uploaded byte leaves as it
came. Pixels never enter a domain type; what goes out are JPEG bytes.
"""

import functools
import itertools
import subprocess
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

import cv2
import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

from domain.faults import DocumentFault
from domain.page import BoundingBox
from domain.policy import IntakePolicy, ReadingPolicy
from extractors.reading.decoder import Decoder
from extractors.reading.decoding_host import DecodeName
from extractors.reading.picture import Picture
from extractors.reading.recognition import crop_quad, sub_quad
from extractors.reading.sandbox import Limits

CELL_PX = 28
"""Width of a half-width character's cell in a strip: twice what the page shows, for sharp zoom."""
STRIP_HEIGHT_PX = 56
CONTEXT_WIDTH_PX = 1200
WORDS_WIDTH_PX = 440
PAGE_SIDE_PX = 2000
SMALL_PAGE_SIDE_PX = 1200
"""Of a page that stands beside an item, where it takes a third of the screen's height."""
_MOST_ENLARGED = 2.0
"""Surroundings are enlarged no further: the browser does that as well, and decodes a quarter."""
# Lines of text above and below a value that its surroundings show.
_CONTEXT_LINES = 2.2
_QUALITY = 88
_CACHED_PIXELS = 60_000_000
_GREY = (205, 205, 205)

Quad = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlace:
    """Which page, and how the picture has to be turned to stand upright."""

    path: str
    kind: str
    page_number: int
    turned_degrees: int = 0
    mirrored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePlace:
    """Where a value stands on the upright page (relative, 0-1), as its evidence says.

    `layout` are the cells from left to right: the index of the character over it (None for an empty
    one) and its width in half-width columns. `hidden` are characters that are not to be seen,
    `covers` the corners of other values that its surroundings may not show.
    """

    bbox: BoundingBox
    quad: Quad = ()
    positions: tuple[float, ...] = ()
    layout: tuple[tuple[int | None, int], ...] = ()
    hidden: frozenset[int] = frozenset()
    covers: tuple[Quad, ...] = ()


class Pictures:
    """Show pages and parts of them; several threads may ask at once."""

    def __init__(self, reading: ReadingPolicy, intake: IntakePolicy) -> None:
        self._limits = Limits.from_policy(reading, intake)
        self._decoder = Decoder(DecodeName.PIXELS)
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, int, bool], tuple[Picture, ...]] = OrderedDict()

    def __enter__(self) -> "Pictures":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the decoding process."""
        self._decoder.close()

    def strip(self, place: PagePlace, value: ValuePlace) -> bytes:
        """Return a value's picture, each glyph over its character's cell (JPEG)."""
        return _jpeg(_strip(self._page(place), value))

    def strips(self, values: Iterable[tuple[PagePlace, ValuePlace]]) -> bytes:
        """Return the strips of several values in one picture, one below the other (JPEG)."""
        parts = [_strip(self._page(place), value) for place, value in values]
        width = max(part.shape[1] for part in parts)
        return _jpeg(np.ascontiguousarray(np.vstack([_widened(part, width) for part in parts])))

    def context(self, place: PagePlace, value: ValuePlace) -> bytes:
        """Return a value with two lines above and below it, its box drawn (JPEG)."""
        return _jpeg(_context(self._page(place), value))

    def page(
        self,
        place: PagePlace,
        boxes: Iterable[BoundingBox],
        watermark: str,
        side_px: int = PAGE_SIDE_PX,
    ) -> bytes:
        """Return the whole upright page with boxes drawn and a watermark over it (JPEG).

        Its longer side has at most `side_px`.
        """
        return _jpeg(_marked(self._page(place), tuple(boxes), watermark, side_px))

    def count(self, place: PagePlace) -> int:
        """Return how many pages the file has; raises as decoding does."""
        return len(self._all(place))

    def _page(self, place: PagePlace) -> Picture:
        pages = self._all(place)
        if not 1 <= place.page_number <= len(pages):
            raise DocumentFault("pages")
        return pages[place.page_number - 1]

    def _all(self, place: PagePlace) -> tuple[Picture, ...]:
        key = (place.path, place.turned_degrees, place.mirrored)
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
            decoded = self._decoder.decode(place.path, place.kind, self._limits)
            pages = tuple(
                _upright(page.picture, place.turned_degrees, place.mirrored)
                for page in decoded.pages
            )
            self._pages[key] = pages
            while len(self._pages) > 1 and self._cached_pixels() > _CACHED_PIXELS:
                self._pages.popitem(last=False)
        return pages

    def _cached_pixels(self) -> int:
        return sum(page.size // 3 for pages in self._pages.values() for page in pages)


def _upright(picture: Picture, turned_degrees: int, mirrored: bool) -> Picture:
    """Turn a page as the reader did: a quarter turn, the mirror, then the half turn."""
    if turned_degrees in (90, 270):
        picture = np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), dtype=np.uint8)
    if mirrored:
        picture = np.asarray(cv2.flip(picture, 1), dtype=np.uint8)
    if turned_degrees in (180, 270):
        picture = np.asarray(cv2.rotate(picture, cv2.ROTATE_180), dtype=np.uint8)
    return picture


def _corners(
    picture: Picture, value: ValuePlace
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    height, width = picture.shape[:2]
    box = value.bbox
    quad = value.quad or (
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    )
    return np.array(quad, dtype=np.float32) * np.array([width, height], dtype=np.float32)


def _strip(picture: Picture, value: ValuePlace) -> Picture:
    quad = _corners(picture, value)
    if not value.positions or not value.layout:
        crop = crop_quad(picture, quad)
        height, width = crop.shape[:2]
        scale = min(STRIP_HEIGHT_PX / height, WORDS_WIDTH_PX / width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        below = STRIP_HEIGHT_PX - small.shape[0]
        return np.pad(small, ((0, below), (0, 0), (0, 0)), constant_values=255)
    slices = _slices(value.positions)
    parts = []
    for index, columns in value.layout:
        width = CELL_PX * columns
        if index is None:
            parts.append(np.full((STRIP_HEIGHT_PX, width, 3), 255, dtype=np.uint8))
        elif index in value.hidden:
            parts.append(np.full((STRIP_HEIGHT_PX, width, 3), _GREY, dtype=np.uint8))
        else:
            parts.append(_resized(crop_quad(picture, sub_quad(quad, *slices[index])), width))
    return np.ascontiguousarray(np.hstack(parts))


def _widened(part: Picture, width: int) -> Picture:
    missing = width - part.shape[1]
    return np.pad(part, ((0, 0), (0, missing), (0, 0)), constant_values=255)


def _resized(part: Picture, width: int) -> Picture:
    size = (width, STRIP_HEIGHT_PX)
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _slices(positions: tuple[float, ...]) -> list[tuple[float, float]]:
    """Return for each character the part of the value's length that is nearest to its centre."""
    if len(positions) == 1:
        return [(0.0, 1.0)]
    edges = [(one + other) / 2 for one, other in itertools.pairwise(positions)]
    first = max(-0.2, positions[0] - (edges[0] - positions[0]))
    last = min(1.2, positions[-1] + (positions[-1] - edges[-1]))
    bounds = [first, *edges, last]
    slices = []
    for start, end in itertools.pairwise(bounds):
        # Readers may place two characters on one spot: each still gets a sliver to show.
        slices.append((start, end) if end - start > 1e-3 else (start, start + 1e-3))
    return slices


def _context(picture: Picture, value: ValuePlace) -> Picture:
    height, width = picture.shape[:2]
    box = value.bbox
    tall = box.height * height * (1 + 2 * _CONTEXT_LINES)
    top = max(0, round(box.top * height - box.height * height * _CONTEXT_LINES))
    bottom = min(height, max(top + 1, round(top + tall)))
    line = box.height * height
    # Labels stand to the left of their values.
    wide = max(box.width * width * 1.1 + 8 * line, tall * 2.2)
    middle = (box.left + box.right) / 2 * width - 3 * line
    left = max(0, round(middle - wide / 2))
    right = min(width, max(left + 1, round(middle + wide / 2)))
    part = picture[top:bottom, left:right].copy()
    scale = min(CONTEXT_WIDTH_PX / part.shape[1], _MOST_ENLARGED)
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    shown = np.asarray(cv2.resize(part, size, interpolation=method), dtype=np.uint8)
    origin, size_px = np.array([left, top], np.float32), np.array([width, height], np.float32)
    for quad in value.covers:
        covered = (np.array(quad, dtype=np.float32) * size_px - origin) * scale
        cv2.fillPoly(shown, [covered.astype(np.int32)], _GREY)
    corners = (_corners(picture, value) - origin) * scale
    if value.hidden:
        cv2.fillPoly(shown, [corners.astype(np.int32)], _GREY)
    cv2.polylines(shown, [corners.astype(np.int32)], True, (0, 0, 200), 3, cv2.LINE_AA)
    return shown


def _marked(
    picture: Picture, boxes: tuple[BoundingBox, ...], watermark: str, side_px: int
) -> Picture:
    scale = min(1.0, side_px / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    shown = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    width, height = size
    for box in boxes:
        start = (round(box.left * width) - 4, round(box.top * height) - 4)
        end = (round(box.right * width) + 4, round(box.bottom * height) + 4)
        cv2.rectangle(shown, start, end, (0, 0, 200), 3)
    return _watermarked(shown, watermark)


def _watermarked(picture: Picture, text: str) -> Picture:
    """Write who looks at the page, and when, across it, faintly and again and again."""
    page = PIL.Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1])).convert("RGBA")
    font = _font(max(18, page.width // 45))
    probe = PIL.ImageDraw.Draw(PIL.Image.new("RGBA", (1, 1)))
    left, top, right, bottom = probe.textbbox((0, 0), text, font=font)
    tile = PIL.Image.new("RGBA", (round(right - left) + 60, round(bottom - top) + 20))
    PIL.ImageDraw.Draw(tile).text((30 - left, 10 - top), text, font=font, fill=(90, 90, 90, 80))
    tile = tile.rotate(20, expand=True)
    layer = PIL.Image.new("RGBA", page.size)
    for row, y in enumerate(range(0, page.height, tile.height + 120)):
        for x in range(-(row % 2) * tile.width // 2, page.width, tile.width + 80):
            layer.alpha_composite(tile, (max(0, x), y))
    marked = PIL.Image.alpha_composite(page, layer).convert("RGB")
    return np.ascontiguousarray(np.asarray(marked, dtype=np.uint8)[:, :, ::-1])


@functools.lru_cache(maxsize=8)
def _font(size: int) -> PIL.ImageFont.FreeTypeFont | PIL.ImageFont.ImageFont:
    answer = subprocess.run(
        ["fc-match", "-f", "%{file}", "sans:lang=zh-cn"],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    try:
        return PIL.ImageFont.truetype(answer.stdout.strip(), size)
    except OSError:
        return PIL.ImageFont.load_default(size)


def _jpeg(picture: Picture) -> bytes:
    encoded, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not encoded:
        raise DocumentFault("unreadable")
    return bytes(data.tobytes())
