import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.faults import DocumentFault
from domain.page import BoundingBox
from extractors.reading.picture import Picture
from extractors.reading.showing import (
    CELL_PX,
    STRIP_HEIGHT_PX,
    PagePlace,
    Pictures,
    ValuePlace,
    _upright,
)
from tests.validators.builders import POLICY


def decoded(content: bytes) -> Picture:
    picture = cv2.imdecode(np.frombuffer(content, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, dtype=np.uint8)


@pytest.fixture
def pictures() -> Pictures:
    return Pictures(POLICY.reading, POLICY.intake)


@pytest.fixture
def place(tmp_path: Path) -> PagePlace:
    """Give a page with three dark, unequally wide glyphs on white, at 10, 40 and 80 % of a row."""
    page = np.full((400, 600, 3), 255, dtype=np.uint8)
    for start, end in ((100, 120), (160, 240), (300, 310)):
        page[200:230, start:end] = 0
    page[20:60, 20:200] = (0, 0, 255)  # somebody's name, in red
    assert cv2.imwrite(str(tmp_path / "page.png"), page)
    return PagePlace(path=str(tmp_path / "page.png"), kind="png", page_number=1)


VALUE = ValuePlace(
    bbox=BoundingBox(left=90 / 600, top=0.5, right=320 / 600, bottom=0.575),
    quad=((90 / 600, 0.5), (320 / 600, 0.5), (320 / 600, 0.575), (90 / 600, 0.575)),
    positions=(20 / 230, 110 / 230, 215 / 230),
    layout=((0, 1), (None, 1), (1, 1), (2, 1)),
)


def darkness(strip: Picture, cell: int) -> float:
    part = strip[:, cell * CELL_PX : (cell + 1) * CELL_PX]
    return float(255 - part.mean())


def test_each_glyph_stands_in_its_characters_cell(pictures: Pictures, place: PagePlace) -> None:
    with pictures:
        strip = decoded(pictures.strip(place, VALUE))
    assert strip.shape[:2] == (STRIP_HEIGHT_PX, 4 * CELL_PX)
    assert min(darkness(strip, 0), darkness(strip, 2), darkness(strip, 3)) > 10
    assert darkness(strip, 1) < 3
    middle = strip[:, 2 * CELL_PX : 3 * CELL_PX].mean(axis=(0, 2))
    assert abs(float(np.average(np.arange(CELL_PX), weights=255 - middle)) - CELL_PX / 2) < 4


def test_hidden_characters_leave_nothing_of_themselves(
    pictures: Pictures, place: PagePlace
) -> None:

    with pictures:
        hidden = dataclasses.replace(VALUE, hidden=frozenset({1}))
        strip = decoded(pictures.strip(place, hidden))
        covered = dataclasses.replace(
            VALUE, covers=(((0.03, 0.04), (0.34, 0.04), (0.34, 0.16), (0.03, 0.16)),)
        )
        wide = dataclasses.replace(covered, bbox=BoundingBox(left=0.1, top=0.2, right=0.6,
                                                             bottom=0.5), quad=())  # fmt: skip
        plain = decoded(pictures.context(place, dataclasses.replace(wide, covers=())))
        context = decoded(pictures.context(place, wide))
    cell = strip[4:-4, 2 * CELL_PX + 3 : 3 * CELL_PX - 3]
    assert int(np.ptp(cell.astype(int))) < 12
    assert red(plain) > 1000
    # What is left of red is the frame around the value.
    assert red(context) < red(plain) / 4


def red(picture: Picture) -> int:
    blue, green, strong = (picture[:, :, channel].astype(int) for channel in range(3))
    return int(((strong > 230) & (blue < 60) & (green < 60)).sum())


def test_the_page_carries_who_looks_at_it(pictures: Pictures, place: PagePlace) -> None:
    with pictures:
        with_name = decoded(pictures.page(place, (), "li 2024-04-01 10:00"))
        other = decoded(pictures.page(place, (), "wang 2024-04-01 10:00"))
        small = decoded(pictures.page(place, (), "li 2024-04-01 10:00", side_px=300))
        assert pictures.count(place) == 1
        with pytest.raises(DocumentFault, match="pages"):
            pictures.page(PagePlace(path=place.path, kind="png", page_number=2), (), "li")
    assert with_name.shape == other.shape == (400, 600, 3)
    assert small.shape == (200, 300, 3)
    assert int(np.abs(with_name.astype(int) - other.astype(int)).max()) > 20


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_is_turned_as_the_reader_turned_it(turned: int, mirrored: bool) -> None:
    page = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    wanted = page
    if turned in (90, 270):
        wanted = np.rot90(wanted, -1)
    wanted = wanted[:, ::-1] if mirrored else wanted
    wanted = np.rot90(wanted, 2) if turned in (180, 270) else wanted
    assert np.array_equal(_upright(page, turned, mirrored), wanted)


def test_a_file_that_cannot_be_opened_says_so(pictures: Pictures, tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"\xff\xd8nothing")
    place = PagePlace(path=str(tmp_path / "broken"), kind="jpeg", page_number=1)
    with pictures, pytest.raises(DocumentFault):
        pictures.page(place, (), "li")
