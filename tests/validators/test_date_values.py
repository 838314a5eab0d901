"""Dates as people declare them and papers print them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.date_values import DateValue, add_months, parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-12", (2021, 12, None)),
        ("2021年12月", (2021, 12, None)),
        ("202112", (2021, 12, None)),
        ("2021-12-18", (2021, 12, 18)),
        ("2021/12/8", (2021, 12, 8)),
        ("2021年12月18日", (2021, 12, 18)),
        ("2021.12", (2021, 12, None)),
        ("2021 年 6 月", (2021, 6, None)),
        ("２０２１年１２月", (2021, 12, None)),
        ("二〇二一年十二月", (2021, 12, None)),
        ("二○二一年六月十八日", (2021, 6, 18)),
        ("二零二三年十月二十九日", (2023, 10, 29)),
        ("二〇二三年六月三十日", (2023, 6, 30)),
        ("Dec. 2021", (2021, 12, None)),
        ("December 2021", (2021, 12, None)),
        ("June 18, 2023", (2023, 6, 18)),
        ("18 June 2023", (2023, 6, 18)),
        ("Sept. 2019", (2019, 9, None)),
        ("20211218", (2021, 12, 18)),
        ("2021年", (2021, None, None)),
    ],
)
def test_forms_of_dates(text: str, expected: tuple[int, int | None, int | None]) -> None:
    year, month, day = expected
    assert parse_date(text) == DateValue(year=year, month=month, day=day)


@pytest.mark.parametrize(("text", "half"), [("2021年上半年", 1), ("2021年下半年", 2)])
def test_half_years(text: str, half: int) -> None:
    assert parse_date(text) == DateValue(year=2021, half=half)


@pytest.mark.parametrize(
    "text",
    ["", "2023-02-30", "2021-13", "2021-00", "2021年0月", "45000", "民国110年12月", "110年12月",
     "12月", "2021-12-18-", "20211", "2021-12/18", "0021-12", "2021年十十月", "2021-1２-"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 12, 31)))
def test_every_form_of_a_day_reads_the_same(day: datetime.date) -> None:
    forms = (
        f"{day.year}-{day.month:02d}-{day.day:02d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}{day.month:02d}{day.day:02d}",
    )
    assert {parse_date(form) for form in forms} == {
        DateValue(year=day.year, month=day.month, day=day.day)
    }


@given(st.text(max_size=20))
def test_no_text_breaks_the_parser(text: str) -> None:
    date = parse_date(text)
    assert date is None or 1950 <= date.year <= 2100


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert add_months((2021, 12), 3) == (2022, 3)
    assert add_months((2021, 6), 3) == (2021, 9)
