"""Leases: who works on a batch or a stage right now, and until when.

An owner names its machine, process and the process's start, so a lease that a killed process left
behind on this machine is free at once; one of another machine is free when it has expired.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from store.database import Database
from store.schema import leases


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A lease as it stands; `expires` is in seconds since 1970."""

    name: str
    owner: str
    expires: float

    @property
    def process_id(self) -> str:
        """Return the owner's process id, for messages."""
        return self.owner.split("/")[2]


class Leases:
    """The leases of one installation."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def claim(self, name: str, owner: str, seconds: float) -> Lease | None:
        """Take or renew a lease; return None where it is now ours, else the lease in the way."""
        with self._database.writing() as connection:
            row = connection.execute(select(leases).where(leases.c.name == name)).one_or_none()
            expires = self._clock() + seconds
            if row is None:
                connection.execute(insert(leases).values(name=name, owner=owner, expires=expires))
                return None
            if row.owner != owner and row.expires > self._clock() and may_be_alive(row.owner):
                return Lease(name=name, owner=row.owner, expires=row.expires)
            connection.execute(
                update(leases).where(leases.c.name == name).values(owner=owner, expires=expires)
            )
            return None

    def release(self, name: str, owner: str) -> None:
        """Give a lease back; nothing happens where it is not ours any more."""
        with self._database.writing() as connection:
            connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))

    def holder(self, name: str) -> Lease | None:
        """Return who holds a lease now, None where it is free."""
        with self._database.reading() as connection:
            row = connection.execute(select(leases).where(leases.c.name == name)).one_or_none()
        if row is None or row.expires <= self._clock() or not may_be_alive(row.owner):
            return None
        return Lease(name=row.name, owner=row.owner, expires=row.expires)


def new_owner() -> str:
    """Return a name for a piece of work here: machine, boot, process, its start, random."""
    process = Path("/proc/self").resolve().name
    return "/".join((_node(), _boot(), process, _started(process), secrets.token_hex(4)))


def may_be_alive(owner: str) -> bool:
    """Return False exactly where the owner was a process of this machine that has ended."""
    node, boot, process, started, _ = owner.split("/")
    if node != _node():
        return True
    return boot == _boot() and _started(process) == started


def _node() -> str:
    return Path("/proc/sys/kernel/hostname").read_text().strip().replace("/", "-")


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _started(process: str) -> str:
    """Return a process's start in clock ticks since boot, "" where there is none or it is dead."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if after_name[0] in "ZX" else after_name[19]
