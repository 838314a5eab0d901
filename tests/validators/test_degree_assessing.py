"""What becomes of a whole degree application, and what its applicant is told."""

import itertools
import unicodedata

import pytest

from domain.application import FileKind
from domain.assessment import Decision
from domain.degree import ConditionName
from domain.finding import Severity
from tests.validators.degree_builders import (
    COURSES,
    DECLARED,
    FILES,
    NUMBER,
    PHOTO,
    THESIS,
    THESIS_FILE,
    assess_application,
    course,
    file_of,
    language_of,
    read_file,
)
from validators.rules import collect


def test_a_sound_application_is_accepted_with_its_conditions_and_files() -> None:
    assessment = assess_application()
    assert assessment.decision is Decision.ACCEPT
    assert assessment.reason_codes == ()
    degree = assessment.degree
    assert degree is not None
    assert degree.eligible
    assert degree.condition(ConditionName.AVERAGE).value == "80.00"
    assert (degree.thesis_file, degree.photo_file, degree.form_file) == (THESIS, PHOTO, "")
    fields = [comparison.field for comparison in assessment.comparisons]
    assert "证件号码" in fields
    assert "cet4" not in assessment.certificate_type.value


def test_who_does_not_meet_a_condition_is_left_to_a_person_and_told_which() -> None:
    low = (course("法理学", "66", core="是"), *COURSES[1:])
    assessment = assess_application(courses=low)
    assert assessment.decision is Decision.REVIEW
    (finding,) = [f for f in assessment.findings if f.severity.objects]
    assert (
        finding.opinion
        == "您的学位主干课最低成绩为66，低于70分，未达到学位申请条件，请联系学习中心了解详情。"
    )


def test_data_that_only_the_applicant_can_correct_goes_back_with_the_field_and_how() -> None:
    assessment = assess_application({"本科入学年月": "2021年3月", "微信账号": ""})
    assert assessment.decision is Decision.RETURN
    told = {f.field: f.opinion for f in assessment.findings if f.severity is Severity.BLOCK}
    assert told == {
        "本科入学年月": ("您填写的本科入学年月（2021年3月）格式有误，请填写六位数字，如202203。"),
        "微信账号": "您未填写微信账号，请补填。",
    }


def test_as_soon_as_something_else_objects_a_person_decides_about_all_of_it() -> None:
    assessment = assess_application({"微信账号": "", "学位外语成绩": "不合格"})
    assert assessment.decision is Decision.REVIEW
    assert set(assessment.reason_codes) == {"degree-field-empty", "language-failed"}


def test_a_withdrawn_application_is_left_alone() -> None:
    assessment = assess_application({"申请状态": "撤销", "微信账号": ""})
    assert assessment.decision is Decision.WITHDRAWN
    assert assessment.findings == ()


def test_a_late_application_is_left_to_a_person() -> None:
    assessment = assess_application({"申请时间": "2024-04-01 00:00:00"})
    assert (assessment.decision, assessment.reason_codes) == (Decision.REVIEW, ("late",))


def test_the_newest_sealed_language_result_counts_where_the_column_is_empty() -> None:
    open_one, passed, failed = (
        language_of(None, sealed=False),
        language_of(True),
        language_of(False),
    )
    accepted = assess_application({"学位外语成绩": ""}, language=(open_one, passed, failed))
    assert accepted.decision is Decision.ACCEPT
    assert accepted.certificate_type.value == "cet4"
    refused = assess_application({"学位外语成绩": ""}, language=(failed, passed))
    assert refused.reason_codes == ("language-failed",)


def test_a_column_that_contradicts_the_store_is_left_to_a_person() -> None:
    for column, passed in itertools.product(("合格", "不合格"), (True, False)):
        assessment = assess_application({"学位外语成绩": column}, language=(language_of(passed),))
        disagrees = "language-disagrees" in assessment.reason_codes
        assert disagrees is ((column == "合格") is not passed)
        assert (assessment.decision is Decision.ACCEPT) is (column == "合格" and passed)


def test_a_thesis_that_was_not_read_is_never_accepted() -> None:
    unread = assess_application(files=((THESIS_FILE, None), FILES[1]))
    assert unread.decision is Decision.REVIEW
    assert "degree-file-failed" in unread.reason_codes


def test_a_word_document_counts_as_a_thesis() -> None:
    name = THESIS_FILE.path.rpartition("/")[2].replace(".pdf", ".docx")
    word = file_of(THESIS, name, FileKind.DOCX)
    texts = ("王晓东", DECLARED["论文题目"])
    assert assess_application(files=((word, read_file(THESIS, texts)), FILES[1])).decision is (
        Decision.ACCEPT
    )


def test_rules_on_papers_keep_silent_in_degree_batches() -> None:
    ids = {rule.id for rule in collect() if rule.id in ("no-upload", "unknown-certificate")}
    assert ids
    found = {finding.rule_id for finding in assess_application(files=FILES[:1]).findings}
    assert not ids & found


_LONG_TITLE = "高等学历继续教育质量保障体系的实证研究与改进路径" * 8


@pytest.mark.parametrize(
    ("title", "name", "fits"),
    [
        ("论A/B：研究", f"{NUMBER}+王晓东+论A_B：研究.pdf", True),
        ("论A/B：研究", f"{NUMBER}＋王晓东＋论Ａ B_研究.PDF", True),
        ("论é研究", unicodedata.normalize("NFD", f"{NUMBER}+王晓东+论é研究.pdf"), True),
        ("论研究", f"{NUMBER}+王晓东+论研究.docx.pdf", True),
        ("论研究", f"{NUMBER}+王晓东+论研究.pdf.pdf", True),
        ("论研究", f"{NUMBER}+王晓冬+论研究.pdf", False),
        ("论研究", f"王晓东+{NUMBER}+论研究.pdf", False),
        ("论研究", f"{NUMBER}+王晓东+论研究（终稿）.pdf", False),
        (_LONG_TITLE, f"{NUMBER}+王晓东+{_LONG_TITLE[:60]}.pdf", True),
        (_LONG_TITLE, f"{NUMBER}+王晓东+{_LONG_TITLE[:10]}.pdf", False),
        (_LONG_TITLE, f"{NUMBER}+王晓东+{_LONG_TITLE[:59]}乙.pdf", False),
        ("论研究方法", f"{NUMBER}+王晓东+论研究.pdf", False),
    ],
)
def test_a_thesis_is_named_after_folding_what_names_cannot_hold(
    title: str, name: str, fits: bool
) -> None:
    read = read_file(THESIS, ("王晓东", title))
    assessment = assess_application(
        {"论文题目": title}, files=((file_of(THESIS, name), read), FILES[1])
    )
    assert ("thesis-name" not in assessment.reason_codes) is fits
