"""A PDF's text layer beside its pixels: where it lies, what it hides, where it disagrees."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from domain.certificates import FieldName
from domain.page import Line, Page, TextSource
from extractors.extract import extract
from extractors.reading.layers import compare_layers, find_hidden_text, turn_layer
from extractors.reading.sandbox import LayerLine
from tests.extractors.pages import CET_ROWS, CET_TITLE, cet_page, printed

LINE = LayerLine(
    text="总分420", left=0.1, top=0.2, right=0.5, bottom=0.23, positions=(0.1, 0.3, 0.5, 0.7, 0.9)
)


def with_layer(layer: Sequence[Line]) -> Page:
    return dataclasses.replace(cet_page(), text_layer=tuple(layer))


def layer_saying(*changes: tuple[str, str], more: Sequence[str] = ()) -> Sequence[Line]:
    rows = [
        tuple((x, dict(changes).get(text, text)) for x, text in row)
        if isinstance(row, tuple)
        else dict(changes).get(row, row)
        for row in CET_ROWS
    ]
    return printed(*rows, *more, title=CET_TITLE).lines


def test_a_layer_that_agrees_is_a_second_reading_of_every_value() -> None:
    given = with_layer(layer_saying())

    extraction, disagrees = compare_layers(given, extract(given))

    assert not disagrees
    assert all(value.second_text == value.text for value in extraction.values)
    assert {value.second_reader for value in extraction.values} == {"text-layer"}


def test_a_layer_with_another_score_disagrees_and_the_pixels_value_stays() -> None:
    given = with_layer(layer_saying(("452", "552")))

    extraction, disagrees = compare_layers(given, extract(given))

    score = extraction.get(FieldName.SCORE)
    assert disagrees
    assert score is not None
    assert (score.text, score.second_text) == ("452", "552")


def test_spaces_and_wide_forms_are_no_disagreement() -> None:
    given = with_layer(layer_saying(("452", "４５２"), ("姓名：阿依古丽·买买提",
                                                     "姓名：阿依古丽 ·买买提")))  # fmt: skip

    assert not compare_layers(given, extract(given))[1]


@pytest.mark.parametrize(("first", "disagrees"), [("452", False), ("562", True)])
def test_a_layer_with_two_scores_disagrees_unless_one_is_the_pixels(
    first: str, disagrees: bool
) -> None:
    given = with_layer(layer_saying(("452", first), more=["总分：552"]))

    extraction, found = compare_layers(given, extract(given))

    score = extraction.get(FieldName.SCORE)
    assert found is disagrees
    assert score is not None
    assert (score.text, score.second_text) == ("452", None)


def test_a_layer_of_another_kind_of_paper_disagrees() -> None:
    layer = printed(*CET_ROWS, title="全国大学英语六级考试成绩报告单").lines
    given = with_layer(layer)

    extraction, disagrees = compare_layers(given, extract(given))

    assert disagrees
    assert all(value.second_text is None for value in extraction.values)


@pytest.mark.parametrize("layer", [(), printed("第 1 页").lines])
def test_a_layer_that_says_nothing_of_the_paper_does_not_disagree(layer: Sequence[Line]) -> None:
    given = with_layer(layer)

    assert compare_layers(given, extract(given)) == (extract(given), False)


@pytest.mark.parametrize(
    ("degrees", "top_left", "bottom_right"),
    [
        (0, (0.1, 0.2), (0.5, 0.23)),
        (90, (0.8, 0.1), (0.77, 0.5)),
        (180, (0.9, 0.8), (0.5, 0.77)),
        (270, (0.2, 0.9), (0.23, 0.5)),
    ],
)
def test_a_layer_turns_with_its_page(
    degrees: int, top_left: tuple[float, float], bottom_right: tuple[float, float]
) -> None:
    (line,) = turn_layer((LINE,), degrees)

    assert line.quad[0] == pytest.approx(top_left)
    assert line.quad[2] == pytest.approx(bottom_right)
    assert (line.text, line.source, line.confidence) == ("总分420", TextSource.TEXT_LAYER, 1.0)
    assert len(line.positions) == len(line.character_confidences) == len(line.text)


def shown(line: LayerLine, ink: int, paper: int = 255) -> bool:
    """Return whether a line counts as hidden on a page with stripes of ink in its place."""
    picture = np.full((1000, 800, 3), paper, dtype=np.uint8)
    rows = slice(int(line.top * 1000), max(int(line.bottom * 1000), int(line.top * 1000) + 1))
    picture[rows, int(line.left * 800) : int(line.right * 800) : 3] = ink
    given = dataclasses.replace(with_layer(turn_layer((line,), 0)), width_px=800, height_px=1000)
    return find_hidden_text(given, picture)


def test_text_with_ink_in_its_place_is_seen() -> None:
    assert not shown(LINE, ink=0)
    assert not shown(LINE, ink=255, paper=40)


@pytest.mark.parametrize("ink", [255, 250])
def test_text_without_ink_in_its_place_is_hidden(ink: int) -> None:
    assert shown(LINE, ink=ink)


def test_type_too_low_to_be_read_is_hidden() -> None:
    assert shown(dataclasses.replace(LINE, bottom=0.202), ink=0)


def test_a_stray_letter_is_no_hidden_text() -> None:
    assert not shown(dataclasses.replace(LINE, text="x ", positions=(0.2, 0.8)), ink=255)


def test_text_beyond_the_edge_of_the_page_is_hidden() -> None:
    beyond = dataclasses.replace(LINE, left=1.2, right=1.6)
    picture = np.zeros((1000, 800, 3), dtype=np.uint8)
    picture[::2] = 255
    given = dataclasses.replace(with_layer(turn_layer((beyond,), 0)), width_px=800, height_px=1000)

    assert find_hidden_text(given, picture)
