"""The public list: who passed, and never a number of a person, wherever it was typed."""

import csv
import datetime
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment import Decision
from domain.faults import ConfigurationFault
from domain.outcome import BatchOutcome, SealMark
from domain.policy import parse_policy
from reports.outcome import renderers, write_outcome
from reports.public_list import WITHHELD, is_private
from tests.reports.conftest import CHINA, MakeOutcome, make_row

SEAL = SealMark(account="chen", at=datetime.datetime(2024, 4, 20, 9, tzinfo=CHINA))
ID_NUMBER, PHONE, BORN = "990101199003070019", "13912345678", "1990-03-07"
PRIVATE = (
    ("身份证号", ID_NUMBER),
    ("手机号", PHONE),
    ("出生日期", BORN),
    ("电子邮箱", "wang.li@example.org"),
    ("QQ账号", "88123456"),
)
DEFAULT = Path("institutions/default.toml").read_text(encoding="utf-8")


def listed(outcome: BatchOutcome) -> list[list[str]]:
    text = renderers(outcome)["public-list.csv"]().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_only_those_who_passed_are_published_with_the_least_there_is(
    make_outcome: MakeOutcome,
) -> None:
    columns = (("层次", "专升本"), ("专业", "法学"), *PRIVATE)
    outcome = make_outcome(
        make_row("2024002", status="审核通过", columns=columns),
        make_row("2024001", status="审核通过", name="李强", columns=columns),
        make_row("2024003", Decision.REVIEW, status="审核不通过", columns=columns),
        make_row("2024004", Decision.RETURN, columns=columns),
        seal=SEAL,
    )
    assert listed(outcome) == [
        ["学号", "姓名", "层次", "专业", "结果"],
        ["2024001", "李强", "专升本", "法学", "合格"],
        ["2024002", "张明远", "专升本", "法学", "合格"],
    ]


def test_before_the_seal_nothing_is_published_and_a_foreign_list_goes(
    make_outcome: MakeOutcome, tmp_path: Path
) -> None:
    row = make_row("1", status="审核通过")
    write_outcome(tmp_path, make_outcome(row, seal=SEAL))
    path = tmp_path / "2024-language" / "public-list.csv"
    assert path.exists()
    open_outcome = make_outcome(row)
    assert "public-list.csv" not in renderers(open_outcome)
    write_outcome(tmp_path, open_outcome)
    assert not path.exists()


SMUGGLED = [
    ID_NUMBER,
    ID_NUMBER.lower(),
    "９９０１０１１９９００３０７００１９",
    "990101 19900307 0019",
    "990101-1990-0307-0019",
    f"王{PHONE}",
    "139 1234 5678",
    "139-1234-5678",
    "一三九一二三四五六七八",
    "+86 13912345678",
    "13700001111",  # somebody else's
    "110105194912310021",
    "110105491231002",  # the older form
    "1990年3月7日生",
    "1990/3/7",
    "90.03.07",
    "生于19900307",
    "wang.li@example.org",
    "other@example.org",
    "QQ 88123456",
    "021-5555 6666",
]


@pytest.mark.parametrize("text", SMUGGLED)
@pytest.mark.parametrize("place", ["姓名", "层次", "专业"])
def test_a_number_in_another_column_is_left_out(
    make_outcome: MakeOutcome, place: str, text: str
) -> None:
    given_columns = [("层次", "专升本"), ("专业", "法学"), *PRIVATE]
    name = text if place == "姓名" else "王丽"
    columns = tuple((key, text if key == place else value) for key, value in given_columns)
    row = make_row("2024001", status="审核通过", name=name, columns=columns)
    head, line = listed(make_outcome(row, seal=SEAL))
    assert line[head.index(place)] == WITHHELD
    assert line[0] == "2024001"
    assert line[-1] == "合格"


@pytest.mark.parametrize(
    "number", [ID_NUMBER, PHONE, "20229003071", "22199003070019", f"S{ID_NUMBER}", "13700001111"]
)
def test_a_student_number_that_is_a_number_of_the_person_is_left_out(
    make_outcome: MakeOutcome, number: str
) -> None:
    row = make_row(number, status="审核通过", columns=PRIVATE)
    outcome = make_outcome(row, seal=SEAL)
    assert listed(outcome)[1][0] == WITHHELD


@pytest.mark.parametrize("number", ["2022030112345", "202203010001", "20210901001", "B2022-0001"])
def test_usual_student_numbers_are_published(make_outcome: MakeOutcome, number: str) -> None:
    row = make_row(number, status="审核通过", columns=PRIVATE)
    assert listed(make_outcome(row, seal=SEAL))[1][0] == number


@given(
    st.text("王李张·欧阳AB第一教学点 ", max_size=6),
    st.sampled_from([ID_NUMBER, PHONE, "19900307"]),
    st.text("-_ ./·\u200b\u3000", max_size=2),
    st.text("王李 x", max_size=4),
)
def test_no_way_of_spacing_a_number_gets_it_through(
    before: str, number: str, between: str, after: str
) -> None:
    row = make_row("1", columns=PRIVATE)
    text = before + between.join(number) + after
    assert is_private(text, row.submission.application, is_number=False)


@pytest.mark.parametrize(
    "text", ["张明远", "买买提江·阿布都", "法学（120203K）", "2022级", "第12教学点"]
)
def test_usual_words_are_not_left_out(text: str) -> None:
    row = make_row("1", columns=PRIVATE)
    assert not is_private(text, row.submission.application, is_number=False)


def test_the_columns_are_policy_and_no_other_can_be_chosen(make_outcome: MakeOutcome) -> None:
    policy = parse_policy(DEFAULT, '[publication]\ncolumns = ["name", "centre"]\n', "west")
    row = make_row("1", status="审核通过", columns=(("学习中心", "第一中心"), *PRIVATE))
    assert listed(make_outcome(row, seal=SEAL, policy=policy)) == [
        ["姓名", "学习中心", "结果"],
        ["张明远", "第一中心", "合格"],
    ]
    for columns in ('["id-number"]', '["phone"]', '["birth-date"]', "[]", '["name", "name"]'):
        with pytest.raises(ConfigurationFault, match="publication"):
            parse_policy(DEFAULT, f"[publication]\ncolumns = {columns}\n", "west")


def test_the_report_counts_what_was_left_out(make_outcome: MakeOutcome) -> None:
    row = make_row(ID_NUMBER, status="审核通过", name=PHONE, columns=PRIVATE)
    page = renderers(make_outcome(row, seal=SEAL))["report.html"]().decode()
    assert (
        "公示名单中不公开的单元格</td>\n" in page
        or "公示名单中不公开的单元格</td><td>2</td>" in page
    )
