"""Whether two prints are of one picture: numbers by what was read, regions by looks, in place.

Looks alone do not tell numbers apart: of 245,000 pairs of people with papers of one layout, one in
a thousand has two or more lines that differ in no more cells than copies of one picture do. So a
number counts only where it was read the same on both; on 360 altered copies of drawn papers that
was so on all (`hedui bench --likeness`).
"""

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from domain.likeness import LINE_GRID, FilePrint, PagePrint, RegionKind, RegionPrint

# Share of cells in which two prints of one line, or of one picture, may differ. Names are judged
# by looks alone: of other people's, one in a thousand differs in less than 0.21.
ALIKE_NUMBERS = 0.3
ALIKE_NAMES = 0.2
ALIKE_PICTURES = 0.2
# Where a number was not read the same, ID number and another one have to be this much alike, and
# the name: numbers of one school and session alone are too much alike (34 of 245,000 pairs).
ALIKE_UNREAD = 0.14
# A line's ends may lie so many columns apart: its ink is cut out anew in every copy.
MOST_SHIFT = 3
# Regions lie in the same place where they miss it by less than this share of the longer side.
SAME_PLACE = 0.03
# A copy is neither enlarged nor shrunk more than this, relative to the picture's longer side.
MOST_SCALING = 4.0
# One person's papers all carry the same ID number: it decides only where there is no other number.
_PAPER_NUMBERS = frozenset(
    {RegionKind.CERTIFICATE_NUMBER, RegionKind.ADMISSION_TICKET, RegionKind.ORAL_TICKET}
)


@dataclass(frozen=True, slots=True)
class _Mapping:
    """From one page's coordinates to another's: enlarged and moved (prints are upright)."""

    scale_x: float
    scale_y: float
    move_x: float
    move_y: float

    def apply(self, point: tuple[float, float]) -> tuple[float, float]:
        return self.scale_x * point[0] + self.move_x, self.scale_y * point[1] + self.move_y


def is_same_picture(one: FilePrint, other: FilePrint) -> bool:
    """Return whether any page of a file shows the same picture as any page of another.

    A number of the paper was read the same on both and looks alike, and at least one region more
    looks alike, all in the same arrangement, or they have no other line to compare. Where none was
    read the same, ID number, another number and the name look very much alike. So a copy is known
    again with another name, number or portrait put in, as long as one of its numbers was left.
    """
    read_the_same = {kind for kind, _ in _normalized(one) & _normalized(other)}
    return any(
        _is_same_page(mine, theirs, read_the_same) for mine in one.pages for theirs in other.pages
    )


def _normalized(item: FilePrint) -> set[tuple[str, str]]:
    return {
        (kind, "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).upper())))
        for kind, text in item.marks
    }


def _is_same_page(one: PagePrint, other: PagePrint, read_the_same: set[str]) -> bool:
    pairs = list(_line_pairs(one, other))
    alike = [
        (a, b)
        for a, b in pairs
        if (a.kind is RegionKind.NAME or a.kind.value in read_the_same)
        and line_distance(a.bits, b.bits)
        <= (ALIKE_NAMES if a.kind is RegionKind.NAME else ALIKE_NUMBERS)
    ]
    deciding = _PAPER_NUMBERS & {a.kind for a, _ in pairs} or {RegionKind.ID_NUMBER}
    if not deciding & {a.kind for a, _ in alike}:
        return _is_same_unread(pairs)
    mapping = _fit(alike)
    if mapping is None or not all(_in_place(mapping, a, b) for a, b in alike):
        return False
    return len(pairs) == 1 or len(alike) + _alike_pictures(mapping, one, other) >= 2


def _is_same_unread(pairs: list[tuple[RegionPrint, RegionPrint]]) -> bool:
    alike = [
        (a, b)
        for a, b in pairs
        if line_distance(a.bits, b.bits)
        <= (ALIKE_NAMES if a.kind is RegionKind.NAME else ALIKE_UNREAD)
    ]
    kinds = {a.kind for a, _ in alike}
    if not kinds >= {RegionKind.NAME, RegionKind.ID_NUMBER} or not kinds & _PAPER_NUMBERS:
        return False
    mapping = _fit(alike)
    return mapping is not None and all(_in_place(mapping, a, b) for a, b in alike)


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
