"""What the first pages of the thesis say: whose it is, and its title (R21).

The pages are read without knowing either; a thesis has no labels that one could rely on, so name
and title are looked for anywhere on its first pages. It is a check of mix-ups, not of authorship.
"""

from collections.abc import Iterator

from domain.finding import Severity
from validators.case import FileState
from validators.degree_case import DegreeCase, declare_degree
from validators.normalizing import name_key
from validators.rule import FactConfidence, Observation
from validators.rules.degree_files import file_name_key


def thesis_says(case: DegreeCase, text: str) -> bool:
    """Return whether a text stands on the first pages, whatever its width, spaces and breaks."""
    pages = file_name_key("".join(line.text for line in case.thesis_lines))
    wanted = file_name_key(text)
    return bool(wanted) and wanted in pages


def _was_read(case: DegreeCase) -> bool:
    return case.thesis is not None and case.thesis.state is FileState.READ


def _no_text(case: DegreeCase) -> Iterator[Observation]:
    if _was_read(case) and not name_key("".join(line.text for line in case.thesis_lines)):
        yield Observation()


def _author_differs(case: DegreeCase) -> Iterator[Observation]:
    if not _was_read(case) or any(_no_text(case)):
        return
    if not thesis_says(case, case.application.name):
        yield Observation(column="姓名", declared=case.application.name)


def _title_differs(case: DegreeCase) -> Iterator[Observation]:
    title = case.application.get("论文题目")
    if not _was_read(case) or any(_no_text(case)) or not title.strip():
        return
    if not thesis_says(case, title):
        yield Observation(column="论文题目", declared=title)


_REVIEW, _CONTRACT = Severity.REVIEW, FactConfidence.CONTRACT

RULES = (
    declare_degree("thesis-without-text", _REVIEW, "contract, degree batches; R21", _CONTRACT,
                   "No text was found on the first pages of the thesis.",
                   "论文前几页没有识别出文字，不能核对姓名和题目。",
                   "您的论文前几页无法识别，需由工作人员核实，请等待审核结果。", _no_text),
    declare_degree("thesis-author-differs", _REVIEW, "contract, degree batches; R21", _CONTRACT,
                   "The first pages of the thesis do not name the applicant.",
                   "论文前几页没有申请人的姓名。",
                   "您的论文前几页没有找到您的姓名，请核对是否上传了本人的论文定稿。",
                   _author_differs),
    declare_degree("thesis-title-differs", _REVIEW, "contract, degree batches; R21", _CONTRACT,
                   "The first pages of the thesis do not carry the declared title.",
                   "论文前几页没有申报的题目：{declared}",
                   "您的论文前几页没有找到您填写的论文题目（{declared}），请核对。",
                   _title_differs),
)  # fmt: skip
