import dataclasses

from domain.reading import ReadOutcome
from store import Store
from store.readings import PrintedNumber
from tests.store.builders import (
    KEY,
    digest_of,
    make_batch,
    make_input,
    make_outcome,
    make_submission,
)


def test_a_reading_comes_back_as_it_was_and_only_for_its_versions(store: Store) -> None:
    outcome = make_outcome("paper", "991234")
    assert store.readings.save(outcome, KEY, "spring")
    assert store.readings.load([outcome.file_digest], KEY) == {outcome.file_digest: outcome}
    other = dataclasses.replace(KEY, engine_version="engine-2")
    assert store.readings.known([outcome.file_digest], other) == frozenset()
    assert store.readings.load([outcome.file_digest], other) == {}


def test_the_first_answer_stays(store: Store) -> None:
    outcome = make_outcome("paper", "991234")
    failed = ReadOutcome(
        file_digest=outcome.file_digest, reading=None, seconds=1.0, fault="timeout"
    )
    assert store.readings.save(failed, KEY, "spring")
    assert not store.readings.save(outcome, KEY, "spring")
    assert store.readings.load([outcome.file_digest], KEY) == {failed.file_digest: failed}
    assert [event.kind for event in store.events.of_batch("spring")] == ["file-read"]


def test_the_same_file_of_two_applicants_is_seen_from_both(store: Store) -> None:
    store.batches.register(
        make_input(
            make_submission("1001", ("shared",)),
            make_submission("1002", ("shared", "own")),
            make_submission("1003", ("other",)),
        )
    )
    (use,) = store.prior_uses.of("spring", "1001")
    assert (use.kind, use.batch_id, use.student_number) == ("file", "spring", "1002")
    assert not use.same_person
    assert store.prior_uses.of_batch("spring").keys() == {"1001", "1002"}


def test_the_same_person_in_a_later_batch_is_recognized(store: Store) -> None:
    store.batches.register(make_input(make_submission("1001", ("x",), "99000019900101001x")))
    autumn = make_batch("autumn")
    store.batches.register(
        make_input(make_submission("2001", ("x",), "９９000019900101001X "), batch=autumn)
    )
    (use,) = store.prior_uses.of("autumn", "2001")
    assert (use.batch_id, use.student_number, use.same_person) == ("spring", "1001", True)


def test_a_printed_number_is_found_across_batches_within_its_family(store: Store) -> None:
    store.batches.register(make_input(make_submission("1001", ("a",))))
    autumn = make_batch("autumn")
    store.batches.register(
        make_input(make_submission("2001", ("b",)), make_submission("2002", ("c",)), batch=autumn)
    )
    first = store.batches.find("spring", "1001").id
    same, other = (store.batches.find("autumn", number).id for number in ("2001", "2002"))

    def number(family: str, file: str) -> list[PrintedNumber]:
        return [PrintedNumber(file_digest=digest_of(file), family=family, number="99123")]

    store.readings.keep_numbers(
        {first: number("cet", "a"), same: number("cet", "b"), other: number("tem", "c")}
    )
    (use,) = store.prior_uses.of("autumn", "2001")
    assert (use.kind, use.student_number, use.same_person) == ("number", "1001", False)
    assert store.prior_uses.of("autumn", "2002") == ()
    store.readings.keep_numbers({first: []})
    assert store.prior_uses.of("autumn", "2001") == ()


def test_an_earlier_version_still_counts(store: Store) -> None:
    store.batches.register(make_input(make_submission("1001", ("x",))))
    store.batches.register(
        make_input(make_submission("1001", ("y",)), make_submission("1002", ("x",)))
    )
    (use,) = store.prior_uses.of("spring", "1002")
    assert use.student_number == "1001"
    assert store.prior_uses.of("spring", "1001") == ()
