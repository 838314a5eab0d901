"""Tables of self-taught courses as provinces print them: only the row of 英语（二） counts."""

import dataclasses

import pytest

from domain.certificates import CertificateType, FieldName
from domain.page import Page
from extractors.extract import extract
from tests.extractors.pages import printed

_F = FieldName
TITLE = "高等教育自学考试课程成绩证明"
Row = str | tuple[tuple[float, str], ...]


def read(given: Page, field: FieldName) -> list[str]:
    return [value.text for value in extract(given).all(field)]


def table(head: tuple[str, ...], *rows: tuple[str, ...]) -> Page:
    step = 900.0 / len(head)
    return printed(
        "姓名：张三",
        *(
            tuple((50.0 + step * index, cell) for index, cell in enumerate(row) if cell)
            for row in (head, *rows)
        ),
        title=TITLE,
    )


HEAD = ("课程代码", "课程名称", "成绩", "考试时间")
OTHER = ("00600", "高级英语", "77", "2018年10月")
ENGLISH = ("00015", "英语（二）", "68", "2021年4月")


def test_each_course_with_a_certificate_number_of_its_own() -> None:
    given = table(
        (*HEAD, "证书编号"), (*OTHER, "250987830568"), (*ENGLISH, "576314326885"),
    )  # fmt: skip

    assert read(given, _F.CERTIFICATE_NUMBER) == ["576314326885"]
    assert read(given, _F.SCORE) == ["68"]


@pytest.mark.parametrize(
    "head",
    [
        ("课程代码", "课程名称", "卷面成绩", "考次"),
        ("课程代码 Code", "课程名称 Course", "成绩 Score", "考试时间 Date"),
        ("代码", "科目", "得分(百分制)", "年月"),
    ],
)
def test_headings_in_other_wordings(head: tuple[str, ...]) -> None:
    given = table(head, OTHER, ENGLISH)

    assert read(given, _F.SCORE) == ["68"]
    assert read(given, _F.DATE) == ["2021年4月"]


def test_a_heading_never_labels_the_first_row() -> None:
    given = table(HEAD, OTHER, ("00015", "英语（二）", "", "2021年4月"))

    assert read(given, _F.SCORE) == []


def test_an_exempted_course_takes_no_other_courses_score() -> None:
    given = table(HEAD, OTHER, ("00015", "英语（二）", "免考", "2021年4月"))

    assert read(given, _F.SCORE) == []


def test_another_course_that_ends_like_english_two() -> None:
    given = table(HEAD, ("00795", "综合英语（二）", "88", "2019年4月"), ENGLISH)

    assert read(given, _F.SCORE) == ["68"]
    alone = table(HEAD, ("00795", "综合英语（二）", "88", "2019年4月"), OTHER)
    assert extract(alone).classification.certificate_type is CertificateType.NOT_ACCEPTED


@pytest.mark.parametrize("english_first", [True, False])
def test_two_tables_side_by_side(english_first: bool) -> None:
    english, other = ("英语（二）", "68"), ("管理学原理", "77")
    row = (*english, *other) if english_first else (*other, *english)
    given = table(("课程名称", "成绩", "课程名称", "成绩"), row, ("市场营销", "71", "会计学", "83"))

    assert read(given, _F.SCORE) == ["68"]


def test_of_several_scores_the_whole_one_counts() -> None:
    given = table(
        ("课程名称", "平时成绩", "卷面成绩", "总成绩"), ("英语（二）", "95", "55", "67"),
        ("市场营销", "90", "70", "76"),
    )  # fmt: skip

    assert read(given, _F.SCORE) == ["67"]


def test_a_course_sat_twice_is_left_to_a_person() -> None:
    given = table(HEAD, ("00015", "英语（二）", "45", "2017年4月"), OTHER, ENGLISH)

    assert read(given, _F.SCORE) == []


def test_courses_listed_with_labels() -> None:
    rows: list[Row] = []
    for code, name, score, date in (OTHER, ENGLISH):
        rows += [f"课程代码：{code}", f"课程名称：{name}", f"成绩：{score}", f"考试时间：{date}"]

    given = printed("姓名：张三", *rows, title=TITLE)

    assert read(given, _F.SCORE) == ["68"]
    assert read(given, _F.DATE) == ["2021年4月"]


def test_a_row_about_one_person() -> None:
    given = table(
        ("姓名", "准考证号", "课程名称", "成绩"), ("李四", "990121100001", "英语（二）", "68")
    )

    assert "李四" in read(given, _F.NAME)
    assert read(given, _F.ADMISSION_TICKET) == ["990121100001"]
    assert read(given, _F.SCORE) == ["68"]


SIDE_BY_SIDE = table(
    ("课程名称", "成绩", "考试时间", "课程名称", "成绩", "考试时间"),
    ("管理学原理", "66", "2019年4月", "英语（二）", "68", "2021年4月"),
    ("市场营销", "71", "2018年4月", "会计学", "83", "2017年10月"),
)
SEVERAL_SCORES = table(
    ("课程名称", "平时成绩", "卷面成绩", "总成绩", "考试时间"),
    ("市场营销", "90", "70", "76", "2018年4月"),
    ("英语（二）", "95", "55", "68", "2021年4月"),
)
LISTED = printed(
    "姓名：张三",
    *(
        f"{label}：{text}"
        for row in (OTHER, ENGLISH, ("03708", "近现代史", "64", "2018年4月"))
        for label, text in zip(HEAD, row, strict=True)
    ),
    title=TITLE,
)
OTHERS_BESIDE = table(HEAD, ("00795", "综合英语（二）", "88", "2019年4月"), ENGLISH, OTHER)


@pytest.mark.parametrize("whole", [SIDE_BY_SIDE, SEVERAL_SCORES, LISTED, OTHERS_BESIDE])
def test_an_unread_line_never_makes_another_courses_result_count(whole: Page) -> None:
    assert read(whole, _F.SCORE) == ["68"]
    for index in range(len(whole.lines)):
        lines = whole.lines[:index] + whole.lines[index + 1 :]
        extraction = extract(dataclasses.replace(whole, lines=lines))

        if extraction.classification.certificate_type is CertificateType.ZIKAO_ENGLISH2:
            assert {value.text for value in extraction.all(_F.SCORE)} <= {"68"}
            assert {value.text for value in extraction.all(_F.DATE)} <= {"2021年4月"}
