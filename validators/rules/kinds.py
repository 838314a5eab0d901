"""Rules about which paper it is, whether it is one of the four kinds, and how many there are."""

import re
from collections.abc import Iterator

from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from domain.extraction import Extraction
from domain.finding import Severity
from validators.case import Case, FileState
from validators.normalizing import fold_text
from validators.page_lines import labelled_texts
from validators.rule import FactConfidence, Observation, Scope, declare
from validators.values import parse_kind


def _refused(paper: Extraction) -> bool:
    return paper.classification.certificate_type is CertificateType.NOT_ACCEPTED


def _not_in_four(case: Case) -> Iterator[Observation]:
    if case.paper is None:
        for paper in case.papers:
            if _refused(paper):
                name = paper.classification.named
                yield Observation(detail=f"（{name}）" if name else "")


def _unknown_certificate(case: Case) -> Iterator[Observation]:
    read = any(file.state is FileState.READ for file in case.files)
    if case.paper is None and read and not any(_refused(paper) for paper in case.papers):
        yield Observation()


def _query_page(case: Case) -> Iterator[Observation]:
    form = case.paper.classification.form if case.paper else None
    if form is PaperForm.QUERY_PAGE and not case.policy.acceptance.accept_query_pages:
        yield Observation()


def _machine_accept_off(case: Case) -> Iterator[Observation]:
    family = case.kind.family
    if family is not None and family not in case.policy.acceptance.machine_accept:
        yield Observation(detail=case.kind.chinese_name)


def _not_recognised(case: Case) -> Iterator[Observation]:
    if case.paper is not None and case.kind not in case.policy.acceptance.recognised:
        yield Observation(detail=case.kind.chinese_name)


def _form_unknown(case: Case) -> Iterator[Observation]:
    if case.paper is not None and case.paper.classification.form is None:
        yield Observation()


def _several_certificates(case: Case) -> Iterator[Observation]:
    if case.rivals:
        yield Observation(detail=str(len(case.rivals) + 1))


def _other_paper(case: Case) -> Iterator[Observation]:
    if case.paper is None:
        return
    for paper in case.companions:
        kind = paper.classification.certificate_type
        if kind is not CertificateType.UNKNOWN:
            yield Observation(detail=f"{kind.chinese_name}（第{paper.page_number}页）")


def _unclassified_page(case: Case) -> Iterator[Observation]:
    if case.paper is None:
        return
    with_paper = {case.paper.file_digest}
    for file in case.files:
        if file.state is FileState.READ and file.upload.digest not in with_paper:
            found = [p for p in case.papers if p.file_digest == file.upload.digest]
            kinds = {paper.classification.certificate_type for paper in found}
            if kinds <= {CertificateType.UNKNOWN}:
                yield Observation(detail=file.upload.path)


_LEVEL_LABELS = re.compile(r"(?:考试|测试|证书)?(?:级别|等级) ?(?:Level)?(?= ?:|[四六八4-8初中高])")
# What a level alone is called in full, by family.
_LEVEL_OF = {
    CertificateFamily.CET: "大学英语",
    CertificateFamily.TEM: "英语专业",
    CertificateFamily.TRM: "俄语专业",
    CertificateFamily.ETIC: "国才",
}


def _printed_levels(case: Case) -> Iterator[str]:
    """Yield the levels that the paper prints beside its title."""
    if case.text(FieldName.LEVEL):
        yield case.text(FieldName.LEVEL)
    yield from labelled_texts(case.page(), _LEVEL_LABELS)


def _level_contradicts_title(case: Case) -> Iterator[Observation]:
    family = _LEVEL_OF.get(case.kind.family) if case.kind.family else None
    for printed in _printed_levels(case) if family else ():
        kind = parse_kind(printed) or parse_kind(f"{family}{printed}")
        if kind is not None and kind is not case.kind:
            yield Observation(
                field=FieldName.LEVEL, extracted=printed, detail=case.kind.chinese_name
            )


_TRANSLATION, _COMMUNICATION = ("英译汉", "汉译英"), ("口头沟通", "书面沟通")
# A heading's line holds nothing else; the explanations below a report name no column alone.
_COLUMN_HEADINGS = re.compile(r"(?:英译汉|汉译英|口头沟通|书面沟通|总分|[A-Za-z/|:：·\s])+")


def _etic_columns(case: Case) -> Iterator[Observation]:
    """Look at the headings on the page: a score's own text does not say in which column it is."""
    page = case.page()
    if page is None or case.kind.family is not CertificateFamily.ETIC:
        return
    interpreting = case.kind is CertificateType.ETIC_INTERPRETING
    wrong = _COMMUNICATION if interpreting else _TRANSLATION
    headings = "".join(
        line.text
        for line in (*page.lines, *page.text_layer)
        if _COLUMN_HEADINGS.fullmatch(line.text)
    )
    fields = (FieldName.COMPONENT_A, FieldName.COMPONENT_B)
    for field, word in zip(fields, wrong, strict=True):
        if word in headings:
            yield Observation(field=field, extracted=word, detail=case.kind.chinese_name)


_COURSE_NAMES = ("英语(二)", "英语(2)", "英语(专升本)", "英语二", "英语专升本")
_COURSE_CODES = ("00015", "13000")
# The mark of renamed courses: 英语（专升本）（原英语（二）), 13000（原00015）.
_FORMERLY = re.compile(r"\(原:?(?:00015)?(?:英语\(?(?:二|2)\)?)?\)")


def is_english_two(course: str) -> bool:
    """Return whether a printed course is 00015 英语（二） or 13000 英语（专升本） (V29).

    A name without a code suffices; a code beside it must be one of the two; a code alone suffices.
    What the course was called before (原00015) may stand beside it.
    """
    plain = _FORMERLY.sub("", "".join(fold_text(course).split())).strip("《》")
    codes = re.findall(r"[0-9]{5}", plain)
    name = re.sub(r"[0-9]{5}|[《》:|/-]", "", plain).removeprefix("()").removesuffix("()")
    if any(code not in _COURSE_CODES for code in codes):
        return False
    return name in _COURSE_NAMES or (not name and bool(codes))


def _zikao_course(case: Case) -> Iterator[Observation]:
    course = case.text(FieldName.COURSE)
    if case.kind is CertificateType.ZIKAO_ENGLISH2 and course and not is_english_two(course):
        yield Observation(field=FieldName.COURSE, extracted=course)


_KEEP = "请确认上传的是本人证书或成绩单的原件，并等待工作人员核实。"
_CONTRACT, _HIGH = FactConfidence.CONTRACT, FactConfidence.HIGH
_REVIEW, _WARN, _NOTE = Severity.REVIEW, Severity.WARN, Severity.NOTE

RULES = (
    declare("not-in-four", _REVIEW, "certificates V26, V33", _HIGH,
          "The paper is of an examination outside the four recognised kinds.",
          "上传的材料不属于可认定的四类证书{detail}。",
          "您上传的材料{detail}不在学位外语认定的四类证书范围内，请上传四类证书之一。",
          _not_in_four, scope=Scope.SUBMISSION),
    declare("unknown-certificate", _REVIEW, "contract, section 3: review", _CONTRACT,
          "No paper of a known kind was recognised on any page.",
          "未能识别出证书种类，需人工查看。",
          "未能从您上传的材料中识别出证书，请确认上传的是清晰、完整的证书。",
          _unknown_certificate, scope=Scope.SUBMISSION),
    declare("query-page", _REVIEW, "contract, section 3", _CONTRACT,
          "The paper is a screenshot or photo of a result-query page, not a certificate.",
          "上传的是成绩查询页面，不是成绩单或证书原件。",
          "您上传的是成绩查询页面，请上传成绩单或证书。", _query_page),
    declare("form-unknown", _REVIEW, "contract, section 3; architecture: fail closed", _CONTRACT,
          "The kind is known, but not whether it is a certificate, a report or a query page.",
          "无法判断材料是证书、成绩单还是查询页面。",
          "您上传的材料需由工作人员确认是否为证书或成绩单，请等待审核结果。", _form_unknown),
    declare("machine-accept-off", _REVIEW, "contract, section 3; policy machine_accept", _CONTRACT,
          "The policy does not let the machine accept this kind of certificate.",
          "{detail}证书按规定须由人工审核。",
          "您的{detail}证书需由工作人员人工审核，请等待审核结果。",
          _machine_accept_off),
    declare("kind-not-recognised", _REVIEW, "policy acceptance, recognised", _CONTRACT,
          "The paper is of one of the four kinds, but the school does not recognise it.",
          "{detail}证书不在本校认定的范围内。",
          "您上传的{detail}证书不在学校认定的证书范围内，请上传学校认定的证书。",
          _not_recognised),
    declare("several-certificates", _REVIEW, "contract, section 1: several files", _CONTRACT,
          "Several different papers leave open which one counts.",
          "识别出{detail}份不同的证书，无法确定以哪一份为准。",
          "您上传了多份不同的证书，请等待工作人员确认以哪一份为准。",
          _several_certificates, scope=Scope.SUBMISSION),
    declare("other-certificate", _NOTE, "contract, section 1: several files", _CONTRACT,
          "Another paper lies beside the accepted one and does not contradict it.",
          "另有一份材料未作为依据：{detail}", "", _other_paper, scope=Scope.SUBMISSION),
    declare("unclassified-page", _WARN, "contract, section 1: several files", _CONTRACT,
          "A file beside the certificate shows no paper of a known kind.",
          "另有文件未识别出证书：{detail}", "", _unclassified_page, scope=Scope.SUBMISSION),
    declare("level-contradicts-title", _REVIEW, "certificates V23", _HIGH,
          "The printed level is not that of the paper's title.",
          "证书印有的级别（{extracted}）与标题（{detail}）不一致。",
          f"您证书所印的级别{{shown}}与标题不一致，{_KEEP}", _level_contradicts_title),
    declare("etic-columns", _REVIEW, "certificates V23", _HIGH,
          "The score columns of a 国才 report do not fit its level.",
          "成绩单的分项名称（{extracted}）与级别（{detail}）不符。",
          f"您成绩单的分项名称{{shown}}与级别不对应，{_KEEP}",
          _etic_columns),
    declare("zikao-course", _REVIEW, "certificates V29", _HIGH,
          "The self-taught course is neither 00015 英语（二） nor 13000 英语（专升本）.",
          "课程（{extracted}）不是英语（二）（00015）或英语（专升本）（13000）。",
          "您上传的自考成绩不是《英语（二）》或《英语（专升本）》，请上传相应课程的成绩。",
          _zikao_course),
)  # fmt: skip
