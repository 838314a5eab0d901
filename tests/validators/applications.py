"""Applications for the examples: each function returns what makes and assesses one."""

import dataclasses
from collections.abc import Callable

from domain.application import FileKind
from domain.assessment import Assessment
from domain.certificates import CertificateType, FieldName, PaperForm
from domain.extraction import QualityFault, QualityFaultKind
from domain.reading import PriorUse
from tests.validators.builders import (
    BOX,
    CET_DECLARED,
    CET_PRINTED,
    ETIC_DECLARED,
    ETIC_REPORT,
    TEM_DECLARED,
    TEM_PRINTED,
    TRM_DECLARED,
    TRM_PRINTED,
    ZIKAO_DECLARED,
    ZIKAO_PRINTED,
    assess_files,
    assess_paper,
    fault_of,
    outcome_of,
    paper_of,
    policy_with,
    upload_of,
    value_of,
)

Example = Callable[[], Assessment]
F, C = FieldName, CertificateType
Printed = dict[FieldName, str | None]
B, D = "b" * 64, "d" * 64


def read_by(engine: str) -> Example:
    return lambda: assess_paper(paper_of(), outcome=outcome_of((paper_of(),), engine=engine))


def _changed(printed: dict[FieldName, str], changes: Printed | None) -> dict[FieldName, str]:
    merged: Printed = {**printed, **(changes or {})}
    return {field: text for field, text in merged.items() if text is not None}


def _maker(
    declared: dict[str, str],
    printed: dict[FieldName, str],
    kind: CertificateType,
    form: PaperForm,
    never: frozenset[FieldName] = frozenset(),
) -> Callable[..., Example]:
    def make(
        changes: Printed | None = None,
        cells: dict[str, str] | None = None,
        *,
        kind: CertificateType = kind,
        form: PaperForm | None = form,
        never: frozenset[FieldName] = never,
        **rest: object,
    ) -> Example:
        paper = paper_of(_changed(printed, changes), kind, form=form, never=never)
        return lambda: assess_paper(paper, declared | (cells or {}), **rest)  # type: ignore[arg-type]

    return make


cet = _maker(CET_DECLARED, CET_PRINTED, C.CET4, PaperForm.SCORE_REPORT)
tem = _maker(TEM_DECLARED, TEM_PRINTED, C.TEM4, PaperForm.CERTIFICATE, frozenset({F.ID_NUMBER}))
trm = _maker(TRM_DECLARED, TRM_PRINTED, C.TRM4, PaperForm.CERTIFICATE)
etic = _maker(ETIC_DECLARED, ETIC_REPORT, C.ETIC_INTERMEDIATE, PaperForm.SCORE_REPORT)
zikao = _maker(ZIKAO_DECLARED, ZIKAO_PRINTED, C.ZIKAO_ENGLISH2, PaperForm.CERTIFICATE)


def rejected(rule_id: str, *, beside_good: bool = False) -> Example:
    bad = (upload_of(B, rejections=(rule_id,)), None)
    good = (upload_of(), outcome_of((paper_of(),)))
    return lambda: assess_files(CET_DECLARED, [bad, good] if beside_good else [bad])


def fault(rule_id: str, *, returns: bool = True, beside_good: bool = False) -> Example:
    bad = (upload_of(B), fault_of(rule_id, B, returns=returns))
    good = (upload_of(), outcome_of((paper_of(),)))
    return lambda: assess_files(CET_DECLARED, [bad, good] if beside_good else [bad])


def noted(*notes: str) -> Example:
    return lambda: assess_paper(paper_of(), outcome=outcome_of((paper_of(),), notes=notes))


def qr(text: str) -> Example:
    return lambda: assess_paper(paper_of(), outcome=outcome_of((paper_of(),), qr_texts=(text,)))


def used(kind: str, *, same_person: bool) -> Example:
    use = PriorUse(kind=kind, batch_id="2023", student_number="2021", same_person=same_person)
    return cet(prior_uses=(use,))


def read(field: FieldName, confidence: float, second: str | None = None) -> Example:
    """Return the sound CET paper with one value read less surely."""
    values = tuple(
        value_of(f, text, confidence=confidence, second=second) if f is field else value_of(f, text)
        for f, text in CET_PRINTED.items()
    )
    return lambda: assess_paper(paper_of(values))


def spoiled(kind: QualityFaultKind, confidence: float) -> Example:
    """Return the CET paper with its number read that surely where the picture is at fault."""
    values = tuple(
        value_of(f, text, confidence=confidence if f is F.CERTIFICATE_NUMBER else 0.995)
        for f, text in CET_PRINTED.items()
    )
    fault = QualityFault(kind=kind, bbox=BOX, field=F.CERTIFICATE_NUMBER)
    return lambda: assess_paper(dataclasses.replace(paper_of(values), faults=(fault,)))


def zikao_course_read(confidence: float) -> Example:
    values = tuple(
        value_of(f, text, confidence=confidence if f is F.COURSE else 0.99)
        for f, text in ZIKAO_PRINTED.items()
    )
    paper = paper_of(values, C.ZIKAO_ENGLISH2, form=PaperForm.CERTIFICATE)
    return lambda: assess_paper(paper, ZIKAO_DECLARED)


def tem_grade_read(confidence: float) -> Example:
    score = TEM_PRINTED | {F.SCORE: "75"}
    values = tuple(
        value_of(f, text, confidence=confidence if f is F.GRADE else 0.99)
        for f, text in score.items()
    )
    paper = paper_of(values, C.TEM4, form=PaperForm.CERTIFICATE, never=frozenset({F.ID_NUMBER}))
    return lambda: assess_paper(paper, TEM_DECLARED | {"考试成绩": "75"})


def repeated(text: str) -> Example:
    again = value_of(F.CERTIFICATE_NUMBER, text)
    values = tuple(value_of(f, printed) for f, printed in CET_PRINTED.items())
    return lambda: assess_paper(paper_of((*values, again)))


def etic_lines(*headings: str) -> Example:
    paper = paper_of(ETIC_REPORT, C.ETIC_INTERMEDIATE)
    return lambda: assess_paper(paper, ETIC_DECLARED, outcome=outcome_of((paper,), texts=headings))


def zikao_lines(*lines: str) -> Example:
    paper = paper_of(ZIKAO_PRINTED, C.ZIKAO_ENGLISH2, form=PaperForm.CERTIFICATE)
    return lambda: assess_paper(paper, ZIKAO_DECLARED, outcome=outcome_of((paper,), texts=lines))


def without_paper(cells: dict[str, str]) -> Example:
    paper = paper_of((), C.UNKNOWN, form=None)
    return lambda: assess_paper(paper, CET_DECLARED | cells)


def windowed(window: str, cells: dict[str, str], years: int = 0) -> Example:
    """Return the CET paper of December 2021 at a school with a window of validity."""
    policy = policy_with(f'[validity]\nwindow = "{window}"\nyears = {years}\n')
    return cet(cells=cells, policy=policy)


def two_papers(changes: Printed) -> Example:
    other = paper_of(_changed(CET_PRINTED, changes), digest=B)
    files = [(upload_of(), outcome_of((paper_of(),))), (upload_of(B), outcome_of((other,), B))]
    return lambda: assess_files(CET_DECLARED, list(files))


def beside(kind: CertificateType, *, same_file: bool = False) -> Example:
    if same_file:
        cover = paper_of((), kind, form=None, page=1)
        pages = (cover, paper_of(page=2))
        return lambda: assess_files(CET_DECLARED, [(upload_of(), outcome_of(pages))])
    other = paper_of((), kind, form=None, digest=B)
    files = [(upload_of(), outcome_of((paper_of(),))), (upload_of(B), outcome_of((other,), B))]
    return lambda: assess_files(CET_DECLARED, list(files))


def alone(kind: CertificateType, named: str = "") -> Example:
    return lambda: assess_paper(paper_of((), kind, form=None, named=named))


def picture(kind: FileKind, changes: Printed, **rest: object) -> Example:
    paper = paper_of(_changed(CET_PRINTED, changes))
    outcome = outcome_of((paper,), text_layer=kind is FileKind.PDF)
    return lambda: assess_paper(
        paper,
        upload=upload_of(kind=kind),
        outcome=outcome,
        **rest,  # type: ignore[arg-type]
    )
