"""What a flatbed scanner or a phone camera does to a clean page, as pixel operations.

Arrays are RGB uint8, height x width x 3. Every effect draws its parameters from the generator that
it is given, so that a sample is the same on every run. Nothing here knows what a paper says.
"""

from __future__ import annotations

import math
import random

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]


def noise_source(rng: random.Random) -> np.random.Generator:
    """Return a numpy generator that follows from `rng`."""
    return np.random.default_rng(rng.getrandbits(64))


def resize_to_long_side(pixels: Pixels, long_side_px: int) -> Pixels:
    """Return `pixels` scaled so that its longer side has `long_side_px` pixels."""
    height, width = pixels.shape[:2]
    scale = long_side_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return _as_pixels(cv2.resize(pixels, size, interpolation=method))


def scan(pixels: Pixels, rng: random.Random, *, dpi: int) -> Pixels:
    """Return the page as a flatbed scanner delivers it: up to 2 degrees of skew, tone, noise."""
    source = noise_source(rng)
    angle = rng.uniform(-2.0, 2.0)
    lid = _lid_colour(rng)
    page = _rotate_on_lid(pixels, angle, lid)
    # The optics blur by a part of a millimetre, which is more pixels at a higher resolution.
    softness = rng.uniform(0.4, 0.6) * max(1.0, dpi / 170)
    page = _as_pixels(cv2.GaussianBlur(page, (0, 0), softness))
    # Paper is not pure white and the lamp is a little weaker at one end of its way.
    tone = np.array([rng.uniform(0.955, 0.995) for _ in range(3)], dtype=np.float32)
    height = page.shape[0]
    lamp = np.linspace(1.0, rng.uniform(0.965, 1.0), height, dtype=np.float32)[:, None, None]
    grain = _grain(source, page.shape[0], page.shape[1], rng.uniform(0.35, 0.9))
    return _clip(page.astype(np.float32) * lamp * tone + grain)


def photograph(pixels: Pixels, rng: random.Random, *, long_side_px: int) -> Pixels:
    """Return the page as a phone held over a table sees it, readable for a careful person.

    `long_side_px` is the longer side of the photograph; the page fills most of it.
    """
    source = noise_source(rng)
    frame_width, frame_height = _frame_size(pixels, long_side_px)
    table = _table(frame_width, frame_height, rng, source)
    corners = _paper_corners(pixels, frame_width, frame_height, rng)
    picture = _lay_on_table(pixels, table, corners, rng)
    picture = picture * _light(frame_width, frame_height, rng)
    if rng.random() < 0.45:
        picture = picture + _glare(frame_width, frame_height, rng)
    picture = picture * _white_balance(rng)
    sharpness = rng.uniform(0.45, 0.95)
    blurred = cv2.GaussianBlur(picture, (0, 0), sharpness)
    if rng.random() < 0.25:
        blurred = _shake(blurred, rng.uniform(1.5, 2.6), rng.uniform(0.0, math.pi))
    grain = _grain(source, frame_height, frame_width, rng.uniform(0.7, 1.9))
    return _clip(np.asarray(blurred, dtype=np.float32) + grain)


def blur_beyond_reading(pixels: Pixels, rng: random.Random) -> Pixels:
    """Return the page so far out of focus that no digit can be told from another."""
    strength = max(pixels.shape[:2]) / rng.uniform(120.0, 150.0)
    return _as_pixels(cv2.GaussianBlur(pixels, (0, 0), strength))


def darken_to_night(pixels: Pixels, rng: random.Random) -> Pixels:
    """Return the page as photographed in the dark: a few grey levels under strong noise."""
    source = noise_source(rng)
    soft = cv2.GaussianBlur(pixels, (0, 0), max(pixels.shape[:2]) / 260).astype(np.float32)
    dark = soft * rng.uniform(0.07, 0.1) + 8.0
    grain = _grain(source, pixels.shape[0], pixels.shape[1], rng.uniform(11.0, 15.0))
    return _clip(dark + grain)


def _as_pixels(array: object) -> Pixels:
    return np.asarray(array, dtype=np.uint8)


def _clip(array: object) -> Pixels:
    return np.clip(np.asarray(array, dtype=np.float32), 0.0, 255.0).astype(np.uint8)


def _grain(source: np.random.Generator, height: int, width: int, strength: float) -> Plane:
    """Return sensor noise as one plane that is added to all three channels.

    Chroma noise would double the size of the JPEG and no reader of text looks at it.
    """
    plane = source.standard_normal((height, width), dtype=np.float32)
    soft = cv2.GaussianBlur(plane, (0, 0), 0.6)
    return np.asarray(soft[:, :, None] * (strength * 1.8), dtype=np.float32)


def _lid_colour(rng: random.Random) -> tuple[int, int, int]:
    level = rng.choice((252, 247, 238, 214, 96))
    return (level, level, max(0, level - rng.randint(0, 4)))


def _rotate_on_lid(pixels: Pixels, angle: float, lid: tuple[int, int, int]) -> Pixels:
    height, width = pixels.shape[:2]
    margin = round(max(height, width) * 0.022)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[0, 2] += margin
    matrix[1, 2] += margin
    return _as_pixels(
        cv2.warpAffine(
            pixels,
            matrix,
            (width + 2 * margin, height + 2 * margin),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=lid,
        )
    )


def _frame_size(pixels: Pixels, long_side_px: int) -> tuple[int, int]:
    """Return width and height of the 4:3 sensor, held the way that suits the page."""
    short_side_px = round(long_side_px * 3 / 4)
    height, width = pixels.shape[:2]
    if width >= height:
        return long_side_px, short_side_px
    return short_side_px, long_side_px


def _table(width: int, height: int, rng: random.Random, source: np.random.Generator) -> Plane:
    """Return a table top: wood, cloth, stone or a plain desk."""
    kind = rng.choice(("wood", "wood", "cloth", "stone", "plain"))
    base = {
        "wood": rng.choice(((156, 112, 72), (188, 148, 104), (104, 70, 46), (206, 178, 142))),
        "cloth": rng.choice(((86, 104, 128), (134, 128, 120), (96, 72, 74))),
        "stone": rng.choice(((72, 74, 78), (168, 166, 162))),
        "plain": rng.choice(((206, 204, 198), (58, 56, 54), (148, 152, 156))),
    }[kind]
    if kind == "wood":
        grain = (
            _smooth_noise(source, width, height, 6, 90) * 15
            + _smooth_noise(source, width, height, 14, 260) * 9
        )
    elif kind == "cloth":
        grain = _smooth_noise(source, width, height, 260, 260) * 9
    elif kind == "stone":
        grain = _smooth_noise(source, width, height, 240, 240) * 7
    else:
        grain = _smooth_noise(source, width, height, 8, 8) * 4
    colour = np.array(base, dtype=np.float32)
    return np.asarray(colour[None, None, :] + grain[:, :, None], dtype=np.float32)


def _smooth_noise(
    source: np.random.Generator, width: int, height: int, columns: int, rows: int
) -> Plane:
    """Return noise with about `columns` x `rows` features over the frame, unit variance."""
    small = source.standard_normal((rows, columns), dtype=np.float32)
    return np.asarray(
        cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32
    )


def _paper_corners(
    pixels: Pixels, width: int, height: int, rng: random.Random
) -> NDArray[np.float32]:
    """Return the four corners of the page in the frame: turned, shifted, seen from an angle."""
    page_height, page_width = pixels.shape[:2]
    scale = min(width / page_width, height / page_height) * rng.uniform(0.86, 0.93)
    half_width, half_height = page_width * scale / 2, page_height * scale / 2
    angle = math.radians(rng.uniform(-3.5, 3.5))
    tilt_x, tilt_y = rng.uniform(-0.05, 0.05), rng.uniform(-0.05, 0.05)
    corners = []
    for across, down in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        # A far edge looks shorter: shrink by the distance along the tilt.
        depth = 1 + across * tilt_x + down * tilt_y
        x, y = across * half_width * depth, down * half_height * depth
        corners.append(
            (
                width / 2 + x * math.cos(angle) - y * math.sin(angle),
                height / 2 + x * math.sin(angle) + y * math.cos(angle),
            )
        )
    points = np.array(corners, dtype=np.float32)
    points += np.array([rng.uniform(-0.01, 0.01) * width, rng.uniform(-0.01, 0.01) * height])
    return _inside(points.astype(np.float32), width, height)


def _inside(points: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Shrink `points` about the centre of the frame until the whole page is in the picture."""
    centre = np.array([width / 2, height / 2], dtype=np.float32)
    reach = np.abs(points - centre).max(axis=0) / centre
    factor = min(1.0, 0.98 / float(reach.max()))
    return np.asarray(centre + (points - centre) * factor, dtype=np.float32)


def _lay_on_table(
    pixels: Pixels, table: Plane, corners: NDArray[np.float32], rng: random.Random
) -> Plane:
    height, width = table.shape[:2]
    page_height, page_width = pixels.shape[:2]
    # Shrinking by warp alone skips pixels and breaks thin strokes; shrink by area first.
    target = max(float(np.linalg.norm(corners[0] - corners[1])), 1.0)
    if page_width > 1.15 * target:
        pixels = resize_to_long_side(
            pixels, round(max(page_width, page_height) * 1.1 * target / page_width)
        )
        page_height, page_width = pixels.shape[:2]
    outline = np.array(
        [(0, 0), (page_width, 0), (page_width, page_height), (0, page_height)], dtype=np.float32
    )
    matrix = cv2.getPerspectiveTransform(outline, corners)
    flat = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC)
    solid = np.full((page_height, page_width), 255, dtype=np.uint8)
    cover = np.asarray(cv2.warpPerspective(solid, matrix, (width, height)), dtype=np.float32) / 255
    shift = np.array([[1, 0, rng.uniform(-6, 6)], [0, 1, rng.uniform(3, 9)]], dtype=np.float32)
    moved = cv2.warpAffine(cover, shift, (width, height))
    shadow = np.asarray(cv2.GaussianBlur(moved, (0, 0), rng.uniform(5, 11)), dtype=np.float32)
    ground = table * (1 - 0.45 * shadow[:, :, None])
    paper = np.asarray(flat, dtype=np.float32) * rng.uniform(0.9, 0.97)
    mask = cover[:, :, None]
    return np.asarray(paper * mask + ground * (1 - mask), dtype=np.float32)


def _light(width: int, height: int, rng: random.Random) -> Plane:
    """Return how bright each pixel is lit: a lamp to one side, and often somebody's shadow."""
    columns = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    direction = rng.uniform(0, 2 * math.pi)
    slope = rng.uniform(0.03, 0.16)
    light = 1 - slope / 2 + slope / 2 * (columns * math.cos(direction) + rows * math.sin(direction))
    light = light * (1 - rng.uniform(0.0, 0.09) * (columns**2 + rows**2) / 2)
    if rng.random() < 0.55:
        light = light * _hand_shadow(width, height, rng)
    return np.asarray(light[:, :, None], dtype=np.float32)


def _hand_shadow(width: int, height: int, rng: random.Random) -> Plane:
    """Return the soft shadow of the phone and the hand that holds it, falling in from an edge."""
    small_width, small_height = max(8, width // 8), max(8, height // 8)
    mask = np.zeros((small_height, small_width), dtype=np.float32)
    edge_x = rng.choice((0.0, 1.0)) * small_width
    centre = (int(edge_x), int(rng.uniform(0.3, 1.0) * small_height))
    axes = (int(small_width * rng.uniform(0.35, 0.65)), int(small_height * rng.uniform(0.3, 0.6)))
    cv2.ellipse(mask, centre, axes, rng.uniform(0, 60), 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(mask, (0, 0), small_width * rng.uniform(0.04, 0.09))
    large = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(1 - rng.uniform(0.12, 0.3) * large, dtype=np.float32)


def _glare(width: int, height: int, rng: random.Random) -> Plane:
    """Return the reflection of a lamp: it washes out contrast but hides no letter."""
    columns = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    centre_x, centre_y = rng.uniform(0.15, 0.85), rng.uniform(0.1, 0.9)
    spread_x, spread_y = rng.uniform(0.06, 0.16), rng.uniform(0.05, 0.13)
    distance = ((columns - centre_x) / spread_x) ** 2 + ((rows - centre_y) / spread_y) ** 2
    strength = rng.uniform(22.0, 62.0)
    return np.asarray((strength * np.exp(-distance / 2))[:, :, None], dtype=np.float32)


def _white_balance(rng: random.Random) -> Plane:
    warmth = rng.uniform(-0.045, 0.06)
    exposure = rng.uniform(0.9, 1.03)
    gains = np.array([1 + warmth, 1.0, 1 - warmth], dtype=np.float32) * exposure
    return np.asarray(gains, dtype=np.float32)


def _shake(picture: object, length_px: float, angle: float) -> Plane:
    """Return the picture moved by a hand that was not quite still."""
    size = 2 * math.ceil(length_px / 2) + 1
    kernel = np.zeros((size, size), dtype=np.float32)
    centre = size // 2
    reach_x, reach_y = math.cos(angle) * length_px / 2, math.sin(angle) * length_px / 2
    for step in np.linspace(-1, 1, 9):
        kernel[round(centre + step * reach_y), round(centre + step * reach_x)] += 1
    kernel /= kernel.sum()
    moved = cv2.filter2D(np.asarray(picture, dtype=np.float32), -1, kernel)
    return np.asarray(moved, dtype=np.float32)
