"""Measure a page's picture, whole or in one place, so that "cannot be read" can say why."""

import itertools
import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from domain.page import Line, PageQuality
from extractors.reading.picture import Picture, levels
from extractors.reading.recognition import Quad, crop_quad, shrink

MEASURED_SIDE_PX = 736
# A page whose grey levels vary less than this shows nothing at all.
BLANK_CONTRAST = 4.0
# From this level on, in all three channels, a pixel is blown out.
BLOWN_OUT = 250
# Brighter paper cannot show glare: nothing is brighter than it.
BRIGHTEST_PAPER = 244
# Larger areas are measured at every n-th pixel: tones do not need more.
SAMPLED_PX = 10_000
# A character's width as a share of its line's box, which is higher than the type.
CHARACTER_WIDTH = 0.8
# A character ends less than this share of its width from its centre; ink further out is another's,
# if it is about as dense as the line's and this share of a character wide.
UNREAD_BEYOND = 0.65
UNREAD_INK = 0.5
UNREAD_WIDTH = 0.45
# At the end of a line more than a speck is enough where it reaches further than this share of a
# character's width from the last centre: that of a recognized character is sometimes late.
SPECK_WIDTH = 0.2
NEXT_CHARACTER = 0.85
# Characters that were read twice, or half, stand nearer to each other than this share of a width.
LEAST_PITCH = 0.6
# Grey levels this near to each other are one tone of paper, unevenly lit.
TONE_WIDTH = 41
PAPER_TO_BRIGHTEST = 0.8
# Paper's channels differ by less than this, warm light included (drawn papers: at most 29).
MOST_COLOUR = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionQuality:
    """Measures of one line of type, or of a whole page.

    `height_px` is the height of the line's box. `edge_px` is how far edges are spread, as the
    standard deviation of the blur that a hard edge would need to become as soft as the hardest
    edges here; `softness` is the same as a share of the height. `contrast` is the difference
    between paper and ink, `paper` the paper's level (0-255).
    """

    height_px: int
    edge_px: float
    contrast: float
    paper: float

    @property
    def softness(self) -> float:
        return self.edge_px / self.height_px


def measure(picture: Picture) -> PageQuality:
    """Return sharpness, brightness, contrast and glare, measured at 736 pixels (see the type)."""
    grey = cv2.cvtColor(shrink(picture, MEASURED_SIDE_PX), cv2.COLOR_BGR2GRAY)
    counts = levels(np.asarray(grey, dtype=np.uint8))
    paper = int(np.searchsorted(counts.cumsum(), 0.75 * grey.size))
    glare = counts[250:].sum() / grey.size if paper < 235 else 0.0
    brightness, contrast = _mean_and_deviation(grey)
    _, unevenness = _mean_and_deviation(cv2.Laplacian(grey, cv2.CV_16S))
    return PageQuality(
        sharpness=round(unevenness**2, 1),
        brightness=round(brightness, 1),
        contrast=round(contrast, 1),
        glare_share=round(float(glare), 4),
    )


def _mean_and_deviation(plane: cv2.typing.MatLike) -> tuple[float, float]:
    mean, deviation = cv2.meanStdDev(plane)
    return float(mean[0, 0]), float(deviation[0, 0])


def measure_line(picture: Picture, quad: Quad) -> RegionQuality:
    """Return the measures of a line of type at `quad` (pixels), at the page's own resolution."""
    return measure_all(crop_quad(picture, quad))


def measure_all(picture: Picture) -> RegionQuality:
    """Return the measures of a whole picture."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    ink, paper = (float(level) for level in np.percentile(grey, (3, 90)))
    # Sobel's kernel sums to 8 times the slope.
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    steepest = max(0.1, float(np.percentile(cv2.magnitude(across, down), 99)))
    contrast = paper - ink
    return RegionQuality(
        height_px=grey.shape[0],
        # At its steepest a blurred edge rises by contrast / (deviation * sqrt(2 pi)).
        edge_px=contrast / (steepest * math.sqrt(2 * math.pi)),
        contrast=contrast,
        paper=paper,
    )


def paper_tone(picture: Picture) -> float:
    """Return the level (0-255) that most of the page's paper has in its weakest channel.

    Where it is above `BRIGHTEST_PAPER` nothing can be told to be glare: a scanner's white is none.
    """
    return float(np.percentile(_sampled(picture).min(axis=2), 60))


def shows_paper(picture: Picture) -> bool:
    """Return whether the most common tone is about the brightest and grey: paper, not scenery."""
    pixels = _sampled(picture)
    if np.median(np.ptp(pixels, axis=2)) > MOST_COLOUR:
        return False
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2GRAY)
    counts = np.convolve(levels(np.asarray(grey, np.uint8)), np.ones(TONE_WIDTH), "same")
    return bool(counts.argmax() >= PAPER_TO_BRIGHTEST * np.percentile(grey, 98))


def blown_out_share(picture: Picture) -> float:
    """Return the share (0-1) of a picture that is at the limit of light in all channels."""
    return float((_sampled(picture).min(axis=2) >= BLOWN_OUT).mean())


def _sampled(picture: Picture) -> Picture:
    step = max(1, math.isqrt(picture.shape[0] * picture.shape[1] // SAMPLED_PX))
    return picture[::step, ::step]


def has_unread_ink(crop: Picture, line: Line, first: int, last: int) -> bool:
    """Return whether ink that nobody read stands beside some characters of a line.

    `crop` is the line's own box, cut out of the page; `first` and `last` are the outer ones of the
    characters (by index). What counts is ink as dark as type, up to the next character that was
    read, beyond the place that they take up: at least half a character wide, or so far beyond the
    line's last one that it cannot be part of it.
    """
    centres = line.positions
    if len(centres) < 2:
        return False
    ink = _ink_along(crop)
    height, width = crop.shape[:2]
    places = [round(centre * width) for centre in centres]
    typical = float(ink[places[0] : places[-1] + 1].mean()) if places[-1] > places[0] else 0.0
    if not typical:
        return False
    type_px = [CHARACTER_WIDTH * height / (1 + text.isascii()) for text in line.text]
    if last > first and not line.text[first : last + 1].isascii():
        # A box may be much higher than the type; neighbours are not further apart than it is wide.
        pitch = min(two - one for one, two in itertools.pairwise(places[first : last + 1]))
        type_px = [min(size, max(pitch, LEAST_PITCH * size)) for size in type_px]

    def reach(index: int) -> int:
        return max(2, round(UNREAD_BEYOND * float(type_px[index])))

    def inked(start: int, end: int) -> npt.NDArray[np.intp]:
        start = max(0, start)
        return np.flatnonzero(ink[start : max(start, end)] > UNREAD_INK * typical)

    before = places[first - 1] + reach(first - 1) if first else 0
    if len(inked(before, places[first] - reach(first))) > UNREAD_WIDTH * type_px[first]:
        return True
    ends_line = last == len(places) - 1
    after = places[last] + reach(last)
    beyond = inked(after, width if ends_line else places[last + 1] - reach(last + 1))
    if len(beyond) > UNREAD_WIDTH * type_px[last]:
        return True
    return (
        ends_line
        and not line.text[last].isascii()
        and len(beyond) > SPECK_WIDTH * type_px[last]
        and reach(last) + int(beyond[-1]) > NEXT_CHARACTER * type_px[last]
    )


def _ink_along(crop: Picture) -> npt.NDArray[np.float64]:
    """Return the share of ink (0-1) in every column of a line, in its middle rows."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    _, dark = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if dark.mean() > 0.5:
        dark = 1 - dark  # light type on a dark ground
    # Rules above and below the type are no characters.
    height = len(dark)
    middle = dark[round(0.2 * height) : max(1, round(0.8 * height))]
    return np.asarray(middle.mean(axis=0), dtype=np.float64)
