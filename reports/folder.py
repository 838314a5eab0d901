"""Putting files into the outcome folder so that a crash never leaves half a file."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def write_files(folder: Path, renderers: Mapping[str, Callable[[], bytes]]) -> tuple[Path, ...]:
    """Write files into a folder, all or none as far as the file system allows.

    Every file is rendered and brought to the disk in a hidden folder beside `folder` first; only
    when all stand there are they renamed into place, in the given order. Files of other names that
    are in the folder stay. The folder gets mode 0700, the files 0600. Two writers of one folder
    wait for each other. Raises `OSError` where the disk refuses; the folder is then as it was.
    """
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(_FOLDER_MODE)
    partial = folder.parent / f".{folder.name}.partial"
    with _locked(folder):
        # Under the lock, whatever stands there was left by a writer that was killed.
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=_FOLDER_MODE)
        try:
            for name, render in renderers.items():
                _write_durably(partial / name, render())
            for name in renderers:
                (partial / name).replace(folder / name)
            _flush_directory(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return tuple(folder / name for name in renderers)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write_durably(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, _FILE_MODE)  # the process's umask must not decide
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _flush_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
