"""The reading workers: one process per core, one file at a time, with a time limit that holds.

A worker that dies or takes too long is replaced; its file is tried once more and then reported as
failed. A bad file never stops the others.
"""

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType

from domain.faults import DocumentFault, MachineFault
from domain.policy import IntakePolicy, ReadingPolicy
from domain.reading import Reading, ReadOutcome, ReadRequest

# Faults of a document for which intake gives the application back instead of asking a person.
RETURNING_FAULTS = frozenset({"encrypted", "pages", "dimensions", "pixels", "damaged-unopenable"})
# A worker is replaced after this many files, so that what libraries leak stays small.
FILES_PER_WORKER = 300
ATTEMPTS = 2
START_SECONDS = 120
# OpenCV reads its limit once, when it loads: it has to be in the worker's environment before.
WORKER_ENVIRONMENT = {
    "OMP_THREAD_LIMIT": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # One heap for all threads (glibc), in huge pages, which take a twenty-fifth off a page's time;
    # it keeps what pages need again and again, and gives large pictures back at once.
    "GLIBC_TUNABLES": ":".join(
        (
            "glibc.malloc.arena_max=1",
            "glibc.malloc.hugetlb=1",
            "glibc.malloc.mmap_threshold=4194304",
            "glibc.malloc.top_pad=8388608",
            "glibc.malloc.trim_threshold=67108864",
        )
    ),
}

ReadFile = Callable[[ReadRequest, ReadingPolicy, IntakePolicy], Reading]
Answer = tuple[str, Reading | None, str]  # kind (reading, document, machine), reading, code


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    request: ReadRequest | None = None
    attempt: int = 1
    started: float = 0.0
    files: int = 0
    ready: bool = False


class ReadingPool:
    """Read files in worker processes. Use as a context manager.

    `workers` defaults to one per usable core. `read_file` is what a worker runs per file; tests put
    readers in its place that crash, hang or lie.
    """

    def __init__(
        self,
        policy: ReadingPolicy,
        intake: IntakePolicy,
        workers: int | None = None,
        read_file: ReadFile | None = None,
    ) -> None:
        self._policy = policy
        self._intake = intake
        self._size = workers or len(os.sched_getaffinity(0))
        self._read_file = read_file
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []

    def __enter__(self) -> "ReadingPool":
        self._workers = [self._start() for _ in range(self._size)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            _stop(worker)
        self._workers = []

    def read(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]:
        """Yield one outcome per request, in the order in which they finish.

        Raises `MachineFault` (`reader-does-not-start`) when workers cannot be started at all.
        """
        waiting: deque[tuple[ReadRequest, int]] = deque((request, 1) for request in requests)
        while waiting or any(worker.request for worker in self._workers):
            self._hand_out(waiting)
            for worker, answer in self._collect():
                request = worker.request
                if request is None:
                    continue
                seconds = time.monotonic() - worker.started
                worker.request = None
                kind, reading, code = answer
                if kind == "machine" and worker.attempt < ATTEMPTS:
                    waiting.appendleft((request, worker.attempt + 1))
                    continue
                yield _outcome(request, kind, reading, code, seconds)

    def _hand_out(self, waiting: deque[tuple[ReadRequest, int]]) -> None:
        for index, worker in enumerate(self._workers):
            if worker.request is not None or not waiting:
                continue
            if worker.files >= FILES_PER_WORKER or not worker.process.is_alive():
                _stop(worker)
                worker = self._workers[index] = self._start()
            worker.request, worker.attempt = waiting.popleft()
            worker.started = time.monotonic()
            worker.files += 1
            # A worker that died just now is found by its closed pipe when answers are collected.
            with contextlib.suppress(OSError):
                worker.connection.send(worker.request)

    def _collect(self) -> Iterator[tuple[_Worker, Answer]]:
        """Wait for answers, deaths and expired limits of the busy workers."""
        busy = {worker.connection: worker for worker in self._workers if worker.request}
        ready = multiprocessing.connection.wait(list(busy), timeout=self._wait_seconds())
        for connection in ready:
            worker = busy.pop(connection)  # type: ignore[call-overload]
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                if not worker.ready:
                    raise MachineFault("reader-does-not-start") from None
                self._replace(worker)
                yield worker, ("machine", None, "crashed")
                continue
            if message == "ready":
                # The models are loaded now; only what follows counts against the file.
                worker.ready, worker.started = True, time.monotonic()
            else:
                yield worker, message
        for worker in busy.values():
            if time.monotonic() - worker.started > self._limit_seconds(worker):
                if not worker.ready:
                    raise MachineFault("reader-does-not-start")
                self._replace(worker)
                yield worker, ("machine", None, "timeout")

    def _limit_seconds(self, worker: _Worker) -> float:
        return float(self._policy.timeout_seconds if worker.ready else START_SECONDS)

    def _wait_seconds(self) -> float:
        now = time.monotonic()
        left = [
            worker.started + self._limit_seconds(worker) - now
            for worker in self._workers
            if worker.request
        ]
        return max(0.05, min(left, default=1.0))

    def _replace(self, worker: _Worker) -> None:
        """Put a fresh process in a worker's place; the old one keeps its request for the caller."""
        _stop(worker)
        self._workers[self._workers.index(worker)] = self._start()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        environment = {
            **WORKER_ENVIRONMENT,
            "OPENCV_IO_MAX_IMAGE_PIXELS": str(self._intake.max_pixels),
        }
        before = {name: os.environ.get(name) for name in environment}
        os.environ.update(environment)
        try:
            process = self._context.Process(
                target=_serve,
                args=(theirs, self._policy, self._intake, self._read_file),
                daemon=True,
                name="hedui-reader",
            )
            process.start()
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        theirs.close()
        return _Worker(process=process, connection=ours)


def _outcome(
    request: ReadRequest, kind: str, reading: Reading | None, code: str, seconds: float
) -> ReadOutcome:
    return ReadOutcome(
        file_digest=request.file_digest,
        reading=reading,
        seconds=seconds,
        fault=code,
        machine_failed=kind == "machine",
        returns=kind == "document" and code in RETURNING_FAULTS,
    )


def _stop(worker: _Worker) -> None:
    worker.connection.close()
    worker.process.kill()
    worker.process.join()


def _serve(
    connection: Connection,
    policy: ReadingPolicy,
    intake: IntakePolicy,
    read_file: ReadFile | None,
) -> None:
    """Answer requests until the pipe closes. Only codes and readings cross it."""
    # Ctrl-C is the parent's to handle; it ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if read_file is None:
        # Loads the engines, which only a worker needs.
        from extractors.reading.worker import read_file as read_with_engine
        from extractors.reading.worker import start_engine

        start_engine()
        read_file = read_with_engine
    with contextlib.suppress(EOFError, ConnectionError):  # the parent is gone, or done with it
        connection.send("ready")
        while True:
            connection.send(_answer(read_file, connection.recv(), policy, intake))


def _answer(
    read_file: ReadFile, request: ReadRequest, policy: ReadingPolicy, intake: IntakePolicy
) -> Answer:
    try:
        return "reading", read_file(request, policy, intake), ""
    except DocumentFault as fault:
        return "document", None, fault.rule_id
    except MachineFault as fault:
        return "machine", None, fault.code
    except MemoryError:
        return "machine", None, "memory"
    except Exception as error:
        # The text of an unknown error may quote the document; its type cannot.
        return "machine", None, f"error-{type(error).__name__}"
