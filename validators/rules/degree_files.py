"""The files of a degree application: thesis, portrait, the applicant's own form (R20, R21)."""

import re
from collections.abc import Callable, Iterator

from domain.finding import Severity
from validators.case import CaseFile, FileState
from validators.degree_case import DegreeCase, DegreeObserve, declare_degree
from validators.normalizing import name_key
from validators.rule import FactConfidence, Observation
from validators.rules.uploads import reasons_of

# What file systems refuse in names, and what people put in its place.
_FOLDED_AWAY = re.compile(r'[\\/:*?"<>|_\s＼／：＊？＂＜＞｜“”‘’《》〈〉「」『』]+')

_ENDINGS = re.compile(r"(?:\s*\.(?:pdf|docx?))+$", re.IGNORECASE)
_LONGEST_NAME_BYTES = 250  # 255 with the ending (ext4, NTFS and APFS alike, or fewer)
_LONG_ENOUGH_BYTES = 120


def file_name_key(text: str) -> str:
    """Return the comparison key of a file name: no refused signs, no width, no case."""
    return _FOLDED_AWAY.sub("", name_key(_FOLDED_AWAY.sub("", text)))


def _stem(file: CaseFile) -> str:
    """Return a file's name without its ending, also where a program hung a second one on it."""
    name = file.upload.path.rpartition("/")[2]
    return _ENDINGS.sub("", name) or name


def _is_named(stem: str, wanted: str) -> bool:
    key, wanted_key = file_name_key(stem), file_name_key(wanted)
    if key == wanted_key:
        return True
    # No file system holds a longer name: then its beginning is all that can be asked for.
    too_long = len(wanted.encode()) > _LONGEST_NAME_BYTES
    return too_long and len(stem.encode()) >= _LONG_ENOUGH_BYTES and wanted_key.startswith(key)


def _no_thesis(case: DegreeCase) -> Iterator[Observation]:
    if not case.theses and not case.others and "too-many" not in case.submission.rejections:
        yield Observation()


def _wrong_type(case: DegreeCase) -> Iterator[Observation]:
    if not case.theses:
        for file in case.others:
            yield Observation(detail=file.upload.path.rpartition("/")[2])


def _too_many(case: DegreeCase) -> Iterator[Observation]:
    if "too-many" in case.submission.rejections:
        yield Observation()


def _several(attribute: Callable[[DegreeCase], tuple[CaseFile, ...]]) -> DegreeObserve:
    def observe(case: DegreeCase) -> Iterator[Observation]:
        digests = {file.upload.digest for file in attribute(case)}
        if len(digests) > 1:
            yield Observation(detail=str(len(digests)))

    return observe


def _misnamed(case: DegreeCase) -> Iterator[Observation]:
    application = case.application
    parts = (case.submission.student_number, application.name, application.get("论文题目"))
    wanted = "+".join(parts)
    for file in case.theses:
        if not _is_named(_stem(file), wanted):
            yield Observation(column="论文题目", detail=file.upload.path.rpartition("/")[2])


def _unopenable(case: DegreeCase) -> Iterator[Observation]:
    for file in case.theses:
        if file.state is FileState.REJECTED:
            yield Observation(detail="、".join(reasons_of(file)))


def _failed(case: DegreeCase) -> Iterator[Observation]:
    for file in case.files:
        if file.state is FileState.FAILED:
            fault = file.outcome.fault if file.outcome else "、".join(file.upload.rejections)
            yield Observation(detail=fault or "no-answer")


# What was noticed while a file was opened and would otherwise pass unseen.
_ODD_NOTES = frozenset({"damaged", "polyglot", "multi-frame"})


def _odd(case: DegreeCase) -> Iterator[Observation]:
    for file in case.files:
        if file.state is FileState.READ and (odd := _ODD_NOTES & set(file.notes)):
            yield Observation(detail=f"{file.upload.path}（{'、'.join(sorted(odd))}）")


def _bad_beside(case: DegreeCase) -> Iterator[Observation]:
    for file in (*case.photos, *case.forms, *case.others):
        if file.state is FileState.REJECTED:
            yield Observation(detail=f"{file.upload.path}（{'、'.join(reasons_of(file))}）")


def _other_file(case: DegreeCase) -> Iterator[Observation]:
    if case.theses:
        for file in case.others:
            yield Observation(detail=file.upload.path.rpartition("/")[2])


def _no_photo(case: DegreeCase) -> Iterator[Observation]:
    if not case.photos:
        yield Observation()


_BLOCK, _REVIEW, _WARN = Severity.BLOCK, Severity.REVIEW, Severity.WARN
_CONTRACT = FactConfidence.CONTRACT
_NAMED = "学号+姓名+论文题目"

RULES = (
    declare_degree("thesis-missing", _BLOCK, "manual, step 7: 毕业论文定稿", _CONTRACT,
                   "No thesis was uploaded.",
                   "未上传毕业论文定稿。",
                   f"您没有上传毕业论文定稿，请上传pdf、doc或docx文件，命名为“{_NAMED}”。",
                   _no_thesis),
    declare_degree("thesis-type", _BLOCK, "contract, degree batches; R21", _CONTRACT,
                   "What was uploaded for a thesis is no pdf, doc or docx.",
                   "论文文件格式不是pdf、doc或docx：{detail}",
                   "您上传的论文不是pdf、doc或docx文件，请转换后重新上传。", _wrong_type),
    declare_degree("degree-too-many", _BLOCK, "contract, section 1: several files", _CONTRACT,
                   "More files were uploaded than allowed; none is read.",
                   "上传文件数量超过上限，未读取任何文件。",
                   "您上传的文件超过规定的数量，请精简后重新上传。", _too_many),
    declare_degree("thesis-unopenable", _BLOCK, "contract, degree batches; R21", _CONTRACT,
                   "The thesis cannot be opened: empty, damaged, or with a password.",
                   "论文文件无法打开（{detail}）。",
                   "您上传的论文文件无法打开，请确认文件完好且没有密码后重新上传。", _unopenable),
    declare_degree("theses-several", _REVIEW, "contract, degree batches", _CONTRACT,
                   "Several different files may be the thesis.",
                   "有{detail}个文件可能是论文，需人工确定。",
                   "您上传了多个论文文件，需由工作人员确定以哪个为准，请等待审核结果。",
                   _several(lambda case: case.theses)),
    declare_degree("thesis-name", _REVIEW, "manual, step 7; R20", _CONTRACT,
                   f"The thesis file is not named {_NAMED} with the declared values.",
                   f"论文文件名不是“{_NAMED}”：{{detail}}",
                   f"您的论文文件名不符合“{_NAMED}”的要求，请核对。", _misnamed),
    declare_degree("degree-file-failed", _REVIEW, "architecture: fail closed", _CONTRACT,
                   "The machine failed at a file, or could make nothing of it.",
                   "有文件未能读取（{detail}），需人工查看。",
                   "您上传的文件需由工作人员人工查看，请等待审核结果。", _failed),
    declare_degree("degree-file-rejected", _REVIEW, "contract, degree batches", _CONTRACT,
                   "A portrait, form or other file cannot be used.",
                   "有文件不可用：{detail}",
                   "您上传的照片或申请表无法使用，需由工作人员确认，请等待审核结果。",
                   _bad_beside),
    declare_degree("degree-file-odd", _REVIEW, "hostile corpus 8, 14, 20", _CONTRACT,
                   "A file is damaged in part, is two formats at once, or holds several frames.",
                   "文件结构异常：{detail}",
                   "您上传的文件不完整或结构异常，需由工作人员确认，请等待审核结果。", _odd),
    declare_degree("degree-other-file", _WARN, "contract, degree batches", _CONTRACT,
                   "A file is neither thesis, portrait nor form; it was not looked at.",
                   "另有未核对的文件：{detail}", "", _other_file),
    declare_degree("photo-missing", Severity.ADVICE, "contract, degree batches", _CONTRACT,
                   "There is no portrait; the box on the form stays empty.",
                   "未上传证件照，申请表的照片框留空。", "", _no_photo),
    declare_degree("photos-several", _WARN, "contract, degree batches", _CONTRACT,
                   "There are several pictures that may be the portrait; none is put on the form.",
                   "有{detail}张图片可能是证件照，申请表的照片框留空。", "",
                   _several(lambda case: case.photos)),
    declare_degree("forms-several", _REVIEW, "contract, degree batches", _CONTRACT,
                   "Several different files may be the applicant's own form.",
                   "有{detail}个文件可能是学位申请表，需人工确定。",
                   "您上传了多份学位申请表，需由工作人员确定以哪份为准，请等待审核结果。",
                   _several(lambda case: case.forms)),
)  # fmt: skip
