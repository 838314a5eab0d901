"""Lines of text in a detector's map of probabilities.

Differentiable binarization (Liao et al., "Real-time scene text detection with differentiable
binarization", 2020) trains a network to see lines shrunk, so that neighbours do not touch: each
region is boxed, scored by the mean of its probabilities, and enlarged again.
"""

import math

import cv2
import numpy as np
import numpy.typing as npt

Map = npt.NDArray[np.float32]  # height x width, 0-1
Box = npt.NDArray[np.float32]  # 4 x 2 pixels

# A pixel belongs to a line, and a region is one, from these probabilities on.
PIXEL_PROBABILITY = 0.3
REGION_PROBABILITY = 0.5
# A region grows on all sides by this share of its area over its circumference.
GROWTH = 1.6
# Lower regions, before and after they grew, are none.
LOWEST_REGION_PX = 3
LOWEST_GROWN_PX = 5
MOST_REGIONS = 1000
_JOINING = np.ones((2, 2), dtype=np.uint8)


def find_lines(probabilities: Map, size: tuple[int, int]) -> list[Box]:
    """Return the boxes of lines, in whole pixels of a page of `size` (height, width).

    Each is given by its corners (4 x 2), clockwise from any of them.
    """
    text = (probabilities > PIXEL_PROBABILITY).astype(np.uint8)
    contours, _ = cv2.findContours(
        cv2.dilate(text, _JOINING), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE
    )
    scale = np.array(size[::-1], dtype=np.float32) / probabilities.shape[::-1]
    furthest = np.array(size[::-1]) - 1
    lines: list[Box] = []
    for contour in contours[:MOST_REGIONS]:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < LOWEST_REGION_PX:
            continue
        region = cv2.boxPoints((centre, (width, height), angle))
        if _mean_within(probabilities, region) < REGION_PROBABILITY:
            continue
        growth = GROWTH * width * height / (width + height)  # of both sides together
        grown = (width + growth, height + growth)
        if min(grown) < LOWEST_GROWN_PX:
            continue
        corners = np.round(cv2.boxPoints((centre, grown, angle)) * scale)
        lines.append(np.clip(corners, 0, furthest).astype(np.float32))
    return lines


def _mean_within(probabilities: Map, region: cv2.typing.MatLike) -> float:
    """Return the mean probability inside a region's corners."""
    height, width = probabilities.shape
    xs, ys = zip(*region.tolist(), strict=True)
    left, right = max(0, math.floor(min(xs))), min(width - 1, math.ceil(max(xs)))
    top, bottom = max(0, math.floor(min(ys))), min(height - 1, math.ceil(max(ys)))
    inside = np.zeros((bottom - top + 1, right - left + 1), dtype=np.uint8)
    cv2.fillPoly(inside, [(region - (left, top)).astype(np.int32)], (1,))
    part = probabilities[top : bottom + 1, left : right + 1]
    return float(cv2.mean(part, inside)[0])
