"""审核意见: what the applicant is told of the declaration, of the paper, and of what to do."""

import pytest

from domain.assessment import Assessment
from domain.certificates import FieldName
from domain.reading import PriorUse
from tests.validators.builders import CET_DECLARED, CET_PRINTED, OTHER_ID, assess_paper, paper_of
from validators.opinions import join_opinions

F = FieldName
STRANGERS = {F.NAME: "赵一凡", F.ID_NUMBER: OTHER_ID}


def told(printed: dict[FieldName, str], cells: dict[str, str] | None = None, **rest: object) -> str:
    paper = paper_of(CET_PRINTED | printed)
    result: Assessment = assess_paper(paper, CET_DECLARED | (cells or {}), **rest)  # type: ignore[arg-type]
    return join_opinions(result.findings)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"成绩单编号": "212111234567891"},
         "您申报的成绩单编号（212111234567891）与证书所印的编号（212111234567890）不一致，请核对后更正。"),
        ({"考试成绩": "488"}, "您申报的考试成绩（488）与证书所示（482）不一致，请核对后更正。"),
        ({"证书获取日期": "2021-11"},
         "您申报的证书获取日期（2021-11）与证书所示（2021年12月）不一致，请核对后更正。"),
    ],
)  # fmt: skip
def test_on_their_own_paper_both_sides_are_shown(cells: dict[str, str], said: str) -> None:
    assert told({}, cells) == said


PRINTED_OF_A_STRANGER = STRANGERS | {
    F.CERTIFICATE_NUMBER: "212112468013579",
    F.SCORE: "611",
    F.LISTENING: "206",
    F.READING: "207",
    F.WRITING_TRANSLATION: "198",
    F.DATE: "2019年6月",
    F.ADMISSION_TICKET: "112460191100105",
}


def test_of_a_strangers_paper_nothing_is_shown() -> None:
    opinion = told(PRINTED_OF_A_STRANGER)
    assert "请核对后上传本人证书" in opinion
    for printed in PRINTED_OF_A_STRANGER.values():
        assert printed not in opinion


@pytest.mark.parametrize("foreign", [F.NAME, F.ID_NUMBER])
def test_a_paper_that_is_theirs_only_in_part_shows_no_number(foreign: FieldName) -> None:
    opinion = told({foreign: STRANGERS[foreign], F.CERTIFICATE_NUMBER: "212112468013579"})
    assert "与证书所印的编号不一致" in opinion
    assert "212112468013579" not in opinion


def test_a_paper_without_an_id_number_shows_no_number() -> None:
    printed = {field: text for field, text in CET_PRINTED.items() if field is not F.ID_NUMBER}
    paper = paper_of(printed | {F.CERTIFICATE_NUMBER: "212112468013579"})
    assert "212112468013579" not in join_opinions(assess_paper(paper).findings)


def test_a_number_that_somebody_else_uses_is_not_shown() -> None:
    use = PriorUse(kind="number", batch_id="2023", student_number="20219999", same_person=False)
    opinion = told({F.CERTIFICATE_NUMBER: "212112468013579"}, prior_uses=(use,))
    assert "212112468013579" not in opinion
    assert "20219999" not in opinion


def test_a_doubt_about_the_paper_names_the_doubt_and_the_next_step() -> None:
    assert told({F.SCORE: "483"}, {"考试成绩": "483"}) == (
        "您成绩单所印的总分（483）不等于各分项成绩之和，"
        "请确认上传的是本人证书的原件，并等待工作人员核实。"
    )


def test_each_reason_is_said_once() -> None:
    opinion = told({F.LISTENING: "250", F.READING: "250"}, {"手机号": "1"})
    assert opinion.count("听力成绩") == 1
    assert opinion.count("阅读成绩") == 1
