"""Two spellings of one value get one key; two values never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.normalizing import (
    fold_text,
    has_homoglyphs,
    is_similar,
    name_key,
    number_key,
    says_no_number,
)

_ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("·•・‧∙⋅.．⺠⼀⽼\ue81e０１Ｘх\u200b\u00ad－—　"),
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉・买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉‧买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉∙买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉⋅买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉.买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉．买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉 · 买买提"),
        ("王伟", "王　伟"),
        ("王伟", "王\u200b伟"),
        ("高民", "⾼⺠"),  # a Kangxi radical and one of the supplement
        ("里程", "\uf9e9程"),  # a compatibility ideograph
        ("Li Ming", "ＬＩ ＭＩＮＧ"),
        ("\ue81e", "\u9fb4"),  # moved by GB 18030-2022
        ("王\ue816", "王\U00020087"),  # a character of extension B since
        ("阿·木", "阿ㆍ木"),
        ("阿·木", "阿﹒木"),
        ("阿·木", "阿\ua78f木"),
        ("阿·木", "阿⸱木"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("王伟", "王玮"), ("张东", "張東"), ("阿里·木", "阿里木"), ("李己", "李已"), ("𠮷田", "吉田")],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    "written",
    [
        "212111234567890",
        "２１２１１１２３４５６７８９０",
        "21211 12345 67890",
        "2121-1123-4567-890",
        "21211\u200b1234567890",
        "２１２１—１１２３　４５６７８９０",
    ],
)
def test_spellings_of_one_number_have_one_key(written: str) -> None:
    assert number_key(written) == "212111234567890"


def test_check_character_has_no_case() -> None:
    assert number_key("11010519491231002ｘ") == number_key("11010519491231002X")


def test_cyrillic_letters_count_as_latin_ones_and_are_noticed() -> None:
    assert number_key("ТЕМ4") == "TEM4"
    assert has_homoglyphs("ТЕМ4")
    assert not has_homoglyphs("TEM4")


@pytest.mark.parametrize(("digit", "letter"), [("0", "O"), ("0", "О"), ("1", "l"), ("1", "I")])
def test_digits_and_letters_stay_apart(digit: str, letter: str) -> None:
    assert number_key("A" + digit) != number_key("A" + letter)
    assert is_similar(number_key("AB" + digit), number_key("AB" + letter))


@pytest.mark.parametrize("text", ["-", "--", "—", "－", " - "])
def test_a_dash_says_that_there_is_no_number(text: str) -> None:
    assert says_no_number(text)


@pytest.mark.parametrize("text", ["", " ", "0", "无", "-1"])
def test_anything_else_does_not_say_that_there_is_no_number(text: str) -> None:
    assert not says_no_number(text)


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("123456", "123457", True),  # one digit
        ("123456", "124356", True),  # two neighbours swapped
        ("123456", "12345", True),  # one missing
        ("ABO0", "AB00", True),
        ("123456", "123478", False),
        ("123456", "123456", False),
        ("", "1", False),
    ],
)
def test_similarity_is_one_slip(one: str, other: str, similar: bool) -> None:
    assert is_similar(one, other) is similar


@given(_ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    for fold in (fold_text, name_key, number_key):
        assert fold(fold(text)) == fold(text)


@given(st.text("0123456789", min_size=2, max_size=20), st.data())
def test_a_changed_digit_changes_the_key(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    changed = number[:place] + digit + number[place + 1 :]
    assert number_key(changed) != number_key(number)
    assert is_similar(number_key(changed), number_key(number))


def test_what_gb18030_2022_moved_has_one_key_however_it_was_decoded() -> None:
    """The bytes of the components and vertical signs, as Python's older codec decodes them."""
    components = bytes.fromhex("fe51fe52fe53fe59fe61fe66fe67fe6cfe6dfe76fe7efe90fe91fea0")
    signs = bytes.fromhex("a6d9a6daa6dba6dca6dda6dea6dfa6eca6eda6f3a8bc")
    decoded = (components + signs).decode("gb18030")
    assert all("\ue000" <= character <= "\uf8ff" for character in decoded)
    assert not any("\ue000" <= character <= "\uf8ff" for character in fold_text(decoded))
