"""Applications that were returned and uploaded again, and since when the new version is known."""

import datetime
from collections.abc import Mapping

from sqlalchemy import func, select

from domain.assessment import Decision
from domain.review import Verdict
from store.database import Database
from store.entries import Entry, entry_of, settled_verdict
from store.schema import applications, assessments, decisions


class Returns:
    """What came back of a batch after it had been returned."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def uploaded_again(self, batch_id: str) -> Mapping[str, datetime.datetime]:
        """Return the 学号 of which an earlier version was returned, and when the current one came.

        Returned by the machine, unless people decided otherwise, or by people (重新上传). When it
        came is when this installation first saw it, for exports carry no time of an upload.
        """
        newest = select(func.max(assessments.c.id)).group_by(assessments.c.application_id)
        old = applications.c.batch_id == batch_id, applications.c.is_current.is_(False)
        by_machine = (
            select(applications.c.id, applications.c.student_number)
            .join(assessments, assessments.c.application_id == applications.c.id)
            .where(*old, assessments.c.id.in_(newest))
            .where(assessments.c.decision == Decision.RETURN.value)
        )
        by_people = (
            select(decisions)
            .join(applications, applications.c.id == decisions.c.application_id)
            .where(*old)
            .order_by(decisions.c.id)
        )
        current = select(applications.c.student_number, applications.c.created_at).where(
            applications.c.batch_id == batch_id, applications.c.is_current
        )
        entries: dict[int, tuple[Entry, ...]] = {}
        with self._database.reading() as connection:
            returned = {row.id: row.student_number for row in connection.execute(by_machine)}
            for entry in map(entry_of, connection.execute(by_people)):
                entries[entry.application_id] = (*entries.get(entry.application_id, ()), entry)
            came = {row.student_number: row.created_at for row in connection.execute(current)}
        for application_id, found in entries.items():
            settled = settled_verdict(found)
            if settled is None:
                continue
            returned.pop(application_id, None)
            if settled[0].verdict is Verdict.REUPLOAD:
                returned[application_id] = found[0].student_number
        return {
            number: datetime.datetime.fromisoformat(came[number])
            for number in set(returned.values())
            if number in came
        }
