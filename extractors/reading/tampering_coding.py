"""Signs in the ground and the coding of a picture: grain, earlier compression, screens.

What was pasted or painted brings its own grain, or none (Mahdian and Saic, "Using noise
inconsistencies for blind image forensics", 2009), and lacks the compression that the rest went
through before it was saved again (Farid, "Exposing digital forgeries from JPEG ghosts", 2009).
Resizing afterwards, as messengers do, wipes out both.
"""

import cv2
import numpy as np
import numpy.typing as npt

from extractors.reading.picture import Grey, Picture
from extractors.reading.recognition import Quad

Plane = npt.NDArray[np.float32]

BLOCK_PX = 8
# Coefficients of a block that text fills: the lowest frequencies but the mean.
FREQUENCIES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0))
STEPS = np.arange(3, 41, dtype=np.float32)
FEWEST_COEFFICIENTS = 40
MOST_BLOCKS = 400
# Beyond these levels pixels are cut off, and no coefficient is what it was.
DARKEST, LIGHTEST = 2, 253
# So near their multiples (1: on them, 0: anywhere) coefficients keep to a step.
KEPT = 0.5
WINDOW_PX = 128
WINDOWS = 8


class Blocks:
    """The picture's 8 x 8 blocks as its last compression laid them."""

    def __init__(self, picture: Picture) -> None:
        """Take a page at its full resolution."""
        self._picture = picture
        height, width = picture.shape[:2]
        # After a turn the blocks begin at the other end; which it was shows in the picture.
        self._top = _phase(picture, 0, height % BLOCK_PX)
        self._left = _phase(picture, 1, width % BLOCK_PX)

    def coefficients(self, quad: Quad) -> Plane:
        """Return the low frequencies (rows x columns x `FREQUENCIES`) of the blocks in a box.

        Zeros where a pixel is at the limit of light or dark: what was cut off there is lost.
        """
        height, width = self._picture.shape[:2]
        left, top = np.floor(quad.min(axis=0)).astype(int)
        right, bottom = np.ceil(quad.max(axis=0)).astype(int)
        rows = _starts(top, bottom, self._top, height)
        columns = _starts(left, right, self._left, width)
        if not rows or not columns:
            return np.zeros((0, 0, len(FREQUENCIES)), dtype=np.float32)
        place = np.s_[rows[0] : rows[-1] + BLOCK_PX, columns[0] : columns[-1] + BLOCK_PX]
        tiled = (len(rows), BLOCK_PX, len(columns), BLOCK_PX)
        tiles = _grey(self._picture[place]).reshape(tiled).transpose(0, 2, 1, 3).astype(np.float32)
        low = tiles.reshape(len(rows), len(columns), BLOCK_PX**2) @ _LOW_FREQUENCIES
        # Too dark wraps round to very light: one comparison for both.
        cut_off = (self._picture[place] - np.uint8(DARKEST)) > LIGHTEST - DARKEST
        in_row = cut_off.reshape(len(rows), BLOCK_PX, -1).any(axis=1)
        low[in_row.reshape(len(rows), len(columns), -1).any(axis=2)] = 0.0
        return np.asarray(low, dtype=np.float32)


def _starts(first: int, last: int, phase: int, size: int) -> list[int]:
    begin = phase + BLOCK_PX * int(np.ceil((max(0, first) - phase) / BLOCK_PX))
    return list(range(begin, min(size, last) - BLOCK_PX + 1, BLOCK_PX))


def _grey(part: Picture) -> Grey:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _phase(picture: Picture, axis: int, other: int) -> int:
    """Return where blocks begin along an axis: at 0 or at `other`, wherever the steps are."""
    if other == 0:
        return 0
    some = _grey(picture[:, ::23]).T if axis == 0 else _grey(picture[::23])
    steps = np.abs(np.diff(some.astype(np.int16), axis=1)).mean(axis=0)
    at = [float(np.mean(steps[phase + BLOCK_PX - 1 :: BLOCK_PX])) for phase in (0, other)]
    return 0 if at[0] >= at[1] else other


def _low_frequencies() -> Plane:
    """Return the patterns (64 x `FREQUENCIES`) of the cosine transform of 8 x 8 pixels."""
    row, column = np.mgrid[0:BLOCK_PX, 0:BLOCK_PX]
    matrix = np.cos(np.pi * (2 * column + 1) * row / (2 * BLOCK_PX)) * np.sqrt(2 / BLOCK_PX)
    matrix[0] /= np.sqrt(2)
    patterns = [np.outer(matrix[down], matrix[across]).ravel() for down, across in FREQUENCIES]
    return np.stack(patterns, axis=1).astype(np.float32)


_LOW_FREQUENCIES = _low_frequencies()


class Steps:
    """The steps to which the coefficients of a page's text keep: the mark of a compression.

    Coefficients that were once multiples of a step lie near its multiples, also after the picture
    was decoded and saved once more with smaller steps.
    """

    def __init__(self, coefficients: Plane) -> None:
        kept_to: list[tuple[int, float, float, float]] = []
        some = coefficients[:: max(1, len(coefficients) // MOST_BLOCKS)]
        for frequency in range(len(FREQUENCIES)):
            turns = some[:, frequency, np.newaxis] / STEPS
            counted = np.abs(turns) > 0.5
            counts = counted.sum(axis=0)
            near = np.cos(np.float32(2 * np.pi) * turns)
            typical = (near * counted).sum(axis=0) / np.maximum(counts, 1)
            kept = np.flatnonzero((counts >= FEWEST_COEFFICIENTS) & (typical > KEPT))
            if len(kept):
                # Smaller steps than the largest one divide it.
                place = int(kept[-1])
                spread = float(near[counted[:, place], place].std())
                kept_to.append(
                    (frequency, float(STEPS[place]), float(typical[place]), max(spread, 0.1))
                )
        self._frequencies = [frequency for frequency, *_ in kept_to]
        figures = np.array([figures for _, *figures in kept_to], dtype=np.float32).reshape(-1, 3)
        self._steps, self._typical, self._spreads = figures.T

    def strangeness(self, coefficients: Plane) -> Plane:
        """Return how far blocks (... x `FREQUENCIES`) are off the steps, and its variance.

        Two sums for each block, so that neighbours can be added up.
        """
        turns = coefficients[..., self._frequencies] / self._steps
        counted = np.abs(turns) > 0.5
        off = (self._typical - np.cos(np.float32(2 * np.pi) * turns)) * counted
        return np.stack([off.sum(axis=-1), counted @ self._spreads**2])


def strangest_window(blocks: Plane, steps: Steps) -> tuple[float, float, float]:
    """Return how far the strangest part of a line is off a page's steps, in deviations.

    `blocks` are rows x columns x `FREQUENCIES`; the part is about as wide as a figure, or the
    whole line. Its first and last column are returned as well, as shares (0-1) of the width.
    """
    if not blocks.size:
        return 0.0, 0.0, 1.0
    total, variance = steps.strangeness(blocks).sum(axis=1)
    best = (0.0, 0.0, 1.0)
    columns = len(total)
    # Of so many first columns together: the difference of two is a window's.
    off_up_to, spread_up_to = np.cumsum([[0.0, *total], [0.0, *variance]], axis=1)
    for width in {min(columns, 2), min(columns, 4), columns}:
        off = off_up_to[width:] - off_up_to[:-width]
        spread = spread_up_to[width:] - spread_up_to[:-width]
        deviations = np.where(spread > 1.0, off / np.sqrt(np.maximum(spread, 1.0)), 0.0)
        place = int(deviations.argmax())
        if deviations[place] > best[0]:
            best = (float(deviations[place]), place / columns, (place + width) / columns)
    return best


def screen_pattern(picture: Picture) -> float:
    """Return how far the strongest regular pattern stands out of the spectrum of a page.

    The points of a screen, or of a print of a screen capture, repeat in all windows alike, and
    slantwise or in both directions; lines of text and the blocks of a compression lie on the axes.
    """
    height, width = picture.shape[:2]
    if min(height, width) < 2 * WINDOW_PX:
        return 0.0
    total = np.zeros((WINDOW_PX, WINDOW_PX // 2 + 1), dtype=np.float32)
    across = max(1, round(np.sqrt(WINDOWS * width / height)))
    down = max(1, round(WINDOWS / across))
    for row in range(down):
        for column in range(across):
            top = round((height - WINDOW_PX) * (row + 1) / (down + 1))
            left = round((width - WINDOW_PX) * (column + 1) / (across + 1))
            shown = picture[top : top + WINDOW_PX, left : left + WINDOW_PX]
            window = _grey(shown).astype(np.float32)
            window -= cv2.blur(window, (9, 9))
            spectrum = cv2.dft(window * _TAPER, flags=cv2.DFT_COMPLEX_OUTPUT)
            total += cv2.log(1 + cv2.magnitude(*cv2.split(spectrum[:, : WINDOW_PX // 2 + 1])))
    total /= down * across
    centred = np.fft.fftshift(total, axes=0)
    peaks = centred - cv2.medianBlur(centred, 5)
    return float((peaks * _OFF_AXES).max())


def _off_axes() -> Plane:
    """Return a mask (windows' half spectrum, centred) without the axes and the low frequencies."""
    rows = np.abs(np.arange(WINDOW_PX) - WINDOW_PX // 2)[:, np.newaxis]
    columns = np.arange(WINDOW_PX // 2 + 1)[np.newaxis, :]
    far = np.hypot(rows, columns) > WINDOW_PX // 8
    return np.asarray(far & (rows > 2) & (columns > 2), dtype=np.float32)


_OFF_AXES = _off_axes()
_TAPER = np.outer(np.hanning(WINDOW_PX), np.hanning(WINDOW_PX)).astype(np.float32)
