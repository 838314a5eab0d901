"""Labels in wordings and places that no sample of ours uses, and words that are no labels."""

import pytest

from domain.certificates import FieldName
from domain.page import Page
from extractors.extract import extract
from tests.extractors.pages import CET_TITLE, line, page, printed

_F = FieldName
TEM_TITLE = "全国高等学校英语专业四级考试"
NUMBER = "212199001000001"
Row = str | tuple[tuple[float, str], ...]


def read(given: Page, field: FieldName) -> list[str]:
    return [value.text for value in extract(given).all(field)]


def cet(*rows: Row) -> Page:
    return printed(*rows, title=CET_TITLE)


def tem(*rows: Row) -> Page:
    return printed(*rows, title=TEM_TITLE)


@pytest.mark.parametrize(
    ("row", "field", "text"),
    [
        ("身份证件号：990101199001010015", _F.ID_NUMBER, "990101199001010015"),
        ("成绩报告单编号No212199001000001", _F.CERTIFICATE_NUMBER, NUMBER),
        ("Certificate No. 编号：212199001000001", _F.CERTIFICATE_NUMBER, NUMBER),
        ("编号/No.：212199001000001", _F.CERTIFICATE_NUMBER, NUMBER),
        ("考试时间：2021年12月编号：212199001000001", _F.CERTIFICATE_NUMBER, NUMBER),
        ("【总分】 452", _F.SCORE, "452"),
        ("总分 Tota1 Score 452", _F.SCORE, "452"),
        ("总分：452/710", _F.SCORE, "452"),
        ("听力（占35%）：150", _F.LISTENING, "150"),
        ("Listening Comprehension 150", _F.LISTENING, "150"),
        ("写译：142", _F.WRITING_TRANSLATION, "142"),
        ("考试时间 a：2021年5月", _F.DATE, "2021年5月"),
        ("总分 a 452", _F.SCORE, ""),
        ("分    数", _F.SCORE, ""),
        ("Candidate Name：张三", _F.NAME, "张三"),
    ],
)
def test_more_wordings_of_labels(row: str, field: FieldName, text: str) -> None:
    assert read(cet(row), field) == ([text] if text else [])


def test_dotted_leaders_lead_to_the_value() -> None:
    given = cet(((100.0, "总分."), (500.0, ".452")), ((100.0, "听力(35%)."), (500.0, "..150")))

    assert read(given, _F.SCORE) == ["452"]
    assert read(given, _F.LISTENING) == ["150"]


@pytest.mark.parametrize(
    ("first", "second"), [("姓名", "性别"), ("姓名", "准考证号"), ("Name", "姓名")]
)
def test_the_next_label_is_no_name(first: str, second: str) -> None:
    given = cet(((100.0, first), (300.0, second)), ((100.0, "张三"), (305.0, "男")))

    assert read(given, _F.NAME) == ["张三"]


def test_a_wide_value_begins_at_the_edge_of_its_narrow_heading() -> None:
    given = page(
        [
            line(250, 100, CET_TITLE, height=40),
            line(100, 200, "编号"),
            line(100, 235, NUMBER),
        ]
    )

    assert read(given, _F.CERTIFICATE_NUMBER) == [NUMBER]


def test_a_value_stands_under_the_whole_of_a_bilingual_heading() -> None:
    given = page(
        [
            line(250, 100, CET_TITLE, height=40),
            line(100, 200, "Writing & Translation 写作和翻译"),
            line(240, 240, "142"),
        ]
    )

    assert read(given, _F.WRITING_TRANSLATION) == ["142"]


def test_a_heading_in_the_cell_before_belongs_to_the_row() -> None:
    given = cet(
        ((100.0, "笔试成绩"), (300.0, "总分"), (500.0, "听力")),
        ((310.0, "452"), (510.0, "150")),
    )

    assert read(given, _F.SCORE) == ["452"]


@pytest.mark.parametrize(
    "row",
    [
        "准考证号/Admission No.：990011212104208",
        "考点编号：990011212104208",
        "报名编号 990011212104208",
        "证件编号：990011212104208",
        "Student ID No. 990011212104208",
    ],
)
def test_numbers_of_other_things_are_no_certificate_numbers(row: str) -> None:
    assert read(cet(row), _F.CERTIFICATE_NUMBER) == []
    assert read(tem(row), _F.CERTIFICATE_NUMBER) == []


def test_an_empty_number_does_not_take_another_labels() -> None:
    given = tem(((100.0, "证书编号："), (400.0, "ID No. 990101199001010015")))

    assert read(given, _F.CERTIFICATE_NUMBER) == []


def test_an_empty_number_does_not_take_a_date() -> None:
    given = tem(((100.0, "证书编号："), (400.0, "2021-12-18")))

    assert read(given, _F.CERTIFICATE_NUMBER) == []


@pytest.mark.parametrize("row", ["Name of School：滨河大学", "Name of University 滨河大学"])
def test_the_name_of_a_school_is_nobodys_name(row: str) -> None:
    assert read(tem(row), _F.NAME) == []


@pytest.mark.parametrize(
    "row", ["Date of Birth：1999-03-02", "Date Printed 2024-03-05", "下次考试时间：2024年6月"]
)
def test_other_dates_are_no_examination_dates(row: str) -> None:
    assert read(cet(row), _F.DATE) == []
    assert read(tem(row), _F.DATE) == []


def test_a_misread_letter_is_no_score() -> None:
    assert read(cet("总分 Tota1 Score"), _F.SCORE) == []


@pytest.mark.parametrize("prefix", ["注：", "说明：", ""])
def test_full_marks_in_a_note_are_no_results(prefix: str) -> None:
    given = cet(f"{prefix}总分710分，其中听力249分、阅读249分、写作和翻译212分。")

    for field in (_F.SCORE, _F.LISTENING, _F.READING, _F.WRITING_TRANSLATION):
        assert read(given, field) == []


def test_a_column_of_full_marks_is_passed_over() -> None:
    given = cet(
        ((100.0, "科目"), (300.0, "比例"), (500.0, "满分"), (700.0, "得分")),
        ((100.0, "听力"), (300.0, "35%"), (500.0, "240"), (700.0, "150")),
        ((100.0, "总分"), (300.0, "100%"), (500.0, "700"), (700.0, "452")),
    )

    assert read(given, _F.LISTENING) == ["150"]
    assert read(given, _F.SCORE) == ["452"]


@pytest.mark.parametrize("marks_first", [True, False])
def test_a_row_of_full_marks_is_passed_over(marks_first: bool) -> None:
    marks: Row = ((100.0, "满分"), (300.0, "240"), (500.0, "700"))
    results: Row = ((100.0, "成绩"), (300.0, "150"), (500.0, "452"))
    rows = (marks, results) if marks_first else (results, marks)

    given = cet(((100.0, "项目"), (300.0, "听力"), (500.0, "总分")), *rows)

    assert read(given, _F.LISTENING) == ["150"]
    assert read(given, _F.SCORE) == ["452"]


def test_a_heading_over_several_values_labels_none() -> None:
    given = cet(((100.0, "总分"),), ((100.0, "452"),), ((100.0, "431"),))

    assert read(given, _F.SCORE) == []


def test_full_marks_whose_heading_was_not_read_are_no_results() -> None:
    given = printed(
        ((100.0, "考试项目"), (700.0, "得分")),
        ((100.0, "口头沟通"), (500.0, "75"), (700.0, "61")),
        ((100.0, "总分"), (500.0, "150"), (700.0, "120")),
        title="国际人才英语考试（中级）成绩报告单",
    )

    assert read(given, _F.SCORE) == ["120"]
    assert read(given, _F.COMPONENT_A) == ["61"]


@pytest.mark.parametrize(
    "row", ["编号" + "No." * 60, "总分" + "a" * 120, "总分" + "ab." * 60, "张三" + "," * 600]
)
def test_a_row_of_repeated_pieces_is_read_to_its_end(row: str) -> None:
    # Patterns that try every way to cut such a row would not come back.
    for title in (CET_TITLE, TEM_TITLE):
        given = printed(row, "总分：452", title=title)

        assert read(given, _F.CERTIFICATE_NUMBER) == []
        assert read(given, _F.SCORE) == ["452"]
