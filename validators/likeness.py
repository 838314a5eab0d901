"""Whether two prints are of one picture: lines and pictures compared in place, cell by cell.

Two people's papers of one layout are alike in everything but what a print holds, so nothing else is
looked at. The limits rest on drawn papers (`hedui bench --likeness`): on altered copies of one
picture nine in ten lines differ in less than 0.15 of their cells; of other people's numbers of the
same school and session the nearest in ten thousand differ in 0.15, names in 0.17.
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.likeness import LINE_GRID, Candidate, PagePrint, RegionKind, RegionPrint

# Share of cells in which two prints of one line, or of one picture, may differ.
ALIKE_LINES = 0.18
ALIKE_PICTURES = 0.18
# A line's ends may lie so many columns apart: its ink is cut out anew in every copy.
MOST_SHIFT = 3
# Regions lie in the same place where they miss it by less than this share of the longer side.
SAME_PLACE = 0.03
# A copy is neither enlarged nor shrunk more than this, relative to the picture's longer side.
MOST_SCALING = 4.0


@dataclass(frozen=True, slots=True)
class _Mapping:
    """From one page's coordinates to another's: enlarged and moved (prints are upright)."""

    scale_x: float
    scale_y: float
    move_x: float
    move_y: float

    def apply(self, point: tuple[float, float]) -> tuple[float, float]:
        return self.scale_x * point[0] + self.move_x, self.scale_y * point[1] + self.move_y


def is_same_picture(pages: Iterable[PagePrint], other: Candidate) -> bool:
    """Return whether any page of a file shows the same picture as any page of a candidate.

    A whole copy: the lines that both have, at least two, are alike on average (of three and more
    the worst is left out: it may have been cut out wrongly) and stand in the same arrangement. A
    copy with changed values: a number that was read is the same, and at least two regions in the
    same arrangement are alike, a line among them.
    """
    return any(
        _is_same_page(one, two, shared_marks=other.shared_marks)
        for one, two in itertools.product(pages, other.pages)
    )


def _is_same_page(one: PagePrint, other: PagePrint, *, shared_marks: int) -> bool:
    pairs = list(_line_pairs(one, other))
    distances = sorted(line_distance(a.bits, b.bits) for a, b in pairs)
    alike = [(a, b) for a, b in pairs if line_distance(a.bits, b.bits) <= ALIKE_LINES]
    if not alike:
        return False
    mapping = _fit(alike)
    if mapping is None or not all(_in_place(mapping, a, b) for a, b in alike):
        return False
    if len(alike) >= 2:
        counting = distances[:-1] if len(distances) > 2 else distances
        if sum(counting) / len(counting) <= ALIKE_LINES:
            return True
    if not shared_marks:
        return False
    return len(alike) + _alike_pictures(mapping, one, other) >= 2


def _line_pairs(one: PagePrint, other: PagePrint) -> Iterator[tuple[RegionPrint, RegionPrint]]:
    theirs = {region.kind: region for region in other.regions if region.kind.is_line}
    for region in one.regions:
        if region.kind in theirs:
            yield region, theirs[region.kind]


def line_distance(one: str, other: str) -> float:
    """Return the share (0-1) of cells in which two lines differ, at the best of small shifts."""
    columns, rows = LINE_GRID
    first, second = int(one, 16), int(other, 16)
    best = 1.0
    for shift in range(-MOST_SHIFT, MOST_SHIFT + 1):
        left, right = (first, second) if shift >= 0 else (second, first)
        cells = rows * (columns - abs(shift))
        kept = (left & ((1 << cells) - 1)) ^ (right >> (rows * abs(shift)))
        best = min(best, kept.bit_count() / cells)
    return best


def picture_distance(one: str, other: str) -> float:
    """Return the share (0-1) of cells in which two pictures differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count() / (4 * len(one))


def _fit(pairs: list[tuple[RegionPrint, RegionPrint]]) -> _Mapping | None:
    """Return the mapping that brings the lines of one page best onto the other's, None if none.

    Both directions are scaled alike unless the lines are spread widely enough to tell.
    """
    corners = [
        ((a.left, a.top), (b.left, b.top)) for a, b in pairs
    ] + [((a.right, a.bottom), (b.right, b.bottom)) for a, b in pairs]  # fmt: skip
    across = _slope([(p[0], q[0]) for p, q in corners])
    down = _slope([(p[1], q[1]) for p, q in corners])
    if across is None:
        return None
    if down is None:
        down = across
    if not all(1 / MOST_SCALING < scale < MOST_SCALING for scale in (across, down)):
        return None
    middle = [
        (
            sum(p[axis] for p, _ in corners) / len(corners),
            sum(q[axis] for _, q in corners) / len(corners),
        )
        for axis in (0, 1)
    ]
    return _Mapping(
        scale_x=across,
        scale_y=down,
        move_x=middle[0][1] - across * middle[0][0],
        move_y=middle[1][1] - down * middle[1][0],
    )


def _slope(points: list[tuple[float, float]]) -> float | None:
    """Return the slope of the line through points, None where they are too near to tell."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if spread < SAME_PLACE**2:
        return None
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def _in_place(mapping: _Mapping, one: RegionPrint, other: RegionPrint) -> bool:
    return math.dist(mapping.apply(one.centre), other.centre) <= SAME_PLACE


def _alike_pictures(mapping: _Mapping, one: PagePrint, other: PagePrint) -> int:
    return sum(
        any(
            _in_place(mapping, mine, theirs)
            and picture_distance(mine.bits, theirs.bits) <= ALIKE_PICTURES
            for theirs in other.regions
            if theirs.kind is RegionKind.PICTURE
        )
        for mine in one.regions
        if mine.kind is RegionKind.PICTURE
    )
