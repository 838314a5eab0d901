import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import store.migrations
from domain.faults import ConfigurationFault, MachineFault
from store import Store, open_store
from store.events import NewEvent
from store.institutions import load_policy
from store.originals import ChangedWhileStored, Originals
from store.schema import REVISION, metadata
from tests.store.builders import digest_of


def test_the_migrations_make_exactly_the_schema(store: Store) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == REVISION


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    folder = Path(store_folder()) / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == REVISION


def store_folder() -> Path:
    return Path(store.migrations.__path__[0]).parent


@pytest.mark.usefixtures("open_again")
def test_processes_that_start_at_once_share_one_store(
    tmp_path: Path, database_url: str | None
) -> None:
    code = (
        "import sys; from pathlib import Path; from store import open_store;"
        "from store.events import NewEvent;"
        "s = open_store(Path(sys.argv[1]), sys.argv[2] or None);"
        "[s.events.append(NewEvent(kind='k', payload={'n': n})) for n in range(20)]"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "home"), database_url or ""]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    with open_store(tmp_path / "home", database_url) as opened:
        assert opened.events.verify() is None
        with opened.database.reading() as connection:
            assert connection.scalar(text("SELECT count(*) FROM events")) == 60


def test_sqlite_keeps_committed_work_and_is_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_store(home) as opened, opened.database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000
    }  # fmt: skip
    modes = {path.name: path.stat().st_mode & 0o777 for path in (home, *home.iterdir())}
    assert modes["home"] == modes["originals"] == 0o700
    assert modes["hedui.sqlite"] == modes["identity.key"] == 0o600


def test_a_locked_store_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.database._BUSY_TIMEOUT_MS", 50)
    with open_store(tmp_path) as opened:
        other = sqlite3.connect(tmp_path / "hedui.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(MachineFault, match="wait until it has finished") as fault:
            opened.events.append(NewEvent(kind="k"))
        assert fault.value.code == "database-locked"
        other.rollback()
        other.close()
        opened.events.append(NewEvent(kind="k"))
        assert opened.events.verify() is None


def test_a_full_disk_says_so_and_leaves_nothing_half(tmp_path: Path) -> None:
    with open_store(tmp_path) as opened:
        opened.events.append(NewEvent(kind="k"))
        for _ in range(4):  # each of the pooled connections
            with opened.database.writing() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").fetchall()
        many = [NewEvent(kind="k", payload={"text": "x" * 100_000}) for _ in range(20)]
        with pytest.raises(MachineFault) as fault:
            opened.events.append(*many)
        assert fault.value.code == "disk-full"
    with open_store(tmp_path) as opened:
        assert opened.events.verify() is None
        assert len(opened.events.of_batch("")) == 1


def test_a_damaged_store_says_so(tmp_path: Path) -> None:
    (tmp_path / "hedui.sqlite").write_bytes(b"no database " * 1000)
    with pytest.raises(MachineFault) as fault:
        open_store(tmp_path)
    assert fault.value.code == "database-damaged"


@pytest.mark.parametrize("address", ["nonsense", "mysql://h/d", "oracle://h/d"])
def test_an_address_that_cannot_be_used_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigurationFault, match="HEDUI_DATABASE_URL"):
        open_store(tmp_path, address)


def test_a_database_of_another_kind_is_refused_without_asking_for_its_driver(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigurationFault, match="mysql is not supported"):
        open_store(tmp_path, "mysql://user@host/hedui")


def test_a_store_of_a_newer_version_is_refused(open_again: Callable[[], Store]) -> None:
    opened = open_again()
    with opened.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationFault, match="newer hedui"):
        open_again()


def test_an_unknown_institution_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationFault, match=r"known: .*default"):
        load_policy("../default")
    assert load_policy("default").institution == "default"


class TestOriginals:
    def test_bytes_come_back_and_files_are_private(self, tmp_path: Path) -> None:
        originals, content = Originals(tmp_path / "originals"), b"\x00paper"
        source = tmp_path / "upload"
        source.write_bytes(content)
        digest = digest_of("\x00paper")
        path = originals.keep(source, digest)
        assert path == tmp_path / "originals" / digest[:2] / digest
        assert originals.read(digest) == content
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert originals.keep(source, digest) == path
        assert [item.name for item in path.parent.iterdir()] == [digest]

    def test_a_damaged_original_is_told_and_mended(self, tmp_path: Path) -> None:
        originals = Originals(tmp_path / "originals")
        path = originals.keep_bytes(b"paper", digest_of("paper"))
        path.write_bytes(b"other")
        with pytest.raises(MachineFault, match="damaged"):
            originals.read(digest_of("paper"))
        originals.keep_bytes(b"paper", digest_of("paper"))
        assert originals.read(digest_of("paper")) == b"paper"

    def test_what_is_not_the_file_that_was_seen_is_not_stored(self, tmp_path: Path) -> None:
        originals, source = Originals(tmp_path / "originals"), tmp_path / "upload"
        source.write_bytes(b"changed")
        link, pipe = tmp_path / "link", tmp_path / "pipe"
        link.symlink_to(source)
        os.mkfifo(pipe)
        for place in (source, link, pipe, tmp_path / "missing", tmp_path):
            with pytest.raises(ChangedWhileStored):
                originals.keep(place, digest_of("paper"))
        assert not list((tmp_path / "originals").rglob("*.*"))
        assert not originals.intact(digest_of("paper"))

    def test_a_full_disk_leaves_no_half_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("store.originals.os.fsync", full)
        originals = Originals(tmp_path / "originals")
        with pytest.raises(MachineFault) as fault:
            originals.keep_bytes(b"paper", digest_of("paper"))
        assert fault.value.code == "disk-full"
        assert [path for path in originals.folder.rglob("*") if path.is_file()] == []
