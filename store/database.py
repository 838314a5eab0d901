"""Connections: SQLite with everything that keeps committed work, or PostgreSQL.

SQLite runs in WAL mode with `synchronous=FULL` (NORMAL can lose committed rows at a power cut),
foreign keys on and a busy timeout of five seconds; writing transactions start with BEGIN IMMEDIATE,
so that two writers wait for each other instead of failing half-way.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from domain.faults import ConfigurationFault, HeduiError, MachineFault
from store.schema import REVISION

_BUSY_TIMEOUT_MS = 5000
_WRITING = "hedui_writing"
_EVENTS_LOCK = 4_815_162_342  # PostgreSQL advisory lock: one writer at a time
_MIGRATION_LOCK = 4_815_162_343


class Database:
    """One database, opened: `writing()` and `reading()` give connections in a transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """Give a connection in a transaction that commits at the end or leaves nothing behind.

        Writers take turns. What is not `durable` may be gone after a power cut (never half of it):
        for leases, on which somebody waits and which nobody would miss. Raises `MachineFault` with
        a code where the database fails.
        """
        with (
            self._guarded(),
            self._engine.connect() as connection,
            self._synced(connection, durable),
        ):
            writer = connection.execution_options(**{_WRITING: True})
            with writer.begin():
                if not self.is_sqlite:
                    writer.execute(text(f"SELECT pg_advisory_xact_lock({_EVENTS_LOCK})"))
                yield writer

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state."""
        with self._guarded(), self._engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def _synced(self, connection: Connection, durable: bool) -> Iterator[None]:
        if durable or not self.is_sqlite:
            yield
            return
        # In WAL mode a commit waits for the disk at FULL alone; later ones carry this one along.
        raw = connection.connection.cursor()
        raw.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            raw.execute("PRAGMA synchronous = FULL")
            raw.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            # Not chained: a driver's message can carry the values of the failing row.
            raise _fault_of(error) from None


def open_database(home: Path, database_url: str | None) -> Database:
    """Return the installation's database, migrated to the newest schema.

    Two processes that open it at once migrate it once. Raises `ConfigurationFault` for an address
    that cannot be used, `MachineFault` where the database does not answer.
    """
    if not database_url:
        _create_private_file(home / "hedui.sqlite")
    engine = _create_engine(database_url or f"sqlite:///{home / 'hedui.sqlite'}")
    try:
        _migrate(engine, home)
    except SQLAlchemyError as error:
        engine.dispose()
        raise _fault_of(error) from None
    except HeduiError:
        engine.dispose()
        raise
    return Database(engine)


def _create_engine(address: str) -> Engine:
    try:
        url = make_url(address)
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        if (named := url.get_backend_name()) not in ("sqlite", "postgresql"):
            raise ConfigurationFault(
                f"HEDUI_DATABASE_URL: {named} is not supported; use SQLite or PostgreSQL"
            )
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=url.host is not None)
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigurationFault(
            "HEDUI_DATABASE_URL is not a database address; expected e.g."
            " postgresql://user@host/hedui or sqlite:////path/hedui.sqlite"
        ) from error
    except ModuleNotFoundError as error:
        raise ConfigurationFault(
            f"HEDUI_DATABASE_URL needs the Python package {error.name!r}:"
            ' .venv/bin/pip install "psycopg[binary]"'
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says, only
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _create_private_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise ConfigurationFault(
            f"{path}: cannot be opened for writing ({error.strerror}); set HEDUI_HOME to a folder"
            " of this account"
        ) from error


def _migrate(engine: Engine, home: Path) -> None:
    if _revision(engine) == REVISION:
        return
    descriptor = os.open(home / ".migration.lock", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with engine.connect() as connection:
            writer = connection.execution_options(**{_WRITING: True})
            if engine.dialect.name == "postgresql":
                # Session-wide, for processes on other machines whose HEDUI_HOME is another folder.
                writer.execute(text(f"SELECT pg_advisory_lock({_MIGRATION_LOCK})"))
                writer.commit()
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = writer
            if _revision(engine) != REVISION:
                with writer.begin():
                    command.upgrade(config, "head")
            if engine.dialect.name == "postgresql":
                writer.execute(text(f"SELECT pg_advisory_unlock({_MIGRATION_LOCK})"))
                writer.commit()


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found > REVISION:
        raise ConfigurationFault(
            f"the store was written by a newer hedui (schema {found}, this one knows {REVISION});"
            " install that version"
        )
    return found


def _fault_of(error: SQLAlchemyError) -> MachineFault:
    reason = str(error.orig).splitlines()[0] if isinstance(error, DBAPIError) else ""
    if "database is locked" in reason:
        return MachineFault(
            "database-locked",
            "the store is locked by another process; wait until it has finished and run again",
        )
    if "disk is full" in reason or "No space left" in reason:
        return MachineFault("disk-full", "the disk of the store is full; make room and run again")
    if "readonly database" in reason or "unable to open database" in reason:
        return MachineFault(
            "database-not-writable", f"the store cannot be written ({reason}); check HEDUI_HOME"
        )
    if "malformed" in reason or "not a database" in reason:
        return MachineFault(
            "database-damaged", f"the store is damaged ({reason}); restore it from a backup"
        )
    name = type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
    return MachineFault("database-failed", f"the database failed ({name}); see its own log")
