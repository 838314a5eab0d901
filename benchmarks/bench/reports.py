"""How long the reports of a large batch take, and how much memory: fictitious, from a real store."""

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
    """What one file took: the process's highest resident memory while it was made, in MiB."""

    name: str
    seconds: float
    peak_mib: float
    size_bytes: int = 0

    def line(self) -> str:
        """Return the cost as a line of text."""
        size = f"{self.size_bytes / 1e6:8.2f} MB" if self.size_bytes else ""
        return f"{self.name:<18}{self.seconds:7.1f} s  peak {self.peak_mib:6.0f} MiB {size}".rstrip()


def measure_reports(count: int, policy: Policy) -> Iterator[str]:
    """Report a batch of so many applications once; yield a line for each file and for the whole.

    Making the store is no part of the figures; loading the batch from it is.
    """
    with tempfile.TemporaryDirectory(prefix="hedui-reports-") as name:
        home = Path(name)
        make_report_store(home, count, policy).close()
        gc.collect()
        costs: list[Cost] = []
        begun = time.perf_counter()
        with open_store(home) as store, _measured(costs, "load"):
            outcome = store.load_outcome(BATCH_ID)
        made = {key: _timed(costs, key, render) for key, render in renderers(outcome).items()}
        write_files(home / "out", made)
        seconds = time.perf_counter() - begun
    yield f"reports of {count} applications ({len(outcome.reviews)} entries by people)"
    yield from (cost.line() for cost in costs)
    yield Cost(name="all", seconds=seconds, peak_mib=max(cost.peak_mib for cost in costs)).line()


def _timed(costs: list[Cost], name: str, render: Callable[[], bytes]) -> Callable[[], bytes]:
    def measured() -> bytes:
        with _measured(costs, name) as sizes:
            content = render()
            sizes.append(len(content))
        return content

    return measured


class _measured:
    """Notes what happens inside; the list that it gives takes the size in bytes."""

    def __init__(self, costs: list[Cost], name: str) -> None:
        self._costs, self._name = costs, name

    def __enter__(self) -> list[int]:
        _CLEAR.write_text("5")  # sets the peak back to what is resident now
        self._begun = time.perf_counter()
        self._sizes: list[int] = []
        return self._sizes

    def __exit__(self, *_error: object) -> None:
        seconds = time.perf_counter() - self._begun
        found = re.search(r"^VmHWM:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
        peak = int(found[1]) / _MEBIBYTE_KB if found else 0.0
        self._costs.append(
            Cost(name=self._name, seconds=seconds, peak_mib=peak, size_bytes=sum(self._sizes))
        )
