"""Pictures of every kind that an upload may hold come out in their colours, whole or noted."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import pytest

from domain.faults import DocumentFault, MachineFault
from domain.policy import parse_policy
from extractors.reading.decoder import decode_in_child
from extractors.reading.decoding import decode
from extractors.reading.picture import Picture
from extractors.reading.sandbox import Decoded, Limits

ROOT = Path(__file__).parents[3]
POLICY = parse_policy((ROOT / "institutions/default.toml").read_text("utf-8"), None, "default")
LIMITS = Limits.from_policy(POLICY.reading, POLICY.intake)

# Corner colours (RGB) of the picture that all forms of it must show again, on white paper.
RED, BLACK, BLUE, WHITE = (200, 20, 30), (0, 0, 0), (30, 40, 210), (255, 255, 255)
SIZE = (120, 80)

Open = Callable[[bytes, str], Decoded]


@pytest.fixture
def open_bytes(tmp_path: Path) -> Open:
    def open_bytes(data: bytes, kind: str) -> Decoded:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return decode_in_child(str(path), kind, LIMITS, decode)

    return open_bytes


def drawing(mode: str = "RGB") -> PIL.Image.Image:
    """Red top left, black top right, blue bottom left, the rest paper."""
    image = PIL.Image.new("RGB", SIZE, WHITE)
    draw = PIL.ImageDraw.Draw(image)
    draw.rectangle((0, 0, 39, 29), fill=RED)
    draw.rectangle((80, 0, 119, 29), fill=BLACK)
    draw.rectangle((0, 50, 39, 79), fill=BLUE)
    return image.convert(mode)


def save(image: PIL.Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def corners(picture: Picture) -> list[tuple[int, ...]]:
    """Return the RGB colours at the top left, top right, bottom left and bottom right."""
    height, width = picture.shape[:2]
    spots = [(0.1, 0.1), (0.1, 0.9), (0.9, 0.1), (0.9, 0.9)]
    return [tuple(map(int, picture[int(y * height), int(x * width)][::-1])) for y, x in spots]


def assert_shows(decoded: Decoded, expected: list[tuple[int, ...]], within: int = 12) -> None:
    (page,) = decoded.pages
    assert page.picture.dtype == np.uint8
    assert page.picture.shape[2] == 3
    for found, wanted in zip(corners(page.picture), expected, strict=True):
        assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) <= within, (
            found,
            wanted,
        )


def answer(open_bytes: Open, data: bytes, kind: str) -> tuple[str, Decoded | None]:
    """Return the code of what went wrong, or the decoded file."""
    try:
        return "", open_bytes(data, kind)
    except DocumentFault as fault:
        return fault.rule_id, None
    except MachineFault as fault:
        return fault.code, None


def grey(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    level = round(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2])
    return (level, level, level)


ALL = [RED, BLACK, BLUE, WHITE]
GREYS = [grey(colour) for colour in ALL]


def png16(image: PIL.Image.Image, alpha: bool = False) -> bytes:
    """Write a PNG with 16 bits per channel, which Pillow does not write in colour."""
    pixels = np.asarray(image.convert("RGBA" if alpha else "RGB"), dtype=np.uint16) * 257
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 16, 6 if alpha else 2, 0, 0, 0)
    return png(head, zlib.compress(rows))


def png(head: bytes, data: bytes, *more: tuple[bytes, bytes]) -> bytes:
    chunks = [(b"IHDR", head), *more, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in chunks)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def grey_icc() -> bytes:
    """Return an ICC profile's header for grey, which is all that decoders look at."""
    profile = bytearray(132)
    profile[0:4] = struct.pack(">I", 132)
    profile[12:16], profile[16:20], profile[20:24] = b"mntr", b"GRAY", b"XYZ "
    profile[36:40] = b"acsp"
    return bytes(profile)


FORMS: dict[str, tuple[str, Callable[[], bytes], list[tuple[int, ...]]]] = {
    "JPEG": ("jpeg", lambda: save(drawing(), "JPEG", quality=95), ALL),
    "progressive JPEG": (
        "jpeg",
        lambda: save(drawing(), "JPEG", quality=95, progressive=True),
        ALL,
    ),
    "grey JPEG": ("jpeg", lambda: save(drawing("L"), "JPEG", quality=95), GREYS),
    "grey JPEG with a profile": (
        "jpeg",
        lambda: save(drawing("L"), "JPEG", quality=95, icc_profile=grey_icc()),
        GREYS,
    ),
    "PNG": ("png", lambda: save(drawing(), "PNG"), ALL),
    "interlaced PNG of 16 bits": ("png", lambda: png16(drawing()), ALL),
    "PNG of 16 bits with alpha": ("png", lambda: png16(drawing(), alpha=True), ALL),
    "PNG of one bit": (
        "png",
        lambda: save(drawing("L").point(lambda level: 255 * (level > 128)).convert("1"), "PNG"),
        [BLACK, BLACK, BLACK, WHITE],
    ),
    "PNG of 16 grey bits": (
        "png",
        lambda: save(PIL.Image.fromarray(np.asarray(drawing("L"), dtype=np.uint16) * 257), "PNG"),
        GREYS,
    ),
    "grey PNG with a profile": (
        "png",
        lambda: save(drawing("L"), "PNG", icc_profile=grey_icc()),
        GREYS,
    ),
    "PNG with a palette": (
        "png",
        lambda: save(drawing().convert("P", palette=PIL.Image.Palette.ADAPTIVE), "PNG"),
        ALL,
    ),
    "PNG under a JPEG's name": ("jpeg", lambda: save(drawing(), "PNG"), ALL),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_has_its_colours(form: str, open_bytes: Open) -> None:
    kind, make, expected = FORMS[form]

    assert_shows(open_bytes(make(), kind), expected)


def test_a_cmyk_jpeg_with_adobe_inversion_has_its_colours(open_bytes: Open) -> None:
    data = save(drawing("CMYK"), "JPEG", quality=95)
    assert b"Adobe\x00" in data[:200]

    assert_shows(open_bytes(data, "jpeg"), ALL, within=20)


def test_a_whole_picture_is_not_called_damaged(open_bytes: Open) -> None:
    for form, (kind, make, _) in FORMS.items():
        if form != "PNG under a JPEG's name":
            assert open_bytes(make(), kind).notes == (), form


def transparent(mode: str) -> PIL.Image.Image:
    """Return the drawing cut out of its paper: where it is white it is transparent black."""
    image = drawing("RGBA")
    pixels = np.array(image)
    pixels[np.all(pixels[:, :, :3] == 255, axis=2)] = (0, 0, 0, 0)
    return PIL.Image.fromarray(pixels).convert(mode)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_text_on_a_transparent_ground_is_seen_on_white(mode: str, open_bytes: Open) -> None:
    decoded = open_bytes(save(transparent(mode), "PNG"), "png")

    assert_shows(decoded, ALL if mode == "RGBA" else GREYS)
    assert decoded.notes == ()


def test_a_palette_with_a_transparent_colour_is_seen_on_white(open_bytes: Open) -> None:
    image = PIL.Image.new("P", SIZE, 0)
    image.putpalette([0, 0, 0, 0, 0, 0, *RED, *BLUE])  # colour 0 is a transparent black
    draw = PIL.ImageDraw.Draw(image)
    draw.rectangle((0, 0, 39, 29), fill=2)
    draw.rectangle((80, 0, 119, 29), fill=1)
    draw.rectangle((0, 50, 39, 79), fill=3)

    assert_shows(open_bytes(save(image, "PNG", transparency=0), "png"), ALL)


def test_a_colour_that_stands_for_transparency_is_seen_on_white(open_bytes: Open) -> None:
    image = drawing()
    image.paste((1, 2, 3), (80, 50, 120, 80))

    assert_shows(open_bytes(save(image, "PNG", transparency=(1, 2, 3)), "png"), ALL)


def test_half_transparent_ink_is_mixed_with_the_paper(open_bytes: Open) -> None:
    image = PIL.Image.new("RGBA", SIZE, (0, 0, 0, 128))

    assert_shows(open_bytes(save(image, "PNG"), "png"), [(127, 127, 127)] * 4, within=2)


TRANSPOSE = PIL.Image.Transpose
# What a camera stores for each EXIF orientation, so that the picture is upright when turned.
STORED = {
    1: None,
    2: TRANSPOSE.FLIP_LEFT_RIGHT,
    3: TRANSPOSE.ROTATE_180,
    4: TRANSPOSE.FLIP_TOP_BOTTOM,
    5: TRANSPOSE.TRANSPOSE,
    6: TRANSPOSE.ROTATE_90,
    7: TRANSPOSE.TRANSVERSE,
    8: TRANSPOSE.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "transparent PNG"])
def test_an_exif_orientation_is_applied(form: str, orientation: int, open_bytes: Open) -> None:
    image = transparent("RGBA") if form == "transparent PNG" else drawing()
    method = STORED[orientation]
    stored = image if method is None else image.transpose(method)
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 95} if form == "JPEG" else {}
    data = save(stored, form.split()[-1], exif=exif, **options)

    decoded = open_bytes(data, form.split()[-1].lower())

    assert decoded.pages[0].picture.shape == (SIZE[1], SIZE[0], 3)
    assert_shows(decoded, ALL)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_exif_orientation_that_does_not_exist_is_ignored(
    orientation: int, open_bytes: Open
) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation

    assert_shows(open_bytes(save(drawing(), "JPEG", quality=95, exif=exif), "jpeg"), ALL)


def noise(size: tuple[int, int] = (200, 200)) -> PIL.Image.Image:
    pixels = np.random.default_rng(3).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    return PIL.Image.fromarray(pixels)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.4, 0.7, 0.95])
def test_a_truncated_picture_is_noted_as_damaged(form: str, share: float, open_bytes: Open) -> None:
    data = save(noise(), form)

    decoded = open_bytes(data[: int(share * len(data))], form.lower())

    assert "damaged" in decoded.notes
    assert decoded.pages[0].picture.shape == (200, 200, 3)
    # What was sent is there: its first rows are those of the whole picture.
    whole = open_bytes(data, form.lower()).pages[0].picture
    assert np.array_equal(decoded.pages[0].picture[:16], whole[:16])


def test_a_truncated_progressive_jpeg_is_noted_as_damaged(open_bytes: Open) -> None:
    data = save(noise(), "JPEG", progressive=True)

    assert "damaged" in open_bytes(data[: len(data) // 2], "jpeg").notes


def test_the_end_of_a_preview_is_not_the_end_of_the_picture(open_bytes: Open) -> None:
    exif = PIL.Image.Exif()
    exif[0x010E] = "x" * 200 + save(drawing(), "JPEG").decode("latin-1")
    data = save(noise(), "JPEG", exif=exif)

    assert open_bytes(data, "jpeg").notes == ()
    assert "damaged" in open_bytes(data[:-900], "jpeg").notes


@pytest.mark.parametrize("seed", range(4))
def test_junk_behind_a_picture_does_not_make_it_damaged(seed: int, open_bytes: Open) -> None:
    junk = random.Random(seed).randbytes(300_000)

    for form in ("JPEG", "PNG"):
        decoded = open_bytes(save(drawing(), form) + junk, form.lower())
        assert "damaged" not in decoded.notes
        assert_shows(decoded, ALL, within=25)


def test_a_png_with_a_wrong_checksum_is_noted_as_damaged(open_bytes: Open) -> None:
    data = bytearray(save(noise(), "PNG"))
    data[data.index(b"IDAT") + 500] ^= 1

    code, decoded = answer(open_bytes, bytes(data), "png")

    assert code == "damaged-unopenable" or (decoded and "damaged" in decoded.notes)


def test_only_the_first_frame_counts_and_more_are_noted(open_bytes: Open) -> None:
    animated = save(
        drawing(),
        "PNG",
        save_all=True,
        append_images=[PIL.Image.new("RGB", SIZE, BLUE)],
        default_image=False,
    )
    decoded = open_bytes(animated, "png")
    assert decoded.notes == ("multi-frame",)
    assert_shows(decoded, ALL)

    several = io.BytesIO()
    drawing().save(
        several,
        "MPO",
        save_all=True,
        append_images=[PIL.Image.new("RGB", SIZE, BLUE)],
        quality=95,
    )
    decoded = open_bytes(several.getvalue(), "jpeg")
    assert decoded.notes == ("multi-frame",)
    assert_shows(decoded, ALL)


def empty_png(width: int, height: int) -> bytes:
    return png(struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), zlib.compress(bytes(50_000)))


@pytest.mark.parametrize(
    ("width", "height", "codes"),
    [
        (60_000, 60_000, {"pixels"}),
        (1, 100_000_000, {"dimensions"}),
        (100, 0, {"dimensions", "damaged-unopenable"}),
        (10_001, 1, {"dimensions"}),
        (8_000, 8_000, {"pixels"}),
        (2**31 - 1, 2**31 - 1, {"pixels"}),
    ],
)
def test_a_flood_of_pixels_is_refused_before_it_is_decoded(
    width: int, height: int, codes: set[str], open_bytes: Open
) -> None:
    with pytest.raises(DocumentFault) as fault:
        open_bytes(empty_png(width, height), "png")

    assert fault.value.rule_id in codes


def test_a_jpeg_that_announces_more_than_it_holds_is_refused(open_bytes: Open) -> None:
    data = bytearray(save(drawing(), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 9_999, 9_999)

    with pytest.raises(DocumentFault) as fault:
        open_bytes(bytes(data), "jpeg")

    assert fault.value.rule_id == "pixels"


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP", b"iTXt"])
def test_a_compressed_note_that_unpacks_to_gigabytes_costs_little(
    kind: bytes, open_bytes: Open
) -> None:
    packer = zlib.compressobj(9)
    zeros = bytes(1_000_000)
    bomb = b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()
    middle = b"\0\1\0\0\0" if kind == b"iTXt" else b"\0\0"
    rows = zlib.compress(b"".join(b"\0" + bytes([255] * 60) for _ in range(20)))
    head = struct.pack(">IIBBBBB", 20, 20, 8, 2, 0, 0, 0)

    code, decoded = answer(open_bytes, png(head, rows, (kind, b"note" + middle + bomb)), "png")

    assert code in {"", "damaged-unopenable", "memory"}
    if decoded:
        assert_shows(decoded, [WHITE] * 4)


@pytest.mark.parametrize("kind", ["jpeg", "png"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"BM" + bytes(100),
    ],
)
def test_what_is_no_picture_is_refused(kind: str, data: bytes, open_bytes: Open) -> None:
    with pytest.raises(DocumentFault) as fault:
        open_bytes(data, kind)

    assert fault.value.rule_id == "damaged-unopenable"


@pytest.mark.parametrize("seed", range(12))
def test_a_picture_with_bytes_knocked_over_never_harms_the_reader(
    seed: int, open_bytes: Open
) -> None:
    source = random.Random(seed)
    form = source.choice(["JPEG", "PNG"])
    data = bytearray(save(noise((60, 60)), form))
    for _ in range(source.randint(1, 30)):
        data[source.randrange(2, len(data))] = source.randrange(256)

    code, decoded = answer(open_bytes, bytes(data), form.lower())

    assert code in {"", "damaged-unopenable", "dimensions", "pixels"}
    if decoded and form == "PNG":
        assert decoded.notes  # its checksums tell
