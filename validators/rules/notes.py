"""Rules about what was noticed while a file was opened, and about reading that failed."""

from collections.abc import Callable, Iterator

from domain.finding import Severity
from validators.case import RETURNING_FAULTS, Case, FileState
from validators.rule import FactConfidence, Observation, Rule, Scope
from validators.rules.tampering import EDITED_NOTE

_REVIEW, _ADVICE, _NOTE = Severity.REVIEW, Severity.ADVICE, Severity.NOTE

# rule id, severity, hostile corpus number, what it checks, what staff read, what applicants read
_NOTES = (
    ("polyglot", _REVIEW, "8", "A file is valid as two formats at once.",
     "文件同时是两种格式：{detail}", "您上传的文件结构异常，请等待工作人员查看。"),
    ("multi-frame", _REVIEW, "20", "A picture holds several frames; only the first was read.",
     "图片含有多帧，只读取了第一帧：{detail}", "您上传的图片含有多个画面，请等待工作人员查看。"),
    ("mirrored", _REVIEW, "18", "The picture is mirrored.",
     "图片左右颠倒（镜像）：{detail}", "您上传的图片左右颠倒，请上传未翻转的图片。"),
    ("hidden-text", _REVIEW, "30", "A PDF holds text that cannot be seen.",
     "PDF含有不可见文字：{detail}", "您上传的PDF含有异常内容，请等待工作人员查看。"),
    ("form-content", _REVIEW, "28", "A PDF shows filled form fields instead of printed content.",
     "PDF含有表单填写内容：{detail}", "您上传的PDF含有可填写的表单内容，请等待工作人员查看。"),
    ("layer-disagrees", _REVIEW, "29, 31", "A PDF's text layer and picture disagree.",
     "PDF文字层与画面不一致：{detail}", "您上传的PDF文字与画面不一致，请等待工作人员查看。"),
    ("damaged", _REVIEW, "14, 39", "A file is damaged, but could be opened in part.",
     "文件部分损坏：{detail}", "您上传的文件部分损坏，请重新上传完整的文件。"),
    ("blank", _REVIEW, "21", "A file shows nothing but an empty page.",
     "页面空白：{detail}", "您上传的文件没有可见内容，请上传证书的清晰图片。"),
    ("unreadable", _REVIEW, "19", "A file could be opened but not read.",
     "图片无法辨认：{detail}", "您上传的图片无法辨认，请重新上传清晰、完整的图片。"),
    ("pdf-structure", _REVIEW, "33", "A PDF's structure is broken; its text layer was not read.",
     "PDF结构异常，未能读取文字层：{detail}", "您上传的PDF结构异常，请等待工作人员查看。"),
    ("owner-password", _NOTE, "26", "A PDF has an owner password; it opens without it.",
     "PDF设有权限密码（可打开）：{detail}", ""),
    ("active-content", _NOTE, "27", "A PDF holds scripts, links or attachments; none is followed.",
     "PDF含有脚本、链接或附件（未执行）：{detail}", ""),
    ("revised", _ADVICE, "32", "A PDF was changed after it was first saved.",
     "PDF在首次保存后被修改过：{detail}", ""),
    ("extension-mismatch", _NOTE, "5", "A file's extension does not fit its content.",
     "扩展名与实际格式不一致（以内容为准）：{detail}", ""),
    ("trailing-data", _NOTE, "15", "Bytes follow after the end of the picture.",
     "文件末尾有多余数据：{detail}", ""),
)  # fmt: skip

_KNOWN = frozenset(row[0] for row in _NOTES) | {EDITED_NOTE}


def _noted(rule_id: str) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        for file in case.files:
            fault = file.outcome.fault if file.outcome and file.state is FileState.FAILED else ""
            machine = file.outcome is not None and file.outcome.machine_failed
            if rule_id in file.notes or (rule_id == fault and not machine):
                yield Observation(detail=file.upload.path)

    return observe


def _unknown_note(case: Case) -> Iterator[Observation]:
    for file in case.files:
        for note in file.notes:
            if note not in _KNOWN:
                yield Observation(detail=f"{file.upload.path}（{note}）")


def _machine_failed(case: Case) -> Iterator[Observation]:
    if case.submission.rejections:
        return  # nothing was to be read
    for file in case.files:
        outcome = file.outcome
        usable = file.state is not FileState.REJECTED
        if file.upload.rejections and "machine-failed" not in file.upload.rejections:
            continue
        if usable and (outcome is None or outcome.machine_failed or (
            not outcome.fault and outcome.reading is None
        )):  # fmt: skip
            yield Observation(detail=file.upload.path)


def _other_fault(case: Case) -> Iterator[Observation]:
    for file in case.files:
        outcome = file.outcome
        if file.state is FileState.FAILED and outcome and outcome.fault:
            if outcome.machine_failed or outcome.fault in _KNOWN:
                continue
            yield Observation(detail=f"{file.upload.path}（{outcome.fault}）")


def _nothing_on_the_pages(case: Case) -> Iterator[Observation]:
    for file in case.files:
        reading = file.outcome.reading if file.outcome else None
        if file.state is not FileState.READ or reading is None or reading.extractions:
            continue
        if not any(page.lines or page.text_layer for page in reading.document.pages):
            yield Observation(detail=file.upload.path)


def _blank(case: Case) -> Iterator[Observation]:
    yield from _noted("blank")(case)
    yield from _nothing_on_the_pages(case)


RULES = (
    *(
        Rule(
            id=rule_id,
            scope=Scope.SUBMISSION,
            severity=severity,
            source=f"hostile corpus {row}",
            confidence=FactConfidence.CONTRACT,
            checks=checks,
            message=message,
            opinion=opinion,
            observe=_blank if rule_id == "blank" else _noted(rule_id),
        )
        for rule_id, severity, row, checks, message, opinion in _NOTES
    ),
    Rule(
        id="machine-failed",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="contract, section 3: review",
        confidence=FactConfidence.CONTRACT,
        checks="The machine failed at a file, or has no answer for it.",
        message="处理失败，需人工查看：{detail}",
        opinion="您上传的文件需由工作人员人工查看，请等待审核结果。",
        observe=_machine_failed,
    ),
    Rule(
        id="reading-fault",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="architecture: fail closed; " + ", ".join(sorted(RETURNING_FAULTS)) + " return",
        confidence=FactConfidence.CONTRACT,
        checks="Reading a file ended with a fault that has no rule of its own.",
        message="读取文件时出现问题：{detail}",
        opinion="您上传的文件需由工作人员人工查看，请等待审核结果。",
        observe=_other_fault,
    ),
    Rule(
        id="unknown-note",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="architecture: fail closed",
        confidence=FactConfidence.CONTRACT,
        checks="Something was noted about a file that has no rule; a person looks.",
        message="文件带有未登记的提示：{detail}",
        opinion="您上传的文件需由工作人员人工查看，请等待审核结果。",
        observe=_unknown_note,
    ),
)
