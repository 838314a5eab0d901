"""Text that is safe in a cell: nothing live, nothing invisible, nothing that breaks the file.

Values come from untrusted uploads and tables. Two views exist: `csv_cell` keeps line breaks and
tabs (RFC 4180 quotes them), `display_cell` also makes those and direction overrides visible, for
sheets and pages that a person reads.
"""

import re
import unicodedata

LIVE_STARTS = "=+-@\t\r＝＋－＠"
# Excel refuses longer texts in one cell.
MAX_CELL_CHARACTERS = 32_767
_CUT_MARK = "…（已截断）"

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
# C0 but TAB, LF and CR, DEL, C1, lone surrogates and the two code points that XML 1.0 has no place
# for. ESC is among them: it would start an ANSI sequence on a terminal.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Line breaks, tabs, and marks that reorder the text around them.
_MISLEADING = re.compile("[\t\n\r\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def csv_cell(text: str) -> str:
    """Return a value as it stands in a CSV cell.

    Unprintable characters become visible stand-ins, a live start gets one leading apostrophe.
    """
    return neutralize(_UNPRINTABLE.sub(_stand_in, text))


def display_cell(text: str) -> str:
    """Return a value for a sheet or a page: one line, nothing hidden, nothing live."""
    return limit_length(neutralize(display_text(text)))


def display_text(text: str) -> str:
    """Return text on one line with every control and direction mark made visible."""
    return _MISLEADING.sub(_stand_in, _UNPRINTABLE.sub(_stand_in, text))


def neutralize(text: str) -> str:
    """Return text with one leading apostrophe where a spreadsheet would take it for a formula.

    Untouched are `-`, `--` and plain numbers (contract, section 3).
    """
    if not text or text[0] not in LIVE_STARTS:
        return text
    if text in ("-", "--") or _PLAIN_NUMBER.fullmatch(text):
        return text
    return "'" + text


def limit_length(text: str) -> str:
    """Return text short enough for a spreadsheet cell; a cut is marked."""
    if len(text) <= MAX_CELL_CHARACTERS:
        return text
    return text[: MAX_CELL_CHARACTERS - len(_CUT_MARK)] + _CUT_MARK


def text_width(text: str) -> int:
    """Return the width of the longest line in half-width columns; Chinese characters count two."""
    if text.isascii() and "\n" not in text:
        return len(text)
    return max(
        sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line)
        for line in text.split("\n")
    )


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"⟨U+{code:04X}⟩"
