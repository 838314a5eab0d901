"""Language results of the applicants of a degree batch, found by their identity numbers."""

import datetime
from collections.abc import Mapping

from sqlalchemy import select

from domain.application import Batch, BatchKind
from store.codec import decode
from store.database import Database
from store.schema import applications, batches, seals


class LanguageResults:
    """Look-ups from a degree batch into the language batches of the same store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def applicants(self, batch_id: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Return per 学号 of a degree batch the (language batch, 学号) of the same person there.

        Newest batch first, by deadline. Applicants without any are absent, and so are those
        without an identity number.
        """
        newest = self._language_batches()
        mine, other = applications.alias("mine"), applications.alias("other")
        query = (
            select(mine.c.student_number, other.c.batch_id, other.c.student_number.label("there"))
            .join(other, other.c.identity_hash == mine.c.identity_hash)
            .where(
                mine.c.batch_id == batch_id,
                mine.c.is_current,
                mine.c.identity_hash != "",
                other.c.is_current,
            )
        )
        found: dict[str, list[tuple[str, str]]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                if row.batch_id in newest:
                    found.setdefault(row.student_number, []).append((row.batch_id, row.there))
        return {
            number: tuple(sorted(there, key=lambda pair: (newest.index(pair[0]), pair[1])))
            for number, there in found.items()
        }

    def sealed(self) -> frozenset[str]:
        """Return the batches that were signed off."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(seals.c.batch_id)))

    def _language_batches(self) -> list[str]:
        with self._database.reading() as connection:
            bodies = connection.scalars(select(batches.c.body)).all()
        known = [decode(Batch, body) for body in bodies]
        wanted = [batch for batch in known if batch.kind is BatchKind.LANGUAGE]

        def newest_first(batch: Batch) -> tuple[datetime.datetime, str]:
            return batch.deadline, batch.id

        return [batch.id for batch in sorted(wanted, key=newest_first, reverse=True)]
