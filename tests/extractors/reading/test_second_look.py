"""A second look finds lines on a larger picture and recognizes only those that are new."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from domain.page import Page
from extractors.reading import recognition
from extractors.reading.inference import Network, Pictures, Tensor
from extractors.reading.page_reading import read_page
from extractors.reading.picture import Picture
from extractors.reading.recognition import Quad, RecognizedText, TextEngine, load_engine
from extractors.reading.sandbox import DecodedPage
from extractors.reading.upright import UprightPage, read_upright

PICTURE: Picture = np.full((1000, 800, 3), 255, dtype=np.uint8)


class OneByOne(TextEngine):
    """Finds the lines it is told of, and numbers what it is asked to read."""

    def __init__(self, quads: list[Quad]) -> None:
        self.quads, self.read = quads, 0

    def detect(self, *_: object) -> list[Quad]:
        return list(self.quads)

    def skim(self, crops: Sequence[Picture]) -> list[RecognizedText]:
        first, self.read = self.read, self.read + len(crops)
        return [RecognizedText(str(first + index), (0.5,), (0.99,)) for index in range(len(crops))]


def quad(left: int, top: int, width: int = 200, height: int = 40) -> Quad:
    right, bottom = left + width, top + height
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def as_page(upright: UprightPage) -> Page:
    height, width = upright.picture.shape[:2]
    return Page(
        file_digest="0" * 64,
        page_number=1,
        width_px=width,
        height_px=height,
        turned_degrees=upright.turned_degrees,
        mirrored=upright.mirrored,
        lines=upright.lines,
    )


# The longest five are read in any case: they tell which end is up.
LONGEST = [quad(50, 60 * row + 50, width=400) for row in range(5)]


def test_a_line_where_one_was_read_before_keeps_its_text() -> None:
    engine = OneByOne([*LONGEST, quad(50, 600), quad(400, 600)])
    seen = as_page(read_upright(PICTURE, engine))
    engine.quads = [*LONGEST, quad(52, 597, height=43), quad(400, 600), quad(50, 800)]
    engine.read = 100
    again = read_upright(PICTURE, engine, seen)
    texts = {round(line.bbox.top * 1000): line.text for line in again.lines[5:]}
    assert engine.read == 100 + 1
    assert texts == {600: "6", 800: "100"}
    assert [line.text for line in again.lines[5:]] == ["5", "6", "100"]


def test_a_line_that_begins_elsewhere_is_read_again() -> None:
    engine = OneByOne([*LONGEST, quad(50, 600)])
    seen = as_page(read_upright(PICTURE, engine))
    engine.quads = [*LONGEST, quad(30, 600, width=220)]
    engine.read = 100
    assert read_upright(PICTURE, engine, seen).lines[5].text == "100"


def test_lines_too_long_for_a_value_are_left_unread_until_a_second_look() -> None:
    explanation = quad(50, 700, width=700, height=25)
    engine = OneByOne([explanation, *LONGEST, quad(50, 600)])
    first = read_upright(PICTURE, engine)
    assert [round(line.bbox.top * 1000) for line in first.lines] == [50, 110, 170, 230, 290, 600]
    again = read_upright(PICTURE, engine, as_page(first))
    assert [round(line.bbox.top * 1000) for line in again.lines][5:] == [600, 700]


def test_a_page_of_long_lines_alone_is_read() -> None:
    engine = OneByOne([quad(50, 100 * row, width=700, height=25) for row in range(3)])
    assert len(read_upright(PICTURE, engine).lines) == 3


def test_a_page_of_which_little_was_legible_is_tried_in_all_ways_again() -> None:
    engine = OneByOne([*LONGEST, quad(50, 600)])
    seen = as_page(read_upright(PICTURE, engine))
    unsure = tuple(replace(line, confidence=0.5) for line in seen.lines)
    engine.read = 100
    again = read_upright(PICTURE, engine, replace(seen, turned_degrees=180, lines=unsure))
    # What was read of the page as it lay then is not used.
    assert (again.turned_degrees, again.lines[5].text) == (0, "105")


@pytest.mark.reading
@pytest.mark.parametrize("size", [(1152, 800), (800, 1152)])
def test_a_large_picture_in_two_halves_has_the_lines_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    page: Picture = np.full((*size, 3), 255, dtype=np.uint8)
    # One line lies across the middle, whichever way the page is halved.
    for row in range(40, size[0], 67):
        where = (60, row + 10)
        cv2.putText(page, "202406123456789 ABCDEF", where, cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,) * 3)
    detect = load_engine().detect
    halves = np.array(detect(page, size, max(size)))
    monkeypatch.setattr(recognition, "USUAL_DETECTION_PX", 10**7)
    whole = np.array(detect(page, size, max(size)))
    far = np.abs(whole[:, np.newaxis] - halves).max(axis=(2, 3)).min(axis=1)
    assert len(halves) == len(whole) >= len(range(40, size[0], 67))
    assert far.max() <= 6


class Turned(OneByOne):
    """Reads well only in its `attempt`th try: upright, upside down, mirrored, both."""

    def __init__(self, attempt: int) -> None:
        super().__init__(LONGEST)
        self.tries, self._attempt = 0, attempt

    def skim(self, crops: Sequence[Picture]) -> list[RecognizedText]:
        self.tries += bool(crops)
        sureness = 0.99 if self.tries == self._attempt else 0.5
        return [RecognizedText("字", (0.5,), (sureness,)) for _ in crops]


each_way_to_lie = pytest.mark.parametrize(
    ("attempt", "turned", "mirrored"),
    [(1, 0, False), (2, 180, False), (3, 0, True), (4, 180, True)],
)


@each_way_to_lie
def test_a_page_that_read_well_keeps_its_turn_at_a_second_look(
    attempt: int, turned: int, mirrored: bool
) -> None:
    engine = Turned(attempt)
    seen = as_page(read_upright(PICTURE, engine))
    tries = engine.tries
    again = read_upright(PICTURE, engine, seen)
    assert (again.turned_degrees, again.mirrored) == (turned, mirrored)
    assert engine.tries == tries
    assert [line.quad for line in again.lines] == [line.quad for line in seen.lines]


@each_way_to_lie
def test_a_page_is_tried_in_other_ways_only_until_it_reads_well(
    attempt: int, turned: int, mirrored: bool
) -> None:
    engine = Turned(attempt)
    page = read_upright(PICTURE, engine)
    assert (page.turned_degrees, page.mirrored) == (turned, mirrored)
    assert engine.tries == attempt


class Blind(OneByOne):
    """Finds no line, and remembers how large a picture it was asked to look at."""

    def __init__(self) -> None:
        super().__init__([])
        self.sides: list[int] = []

    def detect(self, _picture: Picture, _size: tuple[int, int], longest_side_px: int) -> list[Quad]:
        self.sides.append(longest_side_px)
        return []


@pytest.mark.parametrize(
    ("side", "looks"), [(1600, [640, 864, 1152]), (864, [640, 864]), (640, [640])]
)
def test_where_nothing_is_found_ever_larger_pictures_are_looked_at_as_far_as_there_are(
    side: int, looks: list[int]
) -> None:
    engine = Blind()
    page = DecodedPage(picture=np.full((side, side // 2, 3), 255, np.uint8), text_layer=())
    read_page(page, "0" * 64, 1, engine, second_reader=False)
    assert engine.sides == looks


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ([320, 320], [(320, [0]), (320, [1])]),
        ([200, 200, 190], [(224, [2, 0]), (224, [1])]),
        ([300, 250], [(320, [1]), (320, [0])]),  # one change is worth 64 pixels of padding
        ([300, 250, 250], [(256, [1, 2]), (320, [0])]),  # but not twice 64
        ([0, 20], [(64, [1])]),
    ],
)
def test_lines_of_nearly_one_width_get_one_width(
    widths: list[int], expected: list[tuple[int, list[int]]]
) -> None:
    assert list(recognition._together(widths)) == expected


def line_of(text: str) -> Picture:
    crop: Picture = np.full((48, 30 + 22 * len(text), 3), 255, dtype=np.uint8)
    cv2.putText(crop, text, (10, 35), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,) * 3, 2)
    return crop


@pytest.mark.reading
def test_lines_of_one_width_are_recognized_together_and_say_what_they_say_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [str(12345 + 1111 * number) for number in range(11)] + ["2024061234567890", ""]
    engine, run = load_engine(), Network.run
    calls: list[int] = []

    def counted(network: Network, lines: Pictures) -> Tensor:
        calls.append(len(lines))
        return run(network, lines)

    monkeypatch.setattr(Network, "run", counted)
    together = engine.skim([line_of(text) for text in texts])
    assert [read.text for read in together] == texts
    assert calls == [1, 8, 2, 1, 1]
    for text, read in zip(texts, together, strict=True):
        (alone,) = engine.skim([line_of(text)])
        assert (alone.text, alone.positions) == (read.text, read.positions)
        assert alone.character_confidences == pytest.approx(read.character_confidences, abs=1e-4)
