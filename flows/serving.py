"""`hedui serve`: the sweep of the inbox, deployed on a schedule."""

import contextlib
import datetime
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

from domain.faults import ConfigurationFault, MachineFault
from flows.environment import Installation, prepare_prefect
from flows.running import open_installation
from flows.server import own_server

TIMEZONE = "Asia/Shanghai"
_STOP_SECONDS = 5
_GIVE_UP_SECONDS = 25
_SERVER = {
    # A few runs ahead suffice: the sweep looks at the inbox as it is, whenever it runs.
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "3",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "2",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT1S",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "30",
    "PREFECT_RUNNER_POLL_FREQUENCY": "5",
    "PREFECT_RUNNER_HEARTBEAT_FREQUENCY": "30",
}


def serve_inbox(
    installation: Installation, inbox: Path, out: Path, every_seconds: int, console: Console
) -> None:
    """Look into an inbox again and again until stopped.

    Raises `ConfigurationFault` where the inbox is no folder, `MachineFault` where Prefect's server
    does not start or its runner ends by itself.
    """
    if not inbox.is_dir():
        raise ConfigurationFault(f"{inbox}: not a folder; name one with --inbox")
    open_installation(installation).close()  # a store that cannot be used is told now
    _prepare(installation)
    with own_server(schedules=True):
        _serve(inbox, out, every_seconds, console)


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


def _serve(inbox: Path, out: Path, every_seconds: int, console: Console) -> None:
    from prefect.schedules import Interval
    from prefect.types.entrypoint import EntrypointType

    from flows.sweeping import sweep_inbox

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    interval = datetime.timedelta(seconds=every_seconds)
    console.print(f"serving {inbox}: a look every {every_seconds} s", soft_wrap=True)
    # In the main thread Prefect's runner would take SIGTERM, and wait inside its handler for what
    # only the loop of that thread could do; or leave a sweep's process to us, and wait for it.
    serving = ThreadPoolExecutor(max_workers=1).submit(
        sweep_inbox.serve,
        name="inbox",
        schedule=Interval(interval, timezone=TIMEZONE),
        parameters={"inbox": str(inbox), "out": str(out)},
        limit=1,
        print_starting_message=False,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    serving.add_done_callback(lambda _: ended.set())
    while not ended.wait(1):  # a signal that another thread was given wakes nobody
        pass
    signal.alarm(_GIVE_UP_SECONDS)  # the kernel ends us, and with us the server, whatever hangs
    _end_sweeps()
    if serving.done() and (error := serving.exception()):
        raise MachineFault(
            "orchestration-failed",
            f"Prefect's runner ended ({type(error).__name__}); is its server there? Serve again",
        ) from error


def _end_sweeps() -> None:
    """End the processes of sweeps while the server is there to be told.

    Nothing is lost: a batch goes on where it was ended when it is run again.
    """
    while sweeps := multiprocessing.active_children():
        for sweep in sweeps:
            sweep.terminate()
        for sweep in sweeps:
            sweep.join(_STOP_SECONDS)
            with contextlib.suppress(ProcessLookupError):  # Prefect's runner waits for it too
                sweep.kill()
