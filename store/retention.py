"""How long working copies of uploads stay, and deleting those whose time has passed.

Working copies are the originals in HEDUI_HOME and what was read from them. Results, decisions and
the event log stay for ever, and so does the archive package, which is not ours to delete.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select

from domain.archive import RetentionPolicy
from domain.faults import ConfigurationFault
from domain.outcome import (
    PASSED_STATUS,
    REFUSED_STATUS,
    RETURNED_STATUS,
    WITHDRAWN_STATUS,
    BatchOutcome,
)
from store.archive.gathering import ARCHIVED, MATERIALS_DELETED
from store.archive.log_check import payload_of
from store.events import NewEvent, append_events, last_hash
from store.opening import Store
from store.schema import applications, events, readings, uploads

_BEIJING = datetime.timezone(datetime.timedelta(hours=8))
_CLASSES = {
    PASSED_STATUS: "passed",
    REFUSED_STATUS: "refused",
    RETURNED_STATUS: "returned",
    WITHDRAWN_STATUS: "withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassShare:
    """What policy says of one class of a batch's applications, and what it comes to now.

    `ends` is the last day on which copies stay, None where they are kept for good.
    """

    name: str
    years: int
    ends: datetime.date | None
    applications: int
    due: int
    deleted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPlan:
    """What of a batch may be deleted on a day.

    `due` are (学号, digests of its files) whose time has passed. `blocked` says in English why
    nothing may be deleted, "" where something may. `head` is the log's head when it was planned.
    """

    batch_id: str
    as_of: datetime.date
    classes: tuple[ClassShare, ...]
    due: tuple[tuple[str, tuple[str, ...]], ...]
    blocked: str
    head: str

    @property
    def digests(self) -> frozenset[str]:
        """Return the digests of every file that is due."""
        return frozenset(digest for _, digests in self.due for digest in digests)


def plan_retention(
    store: Store, outcome: BatchOutcome, policy: RetentionPolicy, as_of: datetime.date
) -> RetentionPlan:
    """Return what policy says may be deleted of a batch on a day, and what must stay."""
    batch_id, head = outcome.batch.id, store.events.head()
    seal = store.seals.get(batch_id)
    told = store.events.of_batch(batch_id)
    deleted = {event.student_number for event in told if event.kind == MATERIALS_DELETED}
    blocked = ""
    if seal is None:
        blocked = f"it is not sealed: hedui seal {batch_id} --by USER"
    elif not any(event.kind == ARCHIVED for event in told):
        blocked = f"it is not archived: hedui archive {batch_id}"
    elif any(case.due_at is not None for case in store.cases.of_batch(batch_id)
             if case.round.value == "appeal"):  # fmt: skip
        blocked = "an appeal (复核) is open"
    sealed_on = seal.created_at.astimezone(_BEIJING).date() if seal else None
    classes, due_numbers = [], set()
    for status, name in _CLASSES.items():
        numbers = [row.student_number for row in outcome.rows if row.review_status == status]
        years: int = getattr(policy, f"{name}_years")
        ends = _years_after(sealed_on, years) if sealed_on and years else None
        due = [n for n in numbers if ends and as_of > ends and n not in deleted]
        due_numbers.update(due)
        classes.append(
            ClassShare(
                name=name,
                years=years,
                ends=ends,
                applications=len(numbers),
                due=len(due),
                deleted=len(deleted.intersection(numbers)),
            )
        )
    files = _files_of(store, batch_id)
    return RetentionPlan(
        batch_id=batch_id,
        as_of=as_of,
        classes=tuple(classes),
        due=tuple((number, files.get(number, ())) for number in sorted(due_numbers)),
        blocked=blocked,
        head=head,
    )


def _years_after(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _files_of(store: Store, batch_id: str) -> dict[str, tuple[str, ...]]:
    """Return the digests of all files of each application, earlier versions' among them."""
    return {
        number: tuple(
            sorted({upload.digest for item in versions for upload in item.submission.uploads
                    if upload.digest})
        )
        for number, versions in store.batches.versions(batch_id).items()
    }  # fmt: skip


def delete_due(store: Store, plan: RetentionPlan, account: str) -> tuple[int, int]:
    """Delete the working copies that are due; return (files deleted, files that stay in use).

    The log is written first, in one transaction: who, what, why; then the files go. What another
    application still uses stays. Raises `ConfigurationFault` where the plan is blocked, or where
    anything was written since it was made.
    """
    if plan.blocked:
        raise ConfigurationFault(
            f"nothing of batch {plan.batch_id!r} may be deleted: {plan.blocked}"
        )
    years = {share.name: share.years for share in plan.classes}
    with store.database.writing() as connection:
        if last_hash(connection) != plan.head:
            raise ConfigurationFault("something was written meanwhile: look at the plan again")
        append_events(
            connection,
            [
                NewEvent(
                    kind=MATERIALS_DELETED,
                    batch_id=plan.batch_id,
                    student_number=number,
                    actor=account,
                    payload={
                        "as_of": plan.as_of.isoformat(),
                        "files": list(digests),
                        "years": years,
                    },
                )
                for number, digests in plan.due
            ],
        )
    return sweep_deleted(store, plan.batch_id)


def copies_deleted(
    store: Store, batch_id: str, student_number: str, digests: Iterable[str]
) -> bool:
    """Return whether files of an application are gone because their time was over, not lost."""
    if all(store.originals.path_of(digest).exists() for digest in digests if digest):
        return False
    told = store.events.of_application(batch_id, student_number)
    return any(event.kind == MATERIALS_DELETED for event in told)


def sweep_deleted(store: Store, batch_id: str) -> tuple[int, int]:
    """Remove every file that the log says was deleted and nothing uses; safe to repeat.

    A process that was killed between the log and the disk is finished by the next call.
    """
    told = [event for event in store.events.of_batch(batch_id) if event.kind == MATERIALS_DELETED]
    wanted = {str(digest) for event in told for digest in payload_of(event).get("files", ())}
    used = _still_used(store, wanted)
    gone = sorted(digest for digest in wanted - used if store.originals.path_of(digest).exists())
    with store.database.writing() as connection:
        for start in range(0, len(gone), 500):
            part = gone[start : start + 500]
            connection.execute(delete(readings).where(readings.c.file_digest.in_(part)))
    for digest in gone:
        store.originals.path_of(digest).unlink(missing_ok=True)
    return len(gone), len(used)


def _still_used(store: Store, digests: Iterable[str]) -> set[str]:
    """Return those digests that an application uses whose own copies were not deleted."""
    wanted = sorted(digests)
    used: set[str] = set()
    with store.database.reading() as connection:
        deleted = {
            (row.batch_id, row.student_number)
            for row in connection.execute(
                select(events.c.batch_id, events.c.student_number).where(
                    events.c.kind == MATERIALS_DELETED
                )
            )
        }
        for start in range(0, len(wanted), 500):
            query = (
                select(uploads.c.digest, applications.c.batch_id, applications.c.student_number)
                .join(applications, applications.c.id == uploads.c.application_id)
                .where(uploads.c.digest.in_(wanted[start : start + 500]))
            )
            used.update(
                row.digest
                for row in connection.execute(query)
                if (row.batch_id, row.student_number) not in deleted
            )
    return used
