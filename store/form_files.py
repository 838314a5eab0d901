"""The files of forms: layouts and schools' own templates, below institutions/forms/."""

import re
from pathlib import Path

from domain.faults import ConfigurationFault
from store.institutions import institutions_folder

FORMS = "forms"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def form_text(name: str) -> str:
    """Return the TOML of a form's layout; raises `ConfigurationFault` where it is not there."""
    path = _folder() / f"{name}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        known = ", ".join(sorted(item.stem for item in _folder().glob("*.toml"))) or "none"
        raise ConfigurationFault(f"unknown form {name!r}; known: {known} (in {_folder()})")
    return path.read_text(encoding="utf-8")


def form_template(file: str) -> bytes:
    """Return a template named in a form's file; it has to stand in the same folder."""
    path = _folder() / file
    if Path(file).name != file or not path.is_file():
        raise ConfigurationFault(f"{path}: the template of the form is missing")
    return path.read_bytes()


def _folder() -> Path:
    return institutions_folder() / FORMS
