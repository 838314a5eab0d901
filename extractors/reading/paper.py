"""How a page lies in its picture: turned a little, seen from an angle, on a table.

Text is found and cut out where it lies; nothing is resampled for it. What is needed is the outline
of the paper, through which rows and columns are straight again (`domain.page.Page.outline`).
"""

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.reading.picture import Picture
from extractors.reading.recognition import (
    Quad,
    in_reading_order,
    quad_size,
    rectangle,
    shrink,
)

# Longer side of the page as its paper's edges are looked for.
EDGES_SIDE_PX = 368
# Rows that slope less than this (as rise over run) and equally everywhere are straight enough.
STRAIGHT = 0.012
# Edges within which rows slope less than this, mean and median together, are those of the paper.
AGREES = 0.03
# A quad this many times longer than high shows the direction of its row.
TELLS_DIRECTION = 4.0
# The paper fills at least this share of its picture, and holds this share of the text.
SMALLEST_PAPER = 0.15
HOLDS_TEXT = 0.97
# Sides of the outline of a sheet are straight: so much of their length may deviate.
CORNER_TOLERANCE = 0.02


def find_outline(reduced: Picture, quads: list[Quad], size: tuple[int, int]) -> Quad | None:
    """Return the four corners within which the page's rows run straight, None where they do as is.

    `reduced` is a copy of the upright picture, `quads` are its text lines and `size` (height,
    width) its dimensions, all in pixels of the picture itself. The corners are those of the paper
    if its edges can be seen and agree with the text; else they follow from the text's directions.
    """
    rows = _Rows.of(quads)
    if rows is None or (rows.is_level and rows.unevenness < STRAIGHT):
        return None
    reduced = shrink(reduced, EDGES_SIDE_PX)
    scale = max(size) / max(reduced.shape[:2])
    paper = find_paper(reduced)
    if paper is not None:
        # The edges know more than the rows do: how the columns lie.
        outline = np.asarray(paper * scale, dtype=np.float32)
        if _holds(outline, quads) and rows.slope_within(outline) < AGREES:
            return outline
    height, width = size
    candidates = [rectangle(width, height), *_from_rows(rows, size)]
    best = min(candidates, key=rows.slope_within)
    return None if best is candidates[0] else best


@dataclass(frozen=True, slots=True)
class _Rows:
    """The baselines of long lines: both ends, n x 2 x 2, in pixels."""

    ends: npt.NDArray[np.float32]

    @classmethod
    def of(cls, quads: list[Quad]) -> "_Rows | None":
        long = [quad for quad in quads if _tells_direction(quad)]
        if not long:
            return None
        ends = [[(q[0] + q[3]) / 2, (q[1] + q[2]) / 2] for q in long]
        return cls(np.array(ends, dtype=np.float32))

    @property
    def slopes(self) -> npt.NDArray[np.float32]:
        return _slopes(self.ends)

    @property
    def is_level(self) -> bool:
        return abs(float(np.median(self.slopes))) < STRAIGHT

    @property
    def unevenness(self) -> float:
        """Return how far the slopes of rows differ from one another."""
        slopes = self.slopes
        return float(np.median(np.abs(slopes - np.median(slopes)))) * 2

    def slope_within(self, outline: Quad) -> float:
        """Return how steep the rows still are once the outline is a rectangle."""
        matrix = cv2.getPerspectiveTransform(outline, rectangle(*quad_size(outline)))
        mapped = cv2.perspectiveTransform(self.ends.reshape(-1, 1, 2), matrix)
        slopes = _slopes(np.asarray(mapped, dtype=np.float32).reshape(-1, 2, 2))
        # Mean as well as median: half of the rows straight is not enough.
        return float(np.median(np.abs(slopes)) + np.mean(np.minimum(np.abs(slopes), 0.1)))


def _tells_direction(quad: Quad) -> bool:
    width, height = quad_size(quad)
    return width > TELLS_DIRECTION * height


def _slopes(ends: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    run, rise = (ends[:, 1] - ends[:, 0]).T
    return np.asarray(rise / np.maximum(np.abs(run), 1e-3), dtype=np.float32)


def _from_rows(rows: _Rows, size: tuple[int, int]) -> list[Quad]:
    """Return the page turned as its rows are, and turned with rows that converge to one side."""
    height, width = size
    centre = np.array([width, height], dtype=np.float32) / 2
    slopes = rows.slopes
    middle = float(np.median(slopes))
    down = np.array([-middle, 1.0]) / np.hypot(middle, 1.0)
    # How far below the centre, across the rows, each of them lies.
    depth = (rows.ends.mean(axis=1) - centre) @ down
    near = np.abs(slopes - middle) < 0.1
    gradient = 0.0
    if near.sum() >= 6 and np.ptp(depth[near]) > 0.2 * height:
        gradient = float(np.polyfit(depth[near], slopes[near], 1)[0])
    outlines = []
    for change in dict.fromkeys((0.0, gradient)):
        corners = []
        for across, below in itertools.product((-0.5, 0.5), repeat=2):
            foot = centre + down * (below * height)
            slope = middle + change * below * height
            along = np.array([1.0, slope]) / np.hypot(slope, 1.0)
            corners.append(foot + along * (across * width))
        top_left, bottom_left, top_right, bottom_right = corners
        outlines.append(np.array([top_left, top_right, bottom_right, bottom_left], np.float32))
    return outlines


def find_paper(picture: Picture) -> Quad | None:
    """Return the corners of a sheet of paper on another ground, None where none is seen.

    `picture` may be small: only the edges of the sheet matter. The largest quadrangle counts that
    stands out by its brightness, its want of colour, or its edges.
    """
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), dtype=np.uint8)
    # Wood and cloth have little blue: the least channel sets white paper off best.
    blue, green, red = cv2.split(soft)
    least = np.asarray(cv2.min(cv2.min(blue, green), red), dtype=np.uint8)
    most = cv2.max(cv2.max(blue, green), red)
    edges = cv2.bitwise_or(cv2.Canny(most, 20, 60), cv2.Canny(least, 20, 60))
    masks = (
        _bright(np.asarray(cv2.cvtColor(soft, cv2.COLOR_BGR2GRAY), dtype=np.uint8)),
        _bright(least),
        np.asarray(cv2.dilate(edges, np.ones((3, 3), np.uint8)), dtype=np.uint8),
    )
    found = [quad for mask in masks if (quad := _largest_quad(mask)) is not None]
    return max(found, key=cv2.contourArea, default=None)


def _bright(plane: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    _, bright = cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    # Text and ornaments are no holes in the sheet.
    kernel = np.ones((max(3, plane.shape[1] // 40),) * 2, np.uint8)
    return np.asarray(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, kernel), dtype=np.uint8)


def _largest_quad(mask: npt.NDArray[np.uint8]) -> Quad | None:
    height, width = mask.shape
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = cv2.convexHull(
        max(contours, key=lambda contour: cv2.contourArea(cv2.convexHull(contour)))
    )
    corners = cv2.approxPolyDP(hull, CORNER_TOLERANCE * cv2.arcLength(hull, True), True)
    area = cv2.contourArea(corners)
    if len(corners) != 4 or not SMALLEST_PAPER * width * height < area < 0.98 * width * height:
        return None
    points = corners.reshape(4, 2).astype(np.float32)
    return in_reading_order(points)


def _holds(outline: Quad, quads: list[Quad]) -> bool:
    centres = [tuple(map(float, quad.mean(axis=0))) for quad in quads]
    inside = [cv2.pointPolygonTest(outline, centre, False) >= 0 for centre in centres]
    return sum(inside) >= HOLDS_TEXT * len(inside)
