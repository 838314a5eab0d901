"""Signs in the figures of a number: their shape, where they stand, how sharp they are.

Whoever changes a digit either sets it again, in a typeface that is nearly the right one, or copies
it from elsewhere on the picture. Both can leave a figure that differs from its neighbours, or from
the same figure elsewhere on the page (after Bertrand et al., "A system based on intrinsic features
for fraudulent document detection", ICDAR 2013). Honest papers mix typefaces too.
"""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from domain.extraction import Evidence
from extractors.reading.picture import Picture
from extractors.reading.recognition import crop_quad, quad_size, sub_quad
from extractors.reading.upright import quad_px

Plane = npt.NDArray[np.float32]

# Lines are brought to this height; a figure's picture to so many rows and columns.
LINE_PX = 40
SHAPE_PX = (16, 24)
# Lower lines hold figures of a few pixels: their shape says nothing.
LOWEST_LINE_PX = 14
# What a line shows at both ends besides its text, in heights.
MARGIN = 0.3
# From this share of the darkest ink on, a pixel belongs to a stroke.
STROKE = 0.45
FAINTEST_INK = 0.1
# A figure's height and width as shares of the line's height.
LOWEST_FIGURE = 0.35
HIGHEST_FIGURE = 0.97
WIDEST_FIGURE = 0.8
# How far, in heights of the line, a stroke may lie from where the reader saw its figure.
REACH = 0.28
# Of so many figures at least a number's line can be told.
FEWEST_IN_LINE = 5
# Figures that two values share before their shapes are compared, and how many of each are taken.
FEWEST_SHARED = 2
MOST_OF_A_KIND = 2
ASPECT_WEIGHT = 0.3
# Below this two drawings of one figure are as like as the grain of a picture lets them be.
GRAIN = 0.06


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One digit as drawn: its shape (brought to one size, 0-1), proportions and place.

    `x` and `bottom` are in heights of the line, `height` too; `slopes` is how steeply grey levels
    change there, per pixel of the picture.
    """

    digit: str
    shape: Plane
    aspect: float
    x: float
    bottom: float
    height: float
    slopes: Plane

    @property
    def sharpness(self) -> float:
        """Return the slope that one in twenty places exceeds."""
        return _value_at(self.slopes, 0.95)


def find_figures(picture: Picture, evidence: Evidence) -> tuple[Figure, ...]:
    """Return the digits of a value as drawn, in reading order, but for those that run together.

    None at all where the value spans several lines, or is too low or too faint.
    """
    digits = sum(character.isdecimal() for character in evidence.raw_text)
    if len(evidence.quad) != 4 or not evidence.positions or digits < 2:
        return ()
    quad = quad_px(picture, evidence.quad)
    length, height = quad_size(quad)
    if height < LOWEST_LINE_PX or length < 1:
        return ()
    lead = MARGIN * height / length
    crop = cv2.cvtColor(crop_quad(picture, sub_quad(quad, -lead, 1 + lead)), cv2.COLOR_BGR2GRAY)
    ink = _ink(crop)
    if ink is None:
        return ()
    slopes = _slopes(crop, ink.shape)
    boxes = _strokes(ink)
    found: list[Figure] = []
    used: set[int] = set()
    for character, position in zip(evidence.raw_text, evidence.positions, strict=True):
        if not (character.isascii() and character.isdecimal()):
            continue
        place = (position + lead) / (1 + 2 * lead) * ink.shape[1]
        index = _nearest(boxes, place)
        if index is not None and index not in used:
            used.add(index)
            found.append(_figure(character, boxes[index], ink, slopes))
    return tuple(found)


def _ink(crop: npt.NDArray[np.uint8] | cv2.typing.MatLike) -> Plane | None:
    """Return how much ink is where (0-1), at `LINE_PX` rows; None where there is hardly any."""
    height, width = crop.shape[:2]
    size = (max(8, round(width * LINE_PX / height)), LINE_PX)
    method = cv2.INTER_AREA if height > LINE_PX else cv2.INTER_CUBIC
    grey = cv2.resize(crop, size, interpolation=method)
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((25, 25), dtype=np.uint8))
    paper = cv2.blur(closed.astype(np.float32), (15, 15))
    light = grey.astype(np.float32) / np.maximum(paper, 1)
    ink = np.asarray(np.clip(1 - light, 0, 1), dtype=np.float32)
    darkest = _value_at(ink, 0.98)
    return None if darkest < FAINTEST_INK else np.asarray(np.clip(ink / darkest, 0, 1), np.float32)


def _value_at(plane: Plane, share: float) -> float:
    """Return the value that this share (0-1) of a plane's does not exceed."""
    place = round(share * (plane.size - 1))
    return float(np.partition(plane.ravel(), place)[place])


def _slopes(crop: npt.NDArray[np.uint8] | cv2.typing.MatLike, shape: tuple[int, ...]) -> Plane:
    across = cv2.Sobel(crop, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(crop, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    size = (shape[1], shape[0])
    return np.asarray(
        cv2.resize(cv2.magnitude(across, down), size, interpolation=cv2.INTER_LINEAR), np.float32
    )


def _strokes(ink: Plane) -> npt.NDArray[np.int32]:
    """Return the boxes (left, top, width, height) of strokes of a figure's size."""
    _, _, boxes, _ = cv2.connectedComponentsWithStats((ink > STROKE).astype(np.uint8))
    boxes = np.asarray(boxes[1:, :4], dtype=np.int32)
    width, height = boxes[:, 2], boxes[:, 3]
    high = (height >= LOWEST_FIGURE * LINE_PX) & (height <= HIGHEST_FIGURE * LINE_PX)
    right_size = high & (width >= 2) & (width <= WIDEST_FIGURE * LINE_PX)
    return np.asarray(boxes[right_size], dtype=np.int32)


def _nearest(boxes: npt.NDArray[np.int32], place: float) -> int | None:
    """Return which box stands at a place along the line, None where none does."""
    if not len(boxes):
        return None
    distances = np.abs(boxes[:, 0] + boxes[:, 2] / 2 - place)
    index = int(distances.argmin())
    return index if distances[index] < REACH * LINE_PX else None


def _figure(digit: str, box: Sequence[int], ink: Plane, slopes: Plane) -> Figure:
    left, top, width, height = (int(side) for side in box[:4])
    part = ink[top : top + height, left : left + width]
    shape = np.asarray(cv2.resize(part, SHAPE_PX, interpolation=cv2.INTER_AREA), np.float32)
    darkest = ink[:, left : left + width].max(axis=1)
    head = top - _share_of_row(darkest, top, -1)
    foot = top + height + _share_of_row(darkest, top + height - 1, 1)
    return Figure(
        digit=digit,
        shape=shape,
        aspect=width / height,
        x=(left + width / 2) / LINE_PX,
        bottom=foot / LINE_PX,
        height=(foot - head) / LINE_PX,
        slopes=slopes[top : top + height, left : left + width],
    )


def _share_of_row(darkest: Plane, row: int, towards: int) -> float:
    """Return how far (0-1) a stroke that ends with `row` reaches into the next row."""
    beyond = row + towards
    if not 0 <= beyond < len(darkest) or darkest[row] <= darkest[beyond]:
        return 0.0
    share = float((darkest[row] - STROKE) / (darkest[row] - darkest[beyond]))
    return min(1.0, max(0.0, share))


def typeface_breaks(numbers: Sequence[tuple[Figure, ...]]) -> tuple[float, ...]:
    """Return for each number of a page how much less like the others it is than these are.

    1 is no difference; 0 where there are fewer than two other numbers to compare with. The second
    nearest relative counts, so that a paper may set its numbers in two typefaces.
    """
    alike = _unlikeness_of_numbers(numbers)
    found = []
    for own in range(len(numbers)):
        others = [place for place in range(len(numbers)) if place != own]
        mine = sorted(d for other in others if (d := alike.get(_pair(own, other))) is not None)
        rest = [
            d for pair in itertools.combinations(others, 2) if (d := alike.get(pair)) is not None
        ]
        if len(mine) < 2 or not rest:
            found.append(0.0)
            continue
        nearest = mine[1] if len(mine) > 2 else mine[0]
        found.append(nearest / max(GRAIN, float(np.median(rest))))
    return tuple(found)


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _unlikeness_of_numbers(
    numbers: Sequence[tuple[Figure, ...]],
) -> dict[tuple[int, int], float]:
    """Return the typical unlikeness of the digits that two numbers share, by their places.

    Pairs that share too few are left out. Of each digit the most similar drawings count: a blot
    on one of them says nothing about the typeface.
    """
    by_digit: dict[str, list[int]] = {}
    compared: list[tuple[int, Figure]] = []
    for place, figures in enumerate(numbers):
        seen: Counter[str] = Counter()
        for figure in figures:
            seen[figure.digit] += 1
            if seen[figure.digit] <= MOST_OF_A_KIND:
                by_digit.setdefault(figure.digit, []).append(len(compared))
                compared.append((place, figure))
    if not compared:
        return {}
    between = _unlikeness([figure for _, figure in compared])
    shared: dict[tuple[int, int], list[float]] = {}
    for drawn in by_digit.values():
        best: dict[tuple[int, int], float] = {}
        for a, b in itertools.combinations(drawn, 2):
            pair = (compared[a][0], compared[b][0])
            if pair[0] != pair[1]:
                best[pair] = min(best.get(pair, np.inf), float(between[a, b]))
        for pair, value in best.items():
            shared.setdefault(pair, []).append(value)
    return {
        pair: float(np.median(values))
        for pair, values in shared.items()
        if len(values) >= FEWEST_SHARED
    }


def _unlikeness(figures: Sequence[Figure]) -> Plane:
    """Return how differently each two figures are drawn (0: the same, about 1: not at all alike).

    The correlation of their shapes, moved by a pixel to where it is best, and their proportions.
    """
    shapes = np.stack([figure.shape for figure in figures])
    rows, columns = shapes.shape[1] - 2, shapes.shape[2] - 2
    moved = np.stack(
        [
            shapes[:, down : down + rows, across : across + columns].reshape(len(shapes), -1)
            for down in range(3)
            for across in range(3)
        ]
    )
    moved = moved - moved.mean(axis=2, keepdims=True)
    moved /= np.linalg.norm(moved, axis=2, keepdims=True) + 1e-6
    best = (moved @ moved[4].T).max(axis=0)
    aspects = np.log([figure.aspect for figure in figures])
    apart = np.abs(aspects[:, np.newaxis] - aspects)
    return np.asarray(1 - np.maximum(best, best.T) + ASPECT_WEIGHT * apart, dtype=np.float32)


def line_break(figures: tuple[Figure, ...]) -> tuple[float, int]:
    """Return by how much of its height one figure leaves the line of the others, and which.

    Either its foot stands higher or lower than theirs, or it is higher or lower itself.
    """
    if len(figures) < FEWEST_IN_LINE:
        return 0.0, 0
    x = np.array([figure.x for figure in figures])
    typical = float(np.median([figure.height for figure in figures]))
    worst, which = 0.0, 0
    for values in (
        np.array([figure.bottom for figure in figures]),
        np.array([figure.bottom - figure.height for figure in figures]),
    ):
        rest = _off_the_line(x, values) / typical
        place = int(rest.argmax())
        # What many do is the line's own way: figures that hang below it, a curved sheet.
        second = float(np.partition(rest, -2)[-2])
        if rest[place] - second > worst:
            worst, which = float(rest[place] - second), place
    return worst, which


def _off_the_line(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Plane:
    """Return how far each point lies from the straight line through most of them (Theil-Sen)."""
    pairs = itertools.combinations(range(len(x)), 2)
    slopes = [(y[b] - y[a]) / (x[b] - x[a]) for a, b in pairs if x[b] - x[a] > 0.2]
    slope = float(np.median(slopes)) if slopes else 0.0
    rest = y - slope * x
    return np.asarray(np.abs(rest - np.median(rest)), dtype=np.float32)


def sharpness_break(figures: tuple[Figure, ...]) -> tuple[float, int]:
    """Return by what factor one figure is sharper or softer than the next most so, and which."""
    if len(figures) < FEWEST_IN_LINE:
        return 0.0, 0
    logs = np.log([max(1e-3, figure.sharpness) for figure in figures])
    rest = np.abs(logs - np.median(logs))
    place = int(rest.argmax())
    return float(rest[place] - np.partition(rest, -2)[-2]), place
