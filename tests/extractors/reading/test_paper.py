"""Where the paper lies in a photograph."""

import cv2
import numpy as np
import pytest

from extractors.reading.paper import find_outline, find_paper
from extractors.reading.picture import Picture
from extractors.reading.recognition import Quad

SIZE = (600, 800)
STRAIGHT = np.array([[150, 100], [650, 100], [650, 500], [150, 500]], dtype=np.float32)


def turned(quad: Quad, degrees: float) -> Quad:
    matrix = cv2.getRotationMatrix2D((400, 300), -degrees, 1.0)
    return np.asarray(cv2.transform(quad[:, np.newaxis], matrix)[:, 0], dtype=np.float32)


def photograph(paper: Quad, table: tuple[int, int, int] = (70, 110, 150)) -> Picture:
    picture = np.full((*SIZE, 3), table, dtype=np.uint8)
    cv2.fillConvexPoly(picture, paper.astype(np.int32), (236, 240, 240))
    return picture


def lines(degrees: float, squeeze: float = 0.0) -> list[Quad]:
    """Return eight rows of type, turned; `squeeze` tilts them more the further down they are."""
    rows = []
    for index in range(8):
        top = 140.0 + 40 * index
        row = np.array([[200, top], [600, top], [600, top + 18], [200, top + 18]], np.float32)
        rows.append(turned(row, degrees + squeeze * (index - 3.5)))
    return rows


@pytest.mark.parametrize("degrees", [-12.0, 0.0, 9.0])
def test_the_edges_of_white_paper_on_wood_are_found(degrees: float) -> None:
    paper = turned(STRAIGHT, degrees)

    found = find_paper(photograph(paper))

    assert found is not None
    assert np.abs(found - paper).max() < 12


def test_on_a_table_as_bright_as_the_paper_nothing_is_made_up() -> None:
    assert find_paper(photograph(STRAIGHT, table=(236, 240, 240))) is None


def test_level_rows_need_no_outline() -> None:
    assert find_outline(photograph(STRAIGHT), lines(0.0), SIZE) is None


def test_the_outline_of_a_turned_paper_is_its_edges() -> None:
    paper = turned(STRAIGHT, 8.0)

    outline = find_outline(photograph(paper), lines(8.0), SIZE)

    assert outline is not None
    assert np.abs(outline - paper).max() < 12


def test_without_edges_the_outline_follows_the_rows() -> None:
    plain = np.full((*SIZE, 3), 240, dtype=np.uint8)

    outline = find_outline(plain, lines(6.0), SIZE)

    assert outline is not None
    (x0, y0), (x1, y1) = outline[0], outline[1]
    assert np.degrees(np.arctan2(y1 - y0, x1 - x0)) == pytest.approx(6.0, abs=0.3)


def test_edges_that_run_otherwise_than_the_text_are_not_the_papers() -> None:
    """A bright tablet under the page, say: what is written on it tells more."""
    outline = find_outline(photograph(turned(STRAIGHT, -10.0)), lines(5.0), SIZE)

    assert outline is not None
    (x0, y0), (x1, y1) = outline[0], outline[1]
    assert np.degrees(np.arctan2(y1 - y0, x1 - x0)) == pytest.approx(5.0, abs=0.3)


def test_edges_that_leave_text_outside_are_not_the_papers() -> None:
    small = turned(np.array([[350, 250], [650, 250], [650, 500], [350, 500]], np.float32), 8.0)

    outline = find_outline(photograph(small), lines(8.0), SIZE)

    assert outline is not None
    assert np.abs(outline - small).max() > 50


def test_a_page_without_long_lines_has_no_outline() -> None:
    dots = [np.array([[10, 10], [20, 10], [20, 20], [10, 20]], dtype=np.float32)]

    assert find_outline(photograph(STRAIGHT), dots, SIZE) is None
