"""What certificates say in sentences and titles, and sentences that say nothing of a result."""

import pytest

from domain.certificates import CertificateType, FieldName
from domain.page import Page
from extractors.extract import extract
from tests.extractors.pages import CET_TITLE, printed

_F = FieldName
TEM_TITLE = "全国高等学校英语专业四级考试证书"
ZIKAO_TITLE = "高等教育自学考试课程合格证书"


def read(given: Page, field: FieldName) -> list[str]:
    return [value.text for value in extract(given).all(field)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ("张三同学参加2021年全国高等学校英语专业四级考试，", "成绩良好，特发此证。"),
            {_F.NAME: ["张三"], _F.GRADE: ["良好"]},
        ),
        (
            ("张三  于2021年6月参加英语专业四级考试，", "成绩为 72 分（良好）。"),
            {_F.NAME: ["张三"], _F.DATE: ["2021年6月"], _F.GRADE: ["良好"], _F.SCORE: ["72"]},
        ),
        (
            (
                "学生 张三，性别女，身份证号990101199001010015，于2021年6月参加",
                "考试，等级为优秀。",
            ),
            {_F.NAME: ["张三"], _F.DATE: ["2021年6月"], _F.GRADE: ["优秀"]},
        ),
        (
            ("张三 参加 2021年6月 全国高等学校英语专业四级考试，成绩合格，",),
            {_F.NAME: ["张三"], _F.DATE: ["2021年6月"], _F.GRADE: ["合格"]},
        ),
        (
            (
                "This is to certify that ZHANG San (张三) has passed the",
                "Test for English Majors Grade Four held in June 2021.",
            ),
            {_F.NAME: ["张三"], _F.DATE: ["June 2021"]},
        ),
        (("该生通过了2021年6月举行的全国高等学校英语专业四级考试",), {_F.DATE: ["2021年6月"]}),
    ],
)
def test_sentences_of_majors_certificates(
    rows: tuple[str, ...], expected: dict[FieldName, list[str]]
) -> None:
    given = printed(*rows, title=TEM_TITLE)

    assert {field: read(given, field) for field in expected} == expected


def test_a_sentence_of_a_self_taught_certificate() -> None:
    given = printed(
        "考生 张三，准考证号 990121100001，参加 2016年10月",
        "高等教育自学考试 英语（二） 课程考试，成绩 83 分，合格。",
        title=ZIKAO_TITLE,
    )

    assert read(given, _F.NAME) == ["张三"]
    assert read(given, _F.DATE) == ["2016年10月"]
    assert read(given, _F.SCORE) == ["83"]


def test_a_part_whose_figure_begins_the_next_row() -> None:
    given = printed("笔试总分452分（听力150分、阅读160分、写作和翻译", "142分）。", title=CET_TITLE)

    assert read(given, _F.WRITING_TRANSLATION) == ["142"]


@pytest.mark.parametrize(
    "title", ["2021年12月全国大学英语四级考试成绩报告单", "(2021年12月)大学英语四级考试成绩报告单"]
)
def test_the_sitting_in_the_title(title: str) -> None:
    assert read(printed("姓名：张三", title=title), _F.DATE) == ["2021年12月"]


def test_the_sitting_behind_the_papers_name() -> None:
    given = printed("成绩报告单（2021年12月）", title="全国大学英语四级考试")

    assert read(given, _F.DATE) == ["2021年12月"]


def test_a_date_in_running_text_is_no_sitting() -> None:
    given = printed("自2021年6月全国大学英语四级考试起，提供电子成绩报告单。", title=CET_TITLE)

    assert read(given, _F.DATE) == []


@pytest.mark.parametrize(
    "row",
    [
        "考试成绩合格者颁发证书。",
        "成绩合格、良好、优秀三个等级",
        "考试合格证书",
        "成绩60分至69分为合格，70分至79分为良好。",
        "本考试总分为100分，60分为合格线。",
    ],
)
def test_rules_of_the_examination_are_no_results(row: str) -> None:
    given = printed("姓名：张三", row, title=TEM_TITLE)

    assert read(given, _F.GRADE) == []
    assert read(given, _F.SCORE) == []


@pytest.mark.parametrize(
    "row",
    ["本证书于2021年6月颁发。", "成绩于2021年9月公布。", "系 滨河大学英语专业学生，于2021年6月"],
)
def test_no_sentence_about_the_paper_names_a_person(row: str) -> None:
    assert read(printed(row, title=TEM_TITLE), _F.NAME) == []


@pytest.mark.parametrize(
    "title",
    ["高等学校英语专业四级考试口试", "TEM-4 Oral Test", "全国高校网络教育统一考试 大学英语(B)"],
)
def test_examinations_beside_the_four_kinds(title: str) -> None:
    kind = extract(printed("姓名：张三", title=title)).classification.certificate_type

    assert kind is CertificateType.NOT_ACCEPTED


def test_a_query_page_that_names_the_level_behind_a_label() -> None:
    given = printed("姓名：张三", ((100.0, "考试级别"), (600.0, "英语四级")), title="成绩查询")

    assert extract(given).classification.certificate_type is CertificateType.CET4


@pytest.mark.parametrize("separator", ["·", "・", "•", "—", "：", " "])
def test_a_level_behind_any_dot_or_dash(separator: str) -> None:
    given = printed("姓名：张三", title=f"国际人才英语考试{separator}初级")

    assert extract(given).classification.certificate_type is CertificateType.ETIC_ELEMENTARY
