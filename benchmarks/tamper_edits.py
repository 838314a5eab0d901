"""What forgers do to a picture after it was taken, for measuring which signs it leaves.

The edits are those of phone apps and image editors: a figure copied from the same picture, a
figure or a whole number set again over retouched ground, a figure from another picture. Then the
picture is saved, or sent through a messenger. `benchmarks.samples.forgery` edits the paper before
the capture instead: somebody who prints the edited page and takes a picture of that.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from benchmarks.samples.forgery import patch_value
from domain.extraction import ExtractedValue
from extractors.reading.picture import Picture
from extractors.reading.recognition import quad_size
from extractors.reading.tampering_figures import MARGIN, Figure, find_figures
from extractors.reading.upright import quad_px

Pixels = tuple[int, int, int, int]  # left, top, right, bottom
# A figure's box in heights of its line: half its width, and what of the height it takes.
_HALF_WIDTH = 0.27


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An honest picture, the number to be changed, and another picture to take figures from."""

    picture: Picture
    value: ExtractedValue
    others: tuple[ExtractedValue, ...]
    foreign: Picture
    foreign_values: tuple[ExtractedValue, ...]


Edit = Callable[[Scene, random.Random], Picture | None]


def figure_copied(scene: Scene, rng: random.Random) -> Picture | None:
    """Copy another figure of the same picture, ground and all, over one of the number."""
    return _pasted(scene, scene.picture, (scene.value, *scene.others), rng)


def figure_foreign(scene: Scene, rng: random.Random) -> Picture | None:
    """Paste a figure from another picture over one of the number."""
    return _pasted(scene, scene.foreign, scene.foreign_values, rng)


def figure_set(scene: Scene, rng: random.Random) -> Picture | None:
    """Retouch one figure away and set another one in the nearest typeface."""
    places = _places(scene.picture, scene.value)
    if not places:
        return None
    figure, box = rng.choice(places)
    return _set(scene.picture, box, figure.digit, _other_digit(figure.digit, rng))


def number_set(scene: Scene, rng: random.Random) -> Picture | None:
    """Retouch the whole number away and set another one."""
    box = scene.value.evidence.bbox
    height, width = scene.picture.shape[:2]
    text = scene.value.evidence.raw_text.strip()
    digits = [place for place, character in enumerate(text) if character.isdecimal()]
    if not digits or not text.isascii():
        return None
    place = rng.choice(digits)
    new = text[:place] + _other_digit(text[place], rng) + text[place + 1 :]
    pixels = (
        round(box.left * width),
        round(box.top * height),
        round(box.right * width),
        round(box.bottom * height),
    )
    return _set(scene.picture, pixels, text, new)


EDITS: dict[str, Edit] = {
    "figure copied": figure_copied,
    "figure of another picture": figure_foreign,
    "figure set again": figure_set,
    "number set again": number_set,
}


def saved_as_jpeg(quality: int) -> Callable[[Picture], bytes]:
    """Return what saving in an editor does."""
    return lambda picture: _encoded(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])


def saved_as_png(picture: Picture) -> bytes:
    """Save without loss."""
    return _encoded(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])


def sent(picture: Picture) -> bytes:
    """Send through a messenger: 1,080 pixels on the longer side, quality 70."""
    scale = min(1.0, 1080 / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _encoded(".jpg", np.asarray(small, np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 70])


SAVINGS: dict[str, Callable[[Picture], bytes]] = {
    "JPEG 92": saved_as_jpeg(92),
    "JPEG 75": saved_as_jpeg(75),
    "PNG": saved_as_png,
    "sent": sent,
}


def photographed_from_screen(picture: Picture, rng: random.Random) -> Picture:
    """Show a picture on a screen of striped colour points and photograph that, slightly turned."""
    zoom = 3
    scale = 900 / max(picture.shape[:2])
    shown = cv2.resize(picture, None, fx=scale, fy=scale)
    points = np.repeat(np.repeat(shown, zoom, axis=0), zoom, axis=1).astype(np.float32)
    stripes = np.zeros((1, zoom, 3), dtype=np.float32)
    for channel in range(3):
        stripes[0, channel, 2 - channel] = 2.2
    stripes = 0.55 * stripes + 0.35
    points *= np.tile(stripes, (points.shape[0], points.shape[1] // zoom, 1))
    points[::zoom] *= 0.75
    height, width = points.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-3, 3), 1.0)
    matrix = np.asarray(turn) * rng.uniform(0.5, 0.65)
    size = (round(width * 0.6), round(height * 0.6))
    soft = cv2.GaussianBlur(points, (0, 0), rng.uniform(0.8, 1.2))
    taken = cv2.warpAffine(soft, matrix, size, flags=cv2.INTER_LINEAR)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, 1.5, taken.shape)
    return np.asarray(np.clip(taken + noise, 0, 255), dtype=np.uint8)


def _pasted(
    scene: Scene, source: Picture, values: tuple[ExtractedValue, ...], rng: random.Random
) -> Picture | None:
    """Paste a figure of `source`, brought to the right height, over another one of the number."""
    targets = _places(scene.picture, scene.value)
    offers = [place for value in values for place in _places(source, value)]
    rng.shuffle(targets)
    rng.shuffle(offers)
    for figure, (left, top, right, bottom) in targets:
        height = bottom - top
        for other, (x0, y0, x1, y1) in offers:
            alike = 0.75 < height / max(1, y1 - y0) < 1.33
            if other.digit == figure.digit or not alike:
                continue
            width = max(2, round((x1 - x0) * height / (y1 - y0)))
            middle = (left + right) // 2
            start = middle - width // 2
            edited = scene.picture.copy()
            if start < 0 or start + width > edited.shape[1]:
                continue
            patch = cv2.resize(source[y0:y1, x0:x1], (width, height))
            edited[top:bottom, start : start + width] = patch
            return edited
    return None


def _places(picture: Picture, value: ExtractedValue) -> list[tuple[Figure, Pixels]]:
    """Return the figures of a value with their boxes on the picture, upright ones."""
    quad = quad_px(picture, value.evidence.quad)
    length, height = quad_size(quad)
    along = (quad[1] - quad[0]) / max(1.0, length)
    down = (quad[3] - quad[0]) / max(1.0, height)
    places = []
    for figure in find_figures(picture, value.evidence):
        x = (figure.x - MARGIN) * height
        y = (figure.bottom - figure.height / 2) * height
        centre = quad[0] + along * x + down * y
        half = np.array([_HALF_WIDTH, figure.height / 2 + 0.08]) * height
        left, top = np.floor(centre - half).astype(int)
        right, bottom = np.ceil(centre + half).astype(int)
        inside = left >= 0 and top >= 0
        if inside and right < picture.shape[1] and bottom < picture.shape[0]:
            places.append((figure, (int(left), int(top), int(right), int(bottom))))
    return places


def _set(picture: Picture, box: Pixels, old: str, new: str) -> Picture | None:
    height, width = picture.shape[:2]
    relative = (box[0] / width, box[1] / height, box[2] / width, box[3] / height)
    image = Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))
    try:
        edited = patch_value(image, relative, old, new)
    except ValueError:
        return None
    return np.ascontiguousarray(np.asarray(edited, dtype=np.uint8)[:, :, ::-1])


def _other_digit(digit: str, rng: random.Random) -> str:
    return rng.choice(sorted(set("0123456789") - {digit}))


def _encoded(extension: str, picture: Picture, options: list[int]) -> bytes:
    _, data = cv2.imencode(extension, picture, options)
    return bytes(data)
