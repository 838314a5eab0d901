"""Prints of one picture meet, those of two people's papers of one layout do not."""

import random

from domain.likeness import Candidate, PagePrint, RegionKind, RegionPrint
from validators.likeness import ALIKE_LINES, is_same_picture, line_distance

K = RegionKind
LINES = (K.CERTIFICATE_NUMBER, K.ID_NUMBER, K.ADMISSION_TICKET, K.NAME)
PLACES = {kind: (0.1, 0.2 + 0.1 * number) for number, kind in enumerate((*LINES, K.PICTURE))}


def bits(rng: random.Random, cells: int = 512) -> str:
    return f"{rng.getrandbits(cells):0{cells // 4}x}"


def altered(text: str, share: float, rng: random.Random) -> str:
    cells = 4 * len(text)
    value = int(text, 16)
    for place in rng.sample(range(cells), round(share * cells)):
        value ^= 1 << place
    return f"{value:0{len(text)}x}"


def region(
    kind: RegionKind, text: str, *, scale: float = 1.0, move: tuple[float, float] = (0.0, 0.0)
) -> RegionPrint:
    left, top = PLACES[kind]
    right, bottom = left + 0.3, top + 0.03
    return RegionPrint(
        kind=kind,
        left=left * scale + move[0],
        top=top * scale + move[1],
        right=right * scale + move[0],
        bottom=bottom * scale + move[1],
        bits=text,
    )


def paper(seed: int) -> dict[RegionKind, str]:
    rng = random.Random(seed)
    return {**{kind: bits(rng) for kind in LINES}, K.PICTURE: bits(rng, 256)}


def page(shown: dict[RegionKind, str], **lie: object) -> PagePrint:
    regions = tuple(region(kind, text, **lie) for kind, text in shown.items())  # type: ignore[arg-type]
    return PagePrint(page_number=1, regions=regions)


def meet(one: PagePrint, other: PagePrint, marks: int = 0) -> bool:
    candidate = Candidate(file_digest="other", pages=(other,), shared_marks=marks)
    return is_same_picture((one,), candidate)


def noisy(shown: dict[RegionKind, str], share: float) -> dict[RegionKind, str]:
    rng = random.Random(9)
    return {kind: altered(text, share, rng) for kind, text in shown.items()}


def test_a_copy_that_is_noisy_smaller_and_moved_meets_its_original() -> None:
    copy = page(noisy(paper(1), 0.12), scale=0.7, move=(0.1, 0.05))
    assert meet(page(paper(1)), copy)
    assert meet(copy, page(paper(1)))


def test_another_persons_paper_of_the_same_layout_does_not() -> None:
    assert not meet(page(paper(1)), page(paper(2)))


def test_a_portrait_alone_says_nothing() -> None:
    other = {**paper(2), K.PICTURE: paper(1)[K.PICTURE]}
    assert not meet(page(paper(1)), page(other), marks=1)


def test_one_line_cut_out_wrongly_does_not_hide_a_copy() -> None:
    copy = {**paper(1), K.ID_NUMBER: paper(2)[K.ID_NUMBER]}
    assert meet(page(paper(1)), page(copy))


def test_a_copy_with_new_name_and_numbers_meets_by_what_was_left() -> None:
    left = (K.ADMISSION_TICKET, K.PICTURE)
    forged = {kind: paper(1 if kind in left else 2)[kind] for kind in paper(1)}
    assert meet(page(paper(1)), page(forged), marks=1)
    # Without a number that is the same it could be two people whose tickets look alike.
    assert not meet(page(paper(1)), page(forged))


def test_lines_in_another_arrangement_are_another_paper() -> None:
    moved = [region(kind, text) for kind, text in paper(1).items()]
    first, second = moved[0], moved[1]
    swapped = RegionPrint(
        kind=second.kind, left=0.6, top=0.9, right=0.9, bottom=0.93, bits=second.bits
    )
    other = PagePrint(page_number=1, regions=(first, swapped, *moved[2:]))
    assert not meet(page(paper(1)), other)


def test_pages_without_common_lines_say_nothing() -> None:
    only_name = {K.NAME: paper(1)[K.NAME]}
    assert not meet(page(paper(1)), page({K.PICTURE: paper(1)[K.PICTURE]}), marks=2)
    assert not meet(page(paper(1)), page(only_name))
    assert not meet(PagePrint(page_number=1, regions=()), page(paper(1)))


def test_a_shift_of_two_columns_is_allowed_for() -> None:
    value = random.Random(3).getrandbits(512)
    shifted = f"{value >> 16:0128x}"
    assert line_distance(f"{value:0128x}", shifted) == 0.0
    far = f"{value >> 80:0128x}"
    assert line_distance(f"{value:0128x}", far) > ALIKE_LINES
