"""Walk the uploads folder by descriptors: no link is followed, whatever changes meanwhile."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.faults import MachineFault
from extractors.intake.file_names import IGNORED_NAMES, portable_names
from extractors.intake.opening import open_folder, open_regular

UPLOADS = "uploads"
_MAX_ENTRIES = 10_000  # of one applicant; beyond it not even the names are kept
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing below an upload folder.

    `names` lead to it from uploads/ as they stand on disk, `path` is the portable path from the
    batch folder. `obstacle` is the rule id of what keeps it from being read, "" for a regular file.
    """

    names: tuple[str, ...]
    path: str
    size_bytes: int = 0
    obstacle: str = ""


class TooManyEntries(Exception):
    """An applicant's folder holds more, or nests deeper, than anybody would upload."""


def list_uploads(folder: Path) -> dict[str, str]:
    """Return the portable name of everything directly below uploads/, with its name on disk.

    Raises `MachineFault` where the folder is there but cannot be listed.
    """
    try:
        descriptor = open_folder(folder / UPLOADS)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise MachineFault("uploads-unreadable", f"uploads: {error.strerror}") from error
    try:
        names = portable_names(_names_in(descriptor))
    finally:
        os.close(descriptor)
    return {portable: name for name, portable in names.items() if name.lower() not in IGNORED_NAMES}


def walk_folder(folder: Path, name: str, portable: str) -> Iterator[Entry]:
    """Yield all that an applicant's folder holds, in nested folders too.

    `name` is the folder's on disk. Raises `TooManyEntries`.
    """
    pending = [Entry(names=(name,), path=f"{UPLOADS}/{portable}")]
    seen = 0
    while pending:
        for entry, is_folder in _list_folder(folder, pending.pop()):
            seen += 1
            if seen > _MAX_ENTRIES or len(entry.names) > _MAX_DEPTH:
                raise TooManyEntries
            if is_folder:
                pending.append(entry)
            else:
                yield entry


def open_entry(folder: Path, entry: Entry) -> int:
    """Return a descriptor of a regular file, to be closed by the caller.

    Raises `NotRegular` or `OSError`.
    """
    descriptor = _open_below(folder, entry.names[:-1])
    try:
        return open_regular(entry.names[-1], descriptor)
    finally:
        os.close(descriptor)


def _open_below(folder: Path, names: tuple[str, ...]) -> int:
    descriptor = open_folder(folder / UPLOADS)
    for name in names:
        try:
            below = open_folder(name, descriptor)
        finally:
            os.close(descriptor)
        descriptor = below
    return descriptor


def _list_folder(folder: Path, parent: Entry) -> Iterator[tuple[Entry, bool]]:
    try:
        descriptor = _open_below(folder, parent.names)
    except NotADirectoryError:  # also what O_NOFOLLOW | O_DIRECTORY says of a link
        # A file in the place of uploads/<学号> is no folder of uploads; a link there is suspicious.
        if not stat.S_ISREG(os.lstat(folder.joinpath(UPLOADS, *parent.names)).st_mode):
            yield Entry(names=parent.names, path=parent.path, obstacle="not-regular"), False
        return
    except OSError:
        yield Entry(names=parent.names, path=parent.path, obstacle="machine-failed"), False
        return
    try:
        for name, portable in portable_names(_names_in(descriptor)).items():
            if entry := _look(descriptor, parent, name, portable):
                yield entry
    finally:
        os.close(descriptor)


def _names_in(descriptor: int) -> list[str]:
    with os.scandir(descriptor) as entries:
        return [entry.name for entry in entries]


def _look(descriptor: int, parent: Entry, name: str, portable: str) -> tuple[Entry, bool] | None:
    names, path = (*parent.names, name), f"{parent.path}/{portable}"
    try:
        status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
    except OSError:
        return Entry(names=names, path=path, obstacle="machine-failed"), False
    if stat.S_ISDIR(status.st_mode):
        return Entry(names=names, path=path), True
    if not stat.S_ISREG(status.st_mode):
        return Entry(names=names, path=path, obstacle="not-regular"), False
    if name.lower() in IGNORED_NAMES:
        return None
    return Entry(names=names, path=path, size_bytes=status.st_size), False
