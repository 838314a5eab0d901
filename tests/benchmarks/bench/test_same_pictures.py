"""In memory the same pictures are found as through the store's index, and by real pixels."""

import io
import itertools
import random
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from benchmarks.bench.likeness import _as_read, _print_person
from benchmarks.bench.prior_uses import PriorUses, Trace
from benchmarks.bench.same_pictures import find_same_pictures
from benchmarks.samples.copies import COPIES
from benchmarks.samples.one_layout import DrawnPaper, draw_of_one_layout
from domain.likeness import FilePrint, RegionKind
from domain.reading import PrintedResult
from extractors.reading.likeness import fingerprint
from flows.linking import compare_pictures
from flows.progress import Silence
from store import open_store

LAYOUT, LOOKS = "cet-card-2021", 5
# Changes under which everything stays where it stands relative to the picture.
MARKS = ("certificate_number", "id_number", "admission_ticket")
STEADY = ("resized to 70 %", "JPEG quality 35", "brightened")


@pytest.fixture(scope="module")
def drawn() -> list[DrawnPaper]:
    return [draw_of_one_layout(LAYOUT, seed, LOOKS) for seed in range(6)]


def print_of(name: str, paper: DrawnPaper, image: PIL.Image.Image | None = None) -> FilePrint:
    page, extraction = _as_read(paper, random.Random(name))
    pixels = np.asarray((image or paper.image).convert("RGB"))[:, :, ::-1]
    made = fingerprint(np.ascontiguousarray(pixels), page, extraction)
    marks = tuple((kind, paper.printed[kind]) for kind in MARKS)
    return FilePrint(file_digest=name, pages=(made,), marks=marks)


@pytest.mark.parametrize("change", STEADY)
def test_a_changed_copy_meets_its_original_and_nobody_elses(
    drawn: list[DrawnPaper], change: str
) -> None:
    originals = [print_of(f"original {n}", paper) for n, paper in enumerate(drawn)]
    copied = PIL.Image.open(io.BytesIO(COPIES[change](drawn[0].image.convert("RGB"))))
    copy = print_of("copy", drawn[0], copied)
    same = find_same_pictures([*originals, copy])
    assert same == {
        "copy": frozenset({"original 0"}),
        "original 0": frozenset({"copy"}),
    }


def test_a_print_holds_portrait_code_and_lines_and_none_of_the_text(
    drawn: list[DrawnPaper],
) -> None:
    (page,) = print_of("one", drawn[0]).pages
    kinds = [region.kind for region in page.regions]
    lines = {kind for kind in kinds if kind.is_line}
    assert {RegionKind.CERTIFICATE_NUMBER, RegionKind.ID_NUMBER, RegionKind.NAME} <= lines
    assert kinds.count(RegionKind.PICTURE) == 2
    looked_up = [region.kind for region in page.regions if region.keys]
    assert looked_up == [RegionKind.CERTIFICATE_NUMBER, RegionKind.PICTURE]
    for band in itertools.chain.from_iterable(region.keys for region in page.regions):
        assert len(set(band)) == len(band) == 16


def test_the_store_finds_the_same_pairs(drawn: list[DrawnPaper], tmp_path: Path) -> None:
    prints = [_print_person(seed)[0] for seed in range(5)]
    prints += [print_of("a copy", drawn[2]), print_of("another copy", drawn[2])]
    expected = find_same_pictures(prints)
    assert expected["a copy"] == {"another copy", prints[2].file_digest}
    with open_store(tmp_path) as store:
        store.likenesses.keep(prints)
        found = compare_pictures(store, [item.file_digest for item in prints], Silence())
        again = compare_pictures(store, [item.file_digest for item in prints], Silence())
    # Each of the three meets the other two.
    assert (found, again) == (6, 0)


def test_a_copy_and_another_score_are_uses_between_batches(drawn: list[DrawnPaper]) -> None:
    result = PrintedResult(certificate_type="cet4", month="2021-06", score="438")
    better = PrintedResult(certificate_type="cet4", month="2021-06", score="638")

    def trace(position: int, person: str, name: str, result: PrintedResult) -> Trace:
        return Trace(
            key=(position, f"student {name}"),
            batch_id=f"batch-{position}",
            identity=person,
            marks=frozenset({("file", "", name)}),
            prints=(print_of(name, drawn[0]),),
            results=frozenset({result}),
        )

    one, two = trace(0, "A", "one", result), trace(1, "B", "two", result)
    own = trace(1, "A", "three", better)
    uses = PriorUses([one, two, own])
    assert [(use.kind, use.student_number, use.same_person) for use in uses.of(one.key)] == [
        ("picture", "student three", True),
        ("picture", "student two", False),
        ("score", "student three", True),
    ]
