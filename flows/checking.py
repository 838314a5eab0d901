"""What `run` would refuse or return, without reading the uploads' text."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from domain.application import BatchInput, Submission
from domain.faults import BatchRefused
from flows.parts import PolicyOf
from reports.wording import reason_wording
from store.institutions import load_policy


def check_folder(
    folder: Path,
    read_folder: Callable[[Path, PolicyOf], BatchInput],
    console: Console,
    language: str,
) -> bool:
    """Print one line per fault and return whether there was any. Nothing is stored."""
    try:
        given = read_folder(folder, load_policy)
    except BatchRefused as refused:
        for fault in refused.faults:
            _line(console, fault.render(language))
        return True
    found = False
    for submission in given.submissions:
        for place, codes in _rejections(submission):
            found = True
            reasons = "，".join(f"{reason_wording(code)}（{code}）" for code in codes)
            _line(console, f"{place}：{reasons}")
    for name in given.orphan_folders:
        _line(console, f"uploads/{name}: orphan-folder")
    count = len(given.submissions)
    _line(console, f"{given.batch.id}: {count} applications, {'faults' if found else 'no faults'}")
    return found


def _rejections(submission: Submission) -> list[tuple[str, tuple[str, ...]]]:
    number = submission.student_number
    lines = [(f"学号 {number}", submission.rejections)] if submission.rejections else []
    for position, upload in enumerate(submission.uploads, start=1):
        if upload.rejections and not submission.rejections:
            # A file's own name can hold the applicant's.
            lines.append((f"学号 {number} 第{position}个文件", upload.rejections))
    return lines


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
