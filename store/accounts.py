"""The accounts of the people who decide: passwords as Argon2id, every change in the event log."""

import datetime
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from domain.faults import ConfigurationFault
from domain.review import Role
from store.database import Database
from store.events import NewEvent, append_events
from store.schema import accounts, sessions, sign_in_failures

SHORTEST_PASSWORD = 10
MOST_FAILURES = 5
FAILURE_WINDOW_SECONDS = 900.0
_MOST_FAILURES_OF_ADDRESS = 30
_NAME = re.compile(r"[\w.-]{1,40}")
# RFC 9106, section 4, the second recommended option: 64 MiB, 3 passes, 4 lanes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


class SignIn(StrEnum):
    """What came of a sign-in."""

    OK = "ok"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account."""

    name: str
    role: Role
    is_disabled: bool


class Accounts:
    """The accounts of one installation."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        # Verified for names that nobody has, so that they take as long as others.
        self._nobody = ""
        # Each takes 64 MiB: many at once must not take the machine.
        self._turns = threading.BoundedSemaphore(2)

    def all(self) -> tuple[Account, ...]:
        """Return every account by name, the disabled ones among them."""
        with self._database.reading() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name))
            return tuple(map(_account, rows))

    def find(self, name: str) -> Account | None:
        """Return an account, None where there is none of that name."""
        with self._database.reading() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == name)).one_or_none()
        return _account(row) if row else None

    def get(self, name: str) -> Account:
        """Return an account in use; raises `ConfigurationFault` where unknown or disabled."""
        account = self.find(name)
        if account is None:
            known = ", ".join(item.name for item in self.all())
            hint = f"known: {known}" if known else "none yet"
            raise ConfigurationFault(
                f"unknown account {name!r} ({hint}); add it: hedui user add {name} --role reviewer"
            )
        if account.is_disabled:
            raise ConfigurationFault(
                f"account {name!r} is disabled; enable it: hedui user enable {name}"
            )
        return account

    def add(self, name: str, role: Role, password: str) -> None:
        """Add an account; raises `ConfigurationFault` for a name in use or a weak password."""
        if not _NAME.fullmatch(name):
            raise ConfigurationFault(
                "an account's name has up to 40 letters, digits, '.', '-' and '_'"
            )
        hashed = hash_password(name, password)
        now = _now()
        with self._database.writing() as connection:
            taken = select(accounts.c.name).where(func.lower(accounts.c.name) == name.lower())
            if connection.execute(taken).first():
                raise ConfigurationFault(f"account {name!r} exists already; see: hedui user list")
            connection.execute(
                insert(accounts).values(
                    name=name,
                    role=role.value,
                    password_hash=hashed,
                    is_disabled=False,
                    created_at=now,
                    changed_at=now,
                )
            )
            append_events(connection, [_event("user-added", name, {"role": role.value})])

    def change_password(self, name: str, password: str) -> None:
        """Set a password, end the account's sessions and forget its failed sign-ins."""
        hashed = hash_password(name, password)
        self._change(name, "user-password-changed", {}, password_hash=hashed)

    def change_role(self, name: str, role: Role) -> None:
        """Give an account another role and end its sessions."""
        self._change(name, "user-role-changed", {"role": role.value}, role=role.value)

    def disable(self, name: str) -> None:
        """Take an account out of use and end its sessions; what it decided stays."""
        self._change(name, "user-disabled", {}, is_disabled=True)

    def enable(self, name: str) -> None:
        """Put an account back into use."""
        self._change(name, "user-enabled", {}, is_disabled=False)

    def _change(self, name: str, kind: str, payload: dict[str, Any], **values: object) -> None:
        with self._database.writing() as connection:
            changed = connection.execute(
                update(accounts).where(accounts.c.name == name).values(**values, changed_at=_now())
            )
            if changed.rowcount == 0:
                raise ConfigurationFault(f"unknown account {name!r}; see: hedui user list")
            connection.execute(delete(sessions).where(sessions.c.account == name))
            _forget_failures(connection, _of_account(name))
            append_events(connection, [_event(kind, name, payload)])

    def sign_in(
        self, name: str, password: str, address: str, event: str = "user-signed-in"
    ) -> SignIn:
        """Check a password, slowly on purpose; after five failures nobody gets in for a while.

        Failures count per account, and more generously per address. `event` is what the log calls
        it, for a second person who confirms something on somebody else's screen.
        """
        subjects = (_of_account(name), f"address:{address}")
        if self._is_locked(subjects):
            return SignIn.LOCKED
        with self._database.reading() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == name)).one_or_none()
        right = self._matches(row.password_hash if row else "", password)
        if row is not None and right and not row.is_disabled:
            with self._database.writing() as connection:
                _forget_failures(connection, subjects[0])
                append_events(connection, [_event(event, name, {}, actor=name)])
            return SignIn.OK
        with self._database.writing() as connection:
            over = sign_in_failures.c.at < self._clock() - FAILURE_WINDOW_SECONDS
            connection.execute(delete(sign_in_failures).where(over))
            rows = [{"subject": subject, "at": self._clock()} for subject in subjects]
            connection.execute(insert(sign_in_failures), rows)
            if row is not None:
                append_events(connection, [_event("sign-in-failed", name, {})])
        return SignIn.WRONG

    def _is_locked(self, subjects: tuple[str, str]) -> bool:
        now = self._clock()
        # On both sides: a clock that is put right locks nobody out until its wrong time comes.
        near = sign_in_failures.c.at.between(
            now - FAILURE_WINDOW_SECONDS, now + FAILURE_WINDOW_SECONDS
        )
        limits = zip(subjects, (MOST_FAILURES, _MOST_FAILURES_OF_ADDRESS), strict=True)
        with self._database.reading() as connection:
            return any(
                connection.execute(
                    select(func.count())
                    .select_from(sign_in_failures)
                    .where(sign_in_failures.c.subject == subject, near)
                ).scalar_one()
                >= limit
                for subject, limit in limits
            )

    def _matches(self, hashed: str, password: str) -> bool:
        self._nobody = self._nobody or _HASHER.hash("nobody's")
        try:
            with self._turns:
                return _HASHER.verify(hashed or self._nobody, password) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False


def hash_password(name: str, password: str) -> str:
    """Return the Argon2id hash; raises `ConfigurationFault` for a password that is too weak."""
    if len(password) < SHORTEST_PASSWORD or name.lower() in password.lower():
        raise ConfigurationFault(
            f"a password has {SHORTEST_PASSWORD} characters or more and does not contain the"
            " account's name"
        )
    return _HASHER.hash(password)


def _forget_failures(connection: Connection, subject: str) -> None:
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.subject == subject))


def _of_account(name: str) -> str:
    return f"account:{name.lower()[:100]}"


def _account(row: Row[Any]) -> Account:
    return Account(name=row.name, role=Role(row.role), is_disabled=row.is_disabled)


def _event(kind: str, name: str, payload: dict[str, Any], actor: str = "command") -> NewEvent:
    return NewEvent(kind=kind, payload={"account": name, **payload}, actor=actor)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
