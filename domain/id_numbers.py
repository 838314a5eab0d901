"""The eighteen characters of a resident's ID number, of which the last one checks the others."""

import re

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


def has_resident_shape(key: str) -> bool:
    """Return whether a number has the eighteen characters of GB 11643 (no spaces, X upper case)."""
    return _SHAPE.fullmatch(key) is not None


def checks(key: str) -> bool:
    """Return whether the check character of such a number is right (GB 11643).

    It is wrong after every change of one character, and after ten of eleven other changes.
    """
    return key[17] == check_character(key[:17])


def check_character(first_seventeen: str) -> str:
    """Compute the last character of an ID number by GB 11643 (ISO 7064 MOD 11-2)."""
    if len(first_seventeen) != 17 or not first_seventeen.isdecimal():
        raise ValueError("an ID number has seventeen digits before its check character")
    total = sum(
        int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True)
    )
    return _CHECK_CHARACTERS[total % 11]
