"""Fingerprint a page: what varies between papers of one layout, as few hundred bits a region.

Lines of numbers and names are found by the reader; their ink alone sets the frame, so that neither
a crop's margins nor the detector's boxes matter. Portraits and codes are found as compact areas of
ink that are no type. Nothing here is compared with anything: see `validators.likeness`.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from domain.certificates import FieldName
from domain.extraction import Extraction
from domain.likeness import LINE_GRID, PICTURE_GRID, PagePrint, RegionKind, RegionPrint
from domain.page import Page
from extractors.reading.picture import Picture
from extractors.reading.recognition import Quad, crop_quad, quad_size, rectangle, sub_quad
from extractors.reading.upright import quad_px

LINE_KINDS = {
    FieldName.CERTIFICATE_NUMBER: RegionKind.CERTIFICATE_NUMBER,
    FieldName.ID_NUMBER: RegionKind.ID_NUMBER,
    FieldName.ADMISSION_TICKET: RegionKind.ADMISSION_TICKET,
    FieldName.ORAL_TICKET: RegionKind.ORAL_TICKET,
    FieldName.NAME: RegionKind.NAME,
}
# How far beyond a value's box, in its heights, its ink is looked for, and how near to the box's
# end the gap has to lie that ends it.
REACH = 0.9
GAP_REACH = 0.45
# Rows with less ink than this share of the line belong to no character.
ROW_INK = 0.06
# Longer side of the page on which pictures are looked for.
SEARCHED_SIDE_PX = 320
# Darker than the paper around it by so many levels, in any channel, is ink.
INK_LEVELS = 40
# A picture's sides as shares of the page's shorter and longer one, its shape, and how full it is.
SMALLEST_PICTURE = 0.06
LARGEST_PICTURE = 0.4
NARROWEST = 0.5
LEAST_FILLED = 0.5
MOST_PICTURES = 3
# What is looked up besides the first picture: the first of these lines that was found.
LOOKED_UP_LINES = (
    RegionKind.CERTIFICATE_NUMBER,
    RegionKind.ADMISSION_TICKET,
    RegionKind.ID_NUMBER,
    RegionKind.NAME,
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a region becomes bits: its grid, and the size (px) and low waves behind its keys.

    Each band of keys holds the signs of `band_bits` waves.
    """

    grid: tuple[int, int]
    size: tuple[int, int]
    waves: tuple[tuple[int, int], ...]  # across, down
    band_bits: int


_LINE = _Shape(
    LINE_GRID, (128, 16), tuple((u, v) for v in range(4) for u in range(1, 17)), band_bits=24
)
# Portraits are about symmetric: waves that are not say little, and are the first to change.
_PICTURE = _Shape(
    PICTURE_GRID, (32, 32), tuple((u, v) for v in range(8) for u in (0, 2, 4, 6, 8) if u + v),
    band_bits=20,
)  # fmt: skip
# A region is looked up in so many bands; in each, so many of the least certain signs may differ.
BANDS, UNSURE_BITS = 4, 4
_STRIDE = 5  # brings neighbouring waves into different bands: no divisor of the waves' number
# Wider than this share of their height, pictures are no portraits.
WIDEST_PORTRAIT = 0.92

Plane = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Straight:
    """The mapping from the page's pixels to the straightened page, and that one's size."""

    matrix: npt.NDArray[np.float64]
    width: float
    height: float

    @classmethod
    def of(cls, picture: Picture, page: Page) -> "_Straight":
        height, width = picture.shape[:2]
        if not page.outline:
            return cls(np.eye(3), width, height)
        outline = quad_px(picture, page.outline)
        width, height = quad_size(outline)
        matrix = cv2.getPerspectiveTransform(outline, rectangle(width, height))
        return cls(np.asarray(matrix, dtype=np.float64), width, height)

    def apply(self, points: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return where points (n x 2) lie on the straightened page."""
        mapped = cv2.perspectiveTransform(points[:, np.newaxis].astype(np.float32), self.matrix)
        return np.asarray(mapped[:, 0], dtype=np.float32)


def fingerprint(picture: Picture, page: Page, extraction: Extraction) -> PagePrint:
    """Return the print of an upright page with what was read on it."""
    straight = _Straight.of(picture, page)
    lines = _find_lines(picture, extraction)
    looked_up = next((kind for kind in LOOKED_UP_LINES if kind in lines), None)
    regions = [
        _region(
            kind,
            straight.apply(quad),
            straight,
            bits=_bits(ink, _LINE),
            keys=_keys(ink, _LINE) if kind is looked_up else (),
        )
        for kind, (quad, ink) in lines.items()
    ]
    regions += _picture_prints(picture, page, straight)
    return PagePrint(page_number=page.page_number, regions=tuple(regions))


def _find_lines(picture: Picture, extraction: Extraction) -> dict[RegionKind, tuple[Quad, Plane]]:
    """Return where each kind of line stands (pixels of the picture), and its ink."""
    found = {}
    for field, kind in LINE_KINDS.items():
        value = extraction.get(field)
        if value is None or len(value.evidence.quad) != 4:
            continue
        quad = quad_px(picture, value.evidence.quad)
        ink = line_ink(picture, quad)
        if ink is not None:
            found[kind] = (quad, ink)
    return found


def line_ink(picture: Picture, quad: Quad) -> Plane | None:
    """Return the ink (255 is darkest) of one value's line, cut off where the ink ends.

    None where there is too little of it.
    """
    length, height = quad_size(quad)
    reach = REACH * height / max(1.0, length)
    wide = cv2.cvtColor(crop_quad(picture, sub_quad(quad, -reach, 1 + reach)), cv2.COLOR_BGR2GRAY)
    if min(wide.shape) < 6:
        return None
    _, dark = cv2.threshold(wide, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if dark.mean() > 0.5:  # light type on a dark ground
        dark, wide = np.asarray(1 - dark, np.uint8), np.asarray(255 - wide, np.uint8)
    rows, columns = wide.shape
    core = np.asarray(dark[round(0.15 * rows) : max(1, round(0.85 * rows))].any(axis=0))
    margin = round(REACH * rows)
    left = _ends_of_gap(core, margin, rows)[1]
    right = _ends_of_gap(core, columns - margin, rows)[0]
    if right - left < rows:
        return None
    inked = np.flatnonzero(dark[:, left:right].mean(axis=1) > ROW_INK)
    if len(inked) < 4:
        return None
    top, bottom = inked[0], inked[-1] + 1
    across = np.flatnonzero(dark[top:bottom, left:right].any(axis=0))
    return np.asarray(255 - wide[top:bottom, left + across[0] : left + across[-1] + 1], np.uint8)


def _ends_of_gap(inked: npt.NDArray[np.bool_], near: int, height: int) -> tuple[int, int]:
    """Return both ends of the widest run of columns without ink around a place."""
    reach = round(GAP_REACH * height)
    first, last = max(0, near - reach), min(len(inked), near + reach + 1)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], inked[first:last], [True]))))
    if len(edges) < 2:
        return near, near
    starts, ends = edges[::2], edges[1::2]
    widest = int((ends - starts).argmax())
    return first + int(starts[widest]), first + int(ends[widest])


def _picture_prints(picture: Picture, page: Page, straight: _Straight) -> list[RegionPrint]:
    small, scale = _shrink(picture)
    width, height = (max(1, round(side * scale)) for side in (straight.width, straight.height))
    quads = [straight.apply(quad_px(picture, line.quad)) * scale for line in page.lines]
    if page.outline:
        down = np.diag([scale, scale, 1.0])
        matrix = down @ straight.matrix @ np.linalg.inv(down)
        small = np.asarray(
            cv2.warpPerspective(small, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE),
            dtype=np.uint8,
        )
    boxes = _compact_areas(_ink_beside_type(small, quads))
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    prints: list[RegionPrint] = []
    for left, top, right, bottom in boxes[:MOST_PICTURES]:
        corners = np.array([[left, top], [right, bottom]], dtype=np.float32) / scale
        ink = np.asarray(255 - grey[top:bottom, left:right], np.uint8)
        bits, keys = _bits(ink, _PICTURE), () if prints else _keys(ink, _PICTURE)
        prints.append(_region(RegionKind.PICTURE, corners, straight, bits=bits, keys=keys))
    return prints


def _shrink(picture: Picture) -> tuple[Picture, float]:
    """Return the page at the searched size, and its scale.

    Most pixels are left out first: averaging all of them costs more than the rest of the work.
    """
    scale = min(1.0, SEARCHED_SIDE_PX / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    if scale < 1 / 3:
        double = (2 * size[0], 2 * size[1])
        picture = np.asarray(cv2.resize(picture, double, interpolation=cv2.INTER_NEAREST), np.uint8)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def _ink_beside_type(small: Picture, quads: list[npt.NDArray[np.float32]]) -> Plane:
    """Return where something darker than the paper stands that is no line of type."""
    height, width = small.shape[:2]
    eighth = (max(1, width // 8), max(1, height // 8))
    tiny = cv2.resize(small, eighth, interpolation=cv2.INTER_AREA)
    around = cv2.blur(cv2.dilate(tiny, np.ones((9, 9), np.uint8)), (5, 5))
    paper = cv2.resize(around, (width, height), interpolation=cv2.INTER_LINEAR)
    blue, green, red = cv2.split(cv2.subtract(paper, small))
    darker = cv2.max(cv2.max(blue, green), red)
    mask = np.asarray(cv2.threshold(darker, INK_LEVELS, 1, cv2.THRESH_BINARY)[1], np.uint8)
    for quad in quads:
        cv2.fillConvexPoly(mask, np.round(quad).astype(np.int32), 0)
    kernel = np.ones((5, 5), np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel), dtype=np.uint8)


def _compact_areas(mask: Plane) -> list[tuple[int, int, int, int]]:
    """Return the boxes of compact areas away from the edges: upright ones first, then by size."""
    height, width = mask.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    found = []
    for left, top, across, down, area in stats[1:].tolist():
        right, bottom = left + across, top + down
        inside = left > 1 and top > 1 and right < width - 1 and bottom < height - 1
        sized = min(across, down) >= SMALLEST_PICTURE * min(width, height) and max(
            across, down
        ) <= LARGEST_PICTURE * max(width, height)
        shaped = NARROWEST <= across / down <= 1 / NARROWEST
        if inside and sized and shaped and area >= LEAST_FILLED * across * down:
            upright = across <= WIDEST_PORTRAIT * down
            found.append((upright, area, (left, top, right, bottom)))
    return [box for _, _, box in sorted(found, reverse=True)]


def _bits(ink: Plane, shape: _Shape) -> str:
    """Return which cells are darker than the middle one, column by column, as hex."""
    cells = _resize(ink, shape.grid)
    return np.packbits((cells > np.median(cells)).T.ravel()).tobytes().hex()


def _keys(ink: Plane, shape: _Shape) -> tuple[tuple[int, ...], ...]:
    """Return the keys of each band, as `RegionPrint.keys` describes them.

    Bits are the signs of the region's lowest waves (a discrete cosine transform), which shifts by
    a pixel, other sizes and compression move little; the smallest waves are the least certain.
    (Bands: M. Norouzi et al., Fast Search in Hamming Space with Multi-Index Hashing, CVPR 2012;
    probing: Q. Lv et al., Multi-Probe LSH, VLDB 2007.)
    """
    cells = _resize(ink, shape.size)
    spectrum = cv2.dct(cells - cells.mean())
    waves = np.array([spectrum[down, across] for across, down in shape.waves])
    bands = []
    for band in range(BANDS):
        places = np.arange(shape.band_bits) + band * len(waves) // BANDS
        chosen = waves[places * _STRIDE % len(waves)]
        own = sum(1 << place for place, wave in enumerate(chosen) if wave > 0)
        unsure = np.argsort(np.abs(chosen), kind="stable")[:UNSURE_BITS]
        probes = [own]
        for place in unsure.tolist():
            probes += [probe ^ (1 << place) for probe in probes]
        bands.append(tuple(probes))
    return tuple(bands)


def _resize(ink: Plane, size: tuple[int, int]) -> npt.NDArray[np.float32]:
    enough = ink.shape[1] >= size[0] and ink.shape[0] >= size[1]
    interpolation = cv2.INTER_AREA if enough else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink.astype(np.float32), size, interpolation=interpolation))


def _region(
    kind: RegionKind,
    corners: npt.NDArray[np.float32],
    straight: _Straight,
    *,
    bits: str,
    keys: tuple[tuple[int, ...], ...],
) -> RegionPrint:
    side = max(straight.width, straight.height)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return RegionPrint(
        kind=kind,
        left=round(float(left / side), 4),
        top=round(float(top / side), 4),
        right=round(float(right / side), 4),
        bottom=round(float(bottom / side), 4),
        bits=bits,
        keys=keys,
    )
