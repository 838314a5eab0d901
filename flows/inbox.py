"""One look into the inbox: which batch folders are due, and running those once."""

import datetime
import stat
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from domain.faults import BatchRefused, HeduiError
from flows.environment import Installation
from flows.lease import BatchBusy
from flows.parts import Parts
from flows.running import RunOrder, open_installation
from store import Store
from store.batches import content_digest
from store.codec import digest_json
from store.inbox import InboxFolder
from store.institutions import load_policy

Run = Callable[[RunOrder], object]


class Sight(StrEnum):
    """What a look found of one folder."""

    WAITS = "waits for its deadline"
    DONE = "done before"
    RUN = "run"
    BUSY = "being run by another process"
    REFUSED = "refused"
    STILL_REFUSED = "still refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One folder of the inbox. `detail` is for the operator, without personal data."""

    folder: Path
    sight: Sight
    detail: str = ""


def look_into_inbox(
    installation: Installation,
    folders: list[Path],
    out: Path,
    parts: Parts,
    run: Run,
    now: datetime.datetime,
) -> tuple[Seen, ...]:
    """Run every folder that is due, each once, and return what was seen.

    Due is a batch whose deadline has passed and whose rows and files differ from those of its last
    run after a deadline. A folder that fails does not stop the others; it is tried again later.
    """
    seen = []
    for folder in folders:
        try:
            with open_installation(installation) as store:
                seen.append(_look(store, folder, out, parts, run, now))
        except BatchBusy as busy:
            seen.append(Seen(folder=folder, sight=Sight.BUSY, detail=str(busy)))
        except HeduiError as error:
            seen.append(Seen(folder=folder, sight=Sight.FAILED, detail=str(error)))
    return tuple(seen)


def _look(
    store: Store, folder: Path, out: Path, parts: Parts, run: Run, now: datetime.datetime
) -> Seen:
    mark = fingerprint(folder)
    known = store.inbox.get(str(folder))
    unchanged = known is not None and known.fingerprint == mark
    if known is not None and unchanged and known.state == Sight.REFUSED.value:
        return Seen(folder=folder, sight=Sight.STILL_REFUSED)
    try:
        batch = parts.read_header(folder)
        if now < batch.deadline:
            return Seen(folder=folder, sight=Sight.WAITS, detail=batch.deadline.isoformat())
        last = store.runs.last_finished(batch.id)
        final = last.header.content_digest if last and not last.header.provisional else ""
        if known is not None and unchanged and known.content_digest == final != "":
            return Seen(folder=folder, sight=Sight.DONE)
        digest = content_digest(parts.read_folder(folder, load_policy))
        sight = Sight.DONE if digest == final else Sight.RUN
        if sight is Sight.RUN:
            run(RunOrder(folder=folder, out=out))
    except BatchRefused as refused:
        state, digest, detail = Sight.REFUSED, "", f"{len(refused.faults)} fault(s)"
        _remember(store, folder, mark, digest, state)
        return Seen(folder=folder, sight=state, detail=f"{detail}; see: hedui check {folder}")
    _remember(store, folder, mark, digest, Sight.DONE)
    return Seen(folder=folder, sight=sight, detail=batch.id)


def _remember(store: Store, folder: Path, mark: str, digest: str, state: Sight) -> None:
    store.inbox.remember(
        InboxFolder(folder=str(folder), fingerprint=mark, content_digest=digest, state=state.value)
    )


def fingerprint(folder: Path) -> str:
    """Return a digest over names, sizes and times of all files: cheap to take at every look.

    It only tells whether a folder is worth reading again; what counts is the content's digest.
    """
    entries = []
    for path in sorted(folder.rglob("*")):
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        if not stat.S_ISDIR(status.st_mode):
            name = path.relative_to(folder).as_posix()
            entries.append([name, status.st_size, status.st_mtime_ns])
    return digest_json(entries)
