"""`hedui serve`: a Prefect server of our own, and the sweep deployed on a schedule."""

import ctypes
import datetime
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from pathlib import Path

from rich.console import Console

from domain.faults import ConfigurationFault, MachineFault
from flows.environment import Installation, prepare_prefect
from flows.running import open_installation

TIMEZONE = "Asia/Shanghai"
_START_SECONDS = 180
_SERVER = {
    # A few runs ahead suffice: the sweep looks at the inbox as it is, whenever it runs.
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "3",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "2",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT1S",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "30",
    "PREFECT_RUNNER_POLL_FREQUENCY": "5",
    "PREFECT_RUNNER_HEARTBEAT_FREQUENCY": "30",
}
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def serve_inbox(
    installation: Installation, inbox: Path, out: Path, every_seconds: int, console: Console
) -> None:
    """Look into an inbox again and again until stopped.

    Raises `ConfigurationFault` where the inbox is no folder, `MachineFault` where Prefect's server
    does not start.
    """
    if not inbox.is_dir():
        raise ConfigurationFault(f"{inbox}: not a folder; name one with --inbox")
    open_installation(installation).close()  # a store that cannot be used is told now
    _prepare(installation)
    server = None if os.environ.get("PREFECT_API_URL") else _start_server()
    try:
        _serve(inbox, out, every_seconds, console)
    finally:
        if server is not None:
            server.terminate()
            server.wait()


def _prepare(installation: Installation) -> None:
    """Set the environment that the server and each sweep's own process inherit."""
    prepare_prefect(installation.home)
    os.environ["HEDUI_HOME"] = str(installation.home)
    if institutions := os.environ.get("HEDUI_INSTITUTIONS"):
        os.environ["HEDUI_INSTITUTIONS"] = str(Path(institutions).resolve())
    root = str(Path(__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH", "")
    if root not in known.split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (root, known)))
    for name, value in _SERVER.items():
        os.environ.setdefault(name, value)


def _start_server() -> subprocess.Popen[bytes]:
    """Start a server on the loopback interface, closed to others by a password of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = f"hedui:{secrets.token_urlsafe(32)}"
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = password
    os.environ["PREFECT_API_AUTH_STRING"] = password
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    log = Path(os.environ["PREFECT_HOME"]) / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, *command, "--no-ui"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,
        )
    deadline = time.monotonic() + _START_SECONDS
    while not _is_up(port):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            server.wait()
            raise MachineFault(
                "server-does-not-start", f"Prefect's server does not start; its words are in {log}"
            )
        time.sleep(0.3)
    return server


def _is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _serve(inbox: Path, out: Path, every_seconds: int, console: Console) -> None:
    from prefect.schedules import Interval
    from prefect.types.entrypoint import EntrypointType

    from flows.sweeping import sweep_inbox

    # Stopping it by a signal makes Prefect's runner complain about itself.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"prefect\.")
    interval = datetime.timedelta(seconds=every_seconds)
    console.print(f"serving {inbox}: a look every {every_seconds} s", soft_wrap=True)
    sweep_inbox.serve(
        name="inbox",
        schedule=Interval(interval, timezone=TIMEZONE),
        parameters={"inbox": str(inbox), "out": str(out)},
        limit=1,
        print_starting_message=False,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
