"""How long a look-up takes among so many made-up earlier uploads, warm and cold."""

import os
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from benchmarks.bench.figure_table import FigureTable
from benchmarks.bench.reading import Listener
from benchmarks.bench.statistics import percentile
from domain.likeness import FilePrint, RegionKind
from store import Store

TIMED_LOOK_UPS = 200
COLD_LOOK_UPS = 50
_KEPT_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Some durations in milliseconds."""

    n: int
    median: float
    p95: float
    most: float

    @classmethod
    def of(cls, times: Sequence[float]) -> "Times":
        return cls(
            n=len(times),
            median=percentile(times, 0.5),
            p95=percentile(times, 0.95),
            most=max(times, default=0.0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUps:
    """How long one look-up takes among so many earlier uploads, in milliseconds.

    `warm` with the database's file in memory, `cold` with nothing of it there (None for a server,
    whose memory is its own); `processor` is this process's share of the warm ones.
    """

    indexed: int
    keys: int
    warm: Times
    processor: Times
    cold: Times | None
    database: str


def time_look_ups(
    store: Store, prints: Sequence[FilePrint], indexed: int, listener: Listener
) -> LookUps:
    """Fill the index with as many earlier uploads as ordered, and time look-ups of new ones."""
    listener.begin("index", indexed)
    rng = random.Random(11)
    bands = _bands_seen(prints)
    for start in range(0, indexed, _KEPT_AT_ONCE):
        count = min(_KEPT_AT_ONCE, indexed - start)
        store.likenesses.keep(
            _made_up(prints, bands, f"earlier {start + number}", rng) for number in range(count)
        )
        listener.advance(count)
    asked = [_made_up(prints, bands, f"new {number}", rng) for number in range(2 * TIMED_LOOK_UPS)]
    file = store.home / "hedui.sqlite"
    _remember(file)
    for item in asked[:TIMED_LOOK_UPS]:
        store.likenesses.candidates(item)
    warm = [_time(store, item) for item in asked[TIMED_LOOK_UPS:]]
    cold = [_time(store, item, file)[0] for item in asked[:COLD_LOOK_UPS] if file.exists()]
    kept = sum(len(r.keys) for page in asked[0].pages for r in page.regions) + len(asked[0].marks)
    return LookUps(
        indexed=indexed,
        keys=kept,
        warm=Times.of([wall for wall, _ in warm]),
        processor=Times.of([processor for _, processor in warm]),
        cold=Times.of(cold) if cold else None,
        database="SQLite" if store.database.is_sqlite else "PostgreSQL",
    )


def _remember(file: Path) -> None:
    """Bring a file into memory; a server that was just filled has what it can hold there."""
    if file.exists():
        with file.open("rb") as opened:
            while opened.read(1 << 24):
                pass


def _time(store: Store, item: FilePrint, forgotten: Path | None = None) -> tuple[float, float]:
    """Return the milliseconds of one look-up and those of the processor; first, if a file is given,
    nothing of it is left in memory.
    """
    if forgotten is not None:
        store.database.close()
        with forgotten.open("rb") as file:
            os.fsync(file.fileno())  # pages that are not written yet cannot be dropped
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    begun, spent = time.perf_counter(), time.thread_time()
    store.likenesses.candidates(item)
    return 1000 * (time.perf_counter() - begun), 1000 * (time.thread_time() - spent)


_Bands = dict[tuple[RegionKind, int], list[tuple[int, ...]]]
_HALF_BITS = 12


def _bands_seen(prints: Iterable[FilePrint]) -> _Bands:
    seen: _Bands = defaultdict(list)
    for item in prints:
        for page in item.pages:
            for region in page.regions:
                for band, values in enumerate(region.keys):
                    seen[region.kind, band].append(values)
    return seen


def _made_up(
    prints: Sequence[FilePrint], bands: _Bands, name: str, rng: random.Random
) -> FilePrint:
    """Return the print of an upload that nobody made, as unevenly spread as real ones.

    Half of each key is one drawn person's and half another's: copied whole, five thousand people
    would come two hundred times each.
    """
    model = rng.choice(prints)
    pages = []
    for page in model.pages:
        regions = []
        for region in page.regions:
            keys = []
            for band in range(len(region.keys)):
                high, low = (rng.choice(bands[region.kind, band]) for _ in range(2))
                own = high[0] >> _HALF_BITS << _HALF_BITS | low[0] & ((1 << _HALF_BITS) - 1)
                changed = own ^ low[0]
                keys.append(tuple(value ^ changed for value in low))
            regions.append(replace(region, keys=tuple(keys)))
        pages.append(replace(page, regions=tuple(regions)))
    marks = tuple((kind, str(rng.randrange(10**14, 10**15))) for kind, _ in model.marks)
    digest = sha256(name.encode()).hexdigest()
    return FilePrint(file_digest=digest, pages=tuple(pages), marks=marks)


def look_up_table(times: LookUps) -> FigureTable:
    """Return the times as a table."""
    return FigureTable(
        heading="The same picture: time of a look-up",
        note="Candidates of a new upload among made-up earlier ones whose keys are spread as those"
        " of the drawn people are. Warm: with the database's file in memory; cold: with a"
        " new connection and nothing of it there, which a server's own memory does not allow.",
        headers=("", ""),
        rows=(
            ("database", times.database),
            ("earlier uploads", str(times.indexed)),
            ("keys of one upload", str(times.keys)),
            *_time_rows("warm", times.warm),
            *_time_rows("of it this process's processor", times.processor),
            *(_time_rows("cold", times.cold) if times.cold else [("cold", "not measured")]),
        ),
    )


def _time_rows(name: str, times: Times) -> list[tuple[str, str]]:
    return [
        (f"{name}: median, ms", f"{times.median:.1f}"),
        (f"{name}: 95th percentile, ms", f"{times.p95:.1f}"),
        (f"{name}: longest of {times.n}, ms", f"{times.most:.1f}"),
    ]
