"""Prints of one picture meet, those of two people's papers of one layout do not."""

import random

from domain.likeness import FilePrint, PagePrint, RegionKind, RegionPrint
from validators.likeness import ALIKE_NUMBERS, is_same_picture, line_distance

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


def numbers(**read: str) -> tuple[tuple[str, str], ...]:
    return tuple(read.items())


def meet(
    one: PagePrint,
    other: PagePrint,
    mine: tuple[tuple[str, str], ...] = (),
    theirs: tuple[tuple[str, str], ...] = (),
) -> bool:
    return is_same_picture(
        FilePrint(file_digest="one", pages=(one,), marks=mine),
        FilePrint(file_digest="other", pages=(other,), marks=theirs),
    )


def noisy(shown: dict[RegionKind, str], share: float) -> dict[RegionKind, str]:
    rng = random.Random(9)
    return {kind: altered(text, share, rng) for kind, text in shown.items()}


OWN = numbers(certificate_number="211153974039404", admission_ticket="539741211103515")
NEXT = numbers(certificate_number="211153974039405", admission_ticket="539741211103516")


def test_a_copy_that_is_noisy_smaller_and_moved_meets_its_original() -> None:
    copy = page(noisy(paper(1), 0.12), scale=0.7, move=(0.1, 0.05))
    assert meet(page(paper(1)), copy, OWN, OWN)
    assert meet(copy, page(paper(1)), OWN, OWN)


def test_another_persons_paper_of_the_same_layout_does_not() -> None:
    assert not meet(page(paper(1)), page(paper(2)), OWN, NEXT)
    # The same number misread on another paper, which looks otherwise.
    assert not meet(page(paper(1)), page(paper(2)), OWN, OWN)


def test_the_neighbour_in_the_room_whose_numbers_differ_in_one_digit_does_not() -> None:
    neighbour = {**paper(1), K.NAME: paper(2)[K.NAME], K.ID_NUMBER: paper(2)[K.ID_NUMBER]}
    assert not meet(page(paper(1)), page(neighbour), OWN, NEXT)


def test_a_number_alone_says_nothing_about_the_picture() -> None:
    other = {**paper(2), K.CERTIFICATE_NUMBER: paper(1)[K.CERTIFICATE_NUMBER]}
    assert not meet(page(paper(1)), page(other), OWN, OWN[:1])


def test_a_copy_whose_numbers_were_misread_meets_by_looks() -> None:
    assert meet(page(paper(1)), page(noisy(paper(1), 0.1)), OWN, NEXT)
    # Less alike than that it could be a namesake of the same school.
    assert not meet(page(paper(1)), page(noisy(paper(1), 0.17)), OWN, NEXT)


def test_a_number_that_is_the_only_line_on_one_side_is_enough() -> None:
    alone = {K.ADMISSION_TICKET: paper(1)[K.ADMISSION_TICKET]}
    assert meet(page(paper(1)), page(noisy(alone, 0.1)), OWN, OWN[1:])
    assert not meet(page(paper(1)), page(noisy(alone, 0.1)), OWN, NEXT[1:])


def test_a_portrait_alone_says_nothing() -> None:
    other = {**paper(2), K.PICTURE: paper(1)[K.PICTURE]}
    assert not meet(page(paper(1)), page(other), OWN, OWN)


def test_lines_cut_out_wrongly_do_not_hide_a_copy() -> None:
    wrong = {kind: paper(2)[kind] for kind in (K.ID_NUMBER, K.NAME)}
    assert meet(page(paper(1)), page({**paper(1), **wrong}), OWN, OWN)


def test_a_copy_with_new_name_and_numbers_meets_by_what_was_left() -> None:
    left = (K.ADMISSION_TICKET, K.PICTURE)
    forged = {kind: paper(1 if kind in left else 2)[kind] for kind in paper(1)}
    assert meet(page(paper(1)), page(forged), OWN, (NEXT[0], OWN[1]))
    assert not meet(page(paper(1)), page(forged), OWN, NEXT)


def test_another_certificate_of_the_same_person_is_another_picture() -> None:
    """ID number, name and portrait are the same on all of a person's papers."""
    person = numbers(id_number="99000019900101001X")
    own = (K.CERTIFICATE_NUMBER, K.ADMISSION_TICKET)
    later = {**paper(1), **{kind: paper(2)[kind] for kind in own}}
    assert not meet(page(paper(1)), page(later), OWN + person, NEXT + person)
    # Where a paper has no other number it is all there is.
    bare = {kind: paper(1)[kind] for kind in (K.ID_NUMBER, K.NAME)}
    assert meet(page(bare), page(bare), person, person)


def test_lines_in_another_arrangement_are_another_paper() -> None:
    regions = [region(kind, text) for kind, text in paper(1).items()]
    moved = RegionPrint(
        kind=K.NAME, left=0.6, top=0.9, right=0.9, bottom=0.93, bits=paper(1)[K.NAME]
    )
    other = PagePrint(page_number=1, regions=(*(r for r in regions if r.kind is not K.NAME), moved))
    assert not meet(page(paper(1)), other, OWN, OWN)


def test_pages_without_common_lines_say_nothing() -> None:
    only_name = {K.NAME: paper(1)[K.NAME]}
    assert not meet(page(paper(1)), page({K.PICTURE: paper(1)[K.PICTURE]}), OWN, OWN)
    assert not meet(page(paper(1)), page(only_name), OWN, OWN)
    assert not meet(PagePrint(page_number=1, regions=()), page(paper(1)), OWN, OWN)


def test_a_shift_of_two_columns_is_allowed_for() -> None:
    value = random.Random(3).getrandbits(512)
    shifted = f"{value >> 16:0128x}"
    assert line_distance(f"{value:0128x}", shifted) == 0.0
    far = f"{value >> 80:0128x}"
    assert line_distance(f"{value:0128x}", far) > ALIKE_NUMBERS
