"""Whether a 姓名拼音 can be a reading of a name. Readings are generated, never split.

GB/T 28039-2011: surname first, a space, the given name, capitals at both; ü may be written yu, and
keyboards write v or u. Every reading of every character is possible, but the head of a name is read
as a surname where that is known. Minority names (`·`) are read character by character too; who
writes theirs otherwise is looked at by a person.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache

from pypinyin import Style, pinyin

from validators.character_tables import MIDDLE_DOT
from validators.normalizing import name_key


def _table(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split() for entry in text.split(","))
    return {characters: tuple(readings) for characters, *readings in entries}


# Polyphonic surnames: how they are read at the head of a name, and nowhere else.
_SURNAMES = _table(
    "单 shan, 仇 qiu, 解 xie, 曾 zeng, 区 ou, 查 zha, 任 ren, 华 hua, 缪 miao mou, 翟 zhai di, "
    "朴 piao pu, 盖 ge gai, 冼 xian, 洗 xian, 尉 wei yu, 员 yun yuan, 乐 yue le, 覃 qin tan, "
    "隗 wei kui, 召 shao zhao, 黑 he hei, 秘 bi mi, 重 chong, 种 chong, 繁 po, 纪 ji, 燕 yan, "
    "应 ying, 宁 ning, 曲 qu, 石 shi, 车 che, 折 she zhe, 牟 mou mu, 逄 pang, 祭 zhai, 那 na, "
    "郗 xi chi, 适 kuo shi, 句 gou ju, 阚 kan, 都 du dou, 长 chang zhang, 葛 ge, 沈 shen, "
    "谌 chen shen, 行 xing hang, 晟 cheng sheng"
)
_TWO_CHARACTER_SURNAMES = _table(
    "尉迟 yuchi, 万俟 moqi, 单于 chanyu, 长孙 zhangsun, 闾丘 lüqiu, 澹台 tantai, 皇甫 huangfu, "
    "令狐 linghu, 宰父 zaifu, 夏侯 xiahou, 呼延 huyan, 宇文 yuwen, 鲜于 xianyu, 亓官 qiguan"
)
# No syllable is longer (zhuang), so a character without known reading stands for up to so much.
_ANY_LENGTH = range(1, 7)
_IGNORED = frozenset(" '’‘`-·.")


def may_be_read(name: str, written: str) -> bool:
    """Return whether a name may be read as written.

    Case, tone marks, spaces, apostrophes and hyphens do not count. ü may be yu, v, u or ü. A
    character without known reading may be any syllable (`unread_characters` names them).
    """
    characters, wanted = _characters(name), letters(written)
    reached = {0}
    for readings in _steps(characters):
        if not readings:
            reached = {start + more for start in reached for more in _ANY_LENGTH}
            continue
        reached = {
            start + len(reading)
            for start in reached
            for reading in readings
            if wanted.startswith(reading, start)
        }
    return bool(characters) and len(wanted) in reached


def unread_characters(name: str) -> str:
    """Return the characters of a name of which no reading is known."""
    return "".join(character for character in _characters(name) if not _readings(character))


def _characters(name: str) -> str:
    return name_key(name).replace(MIDDLE_DOT, "")


def is_well_formed(written: str) -> bool:
    """Return whether one space stands between parts and each begins with a capital (the norm)."""
    parts = written.split(" ")
    return len(written) > 0 and all(
        part[:1].isupper() and part[1:] == part[1:].lower()
        for whole in parts
        for part in (whole.split("-") if whole else [""])
    )


def letters(text: str) -> str:
    """Return the small letters of a text: no tones, nothing between syllables, ü kept."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    toneless = "".join(c for c in folded if c not in "\u0300\u0301\u0304\u030c")
    whole = unicodedata.normalize("NFC", toneless)
    return "".join(character for character in whole if character not in _IGNORED)


def _steps(characters: str) -> list[frozenset[str]]:
    """Return the possible readings, step by step: a surname of two characters is one step."""
    head = characters[:2]
    if len(characters) > 2 and head in _TWO_CHARACTER_SURNAMES:
        first = _all_spellings(_TWO_CHARACTER_SURNAMES[head])
        return [first, *(_readings(character) for character in characters[2:])]
    steps = [_readings(character) for character in characters]
    if characters[:1] in _SURNAMES:
        steps[0] = _all_spellings(_SURNAMES[characters[0]])
    return steps


@cache
def _readings(character: str) -> frozenset[str]:
    found = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=True, errors="ignore")
    return _all_spellings(letters(reading) for readings in found for reading in readings)


def _all_spellings(syllables: Iterable[str]) -> frozenset[str]:
    """Return syllables in every spelling: ü may be ü, yu, v or u."""
    return frozenset(
        syllable.replace("ü", letter)
        for syllable in syllables
        if syllable
        for letter in ("ü", "yu", "v", "u")
    )
