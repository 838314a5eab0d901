"""A chain of TrueType fonts: every character is drawn by the first font that has a glyph for it.

reportlab embeds TrueType outlines only, which rules out Debian's Noto CJK. BabelStone Han is a Song
face with about sixty thousand characters up to extension H; HanaMin fills most of what it lacks.
"""

import array
import functools
import struct
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from domain.faults import ConfigurationFault

FONT_ROOT = Path("/usr/share/fonts/truetype")
DEFAULT_CHAIN = (
    "liberation/LiberationSerif-Regular.ttf",
    "babelstone/BabelStoneHan.ttf",
    "hanazono/HanaMinA.ttf",
    "hanazono/HanaMinB.ttf",
)
APT_LINE = "sudo apt-get install fonts-liberation fonts-babelstone-han fonts-hanazono"
# Punctuation that belongs to the Chinese text around it, though Latin fonts have it too.
_CHINESE_PUNCTUATION = frozenset("·‘’“”—…《》〈〉")
_LATIN_END = 0x2E80


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that one font draws; `width` is at one point."""

    font: str
    text: str
    width: float


def _means_one_shape(character: str) -> bool:
    """Return whether a character looks the same in every font.

    Fonts draw private-use characters as they like, and variation selectors as a box of their own.
    """
    point = ord(character)
    selects = 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF
    return not selects and unicodedata.category(character) not in ("Co", "Cc", "Cs")


class FontChain:
    """Fonts in the order in which they are asked. The first one draws Latin letters only."""

    def __init__(self, files: Sequence[str] = DEFAULT_CHAIN) -> None:
        self._faces = tuple(_load(file) for file in files)
        self._font_of = functools.cache(self._find)
        self._advance_of = functools.cache(self._advance)

    def missing(self, text: str) -> str:
        """Return the characters for which no font has a glyph with ink, each once."""
        return "".join(dict.fromkeys(c for c in text if self._font_of(c) is None))

    def runs(self, text: str) -> list[Run]:
        """Return a text as runs of one font each; raises KeyError for a missing glyph."""
        runs: list[Run] = []
        for character in text:
            face = self._font_of(character)
            if face is None:
                raise KeyError(f"U+{ord(character):04X}")
            width = face.width(character)
            if runs and runs[-1].font == face.name:
                last = runs[-1]
                runs[-1] = Run(last.font, last.text + character, last.width + width)
            else:
                runs.append(Run(face.name, character, width))
        return runs

    def width(self, text: str) -> float:
        """Return the width of a text at one point."""
        return sum(map(self._advance_of, text))

    def widths(self, text: str) -> Iterator[float]:
        """Yield the width of each character at one point."""
        return map(self._advance_of, text)

    @property
    def first(self) -> str:
        """Return the name under which the first font is registered."""
        return self._faces[0].name

    def _advance(self, character: str) -> float:
        return self.runs(character)[0].width

    def _find(self, character: str) -> "_Face | None":
        if not _means_one_shape(character):
            return None
        latin = ord(character) < _LATIN_END and character not in _CHINESE_PUNCTUATION
        faces = self._faces if latin else (*self._faces[1:], self._faces[0])
        return next((face for face in faces if face.has(character)), None)


class _Face:
    """One registered font with what it can draw."""

    def __init__(self, name: str, font: TTFont) -> None:
        self.name = name
        self._face = font.face
        self._offsets = _glyph_offsets(font)

    def has(self, character: str) -> bool:
        glyph = self._face.charToGlyph.get(ord(character), 0)
        if not glyph or glyph + 1 >= len(self._offsets):
            return False
        # Some fonts map characters that they do not know to an empty glyph.
        return character in " \u3000" or self._offsets[glyph] < self._offsets[glyph + 1]

    def width(self, character: str) -> float:
        width: float = self._face.charWidths.get(ord(character), self._face.defaultWidth)
        return width / 1000


def _glyph_offsets(font: TTFont) -> Sequence[int]:
    """Return where each glyph's outline begins: the table `loca` (OpenType, loca)."""
    table, head = font.face.get_table("loca"), font.face.get_table("head")
    is_long = struct.unpack_from(">h", head, 50)[0] == 1
    offsets = array.array("I" if is_long else "H", table)
    if sys.byteorder == "little":
        offsets.byteswap()
    return offsets


@functools.cache
def _load(file: str) -> _Face:
    path = FONT_ROOT / file
    name = f"form-{path.stem}"
    if not path.is_file():
        raise ConfigurationFault(f"font {path.name} is missing; install it: {APT_LINE}")
    font = TTFont(name, str(path))
    # reportlab copies whole tables out of the font for every document: tens of megabytes each time.
    font.face.get_table = functools.cache(font.face.get_table)
    pdfmetrics.registerFont(font)
    return _Face(name, font)


@functools.cache
def default_chain() -> FontChain:
    """Return the chain of the shipped layout; loading it takes about a second."""
    return FontChain()
