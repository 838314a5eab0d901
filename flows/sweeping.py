"""The scheduled Prefect flow: one look into the inbox. Its parameters are two folders."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow

from extractors.intake import find_batch_folders
from flows.environment import find_installation
from flows.inbox import Sight, look_into_inbox
from flows.parts import real_parts
from flows.progress import Silence
from flows.running import RunOrder, RunResult, run_batch

_UNREMARKABLE = frozenset({Sight.WAITS, Sight.DONE, Sight.STILL_REFUSED})


@flow(name="sweep-inbox", persist_result=False)
def sweep_inbox(inbox: str, out: str) -> None:
    """Run each batch of the inbox whose deadline has passed, once."""
    installation, parts = find_installation(), real_parts()

    def run(order: RunOrder) -> RunResult:
        return run_batch(installation, order, parts, Silence(), warn=_say)

    now = datetime.datetime.now(datetime.UTC)
    folders = find_batch_folders(Path(inbox))
    for seen in look_into_inbox(installation, folders, Path(out), parts, run, now):
        if seen.sight not in _UNREMARKABLE:
            instant = now.astimezone(ZoneInfo("Asia/Shanghai")).isoformat(timespec="seconds")
            print(f"{instant} {seen.folder.name}: {seen.sight.value} {seen.detail}", flush=True)


def _say(line: str) -> None:
    print(line, flush=True)
