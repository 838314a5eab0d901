"""The third reader speaks where the second is silent, and confirms only what is surely read."""

from dataclasses import replace

import pytest

from domain.certificates import FieldName
from domain.extraction import ExtractedValue
from extractors.reading.picture import Picture
from extractors.reading.recognition import RecognizedText
from extractors.reading.second_reader import READER_NAME, is_critical
from extractors.reading.third_reader import THIRD_NAME, ask_third
from tests.extractors.reading.values import PICTURE, extraction_of, value_of
from validators.certainty import Standing, standing_of


def _ask(value: ExtractedValue, reading: str, confidence: float = 0.97) -> ExtractedValue:
    """Return the value after a third reader that reads `reading` wherever it is asked."""
    read = RecognizedText(reading, (0.5,) * len(reading), (confidence,) * len(reading))
    return ask_third(PICTURE, extraction_of(value), lambda _: read).values[0]


@pytest.mark.parametrize("second", ["", "46", "4665"])
def test_what_the_second_reader_cannot_make_out_is_confirmed_by_the_third(second: str) -> None:
    value = _ask(value_of(FieldName.SCORE, "466", second, READER_NAME), "466")
    assert (value.second_text, value.second_reader) == ("466", THIRD_NAME)
    assert standing_of(value) is Standing.AGREED


def test_a_date_in_chinese_numerals_is_read_by_the_third_reader() -> None:
    date = "二〇二一年六月"
    value = _ask(value_of(FieldName.DATE, date), date)
    assert standing_of(value) is Standing.AGREED


def test_a_third_reading_that_differs_contradicts_however_unsure_it_is() -> None:
    value = _ask(value_of(FieldName.SCORE, "466", "", READER_NAME), "468", confidence=0.3)
    assert standing_of(value) is Standing.CONTRADICTED


@pytest.mark.parametrize(("first", "third"), [(0.89, 0.99), (0.99, 0.89)])
def test_agreement_of_an_unsure_reader_confirms_nothing(first: float, third: float) -> None:
    value = _ask(
        value_of(FieldName.SCORE, "466", "", READER_NAME, confidence=first), "466", confidence=third
    )
    assert standing_of(value) is Standing.ALONE


def test_a_third_reader_without_a_text_says_nothing() -> None:
    value = value_of(FieldName.SCORE, "466", "", READER_NAME)
    assert _ask(value, " ") == value


@pytest.mark.parametrize(
    ("second", "reader"),
    [("468", "tesseract"), ("466", "tesseract"), ("", "text-layer"), ("467", "skim")],
)
def test_where_somebody_has_spoken_the_third_reader_is_not_asked(second: str, reader: str) -> None:
    value = value_of(FieldName.SCORE, "466", second, reader)
    assert _ask(value, "466") == value


@pytest.mark.parametrize(
    ("second", "confidence"),
    [("王子", 0.6), ("王予", 0.97)],
    ids=["backed by the second reader", "sure, and one character differs"],
)
def test_a_name_that_the_first_reader_is_unsure_of_is_read_by_the_third(
    second: str, confidence: float
) -> None:
    unsure = value_of(FieldName.NAME, "王籽", second, READER_NAME, confidence=0.54)
    value = _ask(unsure, "王子", confidence)
    assert (value.text, value.confidence) == ("王子", confidence)


@pytest.mark.parametrize(
    ("first", "second", "third", "sure_of_it"),
    [
        (0.54, "王予", "王子", 0.8),  # unsure, and alone
        (0.54, "王子", "王子", 0.5),  # less sure than the first
        (0.54, "王予", "黄予", 0.97),  # another name altogether
        (0.95, "王子", "王子", 0.97),  # the first reader is sure
        (0.0, "王子", "王子", 0.97),  # half of a name
    ],
)
def test_a_name_stays_as_the_first_reader_read_it_where_the_third_is_no_better_founded(
    first: float, second: str, third: str, sure_of_it: float
) -> None:
    value = value_of(FieldName.NAME, "王籽", second, READER_NAME, confidence=first)
    assert _ask(value, third, sure_of_it) == value


@pytest.mark.parametrize("confidence", [0.63, 0.98])
def test_a_traditional_form_gives_way_to_the_simplified_one_of_the_second_reader(
    confidence: float,
) -> None:
    value = _ask(
        value_of(FieldName.NAME, "黃梓庆", "黄梓庆", READER_NAME, confidence=confidence), "黃梓庆"
    )
    assert (value.text, value.confidence) == ("黄梓庆", confidence)
    assert standing_of(value) is Standing.AGREED


def test_each_character_is_simplified_by_itself() -> None:
    value = _ask(value_of(FieldName.NAME, "黃秀燊", "黄秀宗", READER_NAME, 0.65), "黃秀燊", 0.5)
    assert value.text == "黄秀燊"
    shorter = _ask(value_of(FieldName.NAME, "黃秀燊", "黄秀", READER_NAME, 0.65), "黃秀燊", 0.5)
    assert shorter.text == "黃秀燊"


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        (FieldName.GRADE, "良好", "恨好"),
        (FieldName.DATE, "2022年12月", "2922年12月"),
        (FieldName.ISSUE_DATE, "2022-12-28", "2022-12-2B"),
    ],
)
def test_what_is_no_value_of_the_field_counts_as_silence_of_the_second_reader(
    field: FieldName, first: str, second: str
) -> None:
    value = _ask(value_of(field, first, second, READER_NAME), first)
    assert (value.second_text, value.second_reader) == (first, THIRD_NAME)


def test_another_grade_of_the_second_reader_stands() -> None:
    value = value_of(FieldName.GRADE, "不合格", "合格", READER_NAME)
    assert _ask(value, "不合格") == value


def test_an_unsure_third_reader_is_shown_more_of_what_surrounds_the_value() -> None:
    widths: list[int] = []

    def read(crop: Picture) -> RecognizedText:
        widths.append(crop.shape[1])
        sure = len(widths) > 1
        return RecognizedText("466", (0.3, 0.5, 0.7), (0.99 if sure else 0.8,) * 3)

    value = value_of(FieldName.SCORE, "466", "", READER_NAME)
    asked = ask_third(PICTURE, extraction_of(value), read).values[0]
    assert (asked.second_text, asked.second_reader) == ("466", THIRD_NAME)
    assert widths[1] > widths[0]


def test_a_ticket_is_read_again_only_where_the_paper_has_no_number() -> None:
    ticket = value_of(FieldName.ADMISSION_TICKET, "990011212104208")
    number = value_of(FieldName.CERTIFICATE_NUMBER, "212199001000001", "212199001000001")
    alone, both = extraction_of(ticket), replace(extraction_of(ticket), values=(ticket, number))
    assert (is_critical(ticket, alone), is_critical(ticket, both)) == (True, False)
    assert is_critical(number, both)
    read = RecognizedText(ticket.text, (0.5,) * 15, (0.97,) * 15)
    assert ask_third(PICTURE, both, lambda _: read).values[0] == ticket
    assert ask_third(PICTURE, alone, lambda _: read).values[0].second_text == ticket.text
