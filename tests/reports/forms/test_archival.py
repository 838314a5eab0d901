"""The clauses of PDF/A-2b (degree facts D.7), each asserted on a filled form with rare names.

This is no proof of conformity; veraPDF is asked too where it is installed.
"""

import dataclasses
import io
import random
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from reports.forms.archival import mend_text_map
from reports.forms.content import blank_content
from reports.forms.render import render_form
from tests.reports.forms.people import random_content
from tests.reports.forms.test_forms import layout, photo


@cache
def filled() -> bytes:
    content = random_content(random.Random(7))
    values = content.values | {"姓名": "王𠮷䶮·ü"}
    return render_form(layout(), dataclasses.replace(content, values=values, photo=photo())).pdf


@pytest.fixture(params=["filled", "blank"])
def pdf(request: pytest.FixtureRequest) -> Any:
    data = filled() if request.param == "filled" else render_form(layout(), blank_content()).pdf
    with pikepdf.open(io.BytesIO(data)) as opened:
        yield opened


def fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    found = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
    return [item for item in found if item.get("/Type") == "/Font"]


def test_it_is_not_encrypted_and_has_an_id(pdf: pikepdf.Pdf) -> None:
    assert not pdf.is_encrypted
    assert "/Encrypt" not in pdf.trailer
    assert len(pdf.trailer.ID) == 2


def test_every_font_is_embedded(pdf: pikepdf.Pdf) -> None:
    assert fonts(pdf)
    for font in fonts(pdf):
        assert font.Subtype == "/TrueType"
        assert "/FontFile2" in font.FontDescriptor


def used_codes(pdf: pikepdf.Pdf) -> dict[str, set[int]]:
    """Return the codes that the pages show, by the font's resource name."""
    used: dict[str, set[int]] = {}
    for page in pdf.pages:
        current = ""
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = str(operands[0])
            elif str(operator) in ("Tj", "'"):
                used.setdefault(current, set()).update(bytes(operands[-1]))
            else:
                assert str(operator) not in ("TJ", '"')
    return used


def test_no_text_refers_to_a_missing_glyph_and_every_code_maps_to_unicode(
    pdf: pikepdf.Pdf,
) -> None:
    resources = {name: font for page in pdf.pages for name, font in page.Resources.Font.items()}
    shown = used_codes(pdf)
    assert shown
    for name, codes in shown.items():
        font = resources[name]
        program = TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        assert len(program["cmap"].tables) == 1  # ISO 19005-2, 6.2.11.6, symbolic fonts
        assert "/Encoding" not in font
        glyphs = program["cmap"].tables[0].cmap
        text_map = font.ToUnicode.read_bytes()
        for code in codes:
            assert program.getGlyphID(glyphs[code]) != 0
            assert b"\n<%02X> <" % code in text_map
        assert b"> <0000>" not in text_map
        assert b"> <FEFF>" not in text_map


def test_widths_are_those_of_the_embedded_glyphs(pdf: pikepdf.Pdf) -> None:
    resources = {name: font for page in pdf.pages for name, font in page.Resources.Font.items()}
    for name, codes in used_codes(pdf).items():
        font = resources[name]
        program = TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        units = program["head"].unitsPerEm
        for code in codes:
            advance = program["hmtx"][program["cmap"].tables[0].cmap[code]][0] * 1000 / units
            assert abs(float(font.Widths[code - int(font.FirstChar)]) - advance) <= 1


def test_the_metadata_names_part_and_conformance(pdf: pikepdf.Pdf) -> None:
    assert "/Info" not in pdf.trailer  # nothing there can contradict the XMP
    with pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert metadata["dc:title"] == "学士学位申请表"


def test_colours_have_an_output_intent(pdf: pikepdf.Pdf) -> None:
    (intent,) = pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    assert intent.DestOutputProfile.N == 3
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_nothing_interactive_runs_or_hides(pdf: pikepdf.Pdf) -> None:
    for key in ("/AcroForm", "/OpenAction", "/AA", "/Names", "/OCProperties"):
        assert key not in pdf.Root
    for page in pdf.pages:
        assert not {"/Annots", "/AA", "/Trans", "/PresSteps"} & set(page.keys())
        for image in page.get_images().values():
            assert image.get("/Interpolate", False) is not True
            assert image.ColorSpace == "/DeviceRGB"


def test_no_filter_that_the_standard_forbids(pdf: pikepdf.Pdf) -> None:
    streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
    filters = {str(item.get("/Filter")) for item in streams}
    assert not any("LZW" in name or "Crypt" in name for name in filters)


@pytest.mark.skipif(shutil.which("verapdf") is None, reason="veraPDF is not installed")
def test_verapdf_finds_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(filled())
    done = subprocess.run(
        ["verapdf", "--flavour", "2b", "--format", "text", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("PASS"), done.stdout


def test_text_maps_are_mended_beyond_the_basic_plane() -> None:
    mended = mend_text_map(b"head\n1 begincodespacerange\n<01> <20BB7>\n<02> <0000>\n<03> <4E00>\n")
    assert b"<01> <D842DFB7>" in mended
    assert b"<02>" not in mended
    assert b"2 beginbfchar" in mended
