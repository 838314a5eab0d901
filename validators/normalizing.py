"""Comparison keys of names and numbers. Nothing here changes what is stored.

A key is made for one purpose: two spellings of the same value get the same key, two different
values never do. Digits are never taken for letters, nor letters for digits (0/O, 1/l). Every key
function is idempotent.
"""

import unicodedata
from collections.abc import Callable

from validators.character_tables import (
    DASHES,
    GB18030_2022,
    HOMOGLYPHS,
    LOOK_ALIKES,
    MIDDLE_DOT,
    MIDDLE_DOTS,
    RADICALS,
)

_FOLDED_CHARACTERS = RADICALS | GB18030_2022


def fold_text(text: str) -> str:
    """Return text with full-width forms, radicals and invisible characters folded, trimmed.

    Idempotent. Compatibility ideographs become their unified character (canonical equivalence).
    """
    return _settle(_fold_once, text)


def name_key(name: str) -> str:
    """Return the comparison key of a person's name: no spaces, one form of middle dot, one case.

    Source: 民委发〔2016〕33号 for the separator. Traditional and simplified characters stay apart.
    """
    return _settle(_name_once, name)


def number_key(number: str) -> str:
    """Return the comparison key of a number: no spaces, dashes or invisible characters, capitals.

    Cyrillic and Greek look-alikes of Latin letters become Latin letters (`has_homoglyphs` tells),
    a letter never becomes a digit. The key of `-` is "".
    """
    return _settle(_number_once, number)


def _settle(step: Callable[[str], str], text: str) -> str:
    """Repeat a step until nothing changes: what one pass removes can bring new pairs together."""
    folded = step(text)
    return folded if folded == text else _settle(step, folded)


def _fold_once(text: str) -> str:
    mapped = "".join(_FOLDED_CHARACTERS.get(character, character) for character in text)
    folded = unicodedata.normalize("NFKC", mapped)
    return "".join(c for c in folded if not _is_invisible(c)).strip()


def _is_invisible(character: str) -> bool:
    if character.isspace():
        return False
    return unicodedata.category(character) in ("Cf", "Cc") or _chooses_a_form(character)


def _chooses_a_form(character: str) -> bool:
    """Return whether a character only says in which form the one before it is drawn."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _name_once(name: str) -> str:
    # Dots before and after folding: NFKC would turn the full-width one into a full stop.
    folded = _fold_once("".join(MIDDLE_DOT if c in MIDDLE_DOTS else c for c in name))
    dotted = "".join(MIDDLE_DOT if c in MIDDLE_DOTS else c for c in folded)
    return "".join(dotted.split()).casefold()


def _number_once(number: str) -> str:
    capitals = _fold_once(number).upper()
    latin = "".join(HOMOGLYPHS.get(character, character) for character in capitals)
    return "".join(c for c in latin if not c.isspace() and c not in DASHES)


def has_homoglyphs(number: str) -> bool:
    """Return whether a number holds Cyrillic or Greek letters that look like Latin ones."""
    return any(character in HOMOGLYPHS for character in fold_text(number).upper())


def says_no_number(declared: str) -> bool:
    """Return whether a declared number is the contract's `-` for "the paper carries none"."""
    stripped = "".join(declared.split())
    return bool(stripped) and all(character in DASHES for character in stripped)


def is_similar(one: str, other: str) -> bool:
    """Return whether two keys differ by one edit, one transposition, or look-alikes only.

    For telling a person where to look. Similar values do not agree.
    """
    if one == other or not one or not other or max(len(one), len(other)) < 2:
        return False
    if len(one) != len(other):
        return _one_insertion_apart(*sorted((one, other), key=len))
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(pairs) == 1 or all(frozenset((a.upper(), b.upper())) in LOOK_ALIKES for a, b in pairs):
        return True
    positions = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return (
        len(pairs) == 2
        and positions[1] == positions[0] + 1
        and pairs[0] == (pairs[1][1], pairs[1][0])
    )


def _one_insertion_apart(shorter: str, longer: str) -> bool:
    if len(longer) - len(shorter) != 1:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
