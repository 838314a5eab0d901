"""What runs and what waits, per batch."""

from dataclasses import dataclass

from domain.application import Batch
from domain.review import Round
from flows.stages import READ
from store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """One batch: its state in words, and how many applications have which outcome.

    `alerts` counts what the lead has to look at: uses of sealed results.
    """

    batch: Batch
    state: str
    applications: int
    read: int
    decisions: tuple[tuple[str, int], ...]
    alerts: int = 0


def batch_statuses(store: Store) -> tuple[BatchStatus, ...]:
    """Return the status of every batch, by id."""
    return tuple(_status(store, batch_id) for batch_id in store.batches.ids())


def _status(store: Store, batch_id: str) -> BatchStatus:
    count = len(store.batches.application_ids(batch_id))
    read = store.stages.done(batch_id, READ)
    decisions = store.runs.decisions(batch_id)
    holder = store.leases.holder(f"batch:{batch_id}")
    run = store.runs.last_finished(batch_id)
    waiting = sum(
        number for item, number in store.cases.counts(batch_id).items() if item is not Round.SETTLED
    )
    if store.seals.get(batch_id) is not None:
        state = "sealed"
    elif holder is not None:
        state = f"running (process {holder.process_id}), {read} of {count} read"
    elif run is None or sum(decisions.values()) < count:
        state = f"interrupted, {read} of {count} read: run it again"
    elif run.header.content_digest != store.batches.content_digest(batch_id):
        state = "input changed since the last run: run it again"
    elif run.header.provisional:
        state = "decided, provisional (before the deadline)"
    else:
        state = f"decided, {waiting} wait for people" if waiting else "decided"
    return BatchStatus(
        batch=store.batches.get(batch_id),
        state=state,
        applications=count,
        read=read,
        decisions=tuple(sorted(decisions.items())),
        alerts=len(store.runs.alerts(batch_id)),
    )
