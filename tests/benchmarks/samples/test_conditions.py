"""In whatever condition a paper arrives, the files open, fit the platform and show the paper."""

import io
import random

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageOps

from benchmarks.samples.conditions import (
    CONDITIONS,
    UNREADABLE_CONDITIONS,
    apply_condition,
    possible_conditions,
)
from benchmarks.samples.encoding import MAX_UPLOAD_BYTES, encode_jpeg
from benchmarks.samples.paper import Paper
from benchmarks.samples.papers import PAPERS
from benchmarks.samples.people import draw_person


def _draw(certificate_type: str, layout: str) -> Paper:
    kind = next(k for k in PAPERS if (k.certificate_type, k.layout) == (certificate_type, layout))
    return kind.draw(draw_person(random.Random(1)), random.Random(2))


@pytest.fixture(scope="module")
def card() -> Paper:
    return _draw("cet4", "cet-card-2021")


@pytest.fixture(scope="module")
def report() -> Paper:
    return _draw("cet4", "cet-ereport-pdf")


def _open(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    "name",
    [n for n in (*CONDITIONS, *UNREADABLE_CONDITIONS) if "pdf" not in n and n != "page-two"],
)
def test_a_picture_condition_gives_one_decodable_picture_within_the_limit(
    name: str, card: Paper
) -> None:
    (file,) = apply_condition(card, name, random.Random(3))
    assert 0 < len(file.data) <= MAX_UPLOAD_BYTES
    assert min(_open(file.data).size) >= (400 if name != "tiny" else 100)


@pytest.mark.parametrize(
    "name", ["clean", "photo", "screenshot", "text-pdf", "scanned-pdf", "page-two"]
)
def test_the_same_random_state_gives_the_same_bytes(name: str, report: Paper) -> None:
    first, again = (apply_condition(report, name, random.Random(8)) for _ in range(2))
    assert first == again


def test_only_an_electronic_layout_can_be_a_text_pdf(card: Paper, report: Paper) -> None:
    assert "text-pdf" not in possible_conditions(card)
    assert "text-pdf" in possible_conditions(report)
    with pytest.raises(ValueError, match="no electronic form"):
        apply_condition(card, "text-pdf", random.Random(1))


def test_a_download_that_holds_only_a_picture_is_not_called_a_text_pdf() -> None:
    download = _draw("etic-advanced", "etic-report-pdf")
    assert "image-pdf" in possible_conditions(download)
    assert "text-pdf" not in possible_conditions(download)


def test_an_unknown_condition_is_refused(card: Paper) -> None:
    with pytest.raises(ValueError, match="unknown condition"):
        apply_condition(card, "fax", random.Random(1))


@pytest.mark.parametrize("seed", range(6))
def test_the_certificate_is_on_the_second_of_two_pages(seed: int, report: Paper) -> None:
    (file,) = apply_condition(report, "page-two", random.Random(seed))
    with pikepdf.open(io.BytesIO(file.data)) as document:
        assert len(document.pages) == 2


def test_a_photograph_turned_by_its_tag_is_upright_once_the_tag_is_obeyed(card: Paper) -> None:
    tagged = 0
    for seed in range(5):
        (file,) = apply_condition(card, "photo-turned", random.Random(seed))
        picture = _open(file.data)
        if picture.getexif().get(0x0112) in (3, 6, 8):
            tagged += 1
            upright = ImageOps.exif_transpose(picture)
            assert upright is not None
            assert upright.width > upright.height, "the card is wider than high"
    assert 1 <= tagged <= 4


def test_a_messenger_picture_has_a_long_side_of_720_to_1080_pixels(card: Paper) -> None:
    for seed in range(4):
        (file,) = apply_condition(card, "messenger", random.Random(seed))
        assert 720 <= max(_open(file.data).size) <= 1080


def test_a_scan_is_skewed_but_keeps_its_resolution(card: Paper) -> None:
    (file,) = apply_condition(card, "scan-200", random.Random(5))
    picture = _open(file.data)
    assert picture.info["dpi"] == (200, 200)
    assert picture.width == pytest.approx(card.image.width / card.dpi * 200, rel=0.06)


def test_the_night_leaves_hardly_any_contrast(card: Paper) -> None:
    (file,) = apply_condition(card, "night", random.Random(5))
    grey = np.asarray(_open(file.data).convert("L"))
    assert grey.mean() < 60


def test_a_picture_over_the_limit_is_made_smaller_until_it_fits() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1900, 1900, 3), dtype=np.uint8)
    data = encode_jpeg(Image.fromarray(noise), 95)
    assert len(data) <= MAX_UPLOAD_BYTES
    assert _open(data).width < 1900
