"""A sheet of paper as a list of drawing steps, with the place of every printed value.

A layout writes on a `Sheet` in its own unit (millimetres for paper, CSS pixels for screens);
`rendering.py` turns the steps into a picture or a PDF with a text layer, so both show the same.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image

from benchmarks.samples.fonts import Face, chinese_families, face_for, latin_families
from benchmarks.samples.paper import Box, PaperOrder

Colour = tuple[int, int, int]
Segment = tuple[str, str | None]
Text = str | Sequence[Segment]

BLACK: Colour = (24, 24, 26)
GREY: Colour = (120, 120, 124)
RED: Colour = (190, 24, 34)

# Share of the size above and below the baseline that a line of text keeps for itself.
ASCENT = 0.86
DESCENT = 0.14
_SMALLEST_SHRINK = 0.5


class LayoutFault(RuntimeError):
    """A layout wrote outside the sheet, over other text, or over a photo or a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """Which fonts a paper uses; `latin` empty means the Chinese font's own Latin letters."""

    chinese: str
    title: str
    latin: str
    embeddable: bool
    ink: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Characters drawn with one face, from `x_px` on."""

    text: str
    face: Face
    x_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStep:
    """One line of text on its baseline."""

    runs: tuple[Run, ...]
    baseline_px: float
    size_px: int
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeStep:
    """A rectangle, filled or outlined; a line is a thin filled one."""

    box_px: Box
    fill: Colour | None
    outline: Colour | None
    width_px: int
    radius_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureStep:
    """A picture, its left top corner and size in pixels; drawn only when it is needed."""

    make: Callable[[random.Random], Image.Image]
    seed: int
    left_px: int
    top_px: int
    width_px: int
    height_px: int

    def picture(self) -> Image.Image:
        """Draw the picture, the same each time."""
        return self.make(random.Random(self.seed))


Step = TextStep | ShapeStep | PictureStep


class Sheet:
    """A page being laid out; every coordinate is in units, `scale` is pixels per unit."""

    def __init__(
        self,
        width: float,
        height: float,
        *,
        scale: float,
        dpi: int,
        lettering: Lettering,
        paper: Colour = (255, 255, 255),
    ) -> None:
        self.width = width
        self.height = height
        self.scale = scale
        self.dpi = dpi
        self.lettering = lettering
        self.paper = paper
        self.steps: list[Step] = []
        self.boxes: dict[str, Box] = {}
        self._kept: list[tuple[str, Box]] = []

    @property
    def size_px(self) -> tuple[int, int]:
        """Return width and height in pixels."""
        return round(self.width * self.scale), round(self.height * self.scale)

    def measure(self, text: str, size: float, *, bold: bool = False, title: bool = False) -> float:
        """Measure the width of a text in units."""
        runs, width_px = self._lay(text, self._pixels(size), bold=bold, title=title)
        return width_px / self.scale if runs else 0.0

    def write(
        self,
        x: float,
        y: float,
        text: Text,
        size: float,
        *,
        colour: Colour | None = None,
        bold: bool = False,
        title: bool = False,
        align: str = "left",
        fits: float | None = None,
    ) -> float:
        """Write one line whose top is y and record its fields; return its right end in units.

        text: a string, or segments of (text, field) whose places are recorded. align: left,
        center or right of x. fits: widest allowed width; a longer text shrinks (the official
        forms do the same with long names).
        """
        segments: Sequence[Segment] = ((text, None),) if isinstance(text, str) else text
        joined = "".join(part for part, _ in segments)
        size_px = self._pixels(size)
        full_size_px = size_px
        runs, width_px = self._lay(joined, size_px, bold=bold, title=title)
        while fits and width_px > fits * self.scale and size_px > full_size_px * _SMALLEST_SHRINK:
            size_px -= 1
            runs, width_px = self._lay(joined, size_px, bold=bold, title=title)
        left_px = x * self.scale - {"left": 0.0, "center": width_px / 2, "right": width_px}[align]
        baseline_px = y * self.scale + full_size_px * ASCENT
        self.steps.append(
            TextStep(
                runs=tuple(
                    Run(text=run.text, face=run.face, x_px=run.x_px + left_px) for run in runs
                ),
                baseline_px=baseline_px,
                size_px=size_px,
                colour=colour or self.lettering.ink,
            )
        )
        top_px, bottom_px = baseline_px - size_px * ASCENT, baseline_px + size_px * DESCENT
        self._kept.append((joined, (left_px, top_px, left_px + width_px, bottom_px)))
        self._mark(segments, left_px, top_px, bottom_px, size_px, bold=bold, title=title)
        return (left_px + width_px) / self.scale

    def pair(
        self,
        x: float,
        y: float,
        label: str,
        value: str,
        field: str | None,
        size: float,
        *,
        column: float | None = None,
        fits: float | None = None,
        bold_value: bool = False,
        colour: Colour | None = None,
    ) -> float:
        """Write a label and its value, the value at `column` or right behind; return its end."""
        end = self.write(x, y, label, size, colour=colour)
        value_x = max(column or 0.0, end + size * 0.35)
        return self.write(value_x, y, ((value, field),), size, bold=bold_value, fits=fits)

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        segments: Sequence[Segment],
        size: float,
        *,
        leading: float = 1.7,
        indent: float = 0.0,
        bold_fields: bool = False,
        colour: Colour | None = None,
    ) -> float:
        """Write wrapped text; values of fields are never broken. Return the y below it.

        Fields cannot be bold in part of a line that shares a face, so bold_fields writes each
        value as its own piece.
        """
        pieces = [piece for segment in segments for piece in _split(segment)]
        line_x = x + indent
        for number, (text, field) in enumerate(pieces):
            bold = bold_fields and field is not None
            piece_width = needed = self.measure(text, size, bold=bold)
            if text in "（(" and number + 1 < len(pieces):
                needed += self.measure(pieces[number + 1][0], size)
            # Closing punctuation may hang over the edge instead of starting a line.
            if line_x + needed > x + width and text not in "，。、；：）,.;:)":
                line_x, y = x, y + size * leading
            if line_x == x and text == " ":
                continue
            self.write(line_x, y, ((text, field),), size, bold=bold, colour=colour)
            line_x += piece_width
        return y + size * leading

    def rectangle(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: Colour | None = None,
        outline: Colour | None = None,
        width: float = 0.3,
        radius: float = 0.0,
    ) -> None:
        """Draw a rectangle, filled, outlined or both."""
        scale = self.scale
        self.steps.append(
            ShapeStep(
                box_px=(left * scale, top * scale, right * scale, bottom * scale),
                fill=fill,
                outline=outline,
                width_px=max(1, round(width * scale)),
                radius_px=round(radius * scale),
            )
        )

    def rule(
        self, x: float, y: float, length: float, *, colour: Colour = GREY, width: float = 0.25
    ) -> None:
        """Draw a horizontal line."""
        self.rectangle(x, y, x + length, y + width, fill=colour)

    def column_rule(self, x: float, y: float, length: float, *, colour: Colour = GREY) -> None:
        """Draw a vertical line."""
        self.rectangle(x, y, x + 0.25, y + length, fill=colour)

    def place(
        self,
        make: Callable[[random.Random], Image.Image],
        rng: random.Random,
        x: float,
        y: float,
        size_px: tuple[int, int],
        *,
        solid: bool = False,
    ) -> None:
        """Place a picture of that size; nothing may be written over a solid one (photo, code)."""
        left_px, top_px = round(x * self.scale), round(y * self.scale)
        self.steps.append(
            PictureStep(
                make=make,
                seed=rng.getrandbits(64),
                left_px=left_px,
                top_px=top_px,
                width_px=size_px[0],
                height_px=size_px[1],
            )
        )
        if solid:
            box = (left_px, top_px, left_px + size_px[0], top_px + size_px[1])
            self._kept.append(("picture", box))

    def faults(self) -> tuple[str, ...]:
        """List every text that is clipped or overlaps another text, a photo or a code."""
        width_px, height_px = self.size_px
        found = []
        for number, (text, box) in enumerate(self._kept):
            if box[0] < 0 or box[1] < 0 or box[2] > width_px or box[3] > height_px:
                found.append(f"outside the sheet: {text}")
            for other_text, other in self._kept[:number]:
                over_x = min(box[2], other[2]) - max(box[0], other[0])
                over_y = min(box[3], other[3]) - max(box[1], other[1])
                if over_x > 1 and over_y > 1 and text.strip() and other_text.strip():
                    found.append(f"overlap: {text} / {other_text}")
        return tuple(found)

    def _pixels(self, size: float) -> int:
        return max(6, round(size * self.scale))

    def _lay(self, text: str, size_px: int, *, bold: bool, title: bool) -> tuple[list[Run], float]:
        runs: list[Run] = []
        x_px = 0.0
        for face, part in self._faces(text, bold=bold, title=title):
            runs.append(Run(text=part, face=face, x_px=x_px))
            x_px += face.at(size_px).getlength(part)
        return runs, x_px

    def _faces(self, text: str, *, bold: bool, title: bool) -> list[tuple[Face, str]]:
        lettering = self.lettering
        parts: list[tuple[Face, str]] = []
        for character in text:
            face = face_for(
                character,
                lettering.title if title else lettering.chinese,
                lettering.latin,
                bold=bold,
                embeddable=lettering.embeddable,
            )
            if parts and parts[-1][0] == face:
                parts[-1] = (face, parts[-1][1] + character)
            else:
                parts.append((face, character))
        return parts

    def _mark(
        self,
        segments: Sequence[Segment],
        left_px: float,
        top_px: float,
        bottom_px: float,
        size_px: int,
        *,
        bold: bool,
        title: bool,
    ) -> None:
        width_px, height_px = self.size_px
        before = ""
        for text, field in segments:
            if field:
                start = self._lay(before, size_px, bold=bold, title=title)[1]
                end = self._lay(before + text, size_px, bold=bold, title=title)[1]
                self.boxes[field] = (
                    (left_px + start) / width_px,
                    top_px / height_px,
                    (left_px + end) / width_px,
                    bottom_px / height_px,
                )
            before += text


def draw_lettering(order: PaperOrder, rng: random.Random, *, embeddable: bool = False) -> Lettering:
    """Choose the fonts and the ink of a paper; raises ValueError for a font it may not use."""
    allowed = chinese_families(held_back=order.held_back, embeddable=embeddable)
    drawn, title = rng.choice(allowed), rng.choice(allowed)
    latin = rng.choice(("", *latin_families(held_back=order.held_back)))
    ink_shade = rng.randint(0, 50)
    if order.font_family is not None and order.font_family not in allowed:
        raise ValueError(f"{order.layout} may not use {order.font_family}; it may use {allowed}")
    return Lettering(
        chinese=order.font_family or drawn,
        title=order.font_family or title,
        latin=latin,
        embeddable=embeddable,
        ink=(ink_shade, ink_shade, min(90, ink_shade + rng.choice((0, 0, 4, 30)))),
    )


def _split(segment: Segment) -> list[Segment]:
    """Cut a segment where a line may break: between Chinese characters and between words."""
    text, field = segment
    if field is not None:
        return [segment]
    pieces: list[Segment] = []
    word = ""
    for character in text:
        if ord(character) < 0x530 and character != " ":
            word += character
            continue
        if word:
            pieces.append((word, None))
            word = ""
        pieces.append((character, None))
    if word:
        pieces.append((word, None))
    return pieces
