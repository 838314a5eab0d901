"""PDF files that are broken, live, locked, endless or lying: each gets its code and no more."""

import dataclasses
import gzip
import io
import os
import pickle
import random
import zlib
from pathlib import Path

import PIL.Image
import pytest

from domain.faults import DocumentFault, MachineFault
from domain.policy import parse_policy
from extractors.reading.decoder import decode_in_child
from extractors.reading.decoding import decode
from extractors.reading.sandbox import PDF_PAGE_PIXELS, Decoded, Limits
from tests.extractors.reading import pdf_files

ROOT = Path(__file__).parents[3]
POLICY = parse_policy((ROOT / "institutions/default.toml").read_text("utf-8"), None, "default")
LIMITS = dataclasses.replace(
    Limits.from_policy(POLICY.reading, POLICY.intake), memory_bytes=400_000_000, cpu_seconds=6
)
HARMLESS_ENDS = {"", "damaged-unopenable", "dimensions", "pages"}
MACHINE_ENDS = {"memory", "crashed", "timeout"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def answer(data: bytes, folder: Path, limits: Limits = LIMITS) -> tuple[str, Decoded | None]:
    """Return the code of what went wrong, or the decoded file."""
    path = folder / "upload.pdf"
    path.write_bytes(data)
    try:
        return "", decode_in_child(str(path), "pdf", limits, decode)
    except (DocumentFault, MachineFault) as fault:
        return str(fault), None


def opened(data: bytes, folder: Path) -> Decoded:
    code, decoded = answer(data, folder)
    assert code == ""
    assert decoded is not None
    return decoded


def ink(decoded: Decoded) -> int:
    return sum(int((page.picture < 128).sum()) for page in decoded.pages)


def layer_text(decoded: Decoded) -> str:
    return " ".join(line.text for page in decoded.pages for line in page.text_layer)


def test_a_page_is_read_both_ways(folder: Path) -> None:
    decoded = opened(pdf_files.page(), folder)

    (page,) = decoded.pages
    assert decoded.notes == ()
    assert page.picture.shape[:2] == (round(842 / 72 * 200), round(595 / 72 * 200))
    (line,) = page.text_layer
    assert line.text == "TOTAL 420 SCORE"
    # The layer's box lies where the ink is.
    height, width = page.picture.shape[:2]
    box = page.picture[
        int(line.top * height) : int(line.bottom * height),
        int(line.left * width) : int(line.right * width),
    ]
    assert (box < 128).sum() > 0.95 * (page.picture < 128).sum()


def test_a_user_password_is_encrypted(folder: Path) -> None:
    assert answer(pdf_files.encrypted("secret", "owner"), folder)[0] == "encrypted"


def test_an_owner_password_is_a_note(folder: Path) -> None:
    decoded = opened(pdf_files.encrypted("", "owner"), folder)

    assert decoded.notes == ("owner-password",)
    assert layer_text(decoded) == "TOTAL 420 SCORE"
    assert ink(decoded) > 100


def test_a_lock_that_nobody_knows_is_encrypted(folder: Path) -> None:
    lock = b"/Encrypt<</Filter/NoSuchHandler/V 9/R 9>>/ID[(a)(b)]"

    assert answer(pdf_files.page(trailer=lock), folder)[0] == "encrypted"


@pytest.mark.parametrize(("count", "code"), [(10, ""), (11, "pages"), (10_000, "pages")])
def test_more_pages_than_allowed_are_refused(count: int, code: str, folder: Path) -> None:
    assert answer(pdf_files.pages(count), folder)[0] == code


def test_a_count_of_pages_that_is_a_lie_costs_nothing(folder: Path) -> None:
    assert answer(pdf_files.pages(2, announced=1_000_000), folder)[0] in {"pages", ""}
    code, decoded = answer(pdf_files.pages(20, announced=1), folder)
    assert code == "pages" or (decoded is not None and len(decoded.pages) <= LIMITS.max_pages)


@pytest.mark.parametrize(
    "media_box",
    [
        b"[0 0 1000000000 1000000000]",
        b"[0 0 -595 -842]",
        b"[0 0 NaN NaN]",
        b"[0 0 0 0]",
        b"[0 0 1 1]",
        b"[0 0 595 1000000]",
        b"[0 0 99999999999999999999 842]",
        b"[0 0 595 842]/UserUnit 75000",
        b"[0 0 595 842]/UserUnit -1",
        b"[0 0 595 842]/CropBox[0 0 -1 -1]",
    ],
)
def test_a_page_of_impossible_size_is_refused(media_box: bytes, folder: Path) -> None:
    assert answer(pdf_files.page(media_box=media_box), folder)[0] == "dimensions"


def test_a_large_page_is_shrunk_and_not_refused(folder: Path) -> None:
    (page,) = opened(pdf_files.page(media_box=b"[0 0 14400 14400]"), folder).pages

    height, width = page.picture.shape[:2]
    assert 0.9 * PDF_PAGE_PIXELS < width * height <= 1.01 * PDF_PAGE_PIXELS


ACTIVE = {
    "script at opening": pdf_files.page(
        catalog=b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    ),
    "script in the names": pdf_files.page(
        catalog=b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert(1))>>]>>>>"
    ),
    "script of a page": pdf_files.page(entries=b"/AA<</O<</S/JavaScript/JS(x)>>>>"),
    "launch": pdf_files.page(
        entries=b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(calc)>>>>]"
    ),
    "launch by reference": pdf_files.page(
        entries=b"/Annots 6 0 R", more=[b"[7 0 R]", b"<</Subtype/Link/A 8 0 R>>",
                                        b"<</S/Launch/F(calc)>>"]
    ),
    "address": pdf_files.page(
        entries=b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://127.0.0.1/)>>>>]"
    ),
    "form sent away": pdf_files.page(
        entries=b"/Annots[<</Subtype/Link/A<</S/SubmitForm/F(http://127.0.0.1/)>>>>]"
    ),
    "script after another action": pdf_files.page(
        entries=b"/Annots[<</Subtype/Link/A<</S/GoTo/D[3 0 R/Fit]/Next<</S/JavaScript>>>>>>]"
    ),
    "embedded file": pdf_files.page(
        catalog=b"/Names<</EmbeddedFiles<</Names[(a.exe)6 0 R]>>>>",
        more=[b"<</Type/Filespec/F(a.exe)/EF<</F 7 0 R>>>>", pdf_files.stream(b"MZ")],
    ),
    "attachment": pdf_files.page(entries=b"/Annots[<</Subtype/FileAttachment/FS<</F(a)>>>>]"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ACTIVE)
def test_what_a_viewer_would_run_is_noted_and_shown_as_pixels_alone(
    kind: str, folder: Path
) -> None:
    decoded = opened(ACTIVE[kind], folder)

    assert decoded.notes == ("active-content",)
    assert ink(decoded) > 100


def test_a_link_inside_the_file_is_not_active(folder: Path) -> None:
    inside = b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/Dest[3 0 R/Fit]>>]"

    assert opened(pdf_files.page(entries=inside), folder).notes == ()


@pytest.mark.parametrize(
    "form",
    [
        b"/AcroForm<</Fields[6 0 R]>>",
        b"/AcroForm<</Fields[]/XFA[(template)7 0 R]>>",
        b"/AcroForm 8 0 R",
    ],
)
def test_filled_fields_are_noted(form: bytes, folder: Path) -> None:
    field = b"<</FT/Tx/T(score)/V(520)/Subtype/Widget/Rect[60 600 200 630]/P 3 0 R>>"
    more = [field, pdf_files.stream(b"<xdp/>"), b"<</Fields[6 0 R]>>"]

    assert "form-content" in opened(pdf_files.page(catalog=form, more=more), folder).notes


def test_an_empty_form_is_no_form(folder: Path) -> None:
    assert opened(pdf_files.page(catalog=b"/AcroForm<</Fields[]>>"), folder).notes == ()


def test_a_file_saved_again_is_noted_as_revised(folder: Path) -> None:
    data = pdf_files.page()
    start = data.rindex(b"startxref") + 10
    table = int(data[start : data.index(b"\n", start)])
    changed = pdf_files.stream(pdf_files.TEXT.replace(b"420", b"520"))
    update = b"4 0 obj\n%s\nendobj\n" % changed
    revised = (
        data
        + update
        + b"xref\n4 1\n%010d 00000 n \n" % len(data)
        + b"trailer\n<</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(data) + len(update))
    )

    decoded = opened(revised, folder)

    assert decoded.notes == ("revised",)
    assert layer_text(decoded) == "TOTAL 520 SCORE"


RESOURCES = b"/Font<</F1 5 0 R>>/XObject<</X 6 0 R>>"
CIRCULAR_FORM = pdf_files.stream(
    b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 6 0 R>>>>"
)
LOOPS = {
    "a drawing that draws itself": pdf_files.page(
        pdf_files.TEXT + b" /X Do", resources=RESOURCES, more=[CIRCULAR_FORM]
    ),
    "a tree of pages that holds itself": pdf_files.pack(
        [pdf_files.CATALOG % b"", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]
    ),
    "a parent that is its own child": pdf_files.pack(
        [
            pdf_files.CATALOG % b"",
            b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>",
            b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>",
        ]
    ),
    "a length that refers to itself": pdf_files.page(
        raw_contents=b"<</Length 4 0 R>>\nstream\n" + pdf_files.TEXT + b"\nendstream"
    ),
    "an object that is a reference to itself": pdf_files.page(
        resources=b"/Font 6 0 R", more=[b"6 0 R"]
    ),
    "names that hold themselves": pdf_files.page(
        catalog=b"/Names<</JavaScriptX 6 0 R/Kids[6 0 R]>>", more=[b"<</Kids[6 0 R 6 0 R]>>"]
    ),
    "a table of objects before itself": pdf_files.page(trailer=b"/Prev 0"),
}


@pytest.mark.parametrize("kind", LOOPS)
def test_a_structure_that_bites_its_tail_ends(kind: str, folder: Path) -> None:
    code, decoded = answer(LOOPS[kind], folder, dataclasses.replace(LIMITS, cpu_seconds=1))

    assert code in HARMLESS_ENDS | {"timeout"}
    if decoded:
        assert len(decoded.pages) <= LIMITS.max_pages


def test_a_drawing_that_draws_itself_is_noted_as_broken_structure(folder: Path) -> None:
    decoded = opened(LOOPS["a drawing that draws itself"], folder)

    assert "pdf-structure" in decoded.notes or layer_text(decoded) == "TOTAL 420 SCORE"
    assert ink(decoded) > 100


def test_a_previous_table_that_is_the_table_itself_ends(folder: Path) -> None:
    data = pdf_files.page(trailer=b"/Prev 0000000000")
    table = data.rindex(b"xref\n0 ")

    code, _ = answer(data.replace(b"/Prev 0000000000", b"/Prev %010d" % table), folder)

    assert code in HARMLESS_ENDS


@pytest.mark.parametrize("filters", [1, 10])
def test_content_that_unpacks_without_end_stays_inside_the_limits(
    filters: int, folder: Path
) -> None:
    data = pdf_files.page(raw_contents=pdf_files.bomb(500, filters))
    assert len(data) < 1_000_000

    code, decoded = answer(data, folder, dataclasses.replace(LIMITS, memory_bytes=200_000_000))

    assert code in HARMLESS_ENDS | MACHINE_ENDS
    assert decoded is None or len(decoded.pages) == 1


@pytest.mark.parametrize("name", [b"RunLengthDecode", b"LZWDecode", b"ASCII85Decode"])
def test_content_in_a_broken_filter_does_no_harm(name: bytes, folder: Path) -> None:
    junk = random.Random(5).randbytes(50_000)
    data = pdf_files.page(raw_contents=pdf_files.stream(junk, b"/Filter/" + name))

    assert answer(data, folder)[0] in HARMLESS_ENDS


@pytest.mark.parametrize("name", [b"JBIG2Decode", b"JPXDecode", b"DCTDecode", b"CCITTFaxDecode"])
@pytest.mark.parametrize("seed", range(3))
def test_a_malformed_picture_inside_a_page_does_no_harm(
    name: bytes, seed: int, folder: Path
) -> None:
    junk = random.Random(seed).randbytes(5_000)
    starts = {b"JPXDecode": b"\0\0\0\x0cjP  \r\n\x87\n\xffO\xffQ\0/", b"DCTDecode": b"\xff\xd8\xff"}
    entries = (
        b"/Type/XObject/Subtype/Image/Width 3000/Height 3000/BitsPerComponent 1"
        b"/ColorSpace/DeviceGray/Filter/" + name
    )
    picture = pdf_files.stream(starts.get(name, b"") + junk, entries)
    data = pdf_files.page(
        pdf_files.TEXT + b" q 500 0 0 500 50 50 cm /X Do Q", resources=RESOURCES, more=[picture]
    )

    decoded = opened(data, folder)

    assert layer_text(decoded) == "TOTAL 420 SCORE"


def test_a_picture_that_announces_gigapixels_is_held_by_the_limits(folder: Path) -> None:
    entries = (
        b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8"
        b"/ColorSpace/DeviceRGB/Filter/FlateDecode"
    )
    picture = pdf_files.stream(zlib.compress(bytes(5_000_000), 9), entries)
    data = pdf_files.page(b"/X Do", resources=RESOURCES, more=[picture])

    assert answer(data, folder)[0] in HARMLESS_ENDS | MACHINE_ENDS


def test_endless_drawing_is_ended_by_the_clock_of_the_processor(folder: Path) -> None:
    curves = b"".join(
        b"%d %d m %d %d %d %d %d %d c S\n" % tuple(number * step % 600 for step in range(3, 11))
        for number in range(20_000)
    )
    heavy = zlib.compress(curves * 15, 1)
    data = pdf_files.page(raw_contents=pdf_files.stream(heavy, b"/Filter/FlateDecode"))

    code, decoded = answer(data, folder, dataclasses.replace(LIMITS, cpu_seconds=1))

    assert code == "timeout"
    assert decoded is None


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"%%EOF", b""),
        lambda data: data[: data.rindex(b"startxref")],
        lambda data: b"GARBAGE before the head\r\n" * 30 + data,
        lambda data: data.replace(b"startxref\n", b"startxref\n9"),
        lambda data: data.replace(b"0 00000 n", b"9 00000 n"),
        lambda data: data + b"\0" * 5000,
    ],
)
def test_a_file_that_can_still_be_shown_is_shown(change: object, folder: Path) -> None:
    decoded = opened(change(pdf_files.page()), folder)  # type: ignore[operator]

    assert ink(decoded) > 100


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + bytes(3000),
        b"MZ" + bytes(1000),
        b"PK\x03\x04" + bytes(1000),
        pdf_files.page()[:200],
        pdf_files.pack([b"<</Type/Catalog>>"]),
        pdf_files.pack([pdf_files.CATALOG % b"", b"<</Type/Pages/Kids[]/Count 0>>"]),
    ],
)
def test_a_file_without_a_page_is_refused(data: bytes, folder: Path) -> None:
    assert answer(data, folder)[0] == "damaged-unopenable"


@pytest.mark.parametrize("seed", range(25))
def test_a_file_with_bytes_knocked_over_never_harms_the_reader(seed: int, folder: Path) -> None:
    source = random.Random(seed)
    data = bytearray(source.choice([pdf_files.page(), *ACTIVE.values()]))
    for _ in range(source.randint(1, 40)):
        data[source.randrange(5, len(data))] = source.randrange(256)

    code, _ = answer(bytes(data), folder, dataclasses.replace(LIMITS, cpu_seconds=1))

    assert code in HARMLESS_ENDS | MACHINE_ENDS | {"encrypted"}


class Planted:
    """Unpickling this writes the canary."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.canary),)


@pytest.mark.parametrize("escape", [False, True])
def test_a_character_map_is_never_loaded_from_a_path_in_the_file(
    escape: bool, folder: Path
) -> None:
    canary = folder / "executed"
    planted = folder / "evil.pickle.gz"
    with gzip.open(planted, "wb") as file:
        pickle.dump(Planted(canary), file)
    pickle.loads(gzip.decompress(planted.read_bytes()))
    canary.rmdir()  # the plant works
    name = str(folder / "evil").encode()
    name = (b"../" * 12 + name.lstrip(b"/")) if escape else name
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/%s/DescendantFonts[6 0 R]>>"
    child = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(A)/Ordering(%s)>>>>"
    )
    data = pdf_files.page(font=font % name.replace(b"/", b"#2F"), more=[child % name])

    code, _ = answer(data, folder)

    assert code in HARMLESS_ENDS
    assert not canary.exists()


def test_the_text_of_a_turned_page_lies_where_it_is_shown(folder: Path) -> None:
    decoded = opened(pdf_files.page(entries=b"/Rotate 90"), folder)

    (page,) = decoded.pages
    assert page.picture.shape[1] > page.picture.shape[0]
    # Text that runs down the page as shown is left to the pixels.
    for line in page.text_layer:
        assert 0 <= line.left < line.right <= 1


def test_the_layer_of_a_cropped_page_lies_where_it_is_shown(folder: Path) -> None:
    decoded = opened(pdf_files.page(entries=b"/CropBox[50 600 350 800]"), folder)

    (page,) = decoded.pages
    height, width = page.picture.shape[:2]
    (line,) = page.text_layer
    box = page.picture[
        int(line.top * height) : int(line.bottom * height),
        int(line.left * width) : int(line.right * width),
    ]
    assert (box < 128).sum() > 0.95 * (page.picture < 128).sum() > 100


def test_a_picture_page_has_no_layer(folder: Path) -> None:
    picture = PIL.Image.new("RGB", (60, 84), (10, 200, 10))
    buffer = io.BytesIO(pdf_files.picture_with_layer(picture, []))

    decoded = opened(buffer.getvalue(), folder)

    assert decoded.notes == ()
    assert decoded.pages[0].text_layer == ()
    assert abs(int(decoded.pages[0].picture[100, 100, 1]) - 200) < 6
