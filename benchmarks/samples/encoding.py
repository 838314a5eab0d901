"""Pictures and pages as files: JPEG, PNG and PDF bytes that are the same on every run."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from PIL import Image

MAX_UPLOAD_BYTES = 1_048_576
_LOWEST_QUALITY = 36
_LOWEST_CHOSEN_QUALITY = 46
_QUALITY_STEP = 6
_SHRINK = 0.85
_SHOWS_TEXT = ("Tj", "TJ", "'", '"')
_ORIENTATION_TAG = 0x0112
_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFile:
    """One file as the platform stores it: the applicant's name for it and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """A picture that fills one page of a PDF; `dpi` gives the size of the page."""

    jpeg: bytes
    width_px: int
    height_px: int
    dpi: int


def encode_jpeg(
    image: Image.Image,
    quality: int,
    *,
    aim_bytes: int = MAX_UPLOAD_BYTES,
    orientation: int | None = None,
    dpi: int | None = None,
) -> bytes:
    """Return `image` as JPEG of at most `MAX_UPLOAD_BYTES`.

    Quality goes down towards `aim_bytes`, though not below what still looks clean; only the upload
    limit makes the picture smaller. `orientation` is the value of the EXIF tag, 1-8.
    """
    image = image.convert("RGB")
    data = _jpeg(image, quality, orientation, dpi)
    # Many pixels an inch stay legible at a quality that would spoil a small picture.
    lowest = _LOWEST_QUALITY if dpi is not None and dpi >= 200 else _LOWEST_CHOSEN_QUALITY
    while len(data) > aim_bytes and quality - _QUALITY_STEP >= lowest:
        quality -= _QUALITY_STEP
        data = _jpeg(image, quality, orientation, dpi)
    while len(data) > MAX_UPLOAD_BYTES:
        if quality - _QUALITY_STEP >= _LOWEST_QUALITY:
            quality -= _QUALITY_STEP
        else:
            size = (round(image.width * _SHRINK), round(image.height * _SHRINK))
            image = image.resize(size, Image.Resampling.LANCZOS)
        data = _jpeg(image, quality, orientation, dpi)
    return data


def encode_png(image: Image.Image) -> bytes | None:
    """Return `image` as PNG, None where that would be over the upload limit."""
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "PNG", compress_level=6)
    data = buffer.getvalue()
    return data if len(data) <= MAX_UPLOAD_BYTES else None


def has_text_layer(pdf: bytes) -> bool:
    """Tell whether any page of `pdf` shows text rather than a picture of it."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return any(
            str(instruction.operator) in _SHOWS_TEXT
            for page in document.pages
            for instruction in pikepdf.parse_content_stream(page)
        )


def pdf_of_pages(pages: Sequence[PageImage]) -> bytes:
    """Return a PDF in which each page is one picture, as scanner programs write it."""
    with pikepdf.new() as document:
        pictures = {page: _add_picture(document, page) for page in dict.fromkeys(pages)}
        for page in pages:
            _add_page(document, page, pictures[page])
        return _save(document)


def put_before(cover: PageImage, pdf: bytes) -> bytes:
    """Return `pdf` with a picture page before its first page."""
    with pikepdf.new() as document, pikepdf.open(io.BytesIO(pdf)) as original:
        _add_page(document, cover, _add_picture(document, cover))
        document.pages.extend(original.pages)
        return _save(document)


def _jpeg(image: Image.Image, quality: int, orientation: int | None, dpi: int | None) -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[_ORIENTATION_TAG] = orientation
    resolution = (dpi, dpi) if dpi is not None else (72, 72)
    tags = exif.tobytes() if exif else b""
    image.save(buffer, "JPEG", quality=quality, optimize=True, exif=tags, dpi=resolution)
    return buffer.getvalue()


def _add_picture(document: pikepdf.Pdf, page: PageImage) -> pikepdf.Object:
    picture = pikepdf.Stream(
        document,
        page.jpeg,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=page.width_px,
        Height=page.height_px,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    return document.make_indirect(picture)


def _add_page(document: pikepdf.Pdf, page: PageImage, picture: pikepdf.Object) -> None:
    width = page.width_px * _POINTS_PER_INCH / page.dpi
    height = page.height_px * _POINTS_PER_INCH / page.dpi
    content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode()
    document.add_blank_page(page_size=(round(width, 2), round(height, 2)))
    new_page = document.pages[-1]
    new_page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    new_page.Contents = pikepdf.Stream(document, content)


def _save(document: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id=True, static_id=False)
    return buffer.getvalue()
