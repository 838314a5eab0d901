"""Workbooks: cell types, and what must never be opened."""

import datetime
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.intake import read_batch_folder
from extractors.intake.columns import LANGUAGE_APPLICATIONS
from extractors.intake.excel import read_excel
from tests.extractors.intake.builders import (
    language_row,
    make_folder,
    policy_of,
    write_workbook,
)

TABLE = "applications.xlsx"


@pytest.fixture
def folder(tmp_path):
    made = make_folder(tmp_path)
    (made / "applications.csv").unlink()
    write_workbook(made / TABLE, [language_row()])
    return made


def edit(folder, change):
    """Open the workbook, let `change` have its sheet, save it."""
    book = openpyxl.load_workbook(folder / TABLE)
    change(book.active)
    book.save(folder / TABLE)


def column_of(name):
    return list(LANGUAGE_APPLICATIONS.required).index(name) + 1


def put(folder, name, value, row=2, number_format=None):
    def change(sheet):
        cell = sheet.cell(row, column_of(name), value)
        if number_format:
            cell.number_format = number_format

    edit(folder, change)


def rewrite(folder, parts):
    """Replace or add parts of the workbook's archive."""
    data = (folder / TABLE).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(folder / TABLE, "w", 8) as new:
        for name in [*old.namelist(), *parts]:
            if name not in parts:
                new.writestr(name, old.read(name))
            elif name not in new.namelist():
                content = parts[name]
                new.writestr(name, content(old.read(name)) if callable(content) else content)


def only_application(folder):
    (submission,) = read_batch_folder(folder, policy_of).submissions
    return submission.application


def test_workbook_gives_the_same_application_as_csv(tmp_path, folder):
    plain = make_folder(tmp_path / "csv")
    assert only_application(folder) == only_application(plain)


def test_any_order_and_decorated_headers(tmp_path, folder):
    row = dict(reversed(language_row().items()))
    write_workbook(folder / TABLE, [{f"* {header}": cell for header, cell in row.items()}])
    assert only_application(folder) == only_application(make_folder(tmp_path / "csv"))


@settings(max_examples=25, deadline=None)
@given(
    columns=st.permutations(LANGUAGE_APPLICATIONS.required),
    values=st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"], exclude_characters="eE"),
            max_size=12,
        ),
        min_size=16,
        max_size=16,
    ),
)
def test_header_order_and_workbook_never_change_the_applications(tmp_path_factory, columns, values):
    row = dict(zip(LANGUAGE_APPLICATIONS.required, values, strict=True))
    row |= {"学号": "2022001", "身份证号": "-", "成绩单编号": "-"}
    plain = make_folder(tmp_path_factory.mktemp("plain") / "batch", row)
    other = make_folder(tmp_path_factory.mktemp("other") / "batch")
    (other / "applications.csv").unlink()
    book = openpyxl.Workbook()
    for place, column in enumerate(columns, start=1):
        book.active.cell(1, place, column)
        cell = book.active.cell(2, place, row[column])
        cell.data_type = "s"  # or text such as =1 would be saved as a formula
    book.save(other / TABLE)
    assert only_application(other) == only_application(plain)


@pytest.mark.parametrize(
    ("value", "text"),
    [(452, "452"), (452.0, "452"), (710.5, "710.5"), (0.1 + 0.2, "0.3"), (1e20, "1" + "0" * 20)],
)
def test_numeric_score_becomes_plain_text(folder, value, text):
    put(folder, "考试成绩", value)
    assert only_application(folder).get("考试成绩") == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (datetime.date(2021, 12, 18), "yyyy-mm-dd", "2021-12-18"),
        (datetime.date(2021, 12, 1), 'yyyy"年"m"月"', "2021-12"),
        (datetime.date(2021, 12, 8), 'yyyy"年"m"月"d"日"', "2021-12-08"),
        (datetime.datetime(2021, 12, 8, 9, 30), "yyyy-mm-dd hh:mm", "2021-12-08 09:30:00"),
        (202112, "General", "202112"),
        (True, "General", "TRUE"),
    ],
)
def test_date_cells_become_iso_dates(folder, value, number_format, text):
    put(folder, "证书获取日期", value, number_format=number_format)
    assert only_application(folder).get("证书获取日期") == text


@pytest.mark.parametrize("column", ["学号", "身份证号", "成绩单编号"])
@pytest.mark.parametrize("value", [20220, 990101199001010015, datetime.date(2022, 1, 1)])
def test_identifier_stored_as_number_is_a_fault(folder, faults_of, column, value):
    put(folder, column, value)
    assert faults_of(folder) == [("number-cell", TABLE, 2, column)]


def test_identifier_in_scientific_text_is_a_fault(folder, faults_of):
    put(folder, "身份证号", "9.90101E+17")
    assert faults_of(folder) == [("number-cell", TABLE, 2, "身份证号")]


def test_formula_merge_and_error_cells_are_faults_by_place(folder, faults_of):
    def change(sheet):
        sheet.append(list(language_row("2022002").values()))
        sheet.cell(2, column_of("考试成绩"), "=400+52")
        sheet.cell(3, column_of("专业"), "#N/A")
        sheet.cell(4, 1, "2022003")
        sheet.merge_cells("B3:B4")
        sheet.merge_cells("AZ90:BA91")  # beside and below the table: no harm

    edit(folder, change)
    assert faults_of(folder) == [
        ("formula-cell", TABLE, 2, "考试成绩"),
        ("merged-cell", TABLE, 3, "姓名"),
        ("error-cell", TABLE, 3, "专业"),
    ]


def test_several_bad_rows_are_all_named(folder, faults_of):
    write_workbook(
        folder / TABLE,
        [language_row(), language_row(), language_row("", 身份证号=990101199001010015)],
    )
    assert sorted(faults_of(folder)) == [
        ("duplicate-student-number", TABLE, 3, "学号"),
        ("empty-student-number", TABLE, 4, "学号"),
        ("number-cell", TABLE, 4, "身份证号"),
    ]


def test_missing_column_of_a_workbook(folder, faults_of):
    row = language_row()
    del row["语种"]
    write_workbook(folder / TABLE, [row])
    assert faults_of(folder) == [("missing-column", TABLE, 1, "语种")]


def test_table_is_found_on_another_sheet_but_never_chosen_between_two(folder, faults_of):
    expected = only_application(folder)
    book = openpyxl.load_workbook(folder / TABLE)
    book.create_sheet("说明", 0)["A1"] = "填表说明"
    book.save(folder / TABLE)
    assert only_application(folder) == expected
    book.copy_worksheet(book.worksheets[1])
    book.save(folder / TABLE)
    assert faults_of(folder) == [("several-sheets", TABLE, None, "")]


def test_a_million_blank_rows_are_ignored(folder):
    blank = b"".join(b'<row r="%d" ht="15"/>' % number for number in range(3, 1_000_003))
    sheet = "xl/worksheets/sheet1.xml"
    rewrite(folder, {sheet: lambda xml: xml.replace(b"</sheetData>", blank + b"</sheetData>")})
    assert only_application(folder).row_number == 2


def test_lying_dimension_hides_no_rows(folder):
    edit(folder, lambda sheet: sheet.append(list(language_row("2022002").values())))
    sheet = "xl/worksheets/sheet1.xml"
    rewrite(folder, {sheet: lambda xml: xml.replace(b'ref="A1:P3"', b'ref="A1:A1"')})
    assert len(read_batch_folder(folder, policy_of).submissions) == 2


def test_content_below_the_limit_is_too_many_rows(folder, faults_of):
    put(folder, "学号", "2022009", row=1_000_000)
    assert faults_of(folder) == [("too-many-rows", TABLE, None, "")]


@pytest.mark.parametrize("number", [b"2000000000", b"2", b"-1", b"x"])
def test_impossible_row_numbers_are_refused(folder, faults_of, number):
    row = b'<row r="' + number + b'"><c t="str"><v>1</v></c></row></sheetData>'
    rewrite(folder, {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"</sheetData>", row)})
    assert faults_of(folder) == [("broken-workbook", TABLE, None, "")]


def test_zip_bomb_is_refused_by_its_declared_size(folder, faults_of):
    rewrite(folder, {"xl/media/image1.bin": b"\0" * (51 << 20)})
    assert (folder / TABLE).stat().st_size < 1 << 20
    assert faults_of(folder) == [("zip-bomb", TABLE, None, "")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("xl/externalLinks/externalLink1.xml", b"<externalLink/>", "external-link"),
        ("xl/connections.xml", b"<connections/>", "external-link"),
        ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", "macro"),
        ("docProps/extra.xml", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document-type"),
        (
            "xl/any.bin",
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode(
                "utf-16"
            ),
            "document-type",
        ),
        (
            "xl/_rels/x.rels",
            b'<R><Relationship Type="a/image" TargetMode="External" Target="http://x"/></R>',
            "external-link",
        ),
        ("xl/odd.xml", b"<open>", "broken-workbook"),
    ],
)
def test_dangerous_part_refuses_the_workbook(folder, faults_of, name, content, code):
    rewrite(folder, {name: content})
    assert faults_of(folder) == [(code, TABLE, None, "")]


def test_entity_in_the_shared_strings_is_refused(folder, faults_of):
    bomb = b'<!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
    rewrite(folder, {"xl/sharedStrings.xml": bomb})
    assert faults_of(folder) == [("document-type", TABLE, None, "")]


def test_hyperlink_that_excel_made_of_an_address_is_harmless(folder):
    edit(folder, lambda sheet: setattr(sheet["B2"], "hyperlink", "mailto:a@example.com"))
    assert only_application(folder).student_number == "2022001"


@pytest.mark.parametrize(
    "data",
    [b"", b"not a workbook", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99],
)
def test_what_is_no_workbook_is_refused(folder, faults_of, data):
    (folder / TABLE).write_bytes(data)
    assert faults_of(folder) == [("broken-workbook", TABLE, None, "")]


def test_damaged_workbook_is_refused_wherever_it_is_cut(folder):
    data = (folder / TABLE).read_bytes()
    for size in range(0, len(data), 211):
        damaged = data[:size] + bytes([data[size] ^ 0x55]) + data[size + 1 :]
        for candidate in (data[:size], damaged):
            grid = read_excel(TABLE, candidate, (LANGUAGE_APPLICATIONS,))
            assert grid.faults or list(grid.frame["学号"]) == ["2022001"]
