"""Rules that look at lines of the page which extraction does not read."""

import pytest

from domain.assessment import Assessment
from domain.certificates import CertificateType, PaperForm
from tests.validators.builders import (
    CET_DECLARED,
    CET_PRINTED,
    ETIC_DECLARED,
    ETIC_REPORT,
    ZIKAO_DECLARED,
    ZIKAO_PRINTED,
    assess_paper,
    outcome_of,
    paper_of,
)

C = CertificateType


def seen_on_etic(*lines: str, kind: CertificateType = C.ETIC_INTERMEDIATE) -> set[str]:
    paper = paper_of(ETIC_REPORT, kind)
    return ids(assess_paper(paper, ETIC_DECLARED, outcome=outcome_of((paper,), texts=lines)))


def seen_on_cet(*lines: str) -> set[str]:
    paper = paper_of(CET_PRINTED)
    return ids(assess_paper(paper, CET_DECLARED, outcome=outcome_of((paper,), texts=lines)))


def seen_on_zikao(*lines: str) -> set[str]:
    paper = paper_of(ZIKAO_PRINTED, C.ZIKAO_ENGLISH2, form=PaperForm.CERTIFICATE)
    return ids(assess_paper(paper, ZIKAO_DECLARED, outcome=outcome_of((paper,), texts=lines)))


def ids(result: Assessment) -> set[str]:
    return {finding.rule_id for finding in result.findings}


@pytest.mark.parametrize(
    ("line", "contradicts"),
    [
        ("考试级别：高级", True),
        ("级别 Level: 高翻笔译", True),
        ("等级：中级", False),
        ("考试级别：国才中级", False),
        ("成绩等级：优秀", False),
        ("等级 Grade：", False),
        ("达到高级水平的考生", False),
    ],
)
def test_a_level_behind_its_label_must_be_the_titles(line: str, contradicts: bool) -> None:
    assert ("level-contradicts-title" in seen_on_etic(line)) is contradicts


@pytest.mark.parametrize(
    ("line", "contradicts"),
    [("考试级别：六级", True), ("考试级别：CET-6", True), ("级别：四级", False),
     ("考试级别：大学英语四级", False), ("口试等级：A+", False), ("等级：C", False)],
)  # fmt: skip
def test_the_same_on_college_english(line: str, contradicts: bool) -> None:
    assert ("level-contradicts-title" in seen_on_cet(line)) is contradicts


@pytest.mark.parametrize(
    ("lines", "kind", "wrong"),
    [
        (("英译汉", "汉译英", "总分"), C.ETIC_INTERMEDIATE, True),
        (("英译汉  汉译英  总分 Total",), C.ETIC_ADVANCED, True),
        (("口头沟通", "书面沟通", "总分"), C.ETIC_INTERMEDIATE, False),
        (("口头沟通", "书面沟通", "总分"), C.ETIC_INTERPRETING, True),
        (("英译汉", "汉译英"), C.ETIC_INTERPRETING, False),
        (("高翻考试考查英译汉和汉译英的能力",), C.ETIC_INTERMEDIATE, False),
    ],
)
def test_columns_must_be_those_of_the_level(
    lines: tuple[str, ...], kind: CertificateType, wrong: bool
) -> None:
    assert ("etic-columns" in seen_on_etic(*lines, kind=kind)) is wrong


def test_one_conclusion_must_follow_from_the_score_and_several_may_be_of_other_courses() -> None:
    assert "zikao-status" in seen_on_zikao("考试结论:不合格")
    assert "zikao-status" not in seen_on_zikao("考试结论:不合格", "考试结论:合格")
    assert "zikao-status" not in seen_on_zikao("结论", "不合格")
