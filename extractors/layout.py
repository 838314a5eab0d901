"""The geometry of a page's text: rows of lines, and one searchable text with a way back.

A page is read as rows (lines on one baseline, left to right). `PageText.text` joins them, "\\n"
between rows and "\\t" between lines of a row, with full-width forms folded for matching; every
position in it leads back to the line, the characters as printed, their box and their confidence.
"""

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean, median

from domain.certificates import FieldName
from domain.extraction import Evidence, ExtractedValue
from domain.page import BoundingBox, Line, Page
from extractors.perspective import apply, straighten

ROW_BREAK = "\n"
LINE_BREAK = "\t"
# Lines this many times longer than high tell the slope of the page.
TELLS_SLOPE = 4.0
# Two lines share a row when their centres differ by less than this share of the smaller height.
SAME_ROW = 0.55


# Where a quarter of the lines longer than this (in heights) slope more than this beyond the
# page's slope, it bulges.
TELLS_BULGE = 2.0
BULGING = 0.02
# A cell of a row must be this many times nearer to it than others in its column.
CLEARLY_NEARER = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """A line in pixels of the straightened page, its centre corrected for slopes that remain.

    `slope` (pixels down per pixel right) is its own beyond that: of lines on paper that bulges.
    """

    line: Line
    left_px: float
    right_px: float
    centre_px: float
    height_px: float
    slope: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The text of a page, searchable; `glyphs[i]` is (row, line in row, character) of `text[i]`."""

    page: Page
    rows: tuple[tuple[PlacedLine, ...], ...]
    text: str
    glyphs: tuple[tuple[int, int, int] | None, ...]

    def value(self, field: FieldName, start: int, end: int) -> ExtractedValue | None:
        """Return what is printed at `text[start:end]`, None where nothing is.

        The confidence is that of the least certain letter or digit.
        """
        spots = [spot for spot in self.glyphs[start:end] if spot is not None]
        if not spots:
            return None
        pieces = []
        for row, position in dict.fromkeys((row, position) for row, position, _ in spots):
            indices = [index for r, p, index in spots if (r, p) == (row, position)]
            pieces.append(_piece(self.rows[row][position].line, min(indices), max(indices)))
        return _join(self.page, field, pieces)

    def line_value(
        self, field: FieldName, placed: PlacedLine, start: int = 0, end: int | None = None
    ) -> ExtractedValue:
        """Return a line, or its characters from `start` to before `end`, as a value."""
        last = len(placed.line.text) if end is None else end
        return _join(self.page, field, [_piece(placed.line, start, last - 1)])

    def placed_at(self, index: int) -> PlacedLine | None:
        """Return the line that `text[index]` belongs to."""
        spot = self.glyphs[index]
        return None if spot is None else self.rows[spot[0]][spot[1]]

    def is_level(self, first: PlacedLine, second: PlacedLine) -> bool:
        """Return whether two lines share a row beyond doubt, also where paper bulges.

        There, no other line over or under the second may lie nearer to where the first one's row
        leads, be that straight on or as both lines slope.
        """
        if not self._bulges():
            return True
        run = (second.left_px + second.right_px - first.left_px - first.right_px) / 2
        slope = (first.slope + second.slope) / 2
        targets = (first.centre_px, first.centre_px + slope * run)
        others = [
            other
            for row in self.rows
            for other in row
            if other is not second
            and other is not first
            and other.left_px < second.right_px
            and other.right_px > second.left_px
        ]
        return all(
            CLEARLY_NEARER * abs(second.centre_px - target) < abs(other.centre_px - target)
            for target in targets
            for other in others
        )

    def _bulges(self) -> bool:
        slopes = sorted(
            abs(line.slope)
            for row in self.rows
            for line in row
            if line.right_px - line.left_px > TELLS_BULGE * line.height_px
        )
        return bool(slopes) and slopes[len(slopes) * 3 // 4] > BULGING

    def span_px(self, start: int, end: int) -> tuple[float, float]:
        """Return the left and right end, in pixels, of `text[start:end]` inside its first line."""
        spots = [spot for spot in self.glyphs[start:end] if spot is not None]
        row, position, first = spots[0]
        placed = self.rows[row][position]
        last = max(index for r, p, index in spots if (r, p) == (row, position))
        share_start, share_end = character_span(placed.line.positions, first, last)
        width = placed.right_px - placed.left_px
        return placed.left_px + share_start * width, placed.left_px + share_end * width


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    quad: tuple[tuple[float, float], ...]
    positions: tuple[float, ...]
    confidence: float


# Recognition reads some simplified characters in Kai type as their traditional forms. For finding
# labels and titles both are one; values keep what was read.
SIMPLIFIED = str.maketrans(
    "國學語級試專業績報單編號證書準總聽閱讀寫譯際課時間發簽門點頒達優實應題類別區於參兹",
    "国学语级试专业绩报单编号证书准总听阅读写译际课时间发签门点颁达优实应题类别区于参兹",
)
HAVE_TWO_FORMS = frozenset(map(chr, [*SIMPLIFIED.keys(), *SIMPLIFIED.values()]))


# What recognition takes characters of labels and names for: 听 in 听力, which no word begins with
# 昕, and those that a Japanese syllable looks like.
MISREAD = str.maketrans("昕カロニエハタト", "听力口二工八夕卜")


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """Return one character as labels are matched: half-width, simplified, a space for any space.

    Symbols (ticks, boxes) count as spaces: they are dots of a guilloche, or rules of a form.
    """
    if character.isspace() or "\u2600" <= character <= "\u27bf" or character in "□■▪◆◇":
        return " "
    folded = unicodedata.normalize("NFKC", character).translate(SIMPLIFIED).translate(MISREAD)
    return folded if len(folded) == 1 else character


def fold(text: str) -> str:
    """Return a text as `PageText.text` folds it."""
    return "".join(map(fold_character, text))


def lay_out(page: Page, lines: Sequence[Line] | None = None) -> PageText:
    """Return a page's lines (or other lines of the same page) as rows and one searchable text."""
    placed = _place(page, page.lines if lines is None else lines)
    rows = _group_rows(placed)
    text: list[str] = []
    glyphs: list[tuple[int, int, int] | None] = []
    for row_index, row in enumerate(rows):
        for position, item in enumerate(row):
            text.append(LINE_BREAK if position else ROW_BREAK)
            glyphs.append(None)
            for index, character in enumerate(item.line.text):
                text.append(fold_character(character))
                glyphs.append((row_index, position, index))
    return PageText(
        page=page, rows=tuple(map(tuple, rows)), text="".join(text), glyphs=tuple(glyphs)
    )


def character_span(positions: Sequence[float], first: int, last: int) -> tuple[float, float]:
    """Return the share (0-1) of a line's length that its characters `first` to `last` take up.

    `positions` are the centres of all the line's characters; none at all give the whole line.
    """
    if not positions:
        return 0.0, 1.0
    # A character ends about half way to its neighbour, at most a typical half width away.
    steps = [after - before for before, after in itertools.pairwise(positions)]
    half = (median(steps) if steps else 1.0) * 0.75
    start = positions[first] - half
    end = positions[last] + half
    if first > 0:
        start = max(start, (positions[first - 1] + positions[first]) / 2)
    if last + 1 < len(positions):
        end = min(end, (positions[last] + positions[last + 1]) / 2)
    return max(0.0, start), min(1.0, max(end, start + 1e-3))


def part_of_quad(
    quad: Sequence[tuple[float, float]], start: float, end: float
) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]:
    """Return the corners of the part of a quad between two shares (0-1) of its length."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    return (
        (x0 + (x1 - x0) * start, y0 + (y1 - y0) * start),
        (x0 + (x1 - x0) * end, y0 + (y1 - y0) * end),
        (x3 + (x2 - x3) * end, y3 + (y2 - y3) * end),
        (x3 + (x2 - x3) * start, y3 + (y2 - y3) * start),
    )


def _piece(line: Line, first: int, last: int) -> _Piece:
    while first < last and line.text[first].isspace():
        first += 1
    while last > first and line.text[last].isspace():
        last -= 1
    start, end = character_span(line.positions, first, last)
    # Spaces, dots and hyphens carry no meaning of their own, and are often uncertain.
    confidences = [
        confidence
        for character, confidence in zip(
            line.text[first : last + 1], line.character_confidences[first : last + 1], strict=False
        )
        if character.isalnum()
    ] or [line.confidence]
    return _Piece(
        text=line.text[first : last + 1],
        quad=part_of_quad(line.quad, start, end),
        positions=tuple(
            (position - start) / (end - start) for position in line.positions[first : last + 1]
        ),
        confidence=min(confidences),
    )


def _join(page: Page, field: FieldName, pieces: list[_Piece]) -> ExtractedValue:
    xs = [x for piece in pieces for x, _ in piece.quad]
    ys = [y for piece in pieces for _, y in piece.quad]
    bbox = BoundingBox(left=min(xs), top=min(ys), right=max(xs), bottom=max(ys))
    text = "".join(piece.text for piece in pieces)
    return ExtractedValue(
        field=field,
        text=text,
        confidence=min(piece.confidence for piece in pieces),
        evidence=Evidence(
            file_digest=page.file_digest,
            page_number=page.page_number,
            bbox=bbox,
            raw_text=text,
            quad=pieces[0].quad if len(pieces) == 1 else (),
            positions=pieces[0].positions if len(pieces) == 1 else (),
        ),
    )


def _place(page: Page, lines: Sequence[Line]) -> list[PlacedLine]:
    corners = [[(x * page.width_px, y * page.height_px) for x, y in line.quad] for line in lines]
    width = float(page.width_px)
    if page.outline:
        outline = [(x * page.width_px, y * page.height_px) for x, y in page.outline]
        matrix, width, _ = straighten(outline)
        corners = [[apply(matrix, corner) for corner in quad] for quad in corners]
    intercept, gradient = _slope_model(corners)
    placed = []
    for line, quad in zip(lines, corners, strict=True):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
        centre_x, centre_y = (x0 + x1 + x2 + x3) / 4, (y0 + y1 + y2 + y3) / 4
        slope = intercept + gradient * centre_y
        height = (abs(y3 - y0) + abs(y2 - y1)) / 2 + 1e-6
        placed.append(
            PlacedLine(
                line=line,
                left_px=min(x0, x3),
                right_px=max(x1, x2),
                centre_px=centre_y - slope * (centre_x - width / 2),
                height_px=height,
                slope=((y1 + y2 - y0 - y3) / max(1e-6, x1 + x2 - x0 - x3)) - slope,
            )
        )
    return placed


def _slope_model(quads: list[list[tuple[float, float]]]) -> tuple[float, float]:
    """Fit slope = intercept + gradient * y over the long lines: skew, and keystone of a photo."""
    samples = []
    for (x0, y0), (x1, y1), (x2, y2), (x3, y3) in quads:
        length = (x1 - x0 + x2 - x3) / 2
        height = (abs(y3 - y0) + abs(y2 - y1)) / 2
        if length > TELLS_SLOPE * height:
            slope = ((y1 + y2) / 2 - (y0 + y3) / 2) / length
            samples.append(((y0 + y1 + y2 + y3) / 4, slope))
    if not samples:
        return 0.0, 0.0
    middle = median(slope for _, slope in samples)
    samples = [(y, slope) for y, slope in samples if abs(slope - middle) < 0.03]
    if len(samples) < 6:
        return middle, 0.0
    mean_y, mean_slope = fmean(y for y, _ in samples), fmean(slope for _, slope in samples)
    spread = sum((y - mean_y) ** 2 for y, _ in samples)
    if spread <= 0:
        return mean_slope, 0.0
    gradient = sum((y - mean_y) * (slope - mean_slope) for y, slope in samples) / spread
    return mean_slope - gradient * mean_y, gradient


def _group_rows(placed: list[PlacedLine]) -> list[list[PlacedLine]]:
    rows: list[list[PlacedLine]] = []
    for item in sorted(placed, key=lambda item: item.centre_px):
        for row in reversed(rows[-4:]):
            nearest = min(row, key=lambda other: abs(_gap_px(other, item)))
            reach = SAME_ROW * min(nearest.height_px, item.height_px)
            if abs(nearest.centre_px - item.centre_px) < reach:
                row.append(item)
                break
        else:
            rows.append([item])
    for row in rows:
        row.sort(key=lambda item: item.left_px)
    return rows


def _gap_px(first: PlacedLine, second: PlacedLine) -> float:
    return max(first.left_px, second.left_px) - min(first.right_px, second.right_px)
