"""Memory while many pages are read, to see whether it grows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.bench.machine import Memory
from domain.reading import ReadOutcome, ReadRequest
from extractors.reading.pool import ReadingPool

# Each point shows the peaks over the last tenth of all pages before it, so that points compare.
POINTS = (0.1, 0.5, 1.0)
_WINDOW = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPoint:
    """Peaks of memory in megabytes over the tenth of all pages that ends with `pages`."""

    pages: int
    worker: float
    with_children: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Endurance:
    """Memory over a run of so many files and pages; no points where no page was read.

    `growth` is by how many megabytes a worker's peak differs between the first point and the last.
    """

    files: int
    pages: int
    growth: float
    points: tuple[MemoryPoint, ...]


def endurance_of(course: Sequence[tuple[int, Memory]]) -> Endurance:
    """Return how memory went.

    `course` holds for each file how many pages there were after it, and the peaks of memory since
    the file before.
    """
    pages = course[-1][0] if course else 0
    points = [_point(course, share * pages, pages) for share in POINTS] if pages else []
    return Endurance(
        files=len(course),
        pages=pages,
        growth=round(points[-1].worker - points[0].worker, 1) if points else 0.0,
        points=tuple(points),
    )


def _point(course: Sequence[tuple[int, Memory]], last: float, total: int) -> MemoryPoint:
    place = next(index for index, (pages, _) in enumerate(course) if pages >= last)
    seen = [memory for pages, memory in course[: place + 1] if pages > last - _WINDOW * total]
    return MemoryPoint(
        pages=course[place][0],
        worker=max(memory.worker for memory in seen),
        with_children=max(memory.with_children for memory in seen),
    )


def read_on(
    pool: ReadingPool, requests: Sequence[ReadRequest], pages: int
) -> Iterator[ReadOutcome]:
    """Yield outcomes until there are so many pages more.

    The files are read in turn, again and again; it ends where a whole round gives no page.
    """
    missing, place, round_pages, round_files = pages, 0, 0, 0
    while missing > 0:
        # A file has a page or more: so many files cannot give too few by more than the unreadable.
        size = min(len(requests), missing)
        batch = [requests[(place + step) % len(requests)] for step in range(size)]
        place = (place + size) % len(requests)
        for outcome in pool.read(batch):
            count = page_count(outcome)
            missing -= count
            round_pages += count
            yield outcome
        round_files += size
        if round_files >= len(requests):
            if not round_pages:
                return
            round_pages = round_files = 0


def page_count(outcome: ReadOutcome) -> int:
    """Return how many pages a file gave, 0 where it could not be read."""
    return len(outcome.reading.document.pages) if outcome.reading else 0
