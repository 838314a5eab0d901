"""Policies from the institutions' files: `default.toml` and one file per school over it.

The thresholds that a policy names stand beside them, in `calibration/<name>.json`.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from domain.calibration import UNCALIBRATED, Calibration
from domain.calibration_file import is_calibration_name, parse_calibration
from domain.faults import ConfigurationFault
from domain.policy import Policy, parse_policy

DEFAULT_SLUG = "default"
CALIBRATIONS = "calibration"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


def institutions_folder() -> Path:
    """Return the folder of policy files: HEDUI_INSTITUTIONS, else the repository's own."""
    named = os.environ.get("HEDUI_INSTITUTIONS")
    return Path(named) if named else Path(__file__).resolve().parent.parent / "institutions"


def known_institutions() -> tuple[str, ...]:
    """Return the slugs that have a policy file, sorted."""
    return tuple(sorted(path.stem for path in institutions_folder().glob("*.toml")))


def load_policy(slug: str) -> Policy:
    """Return the effective policy of an institution, with its calibration.

    Raises `ConfigurationFault` for an unknown slug (naming the known ones), an unreadable file, or
    anything that `parse_policy` or `parse_calibration` refuses.
    """
    return _load(slug, load_calibration)


def load_policy_file(path: Path) -> Policy:
    """Return the effective policy of any file, wherever it stands, under the file's own name.

    Raises as `load_policy` does.
    """
    slug = path.stem
    if not _SLUG.fullmatch(slug):
        raise ConfigurationFault(
            f"{path.name}: a policy's name is made of a-z, 0-9 and hyphens, e.g. west.toml"
        )
    if slug == DEFAULT_SLUG:
        return parse_policy(_read(path), None, slug, load_calibration)
    return parse_policy(_text(DEFAULT_SLUG), _read(path), slug, load_calibration)


def load_uncalibrated_policy(slug: str) -> Policy:
    """Return the effective policy for measuring a calibration: nothing is measured yet.

    Raises as `load_policy` does, but needs no calibration file.
    """
    return _load(slug, lambda _name: UNCALIBRATED)


def calibration_path(name: str) -> Path:
    """Return where the calibration of a name stands.

    Raises `ConfigurationFault` for a name that is fit for no file.
    """
    if not is_calibration_name(name):
        raise ConfigurationFault(
            f"calibration {name!r}: a name is made of a-z, 0-9 and hyphens, e.g. default"
        )
    return institutions_folder() / CALIBRATIONS / f"{name}.json"


def load_calibration(name: str) -> Calibration:
    """Return a calibration by its name.

    Raises `ConfigurationFault` where it is missing, unreadable, broken, or carries another name.
    """
    path = calibration_path(name)
    if not path.is_file():
        raise ConfigurationFault(
            f"{path}: is missing; make it: hedui calibrate LABELLED_DIR --name {name} --out {path}"
        )
    calibration = parse_calibration(_read(path), f"{CALIBRATIONS}/{path.name}")
    if calibration.name != name:
        raise ConfigurationFault(f"{path}: carries the name {calibration.name!r}; rename one")
    return calibration


def _load(slug: str, calibration_of: Callable[[str], Calibration]) -> Policy:
    known = known_institutions()
    if DEFAULT_SLUG not in known:
        raise ConfigurationFault(
            f"{institutions_folder()}: default.toml is missing; set HEDUI_INSTITUTIONS to the"
            " folder that holds the policy files"
        )
    if not _SLUG.fullmatch(slug) or slug not in known:
        raise ConfigurationFault(
            f"unknown institution {slug!r}; known: {', '.join(known)} (in {institutions_folder()})"
        )
    override = None if slug == DEFAULT_SLUG else _text(slug)
    return parse_policy(_text(DEFAULT_SLUG), override, slug, calibration_of)


def _text(slug: str) -> str:
    return _read(institutions_folder() / f"{slug}.toml")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationFault(f"{path}: is no UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise ConfigurationFault(f"{path}: cannot be read ({error.strerror})") from error
