"""Wrong declarations and patched pictures really differ from the truth, and only where meant."""

import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.samples import changes
from benchmarks.samples.forgery import patch_result
from benchmarks.samples.papers import PAPERS
from benchmarks.samples.people import draw_person
from domain.id_numbers import check_character

_SEEDS = st.integers(0, 10**6)


@given(st.from_regex(r"[A-Z]{0,4}[0-9]{2,15}", fullmatch=True), _SEEDS)
def test_a_changed_digit_changes_one_place(number: str, seed: int) -> None:
    changed = changes.change_digit(number, random.Random(seed))
    assert sum(a != b for a, b in zip(number, changed, strict=True)) == 1


@given(st.from_regex(r"[0-9]{2,15}", fullmatch=True), _SEEDS)
def test_transposed_digits_are_the_same_digits_in_another_order(number: str, seed: int) -> None:
    if not changes.can_transpose(number):
        assert len(set(number)) == 1
        return
    transposed = changes.transpose_digits(number, random.Random(seed))
    assert transposed != number
    assert sorted(transposed) == sorted(number)


@given(_SEEDS)
def test_another_id_number_is_valid_and_tells_the_same_birth_date_and_sex(seed: int) -> None:
    person = draw_person(random.Random(seed))
    other = changes.another_id_number(person.id_number, random.Random(seed))
    assert other != person.id_number
    assert other[:14] == person.id_number[:14]
    assert int(other[16]) % 2 == int(person.id_number[16]) % 2
    assert other[17] == check_character(other[:17])


@given(st.dates(min_value=date(1990, 1, 1)), _SEEDS, st.booleans())
def test_a_rewritten_date_keeps_its_month(day: object, seed: int, with_day: bool) -> None:
    text = str(day) if with_day else str(day)[:7]
    rewritten = changes.rewrite_date(text, random.Random(seed))
    assert changes.split_date(rewritten)[:2] == changes.split_date(text)[:2]


def test_a_date_with_a_slip_is_another_year() -> None:
    assert changes.change_year("2021年12月") == "2020-12"
    assert changes.change_year("2020-12-05") == "2021-12-05"


def test_a_name_with_a_slip_differs_in_its_last_character() -> None:
    changed = changes.change_character("张伟", random.Random(1))
    assert changed[0] == "张"
    assert changed != "张伟"


@pytest.mark.parametrize("layout", ["cet-card-2012", "cet-card-2021", "etic-report"])
def test_after_patching_the_total_the_parts_no_longer_add_up(layout: str) -> None:
    kind = next(kind for kind in PAPERS if kind.layout == layout)
    paper = kind.draw(draw_person(random.Random(4)), random.Random(4))
    patched = patch_result(paper, random.Random(4))
    assert patched is not None
    parts = [
        int(value)
        for name, value in patched.printed.items()
        if name in ("listening", "reading", "comprehensive", "writing_translation")
        or name.startswith("component")
    ]
    assert int(patched.printed["score"]) > sum(parts) + 1
    assert patched.declared["考试成绩"] == patched.printed["score"]
    assert patched.pdf is None


def test_patching_changes_the_picture_at_the_value_and_nowhere_else() -> None:
    kind = next(kind for kind in PAPERS if kind.layout == "cet-card-2021")
    paper = kind.draw(draw_person(random.Random(4)), random.Random(4))
    patched = patch_result(paper, random.Random(4))
    assert patched is not None
    before, after = np.asarray(paper.image), np.asarray(patched.image)
    rows, columns = np.nonzero((before != after).any(axis=2))
    left, top, right, bottom = paper.boxes["score"]
    height, width = before.shape[:2]
    assert rows.size > 0
    assert top * height - 8 <= rows.min() <= rows.max() <= bottom * height + 8
    assert left * width - 8 <= columns.min() <= columns.max() <= right * width + 24


def test_a_paper_without_parts_or_grade_cannot_be_patched_noticeably() -> None:
    kind = next(kind for kind in PAPERS if kind.layout == "zikao-single-card")
    paper = kind.draw(draw_person(random.Random(4)), random.Random(4))
    assert patch_result(paper, random.Random(4)) is None
