"""In what condition a paper arrives: from a clean export to a photograph on a kitchen table.

`CONDITIONS` lists the names, `possible_conditions` which of them suit a paper, `apply_condition`
makes the uploaded files. Every file fits the platform's limit of 1,048,576 bytes, as an
applicant's phone would make it fit: by quality first, then by size. The effects themselves are in
`camera.py`, the files in `encoding.py`, window frames and cover pages in `screens.py`.
"""

import random
from collections.abc import Callable

import numpy as np
from PIL import Image

from benchmarks.samples import camera
from benchmarks.samples.encoding import (
    PageImage,
    UploadFile,
    encode_jpeg,
    encode_png,
    has_text_layer,
    pdf_of_pages,
    put_before,
)
from benchmarks.samples.paper import NOT_ACCEPTED, UNKNOWN, Paper
from benchmarks.samples.screens import draw_cover_page, draw_phone_screen, draw_window

CONDITIONS = (
    "clean",
    "scan-150",
    "scan-200",
    "scan-300",
    "photo",
    "photo-turned",
    "messenger",
    "screenshot",
    "text-pdf",
    "image-pdf",
    "scanned-pdf",
    "page-two",
)
UNREADABLE_CONDITIONS = ("blurred", "tiny", "night")

_MILLIMETRES_PER_INCH = 25.4
_MESSENGER_LONG_SIDES_PX = (720, 800, 960, 1080)
# Below this a digit of ordinary print is less than nine pixels high and a person has to guess.
_READABLE_PX_PER_MM = 3.3
_LARGE_PAGE_MM = 250
_COVER_PX = (827, 1169)
_EXIF_TURNS = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}
_EXIF_TURNS[8] = Image.Transpose.ROTATE_270
_PIXEL_TURNS = (
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270,
)


def possible_conditions(paper: Paper) -> tuple[str, ...]:
    """Return the conditions in which such a paper can arrive, in the order of `CONDITIONS`.

    Electronic layouts can be photographed or scanned once they are printed; paper ones cannot be a
    text PDF. A page that is seen in a browser or a chat (no certificate) arrives as a picture.
    A whole A4 page at 300 dpi hardly fits the upload limit, so nobody sends one.
    """
    if not paper.is_certificate:
        seen_on_screen = paper.certificate_type not in (NOT_ACCEPTED, UNKNOWN)
        return ("clean", "photo", "messenger", *(("screenshot",) if seen_on_screen else ()))
    original = ""
    if paper.pdf is not None:
        original = "text-pdf" if has_text_layer(paper.pdf) else "image-pdf"
    return certificate_conditions(_long_side_mm(paper.image, paper.dpi), original)


def certificate_conditions(long_side_mm: float, original: str) -> tuple[str, ...]:
    """Return the conditions of a certificate of that size, in the order of `CONDITIONS`.

    original: "text-pdf" or "image-pdf" for an electronic layout, "" for paper.
    """
    electronic = ("screenshot", "text-pdf", "image-pdf")
    names = [name for name in CONDITIONS if name not in electronic]
    if long_side_mm > _LARGE_PAGE_MM:
        names.remove("scan-300")
    if original:
        names += ["screenshot", original]
    return tuple(name for name in CONDITIONS if name in names)


def apply_condition(paper: Paper, name: str, rng: random.Random) -> list[UploadFile]:
    """Return the files that an applicant uploads for `paper` in the named condition.

    Takes a name of `CONDITIONS` or `UNREADABLE_CONDITIONS`; raises `ValueError` for another one,
    and for an electronic condition of a paper that has no PDF.
    """
    if name not in _MAKERS:
        raise ValueError(f"unknown condition: {name}")
    return [_MAKERS[name](paper, rng)]


def _clean(paper: Paper, rng: random.Random) -> UploadFile:
    image = _at_dpi(
        paper, min(paper.dpi, 150 if _long_side_mm(paper.image, paper.dpi) > 250 else 200)
    )
    if rng.random() < 0.35:
        data = encode_png(image)
        if data is not None and len(data) < 200_000:
            return UploadFile(name=_file_name("png", rng), data=data)
    return UploadFile(name=_file_name("jpg", rng), data=encode_jpeg(image, 95, aim_bytes=160_000))


def _scan_at(dpi: int) -> Callable[[Paper, random.Random], UploadFile]:
    def make(paper: Paper, rng: random.Random) -> UploadFile:
        scanned = Image.fromarray(camera.scan(_pixels(_at_dpi(paper, dpi)), rng, dpi=dpi))
        data = encode_jpeg(scanned, rng.randint(72, 86), aim_bytes=125_000, dpi=dpi)
        return UploadFile(name=_file_name("scan", rng), data=data)

    return make


def _photo(paper: Paper, rng: random.Random) -> UploadFile:
    data = encode_jpeg(_photograph(paper, rng), rng.randint(74, 88), aim_bytes=110_000)
    return UploadFile(name=_file_name("camera", rng), data=data)


def _photo_turned(paper: Paper, rng: random.Random) -> UploadFile:
    """Turn the photograph in its pixels, or lay it sideways and say so in the EXIF tag."""
    photograph = _photograph(paper, rng)
    quality = rng.randint(74, 88)
    if rng.random() < 0.5:
        turned = photograph.transpose(rng.choice(_PIXEL_TURNS))
        data = encode_jpeg(turned, quality, aim_bytes=110_000)
    else:
        orientation = rng.choice(tuple(_EXIF_TURNS))
        turned = photograph.transpose(_EXIF_TURNS[orientation])
        data = encode_jpeg(turned, quality, aim_bytes=110_000, orientation=orientation)
    return UploadFile(name=_file_name("camera", rng), data=data)


def _messenger(paper: Paper, rng: random.Random) -> UploadFile:
    """Send a photograph or scan through a chat: 720-1080 px long side, JPEG quality 50-75."""
    long_side_mm = _long_side_mm(paper.image, paper.dpi)
    legible = [
        side for side in _MESSENGER_LONG_SIDES_PX if side >= _READABLE_PX_PER_MM * long_side_mm
    ]
    long_side_px = rng.choice(legible or [_MESSENGER_LONG_SIDES_PX[-1]])
    if long_side_mm < 230 and rng.random() < 0.5:
        picture = _pixels(_photograph(paper, rng))
        long_side_px = max(long_side_px, 960)
    else:
        picture = camera.scan(_pixels(_at_dpi(paper, 150)), rng, dpi=150)
    small = Image.fromarray(camera.resize_to_long_side(picture, long_side_px))
    data = encode_jpeg(small, rng.randint(50, 75))
    return UploadFile(name=_file_name("messenger", rng), data=data)


def _screenshot(paper: Paper, rng: random.Random) -> UploadFile:
    """Show the electronic page in a viewer on a phone or a computer and keep the screen."""
    wide = paper.image.width >= paper.image.height
    frame = draw_window if wide or rng.random() < 0.4 else draw_phone_screen
    screen = frame(paper.image, rng, in_browser=not paper.is_certificate)
    data = encode_png(screen) if rng.random() < 0.5 else None
    if data is not None and len(data) < 200_000:
        return UploadFile(name=_file_name("screen.png", rng), data=data)
    return UploadFile(
        name=_file_name("screen.jpg", rng),
        data=encode_jpeg(screen, rng.randint(82, 92), aim_bytes=160_000),
    )


def _original_pdf(paper: Paper, rng: random.Random) -> UploadFile:
    if paper.pdf is None:
        raise ValueError(f"layout {paper.layout} has no electronic form")
    return UploadFile(name=_file_name("pdf", rng), data=paper.pdf)


def _scanned_pdf(paper: Paper, rng: random.Random) -> UploadFile:
    page = _scanned_page(paper, rng)
    return UploadFile(name=_file_name("scan.pdf", rng), data=pdf_of_pages([page]))


def _page_two(paper: Paper, rng: random.Random) -> UploadFile:
    """Put a cover or an unrelated page of text before the certificate."""
    front = draw_cover_page(rng).resize(_COVER_PX, Image.Resampling.LANCZOS)
    cover = PageImage(
        jpeg=encode_jpeg(front, 65), width_px=front.width, height_px=front.height, dpi=100
    )
    if paper.pdf is not None and rng.random() < 0.6:
        data = put_before(cover, paper.pdf)
    else:
        data = pdf_of_pages([cover, _scanned_page(paper, rng)])
    return UploadFile(name=_file_name("pdf", rng), data=data)


def _blurred(paper: Paper, rng: random.Random) -> UploadFile:
    photograph = camera.blur_beyond_reading(_pixels(_photograph(paper, rng)), rng)
    data = encode_jpeg(Image.fromarray(photograph), 85)
    return UploadFile(name=_file_name("camera", rng), data=data)


def _tiny(paper: Paper, rng: random.Random) -> UploadFile:
    small = camera.resize_to_long_side(_pixels(paper.image), 200)
    return UploadFile(
        name=_file_name("messenger", rng), data=encode_jpeg(Image.fromarray(small), 60)
    )


def _night(paper: Paper, rng: random.Random) -> UploadFile:
    photograph = _photograph(paper, rng)
    reduced = camera.resize_to_long_side(_pixels(photograph), 1280)
    dark = Image.fromarray(camera.darken_to_night(reduced, rng))
    return UploadFile(name=_file_name("camera", rng), data=encode_jpeg(dark, 78))


def _photograph(paper: Paper, rng: random.Random) -> Image.Image:
    """Photograph the page with as many pixels as its print needs."""
    long_side_mm = _long_side_mm(paper.image, paper.dpi)
    needed = round(rng.uniform(5.0, 6.2) * long_side_mm / 0.88)
    long_side_px = min(max(needed, 1280), 1800)
    return Image.fromarray(camera.photograph(_pixels(paper.image), rng, long_side_px=long_side_px))


def _scanned_page(paper: Paper, rng: random.Random) -> PageImage:
    dpi = 150 if _long_side_mm(paper.image, paper.dpi) > _LARGE_PAGE_MM else rng.choice((150, 200))
    scanned = Image.fromarray(camera.scan(_pixels(_at_dpi(paper, dpi)), rng, dpi=dpi))
    return PageImage(
        jpeg=encode_jpeg(scanned, rng.randint(72, 84), aim_bytes=105_000),
        width_px=scanned.width,
        height_px=scanned.height,
        dpi=dpi,
    )


def _at_dpi(paper: Paper, dpi: int) -> Image.Image:
    """Return the clean page with `dpi` pixels an inch."""
    if dpi == paper.dpi:
        return paper.image.convert("RGB")
    long_side_px = round(max(paper.image.size) * dpi / paper.dpi)
    return Image.fromarray(camera.resize_to_long_side(_pixels(paper.image), long_side_px))


def _long_side_mm(image: Image.Image, dpi: int) -> float:
    return max(image.size) / dpi * _MILLIMETRES_PER_INCH


def _pixels(image: Image.Image) -> camera.Pixels:
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def _file_name(source: str, rng: random.Random) -> str:
    """Return a name as phones, scanners and people give it; it never says who the applicant is."""
    day = f"202403{rng.randint(1, 31):02d}"
    clock = f"{rng.randint(8, 22):02d}{rng.randint(0, 59):02d}{rng.randint(0, 59):02d}"
    number = rng.randint(1, 9999)
    choices = {
        "jpg": ("成绩单.jpg", "证书.jpg", "外语成绩证明.jpeg", f"image{number:04d}.jpg"),
        "png": ("成绩单.png", "证书 (1).png", f"image{number:04d}.png"),
        "scan": (f"扫描件_{number:04d}.jpg", f"Scan{day}{clock}.jpg", f"CCF{number:05d}.jpg"),
        "camera": (f"IMG_{day}_{clock}.jpg", f"IMG_{number:04d}.JPG", f"mmexport{number:013d}.jpg"),
        "messenger": (f"微信图片_{day}{clock}.jpg", f"qq_pic_merged_{number:013d}.jpg"),
        "screen.png": (f"Screenshot_{day}_{clock}.png", f"屏幕截图 {day}-{clock}.png"),
        "screen.jpg": (f"Screenshot_{day}_{clock}.jpg", f"微信截图_{day}{clock}.jpg"),
        "pdf": ("成绩单.pdf", "外语成绩证明.pdf", f"download-{number}.pdf", "材料.PDF"),
        "scan.pdf": (f"扫描全能王 {day} {clock[:2]}.{clock[2:4]}.pdf", f"scan{number:04d}.pdf"),
    }
    return rng.choice(choices[source])


_MAKERS: dict[str, Callable[[Paper, random.Random], UploadFile]] = {
    "clean": _clean,
    "scan-150": _scan_at(150),
    "scan-200": _scan_at(200),
    "scan-300": _scan_at(300),
    "photo": _photo,
    "photo-turned": _photo_turned,
    "messenger": _messenger,
    "screenshot": _screenshot,
    "text-pdf": _original_pdf,
    "image-pdf": _original_pdf,
    "scanned-pdf": _scanned_pdf,
    "page-two": _page_two,
    "blurred": _blurred,
    "tiny": _tiny,
    "night": _night,
}
