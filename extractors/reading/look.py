"""A look at a page: the page as read so far, its pixels and what was extracted from it."""

import dataclasses
from dataclasses import dataclass

from domain.certificates import FieldName
from domain.extraction import Evidence, ExtractedValue, Extraction
from domain.page import Line, Page
from extractors.reading.picture import Picture
from extractors.reading.quality import has_unread_ink
from extractors.reading.recognition import crop_quad
from extractors.reading.upright import quad_px

# Two boxes lie on one line when they share this much of the lower one's height.
SAME_LINE = 0.3
# Half of one of these can be another one: a shorter name, a lower score.
HARMED_BY_HALVES = frozenset(
    {
        FieldName.NAME,
        FieldName.ID_NUMBER,
        FieldName.CERTIFICATE_NUMBER,
        FieldName.ADMISSION_TICKET,
        FieldName.SCORE,
        FieldName.GRADE,
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A line (by index), or the characters of a field's value on it: the first and the last."""

    line: int
    field: FieldName | None = None
    span: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a page gave; `close` is what was read closely: places on its lines.

    `disagrees` says that a PDF's text layer contradicts the extraction. `seen_ink` remembers
    whether ink that nobody read stands beside some characters (first, last) of a line.
    """

    page: Page
    picture: Picture
    extraction: Extraction
    close: frozenset[Place] = frozenset()
    disagrees: bool = False
    seen_ink: dict[tuple[Line, int, int], bool] = dataclasses.field(
        default_factory=dict, compare=False, repr=False
    )


def lines_of(page: Page, evidence: Evidence) -> set[int]:
    """Return the lines (by index) that a value stands on."""
    box = evidence.bbox
    return {
        index
        for index, line in enumerate(page.lines)
        if (own := line.bbox).left < box.right
        and own.right > box.left
        and min(own.bottom, box.bottom) - max(own.top, box.top)
        > SAME_LINE * min(own.height, box.height)
    }


def beside_unread_ink(look: Look, value: ExtractedValue) -> bool:
    """Return whether something stands right beside a value, on its line, that nobody read.

    A character outside a model's set, or half of one, is sometimes left out with full confidence.
    """
    if value.field not in HARMED_BY_HALVES:
        return False
    text = value.evidence.raw_text
    for index in lines_of(look.page, value.evidence):
        line = look.page.lines[index]
        # Where a line says it twice, the one beside which something stands may be the value.
        for first in occurrences(line.text, text):
            place = (line, first, first + len(text) - 1)
            if place not in look.seen_ink:
                crop = crop_quad(look.picture, quad_px(look.picture, line.quad))
                look.seen_ink[place] = has_unread_ink(crop, *place)
            if look.seen_ink[place]:
                return True
    return False


def occurrences(text: str, part: str) -> list[int]:
    """Return where a part begins in a text, everywhere that it does."""
    return [index for index in range(len(text)) if text.startswith(part, index)]
