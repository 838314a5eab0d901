"""The append-only log: every change of state, as a chain of hashes.

Each entry's hash is SHA-256 over the hash before it and the entry's canonical JSON, so an edited,
deleted or moved entry breaks the chain where it stood. A cut tail or a replaced chain is whole in
itself: only a head that was written down elsewhere (every report prints it) tells; `verify` takes
it. Payloads hold ids, counts and codes, never personal data.
"""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from store.codec import canonical_json
from store.database import Database
from store.schema import events

GENESIS = "0" * 64
MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """A change of state about to be logged; `payload` is JSON-ready and free of personal data."""

    kind: str
    batch_id: str = ""
    student_number: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    actor: str = MACHINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the log; `instant` is UTC, `sequence` counts from 1 and gives the order."""

    sequence: int
    instant: str
    actor: str
    kind: str
    batch_id: str
    student_number: str
    payload: str
    prev_hash: str
    hash: str

    def expected_hash(self, prev_hash: str) -> str:
        """Return the hash that the entry must have after a given predecessor."""
        body = {
            "actor": self.actor,
            "batch_id": self.batch_id,
            "instant": self.instant,
            "kind": self.kind,
            "payload": self.payload,
            "sequence": self.sequence,
            "student_number": self.student_number,
        }
        return hashlib.sha256((prev_hash + canonical_json(body)).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """The first broken entry of the log: its place, what was expected and what was found."""

    sequence: int
    expected: str
    found: str


class Events:
    """The log of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, *new: NewEvent) -> None:
        """Append entries in a transaction of their own."""
        with self._database.writing() as connection:
            append_events(connection, new)

    def head(self) -> str:
        """Return the last entry's hash, sixty-four zeros for an empty log."""
        with self._database.reading() as connection:
            return _last(connection)[1]

    def latest_instant(self, batch_id: str) -> datetime.datetime | None:
        """Return when the last entry about a batch was made, None where there is none."""
        query = (
            select(events.c.instant)
            .where(events.c.batch_id == batch_id)
            .order_by(events.c.sequence.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            instant = connection.scalar(query)
        return datetime.datetime.fromisoformat(instant) if instant else None

    def of_application(self, batch_id: str, student_number: str) -> tuple[Event, ...]:
        """Return the entries about one application, oldest first."""
        query = select(events).where(
            events.c.batch_id == batch_id, events.c.student_number == student_number
        )
        with self._database.reading() as connection:
            return tuple(map(_event, connection.execute(query.order_by(events.c.sequence))))

    def last(self, count: int) -> tuple[Event, ...]:
        """Return the newest entries, newest first."""
        query = select(events).order_by(events.c.sequence.desc()).limit(count)
        with self._database.reading() as connection:
            return tuple(map(_event, connection.execute(query)))

    def of_batch(self, batch_id: str) -> tuple[Event, ...]:
        """Return the entries about a batch and its applications, oldest first."""
        query = select(events).where(events.c.batch_id == batch_id).order_by(events.c.sequence)
        with self._database.reading() as connection:
            return tuple(map(_event, connection.execute(query)))

    def verify(self, known_head: str = "") -> ChainFault | None:
        """Return the first broken entry, None where the whole chain holds.

        `known_head` is a hash written down earlier, e.g. in a report: it must occur in the chain,
        or the chain was cut or replaced.
        """
        previous, expected_sequence, head_seen = GENESIS, 1, not known_head
        query = select(events).order_by(events.c.sequence)
        with (
            self._database.reading() as connection,
            connection.execution_options(yield_per=1000).execute(query) as rows,
        ):
            for entry in map(_event, rows):
                if entry.sequence != expected_sequence:
                    return ChainFault(
                        sequence=expected_sequence,
                        expected=f"entry {expected_sequence}",
                        found=f"entry {entry.sequence}",
                    )
                expected = entry.expected_hash(previous)
                if entry.prev_hash != previous or entry.hash != expected:
                    return ChainFault(sequence=entry.sequence, expected=expected, found=entry.hash)
                head_seen = head_seen or entry.hash == known_head
                previous, expected_sequence = entry.hash, expected_sequence + 1
        if head_seen:
            return None
        return ChainFault(sequence=expected_sequence, expected=known_head, found="end of the log")


def append_events(connection: Connection, new: Iterable[NewEvent]) -> int:
    """Append entries within a writing transaction, so that they stand or fall with the change.

    Returns the sequence of the log's last entry.
    """
    sequence, previous = _last(connection)
    instant = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
    rows = []
    for item in new:
        sequence += 1
        unsealed = Event(
            sequence=sequence,
            instant=instant,
            actor=item.actor,
            kind=item.kind,
            batch_id=item.batch_id,
            student_number=item.student_number,
            payload=canonical_json(item.payload),
            prev_hash=previous,
            hash="",
        )
        row = {name: getattr(unsealed, name) for name in Event.__slots__}
        row["hash"] = previous = unsealed.expected_hash(previous)
        rows.append(row)
    if rows:
        connection.execute(insert(events), rows)
    return sequence


def last_hash(connection: Connection) -> str:
    """Return the log's head as a transaction sees it."""
    return _last(connection)[1]


def _last(connection: Connection) -> tuple[int, str]:
    query = select(events.c.sequence, events.c.hash).order_by(events.c.sequence.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return (row.sequence, row.hash) if row else (0, GENESIS)


def _event(row: Row[Any]) -> Event:
    return Event(**row._mapping)
