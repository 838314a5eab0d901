"""Working copies stay until policy, the seal, the package and a lead let them go."""

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.archive import RetentionPolicy
from domain.faults import ConfigurationFault
from store import Store
from store.retention import delete_due, plan_retention, sweep_deleted
from tests.review.builders import BATCH
from tests.store.archive.packages import FIRST, archive, make_sealed, quick_hashes

KEEP = RetentionPolicy(passed_years=0, refused_years=0, returned_years=0, withdrawn_years=0)
THREE = dataclasses.replace(KEEP, passed_years=3)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    quick_hashes(monkeypatch)
    with make_sealed(tmp_path / "home") as opened:
        yield opened


def sealed_on(store: Store) -> datetime.date:
    seal = store.seals.get(BATCH)
    assert seal is not None
    beijing = datetime.timezone(datetime.timedelta(hours=8))
    return seal.created_at.astimezone(beijing).date()


def later(store: Store, years: int, days: int) -> datetime.date:
    return sealed_on(store).replace(year=sealed_on(store).year + years) + datetime.timedelta(days)


def plan(store: Store, policy: RetentionPolicy, as_of: datetime.date):  # type: ignore[no-untyped-def]
    return plan_retention(store, store.load_outcome(BATCH), policy, as_of)


def digests(store: Store) -> set[str]:
    rows = store.load_outcome(BATCH).rows
    return {upload.digest for row in rows for upload in row.submission.uploads}


def test_nothing_goes_before_the_batch_is_archived(store: Store) -> None:
    made = plan(store, THREE, later(store, 4, 0))
    assert made.blocked.startswith("it is not archived")
    with pytest.raises(ConfigurationFault, match="hedui archive"):
        delete_due(store, made, "chen")
    assert all(map(store.originals.intact, digests(store)))


def test_as_shipped_everything_is_kept(store: Store, tmp_path: Path) -> None:
    archive(store, tmp_path)
    assert plan(store, KEEP, later(store, 90, 0)).due == ()


def test_the_last_day_still_keeps(store: Store, tmp_path: Path) -> None:
    archive(store, tmp_path)
    assert plan(store, THREE, later(store, 3, 0)).due == ()
    assert len(plan(store, THREE, later(store, 3, 1)).due) == 3


def test_what_is_deleted_is_recorded_and_results_stay(store: Store, tmp_path: Path) -> None:
    archive(store, tmp_path)
    before, files = store.load_outcome(BATCH), digests(store)
    made = plan(store, THREE, later(store, 4, 0))
    assert delete_due(store, made, "chen") == (3, 0)
    assert not any(store.originals.path_of(digest).exists() for digest in files)
    assert store.load_outcome(BATCH).rows == before.rows
    (event,) = [item for item in store.events.of_application(BATCH, FIRST)
                if item.kind == "materials-deleted"]  # fmt: skip
    assert event.actor == "chen"
    assert plan(store, THREE, later(store, 4, 0)).due == ()
    with pytest.raises(ConfigurationFault, match="working copies were deleted"):
        archive(store, tmp_path / "again")


def test_what_another_batch_still_uses_stays(store: Store, tmp_path: Path) -> None:
    archive(store, tmp_path)
    row = store.load_outcome(BATCH).rows[0]
    batch = dataclasses.replace(store.batches.get(BATCH), id="later")
    from domain.application import BatchInput

    store.batches.register(BatchInput(batch=batch, submissions=(row.submission,)))
    assert delete_due(store, plan(store, THREE, later(store, 4, 0)), "chen") == (2, 1)
    assert store.originals.intact(row.submission.uploads[0].digest)


def test_a_deletion_that_was_interrupted_is_finished(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(store, tmp_path)
    made = plan(store, THREE, later(store, 4, 0))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            delete_due(store, made, "chen")
    assert sweep_deleted(store, BATCH) == (3, 0)


def test_a_plan_made_before_something_else_was_written_is_refused(
    store: Store, tmp_path: Path
) -> None:
    archive(store, tmp_path / "one")
    made = plan(store, THREE, later(store, 4, 0))
    archive(store, tmp_path / "two")
    with pytest.raises(ConfigurationFault, match="look at the plan again"):
        delete_due(store, made, "chen")
    assert all(map(store.originals.intact, digests(store)))
