"""Open the store of one installation."""

import types
from pathlib import Path

from domain.faults import ConfigurationFault
from domain.outcome import ApplicationOutcome, BatchOutcome
from store.accounts import Accounts
from store.batches import Batches
from store.cases import Cases
from store.database import Database, open_database
from store.decisions import Decisions
from store.events import Events
from store.identity import load_identity_key
from store.inbox import Inbox
from store.language_results import LanguageResults
from store.leases import Leases
from store.likenesses import Likenesses
from store.originals import Originals
from store.outcomes import load_application, load_outcome
from store.prior_uses import PriorUses
from store.queues import Queues
from store.readings import Readings
from store.returns import Returns
from store.runs import Runs
from store.seals import Seals
from store.sessions import Sessions
from store.stages import Stages


class Store:
    """Everything an installation keeps; a context manager that closes its connections."""

    def __init__(self, home: Path, database: Database) -> None:
        self.home = home
        self.database = database
        self.originals = Originals(home / "originals")
        self.key = load_identity_key(home)
        self.batches = Batches(database, self.key)
        self.readings = Readings(database)
        self.likenesses = Likenesses(database, self.key)
        self.prior_uses = PriorUses(database)
        self.stages = Stages(database)
        self.runs = Runs(database)
        self.returns = Returns(database)
        self.events = Events(database)
        self.leases = Leases(database)
        self.inbox = Inbox(database)
        self.accounts = Accounts(database)
        self.sessions = Sessions(database)
        self.cases = Cases(database)
        self.queues = Queues(database, self.key)
        self.decisions = Decisions(database, self.cases)
        self.seals = Seals(database)
        self.language_results = LanguageResults(database)

    def load_outcome(self, batch_id: str) -> BatchOutcome:
        """Return what the last finished run and people made of a batch, rows sorted by 学号.

        Raises `ConfigurationFault` for an unknown batch, and for one whose machine part has not
        finished.
        """
        return load_outcome(self, batch_id)

    def load_application(self, batch_id: str, student_number: str) -> ApplicationOutcome:
        """Return one application's outcome, without the rest of its batch.

        Raises `ConfigurationFault` where it is unknown or has no outcome yet.
        """
        return load_application(self, batch_id, student_number)

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
