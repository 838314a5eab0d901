"""Give every name on disk one portable form: NFC text, unique within its folder."""

import os
import unicodedata

# What file managers leave behind; nobody uploaded it.
IGNORED_NAMES: frozenset[str] = frozenset({"thumbs.db", ".ds_store", "desktop.ini"})


def portable_names(names: list[str]) -> dict[str, str]:
    """Return each name on disk with its portable form, in the order of the portable forms.

    Names are text in NFC; those of old archives in GB18030 bytes are decoded, and bytes that are
    neither become `\\x..`. Of two names that differ in nothing but their normal form the composed
    one wins and the other keeps its own.
    """
    portable: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(names, key=lambda name: (_text(name) != _composed(name), os.fsencode(name))):
        form = _composed(name)
        if form in taken:
            form = _text(name)
        if form in taken:
            form = os.fsencode(name).decode("ascii", "backslashreplace")
        taken.add(form)
        portable[name] = form
    return dict(sorted(portable.items(), key=lambda pair: pair[1]))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", _text(name))


def _text(name: str) -> str:
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("ascii", "backslashreplace")
