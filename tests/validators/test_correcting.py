import dataclasses

from domain.assessment import Agreement, Assessment
from domain.certificates import CertificateType, FieldName
from domain.review import Correction
from tests.validators.builders import (
    CET_DECLARED,
    CET_PRINTED,
    POLICY,
    TODAY,
    batch_of,
    fault_of,
    outcome_of,
    paper_of,
    submission_of,
    upload_of,
)
from validators.correcting import assess_corrected, correct

DIGEST = "a" * 64


def reassess(
    correction: Correction, declared: dict[str, str] | None = None, **printed: str
) -> Assessment:
    paper = paper_of(CET_PRINTED | {FieldName(name): text for name, text in printed.items()})
    submission = submission_of(declared or CET_DECLARED, (upload_of(),))
    outcomes = {DIGEST: outcome_of((paper,))}
    return assess_corrected(submission, outcomes, (), batch_of(), POLICY, TODAY, correction)


def correction_of(kind: str = "", **values: str) -> Correction:
    return Correction(
        file_digest=DIGEST,
        page_number=1,
        values=tuple(values.items()),
        certificate_type=kind,
    )


def rows(assessment: Assessment) -> dict[str, tuple[str, Agreement]]:
    return {row.field: (row.extracted, row.agreement) for row in assessment.comparisons}


def test_a_misread_score_agrees_once_a_person_read_it() -> None:
    misread = reassess(correction_of(), score="432")
    assert rows(misread)["score"] == ("432", Agreement.SIMILAR)
    mended = reassess(correction_of(score="482"), score="432")
    assert rows(mended)["score"] == ("482", Agreement.EQUAL)
    assert mended.reason_codes == ()


def test_the_rules_object_to_a_persons_reading_as_to_any_other() -> None:
    assessment = reassess(correction_of(score="428"))
    assert rows(assessment)["score"][1] is not Agreement.EQUAL
    assert {"score-differs", "parts-total"} <= set(assessment.reason_codes)


def test_a_persons_reading_is_certain_where_the_readers_disagreed() -> None:
    doubtful = paper_of()
    values = tuple(
        dataclasses.replace(value, confidence=0.2, second_text="212111234567899")
        if value.field is FieldName.CERTIFICATE_NUMBER
        else value
        for value in doubtful.values
    )
    outcomes = {DIGEST: outcome_of((dataclasses.replace(doubtful, values=values),))}
    read = correct(outcomes, correction_of(certificate_number="212111234567890"))
    outcome = read[DIGEST]
    assert outcome.reading is not None
    value = outcome.reading.extractions[0].get(FieldName.CERTIFICATE_NUMBER)
    assert value is not None
    assert (value.text, value.second_text, value.confidence) == (
        "212111234567890", "212111234567890", 1.0
    )  # fmt: skip
    assert outcomes[DIGEST].reading is not outcome.reading


def test_a_reading_can_be_taken_away() -> None:
    assessment = reassess(correction_of(date=""))
    assert rows(assessment)["date"] == ("", Agreement.NOT_FOUND)


def test_a_paper_that_the_machine_failed_at_is_read_by_a_person() -> None:
    submission = submission_of(CET_DECLARED, (upload_of(),))
    failed = {DIGEST: fault_of("timeout", machine=True)}
    entered = correction_of(
        "cet4",
        name="王晓东",
        certificate_number="212111234567890",
        score="482",
        date="2021年12月",
    )
    assessment = assess_corrected(submission, failed, (), batch_of(), POLICY, TODAY, entered)
    assert assessment.certificate_type is CertificateType.CET4
    assert "machine-failed" not in assessment.reason_codes
    assert rows(assessment)["certificate_number"][1] is Agreement.EQUAL
    assert failed[DIGEST].fault == "timeout"


def test_another_page_is_not_touched() -> None:
    other = Correction(file_digest=DIGEST, page_number=2, values=(("score", "500"),))
    outcome = correct({DIGEST: outcome_of((paper_of(),))}, other)[DIGEST]
    assert outcome.reading is not None
    first, second = outcome.reading.extractions
    assert (first.text(FieldName.SCORE), second.text(FieldName.SCORE)) == ("482", "500")
