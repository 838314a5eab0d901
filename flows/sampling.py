"""Sample folders for the command line: what is asked for, with progress, and what was written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from domain.faults import ConfigurationFault
from flows.progress import Listener, show_progress

if TYPE_CHECKING:
    from benchmarks.samples.writing import BatchSummary


class HeldBack(StrEnum):
    """Whether pairs use the layouts that no tuning and no calibration may look at."""

    INCLUDE = "include"
    ONLY = "only"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOrder:
    """What is to be written; `pairs` asks for a folder of pairs instead of the two batches."""

    directory: Path
    n: int
    seed: int
    pairs: int | None
    held_back: HeldBack
    held_back_share: float | None
    workers: int


def write_sample_folders(order: SampleOrder, errors: Console, *, quiet: bool) -> Iterator[str]:
    """Write the folders and yield a line about each.

    Raises `ConfigurationFault` where one exists already, or for options that exclude each other.
    """
    # Drawing needs much that no other command needs.
    from benchmarks.samples.writing import FolderNotEmpty

    with show_progress(errors, quiet) as listener:
        try:
            written = _write(order, _Counted(listener))
        except FolderNotEmpty as error:
            raise ConfigurationFault(str(error)) from error
    for batch in written:
        size = f"{batch.applications} applications, {batch.total_bytes / 1e6:.1f} MB"
        yield f"{batch.directory}: {size}"


def _write(order: SampleOrder, progress: "_Counted") -> Sequence["BatchSummary"]:
    if order.pairs is None:
        from benchmarks.samples.folder import write_samples

        return write_samples(order.directory, n=order.n, seed=order.seed, progress=progress)
    from benchmarks.samples.pair_plan import PairOrder
    from benchmarks.samples.pairs import write_pairs

    if order.held_back_share is not None and order.held_back is not HeldBack.INCLUDE:
        raise ConfigurationFault(
            "--held-back-share goes with --held-back include alone; leave one of them out"
        )
    asked = PairOrder(
        n=order.pairs,
        seed=order.seed,
        held_back=order.held_back.value,
        held_back_share=order.held_back_share,
    )
    return [write_pairs(order.directory, asked, workers=order.workers, progress=progress)]


class _Counted:
    """Turn "so many of so many are done" into steps."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._before = 0

    def __call__(self, done: int, total: int) -> None:
        if not self._before:
            self._listener.begin("samples", total)
        self._listener.advance(done - self._before)
        self._before = done
