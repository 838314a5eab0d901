"""Print under a red seal: in red light the seal is nearly as bright as paper, and print is not."""

import cv2
import numpy as np
import numpy.typing as npt

from extractors.reading.picture import Picture, level_of

# Red is so much brighter than the other channels in a seal's ink; so large a share makes a seal.
SEAL_LEVELS = 40
SEAL_SHARE = 0.01
SEAL_SHARE_OF_PAGE = 0.001
# So many pixels must be dark even in red light for the print below a seal to be read in it. Print
# has less than this share of the paper's light.
INK_SHARE = 0.02
INK_LIGHT = 0.6
# A tenth of what is seen is brighter than paper, by noise, though most of it be ink.
PAPER_PERCENTILE = 90

Mask = npt.NDArray[np.bool_]


def clear_of_seals(crop: Picture) -> Picture:
    """Return a line without the ink of a red seal that lies over dark print, else as it is."""
    red = _is_red(crop)
    return _bleach(crop, red) if _covers_print(crop, red) else crop


def is_sealed(crop: Picture) -> bool:
    """Return whether a red seal lies over a line's dark print."""
    return _covers_print(crop, _is_red(crop))


def bleach_seals(page: Picture) -> Picture | None:
    """Return a page with paper in place of the ink of red seals, None where it has no seal."""
    red = _is_red(page)
    return None if red.mean() < SEAL_SHARE_OF_PAGE else _bleach(page, red)


def _covers_print(crop: Picture, red: Mask) -> bool:
    return bool(red.mean() >= SEAL_SHARE and _is_print(crop).mean() >= INK_SHARE)


def _bleach(picture: Picture, red: Mask) -> Picture:
    # What surrounds strokes of a seal is tinted by them, most of all in strongly compressed files.
    around = cv2.dilate(red.astype(np.uint8), np.ones((5, 5), dtype=np.uint8)) > 0
    bleached = picture.copy()
    paper = np.percentile(picture.reshape(-1, 3), PAPER_PERCENTILE, axis=0)
    bleached[around & ~_is_print(picture)] = paper
    return bleached


def _is_red(picture: Picture) -> Mask:
    blue, green, red = cv2.split(picture)
    return np.asarray(cv2.subtract(red, cv2.max(blue, green)) > SEAL_LEVELS)


def _is_print(picture: Picture) -> Mask:
    red = np.asarray(cv2.extractChannel(picture, 2), dtype=np.uint8)
    return np.asarray(red < INK_LIGHT * level_of(red, PAPER_PERCENTILE))
