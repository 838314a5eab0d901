"""Straighten what lies in a picture as seen from an angle. Pure geometry."""

import math
from collections.abc import Sequence

Point = tuple[float, float]
# Row by row, as it multiplies (x, y, 1).
Matrix = tuple[tuple[float, float, float], ...]


def straighten(corners: Sequence[Point]) -> tuple[Matrix, float, float]:
    """Return the mapping that makes a rectangle of four corners, and its width and height.

    `corners` run clockwise from the top left and must be convex; the rectangle begins at (0, 0) and
    is as large as the corners' sides are on average. Raises `ValueError` where no such mapping
    exists. (P. Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3.)
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    width = (math.dist(corners[0], corners[1]) + math.dist(corners[3], corners[2])) / 2
    height = (math.dist(corners[0], corners[3]) + math.dist(corners[1], corners[2])) / 2
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    denominator = dx1 * dy2 - dx2 * dy1
    if not denominator or not width or not height:
        raise ValueError("corners lie on one line")
    g = (sx * dy2 - dx2 * sy) / denominator
    h = (dx1 * sy - sx * dy1) / denominator
    a, b, c = x1 - x0 + g * x1, x3 - x0 + h * x3, x0
    d, e, f = y1 - y0 + g * y1, y3 - y0 + h * y3, y0
    # The adjugate maps the corners onto the unit square.
    rows = (
        (e - f * h, c * h - b, b * f - c * e),
        (f * g - d, a - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    (p, q, r), (s, t, u), last = rows
    scaled = ((p * width, q * width, r * width), (s * height, t * height, u * height), last)
    return scaled, width, height


def apply(matrix: Matrix, point: Point) -> Point:
    """Return where a point lies after the mapping."""
    x, y = point
    across, down, share = (row[0] * x + row[1] * y + row[2] for row in matrix)
    share = share or 1e-9
    return across / share, down / share
