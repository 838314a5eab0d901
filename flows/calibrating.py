"""`hedui calibrate`: measure thresholds of confidence on labelled folders and write their file."""

import dataclasses
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench.tables import text_lines
from benchmarks.calibration.making import CalibrationOrder, CalibrationResult, make_calibration
from benchmarks.calibration.tables import tables_of
from domain.calibration import Calibration
from domain.calibration_file import is_calibration_name, render_calibration
from domain.faults import ConfigurationFault
from domain.policy import Policy
from extractors.reading.worker import engine_version
from flows.progress import Listener
from store.institutions import calibration_path, load_uncalibrated_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the operator said; empty or None means: as the institution's policy has it."""

    folders: tuple[Path, ...]
    institution: str
    name: str
    out: Path
    workers: int | None
    target: float | None
    name_target: float | None


def calibrate_folders(wishes: Wishes, listener: Listener) -> Iterator[str]:
    """Make a calibration, write it, and yield the lines that tell of it.

    Raises `ConfigurationFault` for a name or a target that is none, and whatever
    `make_calibration` raises.
    """
    policy = _policy(wishes)
    name = wishes.name or policy.acceptance.calibration
    if not is_calibration_name(name):
        raise ConfigurationFault(
            f"calibration {name!r}: a name is made of a-z, 0-9 and hyphens, e.g. default"
        )
    order = CalibrationOrder(
        folders=wishes.folders,
        name=name,
        workers=wishes.workers or len(os.sched_getaffinity(0)),
    )
    result = make_calibration(order, policy, engine_version(), listener)
    path = wishes.out if wishes.out.suffix == ".json" else wishes.out / f"{name}.json"
    _write(path, result.calibration)
    yield from _told(result, path)


def _policy(wishes: Wishes) -> Policy:
    policy = load_uncalibrated_policy(wishes.institution)
    acceptance = policy.acceptance
    target = acceptance.misread_target if wishes.target is None else wishes.target
    names = acceptance.name_misread_target if wishes.name_target is None else wishes.name_target
    for option, value in (("--target", target), ("--name-target", names)):
        if not 0.0 < value < 1.0:  # also refuses NaN
            raise ConfigurationFault(f"{option} {value}: a share between 0 and 1, e.g. 0.005")
    changed = dataclasses.replace(acceptance, misread_target=target, name_misread_target=names)
    return dataclasses.replace(policy, acceptance=changed)


def _write(path: Path, calibration: Calibration) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(render_calibration(calibration), encoding="ascii")
    temporary.replace(path)


def _told(result: CalibrationResult, path: Path) -> Iterator[str]:
    for table in tables_of(result):
        yield from text_lines(table)
        yield ""
    yield str(path)
    used = calibration_path(result.calibration.name)
    if path.resolve() != used.resolve():
        yield f"policies use it from {used}, where [acceptance] calibration names it"
