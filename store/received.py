"""The tables of a batch as they were received, every delivery of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from domain.application import ReceivedFile
from store.events import NewEvent
from store.schema import received_files

TABLES_RECEIVED = "tables-received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What was received at one time; `number` counts from 1."""

    number: int
    files: tuple[ReceivedFile, ...]


def deliveries_of(connection: Connection, batch_id: str) -> tuple[Delivery, ...]:
    """Return the deliveries of a batch, oldest first, files by name."""
    query = select(received_files).where(received_files.c.batch_id == batch_id)
    found: dict[int, list[ReceivedFile]] = {}
    for row in connection.execute(query.order_by(received_files.c.delivery, received_files.c.path)):
        file = ReceivedFile(path=row.path, size_bytes=row.size_bytes, digest=row.digest)
        found.setdefault(row.delivery, []).append(file)
    return tuple(Delivery(number=number, files=tuple(files)) for number, files in found.items())


def note_received(
    connection: Connection, batch_id: str, files: Iterable[ReceivedFile]
) -> list[NewEvent]:
    """Remember what was received where it differs from the last delivery; return the news."""
    now = tuple(sorted(files, key=lambda file: file.path))
    last = deliveries_of(connection, batch_id)[-1:]
    if not now or (last and last[0].files == now):
        return []
    newest = select(func.max(received_files.c.delivery)).where(
        received_files.c.batch_id == batch_id
    )
    number = (connection.scalar(newest) or 0) + 1
    rows = [
        {
            "batch_id": batch_id,
            "delivery": number,
            "path": file.path,
            "size_bytes": file.size_bytes,
            "digest": file.digest,
        }
        for file in now
    ]
    connection.execute(insert(received_files), rows)
    files_told = {file.path: file.digest for file in now}
    payload = {"delivery": number, "files": files_told}
    return [NewEvent(kind=TABLES_RECEIVED, batch_id=batch_id, payload=payload)]
