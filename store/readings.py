"""Readings: what was read from a file, kept per file, engine version and reading policy.

A file is read once for the three of them, whichever applications it came with and however often a
run is repeated. What the machine failed at is kept too: the reader has tried it twice, and a re-run
must give the same answer.
"""

import datetime
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Table, delete, insert, select

from domain.application import BatchKind
from domain.likeness import LIKENESS_VERSION
from domain.policy import Policy
from domain.reading import PrintedResult, ReadOutcome, ReadPurpose
from store.codec import decode, digest_json, encode
from store.database import Database
from store.events import NewEvent, append_events
from store.schema import numbers, readings, results

_BATCH = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingKey:
    """For what a reading holds: engine version and digest of the reading policy."""

    engine_version: str
    policy_digest: str


def reading_key(policy: Policy, engine_version: str, kind: BatchKind) -> ReadingKey:
    """Return for what the readings made under a policy by an engine hold."""
    plain = policy.as_dict()
    parts: list[object] = [plain["reading"], plain["intake"], LIKENESS_VERSION]
    if kind is BatchKind.DEGREE:
        parts.append(ReadPurpose.DEGREE.value)  # the same file is read otherwise there
    digest = digest_json(parts)
    return ReadingKey(engine_version=engine_version, policy_digest=digest)


# In place of a family: a number that was declared on an application on whose papers none was read.
DECLARED = "declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumber:
    """A certificate number read from a file of an application, normalized, for look-ups.

    Where no number could be read, the declared one stands here, with the family `DECLARED`.
    """

    file_digest: str
    family: str
    number: str


class Readings:
    """The readings of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, digests: Iterable[str], key: ReadingKey) -> frozenset[str]:
        """Return those of the files that have been read already."""
        wanted = sorted(set(digests))
        found: set[str] = set()
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _BATCH):
                query = select(readings.c.file_digest).where(
                    readings.c.engine_version == key.engine_version,
                    readings.c.policy_digest == key.policy_digest,
                    readings.c.file_digest.in_(wanted[start : start + _BATCH]),
                )
                found.update(connection.scalars(query))
        return frozenset(found)

    def save(self, outcome: ReadOutcome, key: ReadingKey, batch_id: str) -> bool:
        """Keep an answer; return False, changing nothing, where the file had one already."""
        payload = {
            "file_digest": outcome.file_digest,
            "engine_version": key.engine_version,
            "policy_digest": key.policy_digest,
            "fault": outcome.fault,
        }
        if outcome.file_digest in self.known([outcome.file_digest], key):
            return False
        body = zlib.compress(encode(outcome).encode("ascii"))
        with self._database.writing() as connection:
            taken = select(readings.c.file_digest).where(
                readings.c.file_digest == outcome.file_digest,
                readings.c.engine_version == key.engine_version,
                readings.c.policy_digest == key.policy_digest,
            )
            if connection.execute(taken).first():
                return False
            connection.execute(
                insert(readings).values(
                    **payload,
                    outcome=body,
                    machine_failed=outcome.machine_failed,
                    seconds=outcome.seconds,
                    created_at=datetime.datetime.now(datetime.UTC).isoformat(),
                )
            )
            append_events(
                connection, [NewEvent(kind="file-read", batch_id=batch_id, payload=payload)]
            )
        return True

    def load(self, digests: Iterable[str], key: ReadingKey) -> Mapping[str, ReadOutcome]:
        """Return the kept answers by file digest; files without one are absent."""
        wanted = sorted(set(digests))
        found: dict[str, ReadOutcome] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _BATCH):
                query = select(readings.c.file_digest, readings.c.outcome).where(
                    readings.c.engine_version == key.engine_version,
                    readings.c.policy_digest == key.policy_digest,
                    readings.c.file_digest.in_(wanted[start : start + _BATCH]),
                )
                for row in connection.execute(query):
                    text = zlib.decompress(row.outcome).decode("ascii")
                    found[row.file_digest] = decode(ReadOutcome, text)
        return found

    def keep_numbers(self, found: Mapping[int, Iterable[PrintedNumber]]) -> None:
        """Index the numbers printed on the papers of each application, in place of earlier ones."""
        rows: list[dict[str, object]] = [
            {
                "application_id": application_id,
                "file_digest": item.file_digest,
                "family": item.family,
                "number": item.number,
            }
            for application_id, items in found.items()
            for item in dict.fromkeys(items)
        ]
        self._replace(numbers, tuple(found), rows)

    def keep_results(self, found: Mapping[int, Iterable[PrintedResult]]) -> None:
        """Index what the papers of each application print of examinations, as `keep_numbers`."""
        rows: list[dict[str, object]] = [
            {
                "application_id": application_id,
                "certificate_type": item.certificate_type,
                "month": item.month,
                "score": item.score,
            }
            for application_id, items in found.items()
            for item in dict.fromkeys(items)
        ]
        self._replace(results, tuple(found), rows)

    def _replace(self, table: Table, ids: tuple[int, ...], rows: list[dict[str, object]]) -> None:
        """Put rows in place of all those of some applications."""
        with self._database.writing() as connection:
            for start in range(0, len(ids), _BATCH):
                part = ids[start : start + _BATCH]
                connection.execute(delete(table).where(table.c.application_id.in_(part)))
            if rows:
                connection.execute(insert(table), rows)
