"""What becomes of a picture on its way to a second applicant: the same one in other bytes."""

import io
from collections.abc import Callable, Mapping

from PIL import Image

_GREY = (235, 235, 235)
_SCREEN_PX = (1080, 2000)
_SCREEN_COLOUR = (20, 20, 22)

Change = Callable[[Image.Image], bytes]


def _jpeg(image: Image.Image, quality: int = 85) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _scaled(image: Image.Image, share: float) -> Image.Image:
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _resized(share: float) -> Change:
    return lambda image: _jpeg(_scaled(image, share))


def _turned(turn: Image.Transpose) -> Change:
    return lambda image: _jpeg(image.transpose(turn))


def _cropped(left: float, top: float, right: float, bottom: float) -> Change:
    def change(image: Image.Image) -> bytes:
        width, height = image.size
        box = (width * left, height * top, width * (1 - right), height * (1 - bottom))
        return _jpeg(image.crop(tuple(map(round, box))))  # type: ignore[arg-type]

    return change


def _slanted(image: Image.Image) -> bytes:
    return _jpeg(image.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor=_GREY))


def _brightened(image: Image.Image) -> bytes:
    return _jpeg(image.point(lambda level: min(255, round(level * 1.12 + 6))))


def _on_a_phone(image: Image.Image) -> bytes:
    """Show the picture on a phone's screen, above and below it the viewer's dark ground."""
    screen = Image.new("RGB", _SCREEN_PX, _SCREEN_COLOUR)
    shown = _scaled(image, min(_SCREEN_PX[0] / image.width, _SCREEN_PX[1] / image.height))
    left, top = (_SCREEN_PX[0] - shown.width) // 2, (_SCREEN_PX[1] - shown.height) // 2
    screen.paste(shown, (left, top))
    return _jpeg(screen, 80)


COPIES: Mapping[str, Change] = {
    "resized to 70 %": _resized(0.7),
    "resized to 50 %": _resized(0.5),
    "JPEG quality 35": lambda image: _jpeg(image, 35),
    "margins cropped": _cropped(0.03, 0.02, 0.04, 0.03),
    "turned by 90 degrees": _turned(Image.Transpose.ROTATE_90),
    "turned by 180 degrees": _turned(Image.Transpose.ROTATE_180),
    "turned by 3 degrees": _slanted,
    "brightened": _brightened,
    "screenshot on a phone": _on_a_phone,
}
"""By name, what makes a copy of an RGB picture."""
