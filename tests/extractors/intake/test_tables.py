"""CSV tables: encodings, headers, rows, and faults by file, row and column."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.intake import grid, read_batch_folder
from extractors.intake.columns import COURSES, LANGUAGE_APPLICATIONS
from extractors.intake.csv_table import read_csv
from extractors.intake.tables import read_applications
from tests.extractors.intake.builders import (
    DEGREE_TOML,
    course_row,
    csv_text,
    degree_row,
    language_row,
    make_folder,
    policy_of,
    write_workbook,
)

TABLE = "applications.csv"


def only_application(folder):
    (submission,) = read_batch_folder(folder, policy_of).submissions
    return submission.application


def write_table(folder, text, encoding="utf-8"):
    (folder / TABLE).write_bytes(text.encode(encoding))


def test_application_carries_cells_in_contract_order_with_digest(tmp_path):
    row = dict(
        reversed(language_row(姓名="　张 三\t", 考试成绩=" 452 ", 申请状态="已申请").items())
    )
    application = only_application(make_folder(tmp_path, row))
    headers = [header for header, _ in application.columns]
    assert headers == [*LANGUAGE_APPLICATIONS.required, "申请状态"]
    assert (application.name, application.get("考试成绩")) == ("张 三", "452")
    assert (application.row_number, application.has("申请时间")) == (2, False)
    canonical = json.dumps(application.columns, ensure_ascii=False, separators=(",", ":"))
    assert application.digest == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_give_the_same_application(tmp_path, encoding):
    row = language_row(姓名="𠮷田·䶮")
    expected = only_application(make_folder(tmp_path / "a", row))
    other = make_folder(tmp_path / "b", row)
    write_table(other, csv_text([row]), encoding)
    assert only_application(other) == expected
    assert expected.name == "𠮷田·䶮"


def test_words_that_parsers_take_for_missing_stay_text(tmp_path):
    row = language_row(姓名="NA", 层次="null", 专业="None", 年级="007", 学习中心="", 科目="1e3")
    application = only_application(make_folder(tmp_path, row))
    assert [
        application.get(name) for name in ("姓名", "层次", "专业", "年级", "学习中心", "科目")
    ] == [*("NA", "null", "None", "007", "", "1e3")]


def test_active_content_and_line_breaks_stay_text(tmp_path):
    row = language_row(姓名="=HYPERLINK(1)", 专业='a,"b"\r\nc', 年级="\x1b[31m<script>")
    application = only_application(make_folder(tmp_path, row))
    assert application.name == "=HYPERLINK(1)"
    assert application.get("专业") == 'a,"b"\r\nc'
    assert application.get("年级") == "\x1b[31m<script>"


@pytest.mark.parametrize(
    "header",
    [
        "*学号",
        "＊ 学 号",
        "【学号】",
        "（学号）",
        "学号（必填）",
        "学号\u3000*",
        "\u00a0学号\u200b",
        "学号[文本]",
    ],
)
def test_decorated_header_is_found(tmp_path, header):
    folder = make_folder(tmp_path)
    write_table(folder, csv_text([language_row()]).replace("学号", header, 1))
    assert only_application(folder).student_number == "2022001"


def test_bracketed_word_that_makes_another_header_is_that_header(tmp_path):
    folder = make_folder(tmp_path, degree_row(姓名拼音="ZHANG SAN", 姓名="张三"), toml=DEGREE_TOML)
    text = csv_text([degree_row(姓名拼音="ZHANG SAN", 姓名="张三")])
    write_table(folder, text.replace("姓名拼音", "姓名（拼音）").replace("QQ账号", "ｑｑ账号"))
    (folder / "courses.csv").write_bytes(csv_text([course_row()]).encode())
    application = only_application(folder)
    assert (application.name, application.get("姓名拼音")) == ("张三", "ZHANG SAN")


def test_unknown_columns_are_kept_out_and_named(tmp_path):
    plain = only_application(make_folder(tmp_path / "a"))
    extra = make_folder(tmp_path / "b", language_row(备注="x") | {"姓名（曾用名）": "y"})
    batch = read_batch_folder(extra, policy_of)
    assert batch.ignored_columns == ((TABLE, "备注"), (TABLE, "姓名（曾用名）"))
    assert batch.submissions[0].application == plain


def test_missing_columns_are_each_a_fault(tmp_path, faults_of):
    row = language_row()
    del row["考试成绩"], row["学号"]
    assert faults_of(make_folder(tmp_path, row)) == [
        ("missing-column", TABLE, 1, "学号"),
        ("missing-column", TABLE, 1, "考试成绩"),
    ]


def test_table_without_header_or_content_misses_every_column(tmp_path, faults_of):
    folder = make_folder(tmp_path)
    headers = list(LANGUAGE_APPLICATIONS.required)
    for text in ("", "\n", csv_text([language_row()]).split("\n", 1)[1]):
        write_table(folder, text)
        assert [fault[3] for fault in faults_of(folder)] == headers


def test_duplicate_header_is_a_fault(tmp_path, faults_of):
    folder = make_folder(tmp_path, language_row() | {"* 姓名": "李四"})
    assert faults_of(folder) == [("duplicate-column", TABLE, 1, "姓名")]


def test_header_alone_is_a_fault(tmp_path, faults_of):
    folder = make_folder(tmp_path)
    write_table(folder, csv_text([language_row()]).split("\n", 1)[0] + "\n")
    assert faults_of(folder) == [("no-rows", TABLE, None, "")]


def test_every_bad_row_is_named(tmp_path, faults_of):
    folder = make_folder(
        tmp_path,
        language_row("2022001"),
        language_row("2022002", 申请状态="已提交"),
        language_row("2022001", 申请状态="撤销"),
        language_row(""),
        language_row("../x"),
        language_row("２０２２"),
        language_row("2022003", 身份证号="9.90101E+17", 成绩单编号="2.12E+14"),
        language_row("2.022E+10"),
    )
    assert sorted(faults_of(folder), key=lambda fault: (fault[2], fault[3])) == [
        ("unknown-status", TABLE, 3, "申请状态"),
        ("duplicate-student-number", TABLE, 4, "学号"),
        ("empty-student-number", TABLE, 5, "学号"),
        ("unsafe-student-number", TABLE, 6, "学号"),
        ("unsafe-student-number", TABLE, 7, "学号"),
        ("number-cell", TABLE, 8, "成绩单编号"),
        ("number-cell", TABLE, 8, "身份证号"),
        ("number-cell", TABLE, 9, "学号"),
    ]


@pytest.mark.parametrize("number", ["2022-A_1.b", "a", "1" * 32])
def test_student_number_that_can_name_a_folder_is_valid(tmp_path, number):
    assert only_application(make_folder(tmp_path, language_row(number))).student_number == number


@pytest.mark.parametrize("number", [".", "..", "-1", "a/b", "a\\b", "1" * 33, "a.", "学号", "a b"])
def test_student_number_that_cannot_name_a_folder_is_a_fault(tmp_path, faults_of, number):
    folder = make_folder(tmp_path, language_row(number))
    assert faults_of(folder) == [("unsafe-student-number", TABLE, 2, "学号")]


def test_certificate_number_with_a_letter_e_is_no_number(tmp_path):
    application = only_application(make_folder(tmp_path, language_row(成绩单编号="12E3456")))
    assert application.get("成绩单编号") == "12E3456"


@pytest.mark.parametrize("status", ["", "已申请", "待审核", "未申请", "撤销", "已撤销", " 撤销　"])
def test_known_status_is_valid(tmp_path, status):
    application = only_application(make_folder(tmp_path, language_row(申请状态=status)))
    assert application.get("申请状态") == status.strip()


def test_ragged_rows_are_faults_by_row_in_the_file(tmp_path, faults_of):
    folder = make_folder(tmp_path)
    header, row = csv_text([language_row()]).splitlines()
    short, long = row.rsplit(",", 1)[0], row + ",y"
    padded = row.replace("2022001", "2022009") + ",,"
    write_table(folder, "\r\n".join([header, short, "", padded, long]))
    ragged = [fault for fault in faults_of(folder) if fault[0] == "ragged-row"]
    assert ragged == [("ragged-row", TABLE, 2, ""), ("ragged-row", TABLE, 5, "")]


def test_blank_rows_keep_the_row_numbers(tmp_path):
    folder = make_folder(tmp_path)
    header, row = csv_text([language_row()]).splitlines()
    blank = "," * header.count(",")
    write_table(folder, "\n".join([header, "", blank, row, blank, "", ""]))
    assert only_application(folder).row_number == 4


def test_a_million_blank_rows_are_ignored(tmp_path):
    folder = make_folder(tmp_path)
    write_table(folder, csv_text([language_row()]) + ",,\n" * 1_000_000)
    assert only_application(folder).row_number == 2


def test_rows_of_very_many_empty_cells_do_no_harm(tmp_path):
    folder = make_folder(tmp_path)
    write_table(folder, csv_text([language_row()]).rstrip() + "," * 100_000)
    assert only_application(folder).get("成绩状态") == "合格"


def test_too_many_rows_are_refused(tmp_path, faults_of, monkeypatch):
    monkeypatch.setattr("extractors.intake.csv_table.MAX_ROWS", 2)
    folder = make_folder(tmp_path, *(language_row(f"202200{i}") for i in range(3)))
    assert faults_of(folder) == [("too-many-rows", TABLE, None, "")]


def test_too_big_a_table_is_refused_unread(tmp_path, faults_of):
    folder = make_folder(tmp_path)
    with (folder / TABLE).open("r+b") as stream:
        stream.truncate(grid.MAX_FILE_BYTES + 1)
    assert faults_of(folder) == [("too-big", TABLE, None, "")]


def test_open_quote_and_nul_are_faults(tmp_path, faults_of):
    folder = make_folder(tmp_path)
    header, row = csv_text([language_row()]).splitlines()
    write_table(folder, "\n".join([header, row, '"' + row]))
    assert faults_of(folder) == [("broken-csv", TABLE, 3, "")]
    write_table(folder, "\n".join([header, row.replace("452", "4\0")]))
    assert ("control-character", TABLE, 2, "") in faults_of(folder)


def test_wrong_separator_is_named_first(tmp_path, faults_of):
    folder = make_folder(tmp_path)
    write_table(folder, csv_text([language_row()]).replace(",", ";"))
    assert faults_of(folder)[0] == ("wrong-separator", TABLE, None, "")


def test_undecodable_byte_is_named_by_row():
    data = csv_text([language_row(), language_row("2022002")]).encode()
    at = data.rindex(b"452")
    (fault,) = read_csv(TABLE, data[:at] + b"\xff" + data[at:], (LANGUAGE_APPLICATIONS,)).faults
    assert (fault.code, fault.row) == ("undecodable", 3)
    assert f"第 {at + 1} 个字节" in fault.message
    assert "UTF-8" in fault.message_en


def test_damaged_gb18030_is_named_as_such():
    data = csv_text([language_row()]).encode("gb18030")
    (fault,) = read_csv(TABLE, data + b"\xff", (LANGUAGE_APPLICATIONS,)).faults
    assert (fault.code, fault.row) == ("undecodable", 3)
    assert "GB18030" in fault.message


def test_two_tables_or_none_are_faults(tmp_path, faults_of):
    folder = make_folder(tmp_path)
    write_workbook(folder / "applications.xlsx", [language_row()])
    assert faults_of(folder) == [("two-tables", TABLE, None, "")]
    (folder / TABLE).unlink()
    (folder / "applications.xlsx").unlink()
    assert faults_of(folder) == [("no-table", TABLE, None, "")]


def test_linked_table_is_not_opened(tmp_path, faults_of):
    folder = make_folder(tmp_path / "batch")
    (folder / TABLE).rename(tmp_path / "real.csv")
    (folder / TABLE).symlink_to(tmp_path / "real.csv")
    assert faults_of(folder) == [("not-regular", TABLE, None, "")]


def test_kind_that_is_unknown_does_not_hide_or_invent_table_faults(tmp_path, faults_of):
    toml = DEGREE_TOML.replace('"degree"', '"degre"')
    folder = make_folder(tmp_path, degree_row(""), toml=toml)
    assert faults_of(folder) == [
        ("bad-kind", "batch.toml", 4, "kind"),
        ("empty-student-number", TABLE, 2, "学号"),
    ]


def test_degree_batch_reads_its_courses(tmp_path):
    folder = make_folder(tmp_path, degree_row(), toml=DEGREE_TOML)
    rows = [course_row(修读方式="重修"), course_row(成绩="优秀"), course_row("2099999")]
    (folder / "courses.csv").write_bytes(csv_text(rows).encode("gb18030"))
    courses = read_batch_folder(folder, policy_of).courses
    assert [course.student_number for course in courses] == ["2022001", "2022001", "2099999"]
    assert [course.row_number for course in courses] == [2, 3, 4]
    assert [header for header, _ in courses[0].columns] == [*COURSES.required, "修读方式"]
    assert dict(courses[1].columns)["成绩"] == "优秀"
    assert len({course.digest for course in courses}) == 3


def test_degree_batch_needs_sound_courses(tmp_path, faults_of):
    folder = make_folder(tmp_path, degree_row(), toml=DEGREE_TOML)
    assert faults_of(folder) == [("no-table", "courses.csv", None, "")]
    rows = [course_row(""), course_row("2.022E+10")]
    (folder / "courses.csv").write_bytes(csv_text(rows).encode())
    assert sorted(faults_of(folder)) == [
        ("empty-student-number", "courses.csv", 2, "学号"),
        ("number-cell", "courses.csv", 3, "学号"),
    ]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).filter(
    lambda cell: "E" not in cell and "e" not in cell
)


@settings(max_examples=40, deadline=None)
@given(
    columns=st.permutations([*LANGUAGE_APPLICATIONS.required, "证书类别"]),
    values=st.lists(cells, min_size=17, max_size=17),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    star=st.sampled_from(["", "*", "＊ ", "\u3000"]),
)
def test_header_order_and_encoding_never_change_the_applications(
    tmp_path_factory, columns, values, encoding, star
):
    folder = tmp_path_factory.mktemp("tables")
    row = dict(zip([*LANGUAGE_APPLICATIONS.required, "证书类别"], values, strict=True))
    row["学号"] = "2022001"
    row["身份证号"] = row["成绩单编号"] = "-"
    write_table(folder, csv_text([row]))
    expected, _, faults = read_applications(folder, None)
    assert not faults
    shuffled = {star + column: row[column] for column in columns}
    write_table(folder, csv_text([shuffled]), encoding)
    found, _, faults = read_applications(folder, None)
    assert (found, faults) == (expected, [])
    assert dict(found[0].columns) == {header: cell.strip() for header, cell in row.items()}
