"""Uploads that are broken, renamed or built to harm, each with the outcome it must get.

The outcomes follow docs/contract.md: what cannot be opened or breaks the platform's limits goes
back to the applicant, what can be opened but not trusted goes to a person. Nothing here runs when
it is opened by mistake: the program is not executable, the script in the page is a comment.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pikepdf
from PIL import Image

from benchmarks.samples.application import (
    SampleApplication,
    Studio,
    compose_application,
    honest_cells,
    is_accepted_certificate,
    nothing_to_read,
    passes,
)
from benchmarks.samples.conditions import apply_condition
from benchmarks.samples.encoding import (
    MAX_UPLOAD_BYTES,
    PageImage,
    UploadFile,
    encode_jpeg,
    pdf_of_pages,
)
from benchmarks.samples.paper import Paper

_JPEG_START = b"\xff\xd8"
_COMMENT_MARKER = b"\xff\xfe"
_LONGEST_COMMENT = 65_533
_FLOOD_SIDE_PX = 12_000
_TOO_MANY_PAGES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileUpload:
    """One way in which the uploads of an otherwise honest application are wrong.

    reads: the certificate can be read from them, so the truth keeps its printed values.
    """

    name: str
    expected: tuple[str, ...]
    make: Callable[[Paper, random.Random], list[UploadFile]]
    reads: bool = False


def make_hostile(studio: Studio, hostile: HostileUpload) -> SampleApplication:
    """Return an application with an honest row and what `hostile` makes of its paper."""
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    files = hostile.make(drawn.paper, studio.rng)
    application = compose_application(
        drawn,
        honest_cells(drawn, studio.rng),
        files,
        kind=hostile.name,
        expected=hostile.expected,
        condition="hostile",
    )
    return application if hostile.reads else nothing_to_read(application)


def heic_bytes(rng: random.Random) -> bytes:
    """Return a file with the box structure of a HEIC photograph and no decodable picture."""
    brands = b"heic" + struct.pack(">L", 0) + b"mif1heic"
    head = struct.pack(">L", 8 + len(brands)) + b"ftyp" + brands
    body = rng.randbytes(48_000)
    return head + struct.pack(">L", 8 + len(body)) + b"mdat" + body


def pad_jpeg(jpeg: bytes, size: int) -> bytes:
    """Return the same picture as a JPEG of exactly `size` bytes, filled with comment segments.

    Raises `ValueError` where the picture is larger than that or only 1-3 bytes smaller.
    """
    missing = size - len(jpeg)
    if missing != 0 and missing < 4:
        raise ValueError(f"a JPEG of {len(jpeg)} bytes cannot be padded to {size}")
    segments = []
    while missing:
        length = min(missing, _LONGEST_COMMENT + 4)
        # A comment cannot be shorter than its own head of four bytes.
        if 0 < missing - length < 4:
            length -= 4
        segments.append(_COMMENT_MARKER + struct.pack(">H", length - 2) + b" " * (length - 4))
        missing -= length
    return _JPEG_START + b"".join(segments) + jpeg[2:]


def _no_upload(paper: Paper, rng: random.Random) -> list[UploadFile]:
    del paper, rng
    return []


def _zero_bytes(paper: Paper, rng: random.Random) -> list[UploadFile]:
    del paper, rng
    return [UploadFile(name="成绩单.jpg", data=b"")]


def _truncated_jpeg(paper: Paper, rng: random.Random) -> list[UploadFile]:
    whole = apply_condition(paper, "scan-200", rng)[0]
    return [UploadFile(name=whole.name, data=whole.data[: len(whole.data) // 2])]


def _encrypted_pdf(paper: Paper, rng: random.Random) -> list[UploadFile]:
    """Protect a PDF with a password; RC4 because AES would draw salts and differ on every run."""
    plain = apply_condition(paper, "scanned-pdf", rng)[0]
    password = f"{rng.randrange(10**8):08d}"
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain.data)) as document:
        document.save(
            buffer,
            static_id=True,
            encryption=pikepdf.Encryption(
                user=password, owner=password, R=3, aes=False, metadata=False
            ),
        )
    return [UploadFile(name="成绩单(加密).pdf", data=buffer.getvalue())]


def _renamed_phone_picture(paper: Paper, rng: random.Random) -> list[UploadFile]:
    buffer = io.BytesIO()
    paper.image.convert("RGB").save(buffer, "WEBP", quality=60, method=2)
    return [
        UploadFile(name="IMG_2041.jpg", data=heic_bytes(rng)),
        UploadFile(name="IMG_2042.jpg", data=buffer.getvalue()),
    ]


def _renamed_program(paper: Paper, rng: random.Random) -> list[UploadFile]:
    del paper
    head = b"MZ" + bytes(58) + struct.pack("<L", 64) + b"PE\0\0" + struct.pack("<HH", 0x8664, 0)
    notice = b"This program cannot be run in DOS mode.\r\r\n$"
    return [UploadFile(name="成绩单.pdf", data=head + notice + rng.randbytes(20_000))]


def _six_files(paper: Paper, rng: random.Random) -> list[UploadFile]:
    del rng
    files = []
    for number in range(1, 7):
        part = paper.image.convert("RGB")
        part.thumbnail((700 + number, 700), Image.Resampling.LANCZOS)
        files.append(UploadFile(name=f"照片{number}.jpg", data=encode_jpeg(part, 60)))
    return files


def _exact_limit(paper: Paper, rng: random.Random) -> list[UploadFile]:
    jpeg = apply_condition(paper, "scan-200", rng)[0]
    return [UploadFile(name=jpeg.name, data=pad_jpeg(jpeg.data, MAX_UPLOAD_BYTES))]


def _over_limit(paper: Paper, rng: random.Random) -> list[UploadFile]:
    jpeg = apply_condition(paper, "scan-200", rng)[0]
    return [UploadFile(name=jpeg.name, data=pad_jpeg(jpeg.data, MAX_UPLOAD_BYTES + 1))]


def _png_named_jpg(paper: Paper, rng: random.Random) -> list[UploadFile]:
    del rng
    image = paper.image.convert("RGB")
    image.thumbnail((1500, 1500), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    # A palette keeps the file small whatever pattern the paper carries.
    image.quantize(32, dither=Image.Dither.NONE).save(buffer, "PNG")
    return [UploadFile(name="证书.jpg", data=buffer.getvalue())]


def _pixel_flood(paper: Paper, rng: random.Random) -> list[UploadFile]:
    """Pack 144 million white pixels into a valid PNG of some 20 kB."""
    del paper, rng
    side = _FLOOD_SIDE_PX
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    block = row * 500
    packed = b"".join(packer.compress(block) for _ in range(side // 500)) + packer.flush()
    header = struct.pack(">LLBBBBB", side, side, 1, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        (_png_chunk(b"IHDR", header), _png_chunk(b"IDAT", packed), _png_chunk(b"IEND", b""))
    )
    return [UploadFile(name="证书.png", data=data)]


def _sixty_pages(paper: Paper, rng: random.Random) -> list[UploadFile]:
    image = paper.image.convert("RGB")
    image.thumbnail((1100, 1100), Image.Resampling.LANCZOS)
    first = PageImage(
        jpeg=encode_jpeg(image, 70),
        width_px=image.width,
        height_px=image.height,
        dpi=100,
    )
    shade = rng.randint(248, 255)
    empty = encode_jpeg(Image.new("RGB", (595, 842), (shade, shade, shade)), 60)
    rest = PageImage(jpeg=empty, width_px=595, height_px=842, dpi=72)
    pages = [first, *[rest] * (_TOO_MANY_PAGES - 1)]
    return [UploadFile(name="全部材料.pdf", data=pdf_of_pages(pages))]


def _renamed_markup(paper: Paper, rng: random.Random) -> list[UploadFile]:
    del paper, rng
    svg = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600">'
        '<text x="80" y="120" font-size="32">成绩报告单</text></svg>\n'
    )
    html = (
        "<!DOCTYPE html>\n<html><head><title>成绩报告单</title></head>"
        "<body><!-- <script>alert(1)</script> --><h1>成绩报告单</h1></body></html>\n"
    )
    return [
        UploadFile(name="证书.png", data=svg.encode()),
        UploadFile(name="成绩查询.png", data=html.encode()),
    ]


def _pdf_and_zip(paper: Paper, rng: random.Random) -> list[UploadFile]:
    """Append a ZIP archive to a PDF: each program finds its own format in the same bytes."""
    pdf = apply_condition(paper, "scanned-pdf", rng)[0]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("readme.txt", date_time=(2024, 3, 1, 8, 0, 0))
        archive.writestr(entry, "This archive hides behind a PDF.\n" * 20)
    return [UploadFile(name="成绩单.pdf", data=pdf.data + buffer.getvalue())]


def _lying_exif(paper: Paper, rng: random.Random) -> list[UploadFile]:
    """Say in the EXIF tag that an upright picture lies on its side."""
    image = paper.image.convert("RGB")
    image.thumbnail((1700, 1700), Image.Resampling.LANCZOS)
    data = encode_jpeg(image, 88, aim_bytes=170_000, orientation=rng.choice((3, 6, 8)))
    return [UploadFile(name="IMG_20240312_101112.jpg", data=data)]


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", check)


HOSTILE_UPLOADS: Sequence[HostileUpload] = (
    HostileUpload(name="no-upload", expected=("return",), make=_no_upload),
    HostileUpload(name="zero-bytes", expected=("return",), make=_zero_bytes),
    HostileUpload(name="truncated-jpeg", expected=("review",), make=_truncated_jpeg),
    HostileUpload(name="encrypted-pdf", expected=("return",), make=_encrypted_pdf),
    HostileUpload(name="renamed-heic-webp", expected=("return",), make=_renamed_phone_picture),
    HostileUpload(name="renamed-program", expected=("return",), make=_renamed_program),
    HostileUpload(name="six-files", expected=("return",), make=_six_files),
    HostileUpload(name="exact-limit", expected=("accept",), make=_exact_limit, reads=True),
    HostileUpload(name="over-limit", expected=("return",), make=_over_limit),
    HostileUpload(name="png-named-jpg", expected=("accept",), make=_png_named_jpg, reads=True),
    HostileUpload(name="pixel-flood", expected=("return",), make=_pixel_flood),
    HostileUpload(name="sixty-pages", expected=("return",), make=_sixty_pages),
    HostileUpload(name="renamed-svg-html", expected=("return",), make=_renamed_markup),
    HostileUpload(name="pdf-zip-polyglot", expected=("review",), make=_pdf_and_zip, reads=True),
    HostileUpload(name="lying-exif", expected=("accept",), make=_lying_exif, reads=True),
)
