"""Open the store of one installation."""

import types
from pathlib import Path

from domain.faults import ConfigurationFault
from domain.outcome import ApplicationOutcome, BatchOutcome, machine_status
from store.batches import Batches, StoredApplication
from store.database import Database, open_database
from store.events import Events
from store.identity import load_identity_key
from store.inbox import Inbox
from store.language_results import LanguageResults
from store.leases import Leases
from store.originals import Originals
from store.prior_uses import PriorUses
from store.readings import Readings
from store.runs import Runs
from store.stages import Stages


class Store:
    """Everything an installation keeps; a context manager that closes its connections."""

    def __init__(self, home: Path, database: Database) -> None:
        self.home = home
        self.database = database
        self.originals = Originals(home / "originals")
        self.batches = Batches(database, load_identity_key(home))
        self.readings = Readings(database)
        self.prior_uses = PriorUses(database)
        self.stages = Stages(database)
        self.runs = Runs(database)
        self.events = Events(database)
        self.leases = Leases(database)
        self.inbox = Inbox(database)
        self.language_results = LanguageResults(database)

    def load_outcome(self, batch_id: str) -> BatchOutcome:
        """Return what the last finished run made of a batch, rows sorted by 学号.

        Raises `ConfigurationFault` for an unknown batch, and for one whose machine part has not
        finished.
        """
        batch = self.batches.get(batch_id)
        run = self.runs.last_finished(batch_id)
        applications = self.batches.load(self.batches.application_ids(batch_id))
        assessments = self.runs.assessments(batch_id)
        missing = [item for item in applications if item.id not in assessments]
        if run is None or missing:
            raise ConfigurationFault(
                f"batch {batch_id!r} has applications without an outcome yet;"
                " run it again: hedui run BATCH_DIR"
            )
        seconds = self.stages.seconds(batch_id)
        return BatchOutcome(
            batch=batch,
            rows=tuple(
                ApplicationOutcome(
                    submission=item.submission,
                    assessment=assessments[item.id],
                    paths=_paths(item),
                    review_status=machine_status(assessments[item.id].decision),
                    decided_by=("machine",),
                    stage_seconds=seconds.get(item.id, ()),
                    case_version=item.version,
                )
                for item in applications
            ),
            orphan_findings=run.orphan_findings,
            provisional=run.header.provisional,
            today=run.header.today,
            policy=run.header.policy,
            engine_version=run.header.engine_version,
            rule_version=run.header.rule_version,
            event_head=self.events.head(),
            stage_seconds=run.stage_seconds,
        )

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        self.close()


def open_store(home: Path, database_url: str | None = None) -> Store:
    """Open, and where needed create and migrate, the store of one installation.

    `home` is HEDUI_HOME: `hedui.sqlite`, `originals/` and `identity.key` live there, readable by
    this account only. `database_url` names another database (HEDUI_DATABASE_URL). Raises
    `ConfigurationFault` where home or address cannot be used, `MachineFault` where the database
    does not answer.
    """
    try:
        for folder in (home, home / "originals"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationFault(
            f"{home}: cannot be used ({error.strerror}); set HEDUI_HOME to a folder of this account"
        ) from error
    database = open_database(home, database_url)
    return Store(home, database)


def _paths(item: StoredApplication) -> tuple[tuple[str, str], ...]:
    pairs: dict[str, str] = {}
    for upload in item.submission.uploads:
        if upload.digest:
            pairs.setdefault(upload.digest, upload.path)
    return tuple(pairs.items())
