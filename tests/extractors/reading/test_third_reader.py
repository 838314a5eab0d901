"""The third reader speaks where the second is silent, and confirms only what is surely read."""

import numpy as np
import pytest

from domain.certificates import CertificateType, FieldName
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.page import BoundingBox
from extractors.reading.picture import Picture
from extractors.reading.recognition import RecognizedText
from extractors.reading.third_reader import THIRD_NAME, ask_third
from validators.certainty import Standing, standing_of

PICTURE: Picture = np.full((100, 400, 3), 255, dtype=np.uint8)
CORNERS = ((0.1, 0.2), (0.9, 0.2), (0.9, 0.8), (0.1, 0.8))


def _value(
    field: FieldName,
    text: str,
    second: str | None,
    reader: str | None = "tesseract",
    confidence: float = 0.98,
) -> ExtractedValue:
    evidence = Evidence(
        file_digest="0" * 64,
        page_number=1,
        bbox=BoundingBox(left=0.1, top=0.2, right=0.9, bottom=0.8),
        raw_text=text,
        quad=CORNERS,
        positions=tuple((index + 0.5) / len(text) for index in range(len(text))),
    )
    return ExtractedValue(
        field=field,
        text=text,
        confidence=confidence,
        evidence=evidence,
        second_text=second,
        second_reader=reader,
    )


def _ask(value: ExtractedValue, reading: str, confidence: float = 0.97) -> ExtractedValue:
    """Return the value after a third reader that reads `reading` wherever it is asked."""
    extraction = Extraction(
        file_digest="0" * 64,
        page_number=1,
        classification=Classification(
            certificate_type=CertificateType.CET4, form=None, score=1.0, title="", named=""
        ),
        values=(value,),
    )
    read = RecognizedText(reading, (0.5,) * len(reading), (confidence,) * len(reading))
    return ask_third(PICTURE, extraction, lambda _: read).values[0]


@pytest.mark.parametrize("second", ["", "46", "4665"])
def test_what_the_second_reader_cannot_make_out_is_confirmed_by_the_third(second: str) -> None:
    value = _ask(_value(FieldName.SCORE, "466", second), "466")
    assert (value.second_text, value.second_reader) == ("466", THIRD_NAME)
    assert standing_of(value) is Standing.AGREED


def test_a_date_in_chinese_numerals_is_read_by_the_third_reader() -> None:
    date = "二〇二一年六月"
    value = _ask(_value(FieldName.DATE, date, None, None), date)
    assert standing_of(value) is Standing.AGREED


def test_a_third_reading_that_differs_contradicts_however_unsure_it_is() -> None:
    value = _ask(_value(FieldName.SCORE, "466", ""), "468", confidence=0.3)
    assert standing_of(value) is Standing.CONTRADICTED


@pytest.mark.parametrize(("first", "third"), [(0.89, 0.99), (0.99, 0.89)])
def test_agreement_of_an_unsure_reader_confirms_nothing(first: float, third: float) -> None:
    value = _ask(_value(FieldName.SCORE, "466", "", confidence=first), "466", confidence=third)
    assert standing_of(value) is Standing.ALONE


def test_a_third_reader_without_a_text_says_nothing() -> None:
    value = _value(FieldName.SCORE, "466", "")
    assert _ask(value, " ") == value


@pytest.mark.parametrize(
    ("second", "reader"),
    [("468", "tesseract"), ("466", "tesseract"), ("", "text-layer"), ("467", "skim")],
)
def test_where_somebody_has_spoken_the_third_reader_is_not_asked(second: str, reader: str) -> None:
    value = _value(FieldName.SCORE, "466", second, reader)
    assert _ask(value, "466") == value


@pytest.mark.parametrize(
    ("second", "confidence"),
    [("王子", 0.6), ("王予", 0.97)],
    ids=["backed by the second reader", "sure, and one character differs"],
)
def test_a_name_that_the_first_reader_is_unsure_of_is_read_by_the_third(
    second: str, confidence: float
) -> None:
    unsure = _value(FieldName.NAME, "王籽", second, confidence=0.54)
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
    value = _value(FieldName.NAME, "王籽", second, confidence=first)
    assert _ask(value, third, sure_of_it) == value


def test_an_unsure_traditional_form_gives_way_to_the_simplified_one_of_the_second_reader() -> None:
    value = _ask(_value(FieldName.NAME, "黃梓庆", "黄梓庆", confidence=0.63), "黃梓庆")
    assert (value.text, value.confidence) == ("黄梓庆", 0.63)
    assert standing_of(value) is Standing.AGREED
    sure = _value(FieldName.NAME, "黃梓庆", "黄梓庆", confidence=0.95)
    assert _ask(sure, "黄梓庆") == sure
