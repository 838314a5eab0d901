"""Progress while a batch runs: bars on a terminal, plain lines elsewhere."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

_FIRST_LINE_SECONDS = 2.0
_NEXT_LINE_SECONDS = 10.0


class Listener(Protocol):
    """What a run tells while it works."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...


class Silence:
    """A listener that says nothing."""

    def begin(self, stage: str, total: int) -> None:
        """Ignore the stage."""

    def advance(self, count: int = 1) -> None:
        """Ignore the step."""


class PlainLines:
    """A line for each stage that takes longer than two seconds, and one every ten seconds then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._stage, self._total, self._done = "", 0, 0
        self._due = 0.0

    def begin(self, stage: str, total: int) -> None:
        """Remember what begins and how much of it there is."""
        with self._lock:
            self._stage, self._total, self._done = stage, total, 0
            self._due = time.monotonic() + _FIRST_LINE_SECONDS

    def advance(self, count: int = 1) -> None:
        """Say how far it is when a line is due."""
        with self._lock:
            self._done += count
            if time.monotonic() >= self._due:
                self._due = time.monotonic() + _NEXT_LINE_SECONDS
                self._console.print(f"{self._stage}: {self._done}/{self._total}", highlight=False)


class Bars:
    """One bar per stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bar: TaskID | None = None

    def begin(self, stage: str, total: int) -> None:
        """Add the stage's bar."""
        self._bar = self._progress.add_task(stage, total=total)

    def advance(self, count: int = 1) -> None:
        """Move the current bar."""
        if self._bar is not None:
            self._progress.advance(self._bar, count)


@contextlib.contextmanager
def show_progress(console: Console, quiet: bool) -> Iterator[Listener]:
    """Give the listener that fits: nothing when quiet, bars on a terminal, else lines."""
    if quiet:
        yield Silence()
    elif not console.is_terminal:
        yield PlainLines(console)
    else:
        columns = (
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console) as progress:
            yield Bars(progress)
