"""Open files of an untrusted folder: never through a link, never blocking, bounded."""

import os
import stat
from pathlib import Path

from domain.faults import InputFault

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


class NotRegular(Exception):
    """What stands there is a link, a pipe, a device or a folder, and was not read."""


def open_regular(name: str | Path, folder_fd: int | None = None) -> int:
    """Return a descriptor of a regular file, to be closed by the caller.

    A link in the last part of the name is not followed; a pipe without a writer does not block.
    Raises `NotRegular`, or `OSError` where the file is missing or may not be read.
    """
    # Opening a device can have effects of its own (a tape rewinds), so look before opening too.
    if not stat.S_ISREG(os.stat(name, dir_fd=folder_fd, follow_symlinks=False).st_mode):
        raise NotRegular
    descriptor = os.open(name, _FLAGS, dir_fd=folder_fd)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # exchanged in between
        os.close(descriptor)
        raise NotRegular
    return descriptor


def open_folder(name: str | Path, folder_fd: int | None = None) -> int:
    """Return a descriptor of a folder that is not a link, to be closed by the caller."""
    return os.open(name, _FOLDER_FLAGS, dir_fd=folder_fd)


def read_text_file(path: Path, limit_bytes: int) -> bytes | InputFault:
    """Return the bytes of a file of the batch folder, or the fault that kept it from being read."""
    try:
        with os.fdopen(open_regular(path), "rb") as stream:
            data = stream.read(limit_bytes + 1)
    except NotRegular:
        return not_regular(path.name)
    except OSError as error:
        return InputFault(
            file=path.name,
            row=None,
            column="",
            code="unreadable",
            message=f"文件无法读取（{error.strerror}）。请检查文件是否存在及其读取权限。",
            message_en=f"cannot be read ({error.strerror}); check that it exists and its mode.",
        )
    if len(data) > limit_bytes:
        size = f"{limit_bytes:,}"
        return InputFault(
            file=path.name,
            row=None,
            column="",
            code="too-big",
            message=f"文件超过 {size} 字节，不予读取。请确认导出的是正确的文件，或拆分成多个批次。",
            message_en=f"is larger than {size} bytes and was not read; check the export, or split"
            " the batch.",
        )
    return data


def not_regular(file: str) -> InputFault:
    """Return the fault of a link, pipe, device or folder where a file is due."""
    return InputFault(
        file=file,
        row=None,
        column="",
        code="not-regular",
        message="不是普通文件（链接、管道或文件夹），不予打开。请放入文件本身。",
        message_en="is not a regular file (link, pipe or folder) and was not opened; put the file"
        " itself there.",
    )
