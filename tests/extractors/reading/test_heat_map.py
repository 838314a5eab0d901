"""A detector's map of probabilities becomes boxes of lines on the page."""

import cv2
import numpy as np
import pytest

from extractors.reading.heat_map import find_lines
from extractors.reading.inference import Network, leave_squares
from extractors.reading.recognition import LineDetector, in_reading_order, models_directory

SIZE = (1000, 800)  # the page's height and width, of which a map shows half


def map_with(*boxes: tuple[int, int, int, int], probability: float = 0.9) -> np.ndarray:
    """Return a map with shrunk lines at (left, top, right, bottom)."""
    probabilities = np.zeros((500, 400), dtype=np.float32)
    for left, top, right, bottom in boxes:
        probabilities[top:bottom, left:right] = probability
    return probabilities


def test_a_line_grows_to_what_it_was_before_the_network_saw_it_shrunk() -> None:
    (box,) = find_lines(map_with((100, 200, 300, 210)), SIZE)
    line = in_reading_order(box)
    assert line is not None
    # The region, dilated by a pixel, is 200 x 10: it grows by 1.6 * 200 * 10 / (2 * 210) = 7.6.
    expected = np.array([[92, 192], [307, 192], [307, 217], [92, 217]]) * 2
    assert np.abs(line - expected).max() <= 3


def test_lines_close_to_each_other_stay_apart() -> None:
    boxes = find_lines(map_with((50, 100, 350, 110), (50, 120, 350, 130)), SIZE)
    assert len(boxes) == 2


def test_what_is_faint_low_or_hollow_is_no_line() -> None:
    faint = map_with((100, 100, 300, 112), probability=0.4)
    low = map_with((100, 200, 300, 201))
    hollow = map_with((100, 300, 300, 340))
    hollow[305:335, 105:295] = 0.0
    for probabilities in (faint, low, hollow):
        assert find_lines(probabilities, SIZE) == []


def test_a_box_does_not_leave_the_page() -> None:
    (box,) = find_lines(map_with((0, 0, 400, 12)), SIZE)
    assert box.min() >= 0
    assert (box.max(axis=0) <= (SIZE[1] - 1, SIZE[0] - 1)).all()


def test_a_slanted_line_keeps_its_slant() -> None:
    probabilities = np.zeros((500, 400), dtype=np.float32)
    cv2.fillPoly(probabilities, [np.array([[50, 100], [350, 130], [349, 142], [49, 112]])], (0.9,))
    (box,) = find_lines(probabilities, SIZE)
    line = in_reading_order(box)
    assert line is not None
    across, down = line[1] - line[0]
    assert down / across == pytest.approx(0.1, abs=0.02)


@pytest.mark.reading
def test_squares_put_together_are_the_map_that_the_model_itself_gives() -> None:
    model = models_directory() / "tiny" / "det" / "det.onnx"
    trained = (LineDetector.MEAN, LineDetector.DEVIATION)
    picture = np.random.default_rng(1).integers(0, 256, (96, 160, 3), dtype=np.uint8)
    whole = Network(model, *trained).run(picture[np.newaxis])[0, 0]
    squares = Network(model, *trained, rewrite=leave_squares).run(picture[np.newaxis])[0]
    assert squares.shape == (4, 48, 80)
    for row in range(2):
        for column in range(2):
            np.testing.assert_allclose(
                squares[2 * row + column], whole[row::2, column::2], atol=1e-5
            )


@pytest.mark.reading
def test_a_recognizer_is_not_taken_for_a_detector() -> None:
    model = models_directory() / "tiny" / "rec" / "rec.onnx"
    with pytest.raises(ValueError, match="Sigmoid is expected"):
        Network(model, (0.0,) * 3, (1.0,) * 3, rewrite=leave_squares)
