"""Measure a page's picture, whole or in one place, so that "cannot be read" can say why."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from domain.page import Line, PageQuality
from extractors.reading.picture import Picture
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
    counts = np.bincount(grey.ravel(), minlength=256)
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
    counts = np.convolve(np.bincount(grey.ravel(), minlength=256), np.ones(TONE_WIDTH), "same")
    return bool(counts.argmax() >= PAPER_TO_BRIGHTEST * np.percentile(grey, 98))


def blown_out_share(picture: Picture) -> float:
    """Return the share (0-1) of a picture that is at the limit of light in all channels."""
    return float((_sampled(picture).min(axis=2) >= BLOWN_OUT).mean())


def _sampled(picture: Picture) -> Picture:
    step = max(1, math.isqrt(picture.shape[0] * picture.shape[1] // SAMPLED_PX))
    return picture[::step, ::step]


def unread_ink(crop: Picture, line: Line) -> tuple[bool, bool]:
    """Return whether ink stands before the first and after the last character of a line.

    `crop` is the line's own box, cut out of the page. What counts is ink beyond the place that the
    outermost characters take up, at least half a character wide and as dark as type.
    """
    centres = line.positions
    if len(centres) < 2:
        return False, False
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    _, dark = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if dark.mean() > 0.5:
        dark = 1 - dark  # light type on a dark ground
    # Rules above and below the type are no characters.
    height, width = dark.shape
    ink = dark[round(0.2 * height) : max(1, round(0.8 * height))].mean(axis=0)
    first, last = (round(centre * width) for centre in (centres[0], centres[-1]))
    typical = float(ink[first : last + 1].mean()) if last > first else 0.0

    def shows_character(part: npt.NDArray[np.float64], unit_px: float) -> bool:
        inked = part[part > UNREAD_INK * typical]
        return typical > 0 and len(inked) > UNREAD_WIDTH * unit_px

    # Letters and digits are half as wide as characters.
    units = [
        CHARACTER_WIDTH * height / (1 + text.isascii()) for text in (line.text[0], line.text[-1])
    ]
    reach = [max(2, round(UNREAD_BEYOND * unit)) for unit in units]
    before, after = ink[: max(0, first - reach[0])], ink[last + reach[1] :]
    return shows_character(before, units[0]), shows_character(after, units[1])
