"""Measure a page's picture, so that "cannot be read" can say why."""

import cv2
import numpy as np

from domain.page import PageQuality
from extractors.reading.recognition import Picture

MEASURED_SIDE_PX = 1000
# A page whose grey levels vary less than this shows nothing at all.
BLANK_CONTRAST = 4.0


def measure(picture: Picture) -> PageQuality:
    """Return sharpness, brightness, contrast and glare, measured at 1,000 pixels (see the type)."""
    height, width = picture.shape[:2]
    scale = min(1.0, MEASURED_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    paper = float(np.percentile(grey, 75))
    glare = float(np.mean(grey >= 250)) if paper < 235 else 0.0
    return PageQuality(
        sharpness=round(float(cv2.Laplacian(grey, cv2.CV_64F).var()), 1),
        brightness=round(float(grey.mean()), 1),
        contrast=round(float(grey.std()), 1),
        glare_share=round(glare, 4),
    )
