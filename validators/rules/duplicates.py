"""Rules about files and numbers seen before, with this person or another."""

from collections.abc import Callable, Iterator

from domain.application import BatchKind
from domain.finding import Severity
from validators.case import Case
from validators.rule import FactConfidence, Observation, Rule, Scope


def _seen(*, file: bool, same_person: bool) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        for use in case.prior_uses:
            # A kind of use that is not known counts as the graver one, the number.
            if (use.kind == "file") is file and use.same_person is same_person:
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
        opinion="您上传的文件需由工作人员进一步核实。",
        observe=_seen(file=True, same_person=False),
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
        opinion="您的成绩单编号需由工作人员进一步核实。",
        observe=_seen(file=False, same_person=False),
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
        observe=_seen(file=True, same_person=True),
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
        observe=_seen(file=False, same_person=True),
    ),
)
