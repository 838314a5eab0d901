"""degree-data.xlsx: text in the national order, and what it lacks; outcomes come with words."""

import dataclasses
import datetime
import io
from collections.abc import Mapping

import openpyxl
import pytest

from domain.application import BatchKind
from domain.assessment import Assessment
from domain.degree_policy import DataLayout
from domain.outcome import ApplicationOutcome, BatchOutcome, machine_status
from reports.degree_data import CLASSIC, CURRENT, render_degree_data
from reports.degree_sections import degree_sections
from tests.validators.builders import POLICY, batch_of, submission_of
from tests.validators.degree_builders import COURSES, DECLARED, assess_application, course


def outcome_of(
    *applications: tuple[Mapping[str, str], Assessment], layout: DataLayout = DataLayout.CURRENT
) -> BatchOutcome:
    data = dataclasses.replace(POLICY.degree_data, layout=layout, unit_code="10001")
    rows = []
    for number, (cells, assessment) in enumerate(applications):
        student = f"20210000000{number}"
        submission = submission_of({**DECLARED, **cells, "学号": student}, ())
        rows.append(
            ApplicationOutcome(
                submission=submission,
                assessment=dataclasses.replace(assessment, student_number=student),
                paths=(),
                review_status=machine_status(assessment.decision),
                decided_by=("machine",),
                stage_seconds=(),
                case_version=1,
            )
        )
    return BatchOutcome(
        batch=batch_of(BatchKind.DEGREE),
        rows=tuple(rows),
        orphan_findings=(),
        provisional=False,
        today=datetime.date(2024, 3, 31),
        policy=dataclasses.replace(POLICY, degree_data=data),
        engine_version="engine",
        rule_version="rules",
        event_head="0" * 64,
    )


def sheets(data: bytes) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.value is None or cell.data_type == "s" for cell in row)
    return {
        sheet.title: [[value or "" for value in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }


_MIXED = (
    ({}, assess_application()),
    ({"学位外语成绩": "不合格"}, assess_application({"学位外语成绩": "不合格"})),
    ({"微信账号": ""}, assess_application({"微信账号": ""})),
    ({"申请状态": "撤销"}, assess_application({"申请状态": "撤销"})),
    ({"姓名拼音": "Li Na"}, assess_application({"姓名拼音": "Li Na"})),
)


@pytest.mark.parametrize(
    ("layout", "columns"), [(DataLayout.CURRENT, CURRENT), (DataLayout.CLASSIC, CLASSIC)]
)
def test_only_who_is_eligible_is_reported_in_the_national_order(
    layout: DataLayout, columns: tuple[tuple[str, str, object], ...]
) -> None:
    found = sheets(render_degree_data(outcome_of(*_MIXED, layout=layout)))
    header, *rows = found["学位授予信息"]
    assert header == [code for code, _, _ in columns]
    (row,) = rows
    cells = dict(zip(header, row, strict=True))
    assert (cells["XM"], cells["CSRQ"], cells["XH"]) == ("王晓东", "19900101", "202100000000")
    assert cells["XWSYDWM"] == "10001"
    if layout is DataLayout.CLASSIC:
        assert (cells["XBM"], cells["GBM"], cells["MZM"], cells["ZZMMM"]) == (
            "1",
            "156",
            "01",
            "13",
        )
        assert (cells["ZJLXM"], cells["RXNY"], cells["BYNY"]) == ("01", "202103", "202307")
    else:
        assert (cells["XB"], cells["MZ"], cells["GB"]) == ("男", "汉族", "中国")


def test_what_is_missing_is_listed_by_applicant() -> None:
    found = sheets(render_degree_data(outcome_of(*_MIXED)))["缺项"]
    ((student, name, gaps),) = found[1:]
    assert (student, name) == ("202100000000", "王晓东")
    assert {"导师姓名", "论文类型", "学位证书编号"} <= set(gaps.split("、"))
    assert "学位授予单位码" not in gaps.split("、")


def test_both_names_of_the_thesis_file_are_given() -> None:
    (row,) = sheets(render_degree_data(outcome_of(*_MIXED)))["论文文件名"][1:]
    assert row[1] == f"202100000000+王晓东+{DECLARED['论文题目']}"
    assert row[2] == "2324_待填_10001_专业代码待填_20990000000001_LW.PDF"


def test_every_application_has_an_outcome_in_a_word_and_words_for_its_applicant() -> None:
    results, conditions, courses = degree_sections(outcome_of(*_MIXED))
    assert [row[2] for row in results.rows] == [
        "符合条件",
        "不符合条件",
        "需更正",
        "已撤销",
        "待人工",
    ]
    assert all(row[3] for row in results.rows)
    assert results.rows[1][3] == (
        "您的学位外语成绩不合格，未达到学位申请条件，请联系学习中心了解详情。"
    )
    assert results.rows[2][3] == "您未填写微信账号，请补填。"
    assert [row[4] for row in results.rows if row[4]] == ["forms/202100000000.pdf"]
    assert conditions.rows[0][3:] == (
        "教学计划下所有课程平均成绩 (不包含毕业课程): 70 及70以上",
        "教学计划下所有课程平均成绩 (不包含毕业课程): 80.00",
        "合格",
    )
    assert len(courses.rows) == len(COURSES) * len(_MIXED)


def test_a_course_that_does_not_count_says_why() -> None:
    rows = (*COURSES, course("体育", "80", taken="免修"))
    _, _, courses = degree_sections(outcome_of(({}, assess_application(courses=rows))))
    told = {row[2]: (row[6], row[8]) for row in courses.rows}
    assert told["体育"] == ("否", "免修不计入")
    assert told["毕业论文"] == ("否", "毕业课程不计入")


def test_the_report_says_until_when_the_applicants_have_to_be_answered() -> None:
    results, _, _ = degree_sections(outcome_of(*_MIXED))
    assert "2024-05-30前作出" in results.note


def test_the_list_of_results_names_nobody_by_number_birth_or_address() -> None:
    results, _, _ = degree_sections(outcome_of(*_MIXED))
    private = ("证件号码", "出生日期", "电子邮箱", "QQ账号", "微信账号")
    shown = "\n".join(cell for row in results.rows for cell in map(str, row))
    assert not [column for column in private if DECLARED[column] in shown]


@pytest.mark.parametrize("layout", DataLayout)
def test_no_cell_has_spaces_at_its_ends_and_no_row_is_blank(layout: DataLayout) -> None:
    odd = {
        "姓名": " 王晓东 ",
        "专业名称": "法 学\u3000",
        "QQ账号": "  123456789",
        "论文题目": " 论\n举证 ",
    }
    sound = assess_application()
    book = sheets(render_degree_data(outcome_of((odd, sound), layout=layout)))
    for rows in book.values():
        assert all(any(row) for row in rows)
        assert all(cell == cell.strip() for row in rows for cell in row)
