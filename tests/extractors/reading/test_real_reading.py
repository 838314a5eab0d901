"""Real papers through the whole reader: turned, slanted, mirrored, hidden and contradicted text."""

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest

from benchmarks.samples.paper import Paper
from domain.application import FileKind
from domain.certificates import CertificateType, FieldName
from domain.faults import DocumentFault, MachineFault
from domain.policy import parse_policy
from domain.reading import Reading, ReadRequest
from extractors.reading.pool import ReadingPool
from extractors.reading.recognition import load_engine
from tests.extractors import golden_files
from tests.extractors.reading import pdf_files

pytestmark = pytest.mark.reading

_F = FieldName
ROOT = Path(__file__).parents[3]
POLICY = parse_policy((ROOT / "institutions/default.toml").read_text("utf-8"), None, "default")
# Read from one upright paper, and from the same one however it lies.
FIELDS = (_F.NAME, _F.ID_NUMBER, _F.CERTIFICATE_NUMBER, _F.SCORE, _F.DATE, _F.LISTENING, _F.READING)

Turn = Callable[[PIL.Image.Image], PIL.Image.Image]


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """Load the models once for all tests of this process."""
    load_engine()


@pytest.fixture(scope="session")
def paper() -> Paper:
    return golden_files.draw("cet4")


@pytest.fixture(scope="session")
def picture(paper: Paper) -> PIL.Image.Image:
    image = paper.image.copy()
    image.thumbnail((1300, 1300))
    return image


def png(image: PIL.Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def jpeg(image: PIL.Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def values_of(reading: Reading) -> dict[str, str]:
    (extraction,) = reading.extractions
    return {field.value: extraction.text(field).replace(" ", "") for field in FIELDS}


def printed_on(paper: Paper) -> dict[str, str]:
    return {field.value: paper.printed[field.value].replace(" ", "") for field in FIELDS}


def perspective(image: PIL.Image.Image) -> PIL.Image.Image:
    width, height = image.size
    border = 120
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    target = source + np.array(
        [
            [border + 60, border],
            [border - 20, border + 50],
            [border, border],
            [border, border - 30],
        ],
        dtype=np.float32,
    )
    warped = cv2.warpPerspective(
        np.asarray(image),
        cv2.getPerspectiveTransform(source, target),
        (width + 2 * border, height + 2 * border),
        flags=cv2.INTER_CUBIC,
        borderValue=(120, 100, 80),
    )
    return PIL.Image.fromarray(warped)


def skewed(degrees: float) -> Turn:
    return lambda image: image.rotate(
        degrees, PIL.Image.Resampling.BICUBIC, expand=True, fillcolor=(235, 235, 235)
    )


def on_a_table(degrees: float) -> Turn:
    """Return a change that lays the paper on a dark table, turned, filling half of the picture."""

    def change(image: PIL.Image.Image) -> PIL.Image.Image:
        width, height = image.size
        table = np.full((2 * height, 2 * width, 3), (150, 110, 70), dtype=np.uint8)
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        matrix[:, 2] += (width / 2, height / 2)
        pixels = np.asarray(image.convert("RGB"))
        laid = cv2.warpAffine(
            pixels, matrix, table.shape[1::-1], table, borderMode=cv2.BORDER_TRANSPARENT
        )
        return PIL.Image.fromarray(np.asarray(laid, dtype=np.uint8))

    return change


TURNS: dict[str, tuple[Turn, int]] = {
    "upright": (lambda image: image, 0),
    "on its side": (lambda image: image.transpose(PIL.Image.Transpose.ROTATE_90), 90),
    "upside down": (lambda image: image.transpose(PIL.Image.Transpose.ROTATE_180), 180),
    "on its other side": (lambda image: image.transpose(PIL.Image.Transpose.ROTATE_270), 270),
    "skewed to the left": (skewed(7), 0),
    "skewed to the right": (skewed(-7), 0),
    "in perspective": (perspective, 0),
    "on a table, turned to the left": (on_a_table(12), 0),
    "on a table, turned to the right": (on_a_table(-12), 0),
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_paper_gives_the_same_values_however_it_lies(
    turn: str, paper: Paper, picture: PIL.Image.Image
) -> None:
    change, degrees = TURNS[turn]

    reading = golden_files.read(png(change(picture)), FileKind.PNG)

    (page,) = reading.document.pages
    assert (page.turned_degrees, page.mirrored) == (degrees, False)
    assert reading.extractions[0].classification.certificate_type is CertificateType.CET4
    assert values_of(reading) == printed_on(paper)


def test_boxes_lie_on_the_upright_page(paper: Paper, picture: PIL.Image.Image) -> None:
    turned = picture.transpose(PIL.Image.Transpose.ROTATE_90)

    (extraction,) = golden_files.read(png(turned), FileKind.PNG).extractions

    for field in (_F.CERTIFICATE_NUMBER, _F.SCORE, _F.ID_NUMBER):
        value = extraction.get(field)
        assert value is not None
        box = value.evidence.bbox
        left, top, right, bottom = paper.boxes[field.value]
        assert (box.left, box.right) == (
            pytest.approx(left, abs=0.015),
            pytest.approx(right, abs=0.015),
        )
        assert box.top < (top + bottom) / 2 < box.bottom


@pytest.mark.parametrize("way", ["FLIP_LEFT_RIGHT", "FLIP_TOP_BOTTOM"])
def test_a_mirrored_paper_is_noted(way: str, picture: PIL.Image.Image) -> None:
    mirrored = picture.transpose(PIL.Image.Transpose[way])

    (page,) = golden_files.read(png(mirrored), FileKind.PNG).document.pages

    assert page.mirrored


@pytest.mark.parametrize("colour", ["white", "black", (120, 130, 110)])
def test_a_page_of_one_colour_is_blank(colour: object) -> None:
    image = PIL.Image.new("RGB", (400, 600), colour)  # type: ignore[arg-type]

    reading = golden_files.read(png(image), FileKind.PNG)

    assert reading.document.notes == ("blank",)
    assert reading.extractions[0].classification.certificate_type is CertificateType.UNKNOWN


def test_noise_without_a_letter_is_unreadable_or_unknown() -> None:
    pixels = np.random.default_rng(4).integers(0, 255, (300, 300, 3), dtype=np.uint8)

    reading = golden_files.read(png(PIL.Image.fromarray(pixels)), FileKind.PNG)

    assert reading.extractions[0].values == ()
    assert "blank" not in reading.document.notes


def test_text_on_a_transparent_ground_is_read(paper: Paper, picture: PIL.Image.Image) -> None:
    pixels = np.array(picture.convert("RGBA"))
    pixels[pixels[:, :, :3].min(axis=2) > 200] = (0, 0, 0, 0)

    reading = golden_files.read(png(PIL.Image.fromarray(pixels)), FileKind.PNG)

    assert values_of(reading) == printed_on(paper)


def test_half_a_jpeg_gives_only_what_is_there_and_says_so(picture: PIL.Image.Image) -> None:
    data = jpeg(picture)

    reading = golden_files.read(data[: len(data) // 2], FileKind.JPEG)

    assert "damaged" in reading.document.notes
    assert reading.extractions[0].get(_F.CERTIFICATE_NUMBER) is None


PAGE_HEIGHT_PT = 842.0


def layer_over(
    picture: PIL.Image.Image, paper: Paper, changes: dict[FieldName, str]
) -> list[tuple[float, float, float, str]]:
    """Return unseen text at the places of what is printed, with some values changed."""
    reading = golden_files.read(png(picture), FileKind.PNG)
    (extraction,) = reading.extractions
    replaced = {
        value.evidence.raw_text: changes[value.field]
        for value in extraction.values
        if value.field in changes
    }
    lines = []
    for line in reading.document.pages[0].lines:
        text = line.text
        for old, new in replaced.items():
            text = text.replace(old, new)
        box = line.bbox
        size = max(4.0, 0.7 * box.height * PAGE_HEIGHT_PT)
        lines.append((box.left * 595, (1 - box.bottom) * PAGE_HEIGHT_PT + 0.2 * size, size, text))
    assert paper.printed["score"] in replaced or not changes
    return lines


@pytest.fixture(scope="session")
def portrait_picture(picture: PIL.Image.Image) -> PIL.Image.Image:
    """The paper on a sheet of A4's shape, so that a PDF page does not stretch it."""
    sheet = PIL.Image.new("RGB", (picture.width, round(picture.width * 842 / 595)), "white")
    sheet.paste(picture, (0, 0))
    return sheet


def test_a_layer_that_says_another_score_disagrees_and_pixels_rule(
    paper: Paper, portrait_picture: PIL.Image.Image
) -> None:
    inflated = str(int(paper.printed["score"]) + 100)
    lines = layer_over(portrait_picture, paper, {_F.SCORE: inflated})

    reading = golden_files.read(pdf_files.picture_with_layer(portrait_picture, lines), FileKind.PDF)

    assert "layer-disagrees" in reading.document.notes
    score = reading.extractions[0].get(_F.SCORE)
    assert score is not None
    assert score.text == paper.printed["score"]
    assert (score.second_text, score.second_reader) == (inflated, "text-layer")
    assert values_of(reading) == printed_on(paper)


def test_a_layer_that_says_the_same_is_a_second_reading(
    paper: Paper, portrait_picture: PIL.Image.Image
) -> None:
    lines = layer_over(portrait_picture, paper, {})

    reading = golden_files.read(pdf_files.picture_with_layer(portrait_picture, lines), FileKind.PDF)

    assert "layer-disagrees" not in reading.document.notes
    score = reading.extractions[0].get(_F.SCORE)
    assert score is not None
    assert score.second_text == score.text == paper.printed["score"]


def small_page(contents: bytes, **options: object) -> Reading:
    return golden_files.read(
        pdf_files.page(contents, media_box=b"[0 0 300 200]", **options),  # type: ignore[arg-type]
        FileKind.PDF,
    )


VISIBLE = b"BT /F1 14 Tf 20 150 Td (TOTAL SCORE 420) Tj ET "
HIDDEN = {
    "white on white": b"BT 1 1 1 rg /F1 14 Tf 20 80 Td (TOTAL SCORE 520) Tj ET",
    "one point": b"BT /F1 0.8 Tf 20 80 Td (TOTAL SCORE 520) Tj ET",
    "not drawn": b"BT 3 Tr /F1 14 Tf 20 80 Td (TOTAL SCORE 520) Tj ET",
    "outside the page": b"BT /F1 14 Tf 20 900 Td (TOTAL SCORE 520) Tj ET",
    "under a white box": b"BT /F1 14 Tf 20 80 Td (TOTAL SCORE 520) Tj ET 1 1 1 rg 0 60 300 50 re f",
}


@pytest.mark.parametrize("way", HIDDEN)
def test_text_that_cannot_be_seen_is_noted(way: str) -> None:
    reading = small_page(VISIBLE + HIDDEN[way])

    assert "hidden-text" in reading.document.notes
    seen = " ".join(line.text for line in reading.document.pages[0].lines)
    assert "420" in seen
    assert "520" not in seen


def test_text_that_can_be_seen_is_not_called_hidden() -> None:
    reading = small_page(VISIBLE)

    assert reading.document.notes == ()
    assert "420" in " ".join(line.text for line in reading.document.pages[0].lines)


def test_a_font_that_copies_as_other_digits_disagrees() -> None:
    """The picture shows 5 where copying the text gives 6: a wrong ToUnicode map."""
    mapping = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def "
        b"1 begincodespacerange <00> <FF> endcodespacerange "
        b"2 beginbfrange <20> <34> <0020> <36> <7E> <0036> endbfrange "
        b"1 beginbfchar <35> <0036> endbfchar endcmap end end"
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    rows = (
        (20, 170, 16, b"COLLEGE ENGLISH TEST BAND 4"),
        (20, 130, 11, b"Total Score: 455"),
        (20, 100, 11, b"Report No: 212199001000001"),
    )
    contents = b"".join(b"BT /F1 %d Tf %d %d Td (%s) Tj ET " % (s, x, y, t) for x, y, s, t in rows)

    honest = small_page(contents)
    lying = small_page(contents, font=font, more=[pdf_files.stream(mapping)])

    assert "layer-disagrees" not in honest.document.notes
    assert "layer-disagrees" in lying.document.notes
    for reading in (honest, lying):
        assert reading.extractions[0].text(_F.SCORE) == "455"
        assert reading.extractions[0].text(_F.CERTIFICATE_NUMBER) == "212199001000001"
    assert lying.extractions[0].get(_F.SCORE).second_text == "466"  # type: ignore[union-attr]


def test_two_papers_in_one_file_are_two_extractions(
    paper: Paper, portrait_picture: PIL.Image.Image
) -> None:
    other = golden_files.draw("cet6").image.convert("RGB")
    other.thumbnail((1300, 1300))
    buffer = io.BytesIO()
    portrait_picture.save(buffer, "PDF", save_all=True, append_images=[other], resolution=110)

    reading = golden_files.read(buffer.getvalue(), FileKind.PDF)

    kinds = [e.classification.certificate_type for e in reading.extractions]
    assert kinds == [CertificateType.CET4, CertificateType.CET6]
    assert [e.page_number for e in reading.extractions] == [1, 2]
    numbers = [e.text(_F.SCORE) for e in reading.extractions]
    assert numbers[0] == paper.printed["score"]


def test_the_real_reader_in_a_pool_survives_hostile_files(
    tmp_path: Path, picture: PIL.Image.Image
) -> None:
    files = {
        "good": (jpeg(picture), FileKind.JPEG),
        "flood": (pdf_files.pages(11), FileKind.PDF),
        "locked": (pdf_files.encrypted("secret", "owner"), FileKind.PDF),
        "empty": (b"", FileKind.PNG),
        "endless": (pdf_files.page(resources=b"/Font 6 0 R", more=[b"6 0 R"]), FileKind.PDF),
    }
    requests = []
    for name, (data, kind) in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        requests.append(ReadRequest(path=str(path), file_digest=name, kind=kind))
    hasty = dataclasses.replace(POLICY.reading, cpu_seconds=1)

    with ReadingPool(hasty, POLICY.intake, workers=1) as pool:
        outcomes = {outcome.file_digest: outcome for outcome in pool.read(requests)}

    assert {name: outcome.fault for name, outcome in outcomes.items()} == {
        "good": "",
        "flood": "pages",
        "locked": "encrypted",
        "empty": "damaged-unopenable",
        "endless": "timeout",
    }
    assert outcomes["good"].reading is not None
    assert [name for name, outcome in outcomes.items() if outcome.machine_failed] == ["endless"]
    assert outcomes["good"].reading.extractions[0].get(_F.SCORE) is not None


def test_a_file_that_is_gone_is_a_fault_of_the_machine(tmp_path: Path) -> None:
    from extractors.reading.worker import read_file

    request = ReadRequest(path=str(tmp_path / "gone"), file_digest="gone", kind=FileKind.PDF)

    with pytest.raises((MachineFault, DocumentFault)) as fault:
        read_file(request, POLICY.reading, POLICY.intake)

    assert isinstance(fault.value, MachineFault)
    assert str(tmp_path) not in str(fault.value)
