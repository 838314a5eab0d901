"""Versions that are stored with every decision, so that it can be replayed."""

import functools
import hashlib
import importlib.metadata
import importlib.util
from pathlib import Path


def software_version() -> str:
    """Return hedui's own version, "unpackaged" where it runs without being installed."""
    try:
        return importlib.metadata.version("hedui")
    except importlib.metadata.PackageNotFoundError:
        return "unpackaged"


@functools.cache
def rule_version() -> str:
    """Return the version of the rules: hedui's, and a digest over the sources of `validators`.

    A changed rule is a new version even where nobody thought of raising a number.
    """
    specification = importlib.util.find_spec("validators")
    if specification is None or not specification.submodule_search_locations:
        raise ModuleNotFoundError("validators")
    folder = Path(specification.submodule_search_locations[0])
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{software_version()}+{digest.hexdigest()[:12]}"
