import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from reports.cells import MAX_CELL_CHARACTERS, csv_cell, display_cell, text_width
from reports.tables import render_csv

LIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
any_text = st.one_of(
    st.text(),
    st.builds(lambda start, rest: start + rest, st.sampled_from(LIVE), st.text()),
    st.from_regex(r"[-+]?[0-9]+(\.[0-9]+)?", fullmatch=True),
)
printable = any_text.filter(lambda text: csv_cell(text) in (text, "'" + text))


def is_harmless(cell: str) -> bool:
    if not cell.startswith(LIVE):
        return True
    if cell in ("-", "--"):
        return True
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii() and set(cell) <= set("0123456789.+-")


@given(any_text)
def test_no_cell_starts_live(text: str) -> None:
    assert is_harmless(csv_cell(text))
    assert is_harmless(display_cell(text))


@given(st.lists(st.lists(printable, min_size=2, max_size=2).map(tuple), max_size=4))
def test_text_round_trips_through_csv_but_for_one_apostrophe(
    rows: list[tuple[str, str]],
) -> None:
    content = render_csv(("一", "二"), rows)
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    assert len(read) == len(rows)
    for before, after in zip(rows, read, strict=True):
        for cell, found in zip(before, after, strict=True):
            assert found == cell or (found == "'" + cell and cell.startswith(LIVE))


@given(any_text)
def test_a_shown_cell_is_one_line_without_control_characters(text: str) -> None:
    shown = display_cell(text)
    assert shown.splitlines() in ([shown], [])
    assert shown.isprintable() or not any(ord(character) < 0x20 for character in shown)


def test_formula_like_text_gets_exactly_one_apostrophe() -> None:
    for text in ("=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "－5"):
        assert csv_cell(text) == "'" + text


def test_dashes_and_plain_numbers_stay_as_they_are() -> None:
    for text in ("-", "--", "-5", "+5", "-12.50", "425", "0012", "", "张三"):
        assert csv_cell(text) == text


def test_almost_numbers_are_not_plain_numbers() -> None:
    for text in ("-1e5", "-", "-５", "-5\n", "+1 234", "---"):
        assert csv_cell(text) == (text if text == "-" else "'" + text)


def test_terminal_sequences_and_broken_characters_become_visible() -> None:
    assert csv_cell("红\x1b[31m") == "红␛[31m"
    assert csv_cell("\x00=1") == "␀=1"
    assert csv_cell("a\udc80\uffff") == "a\ufffd⟨U+FFFF⟩"
    assert csv_cell("甲\r\n乙") == "甲\r\n乙"


def test_a_shown_cell_marks_line_breaks_and_direction_overrides() -> None:
    assert display_cell("甲\r\n乙") == "甲␍␊乙"
    assert display_cell("a\u202egpj.exe") == "a⟨U+202E⟩gpj.exe"


def test_too_long_text_is_cut_visibly() -> None:
    shown = display_cell("长" * 40_000)
    assert len(shown) == MAX_CELL_CHARACTERS
    assert shown.endswith("…（已截断）")


def test_chinese_characters_count_two_columns() -> None:
    assert text_width("学号 ab\n1") == 7
