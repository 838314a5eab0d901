"""Checking and exporting the record: the chain of events, and the decisions that hang on it."""

import json
from collections.abc import Iterator

from sqlalchemy import select

from store.codec import canonical_json
from store.database import Database
from store.entries import body_digest
from store.events import GENESIS, ChainFault, Events
from store.schema import decisions, events

_ENTRY_KINDS = "review-"


class Audit:
    """The record of one installation, looked at as a whole."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._events = Events(database)

    def verify(self, known_head: str = "") -> ChainFault | None:
        """Return the first fault of the chain, or of a decision that is not as the chain says.

        A decision's body stands beside the log, for it can hold what papers print; its digest
        stands in the log. An edited, added or removed decision is therefore named as well.
        """
        fault = self._events.verify(known_head)
        return fault or self._verify_decisions()

    def _verify_decisions(self) -> ChainFault | None:
        with self._database.reading() as connection:
            logged = {
                row.sequence: (row.actor, json.loads(row.payload))
                for row in connection.execute(
                    select(events.c.sequence, events.c.actor, events.c.payload)
                    .where(events.c.kind.startswith(_ENTRY_KINDS))
                    .order_by(events.c.sequence)
                )
            }
            kept = {
                row.event_sequence: row
                for row in connection.execute(
                    select(decisions).order_by(decisions.c.event_sequence)
                )
            }
        for sequence in sorted(logged.keys() | kept.keys()):
            row, (actor, payload) = kept.get(sequence), logged.get(sequence, ("", {}))
            expected = canonical_json(
                {
                    "account": actor,
                    "application": payload.get("application_id"),
                    "body": payload.get("body_digest", "no decision"),
                    "round_after": payload.get("round_after"),
                    "verdict": payload.get("verdict"),
                }
            )
            found = (
                "no decision"
                if row is None
                else canonical_json(
                    {
                        "account": row.account,
                        "application": row.application_id,
                        "body": body_digest(row.body),
                        "round_after": row.round_after,
                        "verdict": row.verdict,
                    }
                )
            )
            if expected != found:
                return ChainFault(sequence=sequence, expected=expected, found=found)
        return None

    def lines(self, until: int | None = None) -> Iterator[str]:
        """Yield the log as JSON lines, oldest first, each with the hash before it and its own.

        The last line is the head. `until` is the last entry that is wanted, None for all. Anybody
        can check them without this program: docs/operations says how.
        """
        query = select(events).order_by(events.c.sequence)
        if until is not None:
            query = query.where(events.c.sequence <= until)
        with (
            self._database.reading() as connection,
            connection.execution_options(yield_per=1000).execute(query) as rows,
        ):
            previous = GENESIS
            for row in rows:
                yield canonical_json(dict(row._mapping))
                previous = row.hash
        yield canonical_json({"head": previous})
