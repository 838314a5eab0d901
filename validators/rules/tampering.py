"""Advice on signs that a picture may have been changed; each has honest explanations too.

Only what the policy asks for is told. None of it refuses anything: at most a person looks.
"""

from collections.abc import Callable, Iterator

from domain.finding import Place, Severity
from domain.page import BoundingBox
from domain.tampering import HintUse, TamperSign
from validators.case import Case
from validators.rule import FactConfidence, Observation, Rule, Scope, declare

# What the reader notes where an editor left its name in a file.
EDITED_NOTE = "tamper-software"
_SOURCE = "docs/tampering.md; policy tampering"
_WHOLE_PAGE = BoundingBox(left=0.0, top=0.0, right=1.0, bottom=1.0)

# sign, what the rule checks, what staff read
_SIGNS = (
    (TamperSign.TYPEFACE, "A number's figures are drawn like those of the other numbers.",
     "{field}的数字字形与其他数字不同，可能只是版式如此，请留意。"),
    (TamperSign.ALIGNMENT, "The figures of a number stand on one line and are equally high.",
     "{field}中有一个数字的高低或大小与其余不齐，请留意。"),
    (TamperSign.SHARPNESS, "The figures of a number are equally sharp.",
     "{field}中有一个数字的清晰程度与其余不同，请留意。"),
    (TamperSign.COMPRESSION, "A value's blocks went through the same compressions as the others.",
     "{field}处的压缩痕迹与页面其余文字不同，可能被改动后重新保存，请留意。"),
    (TamperSign.RECAPTURE, "The picture shows no regular pattern of points, as screens do.",
     "图片带有规则的点状纹理，可能是翻拍屏幕，请留意。"),
)  # fmt: skip


def _observe(sign: TamperSign) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        paper = case.paper
        if paper is None or case.policy.tampering.use_of(sign) is HintUse.OFF:
            return
        for hint in paper.hints:
            if hint.sign is sign:
                place = Place(
                    file_digest=paper.file_digest, page_number=paper.page_number, bbox=hint.bbox
                )
                yield Observation(field=hint.field, place=place)

    return observe


def _edited(case: Case) -> Iterator[Observation]:
    if case.policy.tampering.software is HintUse.OFF:
        return
    for file in case.files:
        if EDITED_NOTE in file.notes:
            place = Place(file_digest=file.upload.digest, page_number=1, bbox=_WHOLE_PAGE)
            yield Observation(detail=file.upload.path, place=place)


def _look(case: Case) -> Iterator[Observation]:
    """Observe every hint for which the policy wants a person."""
    policy = case.policy.tampering
    for sign in TamperSign:
        if policy.use_of(sign) is HintUse.REVIEW:
            yield from _observe(sign)(case)
    if policy.software is HintUse.REVIEW:
        yield from _edited(case)


RULES = (
    *(
        declare(f"tamper-{sign.value}", Severity.ADVICE, _SOURCE, FactConfidence.LOW, checks,
                message, "", _observe(sign))
        for sign, checks, message in _SIGNS
    ),
    Rule(
        id="tamper-software",
        scope=Scope.SUBMISSION,
        severity=Severity.ADVICE,
        source=_SOURCE,
        confidence=FactConfidence.LOW,
        checks="No image or PDF editor left its name in a file.",
        message="文件信息中有图片或PDF编辑软件的名称，请留意：{detail}",
        opinion="",
        observe=_edited,
    ),
    declare("tamper-look", Severity.REVIEW, "policy tampering: review", FactConfidence.CONTRACT,
            "No sign of a change is seen for which the policy wants a person to look.",
            "图片有疑似改动的迹象，按本校规定需人工查看。",
            "您上传的图片需由工作人员查看，请等待审核结果。", _look, scope=Scope.SUBMISSION),
)  # fmt: skip
