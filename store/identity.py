"""Keyed hashes of identity numbers, so that applicants can be joined without storing the number.

The space of identity numbers is small enough to be guessed, so a plain digest would reveal them:
the hash is keyed with a random key that never leaves the installation.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import unicodedata
from pathlib import Path

from domain.faults import ConfigurationFault

_KEY_BYTES = 32


def load_identity_key(home: Path) -> bytes:
    """Return the installation's key from `identity.key` (mode 0600), made on first use.

    The file appears complete or not at all, also where two processes start at once.
    """
    path = home / "identity.key"
    if not path.exists():
        temporary = home / f".identity.{secrets.token_hex(8)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(temporary, path)  # unlike a rename, never replaces another's key
        finally:
            temporary.unlink()
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise ConfigurationFault(f"{path}: not a key of {_KEY_BYTES} bytes; restore it from backup")
    return key


def hash_identity(key: bytes, id_number: str) -> str:
    """Return the HMAC-SHA-256 (hex) of the normalized identity number, "" for an empty one."""
    normal = normalize_number(id_number)
    return hmac.new(key, normal.encode(), hashlib.sha256).hexdigest() if normal else ""


def normalize_number(number: str) -> str:
    """Return a printed number for joining: NFKC, upper case, letters and digits only."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(character for character in folded if character.isalnum())
