"""Read closely, with the larger model, what skimming leaves in doubt: values alone, or lines."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.calibration import FieldGroup
from domain.certificates import FieldName
from domain.extraction import Evidence, ExtractedValue
from domain.page import Line
from extractors.extract import extract
from extractors.layout import character_span, part_of_quad
from extractors.reading.look import Look, Place, beside_unread_ink, lines_of, occurrences
from extractors.reading.recognition import (
    Quad,
    RecognizedText,
    TextEngine,
    crop_quad,
    sub_quad,
)
from extractors.reading.upright import SURELY_SKIMMED, placed_line, quad_px
from extractors.reading.value_window import crop_window, put_in, without_neighbours

# Confidence above which a value on which nothing rests, or a page by the mean of its lines, counts
# as well read.
WELL_READ = 0.9
# Shorter ones are names of which a character was not read.
SHORTEST_NAME = 2


def in_doubt(look: Look) -> list[ExtractedValue]:
    """Return the values that skimming is not sure of.

    Where no acceptance rests on what exactly is printed (a title, whether an oral test was taken),
    it is enough that it was well read.
    """
    return [
        value
        for value in look.extraction.values
        if value.confidence < (SURELY_SKIMMED if FieldGroup.of(value.field) else WELL_READ)
        or beside_unread_ink(look, value)
    ]


def places_of(look: Look, values: Iterable[ExtractedValue]) -> list[Place]:
    """Return where values stand: their own characters, or all of their lines.

    Lines as a whole where a value is spread over several, or may be longer than what was read.
    """
    places: list[Place] = []
    for value in values:
        lines = sorted(lines_of(look.page, value.evidence))
        span = _span_of(look.page.lines[lines[0]], value.evidence) if len(lines) == 1 else None
        if span is None or beside_unread_ink(look, value):
            places += map(Place, lines)
        else:
            places.append(Place(lines[0], value.field, span))
    return places


def _span_of(line: Line, evidence: Evidence) -> tuple[int, int] | None:
    """Return the first and last of a line's characters that a value consists of."""
    text = evidence.raw_text
    if not evidence.positions:
        return None

    def distance(first: int) -> float:
        share, _ = character_span(line.positions, first, first + len(text) - 1)
        (x, y), *_ = part_of_quad(line.quad, share, 1.0)
        return math.dist((x, y), evidence.quad[0])

    first = min(occurrences(line.text, text), key=distance, default=None)
    return None if first is None else (first, first + len(text) - 1)


def read_closely(look: Look, wanted: Sequence[Place], engine: TextEngine) -> Look:
    """Read lines, or values on them, with the larger model, and find the values again.

    A value that alone seems shorter or longer is read once more with all of its line.
    """
    whole = look.close | {place for place in wanted if place.field is None}
    new = [
        place
        for place in dict.fromkeys(wanted)
        if place not in look.close and (place.field is None or Place(place.line) not in whole)
    ]
    if not new:
        return look
    texts = _read_places(look, new, engine)
    lines = list(look.page.lines)
    again = []
    # From right to left: what is put in may be shorter or longer than what stood there.
    for place, result in sorted(texts.items(), key=lambda item: -item[0].span[0]):
        line = lines[place.line]
        if place.field is None:
            if result.text.strip() and _is_better(result, line.character_confidences):
                lines[place.line] = placed_line(line.quad, result)
            continue
        first, last = place.span
        if place.field is FieldName.NAME and len(result.text) >= SHORTEST_NAME:
            lines[place.line] = put_in(line, first, last, result)
        elif len(result.text) != last - first + 1:
            again.append(Place(place.line))
        elif _is_better(result, line.character_confidences[first : last + 1]):
            lines[place.line] = put_in(line, first, last, result)
    page = replace(look.page, lines=tuple(lines))
    closer = replace(look, page=page, extraction=extract(page), close=look.close | set(new))
    return read_closely(closer, again, engine)


def _read_places(
    look: Look, places: Sequence[Place], engine: TextEngine
) -> dict[Place, RecognizedText]:
    quads = [_quad_of(look, place) for place in places]
    crops = [
        crop_quad(look.picture, quad) if place.field is None else crop_window(look.picture, quad)
        for place, quad in zip(places, quads, strict=True)
    ]
    return {
        place: result if place.field is None else without_neighbours(result, quad)
        for place, quad, result in zip(places, quads, engine.read_closely(crops), strict=True)
    }


def _is_better(result: RecognizedText, before: Sequence[float]) -> bool:
    """Return whether a text may replace one whose characters were read with these confidences.

    What the larger model itself is unsure of replaces nothing that was skimmed more surely. Names
    are another matter: the smaller one is sure of what it takes rare characters for.
    """
    return min(result.character_confidences) >= min(WELL_READ, *before)


def _quad_of(look: Look, place: Place) -> Quad:
    """Return a place's corners in pixels of the page."""
    line = look.page.lines[place.line]
    quad = quad_px(look.picture, line.quad)
    if place.field is None:
        return quad
    return sub_quad(quad, *character_span(line.positions, *place.span))
