"""Every store test runs on SQLite and on a real PostgreSQL of its own."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import Store, open_store

_INSTALL = "sudo apt-get install postgresql"


def _run(command: list[str], user: str | None) -> None:
    subprocess.run(command, check=True, capture_output=True, user=user, timeout=120)


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """Give the address of a private cluster on a unix socket; fails where PostgreSQL is missing."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(candidates[-1]) if candidates else "")
    if not found:
        pytest.fail(f"PostgreSQL is not installed; install it with: {_INSTALL}")
    programs = Path(found).parent
    # The server refuses to run as root: then it runs as the account that the package made.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="hedui-pg-"))
    if user:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    try:
        _run([str(programs / "initdb"), "-D", str(data), "-U", "hedui", "-A", "trust",
              "-E", "UTF8", "--locale=C.UTF-8"], user)  # fmt: skip
        _run([str(programs / "pg_ctl"), "-D", str(data), "-o", options, "-w",
              "-l", str(folder / "log"), "start"], user)  # fmt: skip
        yield f"postgresql+psycopg://hedui@/postgres?host={folder}"
        _run([str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(
    params=[
        pytest.param("sqlite"),
        pytest.param("postgres", marks=pytest.mark.postgres),
    ]
)
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Give None for the default SQLite file, or the address of an empty PostgreSQL database."""
    if request.param == "sqlite":
        yield None
        return
    import sqlalchemy

    address: str = request.getfixturevalue("postgres_address")
    name = f"hedui_{secrets.token_hex(6)}"
    engine = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    yield address.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def open_again(tmp_path: Path, database_url: str | None) -> Iterator[Callable[[], Store]]:
    """Give what opens the same store again, as another process would; closes them all."""
    opened: list[Store] = []

    def opening() -> Store:
        opened.append(open_store(tmp_path / "home", database_url))
        return opened[-1]

    yield opening
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    """Give an empty store."""
    return open_again()
