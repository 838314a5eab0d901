"""Pictures that were spoiled in a known way: the reader names the field and what is wrong there."""

import random
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from benchmarks.legibility import blur, cut_right, darken, glare, read, shrink_to
from benchmarks.samples.conditions import apply_condition
from benchmarks.samples.paper import Paper
from domain.certificates import FieldName
from domain.extraction import Extraction, QualityFaultKind
from domain.page import BoundingBox
from extractors.reading.picture import Picture
from store.codec import decode, encode
from tests.extractors import golden_files

pytestmark = pytest.mark.reading

F, K = FieldName, QualityFaultKind


@cache
def paper() -> Paper:
    return golden_files.draw("cet4")


@cache
def picture() -> Picture:
    image = paper().image.convert("RGB")
    image.thumbnail((1300, 1300))
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1], dtype=np.uint8)


@cache
def number_box() -> BoundingBox:
    number = read(picture()).extraction.get(F.CERTIFICATE_NUMBER)
    assert number is not None
    return number.evidence.bbox


def faults_of(extraction: Extraction) -> set[tuple[K, F | None]]:
    return {(fault.kind, fault.field) for fault in extraction.faults}


def squeezed(text: str) -> str:
    return "".join(text.split())


def run_over_the_edge(picture: Picture, box: BoundingBox) -> Picture:
    """Return the picture with the row of a value moved right until half of it is outside."""
    height, width = picture.shape[:2]
    rows = slice(
        round((box.top - 0.3 * box.height) * height),
        round((box.bottom + 0.3 * box.height) * height),
    )
    shift = round((1 - (box.left + box.right) / 2) * width)
    moved = picture.copy()
    moved[rows, shift:] = picture[rows, : width - shift]
    moved[rows, :shift] = np.median(picture[rows], axis=(0, 1))
    return moved


def test_a_clean_page_has_no_fault() -> None:
    assert read(picture()).extraction.faults == ()


@pytest.mark.parametrize(
    ("spoil", "kind"), [(glare, K.GLARE), (run_over_the_edge, K.CUT_OFF)], ids=["glare", "cut off"]
)
def test_what_hides_the_number_is_named_with_the_number(
    spoil: Callable[[Picture, BoundingBox], Picture], kind: K
) -> None:
    extraction = read(spoil(picture(), number_box())).extraction
    assert squeezed(extraction.text(F.CERTIFICATE_NUMBER)) != squeezed(
        paper().printed["certificate_number"]
    )
    assert (kind, F.CERTIFICATE_NUMBER) in faults_of(extraction)
    assert {fault.kind for fault in extraction.faults} == {kind}


def test_a_picture_of_half_the_paper_is_said_to_be_cut_off() -> None:
    extraction = read(cut_right(picture(), number_box())).extraction
    assert faults_of(extraction) == {(K.CUT_OFF, None)}


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [(blur(3.5), K.BLUR), (shrink_to(330), K.TOO_SMALL), (darken(0.05), K.TOO_DARK)],
    ids=["blurred", "too small", "too dark"],
)
def test_a_spoiled_page_names_every_field_that_is_not_read_as_printed(
    spoil: Callable[[Picture, BoundingBox], Picture], kind: K
) -> None:
    extraction = read(spoil(picture(), number_box())).extraction
    assert {fault.kind for fault in extraction.faults} == {kind}
    named = {fault.field for fault in extraction.faults}
    for field in (F.NAME, F.ID_NUMBER, F.CERTIFICATE_NUMBER, F.SCORE):
        if squeezed(extraction.text(field)) != squeezed(paper().printed[field.value]):
            assert field in named or None in named


@pytest.mark.parametrize(
    ("condition", "kind"), [("blurred", K.BLUR), ("tiny", K.TOO_SMALL), ("night", K.TOO_DARK)]
)
def test_an_unreadable_picture_says_what_is_wrong_with_it(condition: str, kind: K) -> None:
    (file,) = apply_condition(paper(), condition, random.Random(5))
    spoiled = cv2.imdecode(np.frombuffer(file.data, dtype=np.uint8), cv2.IMREAD_COLOR)
    extraction = read(np.ascontiguousarray(spoiled, dtype=np.uint8)).extraction
    assert (kind, None) in faults_of(extraction)


def test_faults_survive_being_stored() -> None:
    page = read(shrink_to(330)(picture(), number_box()))
    assert page.extraction.faults
    assert decode(Extraction, encode(page.extraction)) == page.extraction


def test_a_reading_stored_before_faults_were_measured_can_be_read() -> None:
    text = encode(read(picture()).extraction).replace('"faults":[],', "")
    assert '"faults"' not in text
    assert decode(Extraction, text).faults == ()
