"""What staff and applicants are told about pictures that cannot be read, and when."""

import dataclasses

from domain.assessment import Assessment, Decision
from domain.certificates import CertificateType, FieldName
from domain.extraction import ExtractedValue, Extraction, QualityFault, QualityFaultKind
from domain.page import BoundingBox
from tests.validators.builders import (
    BOX,
    CET_DECLARED,
    CET_PRINTED,
    assess_paper,
    paper_of,
    value_of,
)
from validators.opinions import join_opinions

F, K = FieldName, QualityFaultKind
EDGE = BoundingBox(left=0.7, top=0.1, right=1.0, bottom=0.2)


def fault(kind: K, field: F | None = None, bbox: BoundingBox = BOX) -> QualityFault:
    return QualityFault(kind=kind, bbox=bbox, field=field)


def paper(
    *faults: QualityFault, unsure: tuple[F, ...] = (), missing: tuple[F, ...] = ()
) -> Extraction:
    values: tuple[ExtractedValue, ...] = tuple(
        value_of(field, text, confidence=0.5 if field in unsure else 0.995)
        for field, text in CET_PRINTED.items()
        if field not in missing
    )
    return dataclasses.replace(paper_of(values), faults=faults)


def quality_findings(assessment: Assessment) -> list[tuple[str, str]]:
    return [
        (finding.rule_id, finding.field)
        for finding in assessment.findings
        if finding.rule_id.startswith("quality-")
    ]


def test_glare_over_a_number_that_was_not_found_names_the_number_and_what_to_do() -> None:
    number = F.CERTIFICATE_NUMBER
    assessment = assess_paper(paper(fault(K.GLARE, number), missing=(number,)))
    assert quality_findings(assessment) == [("quality-glare", "certificate_number")]
    opinion = join_opinions(assessment.findings)
    assert "您上传的图片反光，看不清成绩单编号，请避开灯光和闪光灯重新拍摄" in opinion


def test_a_fault_beside_values_that_are_all_certain_changes_nothing() -> None:
    faults = [fault(kind, field) for kind in K for field in (*CET_PRINTED, None)]
    spoiled, sound = assess_paper(paper(*faults)), assess_paper(paper())
    assert sound.decision is Decision.ACCEPT
    assert spoiled == sound


def test_a_fault_of_one_field_is_not_told_of_another() -> None:
    assessment = assess_paper(
        paper(fault(K.BLUR, F.NAME), fault(K.GLARE, F.SCORE), unsure=(F.SCORE,))
    )
    assert quality_findings(assessment) == [("quality-glare", "score")]


def test_a_value_that_differs_from_the_declared_one_is_explained_too() -> None:
    declared = CET_DECLARED | {"成绩单编号": "212111234567899"}
    spoiled = paper(fault(K.BLUR, F.CERTIFICATE_NUMBER))
    assert quality_findings(assess_paper(spoiled, declared)) == [
        ("quality-blur", "certificate_number")
    ]


def test_several_blurred_fields_give_the_applicant_one_sentence_that_names_them() -> None:
    fields = (F.NAME, F.CERTIFICATE_NUMBER, F.SCORE)
    assessment = assess_paper(paper(*(fault(K.BLUR, field) for field in fields), unsure=fields))
    assert [field for _, field in quality_findings(assessment)] == list(fields)
    opinion = join_opinions(assessment.findings)
    assert opinion.count("图片模糊") == 1
    assert "看不清姓名、成绩单编号、考试成绩，请对焦后重新拍摄，或上传扫描件。" in opinion


def test_a_cut_off_picture_says_on_which_side() -> None:
    number = F.CERTIFICATE_NUMBER
    assessment = assess_paper(paper(fault(K.CUT_OFF, number, EDGE), missing=(number,)))
    assert "看不到完整的成绩单编号（图片右侧）" in join_opinions(assessment.findings)


def test_a_fault_of_the_whole_page_explains_a_missing_field_that_has_none_of_its_own() -> None:
    page = fault(K.CUT_OFF, bbox=BoundingBox(left=0, top=0, right=1, bottom=1))
    missing = assess_paper(paper(page, missing=(F.NAME,)))
    assert quality_findings(missing) == [("quality-cut-off", "name")]
    assert "看不到完整的姓名，" in join_opinions(missing.findings)
    own = fault(K.GLARE, F.NAME)
    assert quality_findings(assess_paper(paper(page, own, missing=(F.NAME,)))) == [
        ("quality-glare", "name")
    ]
    assert quality_findings(assess_paper(paper(page, unsure=(F.NAME,)))) == []


def test_a_page_of_no_known_kind_is_explained_and_another_examination_is_not() -> None:
    spoiled = {
        kind: dataclasses.replace(paper_of((), kind, form=None), faults=(fault(K.BLUR),))
        for kind in (CertificateType.UNKNOWN, CertificateType.NOT_ACCEPTED)
    }
    unknown = assess_paper(spoiled[CertificateType.UNKNOWN])
    assert quality_findings(unknown) == [("quality-blur", "")]
    assert "看不清证书内容，请对焦后重新拍摄" in join_opinions(unknown.findings)
    assert quality_findings(assess_paper(spoiled[CertificateType.NOT_ACCEPTED])) == []
