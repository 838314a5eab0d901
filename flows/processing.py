"""The Prefect flow of one batch: a thin shell over `stages`.

Tasks get the batch id and application ids, nothing else; the work itself is looked up in this
process. What is done is in our store: Prefect's history is a convenience and may be lost.
"""

import contextlib
import dataclasses
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from domain.application import BatchInput
from domain.faults import HeduiError, MachineFault
from flows import linking, stages
from flows.lease import HeldLease
from flows.parts import NothingToRead, Parts, Reader
from flows.progress import Listener
from flows.running import write_reports
from store import Store
from store.runs import RunHeader
from validators.outside_rules import orphan_findings


@dataclass(slots=True, kw_only=True)
class Work:
    """One run in this process. `seconds` grows as its stages end."""

    store: Store
    parts: Parts
    header: RunHeader
    given: BatchInput
    folder: Path
    out: Path
    workers: int | None
    listener: Listener
    lease: HeldLease
    reader: Reader = field(default_factory=NothingToRead)
    files_read: int = 0
    run_id: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    told_batches: tuple[str, ...] = ()

    @contextlib.contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the wall seconds of a block to a stage."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - begun
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent


_WORK: dict[str, Work] = {}  # by batch id; the batch's lease keeps a second one away


def run_flow(work: Work, begun: float) -> None:
    """Run the flow for a piece of work; errors of the stages come through as they are.

    What passed since `begun` (of `time.perf_counter`) outside the stages is orchestration.
    Raises `MachineFault("orchestration-failed")` where Prefect itself fails.
    """
    batch_id = work.header.batch_id
    _WORK[batch_id] = work
    try:
        process_batch(batch_id)
    except HeduiError:
        raise
    except Exception as error:
        raise MachineFault(
            "orchestration-failed",
            f"the flow failed ({type(error).__name__}); run again: what is done is kept",
        ) from error
    finally:
        del _WORK[batch_id]
        total = time.perf_counter() - begun
        work.seconds["orchestration"] = total - sum(work.seconds.values())


@task(name="keep-originals", cache_policy=NO_CACHE, persist_result=False)
def keep_originals(batch_id: str) -> None:
    """Store what was uploaded, byte for byte."""
    work = _WORK[batch_id]
    work.listener.begin("store", len(work.given.submissions))
    with work.timed("store"):
        stages.keep_originals(work.store, work.parts, work.folder, work.given, work.listener)
        registration = work.store.batches.register(work.given)
    work.header = dataclasses.replace(work.header, content_digest=registration.content_digest)
    work.run_id = work.store.runs.start(work.header)


@task(name="read-chunk", cache_policy=NO_CACHE, persist_result=False)
def read_chunk(batch_id: str, application_ids: tuple[int, ...]) -> None:
    """Read the files of about a hundred applications."""
    work = _WORK[batch_id]
    work.lease.check()
    with work.timed("read"):
        work.files_read += stages.read_applications(
            work.store, work.header, application_ids, work.reader, work.listener
        )


@task(name="decide", cache_policy=NO_CACHE, persist_result=False)
def decide(batch_id: str) -> None:
    """Decide all applications, once all reading is done."""
    work = _WORK[batch_id]
    work.lease.check()
    ids = work.store.batches.application_ids(batch_id)
    with work.timed("compare"):
        digests = stages.readable_digests(work.store, work.header, ids)
        linking.compare_pictures(work.store, digests, work.listener)
    work.listener.begin("decide", len(ids))
    with work.timed("decide"):
        stages.decide_batch(work.store, work.parts, work.header, ids, work.listener)
        orphans = orphan_findings(work.store.batches.orphan_folders(batch_id))
    seconds = tuple((stage, round(spent, 3)) for stage, spent in work.seconds.items())
    work.store.runs.finish(work.run_id, work.header, seconds, orphans)
    work.told_batches = linking.tell_both_sides(work.store, work.header)
    for changed in (batch_id, *work.told_batches):
        work.store.queues.refresh(changed)


@task(name="report", cache_policy=NO_CACHE, persist_result=False)
def report(batch_id: str) -> None:
    """Write the outcome folder."""
    work = _WORK[batch_id]
    work.listener.begin("report", 1)
    with work.timed("report"):
        write_reports(work.store, work.parts.write_outcome, batch_id, work.out)
        for earlier in work.told_batches:
            # Where it was written to another place, `hedui report` writes it again.
            if (work.out / earlier).is_dir():
                write_reports(work.store, work.parts.write_outcome, earlier, work.out)
    work.listener.advance()


# One thread: the chunk in hand keeps all reading workers busy, and the order stays the same.
@flow(
    name="process-batch",
    task_runner=ThreadPoolTaskRunner(max_workers=1),  # type: ignore[arg-type]
    validate_parameters=False,
    persist_result=False,
)
def process_batch(batch_id: str) -> None:
    """Take one batch from its folder to its outcome folder."""
    work = _WORK[batch_id]
    keep_originals.submit(batch_id).result()
    ids = work.store.batches.application_ids(batch_id)
    unread = stages.count_unread(work.store, work.header, ids)
    with _reading_workers(work, unread):
        for chunk in stages.chunks(ids):
            read_chunk.submit(batch_id, chunk).result()
    decide.submit(batch_id).result()
    report.submit(batch_id).result()


@contextlib.contextmanager
def _reading_workers(work: Work, unread: int) -> Iterator[None]:
    """Hold the pool of reading workers while there is something to read."""
    work.listener.begin("read", unread)
    if not unread:
        yield
        return
    policy = work.header.policy
    with contextlib.ExitStack() as stack:
        try:
            pool = work.parts.open_pool(policy.reading, policy.intake, work.workers)
            work.reader = stack.enter_context(pool)
        except HeduiError:
            raise
        except Exception as error:
            raise MachineFault(
                "reading-pool-failed",
                f"the reading workers do not start ({type(error).__name__}); see: hedui doctor",
            ) from error
        yield
