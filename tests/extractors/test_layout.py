"""Rows, searchable text and the way back to characters, boxes and confidence."""

import pytest

from domain.certificates import FieldName
from extractors.layout import character_span, fold, lay_out, part_of_quad
from tests.extractors.pages import HEIGHT, WIDTH, line, page


def rows_of(*lines: object) -> list[list[str]]:
    return [[item.line.text for item in row] for row in lay_out(page(lines)).rows]  # type: ignore[arg-type]


def test_lines_on_one_baseline_are_one_row_from_left_to_right() -> None:
    rows = rows_of(line(600, 104, "右"), line(100, 200, "下"), line(100, 100, "左"))

    assert rows == [["左", "右"], ["下"]]


def test_the_slope_of_a_page_does_not_mix_its_rows() -> None:
    lines = [
        line(x, 100 + 40 * row + 0.08 * x, f"row {row} at {x} of a long line", slope=0.08)
        for row in range(6)
        for x in (50, 550)
    ]

    rows = rows_of(*lines)

    assert [[text.split()[1] for text in row] for row in rows] == [[str(n)] * 2 for n in range(6)]


def test_rows_of_a_photo_whose_slope_changes_down_the_page() -> None:
    lines = [
        line(
            x, 100 + 60 * row + 0.01 * row * x, f"row {row} at {x} of a long line", slope=0.01 * row
        )
        for row in range(8)
        for x in (50, 550)
    ]

    rows = rows_of(*lines)

    assert [[text.split()[1] for text in row] for row in rows] == [[str(n)] * 2 for n in range(8)]


def test_type_of_two_sizes_on_one_baseline_is_one_row() -> None:
    assert rows_of(line(100, 100, "大", height=40), line(300, 104, "小", height=18)) == [
        ["大", "小"]
    ]


def test_the_text_joins_rows_and_lines_and_folds_their_forms() -> None:
    text = lay_out(
        page([line(100, 100, "總分："), line(300, 100, "４２５　分"), line(100, 200, "№")])
    )

    assert text.text == "\n总分:\t425 分\n№"


@pytest.mark.parametrize("printed", ["１２３", "總績", "Ａ：　ｂ", "ﬁ", "㎡x", "ƛ𠮷"])
def test_folding_keeps_every_character_in_its_place(printed: str) -> None:
    assert len(fold(printed)) == len(printed)


def test_a_value_is_what_is_printed_and_not_what_was_folded() -> None:
    text = lay_out(page([line(100, 100, "總分 ４２５")]))
    start = text.text.index("425")

    value = text.value(FieldName.SCORE, start, start + 3)

    assert value is not None
    assert (value.text, value.evidence.raw_text) == ("４２５", "４２５")


def test_the_box_of_a_value_covers_exactly_its_characters() -> None:
    whole = line(100, 300, "编号 212199001000001 打印")
    text = lay_out(page([whole]))
    start = text.text.index("2121")

    value = text.value(FieldName.CERTIFICATE_NUMBER, start, start + 15)

    assert value is not None
    box = value.evidence.bbox
    # Two Han characters and a space (20 px type) before it, fifteen digits of 10 px.
    assert box.left * WIDTH == pytest.approx(150, abs=3)
    assert box.right * WIDTH == pytest.approx(300, abs=3)
    assert (box.top * HEIGHT, box.bottom * HEIGHT) == (pytest.approx(290), pytest.approx(310))
    assert len(value.evidence.positions) == 15
    assert value.evidence.positions == tuple(sorted(value.evidence.positions))
    assert value.evidence.positions[0] == pytest.approx(0.5 / 15, abs=0.02)
    assert value.evidence.positions[-1] == pytest.approx(14.5 / 15, abs=0.02)


def test_a_value_that_runs_over_two_lines_has_a_box_around_both_and_no_quad() -> None:
    text = lay_out(page([line(100, 100, "99010119900101"), line(100, 140, "0015")]))

    value = text.value(FieldName.ID_NUMBER, 1, len(text.text))

    assert value is not None
    assert value.text == "990101199001010015"
    assert value.evidence.quad == value.evidence.positions == ()
    assert value.evidence.bbox.top * HEIGHT == pytest.approx(90)
    assert value.evidence.bbox.bottom * HEIGHT == pytest.approx(150)


def test_confidence_is_that_of_the_least_certain_letter_or_digit() -> None:
    doubtful = line(100, 100, "A 1-2 3", doubts={1: 0.1, 3: 0.2, 4: 0.7})
    text = lay_out(page([doubtful]))

    value = text.value(FieldName.CERTIFICATE_NUMBER, 1, len(text.text))

    assert value is not None
    assert value.confidence == 0.7


def test_doubt_beside_a_value_is_not_doubt_of_the_value() -> None:
    text = lay_out(page([line(100, 100, "总分425", doubts={0: 0.2, 1: 0.3, 4: 0.8})]))

    value = text.value(FieldName.SCORE, 3, 6)

    assert value is not None
    assert (value.text, value.confidence) == ("425", 0.8)


def test_nothing_printed_is_no_value() -> None:
    text = lay_out(page([line(100, 100, "a"), line(100, 200, "b")]))

    assert text.value(FieldName.SCORE, 0, 1) is None
    assert text.value(FieldName.SCORE, 2, 3) is None


def test_a_page_without_text_has_no_rows() -> None:
    text = lay_out(page([]))

    assert (text.rows, text.text) == ((), "")


def test_the_span_of_characters_stays_inside_the_line_and_keeps_their_order() -> None:
    positions = (0.1, 0.3, 0.5, 0.7, 0.9)

    assert character_span(positions, 0, 4) == (0.0, 1.0)
    assert character_span(positions, 1, 2) == (pytest.approx(0.2), pytest.approx(0.6))
    assert character_span((), 0, 0) == (0.0, 1.0)
    start, end = character_span((0.5, 0.5), 0, 0)
    assert 0 <= start < end <= 1


def test_a_part_of_a_slanted_quad_is_slanted() -> None:
    quad = ((0.0, 0.0), (1.0, 0.2), (1.0, 0.3), (0.0, 0.1))

    part = part_of_quad(quad, 0.25, 0.75)

    expected = ((0.25, 0.05), (0.75, 0.15), (0.75, 0.25), (0.25, 0.15))
    assert [coordinate for corner in part for coordinate in corner] == pytest.approx(
        [coordinate for corner in expected for coordinate in corner]
    )


def test_an_empty_margin_of_a_line_belongs_to_no_character() -> None:
    start, end = character_span((0.4, 0.5, 0.6), 0, 2)

    assert start == pytest.approx(0.325)
    assert end == pytest.approx(0.675)
