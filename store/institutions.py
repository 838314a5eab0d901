"""Policies from the institutions' files: `default.toml` and one file per school over it."""

import os
import re
from pathlib import Path

from domain.faults import ConfigurationFault
from domain.policy import Policy, parse_policy

DEFAULT_SLUG = "default"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


def institutions_folder() -> Path:
    """Return the folder of policy files: HEDUI_INSTITUTIONS, else the repository's own."""
    named = os.environ.get("HEDUI_INSTITUTIONS")
    return Path(named) if named else Path(__file__).resolve().parent.parent / "institutions"


def known_institutions() -> tuple[str, ...]:
    """Return the slugs that have a policy file, sorted."""
    return tuple(sorted(path.stem for path in institutions_folder().glob("*.toml")))


def load_policy(slug: str) -> Policy:
    """Return the effective policy of an institution.

    Raises `ConfigurationFault` for an unknown slug (naming the known ones), an unreadable file, or
    anything that `parse_policy` refuses.
    """
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
    return parse_policy(_text(DEFAULT_SLUG), override, slug)


def _text(slug: str) -> str:
    path = institutions_folder() / f"{slug}.toml"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationFault(f"{path}: cannot be read ({type(error).__name__})") from error
