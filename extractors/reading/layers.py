"""Compare a PDF page's text layer with its picture: pixels rule, the layer is a second opinion."""

import math
import re
from dataclasses import replace

import cv2
import numpy as np

from domain.extraction import Extraction
from domain.page import Line, Page, TextSource
from extractors.extract import extract
from extractors.layout import fold
from extractors.reading.picture import Picture
from extractors.reading.sandbox import LayerLine

READER_NAME = "text-layer"
# Text of at least this many characters with nothing to see in its place is hidden text.
HIDDEN_CHARACTERS = 3
# Type lower than this share of the page's longer side cannot be read: 2.5 points on A4.
SMALLEST_TYPE = 0.003
# Grey levels vary at least this much where there is ink.
INK_CONTRAST = 12.0


def turn_layer(lines: tuple[LayerLine, ...], degrees: int) -> tuple[Line, ...]:
    """Return a text layer's lines on the page turned clockwise by a multiple of 90 degrees."""
    return tuple(_line(line, degrees) for line in lines)


def _line(line: LayerLine, degrees: int) -> Line:
    corners = [
        (line.left, line.top),
        (line.right, line.top),
        (line.right, line.bottom),
        (line.left, line.bottom),
    ]
    for _ in range(degrees // 90 % 4):
        corners = [(1 - y, x) for x, y in corners]
    return Line(
        text=line.text,
        quad=tuple((min(1.0, max(0.0, x)), min(1.0, max(0.0, y))) for x, y in corners),
        confidence=1.0,
        positions=line.positions,
        character_confidences=(1.0,) * len(line.text),
        source=TextSource.TEXT_LAYER,
    )


def find_hidden_text(page: Page, picture: Picture) -> bool:
    """Return whether the text layer says something where nothing, or no text, is to be seen."""
    height, width = picture.shape[:2]
    for line in page.text_layer:
        if len(line.text.strip()) < HIDDEN_CHARACTERS:
            continue
        if _type_height_px(line, width, height) < SMALLEST_TYPE * max(width, height):
            return True
        box = line.bbox
        part = picture[
            int(box.top * height) : max(int(box.top * height) + 1, int(box.bottom * height)),
            int(box.left * width) : max(int(box.left * width) + 1, int(box.right * width)),
        ]
        if part.size == 0:
            return True
        grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
        if float(np.percentile(grey, 98)) - float(np.percentile(grey, 2)) < INK_CONTRAST:
            return True
    return False


def _type_height_px(line: Line, width: int, height: int) -> float:
    (left, top), *_, (below_x, below_y) = line.quad
    return math.hypot((below_x - left) * width, (below_y - top) * height)


def compare_layers(page: Page, extraction: Extraction) -> tuple[Extraction, bool]:
    """Return the extraction with the layer's readings as second texts, and whether they disagree.

    A layer that is empty, or is of another kind of paper, says nothing about the values.
    """
    if not page.text_layer:
        return extraction, False
    layer = extract(page, page.text_layer)
    if layer.classification.certificate_type is not extraction.classification.certificate_type:
        return extraction, bool(layer.values)
    values, disagrees = [], False
    for value in extraction.values:
        readings = {other.text for other in layer.all(value.field)}
        if not readings or len(readings) > 1:
            disagrees |= bool(readings) and _squeeze(value.text) not in map(_squeeze, readings)
            values.append(value)
            continue
        text = readings.pop()
        disagrees |= _squeeze(text) != _squeeze(value.text)
        values.append(replace(value, second_text=text, second_reader=READER_NAME))
    return replace(extraction, values=tuple(values)), disagrees


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", fold(text)).casefold()
