"""What a run was measured on, and what its processes cost: read from /proc."""

import contextlib
import multiprocessing
import os
import platform
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import TracebackType

_PACKAGES = (
    *("rapidocr", "onnxruntime", "openvino", "opencv-python-headless", "numpy", "pypdfium2"),
    *("pytesseract", "tesserocr", "pillow"),
)
# Proportional sets are counted page by page, while the process waits.
_LOOK_SECONDS = 2.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where the figures come from; `load` is the one-minute load average before and after."""

    processor: str
    cores: int
    usable_cores: int
    memory_megabytes: int
    system: str
    python: str
    packages: Mapping[str, str]
    load: tuple[float, float]


def describe_machine(load_before: float) -> Machine:
    """Return this machine, with the load average that was taken before the run."""
    memory = _status_kilobytes(Path("/proc/meminfo"), "MemTotal")
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        usable_cores=len(os.sched_getaffinity(0)),
        memory_megabytes=memory // 1024,
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        packages=dict(_installed()),
        load=(round(load_before, 2), round(os.getloadavg()[0], 2)),
    )


def _installed() -> Iterator[tuple[str, str]]:
    for name in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            yield name, metadata.version(name)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def pin(process_id: int, core: int) -> None:
    """Keep every thread of a process and of its children, and what it starts later, to one core."""
    for member in (process_id, *_descendants(process_id)):
        for thread in Path(f"/proc/{member}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {core})


def cpu_seconds(process_id: int) -> float:
    """Return the processor time of a process and of all its children, ended or not, in seconds.

    The kernel counts in ticks, mostly of 10 ms.
    """
    return sum(map(_own_cpu_seconds, (process_id, *_descendants(process_id))))


def _own_cpu_seconds(process_id: int) -> float:
    """Return the processor time of a process and of its children that have ended."""
    text = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii", errors="replace")
    # The name in brackets may hold spaces; user, system and the children's two are 14 to 17.
    fields = text.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Peaks over all workers, in megabytes.

    `worker` is the highest resident set (VmHWM) of a worker process. `with_children` is the highest
    proportional set of a worker and its children together, looked at a few times a second: a peak
    between two looks is missed.
    """

    worker: float
    with_children: float


class MemoryWatch:
    """Watch the memory of this process's children of a name while a block runs."""

    def __init__(self, process_name: str) -> None:
        self._name = process_name
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._known: tuple[int, ...] = ()
        self._worker = self._family = 0
        self._since_worker = self._since_family = 0

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    @property
    def peaks(self) -> Memory:
        return Memory(
            worker=round(self._worker / 1024, 1), with_children=round(self._family / 1024, 1)
        )

    def take(self) -> Memory:
        """Return the peaks since the last time, of what was seen when it was looked.

        Call it now and then, for workers are replaced.
        """
        # Only here, in the thread that owns the workers, may they be asked for.
        self._known = tuple(reader_ids(self._name))
        self._measure()
        taken = Memory(
            worker=round(self._since_worker / 1024, 1),
            with_children=round(self._since_family / 1024, 1),
        )
        self._since_worker = self._since_family = 0
        return taken

    def _measure(self) -> None:
        for process_id in self._known:
            status = Path(f"/proc/{process_id}/status")
            self._worker = max(self._worker, _status_kilobytes(status, "VmHWM"))
            present = _status_kilobytes(status, "VmRSS")
            self._since_worker = max(self._since_worker, present)
            family = sum(map(_proportional_kilobytes, [process_id, *_descendants(process_id)]))
            self._family = max(self._family, family)
            self._since_family = max(self._since_family, family)

    def _watch(self) -> None:
        while not self._done.wait(_LOOK_SECONDS):
            self._measure()


def reader_ids(process_name: str) -> list[int]:
    """Return the ids of this process's children of a name."""
    return [
        child.pid
        for child in multiprocessing.active_children()
        if child.name == process_name and child.pid is not None
    ]


def _descendants(process_id: int) -> Iterator[int]:
    try:
        text = Path(f"/proc/{process_id}/task/{process_id}/children").read_text(encoding="ascii")
    except OSError:  # it ended, or the kernel does not tell
        return
    for child in map(int, text.split()):
        yield child
        yield from _descendants(child)


def _proportional_kilobytes(process_id: int) -> int:
    return _status_kilobytes(Path(f"/proc/{process_id}/smaps_rollup"), "Pss")


def _status_kilobytes(path: Path, key: str) -> int:
    try:
        lines: Iterable[str] = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # it ended meanwhile
        return 0
    for line in lines:
        name, _, rest = line.partition(":")
        if name == key:
            return int(rest.split()[0])
    return 0
