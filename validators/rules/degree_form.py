"""The applicant's own 学位申请表, compared field by field with what was declared."""

from collections.abc import Iterator

from domain.finding import Severity
from validators.case import FileState
from validators.degree_case import DegreeCase, declare_degree
from validators.degree_form import compare_form, form_reading
from validators.rule import FactConfidence, Observation


def _differs(case: DegreeCase) -> Iterator[Observation]:
    for row in compare_form(case):
        if row.extracted and not row.agreement.agrees:
            yield Observation(column=row.field, declared=row.declared, extracted=row.extracted)


def _unread(case: DegreeCase) -> Iterator[Observation]:
    if case.form is None or case.form.state is not FileState.READ:
        return
    form = form_reading(case)
    if form is None or not {value.column for value in form.values} & _WHOSE:
        yield Observation(detail=case.form.upload.path.rpartition("/")[2])


def _not_read(case: DegreeCase) -> Iterator[Observation]:
    left = [row.field for row in compare_form(case) if not row.extracted and row.declared]
    if left:
        yield Observation(detail="、".join(left))


# Without one of these nobody has seen whose form it is.
_WHOSE = frozenset({"学号", "姓名", "证件号码"})

RULES = (
    declare_degree("form-unread", Severity.REVIEW, "contract, degree batches",
                   FactConfidence.CONTRACT,
                   "A file should be the applicant's own form, but shows none, or not whose it is.",
                   "上传的学位申请表未能识别，不能与申报核对：{detail}",
                   "您上传的学位申请表未能识别，需由工作人员核实，请等待审核结果。", _unread),
    declare_degree("form-differs", Severity.REVIEW, "contract, degree batches",
                   FactConfidence.CONTRACT,
                   "A field of the applicant's own form is not what was declared.",
                   "学位申请表上的{field}（{extracted}）与申报（{declared}）不一致。",
                   "您上传的学位申请表上的{field}与填报的（{declared}）不一致，请核对。", _differs),
    declare_degree("form-not-read", Severity.NOTE, "contract, degree batches",
                   FactConfidence.CONTRACT,
                   "Some fields of the applicant's own form were not found.",
                   "学位申请表上没有识别出：{detail}。", "", _not_read),
)  # fmt: skip
