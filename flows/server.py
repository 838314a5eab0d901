"""A Prefect server of our own: on the loopback interface, behind a password, gone with us."""

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from domain.faults import MachineFault

_START_SECONDS = 180
_STOP_SECONDS = 10
_NEEDED_BYTES = 16 << 20  # less than this, and the server's own database does not fit
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_LIBC = ctypes.CDLL(None)  # loaded here: between fork and exec as little as possible may happen

# The application alone, as Prefect starts it for a flow without a server: no schedules, no pages.
_FOR_ONE_RUN = ("uvicorn", "--factory", "prefect.server.api.server:create_app", "--log-level",
                "error", "--lifespan", "on")  # fmt: skip
_FOR_SCHEDULES = ("prefect", "server", "start", "--no-ui")
_ENVIRONMENT_FOR_ONE_RUN = {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


@contextlib.contextmanager
def own_server(*, schedules: bool) -> Iterator[None]:
    """Run a server until the block ends, unless PREFECT_API_URL names one already.

    Call it after `prepare_prefect`, before Prefect is imported, and from the main thread: the
    server is stopped by the kernel when the thread that started it ends, however that happens
    (a server that a killed run leaves behind would hold memory and a port for ever). Raises
    `MachineFault("server-does-not-start")`, or `disk-full` where that is why.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = f"hedui:{secrets.token_urlsafe(32)}"
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = password
    os.environ["PREFECT_API_AUTH_STRING"] = password
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    server = _start(port, _FOR_SCHEDULES if schedules else _FOR_ONE_RUN,
                    {} if schedules else _ENVIRONMENT_FOR_ONE_RUN)  # fmt: skip
    try:
        yield
    finally:
        _stop(server)


def _start(
    port: int, module: Sequence[str], environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    folder = Path(os.environ["PREFECT_HOME"])
    log = folder / "server.log"
    try:
        output = log.open("wb")
    except OSError as error:
        raise MachineFault("server-does-not-start", f"{log}: {error.strerror}") from error
    with output:
        server = subprocess.Popen(
            [sys.executable, "-m", *module, "--host", "127.0.0.1", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            preexec_fn=_die_with_parent,
            process_group=0,  # Ctrl-C reaches us alone: who stops needs the server to the end
        )
    deadline = time.monotonic() + _START_SECONDS
    while not _is_up(port):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            server.wait()
            raise _does_not_start(folder, log)
        time.sleep(0.1)
    return server


def _does_not_start(folder: Path, log: Path) -> MachineFault:
    if shutil.disk_usage(folder).free < _NEEDED_BYTES:
        return MachineFault("disk-full", f"no room below {folder.parent}; make room, run again")
    return MachineFault(
        "server-does-not-start", f"Prefect's server does not start; its words are in {log}"
    )


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _die_with_parent() -> None:
    _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGTERM)
