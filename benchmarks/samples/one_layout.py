"""Papers that differ in nothing but whose they are: one layout, one look, many people.

The hardest case for knowing a picture again: everything that is not a person's own is the same on
all of them, and the portraits are silhouettes of which there are few sorts.
"""

import random
from dataclasses import dataclass, replace

from PIL import Image

from benchmarks.samples.drawing import LayoutFault, PictureStep, Step, TextStep
from benchmarks.samples.ornaments import make_code, make_photo
from benchmarks.samples.paper import Box, PaperKind
from benchmarks.samples.papers import PAPERS, compose_paper
from benchmarks.samples.people import draw_person
from benchmarks.samples.rendering import render_image

ATTEMPTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPaper:
    """A paper as drawn: its picture, what it prints and where, and every line of text (0-1)."""

    image: Image.Image
    printed: dict[str, str]
    boxes: dict[str, Box]
    lines: tuple[Box, ...]


class _TwoSeeds(random.Random):
    """Gives a layout the seeds of its values and its looks, in this order."""

    def __init__(self, values: int, looks: int) -> None:
        super().__init__(0)
        self._seeds = [looks, values]

    def getrandbits(self, k: int, /) -> int:
        """Return the next seed; further ones as any generator does."""
        return self._seeds.pop() if self._seeds else super().getrandbits(k)


def draw_of_one_layout(layout: str, person_seed: int, looks_seed: int) -> DrawnPaper:
    """Draw the paper of one person; equal `looks_seed`s look the same but for what is personal.

    Raises `LookupError` for an unknown layout, and where nobody's paper fits these looks.
    """
    kind = next((kind for kind in PAPERS if kind.layout == layout), None)
    if kind is None:
        raise LookupError(f"unknown layout: {layout}")
    rng = random.Random(person_seed)
    for _ in range(ATTEMPTS):
        try:
            return _draw(kind, rng, looks_seed)
        except LayoutFault:
            continue  # a long name does not fit: another person
    raise LookupError(f"no paper fits these looks of {layout}")


def _draw(kind: PaperKind, rng: random.Random, looks_seed: int) -> DrawnPaper:
    values = rng.getrandbits(64)
    person = draw_person(rng)
    composition = compose_paper(kind, person, _TwoSeeds(values, looks_seed))
    sheet = composition.sheet
    sheet.steps[:] = [_of_person(step, values, person.sex) for step in sheet.steps]
    image = render_image(sheet)
    return DrawnPaper(
        image=image,
        printed=dict(composition.printed),
        boxes=dict(sheet.boxes),
        lines=tuple(_line_box(step, image) for step in sheet.steps if isinstance(step, TextStep)),
    )


def _of_person(step: Step, seed: int, sex: str) -> Step:
    """Give portraits and codes a seed of the person's own."""
    make = getattr(step.make, "func", None) if isinstance(step, PictureStep) else None
    if not isinstance(step, PictureStep) or make not in (make_photo, make_code):
        return step
    return replace(step, seed=seed ^ (sex == "男"))


def _line_box(step: TextStep, image: Image.Image) -> Box:
    width, height = image.size
    last = step.runs[-1] if step.runs else None
    left = min((run.x_px for run in step.runs), default=0.0)
    right = last.x_px + last.face.at(step.size_px).getlength(last.text) if last else left
    top, bottom = step.baseline_px - 0.86 * step.size_px, step.baseline_px + 0.14 * step.size_px
    return left / width, top / height, right / width, bottom / height
