"""What the scheduled runs remember of each folder of the inbox."""

import datetime
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from store.database import Database
from store.schema import inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFolder:
    """A folder when it was last looked into: names, sizes and times of its files as one digest.

    `state` is "done" or "refused".
    """

    folder: str
    fingerprint: str
    content_digest: str
    state: str


class Inbox:
    """The inbox folders of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, folder: str) -> InboxFolder | None:
        """Return what was remembered of a folder, None for a new one."""
        query = select(inbox).where(inbox.c.folder == folder)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return InboxFolder(
            folder=row.folder,
            fingerprint=row.fingerprint,
            content_digest=row.content_digest,
            state=row.state,
        )

    def remember(self, seen: InboxFolder) -> None:
        """Remember a folder as it is now."""
        with self._database.writing() as connection:
            connection.execute(delete(inbox).where(inbox.c.folder == seen.folder))
            connection.execute(
                insert(inbox).values(
                    folder=seen.folder,
                    fingerprint=seen.fingerprint,
                    content_digest=seen.content_digest,
                    state=seen.state,
                    checked_at=datetime.datetime.now(datetime.UTC).isoformat(),
                )
            )
