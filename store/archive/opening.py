"""Open a package that nobody vouches for: a folder as it stands, or a zip unpacked with care."""

import contextlib
import errno
import lzma
import os
import shutil
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from store.archive.faults import Faults

_MOST_ENTRIES = 2_000_000
_FREE_BYTES = 100_000_000  # what a small zip may unpack to
_MOST_RATIO = 50  # text packs that well at most; ours are not packed at all
_CHUNK_BYTES = 1 << 20
_MOST_READ_BYTES = 2 << 30  # no document or upload of ours is larger
_ENCRYPTED_FLAG = 0x1
# Whatever the library and its decompressors raise for bytes that are not what they say.
_BROKEN_ZIP = (OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError,
               EOFError, NotImplementedError, ValueError, OverflowError, IndexError)  # fmt: skip
_STRUCTURE, _LOCKED, _STRAY = "GD-2-10", "GD-3-8", "GD-4-2-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The regular files below a folder by their path: what is none is never opened."""

    root: Path
    sizes: dict[str, int]

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OSError where it is none of the listed, or far too large.

        A link could lead anywhere, a pipe never end.
        """
        if path not in self.sizes:
            raise FileNotFoundError(errno.ENOENT, "no such plain file")
        if self.sizes[path] > _MOST_READ_BYTES:
            raise OSError(errno.EFBIG, f"{self.sizes[path]} bytes")
        return (self.root / path).read_bytes()


@contextlib.contextmanager
def opened(path: Path, faults: Faults) -> Iterator[Path | None]:
    """Give the folder of a package, None where there is none; what is wrong goes to `faults`.

    A zip is unpacked into a private folder that is removed afterwards: only plain files, never
    outside it, never more than it says and a package can hold.
    """
    if path.is_dir():
        yield path
        return
    if not path.is_file():
        faults.add(_STRUCTURE, path.name, "a package (folder or zip)", "no such file")
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="hedui-verify-") as scratch:
        root = None
        try:
            with zipfile.ZipFile(path) as archive:
                root = _unpack(archive, Path(scratch), path, faults)
        except _BROKEN_ZIP as error:
            faults.add(_STRUCTURE, path.name, "a zip", f"none that opens ({type(error).__name__})")
        yield root


def _unpack(archive: zipfile.ZipFile, scratch: Path, path: Path, faults: Faults) -> Path | None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    allowed = _FREE_BYTES + _MOST_RATIO * path.stat().st_size
    free = shutil.disk_usage(scratch).free
    if len(entries) > _MOST_ENTRIES or total > allowed:
        faults.add(_STRAY, path.name, f"at most {allowed} bytes", f"{total} bytes: not unpacked")
        return None
    if total > free:
        faults.add(_STRUCTURE, path.name, f"{total} bytes of room to unpack", f"{free} bytes free")
        return None
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        wrong = _wrong_with(entry, seen)
        seen.add(_folded(name))
        if wrong:
            faults.add(_LOCKED if wrong == "encrypted" else _STRAY, name, "a plain file", wrong)
        elif not name.endswith("/"):
            _extract(archive, entry, scratch, faults)
    bases = [item for item in scratch.iterdir() if item.is_dir()]
    stray = [item.name for item in scratch.iterdir() if not item.is_dir()]
    for name in stray:
        faults.add(_STRAY, name, "one base directory", "a file beside it")
    if len(bases) != 1:
        faults.add(_STRUCTURE, path.name, "one base directory", f"{len(bases)} directories")
        return None
    return bases[0]


def _wrong_with(entry: zipfile.ZipInfo, seen: set[str]) -> str:
    """Return what makes an entry unfit to be unpacked, "" where nothing does."""
    name, mode = entry.filename, entry.external_attr >> 16
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or "\\" in name or "\0" in name or name[1:2] == ":":
        return "an absolute or foreign path"
    if any(part in ("", ".", "..") for part in parts):
        return "a path that leaves its folder"
    if _folded(name) in seen:
        return "a second file of that name"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device"
    return "encrypted" if entry.flag_bits & _ENCRYPTED_FLAG else ""


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, scratch: Path,
             faults: Faults) -> None:  # fmt: skip
    target = scratch / entry.filename
    left = entry.file_size
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with archive.open(entry) as source, os.fdopen(descriptor, "wb") as file:
            while (chunk := source.read(_CHUNK_BYTES)) and left >= 0:
                left -= len(chunk)
                file.write(chunk)
        if left < 0:
            faults.add(_STRAY, entry.filename, f"{entry.file_size} bytes", "more than that")
    except _BROKEN_ZIP as error:
        faults.add("GD-3-2", entry.filename, "a file that unpacks", type(error).__name__)


def list_files(root: Path, faults: Faults) -> Listing:
    """Return the regular files of a package; links, devices and twins of one name are faults."""
    sizes: dict[str, int] = {}
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            path = folder.relative_to(root).as_posix()
            faults.add("GD-3-2", path, "a folder that can be read", error.strerror)
            continue
        for entry in entries:
            path = Path(entry.path).relative_to(root).as_posix()
            if entry.is_symlink():
                faults.add(_STRAY, path, "a plain file", "a link")
            elif entry.is_dir(follow_symlinks=False):
                pending.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                sizes[path] = entry.stat(follow_symlinks=False).st_size
            else:
                faults.add(_STRAY, path, "a plain file", "a device, pipe or socket")
    twins: dict[str, str] = {}
    for path in sorted(sizes):
        other = twins.setdefault(_folded(path), path)
        if other != path:
            faults.add(_STRAY, path, "one file of that name", f"its twin {other!a}")
    return Listing(root=root, sizes=sizes)
