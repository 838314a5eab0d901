"""Where this installation lives, and how Prefect is set up before it is imported."""

import os
from dataclasses import dataclass
from pathlib import Path

# Prefect reads these when it is imported. A value that the operator has set wins.
_PREFECT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # The in-process server logs tracebacks of its own shutdown; what concerns the operator is
    # raised by our stages and printed by the command line.
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    # Halves the start of the in-process server; hedui uses no blocks.
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What alone separates two installations on one machine."""

    home: Path
    database_url: str | None

    @property
    def out(self) -> Path:
        """Return where outcome folders go unless `--out` says otherwise."""
        return self.home / "out"


def find_installation() -> Installation:
    """Return the installation that HEDUI_HOME and HEDUI_DATABASE_URL name."""
    home = Path(os.environ.get("HEDUI_HOME") or "var").expanduser().resolve()
    return Installation(home=home, database_url=os.environ.get("HEDUI_DATABASE_URL") or None)


def prepare_prefect(home: Path) -> None:
    """Set Prefect up to work inside this installation alone; call before importing it."""
    folder = home / "prefect"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(folder))
    for name, value in _PREFECT.items():
        os.environ.setdefault(name, value)
