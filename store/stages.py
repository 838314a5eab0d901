"""What has been done for each application: a row per stage, claimed with a lease.

`key` names the versions for which a stage was done, so that a new engine or policy does it again
and a repeated run does not.
"""

import datetime
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, update

from store.database import Database
from store.schema import applications, stages

_BATCH = 400


class Stages:
    """The stage rows of one installation."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def claim(
        self, application_ids: Iterable[int], stage: str, key: str, owner: str, seconds: float
    ) -> tuple[int, ...]:
        """Take the applications whose stage is still to be done, and return them in order.

        Left out are those done for this key, and those that another owner holds unexpired.
        """
        ids, taken = tuple(application_ids), []
        now = self._clock()
        with self._database.writing() as connection:
            rows: dict[int, Row[Any]] = {}
            for start in range(0, len(ids), _BATCH):
                query = select(stages).where(
                    stages.c.stage == stage,
                    stages.c.application_id.in_(ids[start : start + _BATCH]),
                )
                rows |= {row.application_id: row for row in connection.execute(query)}
            for application_id in ids:
                row = rows.get(application_id)
                values = {"key": key, "owner": owner, "expires": now + seconds, "done_at": None}
                if row is None:
                    connection.execute(
                        insert(stages).values(
                            application_id=application_id, stage=stage, seconds=0.0, **values
                        )
                    )
                elif _is_done(row, key) or _is_held(row, owner, now):
                    continue
                else:
                    connection.execute(
                        update(stages).where(_is(application_id, stage)).values(**values)
                    )
                taken.append(application_id)
        return tuple(taken)

    def finish(self, done: Mapping[int, float], stage: str, owner: str) -> None:
        """Mark a stage as done for the applications that the owner holds, with seconds of work."""
        now = datetime.datetime.now(datetime.UTC).isoformat()
        with self._database.writing() as connection:
            for application_id, seconds in done.items():
                connection.execute(
                    update(stages)
                    .where(_is(application_id, stage), stages.c.owner == owner)
                    .values(done_at=now, owner=None, expires=None, seconds=seconds)
                )

    def release_batch(self, batch_id: str) -> None:
        """Free every stage of a batch: for the holder of the batch's lease, after a killed run."""
        members = select(applications.c.id).where(applications.c.batch_id == batch_id)
        with self._database.writing() as connection:
            connection.execute(
                update(stages)
                .where(stages.c.application_id.in_(members), stages.c.owner.is_not(None))
                .values(owner=None, expires=None)
            )

    def seconds(self, batch_id: str) -> Mapping[int, tuple[tuple[str, float], ...]]:
        """Return (stage, seconds of work) pairs per application of a batch, for done stages."""
        query = (
            select(stages)
            .join(applications, applications.c.id == stages.c.application_id)
            .where(applications.c.batch_id == batch_id, stages.c.done_at.is_not(None))
            .order_by(stages.c.application_id, stages.c.done_at, stages.c.stage)
        )
        result: dict[int, tuple[tuple[str, float], ...]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                pair = (row.stage, row.seconds)
                result[row.application_id] = (*result.get(row.application_id, ()), pair)
        return result

    def done(self, batch_id: str, stage: str) -> int:
        """Return for how many current applications of a batch a stage is done."""
        query = (
            select(func.count())
            .select_from(stages)
            .join(applications, applications.c.id == stages.c.application_id)
            .where(applications.c.batch_id == batch_id, applications.c.is_current)
            .where(stages.c.stage == stage, stages.c.done_at.is_not(None))
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()


def _is(application_id: int, stage: str) -> ColumnElement[bool]:
    return and_(stages.c.application_id == application_id, stages.c.stage == stage)


def _is_done(row: Row[Any], key: str) -> bool:
    return row.done_at is not None and row.key == key


def _is_held(row: Row[Any], owner: str, now: float) -> bool:
    return row.owner not in (None, owner) and row.expires > now
