"""What a batch came to: the machine's answers with what people settled on over them."""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from domain.assessment import Assessment, Decision, FieldComparison
from domain.checked import CheckedPaper, check_readings
from domain.faults import ConfigurationFault
from domain.outcome import (
    PASSED_STATUS,
    ApplicationOutcome,
    BatchOutcome,
    HumanReview,
    SampleCheck,
    SealMark,
    SettledVerdict,
    machine_status,
    verdict_status,
)
from domain.review import DecisionKind, Round, Verdict
from store.batches import StoredApplication
from store.cases import Case
from store.entries import Entry, settled_verdict, standing_entries

if TYPE_CHECKING:
    from store.opening import Store

_MACHINE = "machine"


def load_outcome(store: "Store", batch_id: str) -> BatchOutcome:
    """Return a batch's outcome, see `Store.load_outcome`."""
    batch = store.batches.get(batch_id)
    run = store.runs.last_finished(batch_id)
    applications = store.batches.load(store.batches.application_ids(batch_id))
    assessments = store.runs.assessments(batch_id)
    missing = [item for item in applications if item.id not in assessments]
    if run is None or missing:
        raise ConfigurationFault(
            f"batch {batch_id!r} has applications without an outcome yet;"
            " run it again: hedui run BATCH_DIR"
        )
    entries = store.decisions.of_batch(batch_id)
    cases = {case.application_id: case for case in store.cases.of_batch(batch_id)}
    seal = store.seals.get(batch_id)
    latest = store.runs.latest_ids(batch_id)
    machine = {
        item.id: _decided_upon(store, item.id, entries.get(item.id, ()), latest[item.id])
        or assessments[item.id]
        for item in applications
    }
    seconds = store.stages.seconds(batch_id)
    prior_uses = store.prior_uses.of_batch(batch_id)
    rows = tuple(
        dataclasses.replace(
            _row(item, machine[item.id], entries.get(item.id, ()), seal is not None),
            stage_seconds=seconds.get(item.id, ()),
            off_workbook=_is_off_workbook(cases.get(item.id)),
            waiting_since=_waiting_since(cases.get(item.id)),
            prior_uses=prior_uses.get(item.submission.student_number, ()),
        )
        for item in applications
    )
    today = run.header.today
    return BatchOutcome(
        batch=batch,
        rows=rows,
        orphan_findings=run.orphan_findings,
        provisional=run.header.provisional,
        today=today,
        policy=run.header.policy,
        engine_version=run.header.engine_version,
        rule_version=run.header.rule_version,
        event_head=store.events.head(),
        stage_seconds=run.stage_seconds,
        alerts=store.runs.alerts(batch_id),
        seal=SealMark(account=seal.account, at=seal.created_at) if seal else None,
        reviews=_reviews(entries),
        checked=_checked(applications, machine, entries),
        sample=check_sample(cases.values(), entries),
        latest=store.events.latest_instant(batch_id),
        # A date that was named for the rules counts for the days too; the deadline's is the usual.
        as_of=today if today != batch.deadline.date() else None,
    )


def check_sample(cases: Iterable[Case], entries: Mapping[int, tuple[Entry, ...]]) -> SampleCheck:
    """Return what people found among the machine's accepts that were drawn for them."""
    looked_at = wrong = 0
    for case in cases:
        standing = standing_entries(entries.get(case.application_id, ()))
        if case.is_sample and case.round is Round.SETTLED and standing:
            looked_at += 1
            wrong += standing[-1].decision.verdict is not Verdict.PASS
    return SampleCheck(looked_at=looked_at, wrong=wrong)


def _reviews(entries: Mapping[int, tuple[Entry, ...]]) -> tuple[HumanReview, ...]:
    found = [entry for about in entries.values() for entry in about]
    undone = {entry.decision.undoes for entry in found if entry.kind is DecisionKind.UNDO}
    return tuple(
        HumanReview(
            student_number=entry.student_number,
            account=entry.account,
            at=entry.created_at,
            kind=entry.kind,
            round=entry.round,
            verdict=entry.decision.verdict,
            reasons=entry.decision.reasons,
            note=entry.decision.note,
            second_account=entry.decision.second_account,
            via=entry.decision.seen.via,
            is_taken_back=entry.id in undone,
        )
        for entry in sorted(found, key=lambda entry: entry.id)
    )


def _checked(
    applications: Iterable[StoredApplication],
    machine: Mapping[int, Assessment],
    entries: Mapping[int, tuple[Entry, ...]],
) -> tuple[CheckedPaper, ...]:
    papers = []
    for item in applications:
        found = settled_verdict(entries.get(item.id, ()))
        if found is not None:
            papers.append(
                check_readings(
                    item.submission.student_number,
                    machine[item.id].comparisons,
                    found[0].verdict,
                    found[1].decision.comparisons,
                )
            )
    return tuple(paper for paper in papers if paper is not None)


def _waiting_since(case: Case | None) -> datetime.datetime | None:
    return case.opened_at if case is not None and case.round is not Round.SETTLED else None


def load_application(store: "Store", batch_id: str, student_number: str) -> ApplicationOutcome:
    """Return one application's outcome; raises `ConfigurationFault` where it has none yet."""
    item = store.batches.find(batch_id, student_number)
    assessment = store.runs.assessment_of(item.id)
    if assessment is None:
        raise ConfigurationFault(
            f"application {student_number!r} has no outcome yet; run the batch: hedui run BATCH_DIR"
        )
    entries = store.decisions.of_application(item.id)
    assessment = _decided_upon(store, item.id, entries, 0) or assessment
    return _row(item, assessment, entries, store.seals.get(batch_id) is not None)


def _row(
    item: StoredApplication, assessment: Assessment, entries: tuple[Entry, ...], sealed: bool
) -> ApplicationOutcome:
    found = settled_verdict(entries)
    settled: SettledVerdict | None = None
    status = machine_status(assessment.decision)
    if sealed and assessment.decision is Decision.ACCEPT:
        status = PASSED_STATUS
    if found is not None:
        settled, entry = found
        status = verdict_status(settled.verdict)
        assessment = _with_corrections(assessment, entry.decision.comparisons)
    return ApplicationOutcome(
        submission=item.submission,
        assessment=assessment,
        paths=_paths(item),
        review_status=status,
        decided_by=(_MACHINE, *(settled.accounts if settled else ())),
        stage_seconds=(),
        case_version=item.version,
        settled=settled,
    )


def _decided_upon(
    store: "Store", application_id: int, entries: tuple[Entry, ...], latest: int
) -> Assessment | None:
    """Return the machine's answer that a settled verdict rests on, where a later run gave another.

    The machine's decision does not change after a verdict (contract, results.csv).
    """
    found = settled_verdict(entries)
    if found is None or found[1].decision.seen.assessment_id == latest:
        return None
    return store.runs.pinned(application_id, found[1].decision.seen.assessment_id)


def _with_corrections(assessment: Assessment, corrected: tuple[FieldComparison, ...]) -> Assessment:
    """Return the machine's answer with the rows that people read anew; its decision stays."""
    return dataclasses.replace(assessment, comparisons=corrected) if corrected else assessment


def _is_off_workbook(case: Case | None) -> bool:
    if case is None:
        return False
    return case.is_blind or case.is_sample or case.needs_two or case.round is not Round.OPEN


def _paths(item: StoredApplication) -> tuple[tuple[str, str], ...]:
    pairs: dict[str, str] = {}
    for upload in item.submission.uploads:
        if upload.digest:
            pairs.setdefault(upload.digest, upload.path)
    return tuple(pairs.items())
