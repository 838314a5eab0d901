"""What one fictitious paper is: its picture, what is printed on it and where, who it belongs to.

The kinds of paper live in `benchmarks.samples.papers` (`PAPERS`, `draw_paper`), the people in
`benchmarks.samples.people` (`draw_person`).
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from benchmarks.samples.drawing import Sheet

Box = tuple[float, float, float, float]

NOT_ACCEPTED = "not-accepted"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A fictitious applicant: 18-character ID number of region 99 with a valid check digit."""

    name: str
    name_pinyin: str
    sex: str
    birth_date: date
    id_number: str
    phone: str
    student_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One clean paper with its ground truth.

    image: RGB, upright, at `dpi`. pdf: bytes where the layout is an electronic one (a text layer,
    or for the ETIC download a picture whose page is turned by 90 degrees), else None.
    printed: field -> value exactly as printed; a field the paper does not carry is absent.
    boxes: field -> left, top, right, bottom of the printed value, 0-1, on the upright image.
    declared: what an honest applicant types, by column header of the language table.
    """

    certificate_type: str
    layout: str
    is_certificate: bool
    image: Image.Image
    dpi: int
    pdf: bytes | None
    printed: Mapping[str, str]
    boxes: Mapping[str, Box]
    declared: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A paper before it is turned into pixels: the sheet of drawing steps and its ground truth."""

    sheet: "Sheet"
    printed: Mapping[str, str]
    declared: Mapping[str, str]
    pdf_form: str = ""
    """ "" no PDF, "text" a PDF with a text layer, "turned-image" a picture turned by 90 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOrder:
    """What a layout is asked for: whose paper, which font, which values are forced.

    font_family: a name of `fonts.FAMILIES`, or None for a random one that the layout may use.
    overrides: field of `Paper.printed` -> value to print instead of a drawn one. Dates are given
    as `YYYY-MM` or `YYYY-MM-DD`; everything else that follows from a value (total from parts,
    parts from total, number from date) follows the forced one unless it is forced too.
    """

    certificate_type: str
    layout: str
    person: Person
    held_back: bool
    font_family: str | None = None
    overrides: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """One layout of one certificate type.

    held_back: listed in held_back.toml, so no tuning or calibration may look at it.
    compose: the layout itself; use `draw` or `draw_paper` to get the finished paper.
    """

    certificate_type: str
    layout: str
    is_certificate: bool
    compose: Callable[[PaperOrder, random.Random], Composition]

    @property
    def held_back(self) -> bool:
        """Tell whether this layout is kept away from every tuning and calibration."""
        from benchmarks.samples.fonts import HELD_BACK

        return self.layout in HELD_BACK.layouts

    def draw(self, person: Person, rng: random.Random, **overrides: str) -> Paper:
        """Draw this paper for the person; the same random state gives the same bytes."""
        from benchmarks.samples.papers import draw_paper

        return draw_paper(self, person, rng, overrides=overrides)
