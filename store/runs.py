"""Runs of a batch and the assessments they made; what a report is written from."""

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from domain.application import Batch, BatchKind
from domain.assessment import Assessment
from domain.faults import ConfigurationFault
from domain.finding import Finding
from domain.outcome import Alert
from domain.policy import Policy
from store.codec import canonical_json, decode, encode
from store.database import Database
from store.entries import Entry, body_digest, settled_verdict
from store.events import NewEvent, append_events
from store.schema import applications, assessments, batches, events, policies, queues, runs, seals

SEALED_USED = "sealed-result-used"
USES_SEALED = "uses-sealed-result"

OrphanFindings = tuple[tuple[str, Finding], ...]
StageSeconds = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeader:
    """What a run decides by. `today` is the date that every rule takes as today.

    `as_of` is the beginning of that day where whoever started the run named it, None where it is
    the deadline's; it is not kept.
    """

    batch_id: str
    kind: BatchKind
    owner: str
    content_digest: str
    policy: Policy
    engine_version: str
    rule_version: str
    today: datetime.date
    provisional: bool
    as_of: datetime.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRun:
    """The last run that gave every application an outcome."""

    header: RunHeader
    finished_at: datetime.datetime
    stage_seconds: StageSeconds
    orphan_findings: OrphanFindings


class Runs:
    """The runs and assessments of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, header: RunHeader) -> int:
        """Log that a run starts and return its id."""
        digest = header.policy.digest
        with self._database.writing() as connection:
            known = select(policies.c.digest).where(policies.c.digest == digest)
            if connection.execute(known).first() is None:
                body = encode(header.policy)
                connection.execute(insert(policies).values(digest=digest, body=body))
            inserted = connection.execute(
                insert(runs)
                .values(
                    batch_id=header.batch_id,
                    owner=header.owner,
                    content_digest=header.content_digest,
                    policy_digest=digest,
                    calibration_digest=header.policy.calibration.digest,
                    engine_version=header.engine_version,
                    rule_version=header.rule_version,
                    today=header.today.isoformat(),
                    provisional=header.provisional,
                    started_at=_now(),
                    stage_seconds="[]",
                    orphan_findings="[]",
                )
                .returning(runs.c.id)
            )
            run_id: int = inserted.scalar_one()
            append_events(connection, [_run_event("run-started", header, {})])
        return run_id

    def record(self, header: RunHeader, made: Iterable[tuple[int, Assessment]]) -> tuple[int, ...]:
        """Keep assessments that differ from the last ones, and return those application ids.

        All of a batch are recorded in one transaction, so no half-decided batch can be seen. Of a
        sealed batch nothing is kept: its results are final. The queue is made anew when it is
        looked at next.
        """
        changed = []
        with self._database.writing() as connection:
            sealed = select(seals.c.batch_id).where(seals.c.batch_id == header.batch_id)
            if connection.execute(sealed).first() is not None:
                return ()
            latest = _latest(connection, header.batch_id)
            news = []
            versions = {
                "policy_digest": header.policy.digest,
                "calibration_digest": header.policy.calibration.digest,
                "engine_version": header.engine_version,
                "rule_version": header.rule_version,
                "today": header.today.isoformat(),
            }
            rows = []
            for application_id, assessment in made:
                values = {**versions, "body": encode(assessment)}
                row = latest.get(application_id)
                if row and all(row._mapping[name] == value for name, value in values.items()):
                    continue
                changed.append(application_id)
                rows.append(
                    {
                        **values,
                        "application_id": application_id,
                        "decision": assessment.decision.value,
                        "created_at": _now(),
                    }
                )
                news.append(_decided(header, assessment, row))
            if rows:
                connection.execute(insert(assessments), rows)
                stale = update(queues).where(queues.c.batch_id == header.batch_id)
                connection.execute(stale.values(made_from=""))
                append_events(connection, news)
        return tuple(changed)

    def finish(
        self,
        run_id: int,
        header: RunHeader,
        stage_seconds: StageSeconds,
        orphan_findings: OrphanFindings,
    ) -> None:
        """Log that a run has given every application an outcome."""
        with self._database.writing() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(
                    finished_at=_now(),
                    stage_seconds=encode(stage_seconds),
                    orphan_findings=encode(orphan_findings),
                )
            )
            latest = _latest(connection, header.batch_id)
            counts = dict(Counter(row.decision for row in latest.values()))
            append_events(connection, [_run_event("run-finished", header, counts)])

    def alert(self, *, sealed: tuple[str, str], user: tuple[str, str], kind: str) -> bool:
        """Log, with both applications, that one uses what a sealed one rests on.

        `sealed` and `user` are (batch id, 学号). Returns False where that was logged before.
        """
        pairs = ((sealed, user, SEALED_USED), (user, sealed, USES_SEALED))
        new = [
            NewEvent(
                kind=event_kind,
                batch_id=batch_id,
                student_number=student,
                payload={"use": kind, "other_batch": other[0], "other_student": other[1]},
            )
            for (batch_id, student), other, event_kind in pairs
        ]
        known = select(events.c.sequence).where(
            events.c.batch_id == sealed[0],
            events.c.student_number == sealed[1],
            events.c.kind == SEALED_USED,
            events.c.payload == canonical_json(new[0].payload),
        )
        with self._database.writing() as connection:
            if connection.execute(known).first() is not None:
                return False
            append_events(connection, new)
        return True

    def alerts(self, batch_id: str) -> tuple[Alert, ...]:
        """Return the alerts about a batch's applications, oldest first."""
        query = (
            select(events)
            .where(events.c.batch_id == batch_id, events.c.kind.in_((SEALED_USED, USES_SEALED)))
            .order_by(events.c.sequence)
        )
        with self._database.reading() as connection:
            return tuple(_alert(row) for row in connection.execute(query))

    def last_finished(self, batch_id: str) -> FinishedRun | None:
        """Return the last finished run of a batch, None where there is none yet.

        Raises `ConfigurationFault` where it was made by a version whose policies had other keys.
        """
        query = (
            select(runs, policies.c.body, batches.c.body.label("batch_body"))
            .join(batches, batches.c.id == runs.c.batch_id)
            .join(policies, policies.c.digest == runs.c.policy_digest)
            .where(runs.c.batch_id == batch_id, runs.c.finished_at.is_not(None))
            .order_by(runs.c.id.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        header = RunHeader(
            batch_id=row.batch_id,
            kind=decode(Batch, row.batch_body).kind,
            owner=row.owner,
            content_digest=row.content_digest,
            policy=stored_policy(row.body, batch_id),
            engine_version=row.engine_version,
            rule_version=row.rule_version,
            today=datetime.date.fromisoformat(row.today),
            provisional=row.provisional,
        )
        return FinishedRun(
            header=header,
            finished_at=datetime.datetime.fromisoformat(row.finished_at),
            stage_seconds=decode(StageSeconds, row.stage_seconds),
            orphan_findings=decode(OrphanFindings, row.orphan_findings),
        )

    def is_last(self, batch_id: str, run: FinishedRun) -> bool:
        """Return whether no other run of a batch has finished since."""
        query = (
            select(runs.c.finished_at)
            .where(runs.c.batch_id == batch_id, runs.c.finished_at.is_not(None))
            .order_by(runs.c.id.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            last: str | None = connection.scalar(query)
        return last is not None and datetime.datetime.fromisoformat(last) == run.finished_at

    def assessments(self, batch_id: str) -> Mapping[int, Assessment]:
        """Return the last assessment of each current application that has one."""
        with self._database.reading() as connection:
            latest = _latest(connection, batch_id)
        return {number: decode(Assessment, row.body) for number, row in latest.items()}

    def latest_ids(self, batch_id: str) -> Mapping[int, int]:
        """Return the id of the last assessment of each current application that has one."""
        query = select(assessments.c.application_id, assessments.c.id).where(
            assessments.c.id.in_(_newest(batch_id))
        )
        with self._database.reading() as connection:
            return {row.application_id: row.id for row in connection.execute(query)}

    def assessment_of(self, application_id: int) -> Assessment | None:
        """Return the last assessment of one application, None where it has none."""
        query = (
            select(assessments.c.body)
            .where(assessments.c.application_id == application_id)
            .order_by(assessments.c.id.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            body = connection.scalar(query)
        return decode(Assessment, body) if body else None

    def pinned(self, application_id: int, assessment_id: int) -> Assessment | None:
        """Return the assessment of an application that people decided upon, None where its last
        one is that, or it is not the application's.
        """
        own = select(assessments).where(assessments.c.application_id == application_id)
        with self._database.reading() as connection:
            rows = connection.execute(own.order_by(assessments.c.id)).all()
        if not rows or rows[-1].id == assessment_id:
            return None
        return next((decode(Assessment, row.body) for row in rows if row.id == assessment_id), None)

    def basis_of(self, application_id: int, entries: Iterable[Entry]) -> Assessment | None:
        """Return the machine's answer that an application's result rests on.

        That is what people had before them when they settled it, else the last one.
        """
        own = [entry for entry in entries if entry.application_id == application_id]
        settled = settled_verdict(own)
        if settled is not None:
            pinned = self.pinned(application_id, settled[1].decision.seen.assessment_id)
            if pinned is not None:
                return pinned
        return self.assessment_of(application_id)

    def assessment(self, assessment_id: int) -> Assessment:
        """Return one kept assessment by its id."""
        query = select(assessments.c.body).where(assessments.c.id == assessment_id)
        with self._database.reading() as connection:
            return decode(Assessment, connection.execute(query).scalar_one())

    def decisions(self, batch_id: str) -> Counter[str]:
        """Return how many current applications have which decision."""
        return Counter(self.decision_of(batch_id).values())

    def decision_of(self, batch_id: str) -> Mapping[int, str]:
        """Return the machine's decision on each current application that has one."""
        newest = _newest(batch_id)
        query = select(assessments.c.application_id, assessments.c.decision).where(
            assessments.c.id.in_(newest)
        )
        with self._database.reading() as connection:
            return {row.application_id: row.decision for row in connection.execute(query)}


def _alert(row: Row[Any]) -> Alert:
    payload = json.loads(row.payload)
    return Alert(
        student_number=row.student_number,
        other_batch=payload["other_batch"],
        other_student=payload["other_student"],
        use=payload["use"],
        is_sealed=row.kind == SEALED_USED,
        sequence=row.sequence,
    )


def stored_policy(body: str, batch_id: str) -> Policy:
    """Return a kept policy; raises `ConfigurationFault` where its keys were other ones."""
    try:
        return decode(Policy, body)
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationFault(
            f"batch {batch_id!r} was decided by a version of hedui whose policies had other keys;"
            " run it again: hedui run BATCH_DIR"
        ) from error


def _latest(connection: Connection, batch_id: str) -> dict[int, Row[Any]]:
    query = select(assessments).where(assessments.c.id.in_(_newest(batch_id)))
    return {row.application_id: row for row in connection.execute(query)}


def _newest(batch_id: str) -> Select[tuple[int]]:
    """Select the ids of the last assessment of each current application."""
    return (
        select(func.max(assessments.c.id))
        .join(applications, applications.c.id == assessments.c.application_id)
        .where(applications.c.batch_id == batch_id, applications.c.is_current)
        .group_by(assessments.c.application_id)
    )


def _decided(header: RunHeader, assessment: Assessment, before: Row[Any] | None) -> NewEvent:
    return NewEvent(
        kind="decided",
        batch_id=header.batch_id,
        student_number=assessment.student_number,
        payload={
            "decision": assessment.decision.value,
            "body_digest": body_digest(encode(assessment)),
            "before": before.decision if before else "",
            "reason_codes": list(assessment.reason_codes),
            "certificate_type": assessment.certificate_type.value,
            "policy_digest": header.policy.digest,
            "calibration_digest": header.policy.calibration.digest,
            "engine_version": header.engine_version,
            "rule_version": header.rule_version,
            "today": header.today.isoformat(),
            "provisional": header.provisional,
        },
    )


def _run_event(kind: str, header: RunHeader, counts: dict[str, int]) -> NewEvent:
    return NewEvent(
        kind=kind,
        batch_id=header.batch_id,
        payload={
            "counts": counts,
            "content_digest": header.content_digest,
            "policy_digest": header.policy.digest,
            "calibration_digest": header.policy.calibration.digest,
            "engine_version": header.engine_version,
            "rule_version": header.rule_version,
            "today": header.today.isoformat(),
            "provisional": header.provisional,
        },
    )


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
