"""The fonts of the sample papers: where they lie, which characters they have, which are held back.

Only Debian packages are used. A character that a family lacks falls back to the next family that
has it, as printing systems do; HanaMin knows nearly every rare character.
"""

import bisect
import struct
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONT_ROOTS = (Path("/usr/share/fonts/opentype"), Path("/usr/share/fonts/truetype"))
APT_LINE = (
    "sudo apt-get install fonts-noto-cjk fonts-wqy-zenhei fonts-wqy-microhei fonts-arphic-ukai "
    "fonts-arphic-uming fonts-hanazono fonts-dejavu-core fonts-liberation"
)


class FontMissing(RuntimeError):
    """A font of the sample papers is not installed on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A font family: file and index inside it for the regular and, if there is one, the bold face.

    embeddable: has TrueType outlines, which is what the PDF writer can embed.
    """

    name: str
    regular: tuple[str, int]
    bold: tuple[str, int] | None = None
    embeddable: bool = True


def _noto(name: str, file: str) -> Family:
    # Index 2 of the Noto CJK collections is the simplified Chinese face.
    return Family(
        name=name,
        regular=(f"noto/{file}-Regular.ttc", 2),
        bold=(f"noto/{file}-Bold.ttc", 2),
        embeddable=False,
    )


def _latin(name: str, file: str, regular: str = "-Regular") -> Family:
    return Family(name=name, regular=(f"{file}{regular}.ttf", 0), bold=(f"{file}-Bold.ttf", 0))


FAMILIES = {
    family.name: family
    for family in (
        _noto("noto-sans", "NotoSansCJK"),
        _noto("noto-serif", "NotoSerifCJK"),
        Family(name="wqy-zenhei", regular=("wqy/wqy-zenhei.ttc", 0)),
        Family(name="wqy-microhei", regular=("wqy/wqy-microhei.ttc", 0)),
        Family(name="ar-pl-ukai", regular=("arphic/ukai.ttc", 0)),
        Family(name="ar-pl-uming", regular=("arphic/uming.ttc", 0)),
    )
}
LATIN_FAMILIES = {
    family.name: family
    for family in (
        _latin("dejavu-sans", "dejavu/DejaVuSans", ""),
        _latin("dejavu-serif", "dejavu/DejaVuSerif", ""),
        _latin("liberation-sans", "liberation/LiberationSans"),
        _latin("liberation-serif", "liberation/LiberationSerif"),
        _latin("liberation-mono", "liberation/LiberationMono"),
    )
}
_FALLBACKS = (
    FAMILIES["noto-serif"],
    FAMILIES["wqy-zenhei"],
    Family(name="hanamin-a", regular=("hanazono/HanaMinA.ttf", 0)),
    Family(name="hanamin-b", regular=("hanazono/HanaMinB.ttf", 0)),
    LATIN_FAMILIES["dejavu-sans"],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """What held_back.toml lists: layouts, font families and label wordings kept from tuning."""

    layouts: frozenset[str]
    font_families: frozenset[str]
    latin_families: frozenset[str]
    wordings: frozenset[str]


def _load_held_back() -> HeldBack:
    table = tomllib.loads(Path(__file__).with_name("held_back.toml").read_text("utf-8"))
    return HeldBack(**{key: frozenset(values) for key, values in table.items()})


HELD_BACK = _load_held_back()


def chinese_families(*, held_back: bool, embeddable: bool = False) -> tuple[str, ...]:
    """List the families a layout may use; held-back ones are for held-back layouts alone."""
    return tuple(
        name
        for name, family in FAMILIES.items()
        if (held_back or name not in HELD_BACK.font_families)
        and (family.embeddable or not embeddable)
    )


def latin_families(*, held_back: bool) -> tuple[str, ...]:
    """List the families for digits and Latin letters that a layout may use."""
    return tuple(
        name for name in LATIN_FAMILIES if held_back or name not in HELD_BACK.latin_families
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One face as drawn: a font file and index; thicken where a bold face must be imitated."""

    file: str
    index: int
    thicken: bool

    def at(self, size_px: int) -> ImageFont.FreeTypeFont:
        """Open the face at a size in pixels; raises FontMissing."""
        return _open(self.file, self.index, size_px)


@lru_cache(maxsize=50_000)
def face_for(character: str, chinese: str, latin: str, *, bold: bool, embeddable: bool) -> Face:
    """Choose the face that draws one character: the asked families first, then fallbacks."""
    wanted = LATIN_FAMILIES.get(latin) if ord(character) < 0x530 and character != "·" else None
    candidates = (*((wanted,) if wanted else ()), FAMILIES[chinese], *_FALLBACKS)
    for family in candidates:
        if embeddable and not family.embeddable:
            continue
        file, index = (bold and family.bold) or family.regular
        if has_glyph(file, index, ord(character)) and _has_ink(file, index, character):
            return Face(file=file, index=index, thicken=bold and family.bold is None)
    raise FontMissing(f"no installed font draws U+{ord(character):04X}; try: {APT_LINE}")


def path_of(file: str) -> Path:
    """Find a font file; raises FontMissing naming the packages when it is not installed."""
    for root in FONT_ROOTS:
        if (root / file).is_file():
            return root / file
    raise FontMissing(f"font file {Path(file).name} is missing; install it: {APT_LINE}")


@lru_cache(maxsize=256)
def _open(file: str, index: int, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path_of(file)), size_px, index=index)


@lru_cache(maxsize=100_000)
def has_glyph(file: str, index: int, code_point: int) -> bool:
    """Tell whether the font's character map has the code point."""
    starts, ends = _character_ranges(file, index)
    position = bisect.bisect_right(starts, code_point) - 1
    return position >= 0 and code_point <= ends[position]


def _has_ink(file: str, index: int, character: str) -> bool:
    # AR PL UKai maps 䶮, for one, to an empty glyph.
    return character.isspace() or _open(file, index, 40).getmask(character).getbbox() is not None


@lru_cache(maxsize=32)
def _character_ranges(file: str, index: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    data = path_of(file).read_bytes()
    offset = struct.unpack_from(">L", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    table_count = struct.unpack_from(">H", data, offset + 4)[0]
    for number in range(table_count):
        tag, _, start, _ = struct.unpack_from(">4sLLL", data, offset + 12 + 16 * number)
        if tag == b"cmap":
            ranges = sorted(_read_cmap(data, start))
            return tuple(first for first, _ in ranges), tuple(last for _, last in ranges)
    raise FontMissing(f"font file {Path(file).name} is damaged; install it again: {APT_LINE}")


def _read_cmap(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield the code point ranges of the fullest Unicode subtable (formats 12 and 4)."""
    count = struct.unpack_from(">H", data, start + 2)[0]
    subtables = []
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * number)
        format_number = struct.unpack_from(">H", data, start + offset)[0]
        if (platform == 0 or (platform, encoding) in {(3, 1), (3, 10)}) and format_number in (
            4,
            12,
        ):
            subtables.append((format_number, start + offset))
    format_number, at = max(subtables)
    if format_number == 12:
        for group in range(struct.unpack_from(">L", data, at + 12)[0]):
            first, last, _ = struct.unpack_from(">LLL", data, at + 16 + 12 * group)
            yield first, last
        return
    yield from _read_format_4(data, at)


def _read_format_4(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    segments = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{segments}H", data, at + 14 + block * 2 * segments + (block > 0) * 2)
        for block in range(4)
    )
    offsets_at = at + 16 + 6 * segments
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code_point in range(first, last + 1):
            if offsets[number] == 0:
                glyph = (code_point + deltas[number]) & 0xFFFF
            else:
                place = offsets_at + 2 * number + offsets[number] + 2 * (code_point - first)
                glyph = struct.unpack_from(">H", data, place)[0] if place + 2 <= len(data) else 0
            if glyph and code_point != 0xFFFF:
                yield code_point, code_point
