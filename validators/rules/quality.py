"""Rules that say why something cannot be read, so that the applicant can send a better picture.

They speak only beside a doubt that is there anyway: of a field that a rule on reading objects to or
that does not agree, or of a page on which no paper was recognized. So they never decide anything.
"""

import dataclasses
from collections.abc import Callable, Iterator

from domain.assessment import Agreement
from domain.certificates import CHECKED_FIELDS, CertificateType, FieldName
from domain.extraction import Extraction, QualityFault, QualityFaultKind
from domain.finding import Severity
from validators.case import Case
from validators.rule import Concern, FactConfidence, Observation, Rule, Scope
from validators.rules import reading

_K = QualityFaultKind
_WHOLE = "证书内容"
# Nearer than this to the picture's edge, as a share of its side, the value's place ends there.
_AT_EDGE = 0.03
_OPEN = (Agreement.DIFFERENT, Agreement.SIMILAR)
# Where a field was not found, what papers print in its stead may be what is hidden.
_INSTEAD: dict[FieldName, tuple[FieldName, ...]] = {
    FieldName.CERTIFICATE_NUMBER: (FieldName.ADMISSION_TICKET,),
    FieldName.SCORE: (FieldName.GRADE,),
    FieldName.GRADE: (FieldName.SCORE,),
    FieldName.DATE: (FieldName.ISSUE_DATE,),
    FieldName.STATUS: (FieldName.GRADE,),
}

# kind of fault, what the rule checks, what staff read, what applicants read
_FAULTS = (
    (_K.CUT_OFF, "Something runs over the picture's edge, so it cannot be read.",
     "图片未拍全，看不到完整的{field}内容。",
     "您上传的图片未拍全，看不到完整的{detail}，请将整张证书完整拍入画面后重新上传。"),
    (_K.GLARE, "A reflection washes something out, so it cannot be read.",
     "图片反光，看不清{field}。",
     "您上传的图片反光，看不清{detail}，请避开灯光和闪光灯重新拍摄，确保该处清晰可见。"),
    (_K.TOO_DARK, "The picture is too dark for something to be read surely.",
     "图片过暗，看不清{field}。",
     "您上传的图片过暗，看不清{detail}，请在光线充足处重新拍摄，或上传扫描件。"),
    (_K.TOO_SMALL, "The type is too small for something to be read surely.",
     "图片过小，看不清{field}。",
     "您上传的图片过小，看不清{detail}，请上传原图，不要使用缩略图或经压缩的图片。"),
    (_K.BLUR, "The picture is too blurred for something to be read surely.",
     "图片模糊，看不清{field}。",
     "您上传的图片模糊，看不清{detail}，请对焦后重新拍摄，或上传扫描件。"),
    (_K.LOW_CONTRAST, "The print is too faint for something to be read surely.",
     "字迹过浅，看不清{field}。",
     "您上传的图片字迹过浅，看不清{detail}，请在光线均匀处重新拍摄，或上传扫描件。"),
)  # fmt: skip


def _observe(kind: QualityFaultKind) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        if case.paper is None:
            yield from _of_pages(case, kind)
            return
        faults: dict[FieldName | None, QualityFault] = {}
        for fault in _explained(case, case.paper):
            if fault.kind is kind:
                faults.setdefault(fault.field, fault)
        # One sentence for the applicant, whatever the number of fields: it names all of them.
        names = "、".join(_place(fault) for fault in faults.values())
        for field in faults:
            yield Observation(field=field, detail=names)

    return observe


def _of_pages(case: Case, kind: QualityFaultKind) -> Iterator[Observation]:
    """Observe pages of which not even the kind of paper is known; an objection stands anyway."""
    for paper in case.papers:
        known = paper.classification.certificate_type is not CertificateType.UNKNOWN
        if not known and any(fault.kind is kind for fault in paper.faults):
            yield Observation(detail=_WHOLE)


def _explained(case: Case, paper: Extraction) -> list[QualityFault]:
    """Return the faults that explain a doubt about the paper under judgement, by field.

    A fault of the page as a whole explains values of which not even the label was found.
    """
    explained: list[QualityFault] = []
    for field in _fields_in_doubt(case):
        places = _places(case, field)
        own = [fault for fault in paper.faults if fault.field in places]
        if not own and not any(paper.text(place) for place in places):
            whole = (fault for fault in paper.faults if fault.field is None)
            own = [dataclasses.replace(fault, field=field) for fault in whole]
        explained += own
    return list(dict.fromkeys(explained))


def _fields_in_doubt(case: Case) -> tuple[FieldName, ...]:
    """Return the fields to which a rule on reading objects, and those that do not agree."""
    fields = [
        seen.field
        for rule in reading.RULES
        if rule.severity.objects and rule.concern is Concern.READING
        for seen in rule.observe(case)
        if seen.field is not None
    ]
    fields += [field for field in CHECKED_FIELDS if case.agreement(field) in _OPEN]
    return tuple(dict.fromkeys(fields))


def _places(case: Case, field: FieldName) -> tuple[FieldName, ...]:
    """Return what the paper may print for a checked field."""
    row = case.compared_field(field)
    if row is not None and row.value is not None:
        return (field, row.value.field)
    return (field, *_INSTEAD.get(field, ()))


def _place(fault: QualityFault) -> str:
    """Return what applicants read of where a fault is: the field, and the side that is cut off."""
    if fault.field is None:
        return _WHOLE
    name = fault.field.chinese_name
    if fault.bbox.width >= 1.0:
        return name  # the whole page: no side of its own
    if fault.kind is _K.CUT_OFF and fault.bbox.right > 1 - _AT_EDGE:
        return f"{name}（图片右侧）"
    if fault.kind is _K.CUT_OFF and fault.bbox.left < _AT_EDGE:
        return f"{name}（图片左侧）"
    return name


RULES = tuple(
    Rule(
        id=f"quality-{kind.value}",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="contract, section 3: fit to be shown to the applicant",
        confidence=FactConfidence.CONTRACT,
        checks=checks,
        message=message,
        opinion=opinion,
        observe=_observe(kind),
        concern=Concern.READING,
    )
    for kind, checks, message, opinion in _FAULTS
)
