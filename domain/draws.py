"""Drawing a share of applications by a keyed hash: the same ones at every repetition."""

import hashlib
import hmac

_RANGE = float(1 << 64)


def drawn(key: bytes, purpose: str, subject: str, share: float) -> bool:
    """Return whether a subject belongs to the share (0-1) drawn for a purpose.

    Nobody without the key can tell which ones are; whoever belongs to a share belongs to every
    larger one of the same purpose.
    """
    message = f"{purpose}\0{subject}".encode()
    place = int.from_bytes(hmac.new(key, message, hashlib.sha256).digest()[:8])
    return place / _RANGE < share
