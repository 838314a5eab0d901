"""Versions that are stored with every decision, so that it can be replayed."""

import functools
import hashlib
import importlib.metadata
import importlib.util
from pathlib import Path

from domain.policy import Policy
from store.institutions import calibration_path


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


def calibration_mismatch(policy: Policy, engine_version: str) -> str:
    """Return what keeps a policy's thresholds from counting and what to do, "" where they count."""
    calibration, name = policy.calibration, policy.acceptance.calibration
    if policy.is_measured_for(engine_version):
        return ""
    effect = (
        "its thresholds count all the same (accept_other_engine)"
        if policy.acceptance.accept_other_engine
        else "the machine accepts nothing"
    )
    return (
        f"calibration {name!r} was measured with another engine or other reading settings"
        f" ({calibration.engine_version or 'none'}, now {engine_version}): {effect};"
        f" measure again: hedui calibrate LABELLED_DIR --institution {policy.institution}"
        f" --out {calibration_path(name)}"
    )
