"""What Tesseract is shown of a value: its print, and nothing of what lies around or over it."""

import cv2
import numpy as np
import pytest

from domain.extraction import Evidence
from domain.page import BoundingBox
from extractors.reading.picture import Picture
from extractors.reading.value_crops import BORDER_PX, FIGURES, GREY, crop_value

HEIGHT, WIDTH = 60, 400


def _paper() -> Picture:
    return np.full((HEIGHT, WIDTH, 3), 245, dtype=np.uint8)


def _print(picture: Picture, text: str, left: int, colour: tuple[int, int, int]) -> None:
    cv2.putText(picture, text, (left, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.3, colour, 3)


def _evidence(text: str, positions: tuple[float, ...] = ()) -> Evidence:
    corners = ((0.05, 0.0), (0.95, 0.0), (0.95, 1.0), (0.05, 1.0))
    centres = positions or tuple((index + 0.5) / len(text) for index in range(len(text)))
    return Evidence(
        file_digest="0" * 64,
        page_number=1,
        bbox=BoundingBox(left=0.05, top=0.0, right=0.95, bottom=1.0),
        raw_text=text,
        quad=corners,
        positions=centres,
    )


def _ink(crop: np.ndarray) -> int:
    return int((crop < 128).sum())


def test_a_ruling_at_the_edge_is_not_shown() -> None:
    plain, ruled = _paper(), _paper()
    for picture in (plain, ruled):
        _print(picture, "475", 150, (20, 20, 20))
    cv2.line(ruled, (0, 2), (WIDTH, 4), (60, 60, 60), 2)
    cv2.line(ruled, (0, HEIGHT - 3), (WIDTH, HEIGHT - 3), (60, 60, 60), 2)
    shown = [crop_value(p, _evidence("475"), FIGURES, digit_runs=False) for p in (plain, ruled)]
    assert _ink(shown[1]) == pytest.approx(_ink(shown[0]), rel=0.1)


def test_ink_in_the_middle_of_a_line_is_shown_even_if_it_is_small() -> None:
    dash = _paper()
    cv2.line(dash, (180, HEIGHT // 2), (220, HEIGHT // 2), (20, 20, 20), 3)
    assert _ink(crop_value(dash, _evidence("-"), FIGURES, digit_runs=False)) > 50


def test_a_red_seal_over_dark_print_is_not_shown() -> None:
    sealed = _paper()
    _print(sealed, "2021", 150, (20, 20, 20))
    plain = sealed.copy()
    stamp = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    cv2.circle(stamp, (200, 30), 60, 255, 8)
    cv2.circle(stamp, (160, 60), 30, 255, 8)
    sealed[(stamp > 0) & (sealed[:, :, 0] > 128)] = (60, 50, 225)
    shown = [crop_value(p, _evidence("2021"), FIGURES, digit_runs=False) for p in (plain, sealed)]
    assert _ink(shown[1]) == pytest.approx(_ink(shown[0]), rel=0.15)


def test_red_print_itself_is_shown() -> None:
    red = _paper()
    _print(red, "88", 150, (40, 30, 200))
    assert _ink(crop_value(red, _evidence("88"), FIGURES, digit_runs=False)) > 300


def test_digits_are_cut_at_the_gaps_where_their_places_are_wrong() -> None:
    date = _paper()
    _print(date, "2016", 40, (20, 20, 20))
    cv2.rectangle(date, (160, 15), (190, 45), (20, 20, 20), 3)  # a character of one piece
    _print(date, "6", 205, (20, 20, 20))
    cv2.rectangle(date, (240, 15), (270, 45), (20, 20, 20), 3)
    late = (0.1, 0.18, 0.28, 0.36, 0.5, 0.68, 0.75)
    shown = crop_value(date, _evidence("2016年6月", late), GREY, digit_runs=True)
    inked = (shown[BORDER_PX:-BORDER_PX] < 128).any(axis=0)
    pieces = int(np.count_nonzero(inked[1:] & ~inked[:-1]))
    assert pieces == 5  # 2, 0, 1, 6, 6 and no box


def test_figures_with_dashes_stay_on_one_line_as_printed() -> None:
    date = _paper()
    _print(date, "2021-06", 80, (20, 20, 20))
    evidence = _evidence("2021-06")
    whole = crop_value(date, evidence, GREY, digit_runs=False)
    assert np.array_equal(crop_value(date, evidence, GREY, digit_runs=True), whole)
