"""Language results are found by identity number, newest batch first, and count once sealed."""

import dataclasses
import datetime

from domain.application import BatchKind
from store import Store
from tests.store.builders import make_batch, make_input, make_submission


def _given(batch_id: str, kind: BatchKind, deadline: int, *people: tuple[str, str]):  # type: ignore[no-untyped-def]
    submissions = [make_submission(number, id_number=identity) for number, identity in people]
    batch = make_batch(batch_id, kind)
    later = batch.deadline + datetime.timedelta(days=deadline)
    return dataclasses.replace(
        make_input(*submissions), batch=dataclasses.replace(batch, deadline=later)
    )


def test_the_same_person_is_found_in_language_batches_newest_first(store: Store) -> None:
    mine, other = "990101199001010019", "990203198505050026"
    store.batches.register(_given("old", BatchKind.LANGUAGE, 0, ("1", mine), ("2", other)))
    store.batches.register(_given("new", BatchKind.LANGUAGE, 9, ("7", mine.lower() + " ")))
    store.batches.register(_given("degree-1", BatchKind.DEGREE, 5, ("9", mine)))
    store.batches.register(_given("degree-2", BatchKind.DEGREE, 5, ("8", mine), ("3", "99")))
    found = store.language_results.applicants("degree-2")
    assert found == {"8": (("new", "7"), ("old", "1"))}


def test_only_a_signed_off_batch_is_sealed(store: Store) -> None:
    store.batches.register(_given("old", BatchKind.LANGUAGE, 0, ("1", "99")))
    assert store.language_results.sealed() == frozenset()
    assert store.seals.set("old", "chen", {})
    assert store.language_results.sealed() == {"old"}
