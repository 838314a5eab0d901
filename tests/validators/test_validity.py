"""Windows of validity: the four kinds, where their ends come from, and what is left to a person."""

import datetime

import pytest

from domain.assessment import Decision
from domain.certificates import FieldName
from domain.validity import ValidityPolicy, Window
from tests.validators.builders import (
    CET_DECLARED,
    CET_PRINTED,
    SHANGHAI,
    assess_paper,
    paper_of,
    policy_with,
    submission_of,
)
from validators.date_values import DateValue, Month
from validators.validity import Placing, Span, has_left, registration_of, window_of

DEADLINE = datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=SHANGHAI)
F = FieldName


def validity(window: str, years: int = 0) -> ValidityPolicy:
    return ValidityPolicy(window=Window(window), years=years, registration_month=3, study_months=30)


def span(window: str, cells: dict[str, str], years: int = 0) -> Span | None:
    application = submission_of(CET_DECLARED | cells, ()).application
    return window_of(application, validity(window, years), DEADLINE)


@pytest.mark.parametrize(
    ("window", "years", "cells", "first", "last"),
    [
        ("years-back", 4, {}, (2020, 3), (2024, 3)),
        ("years-back", 1, {"申请时间": "2023-12-31 10:00:00"}, (2022, 12), (2023, 12)),
        ("registration-to-application", 0, {"年级": "2022级"}, (2022, 3), (2024, 3)),
        ("registration-to-application", 0, {"年级": "2021秋"}, (2021, 9), (2024, 3)),
        ("registration-to-application", 0, {"本科入学年月": "202109", "年级": "2022级"},
         (2021, 9), (2024, 3)),
        ("in-registration", 0, {"年级": "2022级", "学籍状态": "在籍"}, (2022, 3), (2024, 3)),
        ("in-registration", 0, {"年级": "2020级", "学籍状态": "已毕业"}, (2020, 3), (2022, 9)),
        ("in-registration", 0,
         {"年级": "2020级", "学籍状态": "毕业", "本科毕业年月": "202301"}, (2020, 3), (2023, 1)),
        ("years-after-graduation", 2, {"年级": "2020级"}, (2020, 3), (2024, 9)),
        ("years-after-graduation", 0, {"年级": "2020级"}, (2020, 3), (2022, 9)),
    ],
)  # fmt: skip
def test_a_window_has_two_ends(
    window: str, years: int, cells: dict[str, str], first: Month, last: Month
) -> None:
    found = span(window, cells, years)
    assert found is not None
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    ("window", "cells"),
    [
        ("registration-to-application", {}),
        ("registration-to-application", {"年级": "22"}),
        ("in-registration", {"年级": "2022级", "学籍状态": "其他"}),
        ("in-registration", {"年级": "2022级"}),
        ("years-after-graduation", {"年级": "二年级"}),
    ],
)
def test_what_the_table_does_not_say_is_not_guessed(window: str, cells: dict[str, str]) -> None:
    assert span(window, cells) is None


@pytest.mark.parametrize(
    ("status", "left"),
    [("在籍", False), ("注册学籍", False), ("应届毕业", False), ("未毕业", False), ("已毕业", True),
     ("结业", True), ("退学", True), ("", None), ("其他", None)],
)  # fmt: skip
def test_words_for_the_state_of_studies(status: str, left: bool | None) -> None:
    assert has_left(submission_of(CET_DECLARED | {"学籍状态": status}, ()).application) is left


def test_the_month_of_registration_is_policy() -> None:
    application = submission_of(CET_DECLARED | {"年级": "２０２２ 级"}, ()).application
    assert registration_of(application, validity("in-registration")) == (2022, 3)


@pytest.mark.parametrize(
    ("date", "placing"),
    [
        (DateValue(year=2022, month=3), Placing.INSIDE),
        (DateValue(year=2022, month=2), Placing.OUTSIDE),
        (DateValue(year=2024, month=3, day=31), Placing.INSIDE),
        (DateValue(year=2024, month=4), Placing.OUTSIDE),
        (DateValue(year=2023), Placing.INSIDE),
        (DateValue(year=2022), Placing.OPEN),
        (DateValue(year=2022, half=2), Placing.INSIDE),
        (DateValue(year=2022, half=1), Placing.OPEN),
        (DateValue(year=2021), Placing.OUTSIDE),
    ],
)
def test_both_ends_count_and_a_coarse_date_may_be_open(date: DateValue, placing: Placing) -> None:
    assert Span(first=(2022, 3), last=(2024, 3)).place(date) is placing


def test_a_result_outside_the_window_is_a_matter_for_a_person_and_the_window_is_named() -> None:
    policy = policy_with('[validity]\nwindow = "years-back"\nyears = 2\n')
    result = assess_paper(paper_of(), policy=policy)
    assert result.decision is Decision.REVIEW
    assert result.reason_codes == ("outside-window",)
    opinion = next(f.opinion for f in result.findings if f.rule_id == "outside-window")
    assert "（2021年12月）" in opinion
    assert "2022年3月至2024年3月" in opinion


def test_as_shipped_no_window_is_checked() -> None:
    old = {"证书获取日期": "2006-06", "成绩单编号": "061111234567890"}
    printed = CET_PRINTED | {
        F.DATE: "2006年6月",
        F.CERTIFICATE_NUMBER: "061111234567890",
        F.ADMISSION_TICKET: "112340061100105",
        F.WRITING_TRANSLATION: "140",
        F.COMPREHENSIVE: "10",
    }
    result = assess_paper(paper_of(printed), CET_DECLARED | old)
    assert (result.decision, result.reason_codes) == (Decision.ACCEPT, ())


def test_a_certificate_that_the_school_does_not_recognise_is_never_accepted() -> None:
    policy = policy_with('[acceptance]\nrecognised = ["cet6"]\n')
    result = assess_paper(paper_of(), policy=policy)
    assert result.reason_codes == ("kind-not-recognised",)
    assert result.decision is Decision.REVIEW
