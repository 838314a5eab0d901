"""Read a value alone: cut out with a little of what surrounds it, without its neighbours.

In a long line a character gets a small part of the network's attention; alone, rare characters of
names are read that were taken for others in their line. Cut out without any margin, they are not.
"""

from domain.page import Line
from extractors.layout import character_span
from extractors.reading.picture import Picture
from extractors.reading.recognition import (
    Quad,
    RecognizedText,
    crop_quad,
    quad_size,
    sub_quad,
)
from extractors.reading.seals import clear_of_seals
from extractors.reading.upright import placed_line

# How much of what surrounds a value is shown at each end, in heights of its line.
MARGIN = 0.25


def crop_window(picture: Picture, quad: Quad) -> Picture:
    """Cut a value out of the page with a margin at both ends, straight and without a seal's ink."""
    margin = _margin(quad)
    return clear_of_seals(crop_quad(picture, sub_quad(quad, -margin, 1 + margin)))


def without_neighbours(result: RecognizedText, quad: Quad) -> RecognizedText:
    """Return what was read of a window without what stands in its margins.

    Positions become shares of the value's own length.
    """
    margin = _margin(quad)
    places = [position * (1 + 2 * margin) - margin for position in result.positions]
    own = [index for index, place in enumerate(places) if 0 <= place <= 1]
    while own and result.text[own[0]].isspace():
        del own[0]
    while own and result.text[own[-1]].isspace():
        del own[-1]
    return RecognizedText(
        text="".join(result.text[index] for index in own),
        positions=tuple(places[index] for index in own),
        character_confidences=tuple(result.character_confidences[index] for index in own),
    )


def put_in(line: Line, first: int, last: int, result: RecognizedText) -> Line:
    """Return a line in which a value's characters are replaced by what its window reads."""
    start, end = character_span(line.positions, first, last)
    places = tuple(start + position * (end - start) for position in result.positions)
    before, after = line.character_confidences[:first], line.character_confidences[last + 1 :]
    mended = RecognizedText(
        text=line.text[:first] + result.text + line.text[last + 1 :],
        positions=(*line.positions[:first], *places, *line.positions[last + 1 :]),
        character_confidences=(*before, *result.character_confidences, *after),
    )
    return placed_line(line.quad, mended)


def _margin(quad: Quad) -> float:
    """Return the margin as a share of the value's length."""
    length, height = quad_size(quad)
    return MARGIN * height / max(1.0, length)
