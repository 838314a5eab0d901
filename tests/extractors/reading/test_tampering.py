"""Signs of a change on drawn numbers: what is put in afterwards is told, what is honest is not."""

import io
from collections.abc import Collection
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest

from domain.certificates import CertificateType, FieldName
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.page import BoundingBox, Line, Page
from domain.tampering import TamperHint, TamperSign
from extractors.reading.decoding import decode
from extractors.reading.origin import document_names_editor, picture_names_editor
from extractors.reading.picture import Picture
from extractors.reading.sandbox import Limits
from extractors.reading.tampering import find_tamper_hints

WIDTH, HEIGHT = 1200, 900
PITCH_PX, LINE_PX = 26, 44
FIELDS = (
    FieldName.CERTIFICATE_NUMBER,
    FieldName.ID_NUMBER,
    FieldName.ADMISSION_TICKET,
    FieldName.SCORE,
)
NUMBERS = dict(
    zip(FIELDS, ("212111234567890", "990101199001010019", "112340212100105", "482"), strict=True)
)
TOPS = dict(zip(FIELDS, (120, 220, 320, 420), strict=True))
LEFT = 160


def drawn(fonts: dict[FieldName, int] | None = None) -> Picture:
    """Return a page with the numbers, and lines of words around them, under a camera's grain."""
    picture = np.full((HEIGHT, WIDTH, 3), 226, dtype=np.uint8)
    for field, text in NUMBERS.items():
        for place, digit in enumerate(text):
            at = (LEFT + place * PITCH_PX + 3, TOPS[field] + 35)
            font = (fonts or {}).get(field, cv2.FONT_HERSHEY_DUPLEX)
            cv2.putText(picture, digit, at, font, 1.1, (30, 30, 30), 2, cv2.LINE_AA)
    for row in range(5):
        words = "COLLEGE ENGLISH TEST REPORT FORM"
        at = (LEFT, 520 + 70 * row)
        cv2.putText(picture, words, at, cv2.FONT_HERSHEY_SIMPLEX, 1.2, (30, 30, 30), 2, cv2.LINE_AA)
    grain = np.random.default_rng(7).normal(0, 2, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.7) + grain, 0, 255).astype(np.uint8)


def saved(picture: Picture, quality: int) -> Picture:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)


def box_of(left: float, top: float, right: float, bottom: float) -> BoundingBox:
    return BoundingBox(
        left=left / WIDTH, top=top / HEIGHT, right=right / WIDTH, bottom=bottom / HEIGHT
    )


def corners(box: BoundingBox) -> tuple[tuple[float, float], ...]:
    top, bottom = box.top, box.bottom
    return ((box.left, top), (box.right, top), (box.right, bottom), (box.left, bottom))


def line_of(text: str, box: BoundingBox) -> Line:
    positions = tuple((place + 0.5) / len(text) for place in range(len(text)))
    return Line(
        text=text,
        quad=corners(box),
        confidence=0.99,
        positions=positions,
        character_confidences=(0.99,) * len(text),
    )


def hints_of(
    picture: Picture, signs: Collection[TamperSign] = tuple(TamperSign)
) -> dict[tuple[TamperSign, FieldName | None], TamperHint]:
    lines, values = [], []
    for field, text in NUMBERS.items():
        top = TOPS[field]
        line = line_of(text, box_of(LEFT, top, LEFT + len(text) * PITCH_PX, top + LINE_PX))
        lines.append(line)
        evidence = Evidence(
            file_digest="a" * 64,
            page_number=1,
            bbox=line.bbox,
            raw_text=text,
            quad=line.quad,
            positions=line.positions,
        )
        values.append(ExtractedValue(field=field, text=text, confidence=0.99, evidence=evidence))
    for row in range(5):
        top = 520 + 70 * row - 32
        lines.append(line_of("COLLEGE ENGLISH", box_of(LEFT, top, LEFT + 700, top + LINE_PX)))
    page = Page(
        file_digest="a" * 64,
        page_number=1,
        width_px=WIDTH,
        height_px=HEIGHT,
        turned_degrees=0,
        mirrored=False,
        lines=tuple(lines),
    )
    kind = Classification(certificate_type=CertificateType.CET4, form=None, score=1.0)
    extraction = Extraction(
        file_digest="a" * 64, page_number=1, classification=kind, values=tuple(values)
    )
    hints = find_tamper_hints(picture, page, extraction, signs)
    return {(hint.sign, hint.field): hint for hint in hints}


@pytest.mark.parametrize("quality", [95, 70])
def test_an_honest_picture_has_no_sign_however_often_it_was_saved(quality: int) -> None:
    assert hints_of(drawn()) == {}
    assert hints_of(saved(drawn(), quality)) == {}
    assert hints_of(saved(saved(drawn(), quality), 92)) == {}


def test_a_number_set_in_another_typeface_is_told() -> None:
    other = drawn({FieldName.SCORE: cv2.FONT_HERSHEY_COMPLEX})
    assert (TamperSign.TYPEFACE, FieldName.SCORE) not in hints_of(other)  # three figures are few
    other = drawn({FieldName.CERTIFICATE_NUMBER: cv2.FONT_HERSHEY_SCRIPT_COMPLEX})
    assert (TamperSign.TYPEFACE, FieldName.CERTIFICATE_NUMBER) in hints_of(other)


def moved(picture: Picture, place: int, down_px: int) -> Picture:
    """Return the picture with a figure of the certificate number moved down."""
    top = TOPS[FieldName.CERTIFICATE_NUMBER]
    left = LEFT + place * PITCH_PX
    part = picture[top : top + LINE_PX, left : left + PITCH_PX].copy()
    edited = picture.copy()
    edited[top + down_px : top + LINE_PX + down_px, left : left + PITCH_PX] = part
    return edited


def test_a_figure_off_the_line_is_told_with_its_place() -> None:
    sign = (TamperSign.ALIGNMENT, FieldName.CERTIFICATE_NUMBER)
    found = hints_of(moved(drawn(), 6, 4))
    assert sign in found
    centre = (LEFT + 6.5 * PITCH_PX) / WIDTH
    assert found[sign].bbox.left < centre < found[sign].bbox.right
    assert found[sign].bbox.width < 3 * PITCH_PX / WIDTH
    assert sign not in hints_of(moved(drawn(), 6, 0))


def test_a_sign_that_is_not_asked_for_is_not_looked_for_and_the_others_stay() -> None:
    number = FieldName.CERTIFICATE_NUMBER
    picture = moved(drawn({number: cv2.FONT_HERSHEY_SCRIPT_COMPLEX}), 6, 4)
    signs = {TamperSign.TYPEFACE, TamperSign.ALIGNMENT}
    assert signs <= {sign for sign, _ in hints_of(picture)}
    for sign in signs:
        seen = {key: hint for key, hint in hints_of(picture).items() if key[0] is not sign}
        assert hints_of(picture, set(TamperSign) - {sign}) == seen
    assert hints_of(picture, ()) == {}


def test_a_figure_sharper_than_its_number_is_told() -> None:
    picture = drawn()
    top, left = TOPS[FieldName.CERTIFICATE_NUMBER], LEFT + 6 * PITCH_PX
    place = np.s_[top : top + LINE_PX, left : left + PITCH_PX]
    softened = np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.0), dtype=np.uint8)
    sign = (TamperSign.SHARPNESS, FieldName.CERTIFICATE_NUMBER)
    assert sign not in hints_of(softened)
    softened[place] = picture[place]
    assert sign in hints_of(softened)


def test_a_figure_put_in_before_saving_again_lacks_the_first_compression() -> None:
    picture = saved(drawn(), 60)
    top, left = TOPS[FieldName.CERTIFICATE_NUMBER], LEFT + 6 * PITCH_PX
    edited = picture.copy()
    # Copied from the same number, three pixels off the grid of the first compression.
    source = LEFT + 2 * PITCH_PX + 3
    edited[top : top + LINE_PX, left : left + PITCH_PX] = picture[
        top - 3 : top + LINE_PX - 3, source : source + PITCH_PX
    ]
    sign = (TamperSign.COMPRESSION, FieldName.CERTIFICATE_NUMBER)
    assert sign in hints_of(saved(edited, 95))
    assert sign not in hints_of(saved(picture, 95))


def test_the_points_of_a_screen_are_told() -> None:
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    points = 14 * np.sin(1.9 * columns + 0.2 * rows) * np.sin(1.7 * rows - 0.2 * columns)
    screen = np.clip(drawn() + points[:, :, np.newaxis], 0, 255).astype(np.uint8)
    found = hints_of(screen)
    assert (TamperSign.RECAPTURE, None) in found
    assert found[TamperSign.RECAPTURE, None].bbox.width == 1.0


def encoded(form: str, software: str) -> bytes:
    buffer = io.BytesIO()
    exif = PIL.Image.Exif()
    exif[0x0131] = software.encode()  # as editors write it
    PIL.Image.new("RGB", (16, 16), "white").save(buffer, form, exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_tells_the_editor_that_saved_it(form: str) -> None:
    assert picture_names_editor(encoded(form, "Adobe Photoshop 25.1 (Windows)"))
    assert picture_names_editor(encoded(form, "美图秀秀"))
    # Cameras, and viewers with which a picture is only turned.
    assert not picture_names_editor(encoded(form, "HUAWEI P40 10.1.0.160"))
    assert not picture_names_editor(encoded(form, "Microsoft Windows Photo Viewer 6.1"))
    assert not picture_names_editor(encoded(form, ""))
    assert not picture_names_editor(b"not a picture")


def test_a_picture_tells_the_editor_in_its_xmp() -> None:
    plain = encoded("JPEG", "")
    xmp = b"<x:xmpmeta><xmp:CreatorTool>GIMP 2.10</xmp:CreatorTool></x:xmpmeta>"
    segment = b"\xff\xe1" + (len(xmp) + 2).to_bytes(2) + xmp
    assert picture_names_editor(plain[:2] + segment + plain[2:])


def test_a_document_tells_the_editor_that_made_it() -> None:
    assert document_names_editor({"Producer": "PDF-XChange Editor 9.0"})
    assert document_names_editor({"Creator": "Adobe Illustrator 27.0"})
    assert not document_names_editor({"Producer": "jsPDF 2.5.1", "Creator": "Microsoft Word"})
    assert not document_names_editor({})


LIMITS = Limits(
    cpu_seconds=10,
    memory_bytes=1 << 30,
    wall_seconds=10.0,
    max_pages=2,
    max_side_px=5000,
    max_pixels=10_000_000,
    render_dpi=72,
)


@pytest.mark.parametrize("producer", ["Adobe Photoshop 25.1", "Skia/PDF m120"])
def test_opening_a_file_notes_an_editor_and_no_other_program(producer: str, tmp_path: Path) -> None:
    document = tmp_path / "paper.pdf"
    PIL.Image.new("RGB", (200, 200), "white").save(document, producer=producer)
    picture = tmp_path / "paper.jpg"
    picture.write_bytes(encoded("JPEG", producer))
    expected = ("tamper-software",) if "Photoshop" in producer else ()
    assert decode(str(document), "pdf", LIMITS).notes == expected
    assert decode(str(picture), "jpeg", LIMITS).notes == expected
