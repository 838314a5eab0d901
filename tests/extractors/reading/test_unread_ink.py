"""Ink beside a value that nobody read."""

import cv2
import numpy as np
import pytest

from domain.certificates import FieldName
from domain.page import Line, Page
from extractors.reading.look import Look
from extractors.reading.page_reading import _distrust_halves
from extractors.reading.picture import Picture
from extractors.reading.quality import has_unread_ink
from tests.extractors.reading.values import extraction_of, value_of

STEP = 40
WIDE = 8 * STEP


def crop(places: tuple[int, ...]) -> Picture:
    """Return a line's box, 8 characters wide, with something like a character at some places."""
    picture = np.full((48, WIDE, 3), 245, dtype=np.uint8)
    for place in places:
        left = place * STEP + 6
        for top in (10, 22, 34):
            cv2.rectangle(picture, (left, top), (left + 28, top + 3), (30, 30, 30), -1)
    return picture


def line(places: tuple[float, ...]) -> Line:
    return Line(
        text="字" * len(places),
        quad=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
        confidence=1.0,
        positions=tuple((place + 0.5) * STEP / WIDE for place in places),
        character_confidences=(1.0,) * len(places),
    )


def shows_more(picture: Picture, given: Line) -> bool:
    """Return whether something unread stands before or after all that was read."""
    return has_unread_ink(picture, given, 0, len(given.text) - 1)


def test_a_line_read_to_its_ends_has_none() -> None:
    assert not shows_more(crop((1, 2, 3, 4)), line((1, 2, 3, 4)))


def test_a_character_left_out_at_the_end_is_seen() -> None:
    assert shows_more(crop((1, 2, 3, 4, 5)), line((1, 2, 3, 4)))


def test_a_character_left_out_at_the_beginning_is_seen() -> None:
    assert shows_more(crop((1, 2, 3, 4)), line((2, 3, 4)))


def test_light_type_on_a_dark_ground_counts_as_well() -> None:
    assert shows_more(255 - crop((1, 2, 3, 4, 5)), line((1, 2, 3, 4)))


@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 4), (1, 1)])
def test_a_character_left_out_inside_a_line_is_seen_beside_its_neighbours(
    first: int, last: int
) -> None:
    whole, gap = crop((0, 1, 2, 3, 4, 5)), line((0, 1, 3, 4, 5))

    assert has_unread_ink(whole, gap, first, last)
    assert not has_unread_ink(whole, gap, 3, 4)


def test_an_empty_space_inside_a_line_is_none() -> None:
    assert not has_unread_ink(crop((0, 1, 4, 5)), line((0, 1, 4, 5)), 0, 1)


def test_a_character_whose_place_was_read_late_hides_none_behind_it() -> None:
    late = line((1, 2, 3.3))

    assert shows_more(crop((1, 2, 3, 4)), late)
    assert not shows_more(crop((1, 2, 3)), late)


def test_in_a_box_much_higher_than_the_type_it_is_seen_too() -> None:
    high: Picture = np.pad(crop((1, 2, 3)), ((14, 14), (0, 0), (0, 0)), mode="edge")

    assert shows_more(high, line((1, 2.2)))
    assert not shows_more(high, line((1, 2, 3)))


@pytest.mark.parametrize("row", [2, 45])
def test_a_rule_of_a_form_is_no_character(row: int) -> None:
    picture = crop((1, 2, 3, 4))
    cv2.line(picture, (0, row), (WIDE, row), (30, 30, 30), 2)

    assert not shows_more(picture, line((1, 2, 3, 4)))


def test_a_speck_is_no_character() -> None:
    picture = crop((1, 2, 3, 4))
    cv2.circle(picture, (6 * STEP, 24), 3, (30, 30, 30), -1)

    assert not shows_more(picture, line((1, 2, 3, 4)))


def test_of_a_single_character_nothing_is_said() -> None:
    assert not shows_more(crop((1, 2)), line((1,)))


@pytest.mark.parametrize(("places", "doubted"), [((0, 1, 3, 4), False), ((0, 1, 3, 4, 5), True)])
def test_a_value_that_its_line_says_twice_is_doubted_for_ink_beside_either(
    places: tuple[int, ...], doubted: bool
) -> None:
    picture = crop(places)
    given = Page(
        file_digest="0" * 64,
        page_number=1,
        width_px=WIDE,
        height_px=48,
        turned_degrees=0,
        mirrored=False,
        lines=(line((0, 1, 3, 4)),),
    )
    value = value_of(FieldName.NAME, "字字")
    look = Look(page=given, picture=picture, extraction=extraction_of(value))

    (left,) = _distrust_halves(look).values
    assert (left.confidence == 0.0) is doubted
