"""Reading many pages in one go, to see whether memory grows."""

import time
from collections.abc import Iterator, Sequence

from benchmarks.bench.machine import Memory, MemoryWatch
from benchmarks.bench.reading import (
    READER_PROCESS,
    Listener,
    PolicyPair,
    page_count,
    warm_up,
)
from benchmarks.bench.results import Endurance, MemoryPoint
from domain.reading import ReadOutcome, ReadRequest
from extractors.reading.pool import ReadingPool

# Each point shows the peaks over the last tenth of all pages before it, so that points compare.
POINTS = (0.1, 0.5, 1.0)
_WINDOW = 0.1


def measure_endurance(
    pair: PolicyPair,
    requests: Sequence[ReadRequest],
    pages: int,
    workers: int,
    listener: Listener,
) -> Endurance:
    """Read `pages` pages, the files again and again, and return the memory on the way.

    Ends early where a whole round gives no page at all.
    """
    listener.begin("memory", pages)
    waiting = sorted(POINTS)
    points: list[MemoryPoint] = []
    done = files = failed = 0
    with ReadingPool(pair.reading, pair.intake, workers) as pool:
        warm_up(pool, requests[0], workers)
        begun = time.perf_counter()
        with MemoryWatch(READER_PROCESS) as memory:
            for outcome in _read_again(pool, requests, pages):
                before, done = done, done + page_count(outcome)
                files, failed = files + 1, failed + outcome.machine_failed
                listener.advance(done - before)
                if waiting and before <= (waiting[0] - _WINDOW) * pages < done:
                    memory.begin_window()
                memory.look()
                while waiting and done >= waiting[0] * pages:
                    points.append(_point(done, memory.window))
                    del waiting[0]
        seconds = time.perf_counter() - begun
    return Endurance(
        wanted=pages,
        pages=done,
        files=files,
        failed_files=failed,
        workers=workers,
        seconds=seconds,
        points=tuple(points),
    )


def _read_again(
    pool: ReadingPool, requests: Sequence[ReadRequest], pages: int
) -> Iterator[ReadOutcome]:
    """Yield outcomes until there are so many pages, or a round gave none."""
    missing, place, round_pages, round_files = pages, 0, 0, 0
    while missing > 0:
        # A file has a page or more: so many files cannot give too few by more than the unreadable.
        size = min(len(requests), missing)
        batch = [requests[(place + step) % len(requests)] for step in range(size)]
        place = (place + size) % len(requests)
        for outcome in pool.read(batch):
            missing -= page_count(outcome)
            round_pages += page_count(outcome)
            yield outcome
        round_files += size
        if round_files >= len(requests):
            if not round_pages:
                return
            round_pages = round_files = 0


def _point(pages: int, memory: Memory) -> MemoryPoint:
    return MemoryPoint(pages=pages, worker=memory.worker, with_children=memory.with_children)
