"""Values are found by their labels, wherever those stand, and never without them."""

from collections.abc import Sequence

import pytest

from domain.certificates import FieldName
from extractors.anchors import find as find_values
from extractors.anchors import has_label
from extractors.certificates import cet, etic, tem, zikao
from extractors.extract import extract
from extractors.layout import lay_out
from tests.extractors.pages import line, page, printed

_F = FieldName


def find(given: object, field: FieldName, anchors: Sequence[object] = cet.ANCHORS) -> list[str]:
    text = lay_out(given)  # type: ignore[arg-type]
    return [value.text for value in find_values(text, anchors) if value.field is field]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "field", "text"),
    [
        ("成绩报告单编号：212199001000001", _F.CERTIFICATE_NUMBER, "212199001000001"),
        ("成绩报告单编号 ： 212199001000001", _F.CERTIFICATE_NUMBER, "212199001000001"),
        ("成 绩 报 告 单 编 号 :212199001000001", _F.CERTIFICATE_NUMBER, "212199001000001"),
        ("成績報告單編號：212199001000001", _F.CERTIFICATE_NUMBER, "212199001000001"),
        ("编号:21219 90010 00001", _F.CERTIFICATE_NUMBER, "21219 90010 00001"),
        ("Report No. 212199001000001", _F.CERTIFICATE_NUMBER, "212199001000001"),
        ("No: 212199001000001", _F.CERTIFICATE_NUMBER, "212199001000001"),
        ("姓名：张三", _F.NAME, "张三"),
        ("姓 名：张 三", _F.NAME, "张 三"),
        ("姓名 张三 性别 男", _F.NAME, "张三"),
        ("姓名：张三身份证号：1", _F.NAME, "张三"),
        ("姓名：阿依古丽·买买提", _F.NAME, "阿依古丽·买买提"),
        ("姓名Name：𠮷野", _F.NAME, "𠮷野"),
        ("证件号码：99010119900101001X", _F.ID_NUMBER, "99010119900101001X"),
        ("身份证号码: 990101 19900101 0015", _F.ID_NUMBER, "990101 19900101 0015"),
        ("ID No. 990101199001010015", _F.ID_NUMBER, "990101199001010015"),
        ("总分：452", _F.SCORE, "452"),
        ("总 分 452", _F.SCORE, "452"),
        ("总分(Total): 452", _F.SCORE, "452"),
        ("Total Score 452", _F.SCORE, "452"),
        ("听力(35%)：150", _F.LISTENING, "150"),
        ("写作和翻译 (30%) 142", _F.WRITING_TRANSLATION, "142"),
        ("考试时间：2021年12月", _F.DATE, "2021年12月"),
        ("考试时间：2021 年 12 月", _F.DATE, "2021 年 12 月"),
        ("笔试时间 2021-12", _F.DATE, "2021-12"),
        ("准考证号：990011212104208", _F.ADMISSION_TICKET, "990011212104208"),
        ("口试准考证号：F21219900100001", _F.ORAL_TICKET, "F21219900100001"),
        ("口试准考证号：--", _F.ORAL_TICKET, "--"),
    ],
)
def test_labels_in_their_variants(row: str, field: FieldName, text: str) -> None:
    assert find(printed(row), field) == [text]


def test_label_and_value_in_two_lines_of_one_row() -> None:
    given = printed(((100.0, "成绩报告单编号："), (500.0, "212199001000001")))

    assert find(given, _F.CERTIFICATE_NUMBER) == ["212199001000001"]


def test_a_label_broken_in_two_lines_of_one_row() -> None:
    given = printed(((100.0, "成绩报告单"), (230.0, "编号"), (500.0, "212199001000001")))

    assert find(given, _F.CERTIFICATE_NUMBER) == ["212199001000001"]


def test_a_value_below_its_heading() -> None:
    given = printed(
        ((100.0, "总分"), (300.0, "听力"), (500.0, "阅读")),
        ((100.0, "452"), (305.0, "150"), (505.0, "160")),
    )

    assert find(given, _F.SCORE) == ["452"]
    assert find(given, _F.LISTENING) == ["150"]
    assert find(given, _F.READING) == ["160"]


def test_a_heading_of_two_lines_stands_between_label_and_value() -> None:
    lines = [
        line(100, 200, "总分"), line(300, 200, "听力"), line(500, 200, "阅读"),
        line(90, 225, "(710分)", height=16), line(295, 225, "(3596)", height=16),
        line(480, 225, "Reading (35%%)", height=16),
        line(100, 260, "452"), line(305, 260, "150"), line(505, 260, "160"),
    ]  # fmt: skip

    given = page(lines)

    assert find(given, _F.LISTENING) == ["150"]
    assert find(given, _F.READING) == ["160"]
    assert find(given, _F.SCORE) == ["452"]


def test_an_empty_cell_does_not_take_its_neighbours_value() -> None:
    given = printed(
        ((100.0, "总分"), (300.0, "听力"), (500.0, "阅读")),
        ((305.0, "150"), (505.0, "160")),
    )

    assert find(given, _F.SCORE) == []


def test_a_value_far_below_belongs_to_no_heading() -> None:
    given = page([line(100, 200, "总分"), line(100, 400, "452")])

    assert find(given, _F.SCORE) == []


def test_the_number_of_the_report_is_no_score() -> None:
    given = printed("成绩报告单编号：212199001000001")

    assert find(given, _F.SCORE, tem.ANCHORS) == []
    assert find(given, _F.SCORE, zikao.ANCHORS) == []


def test_two_numbers_of_fifteen_digits_each_keep_their_own_label() -> None:
    given = printed("准考证号：990011212104208", "成绩报告单编号：212199001000001")

    assert find(given, _F.CERTIFICATE_NUMBER) == ["212199001000001"]
    assert find(given, _F.ADMISSION_TICKET) == ["990011212104208"]


@pytest.mark.parametrize("label", ["准考证编号", "课程编号", "考籍编号", "学校编号", "Ticket No"])
def test_a_number_of_something_else_is_no_certificate_number(label: str) -> None:
    given = printed(f"{label}：990011212104208")

    for anchors in (cet.ANCHORS, tem.ANCHORS, etic.ANCHORS, zikao.ANCHORS):
        assert find(given, _F.CERTIFICATE_NUMBER, anchors) == []


def test_an_oral_ticket_is_no_written_ticket() -> None:
    given = printed("笔试准考证号：990011212104208", "口试准考证号：F21219900100001")

    assert find(given, _F.ADMISSION_TICKET) == ["990011212104208"]
    assert find(given, _F.ORAL_TICKET) == ["F21219900100001"]


@pytest.mark.parametrize("label", ["打印时间", "查询时间", "口试考试时间", "打印日期"])
def test_the_date_of_something_else_is_no_examination_date(label: str) -> None:
    given = printed(f"{label}：2024年01月02日")

    assert find(given, _F.DATE) == []


@pytest.mark.parametrize(
    "text", ["21219900100000", "2121990010000011", "A12199001000001", "2121990O1000001"]
)
def test_a_number_of_another_shape_is_no_number(text: str) -> None:
    assert find(printed(f"成绩报告单编号：{text}"), _F.CERTIFICATE_NUMBER) == []


@pytest.mark.parametrize("text", ["4520", "45.25", "35%", "2021年", "12/31", "A52"])
def test_what_is_no_score_is_not_cut_to_one(text: str) -> None:
    assert find(printed(f"总分：{text}"), _F.SCORE) == []


@pytest.mark.parametrize("row", ["学校名称：滨河大学", "课程名称：数学", "学校姓名：王五"])
def test_the_name_of_a_school_or_course_is_no_name_of_a_person(row: str) -> None:
    assert find(printed(row), _F.NAME) == []


def test_an_identity_number_may_go_on_in_the_next_row() -> None:
    assert find(printed("身份证号：", "990101199001010015"), _F.ID_NUMBER) == ["990101199001010015"]


def test_the_same_value_printed_twice_is_found_twice_each_with_its_place() -> None:
    text = lay_out(printed("总分：452", "总分：452"))

    values = [value for value in find_values(text, cet.ANCHORS) if value.field is _F.SCORE]

    assert [value.text for value in values] == ["452", "452"]
    assert values[0].evidence.bbox.top < values[1].evidence.bbox.top


def test_two_totals_that_differ_are_both_found() -> None:
    assert find(printed("总分：452", "总分：552"), _F.SCORE) == ["452", "552"]


def test_a_label_without_a_value_is_seen_as_a_label() -> None:
    text = lay_out(printed("准考证号：", "学校：滨河大学"))

    assert has_label(text, cet.ANCHORS, _F.ADMISSION_TICKET)
    assert not has_label(text, cet.ANCHORS, _F.ID_NUMBER)


@pytest.mark.parametrize("label", ["口试成绩", "口语成绩", "口试 成绩", "口语等级"])
def test_the_grade_of_the_oral_test_is_not_the_grade(label: str) -> None:
    for anchors in (tem.ANCHORS, etic.ANCHORS):
        assert find(printed(f"{label}：良好"), _F.GRADE, anchors) == []
        assert find(printed(f"{label}：良好", "成绩：合格"), _F.GRADE, anchors) == ["合格"]


def test_an_oral_ticket_read_without_its_letter_is_still_no_written_ticket() -> None:
    assert find(printed("口试准考证号：99001121210420"), _F.ADMISSION_TICKET) == []


@pytest.mark.parametrize(("confidence", "found"), [(0.4, ["118"]), (0.95, [])])
def test_strokes_of_a_seal_are_no_second_row_of_a_table(
    confidence: float, found: list[str]
) -> None:
    given = page(
        [
            line(100, 60, "全国大学英语四级考试", height=40),
            line(100, 300, "听力"),
            line(300, 300, "写作和翻译"),
            line(100, 340, "206"),
            line(320, 340, "118"),
            line(330, 440, "12", confidence=confidence),
        ]
    )

    values = extract(given).all(FieldName.WRITING_TRANSLATION)

    assert [value.text for value in values] == found
