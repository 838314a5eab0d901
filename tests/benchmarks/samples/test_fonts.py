import random
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from benchmarks.samples import fonts
from benchmarks.samples.drawing import Lettering, Sheet
from benchmarks.samples.fonts import FAMILIES, LATIN_FAMILIES, FontMissing, face_for, has_glyph
from benchmarks.samples.people import EXTENSION_CHARACTERS, MINORITY_NAMES, RARE_CHARACTERS

LETTERING = Lettering(
    chinese="noto-sans", title="noto-sans", latin="", embeddable=False, ink=(0, 0, 0)
)


@pytest.mark.parametrize(
    ("family", "embeddable"),
    [
        *((name, False) for name in FAMILIES),
        *((name, True) for name, family in FAMILIES.items() if family.embeddable),
    ],
)
def test_every_family_draws_every_rare_character_by_itself_or_a_fallback(
    family: str, embeddable: bool
) -> None:
    for character in (
        *RARE_CHARACTERS,
        *EXTENSION_CHARACTERS,
        *"".join(MINORITY_NAMES),
        "Я",
        "№",
        "－",
    ):
        face = face_for(character, family, "", bold=False, embeddable=embeddable)
        drawn = face.at(40).getmask(character)
        assert drawn.getbbox() is not None
        # No font has this code point: what it shows is the sign for a missing character.
        assert bytes(drawn) != bytes(face.at(40).getmask("\U0010fffe"))


def test_the_character_map_agrees_with_another_reader_of_fonts() -> None:
    family = FAMILIES["wqy-microhei"]
    other = TTFontFile(str(fonts.path_of(family.regular[0])), subfontIndex=0).charToGlyph
    for code_point in random.Random(1).sample(range(0x20, 0x30000), 5000):
        assert has_glyph(*family.regular, code_point) == bool(other.get(code_point))


def test_digits_come_from_the_latin_family_and_chinese_from_the_chinese_one() -> None:
    digit = face_for("8", "noto-serif", "dejavu-sans", bold=False, embeddable=False)
    character = face_for("成", "noto-serif", "dejavu-sans", bold=False, embeddable=False)
    assert digit.file == LATIN_FAMILIES["dejavu-sans"].regular[0]
    assert character.file == FAMILIES["noto-serif"].regular[0]


def test_a_missing_font_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FONT_ROOTS", (Path("/nowhere"),))
    with pytest.raises(FontMissing, match=r"apt-get install fonts-noto-cjk .*fonts-hanazono"):
        fonts.path_of("noto/NotoSansCJK-Regular.ttc")


def test_a_sheet_tells_of_texts_that_collide_or_leave_it() -> None:
    sheet = Sheet(100, 50, scale=4, dpi=100, lettering=LETTERING)
    sheet.write(10, 10, "成绩报告单", 5)
    assert sheet.faults() == ()
    sheet.write(20, 12, "编号", 5)
    sheet.write(95, 30, "总分 425", 5)
    assert sheet.faults() == ("overlap: 编号 / 成绩报告单", "outside the sheet: 总分 425")


def test_a_text_too_wide_for_its_place_shrinks() -> None:
    sheet = Sheet(200, 50, scale=4, dpi=100, lettering=LETTERING)
    end = sheet.write(10, 10, "买买提江·阿布都热依木", 6, fits=40)
    assert end <= 50
    assert sheet.write(10, 30, "张三", 6, fits=40) == pytest.approx(22)
