"""A school's own PDF is filled by positions or by its form fields, without code."""

import io

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from domain.faults import ConfigurationFault
from reports.forms.content import CORE_COURSES, FormContent, blank_content
from reports.forms.grid import FormTooLarge
from reports.forms.render import MissingGlyph
from reports.forms.template import fill_template, is_template, parse_template
from tests.reports.forms.test_forms import extracted, photo

_OVERLAY = """
template = "west.pdf"
[[place]]
field = "姓名"
left_mm = 40
top_mm = 50
width_mm = 50
height_mm = 8
[[place]]
field = "课程名称#1"
left_mm = 40
top_mm = 70
width_mm = 50
height_mm = 8
centred = true
[[place]]
field = "照片"
left_mm = 150
top_mm = 40
width_mm = 35
height_mm = 49
"""
_CONTENT = FormContent(
    values={"姓名": "王𠮷·䶮", "论文题目": "论举证责任"},
    lists={CORE_COURSES: ({"课程名称": "法理学", "课程学分": "4", "课程成绩": "85"},)},
    photo=photo(),
)


def background(*, fields: bool = False) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.drawString(72, 760, "WEST UNIVERSITY")
    if fields:
        canvas.acroForm.textfield(name="name", x=100, y=600, width=150, height=20)
        canvas.acroForm.textfield(name="论文题目", x=100, y=500, width=200, height=20)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_values_are_drawn_where_the_file_says() -> None:
    form = fill_template(parse_template(_OVERLAY, "west"), background(), _CONTENT)
    found = extracted(form)
    assert (found["姓名"], found["课程名称#1"]) == ("王𠮷·䶮", "法理学")
    with pikepdf.open(io.BytesIO(form.pdf)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1
        with pdf.open_metadata() as metadata:
            assert "pdfaid:part" not in metadata  # nothing is known of the template


def test_form_fields_are_filled_and_nothing_interactive_is_left() -> None:
    text = 'template = "west.pdf"\n[fields]\nname = "姓名"\n'
    form = fill_template(parse_template(text, "west"), background(fields=True), _CONTENT)
    found = extracted(form)
    assert (found["姓名"], found["论文题目"]) == ("王𠮷·䶮", "论举证责任")
    with pikepdf.open(io.BytesIO(form.pdf)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/Annots" not in pdf.pages[0]


def test_the_blank_form_is_the_template_itself() -> None:
    form = fill_template(parse_template(_OVERLAY, "west"), background(), blank_content())
    assert set(extracted(form).values()) == {""}


def test_the_same_data_gives_the_same_bytes() -> None:
    template = parse_template(_OVERLAY, "west")
    first = fill_template(template, background(), _CONTENT).pdf
    assert first == fill_template(template, background(), _CONTENT).pdf


def test_what_cannot_be_drawn_in_its_place_makes_no_form() -> None:
    template = parse_template(_OVERLAY, "west")
    with pytest.raises(FormTooLarge):
        fill_template(template, background(), FormContent(values={"姓名": "王" * 500}, lists={}))
    with pytest.raises(MissingGlyph):
        fill_template(template, background(), FormContent(values={"姓名": "\ue81e"}, lists={}))


def test_a_broken_template_is_a_fault_of_the_configuration() -> None:
    template = parse_template(_OVERLAY, "west")
    with pytest.raises(ConfigurationFault, match="cannot be opened"):
        fill_template(template, b"no pdf", _CONTENT)
    beyond = parse_template(_OVERLAY.replace("left_mm = 150", "left_mm = 150\npage = 2"), "west")
    with pytest.raises(ConfigurationFault, match=r"1 page\(s\); places beyond: 照片"):
        fill_template(beyond, background(), _CONTENT)
    with pytest.raises(ConfigurationFault, match="did you mean 'left_mm'"):
        parse_template(_OVERLAY.replace("left_mm", "left", 1), "west")


def test_a_layout_is_told_from_a_template() -> None:
    assert is_template(_OVERLAY)
    assert not is_template('title = "x"\n')
