"""Forms show every value whole and legible to programs, the same bytes for the same data."""

import dataclasses
import datetime
import io
import itertools
import os
import random
from functools import cache
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from PIL import Image

from domain.faults import ConfigurationFault
from reports.forms.content import CORE_COURSES, FormContent, blank_content, one_line
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
        pages = [(page.chars, float(page.height)) for page in pdf.pages]
    return {name: _inside(*pages[page], box) for name, (page, box) in form.boxes.items()}


# Chinese characters reach so far above and below their baseline, in shares of their size.
_ABOVE, _BELOW = 0.86, 0.12


def _inside(characters: list[dict[str, Any]], height: float, box: Box) -> str:
    mine = [
        c
        for c in characters
        if box.left <= (c["x0"] + c["x1"]) / 2 <= box.left + box.width
        and box.top <= (c["top"] + c["bottom"]) / 2 <= box.top + box.height
    ]
    # Nothing may reach over the edge of its box.
    assert all(c["x0"] >= box.left - 1 and c["x1"] <= box.left + box.width + 1 for c in mine)
    for character in mine:
        baseline, size = height - character["matrix"][5], character["size"]
        assert baseline - _ABOVE * size >= box.top - 0.5
        assert baseline + _BELOW * size <= box.top + box.height + 0.5
    lines = sorted({round(height - c["matrix"][5], 1): c["size"] for c in mine}.items())
    for (one, _), (other, size) in itertools.pairwise(lines):
        assert other - one >= 0.95 * size  # lines do not run into each other
    return "".join(c["text"] for c in mine)  # in the order in which it was drawn


def expected(content: FormContent, form: Form) -> dict[str, str]:
    values = {name: content.values.get(name, "") for name in form.boxes if "#" not in name}
    for name in form.boxes:
        if "#" in name:
            field, number = name.split("#")
            rows = content.lists.get(CORE_COURSES, ())
            values[name] = rows[int(number) - 1][field] if int(number) <= len(rows) else ""
    return values


# HEDUI_FORMS=500 tries as many applicants as the goal asks for (some minutes).
@pytest.mark.parametrize("seed", range(int(os.environ.get("HEDUI_FORMS", "25"))))
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


def test_what_is_never_seen_is_left_out_and_a_selected_shape_is_not() -> None:
    assert one_line(" \ufeff论\u200b民事\r\n诉讼\u3000中 ") == "论民事 诉讼 中"
    assert missing_characters(FormContent(values={"姓名": "葛\U000e0100"}, lists={}))


def test_pages_of_a_long_form_say_whose_they_are() -> None:
    row = {"课程名称": "课" * 60, "课程学分": "4", "课程成绩": "85"}
    values = {"学号": "2021001", "姓名": "王晓东"}
    form = render_form(layout(), FormContent(values=values, lists={CORE_COURSES: (row,) * 60}))
    with pdfplumber.open(io.BytesIO(form.pdf)) as pdf:
        feet = [page.extract_text().splitlines()[-1] for page in pdf.pages]
    assert feet == ["2021001 王晓东 第1页 共2页", "2021001 王晓东 第2页 共2页"]


_SIGNED = """
title = "x"
[[row]]
height_mm = 8
cells = [
    { field = "备注", span = 12, sign = "签名：" },
    { field = "论文题目", span = 12, rows = 2 },
]
[[row]]
height_mm = 8
cells = [{ label = "姓名", span = 12 }]
"""


def test_a_long_value_makes_room_above_a_signature_and_in_a_cell_of_two_rows() -> None:
    values = {"备注": "注" * 150, "论文题目": "题" * 400}
    form = render_form(parse_layout(_SIGNED, "west"), FormContent(values=values, lists={}))
    assert extracted(form) == {"备注": "注" * 150 + "签名：", "论文题目": "题" * 400}


def test_a_layout_without_rows_or_with_a_cell_beyond_the_page_is_refused() -> None:
    with pytest.raises(ConfigurationFault, match=r"there is no \[\[row\]\]"):
        parse_layout('title = "x"\n', "west")
    wide = _SIGNED.replace('label = "姓名", span = 12', 'label = "姓名", span = 13')
    with pytest.raises(ConfigurationFault, match="row 2 covers 25 columns, the page has 24"):
        parse_layout(wide, "west")


def test_a_character_of_the_layout_that_no_font_has_is_a_fault_of_the_layout() -> None:
    odd = parse_layout(_SIGNED.replace('"x"', '"\U0010ffff"'), "west")
    with pytest.raises(ConfigurationFault, match=r"no font has U\+10FFFF"):
        render_form(odd, blank_content())
