"""Print under red seals: what is red goes, what is dark stays."""

from collections.abc import Sequence

import cv2
import numpy as np

from domain.page import Line, Page
from extractors.reading.picture import Picture
from extractors.reading.recognition import Quad, RecognizedText, TextEngine, rectangle
from extractors.reading.seals import bleach_seals, clear_of_seals
from extractors.reading.upright import read_under_seals

PAPER, RED, BLACK = (244, 246, 247), (70, 60, 205), (30, 28, 32)
DATE: Quad = rectangle(160, 20) + np.array([120, 140], dtype=np.float32)


def sealed(*, seal: bool = True, light: float = 1.0) -> Picture:
    """Return a page with a date in its middle, under a seal."""
    page = np.full((300, 400, 3), PAPER, dtype=np.uint8)
    if seal:
        cv2.circle(page, (200, 150), 90, RED, 6, cv2.LINE_AA)
        cv2.circle(page, (200, 150), 30, RED, -1, cv2.LINE_AA)
    cv2.putText(page, "2021-06-20", (120, 158), cv2.FONT_HERSHEY_SIMPLEX, 0.8, BLACK, 2)
    return np.asarray(page * light, dtype=np.uint8)


def red_share(picture: Picture) -> float:
    """Return the share of pixels that are red; the edges of print over a seal stay so."""
    excess = picture[:, :, 2].astype(int) - picture[:, :, :2].max(axis=2)
    return float((excess > 40).mean())


def test_the_ink_of_a_seal_goes_and_print_under_it_stays() -> None:
    for light in (1.0, 0.6):
        clear = bleach_seals(sealed(light=light))
        assert clear is not None
        assert red_share(clear) < 0.02 * red_share(sealed())
        printed = sealed(seal=False, light=light)[:, :, 2] < 100 * light
        assert (clear[:, :, 2] < 140 * light)[printed].mean() > 0.95
        elsewhere = clear[:, :, 2][~printed]
        assert np.median(elsewhere) > 230 * light


def test_a_page_without_a_seal_is_left_alone() -> None:
    assert bleach_seals(sealed(seal=False)) is None


def test_a_line_is_cleared_only_where_a_seal_lies_over_print() -> None:
    under = sealed()[130:170, 100:300]
    assert red_share(clear_of_seals(under)) < 0.1 * red_share(under)
    beside = sealed(seal=False)[130:170, 100:300]
    assert np.array_equal(clear_of_seals(beside), beside)


def test_print_in_red_stays_where_it_is_all_that_a_line_shows() -> None:
    ring_alone = sealed()[60:100, 100:300]
    assert np.array_equal(clear_of_seals(ring_alone), ring_alone)


class OneLine(TextEngine):
    """Finds the date, where it is shown a page without red, and keeps what it has to read."""

    def __init__(self) -> None:
        self.crops: list[Picture] = []

    def detect(self, picture: Picture, *_: object) -> list[Quad]:
        return [DATE] if red_share(picture) < 0.005 else []

    def skim(self, crops: Sequence[Picture]) -> list[RecognizedText]:
        self.crops += crops
        return [RecognizedText("2021-06-20", (0.05,) * 10, (0.99,) * 10) for _ in crops]


def page(*lines: Line) -> Page:
    return Page(
        file_digest="0" * 64, page_number=1, width_px=400, height_px=300,
        turned_degrees=0, mirrored=False, lines=lines,
    )  # fmt: skip


def line_at(left: float, right: float, confidence: float = 0.9) -> Line:
    return Line(
        text="021年", quad=((left, 0.45), (right, 0.45), (right, 0.55), (left, 0.55)),
        confidence=confidence, positions=(0.1, 0.3, 0.5, 0.7),
        character_confidences=(confidence,) * 4,
    )  # fmt: skip


BESIDE, OVER = line_at(0.0, 0.2), line_at(0.35, 0.72)


def test_a_line_that_a_seal_hid_is_added_as_it_reads_without_the_seal() -> None:
    engine = OneLine()
    before, added = read_under_seals(sealed(), page(BESIDE), engine)
    assert before == BESIDE
    assert added.text == "2021-06-20"
    assert added.bbox.left * 400 == 120
    assert red_share(engine.crops[0]) < 0.05


def test_a_line_under_a_seal_gives_way_to_what_is_read_more_surely_without_it() -> None:
    assert [line.text for line in read_under_seals(sealed(), page(OVER), OneLine())] == [
        "2021-06-20"
    ]
    surer = page(line_at(0.35, 0.72, confidence=1.0))
    assert read_under_seals(sealed(), surer, OneLine()) == surer.lines


def test_without_a_seal_nothing_is_looked_for() -> None:
    engine = OneLine()
    given = page(OVER)
    assert read_under_seals(sealed(seal=False), given, engine) == given.lines
    assert engine.crops == []
