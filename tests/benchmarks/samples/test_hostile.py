"""Every broken upload is broken in the way its name says."""

import io
import random
import struct
import zipfile

import pikepdf
import pytest
from PIL import Image

from benchmarks.samples.encoding import MAX_UPLOAD_BYTES, UploadFile
from benchmarks.samples.hostile import HOSTILE_UPLOADS, pad_jpeg
from benchmarks.samples.paper import Paper
from benchmarks.samples.papers import PAPERS
from benchmarks.samples.people import draw_person


@pytest.fixture(scope="module")
def paper() -> Paper:
    kind = next(kind for kind in PAPERS if kind.layout == "cet-card-2021")
    return kind.draw(draw_person(random.Random(1)), random.Random(2))


def _make(name: str, paper: Paper) -> list[UploadFile]:
    hostile = next(hostile for hostile in HOSTILE_UPLOADS if hostile.name == name)
    return hostile.make(paper, random.Random(3))


@pytest.mark.parametrize("name", [hostile.name for hostile in HOSTILE_UPLOADS])
def test_broken_uploads_are_the_same_on_every_run(name: str, paper: Paper) -> None:
    assert _make(name, paper) == _make(name, paper)


def test_nothing_is_uploaded_and_nothing_is_in_the_file(paper: Paper) -> None:
    assert _make("no-upload", paper) == []
    assert [len(file.data) for file in _make("zero-bytes", paper)] == [0]


def test_the_limit_is_met_exactly_and_passed_by_one_byte(paper: Paper) -> None:
    (exact,) = _make("exact-limit", paper)
    (over,) = _make("over-limit", paper)
    assert len(exact.data) == MAX_UPLOAD_BYTES
    assert len(over.data) == MAX_UPLOAD_BYTES + 1
    for file in (exact, over):
        Image.open(io.BytesIO(file.data)).load()


def test_padding_that_cannot_be_exact_is_refused(paper: Paper) -> None:
    (exact,) = _make("exact-limit", paper)
    with pytest.raises(ValueError, match="cannot be padded"):
        pad_jpeg(exact.data, len(exact.data) + 2)
    for more in (0, 4, 5, 65_537, 65_538, 65_540, 65_541, 131_076):
        assert len(pad_jpeg(exact.data, len(exact.data) + more)) == len(exact.data) + more


def test_half_a_jpeg_does_not_decode(paper: Paper) -> None:
    (file,) = _make("truncated-jpeg", paper)
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(file.data)).load()


def test_the_encrypted_pdf_asks_for_a_password(paper: Paper) -> None:
    (file,) = _make("encrypted-pdf", paper)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(file.data))


def test_renamed_files_are_not_what_their_names_say(paper: Paper) -> None:
    heic, webp = _make("renamed-heic-webp", paper)
    assert heic.name.endswith(".jpg")
    assert heic.data[4:12] == b"ftypheic"
    assert webp.data[:4] == b"RIFF"
    (program,) = _make("renamed-program", paper)
    assert program.name.endswith(".pdf")
    assert program.data[:2] == b"MZ"
    (png,) = _make("png-named-jpg", paper)
    assert png.name.endswith(".jpg")
    assert Image.open(io.BytesIO(png.data)).format == "PNG"
    markup = _make("renamed-svg-html", paper)
    assert all(f.name.endswith(".png") and f.data.startswith(b"<") for f in markup)


def test_six_files_are_one_too_many_and_each_is_good(paper: Paper) -> None:
    files = _make("six-files", paper)
    assert len(files) == 6
    assert len({file.data for file in files}) == 6
    for file in files:
        Image.open(io.BytesIO(file.data)).load()


def test_the_pixel_flood_is_small_in_bytes_and_huge_in_pixels(paper: Paper) -> None:
    (file,) = _make("pixel-flood", paper)
    width, height = struct.unpack(">LL", file.data[16:24])
    assert len(file.data) < 300_000
    assert width * height > 40_000_000


def test_the_long_pdf_has_sixty_pages(paper: Paper) -> None:
    (file,) = _make("sixty-pages", paper)
    with pikepdf.open(io.BytesIO(file.data)) as document:
        assert len(document.pages) == 60


def test_the_polyglot_opens_as_both_formats(paper: Paper) -> None:
    (file,) = _make("pdf-zip-polyglot", paper)
    assert file.data.startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["readme.txt"]


def test_the_lying_tag_turns_an_upright_picture(paper: Paper) -> None:
    (file,) = _make("lying-exif", paper)
    picture = Image.open(io.BytesIO(file.data))
    assert picture.width > picture.height, "the pixels are upright: the card is wider than high"
    assert picture.getexif()[0x0112] in (3, 6, 8)
