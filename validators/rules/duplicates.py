"""Rules about files and numbers seen before, with this person or another."""

from collections.abc import Callable, Iterator

from domain.application import BatchKind
from domain.finding import Severity
from validators.case import Case
from validators.rule import FactConfidence, Observation, Rule, Scope

# A kind of use that is not known counts as the gravest, the number.
_KINDS = ("file", "picture", "score")


def _seen(kind: str, *, same_person: bool) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        for use in case.prior_uses:
            known = use.kind if use.kind in _KINDS else "number"
            if known == kind and use.same_person is same_person:
                yield Observation(detail=f"{use.batch_id} / {use.student_number}")

    return observe


RULES = (
    Rule(
        id="duplicate-file",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="hostile corpus 42",
        confidence=FactConfidence.CONTRACT,
        checks="The same file was uploaded with another person's application.",
        message="同一文件也出现在他人的申请中：{detail}",
        opinion="您上传的文件需由工作人员进一步核实，请等待审核结果。",
        observe=_seen("file", same_person=False),
        batches=tuple(BatchKind),
    ),
    Rule(
        id="duplicate-picture",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="hostile corpus 43",
        confidence=FactConfidence.CONTRACT,
        checks="The same picture (resized, compressed, cropped or turned) stands in another"
        " person's application.",
        message="同一图片（经缩放、压缩、裁剪或旋转）也出现在他人的申请中：{detail}",
        opinion="您上传的图片需由工作人员进一步核实，请等待审核结果。",
        observe=_seen("picture", same_person=False),
        batches=tuple(BatchKind),
    ),
    Rule(
        id="duplicate-number",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="hostile corpus 44",
        confidence=FactConfidence.CONTRACT,
        checks="The same certificate number stands in another person's application.",
        message="同一成绩单编号也出现在他人的申请中：{detail}",
        opinion="您的成绩单编号需由工作人员进一步核实，请等待审核结果。",
        observe=_seen("number", same_person=False),
    ),
    Rule(
        id="own-file-again",
        scope=Scope.SUBMISSION,
        severity=Severity.NOTE,
        source="hostile corpus 45",
        confidence=FactConfidence.CONTRACT,
        checks="The same person uploaded the same file with an earlier application.",
        message="本人此前已上传过同一文件：{detail}",
        opinion="",
        observe=_seen("file", same_person=True),
        batches=tuple(BatchKind),
    ),
    Rule(
        id="own-picture-again",
        scope=Scope.SUBMISSION,
        severity=Severity.NOTE,
        source="hostile corpus 45",
        confidence=FactConfidence.CONTRACT,
        checks="The same person uploaded the same picture, changed or not, with another"
        " application.",
        message="本人在其他申请中上传过同一图片：{detail}",
        opinion="",
        observe=_seen("picture", same_person=True),
        batches=tuple(BatchKind),
    ),
    Rule(
        id="own-number-again",
        scope=Scope.SUBMISSION,
        severity=Severity.NOTE,
        source="hostile corpus 45",
        confidence=FactConfidence.CONTRACT,
        checks="The same person declared the same certificate number before.",
        message="本人此前已申报过同一成绩单编号：{detail}",
        opinion="",
        observe=_seen("number", same_person=True),
    ),
    Rule(
        id="another-score-elsewhere",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="hostile corpus 44; architecture: fail closed",
        confidence=FactConfidence.CONTRACT,
        checks="The same person's paper in another application prints another score or grade for"
        " the same examination in the same month.",
        message="本人在其他申请中同一次考试的成绩与此不同：{detail}",
        opinion="您在不同申请中提交的同一次考试成绩不一致，请等待工作人员核实。",
        observe=_seen("score", same_person=True),
    ),
)
