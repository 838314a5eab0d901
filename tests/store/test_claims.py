import subprocess
import sys
from collections.abc import Callable

import pytest

from store import Store
from store.leases import Leases, may_be_alive, new_owner
from store.stages import Stages
from tests.store.builders import make_input, make_submission


class Clock:
    """A clock that the test sets."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ids(store: Store) -> tuple[int, ...]:
    store.batches.register(make_input(make_submission("1001"), make_submission("1002")))
    return store.batches.application_ids("spring")


def test_one_of_two_processes_gets_the_lease(store: Store, open_again: Callable[[], Store]) -> None:
    first, second, other = new_owner(), new_owner(), open_again()
    assert store.leases.claim("batch:x", first, 60) is None
    refused = other.leases.claim("batch:x", second, 60)
    assert refused is not None
    assert refused.owner == first
    assert other.leases.holder("batch:x") == refused
    assert store.leases.claim("batch:x", first, 60) is None, "its owner may renew it"
    store.leases.release("batch:x", second)
    assert other.leases.claim("batch:x", second, 60) is not None, "only its owner gives it back"
    store.leases.release("batch:x", first)
    assert other.leases.claim("batch:x", second, 60) is None


def test_a_lease_of_a_dead_process_is_free_at_once(store: Store) -> None:
    code = "from store.leases import new_owner; print(new_owner())"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert not may_be_alive(ended)
    assert store.leases.claim("batch:x", ended, 3600) is None
    assert store.leases.holder("batch:x") is None
    assert store.leases.claim("batch:x", new_owner(), 60) is None


def test_a_lease_of_another_machine_is_free_when_it_has_expired(store: Store) -> None:
    clock = Clock()
    leases = Leases(store.database, clock)
    elsewhere = "another/boot/1/1/aa"
    assert leases.claim("batch:x", elsewhere, 60) is None
    assert leases.claim("batch:x", new_owner(), 60) is not None
    clock.now += 61
    assert leases.claim("batch:x", new_owner(), 60) is None


def test_stages_are_done_once_per_key(store: Store, ids: tuple[int, ...]) -> None:
    claim = store.stages.claim
    assert claim(ids, "read", "v1", "a", 60) == ids
    assert claim(ids, "read", "v1", "b", 60) == (), "another holds them"
    store.stages.finish({ids[0]: 1.5}, "read", "a")
    assert claim(ids, "read", "v1", "a", 60) == ids[1:], "done ones are not done again"
    assert store.stages.done("spring", "read") == 1
    assert store.stages.seconds("spring") == {ids[0]: (("read", 1.5),)}
    assert claim(ids[:1], "read", "v2", "b", 60) == ids[:1], "a new version does them again"


def test_an_expired_or_released_claim_is_free(store: Store, ids: tuple[int, ...]) -> None:
    clock = Clock()
    stages = Stages(store.database, clock)
    assert stages.claim(ids, "read", "v1", "a", 60) == ids
    clock.now += 61
    assert stages.claim(ids, "read", "v1", "b", 60) == ids
    stages.finish(dict.fromkeys(ids, 1.0), "read", "a")
    assert stages.done("spring", "read") == 0, "the late one no longer holds them"
    stages.release_batch("spring")
    assert stages.claim(ids, "read", "v1", "c", 60) == ids
