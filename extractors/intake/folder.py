"""Read a whole batch folder, or refuse it with every fault at once."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from domain.application import Batch, BatchInput, BatchKind, CourseResult, ReceivedFile
from domain.faults import BatchRefused, ConfigurationFault, InputFault
from domain.policy import Policy
from extractors.intake.batch_toml import BATCH_FILE, read_batch_toml
from extractors.intake.columns import COURSES
from extractors.intake.grid import whole_file
from extractors.intake.opening import NotRegular, not_regular, open_regular
from extractors.intake.tables import read_applications, read_courses
from extractors.intake.upload_walk import UPLOADS
from extractors.intake.uploads import read_submissions


def read_batch_folder(folder: Path, policy_of: Callable[[str], Policy]) -> BatchInput:
    """Return everything that a batch folder holds (contract, section 1).

    `policy_of` gives the policy of an institution slug; what it raises passes through. Raises
    `BatchRefused` with every fault of the folder and its tables; faults of one upload are
    rejections of that upload. Files that the contract does not name are not looked at.
    """
    _check_folder(folder)
    # Before anything is parsed: a file that changes meanwhile no longer has its digest when it is
    # stored, and the run is refused.
    received = _received(folder)
    batch, kind, faults = read_batch_toml(folder)
    applications, ignored, table_faults = read_applications(folder, kind)
    faults = [*faults, *table_faults]
    ignored_columns = [(_table_name(folder, "applications"), header) for header in ignored]
    courses: tuple[CourseResult, ...] = ()
    if kind is BatchKind.DEGREE:
        courses, ignored, course_faults = read_courses(folder)
        faults += course_faults
        ignored_columns += [(_table_name(folder, COURSES.stem), header) for header in ignored]
    uploads = folder / UPLOADS
    if os.path.lexists(uploads) and not stat.S_ISDIR(os.lstat(uploads).st_mode):
        faults.append(not_regular(UPLOADS))
    if faults or batch is None:
        raise BatchRefused(tuple(faults))
    policy = policy_of(batch.institution)
    submissions, orphans = read_submissions(folder, applications, batch.kind, policy.intake)
    return BatchInput(
        batch=batch,
        submissions=submissions,
        courses=courses,
        orphan_folders=orphans,
        ignored_columns=tuple(ignored_columns),
        received=tuple(
            item for item in received if kind is BatchKind.DEGREE or _is_of_language(item)
        ),
    )


def _received(folder: Path) -> list[ReceivedFile]:
    """Return what `batch.toml` and the tables are by their bytes; unreadable ones are left out."""
    stems = ("applications", COURSES.stem)
    names = [BATCH_FILE, *(f"{stem}.{ending}" for stem in stems for ending in ("csv", "xlsx"))]
    found = []
    for name in names:
        try:
            with os.fdopen(open_regular(folder / name), "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                found.append(ReceivedFile(path=name, size_bytes=file.tell(), digest=digest))
        except (OSError, NotRegular):
            continue
    return found


def _is_of_language(item: ReceivedFile) -> bool:
    return not item.path.startswith(f"{COURSES.stem}.")


def read_batch_header(folder: Path) -> Batch:
    """Return what `batch.toml` says, without looking at the tables; raises `BatchRefused`."""
    _check_folder(folder)
    batch, _, faults = read_batch_toml(folder)
    if batch is None:
        raise BatchRefused(tuple(faults))
    return batch


def find_batch_folders(inbox: Path) -> list[Path]:
    """Return the folders directly below `inbox` that hold a `batch.toml`, by name.

    Links are left out, both to folders and to files. Raises `ConfigurationFault` where the inbox
    cannot be listed.
    """
    try:
        with os.scandir(inbox) as entries:
            folders = [Path(entry) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError as error:
        raise ConfigurationFault(f"inbox {inbox}: {error.strerror}") from error
    return sorted(folder for folder in folders if _is_regular(folder / BATCH_FILE))


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:  # missing, or in a folder that may not be searched
        return False


def _check_folder(folder: Path) -> None:
    try:
        with os.scandir(folder):
            return
    except OSError:
        raise BatchRefused((_no_folder(folder.name),)) from None


def _no_folder(name: str) -> InputFault:
    return whole_file(
        name,
        "no-folder",
        "批次文件夹不存在、不是文件夹或没有读取权限。请检查路径。",
        "is missing, not a folder, or may not be read; check the path.",
    )


def _table_name(folder: Path, stem: str) -> str:
    name = f"{stem}.csv"
    return name if os.path.lexists(folder / name) else f"{stem}.xlsx"
