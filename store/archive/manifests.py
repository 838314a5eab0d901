"""The BagIt side of a check: structure, manifests, counts and every digest, all faults at once.

The library stops at the first sort of fault, so manifests are read here; where nothing is found, it
has the last word.
"""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bagit

from store.archive.faults import Faults
from store.archive.opening import Listing

ALGORITHMS = ("sha256", "sha512")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")
_MOST_TAG_BYTES = 200_000_000
_STRUCTURE = "GD-2-10"
_BAGIT_TXT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """What the files of a package really are: SHA-256 by path; unreadable ones are missing."""

    sha256: dict[str, str]


def check_manifests(listing: Listing, faults: Faults, advance: Callable[[], None]) -> Digests:
    """Check a bag's own files and every digest; return the real digests."""
    _check_declaration(listing, faults)
    real: dict[str, dict[str, str]] = {}
    for path in sorted(listing.sizes):
        digests = _digest(listing.root / path, path, faults)
        if digests:
            real[path] = digests
        advance()
    for prefix, covers in (("manifest", _is_payload), ("tagmanifest", _is_tag_file)):
        for algorithm in ALGORITHMS:
            name = f"{prefix}-{algorithm}.txt"
            listed = _read_manifest(name, listing, faults)
            if listed is not None:
                _compare(name, algorithm, listed, covers, real, listing, faults)
    for path in listing.sizes:
        if not _is_payload(path) and path not in _TAG_FILES:
            faults.add("GD-4-2-1", path, "nothing but the bag's own files", "an unlisted tag file")
    if not faults.all():
        _ask_library(listing.root, faults)
    return Digests(sha256={path: digests["sha256"] for path, digests in real.items()})


_TAG_FILES = {
    "bagit.txt", "bag-info.txt",
    *(f"{prefix}-{name}.txt" for prefix in ("manifest", "tagmanifest") for name in ALGORITHMS),
}  # fmt: skip


def _is_payload(path: str) -> bool:
    return path.startswith("data/")


def _is_tag_file(path: str) -> bool:
    return not path.startswith(("data/", "tagmanifest-"))


def _check_declaration(listing: Listing, faults: Faults) -> None:
    for name in sorted(_TAG_FILES - listing.sizes.keys()):
        faults.add(_STRUCTURE, name, "a file of every package", "missing")
    if not any(map(_is_payload, listing.sizes)):
        faults.add(_STRUCTURE, "data", "the payload", "none")
    text = read_text("bagit.txt", listing, faults)
    if text is not None and text.replace("\r\n", "\n") != _BAGIT_TXT:
        faults.add(_STRUCTURE, "bagit.txt", "BagIt-Version: 1.0, UTF-8", text[:80])


def read_text(name: str, listing: Listing, faults: Faults) -> str | None:
    """Return a tag file's text, None where it is missing, too large or no UTF-8."""
    if name not in listing.sizes:
        return None
    if listing.sizes[name] > _MOST_TAG_BYTES:
        faults.add("GD-3-1", name, "a tag file", f"{listing.sizes[name]} bytes")
        return None
    try:
        return listing.read(name).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.add("GD-3-1", name, "text in UTF-8", type(error).__name__)
        return None


def _digest(file: Path, path: str, faults: Faults) -> dict[str, str]:
    hashes = {name: hashlib.new(name) for name in ALGORITHMS}
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                for one in hashes.values():
                    one.update(chunk)
    except OSError as error:
        faults.add("GD-3-2", path, "a file that can be read", error.strerror)
        return {}
    return {name: one.hexdigest() for name, one in hashes.items()}


def _read_manifest(name: str, listing: Listing, faults: Faults) -> dict[str, str] | None:
    text = read_text(name, listing, faults)
    if text is None:
        return None
    listed: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            faults.add(_STRUCTURE, f"{name} line {number}", "digest and path", line)
            continue
        digest, path = found[1].lower(), found[2]
        if path.startswith(("/", "~")) or "\\" in path or ".." in path.split("/"):
            faults.add("GD-4-2-1", f"{name} line {number}", "a path inside the package", path)
        elif path in listed:
            faults.add(_STRUCTURE, f"{name} line {number}", "every path once", f"{path} again")
        else:
            listed[path] = digest
    return listed


def _compare(
    name: str,
    algorithm: str,
    listed: dict[str, str],
    covers: Callable[[str], bool],
    real: dict[str, dict[str, str]],
    listing: Listing,
    faults: Faults,
) -> None:
    present = {path for path in listing.sizes if covers(path)}
    normal = {unicodedata.normalize("NFC", path): path for path in present}
    for path, digest in sorted(listed.items()):
        if path in real:
            if digest != real[path][algorithm]:
                found = f"{algorithm} {real[path][algorithm]}"
                faults.add_once("GD-1-1", path, f"{algorithm} {digest}", found)
        elif path not in listing.sizes:
            other = normal.get(unicodedata.normalize("NFC", path))
            found = f"only its twin {other!a}" if other else "no such file"
            faults.add_once("GD-2-7", path, f"a file (listed in {name})", found)
    for path in sorted(present - listed.keys()):
        faults.add_once("GD-4-2-1", path, f"no file that {name} does not list", "a file")


def _ask_library(root: Path, faults: Faults) -> None:
    log = logging.getLogger("bagit")
    before, log.propagate = log.propagate, False
    handler = logging.NullHandler()
    log.addHandler(handler)
    try:
        bagit.Bag(str(root)).validate(completeness_only=True)
    except (bagit.BagError, OSError, ValueError) as error:
        faults.add(_STRUCTURE, root.name, "a complete bag", str(error))
    finally:
        log.removeHandler(handler)
        log.propagate = before


def read_bag_info(listing: Listing, faults: Faults) -> dict[str, str]:
    """Return bag-info.txt as written by hedui: one line a value, no value twice."""
    info: dict[str, str] = {}
    text = read_text("bag-info.txt", listing, faults) or ""
    for line in text.splitlines():
        label, colon, value = line.partition(": ")
        if not colon or label in info:
            faults.add("GD-2-3", "bag-info.txt", "a label and its value, each once", line)
        else:
            info[label] = value
    return info
