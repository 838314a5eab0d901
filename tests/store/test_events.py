import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from domain.faults import MachineFault
from store import Store
from store.events import GENESIS, NewEvent, append_events


@pytest.fixture
def chain(store: Store) -> Store:
    """Give a store with five entries in its log."""
    for number in range(1, 6):
        store.events.append(
            NewEvent(kind="tested", batch_id="b", student_number="1", payload={"n": number})
        )
    return store


def tamper(store: Store, *statements: str) -> None:
    """Do what an owner of the database could: drop the triggers, then change rows."""
    with store.database.writing() as connection:
        if store.database.is_sqlite:
            connection.execute(text("DROP TRIGGER events_no_UPDATE"))
            connection.execute(text("DROP TRIGGER events_no_DELETE"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_an_untouched_log_holds(chain: Store) -> None:
    assert chain.events.verify() is None
    entries = chain.events.of_application("b", "1")
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0].prev_hash == GENESIS
    assert chain.events.head() == entries[-1].hash
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", entries[0].instant)


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET kind = 'other' WHERE sequence = 2", "DELETE FROM events"]
)
def test_the_database_refuses_to_change_or_delete_entries(chain: Store, statement: str) -> None:
    with pytest.raises(MachineFault), chain.database.writing() as connection:
        connection.execute(text(statement))
    assert chain.events.verify() is None
    assert len(chain.events.of_batch("b")) == 5


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        (["UPDATE events SET payload = '{\"n\":9}' WHERE sequence = 3"], 3),
        (["UPDATE events SET actor = 'x' WHERE sequence = 5"], 5),
        (["UPDATE events SET instant = '2020' WHERE sequence = 1"], 1),
        (["DELETE FROM events WHERE sequence = 2"], 2),
        (["DELETE FROM events WHERE sequence = 1"], 1),
        (
            [
                "UPDATE events SET sequence = 99 WHERE sequence = 2",
                "UPDATE events SET sequence = 2 WHERE sequence = 3",
                "UPDATE events SET sequence = 3 WHERE sequence = 99",
            ],
            2,
        ),
    ],
)
def test_the_first_broken_entry_is_named(chain: Store, statements: list[str], broken: int) -> None:
    tamper(chain, *statements)
    fault = chain.events.verify()
    assert fault is not None
    assert fault.sequence == broken
    assert fault.expected != fault.found


def test_a_cut_tail_is_told_by_a_head_kept_elsewhere(chain: Store) -> None:
    head = chain.events.head()
    tamper(chain, "DELETE FROM events WHERE sequence = 5")
    assert chain.events.verify() is None, "a cut chain is whole in itself"
    fault = chain.events.verify(head)
    assert fault is not None
    assert (fault.sequence, fault.expected) == (5, head)


def test_an_older_head_is_still_known(chain: Store) -> None:
    head = chain.events.head()
    chain.events.append(NewEvent(kind="later"))
    assert chain.events.verify(head) is None


def test_entries_fall_with_the_transaction_they_belong_to(
    chain: Store, open_again: Callable[[], Store]
) -> None:
    def fail() -> None:
        with chain.database.writing() as connection:
            append_events(connection, [NewEvent(kind="lost")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(open_again().events.of_batch("b")) == 5
    assert open_again().events.verify() is None
