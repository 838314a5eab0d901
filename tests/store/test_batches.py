import dataclasses

import pytest

from domain.application import BatchKind, FileKind, Upload
from domain.faults import BatchRefused, ConfigurationFault
from store import Store
from store.batches import content_digest
from tests.store.builders import make_batch, make_input, make_submission


def kinds(store: Store, batch_id: str = "spring") -> list[str]:
    return [event.kind for event in store.events.of_batch(batch_id)]


def test_a_batch_taken_in_comes_back_as_it_was(store: Store) -> None:
    given = make_input(make_submission("1002", ("b", "a")), make_submission("1001"))
    registration = store.batches.register(given)
    assert registration.added == ("1002", "1001")
    loaded = store.batches.load(store.batches.application_ids("spring"))
    assert [item.submission for item in loaded] == [given.submissions[1], given.submissions[0]]
    assert [item.version for item in loaded] == [1, 1]
    assert store.batches.get("spring") == given.batch
    assert store.batches.content_digest("spring") == content_digest(given)


def test_the_same_batch_again_changes_nothing(store: Store) -> None:
    given = make_input(make_submission("1001"), make_submission("1002"))
    store.batches.register(given)
    before = (store.batches.application_ids("spring"), store.events.head())
    again = store.batches.register(given)
    assert (again.added, again.changed, again.vanished) == ((), (), ())
    assert (store.batches.application_ids("spring"), store.events.head()) == before


@pytest.mark.parametrize(
    "changed", [make_submission("1001", score="501"), make_submission("1001", ("paper", "more"))]
)
def test_a_changed_row_or_file_becomes_a_new_version_and_an_event(store: Store, changed) -> None:
    store.batches.register(make_input(make_submission("1001"), make_submission("1002")))
    old = store.batches.find("spring", "1001")
    result = store.batches.register(make_input(changed, make_submission("1002")))
    assert (result.changed, result.added) == (("1001",), ())
    now = store.batches.find("spring", "1001")
    assert (now.version, now.submission) == (2, changed)
    assert store.batches.load([old.id])[0].submission == old.submission, "history is kept"
    assert kinds(store).count("input-changed") == 1


def test_a_vanished_row_stays_flagged_until_it_is_back(store: Store) -> None:
    store.batches.register(make_input(make_submission("1001"), make_submission("1002")))
    assert store.batches.register(make_input(make_submission("1001"))).vanished == ("1002",)
    assert store.batches.find("spring", "1002").vanished
    assert store.batches.register(make_input(make_submission("1001"))).vanished == ()
    both = make_input(make_submission("1001"), make_submission("1002"))
    assert store.batches.register(both).reappeared == ("1002",)
    found = store.batches.find("spring", "1002")
    assert (found.vanished, found.version) == (False, 1)
    assert kinds(store)[-2:] == ["application-vanished", "application-reappeared"]


def test_new_limits_are_taken_over_without_a_new_version(store: Store) -> None:
    submission = make_submission("1001")
    store.batches.register(make_input(submission))
    rejected = dataclasses.replace(submission.uploads[0], rejections=("too-large",))
    judged = dataclasses.replace(submission, uploads=(rejected,))
    assert store.batches.register(make_input(judged)).changed == ()
    found = store.batches.find("spring", "1001")
    assert (found.version, found.submission) == (1, judged)


@pytest.mark.parametrize(
    "other", [make_batch(kind=BatchKind.DEGREE), make_batch(institution="elsewhere")]
)
def test_another_kind_or_institution_under_the_same_id_is_refused(store: Store, other) -> None:
    store.batches.register(make_input(make_submission("1001")))
    head = store.events.head()
    with pytest.raises(BatchRefused) as refused:
        store.batches.register(make_input(make_submission("1001", score="1"), batch=other))
    assert refused.value.faults[0].code == "other-batch"
    assert store.events.head() == head
    assert store.batches.find("spring", "1001").version == 1
    with pytest.raises(BatchRefused):
        store.batches.refuse_other(other)


def test_hostile_names_and_cells_survive(store: Store) -> None:
    submission = make_submission("1001", score="𠮷'\";--\u0000\ud800<script>")
    upload = Upload(path="uploads/1001/\ud83d\n.jpg", size_bytes=1, digest="", kind=FileKind.OTHER)
    submission = dataclasses.replace(submission, uploads=(upload,))
    store.batches.register(make_input(submission))
    assert store.batches.find("spring", "1001").submission == submission


def test_unknown_ids_are_named_with_the_known_ones(store: Store) -> None:
    store.batches.register(make_input(make_submission("1001")))
    with pytest.raises(ConfigurationFault, match="known: spring"):
        store.batches.get("autumn")
    with pytest.raises(ConfigurationFault, match="1009"):
        store.batches.find("spring", "1009")
