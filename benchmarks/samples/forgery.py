"""Change one printed value in the picture of a paper, as an image editor does.

The old ink is painted over from its surroundings, the new value is set in the family, size and
colour that come nearest to the old print. What remains for a checker is arithmetic: parts that no
longer add up, a grade that contradicts its score.
"""

import random
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.samples.fonts import FAMILIES, LATIN_FAMILIES, Face
from benchmarks.samples.paper import Box, Paper

PART_FIELDS = ("listening", "reading", "comprehensive", "writing_translation")
COMPONENT_FIELDS = ("component_a", "component_b")
# Grades from the lowest; see docs/facts on the examinations for majors and on ETIC.
GRADES = ("合格", "良好", "优秀")
_EXCELLENT_FROM = 80
_MARGIN_PX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """Where the strokes of a printed value are: pixel box (right and bottom excluded), colour.

    blackness: the part of the box that is stroke, which tells a bold face from a regular one.
    """

    left: int
    top: int
    right: int
    bottom: int
    colour: tuple[int, int, int]
    blackness: float


def patch_result(paper: Paper, rng: random.Random) -> Paper | None:
    """Return the paper with a better result than was printed, None where nothing would show it.

    A total goes up while its parts stay, or the grade goes up while its score stays. The declared
    values match the patched picture, and there is no PDF any more.
    """
    score = paper.printed.get("score", "")
    parts = [paper.printed.get(name, "") for name in (*PART_FIELDS, *COMPONENT_FIELDS)]
    if score.isdecimal() and "score" in paper.boxes and sum(p.isdecimal() for p in parts) >= 2:
        full_marks = 700 if paper.certificate_type.startswith("cet") else 190
        step = rng.randint(40, 110) if full_marks == 700 else rng.randint(8, 20)
        better = str(min(int(score) + step, full_marks))
        if better == score:
            return None
        return _with_value(paper, "score", better, {"考试成绩": better})
    graded = paper.certificate_type.startswith(("tem", "trm"))
    for name in ("grade", "status"):
        grade = paper.printed.get(name, "")
        contradicts = score.isdecimal() and int(score) < _EXCELLENT_FROM
        if graded and contradicts and grade in GRADES[:-1] and name in paper.boxes:
            return _with_value(paper, name, "优秀", {"成绩状态": "优秀"})
    return None


def patch_value(image: Image.Image, box: Box, old: str, new: str) -> Image.Image:
    """Return the picture with the value `old` inside the relative `box` replaced by `new`.

    Raises `ValueError` where there is no ink inside the box.
    """
    pixels = np.asarray(image.convert("RGB"), dtype=np.uint8).copy()
    height, width = pixels.shape[:2]
    left = max(0, round(box[0] * width) - _MARGIN_PX)
    top = max(0, round(box[1] * height) - _MARGIN_PX)
    right = min(width, round(box[2] * width) + _MARGIN_PX)
    bottom = min(height, round(box[3] * height) + _MARGIN_PX)
    region = pixels[top:bottom, left:right]
    mask = _stroke_mask(region)
    ink = _measure(region, mask, left, top)
    grown = cv2.dilate(mask, np.ones((5, 5), dtype=np.uint8))
    pixels[top:bottom, left:right] = cv2.inpaint(region, grown, 3, cv2.INPAINT_TELEA)
    patched = Image.fromarray(pixels)
    _set_text(patched, ink, _nearest_face(ink, old), new)
    return patched


def _with_value(paper: Paper, name: str, value: str, declared: dict[str, str]) -> Paper:
    return replace(
        paper,
        image=patch_value(paper.image, paper.boxes[name], paper.printed[name], value),
        pdf=None,
        printed={**paper.printed, name: value},
        declared={**paper.declared, **declared},
    )


def _stroke_mask(region: NDArray[np.uint8]) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(region, cv2.COLOR_RGB2GRAY)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(mask, dtype=np.uint8)


def _measure(region: NDArray[np.uint8], mask: NDArray[np.uint8], left: int, top: int) -> Ink:
    rows, columns = np.nonzero(mask)
    if rows.size == 0:
        raise ValueError("there is no ink inside the box")
    strokes = region[mask > 0]
    darkest = strokes[np.argsort(strokes.sum(axis=1))[: max(1, len(strokes) // 3)]]
    red, green, blue = (int(channel) for channel in np.median(darkest, axis=0))
    return Ink(
        left=left + int(columns.min()),
        top=top + int(rows.min()),
        right=left + int(columns.max()) + 1,
        bottom=top + int(rows.max()) + 1,
        colour=(red, green, blue),
        blackness=rows.size / ((np.ptp(rows) + 1) * (np.ptp(columns) + 1)),
    )


def _nearest_face(ink: Ink, old: str) -> tuple[Face, int]:
    """Return the face and size in which `old` comes nearest to the ink in width and weight."""
    families = LATIN_FAMILIES if old.isascii() else FAMILIES
    found: list[tuple[float, Face, int]] = []
    for family in families.values():
        for file, index in filter(None, (family.regular, family.bold)):
            face = Face(file=file, index=index, thicken=False)
            size = _size_for_height(face, old, ink.bottom - ink.top)
            width, blackness = _appearance(face, size, old)
            misfit = abs(width / (ink.right - ink.left) - 1) + abs(blackness / ink.blackness - 1)
            found.append((misfit, face, size))
    _, face, size = min(found, key=lambda candidate: candidate[0])
    return face, size


def _appearance(face: Face, size: int, text: str) -> tuple[int, float]:
    """Return the width of a text in pixels and the part of its box that is ink."""
    left, top, right, bottom = (round(side) for side in face.at(size).getbbox(text))
    box = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(box).text((-left, -top), text, fill=255, font=face.at(size))
    return box.width, float(np.mean(np.asarray(box) > 127))


def _set_text(image: Image.Image, ink: Ink, setting: tuple[Face, int], text: str) -> None:
    font = setting[0].at(setting[1])
    box = font.getbbox(text)
    place = (ink.left - box[0], ink.bottom - box[3])
    ImageDraw.Draw(image).text(place, text, fill=ink.colour, font=font)


def _size_for_height(face: Face, text: str, height_px: int) -> int:
    box = face.at(100).getbbox(text)
    return max(6, round(100 * height_px / max(1.0, box[3] - box[1])))
