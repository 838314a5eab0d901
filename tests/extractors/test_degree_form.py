"""Values of a scanned form are found beside their labels, and only there."""

import dataclasses

import pytest

from domain.page import Line, Page
from extractors.degree_form import find_form


def line(text: str, left: float, top: float, width: float = 0.1, height: float = 0.012) -> Line:
    right, bottom = left + width, top + height
    return Line(
        text=text,
        quad=((left, top), (right, top), (right, bottom), (left, bottom)),
        confidence=0.9,
        positions=(0.5,) * len(text),
        character_confidences=(0.9,) * len(text),
    )


def page(*lines: Line) -> Page:
    return Page(
        file_digest="f" * 64,
        page_number=1,
        width_px=1000,
        height_px=1400,
        turned_degrees=0,
        mirrored=False,
        lines=lines,
    )


TITLE = line("学士学位申请表", 0.3, 0.05, 0.4)


def found(*lines: Line) -> dict[str, str]:
    form = find_form((page(TITLE, *lines),))
    assert form is not None
    return {value.column: value.text for value in form.values}


def test_a_value_stands_between_its_label_and_the_next_one() -> None:
    row = [line("姓名", 0.1, 0.1), line("王晓东", 0.22, 0.1), line("姓名拼音", 0.4, 0.1)]
    row += [line("Wang", 0.52, 0.1, 0.05), line("Xiaodong", 0.58, 0.1)]
    assert found(*row) == {"姓名": "王晓东", "姓名拼音": "WangXiaodong"}


def test_an_empty_cell_does_not_take_its_neighbours_value() -> None:
    row = [line("姓名", 0.1, 0.1), line("学号", 0.4, 0.1), line("2021", 0.52, 0.1)]
    assert found(*row) == {"学号": "2021"}
    other = [line("民族", 0.1, 0.1), line("证件类型", 0.4, 0.1), line("居民身份证", 0.52, 0.1)]
    assert found(*other) == {}


def test_the_row_below_is_another_row() -> None:
    rows = [line("姓名", 0.1, 0.1), line("王晓东", 0.22, 0.1)]
    rows += [line("性别", 0.1, 0.126), line("男", 0.22, 0.126)]
    assert found(*rows) == {"姓名": "王晓东", "性别": "男"}


def test_a_value_on_two_lines_is_one_value() -> None:
    title = line("论文题目", 0.1, 0.5)
    above, below = line("论民事诉讼中", 0.25, 0.493, 0.5), line("的举证责任", 0.25, 0.507, 0.5)
    assert found(title, below, above) == {"论文题目": "论民事诉讼中的举证责任"}


def test_a_value_may_stand_behind_its_label_in_the_same_line() -> None:
    assert found(line("姓名：王晓东", 0.1, 0.1)) == {"姓名": "王晓东"}


def test_another_paper_is_no_form() -> None:
    assert find_form((page(line("本科毕业论文", 0.3, 0.05)),)) is None
    assert find_form((page(line("学士学位申请表", 0.3, 0.6)),)) is None
    assert find_form(()) is None


def tilted(item: Line, slope: float) -> Line:
    return dataclasses.replace(item, quad=tuple((x, y + slope * x) for x, y in item.quad))


@pytest.mark.parametrize("slope", [-0.08, -0.04, 0.04, 0.08])
def test_a_page_photographed_askew_keeps_its_rows(slope: float) -> None:
    rows = [line("论文题目", 0.1, 0.5), line("论举证责任", 0.25, 0.5, 0.3)]
    rows += [line("本人申请授予学士学位，并承诺以上信息真实", 0.2, 0.53, 0.75)]
    rows += [line("姓名", 0.1, 0.1), line("王晓东", 0.22, 0.1), line("学号", 0.6, 0.1)]
    rows += [line("2021", 0.72, 0.1), line("民族", 0.6, 0.13), line("汉族", 0.72, 0.13)]
    expected = {"论文题目": "论举证责任", "姓名": "王晓东", "学号": "2021", "民族": "汉族"}
    form = find_form((page(*(tilted(row, slope) for row in (TITLE, *rows))),))
    assert form is not None
    assert {value.column: value.text for value in form.values} == expected


def test_text_of_the_next_row_is_no_second_line_of_a_value() -> None:
    rows = [line("论文题目", 0.1, 0.5), line("论举证责任", 0.25, 0.5, 0.3)]
    assert found(*rows, line("本人承诺以上信息真实", 0.2, 0.5145, 0.7)) == {
        "论文题目": "论举证责任"
    }


def test_the_title_is_no_value_of_the_first_row() -> None:
    near = [line("学号", 0.1, 0.06), line("2021", 0.22, 0.06)]
    assert found(*near) == {"学号": "2021"}


def test_a_label_set_wide_is_one_label() -> None:
    row = [line("姓", 0.1, 0.1, 0.015), line("名", 0.14, 0.1, 0.015), line("王晓东", 0.22, 0.1)]
    row += [line("性", 0.4, 0.1, 0.015), line("别", 0.44, 0.1, 0.015), line("男", 0.5, 0.1, 0.015)]
    assert found(*row) == {"姓名": "王晓东", "性别": "男"}
