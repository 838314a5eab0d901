"""A school's own PDF is filled by positions or by its form fields, without code."""

import io

import pdfplumber
import pikepdf
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from domain.faults import ConfigurationFault
from reports.forms.content import CORE_COURSES, FormContent, blank_content
from reports.forms.grid import FormTooLarge
from reports.forms.layout import MM_PT
from reports.forms.render import MissingGlyph
from reports.forms.template import TICK, fill_template, is_template, parse_template
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


def turned_template(degrees: int, *, size: tuple[float, float] = (595, 842)) -> bytes:
    with pikepdf.open(io.BytesIO(background(fields=True))) as pdf:
        pdf.pages[0].mediabox = [0, 0, *size]
        pdf.pages[0].obj.Rotate = degrees
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(595, 842), (612, 792)])
def test_values_stand_upright_where_they_are_seen_on_turned_pages(
    degrees: int, size: tuple[float, float]
) -> None:
    text = _OVERLAY.replace("left_mm = 150", "left_mm = 100") + '[fields]\nname = "姓名"\n'
    form = fill_template(
        parse_template(text, "west"), turned_template(degrees, size=size), _CONTENT
    )
    found = extracted(form)
    assert (found["课程名称#1"], found["论文题目"]) == ("法理学", "论举证责任")
    with pdfplumber.open(io.BytesIO(form.pdf)) as pdf:
        written = [c for c in pdf.pages[0].chars if c["text"] in "王法论"]
    assert all(character["upright"] for character in written)
    left = next(character["x0"] for character in written if character["text"] == "王")
    assert left == pytest.approx(40 * MM_PT, abs=1)


def test_a_cropped_page_is_measured_from_what_is_seen() -> None:
    with pikepdf.open(io.BytesIO(background())) as pdf:
        pdf.pages[0].cropbox = [100, 100, 500, 800]
        buffer = io.BytesIO()
        pdf.save(buffer)
    short = _OVERLAY.replace("left_mm = 150", "left_mm = 100")
    form = fill_template(parse_template(short, "west"), buffer.getvalue(), _CONTENT)
    page = pypdfium2.PdfDocument(form.pdf)[0]
    assert page.get_size() == (400, 700)
    text = page.get_textpage()
    left, bottom, _, _ = text.get_charbox(text.get_text_range().index("王"))
    assert left - 100 == pytest.approx(40 * MM_PT, abs=2)
    assert 800 - bottom == pytest.approx(55 * MM_PT, abs=8)


def buttons() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    form = canvas.acroForm
    form.checkbox(name="second", x=100, y=700, size=14)
    for state, x in (("男", 100), ("女", 140)):
        # Names in a PDF are bytes: states are renamed below, for the maker takes ASCII only.
        form.radio(name="sex", value={"男": "m", "女": "f"}[state], x=x, y=650, size=14)
    form.checkbox(name="joint", x=100, y=600, size=14)
    form.choice(name="politics", options=["a"], value="a", x=100, y=550, width=120, height=20)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_boxes_are_ticked_and_choices_written_by_the_value() -> None:
    text = (
        'template = "west.pdf"\n[fields]\nsecond = "是否第二学位"\njoint = "是否联合学位=否"\n'
        '"sex=m" = "性别=男"\n"sex=f" = "性别=女"\npolitics = "政治面貌"\n'
    )
    values = {"是否第二学位": "是", "是否联合学位": "是", "性别": "女", "政治面貌": "群众"}
    form = fill_template(
        parse_template(text, "west"), buttons(), FormContent(values=values, lists={})
    )
    with pdfplumber.open(io.BytesIO(form.pdf)) as pdf:
        ticks = [(round(c["x0"] / 10) * 10, round((842 - c["bottom"]) / 50) * 50)
                 for c in pdf.pages[0].chars if c["text"] == TICK]  # fmt: skip
        assert "群众" in pdf.pages[0].extract_text()
        assert len(pdf.pages[0].rects) >= 4  # their borders are kept
    assert ticks == [(100, 700), (140, 650)]
    with pikepdf.open(io.BytesIO(form.pdf)) as opened:
        assert "/AcroForm" not in opened.Root
        assert "/Annots" not in opened.pages[0]


def test_a_tick_may_stand_at_a_printed_box() -> None:
    text = (
        'template = "west.pdf"\n[[place]]\nfield = "是否联合学位"\nmark = "是"\n'
        "left_mm = 40\ntop_mm = 50\nwidth_mm = 5\nheight_mm = 5\n"
    )
    for value, shown in (("是", TICK), ("否", "")):
        content = FormContent(values={"是否联合学位": value}, lists={})
        form = fill_template(parse_template(text, "west"), background(), content)
        assert extracted(form)["是否联合学位"] == shown


def test_a_second_page_takes_values_too() -> None:
    with pikepdf.open(io.BytesIO(background())) as pdf:
        pdf.pages.append(pdf.pages[0])
        buffer = io.BytesIO()
        pdf.save(buffer)
    text = _OVERLAY.replace("top_mm = 70", "top_mm = 70\npage = 2")
    form = fill_template(parse_template(text, "west"), buffer.getvalue(), _CONTENT)
    assert form.boxes["课程名称#1"][0] == 1
    assert extracted(form)["课程名称#1"] == "法理学"


@pytest.mark.parametrize(("user", "owner"), [("secret", "owner"), ("", "owner")])
def test_a_template_with_a_password_says_what_to_do(user: str, owner: str) -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(background())) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner=owner, user=user))
    with pytest.raises(ConfigurationFault, match=r"west\.pdf has a password; save a copy without"):
        fill_template(parse_template(_OVERLAY, "west"), buffer.getvalue(), _CONTENT)


def test_an_xfa_form_says_what_to_do() -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(background(fields=True))) as pdf:
        pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
        pdf.save(buffer)
    with pytest.raises(ConfigurationFault, match="is an XFA form; print it to a plain PDF"):
        fill_template(parse_template(_OVERLAY, "west"), buffer.getvalue(), _CONTENT)
