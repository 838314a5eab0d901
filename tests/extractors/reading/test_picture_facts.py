"""The head of a picture says its size, resolution and colours; a broken one says nothing."""

import io

import pytest
from PIL import Image

from domain.reading import PictureFacts
from extractors.reading.picture_facts import picture_facts


def encoded(mode: str, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (210, 280)).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "dpi", "coloured"),
    [
        (encoded("RGB", "JPEG", dpi=(300, 300)), 300, True),
        (encoded("RGB", "JPEG", dpi=(300, 300), progressive=True), 300, True),
        (encoded("L", "JPEG"), 0, False),
        (encoded("CMYK", "JPEG"), 0, True),
        (encoded("RGB", "PNG", dpi=(300, 300)), 300, True),
        (encoded("RGBA", "PNG"), 0, True),
        (encoded("L", "PNG"), 0, False),
        (encoded("P", "PNG"), 0, True),
    ],
)
def test_size_resolution_and_colours_are_read(data: bytes, dpi: int, coloured: bool) -> None:
    assert picture_facts(data) == PictureFacts(
        width_px=210, height_px=280, dpi=dpi, is_coloured=coloured
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_cut_head_says_nothing_and_never_fails(kind: str) -> None:
    data = encoded("RGB", kind, dpi=(300, 300))
    assert picture_facts(data[:20]) is None
    for end in range(len(data)):
        picture_facts(data[:end])
    assert picture_facts(b"\xff\xd8" + b"\xff" * 1000) is None
    assert picture_facts(b"") is None
