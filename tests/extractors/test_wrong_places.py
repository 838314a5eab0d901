"""In doubt about where a value stands, it is missing rather than another label's."""

import pytest

from domain.certificates import FieldName
from domain.page import Page
from extractors.extract import extract
from tests.extractors.pages import CET_TITLE, line, page, printed

_F = FieldName
ZIKAO_TITLE = "高等教育自学考试课程成绩证明"


def read(given: Page, field: FieldName) -> list[str]:
    return [value.text for value in extract(given).all(field)]


def test_credits_that_lean_towards_the_heading_of_scores_are_no_score() -> None:
    head = ((50.0, "课程编号"), (350.0, "课程名称"), (620.0, "学分"), (700.0, "考试成绩"))
    given = printed(
        "姓名：张三",
        head,
        ((60.0, "00540"), (340.0, "外国文学史"), (640.0, "6"), (740.0, "93")),
        ((70.0, "00015"), (360.0, "英语(二)"), (655.0, "14"), (760.0, "68")),
        title=ZIKAO_TITLE,
    )

    assert read(given, _F.SCORE) == ["68"]


def bulging_table(drop_px: float) -> Page:
    """Return a table whose right half hangs `drop_px` lower than its left half."""
    courses = ("00540 外国文学史", "00600 高级英语", "00015 英语（二）", "00054 管理学原理")
    lines = [line(250, 100, ZIKAO_TITLE, height=40)]
    lines += [line(50, 300, "课程名称"), line(600, 300, "成绩"), line(800, 300, "考试时间")]
    for index, (course, score) in enumerate(zip(courses, ("93", "77", "68", "64"), strict=True)):
        y = 340.0 + 30 * index
        lines.append(line(50, y, course))
        lines.append(line(600, y + drop_px, score))
        lines.append(line(800, y + drop_px, f"202{index}年4月"))
    return page(lines)


@pytest.mark.parametrize("drop_px", [0.0, 4.0, -4.0])
def test_cells_about_level_with_a_course_are_its_own(drop_px: float) -> None:
    assert read(bulging_table(drop_px), _F.SCORE) == ["68"]
    assert read(bulging_table(drop_px), _F.DATE) == ["2022年4月"]


@pytest.mark.parametrize("drop_px", [-30.0, -22.0, -14.0, 14.0, 22.0])
def test_cells_that_came_to_lie_level_with_another_course_are_not_taken(drop_px: float) -> None:
    assert set(read(bulging_table(drop_px), _F.SCORE)) <= {"68"}
    assert set(read(bulging_table(drop_px), _F.DATE)) <= {"2022年4月"}


def test_the_results_of_courses_below_part_of_a_torn_heading_are_not_taken() -> None:
    given = printed(
        "姓名：张三",
        ((50.0, "序号"), (150.0, "课程代码"), (350.0, "课程名称"), (800.0, "考试时间")),
        ((50.0, "1"), (150.0, "03708"), (350.0, "中国近现代史纲要"), (650.0, "成绩")),
        ((50.0, "2"), (150.0, "00015"), (350.0, "英语（二）"), (660.0, "71")),
        ((50.0, "3"), (150.0, "00058"), (350.0, "市场营销学"), (655.0, "免考")),
        title=ZIKAO_TITLE,
    )

    assert read(given, _F.SCORE) == []


def test_a_heading_level_with_another_columns_result_does_not_take_it() -> None:
    lines = [line(250, 100, CET_TITLE, height=40)]
    lines += [line(100, 400, "听力"), line(300, 372, "阅读"), line(500, 358, "综合")]
    lines += [line(105, 442, "167"), line(305, 414, "177"), line(505, 400, "52")]

    assert "52" not in read(page(lines), _F.LISTENING)


def test_a_result_right_below_another_parts_label_is_that_parts() -> None:
    lines = [line(250, 100, CET_TITLE, height=40)]
    lines += [line(100, 400, "听力"), line(500, 360, "综合"), line(505, 400, "52")]

    assert read(page(lines), _F.LISTENING) == []


def test_values_a_row_higher_than_their_labels_on_bulging_paper_are_missing() -> None:
    labels = ("听力", "阅读", "写作和翻译", "编号 No")
    values = ("528", "151", "209", "168")
    lines = [line(250, 100, CET_TITLE, height=40)]
    for index, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = 400.0 + 50 * index
        lines.append(line(100, y, label, slope=0.16))
        lines.append(line(600, y, value, slope=0.05))
    lines += [line(100, 650, "证件号码", slope=0.16), line(550, 250, "样例大学外国语学院")]
    given = page(lines)

    for field in (_F.LISTENING, _F.READING, _F.WRITING_TRANSLATION):
        assert read(given, field) == []


def test_a_parts_weight_without_its_sign_is_no_result() -> None:
    rows = ("姓名：张三", "听力35", "总分：452")

    assert read(printed(*rows, title=CET_TITLE), _F.LISTENING) == []


def test_a_total_with_a_digit_hidden_is_missing() -> None:
    assert read(printed("姓名：张三", "总分：46", title=CET_TITLE), _F.SCORE) == []
    assert read(printed("姓名：张三", "总分：460", title=CET_TITLE), _F.SCORE) == ["460"]


@pytest.mark.parametrize("dot", "·・•‧")
def test_a_name_is_whole_whatever_dot_divides_it(dot: str) -> None:
    name = f"阿依古丽{dot}麦麦提"

    given = printed(f"姓名：{name}", title=CET_TITLE)

    assert read(given, _F.NAME) == [name]


def test_a_rare_character_does_not_end_a_name() -> None:
    assert read(printed("姓名：李琳𠮷", title=CET_TITLE), _F.NAME) == ["李琳𠮷"]


@pytest.mark.parametrize(
    "issuer", ["外语专业教学指导委员会", "导委员会", "个人成绩证明书", "学测试"]
)
def test_an_issuer_above_a_sentence_is_no_name(issuer: str) -> None:
    rows = (issuer, "于2021年6月参加全国高等学校英语专业四级考试，成绩合格。")

    assert read(printed(*rows, title="全国高等学校英语专业四级考试"), _F.NAME) == []


def test_a_lone_date_is_no_date_of_issue_where_the_examination_has_none() -> None:
    rows = ("姓名：张三", "成绩：合格", *("" for _ in range(12)), "2023年5月13日")
    lines = [row for row in rows if row]
    given = printed(*lines[:2], title="全国高等学校英语专业四级考试")
    signed = page([*given.lines, line(600, 1100, lines[2])])
    of_a_year = page([*signed.lines, line(100, 400, "考试时间：2022年")])

    assert read(signed, _F.ISSUE_DATE) == []
    assert read(of_a_year, _F.ISSUE_DATE) == ["2023年5月13日"]


@pytest.mark.parametrize(
    "read_as", [".2023年5月13日", "2023年5月13日 ·", "|2023年5月13日", "- 2023年5月13日"]
)
def test_a_dot_of_a_seal_beside_the_date_of_issue_does_not_hide_it(read_as: str) -> None:
    given = printed("考试时间：2022年", title="全国高等学校英语专业四级考试")

    signed = page([*given.lines, line(600, 1100, read_as)])

    assert read(signed, _F.ISSUE_DATE) == ["2023年5月13日"]
