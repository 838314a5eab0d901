"""Signing a batch off: once, by one account, in the log."""

import datetime
from dataclasses import dataclass

from sqlalchemy import insert, select

from store.cases import utc_now
from store.database import Database
from store.events import NewEvent, append_events, last_hash
from store.schema import seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Who signed a batch off, and when."""

    batch_id: str
    account: str
    created_at: datetime.datetime


class Seals:
    """The seals of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, batch_id: str) -> Seal | None:
        """Return a batch's seal, None where it is not signed off."""
        query = select(seals).where(seals.c.batch_id == batch_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        at = datetime.datetime.fromisoformat(row.created_at)
        return Seal(batch_id=row.batch_id, account=row.account, created_at=at)

    def set(self, batch_id: str, account: str, counts: dict[str, int], head: str = "") -> bool:
        """Seal a batch; return False, changing nothing, where it is sealed already.

        `counts` are the applications by 审核状态, for the log, and `head` the log's head when they
        were counted: where something was written since, nothing is sealed and False is returned.
        """
        with self._database.writing() as connection:
            if head and last_hash(connection) != head:
                return False
            query = select(seals.c.batch_id).where(seals.c.batch_id == batch_id)
            if connection.execute(query).first() is not None:
                return False
            event = NewEvent(
                kind="batch-sealed", batch_id=batch_id, actor=account, payload={"counts": counts}
            )
            sequence = append_events(connection, [event])
            connection.execute(
                insert(seals).values(
                    batch_id=batch_id,
                    account=account,
                    event_sequence=sequence,
                    created_at=utc_now(),
                )
            )
        return True
