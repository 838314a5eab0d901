"""What skimming leaves in doubt is read closely: values alone, or lines where that falls short."""

from collections.abc import Sequence

import numpy as np
import pytest

from domain.certificates import FieldName
from domain.extraction import ExtractedValue, Extraction
from extractors.reading.page_reading import read_page
from extractors.reading.picture import Picture
from extractors.reading.recognition import Quad, RecognizedText, TextEngine
from extractors.reading.sandbox import DecodedPage

LEFT, LINE_PX, STEP_PX = 20, 40, 60
NAME_LINE = "姓名：王肿"
NUMBER_LINE = "成绩报告单编号：211111111111112"
ID_LABEL = "身份证号码："

Reading = tuple[str, float]


class Printed(TextEngine):
    """Reads lines by the tone of the paper that each lies on; the larger model has its own texts.

    `alone` is what that model reads of a value that is shown without its line.
    """

    def __init__(self, lines: Sequence[Reading], closely: dict[str, Reading], alone: Reading):
        self._lines, self._closely, self._alone = list(lines), closely, alone
        self.shown_alone, self.shown_whole = 0, list[str]()

    def picture(self) -> Picture:
        picture = np.full((STEP_PX * (len(self._lines) + 1), 900, 3), 255, dtype=np.uint8)
        for row in range(len(self._lines)):
            top = round(STEP_PX * (row + 0.4))
            picture[top : top + STEP_PX] = self._tone(row)
        return picture

    def detect(self, *_: object) -> list[Quad]:
        boxes = []
        for row, (text, _) in enumerate(self._lines):
            top, right = STEP_PX * row + 30, LEFT + LINE_PX * len(text) / 2
            bottom = top + LINE_PX
            boxes.append([[LEFT, top], [right, top], [right, bottom], [LEFT, bottom]])
        return list(np.array(boxes, dtype=np.float32))

    def skim(self, crops: Sequence[Picture]) -> list[RecognizedText]:
        return [_as_read(*self._lines[self._row(crop)]) for crop in crops]

    def read_closely(self, crops: Sequence[Picture]) -> list[RecognizedText]:
        return [_as_read(*self._closer(crop)) for crop in crops]

    def _closer(self, crop: Picture) -> Reading:
        text, confidence = self._lines[self._row(crop)]
        if 2 * crop.shape[1] / LINE_PX < len(text) - 1:
            self.shown_alone += 1
            return self._alone
        self.shown_whole.append(text)
        return self._closely.get(text, (text, confidence))

    @staticmethod
    def _tone(row: int) -> int:
        return 255 - 2 * row

    def _row(self, crop: Picture) -> int:
        return (255 - int(np.median(crop))) // 2


def _as_read(text: str, confidence: float) -> RecognizedText:
    """Return a text spread evenly over its picture."""
    places = tuple((index + 0.5) / len(text) for index in range(len(text)))
    return RecognizedText(text, places, (confidence,) * len(text))


def lines_of(*changed: Reading) -> list[Reading]:
    """Return the lines of a report, some of them read otherwise; each is known by its label."""
    lines = {
        text[:3]: (text, 0.99)
        for text in (
            "全国大学英语四级考试",
            NAME_LINE,
            NUMBER_LINE,
            "听力：150",
            "阅读：160",
            "写作和翻译：140",
            "总分：450",
            "考试时间：2021年6月",
        )
    }
    return list((lines | {text[:3]: (text, sureness) for text, sureness in changed}).values())


def read(engine: Printed) -> Extraction:
    page = DecodedPage(picture=engine.picture(), text_layer=())
    return read_page(page, "0" * 64, 1, engine, second_reader=False).extraction


def value_of(extraction: Extraction, field: FieldName) -> ExtractedValue:
    (value,) = extraction.all(field)
    return value


def test_what_is_surely_skimmed_is_not_read_again() -> None:
    engine = Printed(lines_of(), {}, ("？？", 0.99))
    assert value_of(read(engine), FieldName.NAME).text == "王肿"
    assert (engine.shown_alone, engine.shown_whole) == (0, [])


@pytest.mark.parametrize("name", ["王翀", "王羽中"])
def test_a_name_in_doubt_is_what_the_larger_model_reads_of_it_alone(name: str) -> None:
    """Also where it is less sure than the smaller one, which does not know the character."""
    engine = Printed(lines_of((NAME_LINE, 0.96)), {}, (name, 0.6))
    value = value_of(read(engine), FieldName.NAME)
    assert (value.text, value.confidence) == (name, 0.6)
    assert (engine.shown_alone, engine.shown_whole) == (1, [])


def test_half_of_a_name_replaces_nothing() -> None:
    engine = Printed(lines_of((NAME_LINE, 0.9)), {}, ("王", 0.99))
    assert value_of(read(engine), FieldName.NAME).text == "王肿"
    assert engine.shown_whole == [NAME_LINE]


def test_a_number_in_doubt_is_read_alone() -> None:
    engine = Printed(lines_of((NUMBER_LINE, 0.7)), {}, ("211111111111117", 0.98))
    value = value_of(read(engine), FieldName.CERTIFICATE_NUMBER)
    assert (value.text, value.confidence) == ("211111111111117", 0.98)


def test_a_number_that_the_larger_model_is_less_sure_of_stays_as_it_was_skimmed() -> None:
    engine = Printed(lines_of((NUMBER_LINE, 0.7)), {}, ("211111111111117", 0.6))
    assert value_of(read(engine), FieldName.CERTIFICATE_NUMBER).text == "211111111111112"


def test_a_number_that_seems_shorter_alone_is_read_with_all_of_its_line() -> None:
    right = "成绩报告单编号：211111111111119"
    engine = Printed(
        lines_of((NUMBER_LINE, 0.7)), {NUMBER_LINE: (right, 0.99)}, ("21111111111111", 0.99)
    )
    value = value_of(read(engine), FieldName.CERTIFICATE_NUMBER)
    assert value.text == "211111111111119"
    assert (engine.shown_alone, engine.shown_whole) == (1, [NUMBER_LINE])


@pytest.mark.parametrize(
    ("skimmed", "right", "field", "value"),
    [
        # A digit is left out, surely: no value of an ID number stands at its label.
        (ID_LABEL + "99010119900101001", ID_LABEL + "990101199001010015",
         FieldName.ID_NUMBER, "990101199001010015"),
        # Its label is misread: one part of the total is missing.
        ("昕刀：150", "听力：150", FieldName.LISTENING, "150"),
    ],
)  # fmt: skip
def test_what_a_label_or_the_other_parts_promise_is_looked_for_again(
    skimmed: str, right: str, field: FieldName, value: str
) -> None:
    lines = [line for line in lines_of() if line[0] != right]
    engine = Printed([*lines, (skimmed, 0.96)], {skimmed: (right, 0.99)}, ("？", 0.99))
    assert value_of(read(engine), field).text == value
    assert skimmed in engine.shown_whole
