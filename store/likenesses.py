"""The index of pictures: which earlier files may show the same one, and which were found to.

A print is looked up under many keys, each an exact value: a number that was read on the page (as a
keyed hash: ID numbers are among them), or some bits of how a region looks. Whoever shares a key is
a candidate; whether it is the same picture is decided elsewhere, from the prints themselves.
"""

import functools
import hashlib
import heapq
import hmac
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, text, update

from domain.likeness import LIKENESS_VERSION, FilePrint, PagePrint, RegionKind, RegionPrint
from store.codec import decode, encode
from store.database import Database
from store.identity import normalize_number
from store.schema import print_keys, prints, same_pictures

# Of a key that more files share than this, only the newest count: it says little about any.
MOST_PER_KEY = 200
# So many candidates are compared, those with the most keys in common first.
MOST_CANDIDATES = 24
# A number that was read weighs as much as so many other keys.
MARK_WEIGHT = 4
# Selects in one statement: SQLite takes at most 500.
_KEYS_AT_ONCE = 250
_BATCH = 400
_KINDS = tuple(RegionKind)


@dataclass(frozen=True, slots=True)
class _Keys:
    """What a print is kept under, and what it looks for besides."""

    own: frozenset[int]
    marks: frozenset[int]
    probes: frozenset[int]

    @property
    def kept(self) -> frozenset[int]:
        return self.own | self.marks


class Likenesses:
    """The prints of one installation and the pairs found among them."""

    def __init__(self, database: Database, identity_key: bytes) -> None:
        self._database = database
        self._key = identity_key

    def keep(self, found: Iterable[FilePrint]) -> int:
        """Keep the prints of files that have none yet, and return how many those were."""
        given = {item.file_digest: item for item in found}
        with self._database.writing() as connection:
            known = _known(connection, given)
            new = [item for digest, item in sorted(given.items()) if digest not in known]
            if new:
                rows = [
                    {
                        "file_digest": item.file_digest,
                        "version": LIKENESS_VERSION,
                        "body": zlib.compress(encode(item).encode("ascii")),
                        "is_compared": False,
                    }
                    for item in new
                ]
                statement = insert(prints).returning(prints.c.id, sort_by_parameter_order=True)
                ids = connection.execute(statement, rows).scalars()
                keys = [
                    {"key": key, "print_id": print_id}
                    for print_id, item in zip(ids, new, strict=True)
                    for key in sorted(self._keys(item).kept)
                ]
                if keys:
                    connection.execute(insert(print_keys), keys)
        return len(new)

    def not_compared(self, digests: Iterable[str]) -> tuple[FilePrint, ...]:
        """Return the prints of those files that were not compared with the earlier ones yet."""
        wanted = sorted(set(digests))
        found = []
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _BATCH):
                query = select(prints.c.body).where(
                    prints.c.version == LIKENESS_VERSION,
                    prints.c.is_compared.is_(False),
                    prints.c.file_digest.in_(wanted[start : start + _BATCH]),
                )
                found += [_decode(body) for body in connection.scalars(query)]
        return tuple(sorted(found, key=lambda item: item.file_digest))

    def candidates(self, item: FilePrint) -> tuple[FilePrint, ...]:
        """Return the other files that may show the same picture, the most promising first.

        Their prints come without keys, which comparing does not need.
        """
        keys = self._keys(item)
        rank = _rank_in_sqlite if self._database.is_sqlite else _rank_in_postgresql
        with self._database.reading() as connection:
            # One more than wanted: the file itself is among them.
            chosen = rank(connection, keys, MOST_CANDIDATES + 1)
            query = select(prints.c.id, prints.c.body).where(
                prints.c.id.in_(chosen), prints.c.version == LIKENESS_VERSION
            )
            bodies = {row.id: _decode_without_keys(row.body) for row in connection.execute(query)}
        found = (bodies[print_id] for print_id in chosen if print_id in bodies)
        others = [other for other in found if other.file_digest != item.file_digest]
        return tuple(others[:MOST_CANDIDATES])

    def note_same(self, file_digest: str, others: Iterable[str]) -> None:
        """Note with which files one was found to share its picture; it counts as compared."""
        with self._database.writing() as connection:
            for other in sorted(set(others)):
                for one, two in ((file_digest, other), (other, file_digest)):
                    pair = (
                        same_pictures.c.file_digest == one,
                        same_pictures.c.other_digest == two,
                    )
                    if connection.execute(select(same_pictures).where(*pair)).first() is None:
                        connection.execute(
                            insert(same_pictures).values(file_digest=one, other_digest=two)
                        )
            connection.execute(
                update(prints)
                .where(prints.c.file_digest == file_digest, prints.c.version == LIKENESS_VERSION)
                .values(is_compared=True)
            )

    def _keys(self, item: FilePrint) -> _Keys:
        own: set[int] = set()
        probes: set[int] = set()
        for page in item.pages:
            for kind, band, values in _bands(page):
                own.add(_pack(kind, band, values[0]))
                probes.update(_pack(kind, band, value) for value in values[1:])
        marks = frozenset(self._mark(kind, value) for kind, value in item.marks)
        return _Keys(own=frozenset(own), marks=marks, probes=frozenset(probes - own))

    def _mark(self, kind: str, value: str) -> int:
        """Return the key of a number: negative, so that it is never taken for a region's."""
        marked = f"mark:{kind}:{normalize_number(value)}".encode()
        digest = hmac.digest(self._key, marked, hashlib.sha256)
        return int.from_bytes(digest[:8], "big") % (1 << 62) - (1 << 62)


def _bands(page: PagePrint) -> Iterator[tuple[RegionKind, int, tuple[int, ...]]]:
    for region in page.regions:
        for band, values in enumerate(region.keys):
            yield region.kind, band, values


def _pack(kind: RegionKind, band: int, value: int) -> int:
    return (_KINDS.index(kind) << 48) | (band << 40) | value


_POSTGRESQL_RANKING = text(
    "SELECT found.print_id FROM unnest(CAST(:keys AS bigint[]), CAST(:weights AS int[]))"
    " AS sought(key, weight) CROSS JOIN LATERAL (SELECT print_id FROM print_keys"
    f" WHERE print_keys.key = sought.key ORDER BY print_id DESC LIMIT {MOST_PER_KEY}) AS found"
    " GROUP BY found.print_id ORDER BY sum(sought.weight) DESC, found.print_id DESC LIMIT :count"
)


def _rank_in_postgresql(connection: Connection, keys: _Keys, count: int) -> list[int]:
    """Return the prints that share the most with what is looked for, the newer ones first."""
    # Planned by statistics it fetches all rows of a key to sort them: twice the time.
    connection.execute(text("SET LOCAL enable_bitmapscan = off"))
    weights = dict.fromkeys(keys.own | keys.probes, 1) | dict.fromkeys(keys.marks, MARK_WEIGHT)
    values = {"keys": list(weights), "weights": list(weights.values()), "count": count}
    return list(connection.scalars(_POSTGRESQL_RANKING, values))


def _rank_in_sqlite(connection: Connection, keys: _Keys, count: int) -> list[int]:
    """Return the same. SQLite has no lateral joins, and counts slower than Python does."""
    votes = Counter(_look_up(connection, sorted(keys.own | keys.probes)))
    for print_id in _look_up(connection, sorted(keys.marks)):
        votes[print_id] += MARK_WEIGHT
    best = heapq.nlargest(count, ((number, print_id) for print_id, number in votes.items()))
    return [print_id for _, print_id in best]


def _look_up(connection: Connection, keys: list[int]) -> Iterator[int]:
    """Yield the newest prints under each of some keys, as often as they share one."""
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        part = tuple(keys[start : start + _KEYS_AT_ONCE])
        found = connection.exec_driver_sql(_sqlite_look_up(len(part)), part)
        # Past SQLAlchemy's rows: thousands of them cost as much as finding them.
        for (print_id,) in found.cursor.fetchall():
            yield print_id


@functools.cache
def _sqlite_look_up(count: int) -> str:
    one = (
        "SELECT * FROM (SELECT print_id FROM print_keys WHERE key = ?"
        f" ORDER BY print_id DESC LIMIT {MOST_PER_KEY})"
    )
    return " UNION ALL ".join([one] * count)


def _known(connection: Connection, digests: Iterable[str]) -> set[str]:
    wanted: Sequence[str] = sorted(digests)
    found: set[str] = set()
    for start in range(0, len(wanted), _BATCH):
        query = select(prints.c.file_digest).where(
            prints.c.version == LIKENESS_VERSION,
            prints.c.file_digest.in_(wanted[start : start + _BATCH]),
        )
        found.update(connection.scalars(query))
    return found


def _decode(body: bytes) -> FilePrint:
    return decode(FilePrint, zlib.decompress(body).decode("ascii"))


def _decode_without_keys(body: bytes) -> FilePrint:
    """Return a print as it is compared: nine tenths of its numbers are keys.

    Built by hand: `decode` asks for every field's type, which costs more than all the rest of a
    look-up.
    """
    plain = json.loads(zlib.decompress(body))
    return FilePrint(
        file_digest=plain["file_digest"],
        pages=tuple(
            PagePrint(
                page_number=page["page_number"],
                regions=tuple(
                    RegionPrint(**(region | {"kind": RegionKind(region["kind"]), "keys": ()}))
                    for region in page["regions"]
                ),
            )
            for page in plain["pages"]
        ),
        marks=tuple((kind, value) for kind, value in plain["marks"]),
    )
