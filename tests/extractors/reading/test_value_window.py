"""A value read alone: with a margin, without its neighbours, put back into its line."""

import numpy as np
import pytest

from domain.page import Line
from extractors.reading.picture import Picture
from extractors.reading.recognition import Quad, RecognizedText, crop_quad, rectangle
from extractors.reading.value_window import crop_window, put_in, without_neighbours

# Three characters of 40 x 40 pixels.
QUAD: Quad = rectangle(120, 40) + np.array([100, 30], dtype=np.float32)


def read(text: str, places: tuple[float, ...]) -> RecognizedText:
    return RecognizedText(text, places, tuple(0.9 for _ in text))


def test_a_window_shows_a_quarter_of_the_height_at_both_ends() -> None:
    picture: Picture = np.full((100, 400, 3), 255, dtype=np.uint8)
    picture[:, :91] = picture[:, 229:] = 0  # 9 pixels from the value: inside the margin of 10
    window = crop_window(picture, QUAD)
    assert window.shape[:2] == (40, 140)
    assert window[:, 3:-3].min() == 255
    assert window[:, 0].max() == window[:, -1].max() == 0


def test_what_stands_in_the_margins_is_left_out() -> None:
    # The window is 140 long: its margins end at 10 and 130.
    seen = read("：王小明（", (4 / 140, 30 / 140, 70 / 140, 110 / 140, 137 / 140))
    own = without_neighbours(seen, QUAD)
    assert own.text == "王小明"
    assert own.positions == pytest.approx((20 / 120, 60 / 120, 100 / 120))
    assert own.character_confidences == (0.9, 0.9, 0.9)


def test_spaces_at_the_ends_of_a_value_are_no_part_of_it() -> None:
    seen = read(" 王 明 ", (11 / 140, 30 / 140, 70 / 140, 110 / 140, 129 / 140))
    assert without_neighbours(seen, QUAD).text == "王 明"


@pytest.mark.parametrize("new", ["翀", "羽中"])
def test_a_value_takes_its_place_in_the_line_whatever_its_length(new: str) -> None:
    line = Line(
        text="姓名：姚肿（女",
        quad=((0.0, 0.0), (0.7, 0.0), (0.7, 0.1), (0.0, 0.1)),
        confidence=0.99,
        positions=tuple((index + 0.5) / 7 for index in range(7)),
        character_confidences=(0.99,) * 7,
    )
    result = read(
        "姚" + new, tuple((index + 0.5) / (len(new) + 1) for index in range(len(new) + 1))
    )
    mended = put_in(line, 3, 4, result)
    assert mended.text == f"姓名：姚{new}（女"
    assert len(mended.positions) == len(mended.character_confidences) == len(mended.text)
    assert list(mended.positions) == sorted(mended.positions)
    assert min(mended.character_confidences) == 0.9
    assert mended.quad == line.quad


@pytest.mark.parametrize("noise", [0.0, 0.004])
def test_an_upright_line_is_cut_out_pixel_by_pixel(noise: float) -> None:
    picture: Picture = np.random.default_rng(1).integers(0, 255, (100, 400, 3), dtype=np.uint8)
    crop = crop_quad(picture, QUAD + np.float32(noise))
    assert np.array_equal(crop, picture[30:70, 100:220])
    crop[:] = 0
    assert picture[30:70, 100:220].any()


def test_a_line_that_reaches_out_of_the_page_goes_on_as_the_page_ends() -> None:
    picture: Picture = np.full((50, 150, 3), 200, dtype=np.uint8)
    crop = crop_quad(picture, QUAD)
    assert crop.shape == (40, 120, 3)
    assert crop.min() == crop.max() == 200
