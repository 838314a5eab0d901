"""What a decoded page is to everything in this package."""

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR
Grey = npt.NDArray[np.uint8]  # height x width


def levels(plane: Grey) -> npt.NDArray[np.float32]:
    """Return how many pixels of a plane have each of the 256 levels."""
    return np.asarray(cv2.calcHist([plane], [0], None, [256], [0, 256]), np.float32).ravel()


def level_of(plane: Grey, percent: float) -> int:
    """Return the lowest level (0-255) that so many per cent of a plane's pixels do not exceed."""
    return int(np.searchsorted(levels(plane).cumsum(), percent / 100 * plane.size))
