"""What of a labelled folder is measured, and told right or wrong by the truth alone."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bench.reading import LabelledFolder, Outcomes, PolicyPair
from benchmarks.bench.truth import Truth, read_truth
from benchmarks.calibration.gathering import Gathered, gather
from domain.calibration import FieldGroup, Mode
from domain.certificates import CertificateFamily, CertificateType, FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.reading import ReadOutcome
from tests.benchmarks.bench.judged_items import truth
from tests.validators.builders import (
    CET_DECLARED,
    POLICY,
    batch_of,
    fault_of,
    outcome_of,
    paper_of,
    submission_of,
    upload_of,
    value_of,
)
from validators.certainty import Standing

F = FieldName
NUMBER = CET_DECLARED["学号"]
A, B = "a" * 64, "b" * 64
PRINTED = {"certificate_number": "212111234567890", "score": "482", "name": "王晓东"}


def gather_from(*items: tuple[Truth, tuple[ReadOutcome, ...]]) -> Gathered:
    outcomes = Outcomes()
    submissions = []
    for given, answers in items:
        uploads = tuple(upload_of(answer.file_digest) for answer in answers)
        # What is declared must not matter: here it is nothing like the paper.
        declared = {**CET_DECLARED, "学号": given.student_number, "考试成绩": "1", "姓名": "某某"}
        submissions.append(submission_of(declared, uploads))
        for answer in answers:
            outcomes.keep(PolicyPair(POLICY.reading, POLICY.intake), answer)
    folder = LabelledFolder(
        path=Path("labelled"),
        batch=batch_of(),
        submissions=tuple(submissions),
        truths={given.student_number: given for given, _ in items},
        policy=POLICY,
    )
    return gather([folder], outcomes)


def gather_one(*values: ExtractedValue, fields: dict[str, str] = PRINTED, **more: Any) -> Gathered:
    answer = outcome_of((paper_of(values),))
    given = dataclasses.replace(truth(NUMBER, fields=fields), **more)
    return gather_from((given, (answer,)))


def paper_with(digest: str, kind: CertificateType = CertificateType.CET4) -> Extraction:
    return paper_of((value_of(F.SCORE, "482", digest),), kind, digest=digest)


@pytest.mark.parametrize(
    ("value", "mode", "is_wrong"),
    [
        (value_of(F.SCORE, "482", second="482.0"), Mode.AGREED, False),
        (value_of(F.SCORE, "462", second="462"), Mode.AGREED, True),
        (value_of(F.SCORE, "４８２", second=""), Mode.ALONE, False),
        (value_of(F.SCORE, "432"), Mode.ALONE, True),
        (value_of(F.NAME, "王晓 东", second="王晓乐"), Mode.ALONE, False),
        (value_of(F.CERTIFICATE_NUMBER, "21211 12345 67890"), Mode.ALONE, False),
    ],
)
def test_a_reading_is_told_right_or_wrong_by_its_fields_own_normalization(
    value: ExtractedValue, mode: Mode, is_wrong: bool
) -> None:
    (reading,) = gather_one(value).readings
    assert (reading.mode, reading.is_wrong) == (mode, is_wrong)
    assert (reading.group, reading.family) == (FieldGroup.of(value.field), CertificateFamily.CET)
    assert (reading.confidence, reading.paper) == (value.confidence, A)


def test_every_value_of_a_field_is_held_against_the_truth() -> None:
    found = gather_one(value_of(F.SCORE, "482"), value_of(F.SCORE, "150"))
    assert [reading.is_wrong for reading in found.readings] == [False, True]


def test_of_a_date_the_month_counts_as_in_the_cross_check() -> None:
    fields = {"date": "2021年12月18日", "issue_date": "2022-02"}
    found = gather_one(
        value_of(F.DATE, "2021年12月"),
        value_of(F.DATE, "2021年11月18日"),
        value_of(F.ISSUE_DATE, "2022年2月1日"),
        fields=fields,
    )
    assert [reading.is_wrong for reading in found.readings] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [("00015", False), ("英语(二)", False), ("00015 英语（二）", False), ("英语(三)", True)],
)
def test_a_course_is_known_by_its_code_or_title(text: str, is_wrong: bool) -> None:
    fields = {"course": "英语（二）", "course_code": "00015"}
    (reading,) = gather_one(value_of(F.COURSE, text), fields=fields).readings
    assert (reading.group, reading.is_wrong) == (FieldGroup.COURSE, is_wrong)


def test_the_grade_may_stand_in_the_truth_as_status() -> None:
    found = gather_one(value_of(F.GRADE, "良好"), fields={"status": "合格"})
    assert [(r.group, r.is_wrong) for r in found.readings] == [(FieldGroup.GRADE, True)]


def test_what_no_threshold_can_open_is_counted_apart() -> None:
    found = gather_one(
        value_of(F.SCORE, "482", second="432"),
        value_of(F.NAME, " "),
        value_of(F.SCORE, "482", confidence=0.3),
    )
    assert [reading.confidence for reading in found.readings] == [0.3]
    assert found.unusable == {
        (FieldGroup.SCORE, Standing.CONTRADICTED): 1,
        (FieldGroup.NAME, Standing.SHAPELESS): 1,
    }


def test_what_the_truth_does_not_name_is_left_out_and_counted() -> None:
    found = gather_one(
        value_of(F.DATE, "2021年12月"), value_of(F.SCORE, "482"), value_of(F.NOTE, "x")
    )
    assert [reading.group for reading in found.readings] == [FieldGroup.SCORE]
    assert found.left_out == {"readings of a date that the truth does not name": 1}


@pytest.mark.parametrize(
    ("field", "text", "group"),
    [
        (F.LISTENING, "160", FieldGroup.SCORE),
        (F.ADMISSION_TICKET, "990011212104208", FieldGroup.NUMBER),
    ],
)
def test_what_is_read_twice_only_sometimes_counts_only_where_it_was(
    field: F, text: str, group: FieldGroup
) -> None:
    """Alone, it would open the field for values on which the second reader gave no answer."""
    fields = {field.value: text}
    once = gather_one(value_of(field, text), fields=fields)
    assert once.readings == ()
    assert once.left_out == {"readings of parts and tickets without a second reader": 1}
    twice = gather_one(value_of(field, text, second=text), fields=fields)
    assert [(r.group, r.mode) for r in twice.readings] == [(group, Mode.AGREED)]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"held_back": True}, "applications with a held-back layout"),
        ({"kind": "edited-image"}, "applications with a forged picture"),
        ({"kind": "伪造"}, "applications with a forged picture"),
    ],
)
def test_what_is_for_testing_or_forged_is_not_looked_at(more: dict[str, Any], reason: str) -> None:
    found = gather_one(value_of(F.SCORE, "482"), layout="x", **more)
    assert (found.readings, found.papers, found.layouts) == ((), {0: ()}, ())
    assert found.left_out == {reason: 1}


def test_an_altered_declaration_does_not_make_the_paper_unfit() -> None:
    found = gather_one(
        value_of(F.SCORE, "482"), kind="score-digit", expected=frozenset({"review"}), layout="x"
    )
    assert [reading.is_wrong for reading in found.readings] == [False]
    assert (found.papers, found.layouts) == ({0: (A,)}, ("x",))


def test_a_file_is_measured_once() -> None:
    answer = outcome_of((paper_with(A),))
    found = gather_from(
        (truth("1", fields=PRINTED), (answer,)), (truth("2", fields=PRINTED), (answer,))
    )
    assert len(found.readings) == 1
    assert found.papers == {0: (A,)}
    assert found.left_out == {"applications with a file that was measured before": 1}


def test_where_nobody_knows_which_paper_the_truth_describes_none_is_measured() -> None:
    two = (outcome_of((paper_with(A),)), outcome_of((paper_with(B),), B))
    cover = outcome_of((paper_with(B, CertificateType.UNKNOWN),), B)
    for answers, reason in (
        (two, "applications with several papers"),
        ((fault_of("damaged"),), "applications without a readable file"),
        ((cover,), "applications with no paper of an accepted kind"),
    ):
        found = gather_from((truth("1", fields=PRINTED), answers))
        assert (found.readings, found.left_out) == ((), {reason: 1})
    assert len(gather_from((truth("1", fields=PRINTED), (two[0], cover))).readings) == 1


def test_a_truth_that_names_few_fields_is_enough(tmp_path: Path) -> None:
    """As an export of what people decided would be: values that somebody compared, no layout."""
    (tmp_path / "truth.jsonl").write_text(
        '{"学号": "1", "certificate_type": "cet4", "condition": "", "kind": "decided",'
        ' "expected": ["accept"], "fields": {"score": "482"}}\n'.replace('""', '"unknown"'),
        encoding="utf-8",
    )
    given = read_truth(tmp_path, ["1"])["1"]
    values = (value_of(F.SCORE, "482"), value_of(F.NAME, "王晓东"))
    found = gather_from((given, (outcome_of((paper_of(values),)),)))
    assert [reading.group for reading in found.readings] == [FieldGroup.SCORE]
    assert found.layouts == ()
