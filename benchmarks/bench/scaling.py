"""From one worker to two, beside two pools that know nothing of each other."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.bench.endurance import page_count
from benchmarks.bench.reading import Listener, PolicyPair, warm_up
from benchmarks.bench.results import Scaling, ScalingRound
from benchmarks.bench.statistics import percentile
from domain.reading import ReadRequest
from extractors.reading.pool import ReadingPool

ROUNDS = 3


def measure_scaling(
    pair: PolicyPair, requests: Sequence[ReadRequest], listener: Listener
) -> Scaling:
    """Return pages per second of one worker, two workers, and two separate pools, in rounds.

    Two workers share the files given twice; two separate pools read all of them each. The order of
    the three turns from round to round.
    """
    if len(os.sched_getaffinity(0)) < 2:
        return _skipped("one usable core only")
    if not requests:
        return _skipped("no readable file")
    listener.begin("scale", ROUNDS * 3)
    rounds = []
    with (
        ReadingPool(pair.reading, pair.intake, 2) as two,
        ReadingPool(pair.reading, pair.intake, 1) as first,
        ReadingPool(pair.reading, pair.intake, 1) as second,
    ):
        for pool, workers in ((two, 2), (first, 1), (second, 1)):
            warm_up(pool, requests, workers)
        ways = {
            "one": lambda: _timed([first], requests),
            "two": lambda: _timed([two], [*requests, *requests]),
            "separate": lambda: _timed([first, second], requests),
        }
        for number in range(ROUNDS):
            names = [*ways][number:] + [*ways][:number]
            rates = {}
            for name in names:
                rates[name] = ways[name]()
                listener.advance()
            rounds.append(
                ScalingRound(one=rates["one"], two=rates["two"], separate=rates["separate"])
            )
    return Scaling(
        files=len(requests),
        rounds=tuple(rounds),
        two_to_one=percentile([r.two / r.one for r in rounds], 0.5),
        two_to_separate=percentile([r.two / r.separate for r in rounds], 0.5),
    )


def _timed(pools: Sequence[ReadingPool], requests: Sequence[ReadRequest]) -> float:
    """Return pages per second of pools that each read every request, at the same time."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(pools)) as threads:
        pages = sum(threads.map(lambda pool: _read(pool, requests), pools))
    return pages / (time.perf_counter() - begun)


def _read(pool: ReadingPool, requests: Sequence[ReadRequest]) -> int:
    return sum(page_count(outcome) for outcome in pool.read(requests))


def _skipped(reason: str) -> Scaling:
    return Scaling(files=0, rounds=(), two_to_one=None, two_to_separate=None, skipped=reason)
