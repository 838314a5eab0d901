"""A paper seen from an angle becomes a rectangle again."""

import math

import pytest

from extractors.perspective import apply, straighten

SLANTED = [(120.0, 80.0), (900.0, 40.0), (960.0, 700.0), (60.0, 640.0)]


def test_the_corners_become_those_of_a_rectangle_as_large_as_the_sides_are_on_average() -> None:
    matrix, width, height = straighten(SLANTED)

    corners = [apply(matrix, corner) for corner in SLANTED]

    for found, wanted in zip(
        corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True
    ):
        assert found == pytest.approx(wanted, abs=1e-6)
    assert width == pytest.approx((math.dist(*SLANTED[:2]) + math.dist(*SLANTED[2:])) / 2)


def test_what_lies_on_one_line_stays_on_one_line() -> None:
    matrix, _, _ = straighten(SLANTED)
    (x0, y0), (x1, y1) = (200.0, 300.0), (700.0, 420.0)
    ends_and_middle = [(x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2), (x1, y1)]

    (ax, ay), (bx, by), (cx, cy) = (apply(matrix, point) for point in ends_and_middle)

    assert (bx - ax) * (cy - ay) == pytest.approx((cx - ax) * (by - ay), rel=1e-6)


def test_a_turned_rectangle_is_turned_back() -> None:
    turn = math.radians(12)
    turned = [
        (
            500 + x * math.cos(turn) - y * math.sin(turn),
            400 + x * math.sin(turn) + y * math.cos(turn),
        )
        for x, y in [(-300, -200), (300, -200), (300, 200), (-300, 200)]
    ]

    matrix, width, height = straighten(turned)

    assert (width, height) == pytest.approx((600, 400))
    assert apply(matrix, (500.0, 400.0)) == pytest.approx((300, 200))


def test_corners_on_one_line_are_refused() -> None:
    with pytest.raises(ValueError, match="one line"):
        straighten([(0, 0), (1, 1), (2, 2), (3, 3)])
