"""Look for signs that a value was put in afterwards: advice for a person, with the place.

Only what decides is looked at, and only what one picture can say by itself. No sign proves
anything, and a good forgery shows none: docs/tampering.md says what each can and cannot see, and
`python -m benchmarks.tampering` measures it again.
"""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from domain.certificates import FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.page import BoundingBox, Page
from domain.tampering import TamperHint, TamperSign
from extractors.reading.picture import Picture
from extractors.reading.recognition import quad_size, sub_quad
from extractors.reading.tampering_coding import (
    Blocks,
    Steps,
    screen_pattern,
    strangest_window,
)
from extractors.reading.tampering_figures import (
    MARGIN,
    Figure,
    find_figures,
    line_break,
    sharpness_break,
    typeface_breaks,
)
from extractors.reading.upright import quad_px

# What forgers change, and which decides.
EXAMINED = (
    FieldName.SCORE,
    FieldName.CERTIFICATE_NUMBER,
    FieldName.ADMISSION_TICKET,
    FieldName.GRADE,
    FieldName.NAME,
    FieldName.DATE,
)
_FIGURED = EXAMINED[:3]
_IN_FIGURES = frozenset({TamperSign.TYPEFACE, TamperSign.ALIGNMENT, TamperSign.SHARPNESS})
# From which figure on each sign is told; see docs/tampering.md for what honest papers reach.
LIMITS: dict[TamperSign, float] = {
    TamperSign.TYPEFACE: 1.6,
    TamperSign.ALIGNMENT: 0.06,
    TamperSign.SHARPNESS: 0.15,
    TamperSign.COMPRESSION: 1.5,
    TamperSign.RECAPTURE: 1.2,
}
# Of so many lines at least it can be told how the page was compressed.
FEWEST_LINES = 4
MOST_LINES = 10
# Parts that are off by fewer deviations than these are not strange at all.
CERTAIN = 4.0
_PAGE = BoundingBox(left=0.0, top=0.0, right=1.0, bottom=1.0)


def find_tamper_hints(
    picture: Picture,
    page: Page,
    extraction: Extraction,
    signs: Collection[TamperSign] = tuple(TamperSign),
) -> tuple[TamperHint, ...]:
    """Return those of some signs on a page that go beyond their limits.

    `picture` is the upright page at its full resolution. Pages without a paper have none.
    """
    measured = measure_tampering(picture, page, extraction, signs)
    return tuple(hint for hint in measured if hint.strength >= 1.0)


def measure_tampering(
    picture: Picture, page: Page, extraction: Extraction, signs: Collection[TamperSign]
) -> tuple[TamperHint, ...]:
    """Return some signs with their strength, however weak: what the limits are measured on."""
    values = [v for v in extraction.values if len(v.evidence.quad) == 4]
    if extraction.classification.certificate_type.family is None or not values:
        return ()
    hints: list[TamperHint] = []
    if not _IN_FIGURES.isdisjoint(signs):
        hints += _in_figures(picture, values, signs)
    if TamperSign.COMPRESSION in signs:
        hints += _in_coding(picture, page, values)
    if TamperSign.RECAPTURE in signs:
        strength = screen_pattern(picture) / LIMITS[TamperSign.RECAPTURE]
        hints.append(TamperHint(sign=TamperSign.RECAPTURE, bbox=_PAGE, strength=strength))
    return tuple(hints)


def _in_figures(
    picture: Picture, values: list[ExtractedValue], signs: Collection[TamperSign]
) -> Iterator[TamperHint]:
    """Compare the figures of numbers with each other, and with the other numbers'."""
    compared = TamperSign.TYPEFACE in signs
    looked_at = [value for value in values if compared or value.field in _FIGURED]
    found = ((value, find_figures(picture, value.evidence)) for value in looked_at)
    numbers = [(value, figures) for value, figures in found if len(figures) > 1]
    drawn = [figures for _, figures in numbers]
    breaks = typeface_breaks(drawn) if compared else (0.0,) * len(drawn)
    for (value, figures), typeface in zip(numbers, breaks, strict=True):
        if value.field not in _FIGURED:
            continue
        if compared:
            yield _hint(TamperSign.TYPEFACE, value, value.evidence.bbox, typeface)
        for sign, (strength, place) in (
            (TamperSign.ALIGNMENT, line_break(figures)),
            (TamperSign.SHARPNESS, sharpness_break(figures)),
        ):
            if sign in signs:
                yield _hint(sign, value, _box_of(picture, value, figures[place]), strength)


def _in_coding(picture: Picture, page: Page, values: list[ExtractedValue]) -> Iterator[TamperHint]:
    """Compare how values were compressed with how the other lines were."""
    quads = {
        value: quad_px(picture, value.evidence.quad) for value in values if value.field in EXAMINED
    }
    taken = [value.evidence.bbox for value in quads]
    others = (
        line
        for line in page.lines
        if len(line.text) > 1 and not any(_touch(line.bbox, box) for box in taken)
    )
    lines = [quad_px(picture, line.quad) for line in itertools.islice(others, MOST_LINES)]
    if len(lines) < FEWEST_LINES:
        return
    blocks = Blocks(picture)
    coded = [blocks.coefficients(line) for line in lines]
    steps = Steps(np.concatenate([one.reshape(-1, one.shape[-1]) for one in coded]))
    strangest = max(strangest_window(one, steps)[0] for one in coded)
    for value, quad in quads.items():
        strength, first, last = strangest_window(blocks.coefficients(quad), steps)
        box = value.evidence.bbox
        place = replace(box, left=box.left + first * box.width, right=box.left + last * box.width)
        yield _hint(TamperSign.COMPRESSION, value, place, strength / max(strangest, CERTAIN))


def _touch(one: BoundingBox, other: BoundingBox) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def _hint(
    sign: TamperSign, value: ExtractedValue, bbox: BoundingBox, measured: float
) -> TamperHint:
    return TamperHint(sign=sign, bbox=bbox, strength=measured / LIMITS[sign], field=value.field)


def _box_of(picture: Picture, value: ExtractedValue, figure: Figure) -> BoundingBox:
    """Return the box of one figure of a value on the page."""
    quad = quad_px(picture, value.evidence.quad)
    length, height = quad_size(quad)
    centre = (figure.x - MARGIN) * height
    part = sub_quad(quad, (centre - 0.4 * height) / length, (centre + 0.4 * height) / length)
    page_height, page_width = picture.shape[:2]
    xs, ys = np.clip(part[:, 0] / page_width, 0, 1), np.clip(part[:, 1] / page_height, 0, 1)
    return BoundingBox(
        left=float(xs.min()), top=float(ys.min()), right=float(xs.max()), bottom=float(ys.max())
    )
