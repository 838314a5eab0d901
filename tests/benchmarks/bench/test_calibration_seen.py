"""The bench says how much of what it tests the thresholds were measured on."""

import dataclasses
from pathlib import Path

from benchmarks.bench.measuring import find_seen
from benchmarks.bench.reading import LabelledFolder
from domain.calibration import document_key
from tests.benchmarks.bench.judged_items import truth
from tests.validators.builders import (
    CALIBRATION,
    CET_DECLARED,
    ENGINE,
    batch_of,
    policy_with,
    submission_of,
    upload_of,
)

A, B, C = "a" * 64, "b" * 64, "c" * 64


def folder_seen(documents: tuple[str, ...], layouts: tuple[str, ...]) -> LabelledFolder:
    calibration = dataclasses.replace(CALIBRATION, documents=documents, layouts=layouts)
    numbers = {"1": A, "2": B, "3": C}
    return LabelledFolder(
        path=Path("labelled"),
        batch=batch_of(),
        submissions=tuple(
            submission_of({**CET_DECLARED, "学号": number}, (upload_of(digest),))
            for number, digest in numbers.items()
        ),
        # The third application is not labelled: it is not tested.
        truths={
            number: dataclasses.replace(truth(number), layout=layout)
            for number, layout in (("1", "card"), ("2", ""))
        },
        policy=policy_with(None, calibration),
    )


def test_disjoint_papers_and_layouts_are_told_as_such() -> None:
    seen = find_seen(folder_seen((document_key(C),), ("table",)), ENGINE)
    assert (seen.documents, seen.documents_seen) == (2, 0)
    assert (seen.layouts, seen.layouts_seen) == (1, 0)
    assert seen.fits


def test_papers_and_layouts_that_were_measured_on_are_counted() -> None:
    seen = find_seen(folder_seen((document_key(A), document_key(C)), ("card",)), "reader-2.0.0")
    assert (seen.documents, seen.documents_seen) == (2, 1)
    assert (seen.layouts, seen.layouts_seen) == (1, 1)
    assert not seen.fits
