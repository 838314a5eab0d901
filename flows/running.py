"""One whole run of a batch: from the folder on disk to the outcome folder."""

import contextlib
import dataclasses
import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.application import Batch
from domain.faults import MachineFault
from domain.outcome import BatchOutcome
from flows.environment import Installation, prepare_prefect
from flows.forming import write_forms
from flows.lease import hold_batch
from flows.parts import Parts
from flows.progress import Listener
from flows.server import own_server
from flows.versions import calibration_mismatch
from store import Store, open_store
from store.batches import content_digest
from store.institutions import load_policy
from store.runs import RunHeader


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What is to be run. `as_of` is the date taken as today; None means the deadline's."""

    folder: Path
    out: Path
    as_of: datetime.date | None = None
    workers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What came of it. `seconds` are wall seconds by stage, `orchestration` among them.

    `told_batches` are earlier batches of which an application was flagged.
    """

    outcome: BatchOutcome
    folder: Path
    files_read: int
    seconds: tuple[tuple[str, float], ...]
    told_batches: tuple[str, ...] = ()


def open_installation(installation: Installation) -> Store:
    """Open the store of an installation."""
    return open_store(installation.home, installation.database_url)


def run_batch(
    installation: Installation,
    order: RunOrder,
    parts: Parts,
    listener: Listener,
    now: datetime.datetime | None = None,
    warn: Callable[[str], None] = lambda _line: None,
) -> RunResult:
    """Run the machine's whole part of a batch; safe to repeat, and to repeat after a kill.

    `warn` is told at the start where thresholds of confidence are not for this engine.
    Raises `BatchRefused` (nothing is stored then), `BatchBusy` where another process works on it,
    `ConfigurationFault`, and `MachineFault` where a part of the machine fails as a whole.
    """
    given = parts.read_folder(order.folder, load_policy)
    batch = given.batch
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(open_installation(installation))
        lease = stack.enter_context(hold_batch(store, batch.id))
        store.batches.refuse_other(batch)
        header = RunHeader(
            batch_id=batch.id,
            kind=batch.kind,
            owner=lease.owner,
            content_digest=content_digest(given),
            policy=load_policy(batch.institution),
            engine_version=parts.engine_version(),
            rule_version=parts.rule_version,
            today=order.as_of or batch.deadline.date(),
            provisional=decided_early(batch, order, now),
            as_of=_beginning(batch, order.as_of),
        )
        if mismatch := calibration_mismatch(header.policy, header.engine_version):
            warn(mismatch)
        begun = time.perf_counter()
        prepare_prefect(installation.home)
        stack.enter_context(own_server(schedules=False))
        from flows.processing import Work, run_flow  # reads the server's address when imported

        work = Work(
            store=store,
            parts=parts,
            header=header,
            given=given,
            folder=order.folder,
            out=order.out,
            workers=order.workers,
            listener=listener,
            lease=lease,
        )
        run_flow(work, begun)
        return RunResult(
            outcome=store.load_outcome(batch.id),
            folder=order.out / batch.id,
            files_read=work.files_read,
            seconds=tuple(work.seconds.items()),
            told_batches=work.told_batches,
        )


def _beginning(batch: Batch, day: datetime.date | None) -> datetime.datetime | None:
    if day is None:
        return None
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=batch.deadline.tzinfo)


def decided_early(batch: Batch, order: RunOrder, now: datetime.datetime | None = None) -> bool:
    """Return whether the deadline lies ahead, by the clock or by the date taken as today."""
    if order.as_of is not None and order.as_of < batch.deadline.date():
        return True
    return (now or datetime.datetime.now(datetime.UTC)) < batch.deadline


def write_reports(
    store: Store,
    write: Callable[[Path, BatchOutcome], object],
    batch_id: str,
    out: Path,
    as_of: datetime.date | None = None,
) -> None:
    """Write the outcome folder again from what the store holds.

    `as_of` is the day on which days left are counted, None for what the store says.
    """
    outcome = store.load_outcome(batch_id)
    if as_of is not None:
        outcome = dataclasses.replace(outcome, as_of=as_of)
    try:
        write_forms(store, outcome, out)
        write(out, outcome)
    except OSError as error:
        raise MachineFault(
            "report-failed", f"{out / batch_id}: cannot be written ({error.strerror})"
        ) from error
