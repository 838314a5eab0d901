"""Forms show every value whole and legible to programs, the same bytes for the same data."""

import dataclasses
import datetime
import io
import random
from functools import cache
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from PIL import Image

from domain.faults import ConfigurationFault
from reports.forms.content import CORE_COURSES, FormContent, blank_content
from reports.forms.fitting import fit, wrap
from reports.forms.fonts import default_chain
from reports.forms.grid import Box, FormTooLarge
from reports.forms.layout import Layout, parse_layout
from reports.forms.render import Form, MissingGlyph, missing_characters, render_form
from tests.reports.forms.people import random_content

_FILE = Path(__file__).parents[3] / "institutions" / "forms" / "default.toml"


@cache
def layout() -> Layout:
    return parse_layout(_FILE.read_text(encoding="utf-8"), "default")


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (210, 280), (62, 118, 190)).save(buffer, "JPEG")
    return buffer.getvalue()


def extracted(form: Form) -> dict[str, str]:
    """Return what pdfplumber finds in the box of each value."""
    with pdfplumber.open(io.BytesIO(form.pdf)) as pdf:
        characters = [page.chars for page in pdf.pages]
    return {name: _inside(characters[page], box) for name, (page, box) in form.boxes.items()}


def _inside(characters: list[dict[str, Any]], box: Box) -> str:
    mine = [
        c
        for c in characters
        if box.left <= (c["x0"] + c["x1"]) / 2 <= box.left + box.width
        and box.top <= (c["top"] + c["bottom"]) / 2 <= box.top + box.height
    ]
    # Nothing may reach over the edge of its box.
    assert all(c["x0"] >= box.left - 1 and c["x1"] <= box.left + box.width + 1 for c in mine)
    return "".join(c["text"] for c in mine)  # in the order in which it was drawn


def expected(content: FormContent, form: Form) -> dict[str, str]:
    values = {name: content.values.get(name, "") for name in form.boxes if "#" not in name}
    for name in form.boxes:
        if "#" in name:
            field, number = name.split("#")
            rows = content.lists.get(CORE_COURSES, ())
            values[name] = rows[int(number) - 1][field] if int(number) <= len(rows) else ""
    return values


@pytest.mark.parametrize("seed", range(25))
def test_a_forms_text_comes_back_whole_from_every_field(seed: int) -> None:
    rng = random.Random(seed)
    content = random_content(rng)
    form = render_form(layout(), content)
    assert extracted(form) == expected(content, form)


def test_the_same_data_gives_the_same_bytes_and_another_photo_others() -> None:
    content = dataclasses.replace(random_content(random.Random(1)), photo=photo())
    first = render_form(layout(), content).pdf
    assert first == render_form(layout(), content).pdf
    assert first != render_form(layout(), dataclasses.replace(content, photo=b"")).pdf


def test_an_ordinary_form_and_the_blank_one_take_one_page() -> None:
    content = random_content(random.Random(3))
    values = {name: value[:10] for name, value in content.values.items()}
    short = FormContent(values=values, lists={CORE_COURSES: content.lists[CORE_COURSES][:6]})
    for item in (short, blank_content()):
        assert len(pypdfium2.PdfDocument(render_form(layout(), item).pdf)) == 1


def test_a_long_form_goes_on_on_a_second_page() -> None:
    row = {"课程名称": "课" * 60, "课程学分": "4", "课程成绩": "85"}
    content = FormContent(values={}, lists={CORE_COURSES: (row,) * 60})
    form = render_form(layout(), content)
    assert len(pypdfium2.PdfDocument(form.pdf)) == 2
    assert extracted(form)["课程名称#60"] == "课" * 60


def test_a_value_longer_than_any_page_makes_no_form() -> None:
    with pytest.raises(FormTooLarge):
        render_form(layout(), FormContent(values={"其他信息": "字" * 20_000}, lists={}))


def test_a_character_that_no_font_has_stops_the_form_before_it_is_drawn() -> None:
    content = FormContent(values={"姓名": "王\ue81e\U0010ffff东"}, lists={})
    assert missing_characters(content) == "\ue81e\U0010ffff"
    with pytest.raises(MissingGlyph) as stopped:
        render_form(layout(), content)
    assert stopped.value.characters == "\ue81e\U0010ffff"
    assert "王" not in str(stopped.value)


def test_names_of_every_official_minority_and_rare_characters_have_glyphs() -> None:
    assert default_chain().missing("䶮𠮷㛃骉赟·ü仫仡佬佤畲珞𬱖𫍯𮧵龘〇") == ""


def test_values_shrink_before_they_wrap_and_grow_the_box_last() -> None:
    fonts = default_chain()
    assert fit("王晓东", 60, 20, 10, 6, fonts).size_pt == 10
    shrunk = fit("王晓东王晓东王", 60, 20, 10, 6, fonts)
    assert (len(shrunk.lines), shrunk.size_pt < 10) == (1, True)
    wrapped = fit("王晓东" * 6, 60, 20, 10, 6, fonts)
    assert len(wrapped.lines) == 2
    assert wrapped.height_pt <= 20
    assert fit("王晓东" * 60, 60, 20, 10, 6, fonts).height_pt > 20


def test_wrapping_loses_nothing_and_begins_no_line_with_a_closing_mark() -> None:
    text = "一二三四五六七八九，十一二三四五六七八九。" * 3
    lines = wrap(text, 10, default_chain())
    assert "".join(lines) == text
    assert not [line for line in lines if line[0] in "，。"]


def test_a_broken_layout_names_every_fault() -> None:
    text = 'title = "x"\n[[row]]\nheight = 7\ncells = [{ span = 30, lable = "x" }]\n'
    with pytest.raises(ConfigurationFault) as refused:
        parse_layout(text, "west")
    told = str(refused.value)
    assert "unknown key 'height'; did you mean 'height_mm'?" in told
    assert "unknown key 'lable'; did you mean 'label'?" in told
    assert "'height_mm' is missing" in told


def test_a_row_wider_than_the_grid_is_refused() -> None:
    with pytest.raises(ConfigurationFault, match="row 1 covers 30 columns"):
        parse_layout('title = "x"\n[[row]]\nheight_mm = 7\ncells = [{ span = 30 }]\n', "west")


def test_the_date_inside_is_that_of_the_data() -> None:
    moment = datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=datetime.UTC)
    content = dataclasses.replace(blank_content(), created=moment)
    assert b"2024-03-31T23:59:59+00:00" in render_form(layout(), content).pdf
