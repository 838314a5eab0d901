"""Sessions of the reviewers' pages: kept here, so that ending one ends it everywhere."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, insert, or_, select, update

from domain.review import Role
from store.database import Database
from store.schema import accounts, sessions

IDLE_SECONDS = 1800.0
LONGEST_SECONDS = 36000.0
_TOUCH_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in. `id` names the session in memory and tells nobody the cookie."""

    id: str
    account: str
    role: Role
    csrf_token: str


class Sessions:
    """The sessions of one installation; a session ends after half an hour of doing nothing.

    It ends too where the clock was set back by more than that: nobody knows how long it was idle.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def start(self, account: str) -> str:
        """Start a session and return its secret, for the cookie."""
        token, now = secrets.token_urlsafe(32), self._clock()
        over = or_(
            sessions.c.last_used < now - IDLE_SECONDS,
            sessions.c.last_used > now + IDLE_SECONDS,
            sessions.c.started < now - LONGEST_SECONDS,
        )
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(over))
            connection.execute(
                insert(sessions).values(
                    token_digest=_digest(token),
                    account=account,
                    csrf_token=secrets.token_urlsafe(32),
                    started=now,
                    last_used=now,
                )
            )
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a cookie, None where it ended or its account is disabled."""
        now, digest = self._clock(), _digest(token)
        query = (
            select(sessions, accounts.c.role)
            .join(accounts, accounts.c.name == sessions.c.account)
            .where(sessions.c.token_digest == digest, accounts.c.is_disabled.is_(False))
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if abs(now - row.last_used) > IDLE_SECONDS or now - row.started > LONGEST_SECONDS:
            return None
        if now - row.last_used > _TOUCH_SECONDS:
            with self._database.writing() as connection:
                touched = update(sessions).where(sessions.c.token_digest == digest)
                connection.execute(touched.values(last_used=now))
        return Session(
            id=digest[:16], account=row.account, role=Role(row.role), csrf_token=row.csrf_token
        )

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_digest == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
