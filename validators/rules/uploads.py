"""Rules about the uploaded files: what intake and opening them found unusable."""

from collections.abc import Callable, Iterator

from domain.finding import Severity
from validators.case import RETURNING_FAULTS, RETURNING_REJECTIONS, Case, CaseFile, FileState
from validators.rule import FactConfidence, Observation, Rule, Scope

# rule id, what it checks, what staff read, what the applicant is told
_RETURNS = (
    ("no-upload", "Nothing was uploaded.",
     "未上传任何文件。", "您没有上传证书图片或文件，请上传后重新提交。"),
    ("too-many", "More files were uploaded than allowed; none is read.",
     "上传文件数量超过上限，未读取任何文件。", "您上传的文件超过规定的数量，请精简后重新上传。"),
    ("empty", "A file has no content.",
     "文件为空：{detail}", "您上传的文件是空文件，请重新上传。"),
    ("too-large", "A file is larger than allowed.",
     "文件超过大小上限：{detail}", "您上传的文件超过规定的大小，请压缩后重新上传。"),
    ("type-not-allowed", "A file is of a kind that is not accepted (HEIC, WebP, GIF, SVG, ...).",
     "文件格式不被接受：{detail}", "您上传的文件格式不符合要求，请转换为jpg、png或pdf后重新上传。"),
    ("type-mismatch", "A file's content is not what its name says.",
     "文件内容与扩展名不符：{detail}", "您上传的文件不是有效的jpg、png或pdf文件，请重新上传。"),
    ("dimensions", "A picture's or page's width or height is zero or beyond the limit.",
     "图片或页面的宽高超出允许范围：{detail}",
     "您上传的图片宽度或高度超出允许范围，请调整后重新上传。"),
    ("pixels", "A picture has more pixels than allowed.",
     "图片像素数超过上限：{detail}", "您上传的图片像素过大，请缩小后重新上传。"),
    ("not-regular", "An entry of the upload folder is no regular file.",
     "不是普通文件：{detail}", "您上传的内容不是可以打开的文件，请重新上传。"),
    ("pages", "A PDF has more pages than allowed.",
     "PDF页数超过上限：{detail}", "您上传的PDF页数过多，请只保留证书所在页后重新上传。"),
    ("encrypted", "A PDF needs a password to be opened.",
     "PDF设有打开密码：{detail}", "您上传的PDF设有密码，请取消密码后重新上传。"),
    ("damaged-unopenable", "A file is damaged beyond opening.",
     "文件损坏，无法打开：{detail}", "您上传的文件已损坏、无法打开，请重新上传。"),
)  # fmt: skip

_KNOWN_REJECTIONS = RETURNING_REJECTIONS | RETURNING_FAULTS


def reasons_of(file: CaseFile) -> tuple[str, ...]:
    """Return the rule ids for which a file is unusable."""
    if file.upload.rejections:
        return file.upload.rejections
    fault = file.outcome.fault if file.outcome else ""
    returned = file.state is FileState.REJECTED and fault in RETURNING_FAULTS
    return (fault,) if returned else ()


def _unusable_because(rule_id: str) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        # Beside a file that could be read, a bad one is a matter for a person (`file-rejected`).
        if not case.unusable:
            return
        nothing = rule_id == "no-upload" and not case.files and not case.submission.rejections
        if rule_id in case.submission.rejections or nothing:
            yield Observation()
            return
        for file in case.files:
            if rule_id in reasons_of(file):
                yield Observation(detail=file.upload.path)

    return observe


def _rejected_beside_good(case: Case) -> Iterator[Observation]:
    if not case.unusable:
        for file in case.files:
            if file.state is FileState.REJECTED:
                reasons = "、".join(reasons_of(file))
                yield Observation(detail=f"{file.upload.path}（{reasons}）")


def _unknown_rejection(case: Case) -> Iterator[Observation]:
    given = (*case.submission.rejections, *(r for file in case.files for r in reasons_of(file)))
    for reason in given:
        if reason not in _KNOWN_REJECTIONS and reason != "machine-failed":
            yield Observation(detail=reason)


def _same_file_twice(case: Case) -> Iterator[Observation]:
    seen: set[str] = set()
    for file in case.files:
        if file.upload.digest and file.upload.digest in seen:
            yield Observation(detail=file.upload.path)
        seen.add(file.upload.digest)


RULES = (
    *(
        Rule(
            id=rule_id,
            scope=Scope.SUBMISSION,
            severity=Severity.BLOCK,
            source="contract, section 3: return; hostile corpus 1-12, 26, 36, 37, 57",
            confidence=FactConfidence.CONTRACT,
            checks=checks,
            message=message,
            opinion=opinion,
            observe=_unusable_because(rule_id),
            returns=True,
        )
        for rule_id, checks, message, opinion in _RETURNS
    ),
    Rule(
        id="file-rejected",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="contract, section 1: several files of one applicant",
        confidence=FactConfidence.CONTRACT,
        checks="An unusable file lies beside one that could be read.",
        message="部分文件不可用：{detail}，其余文件已读取，需人工确认。",
        opinion="您上传的文件中有一部分无法使用，请等待工作人员确认其余材料是否足够。",
        observe=_rejected_beside_good,
    ),
    Rule(
        id="unknown-rejection",
        scope=Scope.SUBMISSION,
        severity=Severity.REVIEW,
        source="architecture: fail closed",
        confidence=FactConfidence.CONTRACT,
        checks="Intake gave a reason that has no rule; nothing may be concluded from it.",
        message="文件因未登记的原因（{detail}）被拒，需人工查看。",
        opinion="您上传的文件需由工作人员人工查看，请等待审核结果。",
        observe=_unknown_rejection,
    ),
    Rule(
        id="same-file-twice",
        scope=Scope.SUBMISSION,
        severity=Severity.NOTE,
        source="hostile corpus 45",
        confidence=FactConfidence.CONTRACT,
        checks="The applicant uploaded the same file more than once; it counts once.",
        message="同一文件重复上传：{detail}，按一份处理。",
        opinion="",
        observe=_same_file_twice,
    ),
)
