"""How long the reports of a large fictitious batch take, and how much memory."""

import contextlib
import gc
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench.report_batch import BATCH_ID, make_report_store
from domain.policy import Policy
from reports.folder import write_files
from reports.outcome import renderers
from store import open_store

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_MEBIBYTE_KB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one file took: seconds on the wall and of work, highest resident memory meanwhile.

    Everything is one thread's work: on a machine that others use too, `cpu_seconds` is what counts.
    """

    name: str
    seconds: float
    cpu_seconds: float
    peak_mib: float
    size_bytes: int = 0

    def line(self) -> str:
        """Return the cost as a line of text."""
        took = f"{self.seconds:7.1f} s (work {self.cpu_seconds:.1f} s)"
        size = f"{self.size_bytes / 1e6:8.2f} MB" if self.size_bytes else ""
        return f"{self.name:<18}{took}  peak {self.peak_mib:6.0f} MiB {size}".rstrip()


def measure_reports(count: int, policy: Policy) -> Iterator[str]:
    """Report a batch of so many applications once; yield a line for each file and for the whole.

    Making the store is no part of the figures; loading the batch from it is.
    """
    with tempfile.TemporaryDirectory(prefix="hedui-reports-") as name:
        home = Path(name)
        make_report_store(home, count, policy).close()
        gc.collect()
        costs: list[Cost] = []
        begun, worked = time.perf_counter(), time.process_time()
        with open_store(home) as store, _measured(costs, "load"):
            outcome = store.load_outcome(BATCH_ID)
        made = {key: _timed(costs, key, render) for key, render in renderers(outcome).items()}
        write_files(home / "out", made)
        whole = Cost(
            name="all",
            seconds=time.perf_counter() - begun,
            cpu_seconds=time.process_time() - worked,
            peak_mib=max(cost.peak_mib for cost in costs),
        )
    yield f"reports of {count} applications ({len(outcome.reviews)} entries by people)"
    yield from (cost.line() for cost in costs)
    yield whole.line()


def _timed(costs: list[Cost], name: str, render: Callable[[], bytes]) -> Callable[[], bytes]:
    def measured() -> bytes:
        with _measured(costs, name) as sizes:
            content = render()
            sizes.append(len(content))
        return content

    return measured


@contextlib.contextmanager
def _measured(costs: list[Cost], name: str) -> Iterator[list[int]]:
    """Note what happens inside; the list that it gives takes the size in bytes."""
    _CLEAR.write_text("5")  # sets the peak back to what is resident now
    begun, worked = time.perf_counter(), time.process_time()
    sizes: list[int] = []
    yield sizes
    found = re.search(r"^VmHWM:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    costs.append(
        Cost(
            name=name,
            seconds=time.perf_counter() - begun,
            cpu_seconds=time.process_time() - worked,
            peak_mib=int(found[1]) / _MEBIBYTE_KB if found else 0.0,
            size_bytes=sum(sizes),
        )
    )
