"""The whole measurement: take labelled folders in, read them, find the thresholds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench.reading import (
    LabelledFolder,
    Listener,
    ReadingRun,
    Shelf,
    all_requests,
    open_folders,
    open_shelf,
    read_all,
)
from benchmarks.bench.truth import TRUTH_FILE
from benchmarks.calibration.gathering import Gathered, gather
from benchmarks.calibration.thresholds import find_threshold
from domain.calibration import Calibration, FieldGroup, LabelledSource, Mode, document_key
from domain.faults import ConfigurationFault
from domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationOrder:
    """What is to be measured, and how the result is called."""

    folders: tuple[Path, ...]
    name: str
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationResult:
    """The thresholds, what they were found in, and what reading took."""

    calibration: Calibration
    gathered: Gathered
    run: ReadingRun


def make_calibration(
    order: CalibrationOrder, policy: Policy, engine_version: str, listener: Listener
) -> CalibrationResult:
    """Measure thresholds on labelled folders; the same folders and engine give the same bytes.

    Every folder is read with the settings of `policy`, whose targets are those to be met. Raises
    `BatchRefused` for a folder or a truth that is not as the contract says, `ConfigurationFault`
    where there is nothing to measure, and `MachineFault` where the engines fail to start.
    """
    folders = open_folders(order.folders, lambda _slug: policy)
    with open_shelf() as directory:
        requests = all_requests(folders, Shelf(Path(directory)))
        outcomes, run = read_all(requests, order.workers, listener)
    gathered = gather(folders, outcomes)
    if not gathered.readings:
        raise ConfigurationFault(
            "nothing to measure: no reading of a field that the truth names; label `fields` in"
            " truth.jsonl, or name other folders"
        )
    calibration = Calibration(
        name=order.name,
        engine_version=engine_version,
        render_dpi=policy.reading.render_dpi,
        second_reader=policy.reading.second_reader,
        sources=_sources(folders, gathered),
        documents=tuple(sorted({document_key(d) for p in gathered.papers.values() for d in p})),
        layouts=gathered.layouts,
        thresholds=tuple(
            find_threshold(
                group,
                mode,
                [r for r in gathered.readings if (r.group, r.mode) == (group, mode)],
                policy.acceptance.target_of(group),
            )
            for group in FieldGroup
            for mode in Mode
        ),
    )
    return CalibrationResult(calibration=calibration, gathered=gathered, run=run)


def _sources(folders: Sequence[LabelledFolder], gathered: Gathered) -> tuple[LabelledSource, ...]:
    return tuple(
        LabelledSource(
            batch_id=folder.batch.id,
            truth_digest=hashlib.sha256((folder.path / TRUTH_FILE).read_bytes()).hexdigest(),
            papers=len(gathered.papers[position]),
        )
        for position, folder in enumerate(folders)
    )
