import csv
import io
from collections.abc import Callable, Iterator

import pytest

from domain.assessment import Agreement, Decision
from domain.outcome import BatchOutcome, opinion_of
from reports import tables
from tests.reports.conftest import MakeOutcome, comparison, finding, make_row

RowsOf = Callable[[BatchOutcome], Iterator[tables.Row]]


def read(columns: tables.Row, rows_of: RowsOf, outcome: BatchOutcome) -> list[dict[str, str]]:
    content = tables.render_csv(columns, rows_of(outcome)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


@pytest.fixture(scope="module")
def results(mixed_outcome: BatchOutcome) -> dict[str, dict[str, str]]:
    rows = read(tables.RESULTS_COLUMNS, tables.results_rows, mixed_outcome)
    return {row["学号"]: row for row in rows}


def test_results_have_one_row_per_application_by_student_number(
    results: dict[str, dict[str, str]], mixed_outcome: BatchOutcome
) -> None:
    assert list(results) == sorted(row.student_number for row in mixed_outcome.rows)


def test_an_accepted_application_waits_without_opinion(
    results: dict[str, dict[str, str]],
) -> None:
    assert results["2024003"] == {
        "学号": "2024003",
        "姓名": "张明远",
        "申请状态": "已申请",
        "申请条件是否达标": "达标",
        "审核状态": "待审核",
        "审核意见": "",
        "合格状态": "",
        "decision": "accept",
        "decided_by": "machine",
        "reason_codes": "",
        "certificate_type": "cet4",
        "accepted_number": "211010001234567",
        "accepted_score": "520",
    }


def test_an_opinion_is_one_sentence_per_reason_in_order(
    results: dict[str, dict[str, str]],
) -> None:
    row = results["2024001"]
    assert row["审核意见"] == "成绩单编号与证书不一致。申请时间晚于截止时间。"
    assert row["reason_codes"] == "certificate-number-differs;late"
    assert row["合格状态"] == ""
    assert row["姓名"] == '\'=HYPERLINK("http://x","y")'


def test_states_follow_the_contract(results: dict[str, dict[str, str]]) -> None:
    states = {number: (row["审核状态"], row["合格状态"]) for number, row in results.items()}
    assert states == {
        "2024001": ("待审核", ""),
        "2024002": ("审核通过", "合格"),
        "2024003": ("待审核", ""),
        "2024004": ("待审核", ""),
        "2024005": ("退回", ""),
        "2024006": ("已撤销", "不合格"),
        "2024007": ("审核不通过", "不合格"),
    }


def test_a_verdict_names_its_people_and_leaves_the_machines_decision(
    results: dict[str, dict[str, str]],
) -> None:
    row = results["2024002"]
    assert row["decision"] == "review"
    assert row["decided_by"] == "machine;wang;li"
    assert row["审核意见"] == ""


def test_a_returned_application_says_what_to_do(results: dict[str, dict[str, str]]) -> None:
    assert results["2024005"]["审核意见"] == "文件超过 1 MB，请压缩后重新上传。"


def test_fields_stand_in_the_contracts_order_with_their_evidence(
    mixed_outcome: BatchOutcome,
) -> None:
    rows = read(tables.FIELDS_COLUMNS, tables.fields_rows, mixed_outcome)
    own = [row for row in rows if row["学号"] == "2024003"]
    assert [row["field"] for row in own] == ["name", "score", "speaking"]
    assert own[1] == {
        "学号": "2024003",
        "field": "score",
        "declared": "520",
        "extracted": "520",
        "agreement": "equal",
        "confidence": "0.988",
        "file": "uploads/2024003/证书.jpg",
        "page": "2",
        "left": "0.1000",
        "top": "0.0000",
        "right": "0.1235",
        "bottom": "1.0000",
    }
    assert {own[2][column] for column in ("confidence", "file", "page", "left")} == {""}


def test_columns_of_a_degree_batch_keep_their_order(make_outcome: MakeOutcome) -> None:
    compared = tuple(
        comparison(column, "甲", "乙", Agreement.DIFFERENT) for column in ("性别", "民族", "name")
    )
    outcome = make_outcome(make_row("1", Decision.REVIEW, comparisons=compared))
    rows = read(tables.FIELDS_COLUMNS, tables.fields_rows, outcome)
    assert [row["field"] for row in rows] == ["name", "性别", "民族"]


def test_findings_hold_every_severity_and_folders_without_application(
    mixed_outcome: BatchOutcome,
) -> None:
    rows = read(tables.FINDINGS_COLUMNS, tables.findings_rows, mixed_outcome)
    owners = [row["学号"] for row in rows]
    assert owners == sorted(owners)
    assert ("2024004b", "orphan-folder", "warn") in {
        (row["学号"], row["rule_id"], row["severity"]) for row in rows
    }
    assert [row["rule_id"] for row in rows if row["学号"] == "2024003"] == ["region"]
    number = rows[0]
    assert (number["field"], number["declared"], number["extracted"]) == (
        "certificate_number",
        "1234",
        "1235",
    )
    assert number["message"] == "成绩单编号：申报 1234，证书 1235"


def test_the_notice_says_the_same_as_the_results(
    mixed_outcome: BatchOutcome, results: dict[str, dict[str, str]]
) -> None:
    notice = read(tables.NOTICE_COLUMNS, tables.notice_rows, mixed_outcome)
    assert len(notice) == len(results)
    for row in notice:
        assert row == {column: results[row["学号"]][column] for column in tables.NOTICE_COLUMNS}


def test_timing_lists_stages_as_they_ran(mixed_outcome: BatchOutcome) -> None:
    content = tables.render_csv(tables.TIMING_COLUMNS, tables.timing_rows(mixed_outcome))
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[:3] == ["学号,stage,seconds", "2024001,read,1.235", "2024001,check,0.500"]


def test_a_csv_file_starts_with_a_bom_and_ends_lines_with_crlf() -> None:
    content = tables.render_csv(("学号", "姓名"), [('1"2', "甲,乙\n丙")])
    assert content == '\ufeff学号,姓名\r\n"1""2","甲,乙\n丙"\r\n'.encode()


def test_findings_without_a_sentence_add_nothing_to_the_opinion() -> None:
    row = make_row("1", Decision.REVIEW, findings=(finding("late", ""), finding("blank", " 甲！ ")))
    assert opinion_of(row) == "甲！"
