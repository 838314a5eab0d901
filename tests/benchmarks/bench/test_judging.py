"""The machine's answers, judged without any engine: readings are put in their place."""

from pathlib import Path

import pytest

from benchmarks.bench.judging import Judged, compare_fields, judge
from benchmarks.bench.prior_uses import PriorUses, normalize_number, trace
from benchmarks.bench.reading import LabelledFolder, Outcomes, PolicyPair
from benchmarks.bench.truth import Truth
from domain.application import Submission
from domain.assessment import Decision
from domain.certificates import CertificateType, FieldName
from domain.reading import ReadOutcome
from flows.stages import _declared, _printed
from store import open_store
from store.identity import normalize_number as normalize_in_store
from store.readings import PrintedNumber
from tests.benchmarks.bench.judged_items import truth
from tests.store.builders import make_batch, make_input
from tests.validators.builders import (
    CET_DECLARED,
    CET_PRINTED,
    OTHER_ID,
    POLICY,
    batch_of,
    outcome_of,
    paper_of,
    submission_of,
    upload_of,
)

NUMBER = CET_DECLARED["学号"]
REVIEW = ("review",)
PAIR = PolicyPair(POLICY.reading, POLICY.intake)


class Silence:
    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...


def folder_of(*items: tuple[Submission, Truth]) -> LabelledFolder:
    return LabelledFolder(
        path=Path("labelled"),
        batch=batch_of(),
        submissions=tuple(submission for submission, _ in items),
        truths={given.student_number: given for _, given in items},
        policy=POLICY,
    )


def outcomes_of(*answers: ReadOutcome) -> Outcomes:
    outcomes = Outcomes()
    for answer in answers:
        outcomes.keep(PAIR, answer)
    return outcomes


def judge_one(given: Truth, printed: dict[FieldName, str] = CET_PRINTED) -> Judged:
    submission = submission_of(CET_DECLARED, (upload_of(),))
    outcomes = outcomes_of(outcome_of((paper_of(printed),)))
    (item,) = judge([folder_of((submission, given))], outcomes, Silence())
    return item


def test_an_honest_application_passes_straight_through() -> None:
    fields = {"score": "482", "date": "2021 年12月", "level": "四级", "school": "示范大学"}
    item = judge_one(truth(NUMBER, fields=fields))
    assert (item.decision, item.cause, item.type_right) == (Decision.ACCEPT, None, True)
    assert [(r.field.value, r.exact) for r in item.fields] == [("date", True), ("score", True)]


@pytest.mark.parametrize(
    ("kind", "score", "cause"),
    [
        ("one-digit-off-score", "462", "misread"),
        ("edited-image", "482", "forged"),
        ("late", "482", "rules"),
    ],
)
def test_a_false_accept_says_where_it_comes_from(kind: str, score: str, cause: str) -> None:
    given = truth(NUMBER, expected=("review",), kind=kind, fields={"score": score})
    item = judge_one(given)
    assert (item.decision, item.cause) == (Decision.ACCEPT, cause)


def test_without_a_reading_nothing_is_accepted() -> None:
    submission = submission_of(CET_DECLARED, (upload_of(),))
    (item,) = judge([folder_of((submission, truth(NUMBER)))], Outcomes(), Silence())
    assert item.decision is Decision.REVIEW
    assert (item.fields, item.type_right) == ((), None)


def test_the_same_file_in_two_folders_is_found() -> None:
    mine = submission_of(CET_DECLARED, (upload_of(),))
    other = submission_of(CET_DECLARED | {"身份证号": OTHER_ID}, (upload_of(),))
    folders = [folder_of((submission, truth(NUMBER))) for submission in (mine, other)]
    items = judge(folders, outcomes_of(outcome_of((paper_of(),))), Silence())
    assert [item.decision for item in items] == [Decision.REVIEW] * 2
    assert "duplicate-file" in items[0].reason_codes


def shared_file(*declared: dict[str, str]) -> list[Submission]:
    return [submission_of(CET_DECLARED | cells, (upload_of(),)) for cells in declared]


def test_twins_are_no_use_of_each_other() -> None:
    honest, flagged, other_flagged = shared_file(
        {},
        {"学号": "2", "身份证号": OTHER_ID},
        {"学号": "3", "成绩单编号": "211113199000002"},
    )
    folder = folder_of(
        (honest, truth(NUMBER)),
        (flagged, truth("2", expected=REVIEW, kind="twin-id-number", twin_of=NUMBER)),
        (other_flagged, truth("3", expected=REVIEW, kind="twin-number", twin_of=NUMBER)),
    )
    items = judge([folder], outcomes_of(outcome_of((paper_of(),))), Silence())
    decisions = {item.truth.student_number: item.decision for item in items}
    assert decisions == {
        NUMBER: Decision.ACCEPT,
        "2": Decision.REVIEW,
        "3": Decision.REVIEW,
    }
    assert not {code for item in items for code in item.reason_codes if "duplicate" in code}


def test_somebody_elses_copy_still_counts_against_both_twins() -> None:
    honest, flagged, copied = shared_file(
        {},
        {"学号": "2", "成绩单编号": "211113199000002"},
        {"学号": "3", "身份证号": OTHER_ID},
    )
    folder = folder_of(
        (honest, truth(NUMBER)),
        (flagged, truth("2", expected=REVIEW, twin_of=NUMBER)),
        (copied, truth("3", expected=REVIEW, kind="stolen")),
    )
    items = judge([folder], outcomes_of(outcome_of((paper_of(),))), Silence())
    assert all("duplicate-file" in item.reason_codes for item in items)


def test_two_items_that_are_both_to_be_flagged_are_no_versions_of_one_application() -> None:
    one, other = shared_file({}, {"学号": "2", "身份证号": OTHER_ID})
    folder = folder_of(
        (one, truth(NUMBER, expected=REVIEW, twin_of="2")),
        (other, truth("2", expected=REVIEW, twin_of=NUMBER)),
    )
    items = judge([folder], outcomes_of(outcome_of((paper_of(),))), Silence())
    assert all("duplicate-file" in item.reason_codes for item in items)


def test_uses_are_those_that_the_store_finds(tmp_path: Path) -> None:
    """Two batches: a shared file, a shared number, one's own file again, and a number that is only
    declared beside a paper on which none can be read.
    """
    declared = [
        CET_DECLARED | {"学号": number, "身份证号": identity}
        for number, identity in (("1", "x-1"), ("2", "x-2"), ("3", "X1"), ("4", ""), ("5", "x-5"))
    ]
    declared[4]["成绩单编号"] = "991-2"
    digests = (("a" * 64,), ("a" * 64, "b" * 64), ("a" * 64,), ("c" * 64,), ("d" * 64,))
    papers = {
        "a" * 64: paper_of(digest="a" * 64),
        "b" * 64: paper_of(
            {FieldName.ADMISSION_TICKET: "99 12"}, CertificateType.ZIKAO_ENGLISH2, digest="b" * 64
        ),
        "c" * 64: paper_of(
            {FieldName.ADMISSION_TICKET: "9912"}, CertificateType.ZIKAO_ENGLISH2, digest="c" * 64
        ),
        "d" * 64: paper_of({FieldName.NAME: "王晓东"}, digest="d" * 64),
    }
    batches = [
        make_batch("spring"),
        make_batch("spring"),
        *[make_batch("autumn")] * 3,
    ]
    submissions = [
        submission_of(cells, tuple(upload_of(d, path=f"uploads/{d[0]}.jpg") for d in own))
        for cells, own in zip(declared, digests, strict=True)
    ]
    answers = {digest: outcome_of((paper,), digest) for digest, paper in papers.items()}
    traces = []
    for position, (batch, submission, own) in enumerate(
        zip(batches, submissions, digests, strict=True)
    ):
        key = (min(position // 2, 1), submission.student_number)
        traces.append(trace(key, batch.id, submission, [answers[d] for d in own]))
    found = PriorUses(traces)
    seen = {trace.key: found.of(trace.key) for trace in traces}
    with open_store(tmp_path) as store:
        for batch_id, positions in (("spring", (0, 1)), ("autumn", (2, 3, 4))):
            given = [submissions[position] for position in positions]
            store.batches.register(make_input(*given, batch=make_batch(batch_id)))
            ids = store.batches.application_ids(batch_id)
            printed: dict[int, list[PrintedNumber]] = {}
            for item in store.batches.load(ids):
                position = submissions.index(item.submission)
                numbers = [n for d in digests[position] for n in _printed(answers[d])]
                printed[item.id] = numbers or list(_declared(item))
            store.readings.keep_numbers(printed)
        for position, submission in enumerate(submissions):
            expected = store.prior_uses.of(batches[position].id, submission.student_number)
            mine = seen[min(position // 2, 1), submission.student_number]
            assert set(mine) == set(expected), submission.student_number
    assert {use.kind for uses in seen.values() for use in uses} == {"file", "number"}
    assert {use.same_person for uses in seen.values() for use in uses} == {True, False}


@pytest.mark.parametrize("number", ["99-12 x", "９９１２", "ＴＥＭ４·01"])
def test_numbers_are_joined_as_in_the_store(number: str) -> None:
    assert normalize_number(number) == normalize_in_store(number)


def test_the_grade_is_the_status_that_a_paper_prints() -> None:
    paper = paper_of({FieldName.GRADE: "良好"})
    rows = compare_fields({"status": "良 好", "score": "482", "name": " "}, paper)
    assert [(row.field.value, row.found, row.exact, row.edits) for row in rows] == [
        ("score", False, False, 3),
        ("status", True, True, 0),
    ]
