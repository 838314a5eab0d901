"""What tests of several packages share."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from flows.cli import main

# No test is timed: on a busy machine anything may take long.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What runs the command: its arguments; exit code, standard output and errors.
Hedui = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hedui(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Hedui:
    """Give what runs the command and returns exit code, standard output and errors."""
    monkeypatch.setenv("HEDUI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HEDUI_DATABASE_URL", raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hedui", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return call
