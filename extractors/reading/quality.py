"""Measure a page's picture, so that "cannot be read" can say why."""

import cv2
import numpy as np

from domain.page import PageQuality
from extractors.reading.recognition import Picture, shrink

MEASURED_SIDE_PX = 736
# A page whose grey levels vary less than this shows nothing at all.
BLANK_CONTRAST = 4.0


def measure(picture: Picture) -> PageQuality:
    """Return sharpness, brightness, contrast and glare, measured at 736 pixels (see the type)."""
    grey = cv2.cvtColor(shrink(picture, MEASURED_SIDE_PX), cv2.COLOR_BGR2GRAY)
    counts = np.bincount(grey.ravel(), minlength=256)
    paper = int(np.searchsorted(counts.cumsum(), 0.75 * grey.size))
    glare = counts[250:].sum() / grey.size if paper < 235 else 0.0
    return PageQuality(
        sharpness=round(float(cv2.Laplacian(grey, cv2.CV_16S).var()), 1),
        brightness=round(float(grey.mean()), 1),
        contrast=round(float(grey.std()), 1),
        glare_share=round(float(glare), 4),
    )
