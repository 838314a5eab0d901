"""What a batch came to: the machine's answers with what people settled on over them."""

import dataclasses
from typing import TYPE_CHECKING

from domain.assessment import Assessment, Decision, FieldComparison
from domain.faults import ConfigurationFault
from domain.outcome import (
    PASSED_STATUS,
    ApplicationOutcome,
    BatchOutcome,
    SettledVerdict,
    machine_status,
    verdict_status,
)
from domain.review import Round
from store.batches import StoredApplication
from store.cases import Case
from store.entries import Entry, settled_verdict

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
    sealed = store.seals.get(batch_id) is not None
    seconds = store.stages.seconds(batch_id)
    latest = store.runs.latest_ids(batch_id)
    return BatchOutcome(
        batch=batch,
        rows=tuple(
            dataclasses.replace(
                _row(
                    item,
                    _decided_upon(store, item.id, entries.get(item.id, ()), latest[item.id])
                    or assessments[item.id],
                    entries.get(item.id, ()),
                    sealed,
                ),
                stage_seconds=seconds.get(item.id, ()),
                off_workbook=_is_off_workbook(cases.get(item.id)),
            )
            for item in applications
        ),
        orphan_findings=run.orphan_findings,
        provisional=run.header.provisional,
        today=run.header.today,
        policy=run.header.policy,
        engine_version=run.header.engine_version,
        rule_version=run.header.rule_version,
        event_head=store.events.head(),
        stage_seconds=run.stage_seconds,
        alerts=store.runs.alerts(batch_id),
        sealed=sealed,
    )


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
