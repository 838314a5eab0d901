"""The uploaded files, byte for byte, each under the SHA-256 of its content.

`originals/ab/<sha256>`; a file appears complete or not at all (temporary file, fsync, rename).
Folders are 0700 and files 0600: they hold identity papers.
"""

import errno
import hashlib
import os
import re
import secrets
import stat
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from domain.faults import MachineFault

_CHUNK_BYTES = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


class ChangedWhileStored(MachineFault):
    """A file is not what intake saw a moment ago; a run after the copying is done succeeds."""

    def __init__(self) -> None:
        super().__init__("changed-while-stored", "a file changed while it was being stored")


class Originals:
    """The content-addressed folder of uploaded files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, digest: str) -> Path:
        """Return where the file with a digest is, or would be, stored."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256 in hex")
        return self.folder / digest[:2] / digest

    def keep(self, source: Path, digest: str) -> Path:
        """Store a file's bytes under its digest and return the stored path.

        A stored file that no longer has its digest is replaced. Raises `ChangedWhileStored` where
        the source has other bytes now or is no regular file, `MachineFault("disk-full")` where the
        disk is full.
        """
        if self.intact(digest):
            return self.path_of(digest)
        with _open_regular(source) as reading:
            return self._keep(reading, digest)

    def keep_bytes(self, content: bytes, digest: str) -> Path:
        """Store bytes under their digest, as `keep` does."""
        return self.path_of(digest) if self.intact(digest) else self._keep(BytesIO(content), digest)

    def _keep(self, reading: BinaryIO, digest: str) -> Path:
        target = self.path_of(digest)
        temporary = target.parent / f".{secrets.token_hex(16)}"
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _copy(reading, temporary) != digest:
                raise ChangedWhileStored
            temporary.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise MachineFault(
                    "disk-full", f"{self.folder}: the disk is full; make room and run again"
                ) from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        return target

    def intact(self, digest: str) -> bool:
        """Return whether the file is stored and still has its digest."""
        path = self.path_of(digest)
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except FileNotFoundError:
            return False

    def read(self, digest: str) -> bytes:
        """Return a stored file's bytes; raises `MachineFault` where it is missing or damaged."""
        try:
            content = self.path_of(digest).read_bytes()
        except FileNotFoundError as error:
            raise MachineFault("original-missing", f"original {digest} is missing") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise MachineFault("original-damaged", f"original {digest} is damaged; restore it")
        return content


def _open_regular(source: Path) -> BinaryIO:
    """Open a regular file, never through a link and never waiting for a pipe."""
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ChangedWhileStored from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ChangedWhileStored
    return os.fdopen(descriptor, "rb")


def _copy(reading: BinaryIO, target: Path) -> str:
    """Write a new private file, down to the disk, and return the digest of its bytes."""
    digest = hashlib.sha256()
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(opened, "wb") as writing:
        while chunk := reading.read(_CHUNK_BYTES):
            digest.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
