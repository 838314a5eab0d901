"""A bag as one zip with one base directory: stored uncompressed, the same bytes each time."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold: names carry the dates
_FILE_ATTRIBUTES = (0o100600) << 16
_CHUNK_BYTES = 1 << 20


def write_zip(folder: Path, target: Path, advance: Callable[[], None]) -> None:
    """Write a folder as a zip, streaming, with zip64 where it is needed; mode 0600.

    Nothing is compressed: DA/T 70 (3-8) wants none that is not public, originals hardly shrink, and
    the bytes do not depend on a compressor's version.
    """
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "w+b") as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
    ):
        for path in _files(folder):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.external_attr = _FILE_ATTRIBUTES
            info.create_system = 3
            info.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(info, "w") as member:
                shutil.copyfileobj(source, member, _CHUNK_BYTES)
            advance()


def _files(folder: Path) -> Iterator[Path]:
    # bagit.txt first, so that the file says early what it is.
    yield folder / "bagit.txt"
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        if path.is_file() and path != folder / "bagit.txt":
            yield path
