"""Turn a page upright and recognize its lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import cv2
import numpy as np
import numpy.typing as npt

from domain.page import Line, Page
from extractors.reading.paper import EDGES_SIDE_PX, find_outline, find_paper
from extractors.reading.picture import Picture
from extractors.reading.recognition import (
    Quad,
    RecognizedText,
    TextEngine,
    crop_quad,
    quad_size,
    rectangle,
    shrink,
)
from extractors.reading.seals import bleach_seals, clear_of_seals, is_sealed

# Longer side of the reduced copy that is kept of a page.
REDUCED_SIDE_PX = 736
# Longer side of the page as detection sees it; each of the larger ones where those before leave
# doubt.
DETECTION_SIDE_PX = 640
LARGER_SIDES_PX = (864, 1152)
# Mean confidence of the longest lines above which a page is taken to stand upright.
UPRIGHT_CONFIDENCE = 0.88
PROBE_LINES = 5
HALF_TURN = 180
# A sheet longer than this share of the picture's longer side gains nothing from being cut out.
FILLS_PICTURE = 0.85
# A line counts as running across the page when it is this much longer than high.
ELONGATED = 1.5
# Values stand in lines that are less than this many times as long as high (read ones: up to 22).
LONGEST_OF_VALUES = 25
# A line whose least certain character was skimmed with less may be read otherwise another time.
SURELY_SKIMMED = 0.97
# A line is one that was seen before when no corner is further from that one's than this share of
# its height.
SAME_PLACE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class UprightPage:
    """A page's pixels turned upright, with its lines; `turned_degrees` clockwise.

    `reduced` is a copy of it with at most `REDUCED_SIDE_PX` on its longer side.
    """

    picture: Picture
    reduced: Picture
    lines: tuple[Line, ...]
    turned_degrees: int
    mirrored: bool
    outline: tuple[tuple[float, float], ...] = ()


def read_upright(
    picture: Picture,
    engine: TextEngine,
    seen: Page | None = None,
    longest_side_px: int = DETECTION_SIDE_PX,
) -> UprightPage:
    """Return the page upright with every line recognized.

    Quarter turns show in the shape of the boxes; which end is up shows in how well the longest
    lines read. A page that reads well only in a mirror is reported as mirrored.

    Lines are looked for with at most `longest_side_px` on the longer side. Explanations in small
    print, whose lines are too long for a value, are left unread. At a second look, with what was
    `seen` before, they are read as well; lines that were read surely then are not read again.
    """
    given, reduced = picture, shrink(picture, REDUCED_SIDE_PX)
    if seen is not None:
        quads = _detect_larger(picture, reduced, engine, longest_side_px)
    else:
        quads = engine.detect(reduced, picture.shape[:2], longest_side_px)
    if not quads:
        return UprightPage(
            picture=picture, reduced=reduced, lines=(), turned_degrees=0, mirrored=False
        )
    sideways = _stands_sideways(quads)
    if sideways:
        quads = [_turn_quad(quad, picture.shape[0]) for quad in quads]
        picture = np.ascontiguousarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), dtype=np.uint8)
    quads.sort(key=lambda quad: (_is_explanation(quad), -quad_size(quad)[0]))
    probes: list[RecognizedText] = []
    if seen is not None and _tells_its_turn(seen, sideways):
        half_turned, mirrored = seen.turned_degrees >= HALF_TURN, seen.mirrored
    else:
        half_turned, mirrored, probes = _settle(picture, quads, engine)
    picture, quads = _put_right(picture, quads, half_turned, mirrored)
    turned = 90 * sideways + HALF_TURN * half_turned
    if seen is not None and (seen.turned_degrees, seen.mirrored) != (turned, mirrored):
        seen = replace(seen, lines=())
    lines = _read_lines(picture, quads, probes, engine, seen)
    if picture is not given:
        reduced = shrink(picture, REDUCED_SIDE_PX)
    outline = find_outline(reduced, quads, picture.shape[:2])
    return UprightPage(
        picture=picture,
        reduced=reduced,
        lines=lines,
        turned_degrees=turned,
        mirrored=mirrored,
        outline=() if outline is None else _relative(picture, outline),
    )


def _detect_larger(
    picture: Picture, reduced: Picture, engine: TextEngine, longest_side_px: int
) -> list[Quad]:
    """Find lines on a larger picture: of the paper alone, where it is seen to lie on a table."""
    size = picture.shape[:2]
    reduced = shrink(reduced, EDGES_SIDE_PX)
    paper = find_paper(reduced)
    scale = max(size) / max(reduced.shape[:2])
    longest = 0.0 if paper is None else max(quad_size(paper)) * scale
    if paper is None or longest > FILLS_PICTURE * max(size):
        return engine.detect(shrink(picture, longest_side_px), size, longest_side_px)
    outline = np.asarray(paper * scale, dtype=np.float32)
    sheet = crop_quad(picture, outline)
    found = engine.detect(shrink(sheet, longest_side_px), sheet.shape[:2], longest_side_px)
    height, width = sheet.shape[:2]
    back = cv2.getPerspectiveTransform(rectangle(width, height), outline)
    return [
        np.asarray(cv2.perspectiveTransform(quad[:, np.newaxis], back)[:, 0], dtype=np.float32)
        for quad in found
    ]


def _stands_sideways(quads: list[Quad]) -> bool:
    across = upright = 0.0
    for quad in quads:
        width, height = np.ptp(quad[:, 0]), np.ptp(quad[:, 1])
        if width > ELONGATED * height:
            across += float(width)
        elif height > ELONGATED * width:
            upright += float(height)
    return upright > across


def _is_explanation(quad: Quad) -> bool:
    width, height = quad_size(quad)
    return width > LONGEST_OF_VALUES * height


def _turn_quad(quad: Quad, page_height: int) -> Quad:
    """Return where a quad lies after the page was turned by 90 degrees clockwise."""
    turned = np.stack([page_height - quad[:, 1], quad[:, 0]], axis=1)
    # The corner that was bottom left is top left now.
    return np.ascontiguousarray(turned[[3, 0, 1, 2]], dtype=np.float32)


def _settle(
    picture: Picture, quads: list[Quad], engine: TextEngine
) -> tuple[bool, bool, list[RecognizedText]]:
    """Decide by reading the first (longest) lines between upright, upside down and mirrored.

    Returns whether the page is upside down, whether it is mirrored, and what those lines say.
    """
    crops = [crop_quad(picture, quad) for quad in quads[:PROBE_LINES]]
    attempts = {(False, False): engine.skim(crops)}
    if _readability(attempts[False, False]) < UPRIGHT_CONFIDENCE:
        # Both axes, then the horizontal and the vertical one; mirrored and upside down is one flip.
        flips = {(True, False): -1, (False, True): 1, (True, True): 0}
        for attempt, code in flips.items():
            flipped = [np.asarray(cv2.flip(crop, code), dtype=np.uint8) for crop in crops]
            attempts[attempt] = engine.skim(flipped)
            if _readability(attempts[attempt]) >= UPRIGHT_CONFIDENCE:
                break
    half_turned, mirrored = max(attempts, key=lambda attempt: _readability(attempts[attempt]))
    return half_turned, mirrored, attempts[half_turned, mirrored]


def _tells_its_turn(seen: Page, sideways: bool) -> bool:
    """Return whether a page's longest lines read so well before that it need not be tried again."""
    longest = sorted(seen.lines, key=lambda line: -line.bbox.width)[:PROBE_LINES]
    return (
        (seen.turned_degrees % HALF_TURN != 0) == sideways
        and bool(longest)
        and _readability(longest) >= UPRIGHT_CONFIDENCE
    )


def _put_right(
    picture: Picture, quads: list[Quad], half_turned: bool, mirrored: bool
) -> tuple[Picture, list[Quad]]:
    """Return a page and its quads as they stand upright."""
    height, width = picture.shape[:2]
    if mirrored:
        picture = np.asarray(cv2.flip(picture, 1), dtype=np.uint8)
        quads = [_mirror_quad(quad, width) for quad in quads]
    if half_turned:
        picture = np.asarray(cv2.rotate(picture, cv2.ROTATE_180), dtype=np.uint8)
        quads = [_half_turn_quad(quad, width, height) for quad in quads]
    return picture, quads


def _readability(results: Sequence[RecognizedText | Line]) -> float:
    """Return the mean confidence of some lines: text read upside down or mirrored has little."""
    return fmean(result.confidence if result.text.strip() else 0.0 for result in results)


def _mirror_quad(quad: Quad, width: int) -> Quad:
    mirrored = quad.copy()
    mirrored[:, 0] = width - quad[:, 0]
    return np.ascontiguousarray(mirrored[[1, 0, 3, 2]], dtype=np.float32)


def _half_turn_quad(quad: Quad, width: int, height: int) -> Quad:
    turned = np.array([width, height], dtype=np.float32) - quad
    return np.ascontiguousarray(turned[[2, 3, 0, 1]], dtype=np.float32)


def _read_lines(
    picture: Picture,
    quads: list[Quad],
    probes: list[RecognizedText],
    engine: TextEngine,
    seen: Page | None,
) -> tuple[Line, ...]:
    """Return the lines of a page, of which the first ones (`probes`) are recognized already."""
    before = () if seen is None else seen.lines
    sure = [line for line in before if min(line.character_confidences) >= SURELY_SKIMMED]
    lines: dict[int, Line] = {}
    unread: list[int] = []
    for index, quad in enumerate(quads):
        width, height = quad_size(quad)
        if height > ELONGATED * width:
            continue  # vertical ornaments and column rules; labels of these papers run across
        if index < len(probes):
            lines[index] = _place(picture, quad, probes[index])
        elif (known := _at(picture, quad, sure)) is not None:
            lines[index] = known
        elif seen is not None or not _is_explanation(quad):
            unread.append(index)
    texts = engine.skim([crop_quad(picture, quads[index]) for index in unread])
    for index, text in zip(unread, texts, strict=True):
        lines[index] = _place(picture, quads[index], text)
    return tuple(line for _, line in sorted(lines.items()) if line.text.strip())


def read_under_seals(picture: Picture, page: Page, engine: TextEngine) -> tuple[Line, ...]:
    """Return the lines of an upright page, those under red seals read without the seals' ink.

    What was read before stays, but for lines under a seal that now read more surely.
    """
    reduced = bleach_seals(shrink(picture, LARGER_SIDES_PX[-1]))
    if reduced is None:
        return page.lines
    read = np.array([quad_px(picture, line.quad) for line in page.lines]).reshape(-1, 4, 2)
    sealed = {index for index, quad in enumerate(read) if is_sealed(crop_quad(picture, quad))}
    found = engine.detect(reduced, picture.shape[:2], LARGER_SIDES_PX[-1])
    there = [_overlapping(quad, read) for quad in found]
    wanted = [index for index, lines in enumerate(there) if lines <= sealed]
    crops = [clear_of_seals(crop_quad(picture, found[index])) for index in wanted]
    lines = dict(enumerate(page.lines))
    for index, result in zip(wanted, engine.skim(crops), strict=True):
        before = [c for line in there[index] for c in page.lines[line].character_confidences]
        if result.text.strip() and min(result.character_confidences) >= min(before, default=0.0):
            for line in there[index]:
                lines.pop(line, None)
            lines[len(page.lines) + index] = _place(picture, found[index], result)
    return tuple(lines.values())


def _overlapping(quad: Quad, others: npt.NDArray[np.float32]) -> set[int]:
    """Return which of some quads (n x 4 x 2) have their middle within this one, or hold its own."""
    middle, middles = quad.mean(axis=0), others.mean(axis=1)
    within = np.all((quad.min(axis=0) <= middles) & (middles <= quad.max(axis=0)), axis=1)
    around = np.all((others.min(axis=1) <= middle) & (middle <= others.max(axis=1)), axis=1)
    return {
        index
        for index in np.flatnonzero(within | around).tolist()
        if _holds(quad, middles[index]) or _holds(others[index], middle)
    }


def _holds(quad: Quad, point: npt.NDArray[np.float32]) -> bool:
    x, y = point.tolist()
    return cv2.pointPolygonTest(quad, (x, y), measureDist=False) >= 0


def _at(picture: Picture, quad: Quad, lines: Sequence[Line]) -> Line | None:
    """Return the line that stands where `quad` does, none of whose corners is far from its own."""
    reach = SAME_PLACE * quad_size(quad)[1]
    for line in lines:
        if np.abs(quad_px(picture, line.quad) - quad).max() < reach:
            return line
    return None


def _place(picture: Picture, quad: Quad, result: RecognizedText) -> Line:
    inside = np.clip(_relative(picture, quad), 0, 1)
    return placed_line(tuple((float(x), float(y)) for x, y in inside), result)


def _relative(picture: Picture, quad: Quad) -> tuple[tuple[float, float], ...]:
    height, width = picture.shape[:2]
    return tuple((float(x) / width, float(y) / height) for x, y in quad)


def placed_line(quad: tuple[tuple[float, float], ...], result: RecognizedText) -> Line:
    """Return a recognized text as the line of a page that stands at `quad` (relative, 0-1)."""
    return Line(
        text=result.text,
        quad=quad,
        confidence=result.confidence,
        positions=result.positions,
        character_confidences=result.character_confidences,
    )


def quad_px(picture: Picture, quad: tuple[tuple[float, float], ...]) -> Quad:
    """Return relative corners (0-1) in pixels of the page."""
    height, width = picture.shape[:2]
    return np.array(quad, dtype=np.float32) * np.array([width, height], dtype=np.float32)
