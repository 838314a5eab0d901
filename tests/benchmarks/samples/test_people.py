import random

import pytest

from benchmarks.samples.people import (
    EXTENSION_CHARACTERS,
    GIVEN_CHARACTERS,
    MINORITY_NAMES,
    RARE_CHARACTERS,
    SURNAMES,
    TWO_CHARACTER_SURNAMES,
    draw_person,
    pinyin_of,
)
from domain.id_numbers import check_character

PEOPLE = [draw_person(random.Random(seed)) for seed in range(400)]


def iso_7064_remainder(id_number: str) -> int:
    """Compute the MOD 11-2 remainder by Horner's scheme, not by the table of weights."""
    remainder = 0
    for character in id_number:
        remainder = (remainder * 2 + (10 if character == "X" else int(character))) % 11
    return remainder


def test_every_id_number_is_fictitious_and_has_a_valid_check_character() -> None:
    assert all(len(person.id_number) == 18 for person in PEOPLE)
    assert all(person.id_number.startswith("99") for person in PEOPLE)
    assert {iso_7064_remainder(person.id_number) for person in PEOPLE} == {1}
    assert any(person.id_number.endswith("X") for person in PEOPLE)


def test_check_character_of_the_published_example() -> None:
    assert check_character("11010519491231002") == "X"
    assert check_character("44052418800101001") == "4"


def test_check_character_refuses_what_is_not_seventeen_digits() -> None:
    with pytest.raises(ValueError, match="seventeen digits"):
        check_character("1234")


def test_id_number_carries_birth_date_and_sex() -> None:
    for person in PEOPLE:
        assert person.id_number[6:14] == f"{person.birth_date:%Y%m%d}"
        assert (int(person.id_number[16]) % 2 == 1) == (person.sex == "男")


def test_names_include_long_compound_and_rare_ones() -> None:
    names = [person.name for person in PEOPLE]
    assert any("·" in name for name in names)
    assert any(name.startswith(TWO_CHARACTER_SURNAMES) for name in names)
    assert any(set(name) & set(RARE_CHARACTERS) for name in names)
    assert len(set(names)) > 300


def test_every_character_of_every_name_has_pinyin() -> None:
    characters = (
        *SURNAMES,
        *TWO_CHARACTER_SURNAMES,
        *GIVEN_CHARACTERS,
        *RARE_CHARACTERS,
        *EXTENSION_CHARACTERS,
    )
    assert all(pinyin_of(text + "王").split()[0] for text in characters)
    assert pinyin_of("欧阳伟䶮") == "OUYANG WEIYAN"
    assert all(len(pinyin_of(name).split()) == 2 for name in MINORITY_NAMES)


def test_the_same_random_state_gives_the_same_person() -> None:
    assert draw_person(random.Random(7)) == draw_person(random.Random(7))
    assert draw_person(random.Random(7), name="王𠮷").name == "王𠮷"
    assert draw_person(random.Random(7), sex="女").sex == "女"
