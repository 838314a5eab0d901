"""The machine's decision on whole applications."""

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.application import BatchKind
from domain.assessment import Assessment, Decision
from domain.calibration import Mode
from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from domain.extraction import Extraction
from domain.finding import Finding, Severity
from tests.validators.builders import (
    CALIBRATION,
    CET_DECLARED,
    CET_PRINTED,
    ENGINE,
    ETIC_DECLARED,
    ETIC_REPORT,
    OTHER_ID,
    POLICY,
    TEM_DECLARED,
    TEM_PRINTED,
    TODAY,
    ZIKAO_DECLARED,
    ZIKAO_PRINTED,
    assess_files,
    assess_paper,
    batch_of,
    fault_of,
    outcome_of,
    paper_of,
    policy_with,
    submission_of,
    upload_of,
    value_of,
)
from tests.validators.examples import EXAMPLES
from validators.assessing import observe
from validators.case import open_case
from validators.comparing import COLUMNS
from validators.deciding import decide
from validators.opinions import join_opinions
from validators.rule import Rule
from validators.rules import collect
from validators.selecting import select_paper

F, C = FieldName, CertificateType
A, B = "a" * 64, "b" * 64
_NO_NUMBER = frozenset({F.CERTIFICATE_NUMBER})
HONEST = {
    "cet": (paper_of(), CET_DECLARED, "212111234567890", "482"),
    "tem": (
        paper_of(TEM_PRINTED, C.TEM4, form=PaperForm.CERTIFICATE, never=frozenset({F.ID_NUMBER})),
        TEM_DECLARED,
        "TEM4230012345",
        "良好",
    ),
    "etic": (
        paper_of(ETIC_REPORT, C.ETIC_INTERMEDIATE, never=_NO_NUMBER),
        ETIC_DECLARED,
        "",
        "112",
    ),
    "zikao": (
        paper_of(ZIKAO_PRINTED, C.ZIKAO_ENGLISH2, form=PaperForm.CERTIFICATE),
        ZIKAO_DECLARED,
        "320123456789",
        "71",
    ),
}  # fmt: skip
REQUIRED = [
    *(("cet", f) for f in (F.NAME, F.ID_NUMBER, F.CERTIFICATE_NUMBER, F.SCORE, F.DATE)),
    ("cet", F.LISTENING),
    *(("tem", f) for f in (F.NAME, F.CERTIFICATE_NUMBER, F.GRADE, F.DATE)),
    *(("etic", f) for f in (F.NAME, F.ID_NUMBER, F.SCORE, F.GRADE, F.DATE, F.COMPONENT_A)),
    *(("zikao", f) for f in (F.NAME, F.ADMISSION_TICKET, F.COURSE, F.SCORE, F.DATE)),
]  # fmt: skip


@pytest.mark.parametrize("family", HONEST)
def test_an_honest_application_is_accepted(family: str) -> None:
    paper, declared, number, score = HONEST[family]
    result = assess_paper(paper, declared)
    assert (result.decision, result.reason_codes) == (Decision.ACCEPT, ())
    assert (result.accepted_number, result.accepted_score) == (number, score)
    assert result.used_documents == (paper.file_digest,)
    assert result.certificate_type is paper.classification.certificate_type


@pytest.mark.parametrize(("family", "field"), REQUIRED)
def test_without_a_required_value_nothing_is_accepted(family: str, field: FieldName) -> None:
    paper, declared, _, _ = HONEST[family]
    values = tuple(value for value in paper.values if value.field is not field)
    result = assess_paper(dataclasses.replace(paper, values=values), declared)
    assert result.decision is Decision.REVIEW
    assert result.reason_codes
    assert (result.accepted_number, result.accepted_score) == ("", "")


@pytest.mark.parametrize(("family", "field"), REQUIRED)
def test_a_required_value_that_is_blank_is_missing(family: str, field: FieldName) -> None:
    paper, declared, _, _ = HONEST[family]
    values = tuple(
        value_of(field, " ") if value.field is field else value for value in paper.values
    )
    result = assess_paper(dataclasses.replace(paper, values=values), declared)
    assert result.decision is Decision.REVIEW


@pytest.mark.parametrize("family", HONEST)
@pytest.mark.parametrize("column", [c for f, c in COLUMNS.items() if f is not F.LEVEL])
def test_without_a_declared_value_nothing_is_accepted(family: str, column: str) -> None:
    paper, declared, _, _ = HONEST[family]
    assert assess_paper(paper, declared | {column: ""}).decision is Decision.REVIEW


@given(st.sampled_from(["成绩单编号", "考试成绩", "身份证号"]), st.data())
@settings(max_examples=60)
def test_a_changed_digit_is_never_accepted(column: str, data: st.DataObject) -> None:
    text = CET_DECLARED[column]
    place = data.draw(st.integers(0, len(text) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[place]]))
    changed = text[:place] + digit + text[place + 1 :]
    result = assess_paper(paper_of(), CET_DECLARED | {column: changed})
    assert result.decision is Decision.REVIEW


@given(st.integers(2000, 2024), st.integers(1, 12))
@settings(max_examples=80)
def test_only_the_sittings_own_and_release_months_are_accepted(year: int, month: int) -> None:
    declared = CET_DECLARED | {"证书获取日期": f"{year}-{month:02d}"}
    right = (year, month) in {(2021, 12), (2022, 2), (2022, 3)}
    accepted = assess_paper(paper_of(), declared).decision is Decision.ACCEPT
    assert accepted is right


@given(st.floats(0, 1), st.sampled_from([F.NAME, F.CERTIFICATE_NUMBER, F.SCORE, F.DATE]))
@settings(max_examples=40)
def test_less_confidence_never_helps(confidence: float, field: FieldName) -> None:
    values = tuple(
        dataclasses.replace(v, confidence=confidence) if v.field is field else v
        for v in paper_of().values
    )
    result = assess_paper(paper_of(values))
    needed = CALIBRATION.confidence_needed(field, Mode.ALONE, CertificateFamily.CET, 0.005)
    assert needed is not None
    sure = confidence >= needed
    assert (result.decision is Decision.ACCEPT) is sure


@given(st.sampled_from(collect()))
def test_an_objection_more_is_never_accepted(rule: Rule) -> None:
    submission = submission_of(CET_DECLARED, (upload_of(),))
    outcomes = {A: outcome_of((paper_of(),))}
    case = select_paper(open_case(submission, outcomes, (), batch_of(), POLICY, TODAY))
    findings = observe(case)
    assert decide(case, findings) is Decision.ACCEPT
    more = Finding(rule_id=rule.id, severity=rule.severity, message="x")
    expected = Decision.REVIEW if rule.severity.objects else Decision.ACCEPT
    assert decide(case, (*findings, more)) is expected


@pytest.mark.parametrize(
    ("rule_id", "severity"), [("haunted", Severity.NOTE), ("name-differs", Severity.NOTE)]
)
def test_findings_of_unknown_rule_or_altered_severity_go_to_a_person(
    rule_id: str, severity: Severity
) -> None:
    submission = submission_of(CET_DECLARED, (upload_of(),))
    outcomes = {A: outcome_of((paper_of(),))}
    case = select_paper(open_case(submission, outcomes, (), batch_of(), POLICY, TODAY))
    strange = Finding(rule_id=rule_id, severity=severity, message="x")
    assert decide(case, (strange,)) is Decision.REVIEW


def test_without_comparisons_nothing_is_accepted() -> None:
    submission = submission_of(CET_DECLARED, (upload_of(),))
    outcomes = {A: outcome_of((paper_of(),))}
    case = select_paper(open_case(submission, outcomes, (), batch_of(), POLICY, TODAY))
    assert decide(dataclasses.replace(case, compared=()), ()) is Decision.REVIEW


def test_the_withdrawn_are_not_judged() -> None:
    result = assess_paper(paper_of(), CET_DECLARED | {"申请状态": "已撤销"})
    assert (result.decision, result.findings) == (Decision.WITHDRAWN, ())


def test_the_check_of_certificates_accepts_nothing_in_a_degree_batch() -> None:
    result = assess_files(
        CET_DECLARED, [(upload_of(), outcome_of((paper_of(),)))], kind=BatchKind.DEGREE
    )
    assert (result.decision, result.reason_codes) == (Decision.REVIEW, ("not-established",))
    gone = assess_files(CET_DECLARED | {"申请状态": "撤销"}, [], kind=BatchKind.DEGREE)
    assert gone.decision is Decision.WITHDRAWN


_BAD = (upload_of(B, rejections=("empty",)), None)
_GOOD = (upload_of(), outcome_of((paper_of(),)))


@pytest.mark.parametrize(
    ("files", "decision", "reasons"),
    [
        ([], Decision.RETURN, ("no-upload",)),
        ([_BAD], Decision.RETURN, ("empty",)),
        ([(upload_of(B), fault_of("encrypted", B, returns=True))], Decision.RETURN, ("encrypted",)),
        ([_BAD, (upload_of(), fault_of("pages", returns=True))], Decision.RETURN, None),
        ([_BAD, _GOOD], Decision.REVIEW, ("file-rejected",)),
        ([(upload_of(), fault_of("blank"))], Decision.REVIEW, ("blank",)),
        ([(upload_of(), fault_of("damaged"))], Decision.REVIEW, ("damaged",)),
        # Only the faults of opening return, whatever a reader claims.
        ([(upload_of(), fault_of("blank", returns=True))], Decision.REVIEW, ("blank",)),
        ([(upload_of(), fault_of("crash", machine=True))], Decision.REVIEW, ("machine-failed",)),
        ([(upload_of(), None)], Decision.REVIEW, ("machine-failed",)),
        ([_BAD, (upload_of(), fault_of("crash", machine=True))], Decision.REVIEW, None),
        ([(upload_of("", rejections=("machine-failed",)), None)], Decision.REVIEW,
         ("machine-failed",)),
        ([_BAD, (upload_of("", rejections=("machine-failed",)), None)], Decision.REVIEW, None),
        ([(upload_of(), outcome_of(()))], Decision.REVIEW, ("unknown-certificate",)),
        ([_GOOD, (upload_of(B), fault_of("crash", B, machine=True))], Decision.REVIEW, None),
    ],
)  # fmt: skip
def test_returned_or_reviewed(
    files: list[tuple[object, object]], decision: Decision, reasons: tuple[str, ...] | None
) -> None:
    result = assess_files(CET_DECLARED, files)  # type: ignore[arg-type]
    assert result.decision is decision
    if reasons is not None:
        assert result.reason_codes == reasons
    assert result.reason_codes


def test_too_many_files_are_returned_with_one_reason() -> None:
    files = [(upload_of(c * 64, rejections=("too-many",)), None) for c in "abcdef"]
    result = assess_files(CET_DECLARED, list(files), rejections=("too-many",))
    assert (result.decision, result.reason_codes) == (Decision.RETURN, ("too-many",))
    assert len([finding for finding in result.findings if finding.returns]) == 1


def _two(
    first: Extraction,
    second: Extraction,
    declared: dict[str, str] = CET_DECLARED,
) -> Assessment:
    files = [
        (upload_of(first.file_digest), outcome_of((first,), first.file_digest)),
        (upload_of(second.file_digest), outcome_of((second,), second.file_digest)),
    ]
    results = [assess_files(declared, list(order)) for order in itertools.permutations(files)]
    assert results[0] == results[1], "the order of files changed the answer"
    return results[0]


_EARLIER = CET_PRINTED | {
    F.DATE: "2020年12月",
    F.CERTIFICATE_NUMBER: "202111234500001",
    F.ADMISSION_TICKET: "112340202100105",
    F.SCORE: "390",
    F.LISTENING: "68",
}


def test_two_pictures_of_one_paper_are_one_evidence() -> None:
    assert _two(paper_of(), paper_of(digest=B)).decision is Decision.ACCEPT


def test_the_only_paper_that_agrees_counts_beside_one_of_another_sitting() -> None:
    result = _two(paper_of(_EARLIER), paper_of(digest=B))
    assert (result.decision, result.used_documents) == (Decision.ACCEPT, (B,))
    assert result.accepted_score == "482"


@pytest.mark.parametrize(
    "changes",
    [
        {F.SCORE: "483", F.LISTENING: "161"},
        {F.CERTIFICATE_NUMBER: "212111234567899"},
        {F.NAME: "李建国"},
        {F.LISTENING: "161"},
    ],
)
def test_a_contradicting_paper_of_the_same_sitting_needs_a_person(
    changes: dict[FieldName, str],
) -> None:
    result = _two(paper_of(), paper_of(CET_PRINTED | changes, digest=B))
    assert result.decision is Decision.REVIEW
    assert "several-certificates" in result.reason_codes


def test_an_undated_paper_may_contradict() -> None:
    undated = {field: text for field, text in _EARLIER.items() if field is not F.DATE}
    result = _two(paper_of(), paper_of(undated, digest=B))
    assert result.reason_codes == ("several-certificates",)


def test_two_papers_of_which_none_agrees_need_a_person() -> None:
    declared = CET_DECLARED | {"考试成绩": "500"}
    result = _two(paper_of(), paper_of(_EARLIER, digest=B), declared)
    assert {"several-certificates", "score-differs"} <= set(result.reason_codes)


def test_a_cover_page_does_not_hinder() -> None:
    pages = (paper_of((), C.UNKNOWN, form=None, page=1), paper_of(page=2))
    result = assess_files(CET_DECLARED, [(upload_of(), outcome_of(pages))])
    assert result.decision is Decision.ACCEPT


def test_level_speaks_only_where_it_is_declared() -> None:
    six = CET_PRINTED | {
        F.CERTIFICATE_NUMBER: "212211234567890",
        F.ADMISSION_TICKET: "112340212200105",
    }
    declared = CET_DECLARED | {"成绩单编号": "212211234567890"}
    assert assess_paper(paper_of(six, C.CET6), declared).decision is Decision.ACCEPT
    given = declared | {"证书类别": "全国大学英语四级考试"}
    assert assess_paper(paper_of(six, C.CET6), given).reason_codes == ("level-differs",)


def test_a_self_taught_paper_without_any_number_may_declare_none() -> None:
    paper, declared, _, _ = HONEST["zikao"]
    carries_none = dataclasses.replace(paper, never_printed=_NO_NUMBER)
    result = assess_paper(carries_none, declared | {"成绩单编号": "-"})
    assert (result.decision, result.accepted_number) == (Decision.ACCEPT, "")
    # A number that may merely not have been read is another matter.
    unread = assess_paper(paper, declared | {"成绩单编号": "-"})
    assert unread.reason_codes == ("certificate-number-not-found",)


def test_the_pass_line_is_the_schools() -> None:
    strict = policy_with("[pass_lines]\ncet = 482.5\n")
    result = assess_paper(paper_of(), policy=strict)
    assert set(result.reason_codes) == {"below-pass-line", "status-contradicts-score"}


def test_a_status_is_not_called_contradicted_where_nothing_was_read() -> None:
    printed = {F.NAME: "王晓东", F.CERTIFICATE_NUMBER: "TEM4230012345", F.DATE: "2023年6月"}
    no_id = frozenset({F.ID_NUMBER})
    result = assess_paper(paper_of(printed, C.TEM4, never=no_id), TEM_DECLARED)
    assert result.reason_codes == ("score-not-found",)
    only_number = paper_of(printed | {F.SCORE: "75"}, C.TEM4, never=no_id)
    assert "status-contradicts-score" in assess_paper(only_number, TEM_DECLARED).reason_codes


@pytest.mark.parametrize("family", ["tem", "etic", "zikao"])
def test_a_label_without_its_id_number_goes_to_a_person(family: str) -> None:
    paper, declared, _, _ = HONEST[family]
    unread = dataclasses.replace(
        paper,
        values=tuple(value for value in paper.values if value.field is not F.ID_NUMBER),
        never_printed=paper.never_printed - {F.ID_NUMBER},
    )
    result = assess_paper(unread, declared)
    assert (result.decision, result.reason_codes) == (Decision.REVIEW, ("id-number-not-found",))


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_every_review_and_return_has_a_reason_and_a_sentence(rule_id: str) -> None:
    for example in EXAMPLES[rule_id]:
        result = example()
        if result.decision in (Decision.REVIEW, Decision.RETURN):
            assert result.reason_codes
            assert join_opinions(result.findings).endswith("。")
        if result.decision is Decision.ACCEPT:
            assert join_opinions(result.findings) == ""


def test_opinions_never_show_another_persons_data() -> None:
    printed = CET_PRINTED | {
        F.NAME: "李建国",
        F.ID_NUMBER: OTHER_ID,
        F.CERTIFICATE_NUMBER: "212111234500000",
        F.SCORE: "397",
        F.LISTENING: "75",
        F.DATE: "2021年12月18日",
    }
    result = assess_paper(paper_of(printed), CET_DECLARED | {"证书获取日期": "2020-12"})
    told = join_opinions(result.findings)
    for private in ("李建国", OTHER_ID, "212111234500000", "397", "2021年12月18日"):
        assert private not in told
    assert "不一致" in told


def test_a_namesakes_paper_is_not_shown_either() -> None:
    paper = paper_of(
        TEM_PRINTED | {F.SCORE: "64", F.GRADE: "合格", F.CERTIFICATE_NUMBER: "TEM4230099999"},
        C.TEM4,
        form=PaperForm.CERTIFICATE,
        never=frozenset({F.ID_NUMBER}),
    )
    told = join_opinions(assess_paper(paper, TEM_DECLARED).findings)
    assert "64" not in told
    assert "TEM4230099999" not in told


def test_opinions_show_what_the_applicants_own_paper_prints() -> None:
    result = assess_paper(paper_of(), CET_DECLARED | {"考试成绩": "500"})
    assert join_opinions(result.findings) == (
        "您申报的考试成绩（500）与证书所示（482）不一致，请核对后更正。"
    )


def test_rows_stand_in_the_contracts_order() -> None:
    rows = [row.field for row in assess_paper(paper_of()).comparisons]
    assert rows == ["name", "id_number", "certificate_number", "score", "date", "language",
                    "level", "status", "listening", "reading", "writing_translation"]  # fmt: skip


@pytest.mark.parametrize(
    ("engine", "allowed", "decision"),
    [
        (ENGINE, False, Decision.ACCEPT),
        ("reader-2.0.0", False, Decision.REVIEW),
        ("", False, Decision.REVIEW),
        ("reader-2.0.0", True, Decision.ACCEPT),
    ],
)
def test_thresholds_count_only_for_the_engine_they_were_measured_with(
    engine: str, allowed: bool, decision: Decision
) -> None:
    policy = policy_with(f"[acceptance]\naccept_other_engine = {str(allowed).lower()}\n")
    outcome = outcome_of((paper_of(),), engine=engine)
    result = assess_paper(paper_of(), outcome=outcome, policy=policy)
    assert result.decision is decision
    assert ("engine-not-calibrated" in result.reason_codes) is (decision is Decision.REVIEW)


def test_thresholds_count_only_for_the_settings_they_were_measured_with() -> None:
    for override in ("[reading]\nsecond_reader = false\n", "[reading]\nrender_dpi = 150\n"):
        result = assess_paper(paper_of(), policy=policy_with(override))
        assert result.reason_codes == ("engine-not-calibrated",)
