"""One package for every attack."""

import shutil
from pathlib import Path

import pytest

from tests.store.archive.packages import (
    archive,
    make_sealed,
    quick_hashes,
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the package of a sealed batch; nobody changes this one."""
    home = tmp_path_factory.mktemp("home")
    # Only while it is made: other tests of the session hash as in life.
    with pytest.MonkeyPatch.context() as monkeypatch:
        quick_hashes(monkeypatch)
        store = make_sealed(home)
    path = archive(store, home / "out").path
    store.close()
    return path


@pytest.fixture
def bag(made: Path, tmp_path: Path) -> Path:
    """Give a copy of the package, to be changed."""
    return Path(shutil.copytree(made, tmp_path / made.name))
