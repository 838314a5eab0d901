"""An item with everything that one account may see of it."""

import contextlib
import dataclasses
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from domain.application import Batch
from domain.assessment import Assessment
from domain.certificates import FieldName
from domain.faults import ConfigurationFault
from domain.review import Correction, DecisionKind, Round, Standing
from store import Store
from store.batches import StoredApplication
from store.cases import Case
from store.entries import Entry, standing_entries, standing_of
from store.readings import reading_key
from store.runs import FinishedRun
from validators.correcting import assess_corrected

TYPED_FIELDS = (FieldName.CERTIFICATE_NUMBER.value, FieldName.SCORE.value)
_RUN_SECONDS = 5.0
_REMEMBERED = 300
_THESIS_LINES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One item as an account may see it.

    `machine` is the machine's answer, `assessment` that with the account's own readings in it.
    `typed` are what it typed before it saw the declared values, None while that is still to be
    done. `earlier` are others' verdicts, which only the lead and an appeal may see. `failures` are
    the codes of what the machine failed at; `is_reopened` says that the lead had it opened again.
    `views` is where `presenting.present` keeps what it made of it.
    """

    case: Case
    application: StoredApplication
    batch: Batch
    run: FinishedRun
    machine: Assessment
    assessment: Assessment
    correction: Correction | None
    typed: tuple[tuple[str, str], ...] | None
    earlier: tuple[Entry, ...]
    failures: tuple[str, ...] = ()
    is_reopened: bool = False
    standing: Standing
    views: dict[bool, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_blind(self) -> bool:
        """Return whether declared and read values stay hidden until something is typed."""
        open_again = self.case.round in (Round.LEAD, Round.SETTLED)
        return self.case.is_blind and self.typed is None and not open_again

    @property
    def paper(self) -> tuple[str, int] | None:
        """Return file digest and page number of the paper under judgement, None where none is."""
        if self.correction is not None:
            return self.correction.file_digest, self.correction.page_number
        for row in self.assessment.comparisons:
            if row.evidence is not None:
                return row.evidence.file_digest, row.evidence.page_number
        return None


@dataclass(slots=True)
class Looking:
    """Looks items up; remembers a batch and its last run for some seconds."""

    store: Store
    _runs: dict[str, tuple[float, Batch, FinishedRun]] = field(default_factory=dict)
    _totals: dict[str, int] = field(default_factory=dict)
    _sealed: dict[str, bool] = field(default_factory=dict)
    _refreshing: threading.Lock = field(default_factory=threading.Lock)
    _machine: OrderedDict[int, Assessment] = field(default_factory=OrderedDict)
    _applications: dict[int, StoredApplication] = field(default_factory=dict)
    _looked: OrderedDict[tuple[int, int, int, str], Looked] = field(default_factory=OrderedDict)

    def basis(self, batch_id: str) -> tuple[Batch, FinishedRun]:
        """Return a batch and its last finished run, and bring its queue up to date with it.

        Raises `ConfigurationFault` for an unknown batch.
        """
        known = self._runs.get(batch_id)
        if known is not None and time.monotonic() - known[0] < _RUN_SECONDS:
            return known[1], known[2]
        self._refresh(batch_id, wait=known is None)
        if known is not None and self.store.runs.is_last(batch_id, known[2]):
            self._runs[batch_id] = (time.monotonic(), known[1], known[2])
            return known[1], known[2]
        batch = self.store.batches.get(batch_id)
        run = self.store.runs.last_finished(batch_id)
        if run is None:
            raise ConfigurationFault(f"batch {batch_id!r} was not run yet: hedui run BATCH_DIR")
        self._runs[batch_id] = (time.monotonic(), batch, run)
        # A run may have brought them up to date.
        self._applications.clear()
        self._looked.clear()
        return batch, run

    def total(self, batch_id: str) -> int:
        """Return how many items a batch has, as of when its queue was last brought up to date."""
        self.basis(batch_id)
        if batch_id not in self._totals:
            self._totals[batch_id] = self.store.cases.count(batch_id)
        return self._totals[batch_id]

    def is_sealed(self, batch_id: str) -> bool:
        """Return whether a batch is signed off, as of when its queue was last brought up to date.

        For what a page says; whether something can be done is asked where it is done.
        """
        self.basis(batch_id)
        if batch_id not in self._sealed:
            self._sealed[batch_id] = self.store.seals.get(batch_id) is not None
        return self._sealed[batch_id]

    def renew(self, batch_id: str) -> None:
        """Bring a batch's queue up to date now, while others go on with what is there."""
        self._refresh(batch_id, wait=False)
        self._looked.clear()

    def _refresh(self, batch_id: str, *, wait: bool) -> None:
        # Of a large batch it takes seconds: once is enough, and nobody waits who need not.
        if self._refreshing.acquire(blocking=wait):
            try:
                self.store.queues.refresh(batch_id)
                self._totals.pop(batch_id, None)
                self._sealed.pop(batch_id, None)
            finally:
                self._refreshing.release()

    def forget(self, batch_id: str) -> None:
        """Look the batch up anew at the next occasion."""
        self._looked.clear()
        self._runs.pop(batch_id, None)

    def look(self, case: Case, account: str) -> Looked:
        """Return an item as an account may see it; its revision says whether that still holds."""
        batch, run = self.basis(case.batch_id)
        key = (case.application_id, case.revision, case.assessment_id, account)
        known = self._looked.get(key)
        if known is None:
            known = self._look(case, account, batch, run)
            self._looked[key] = known
            while len(self._looked) > _REMEMBERED:
                with contextlib.suppress(KeyError):
                    self._looked.popitem(last=False)
        return dataclasses.replace(known, case=case)

    def _look(self, case: Case, account: str, batch: Batch, run: FinishedRun) -> Looked:
        application = self._application(case.application_id)
        machine = self._assessment(case.assessment_id)
        entries = self.store.decisions.of_application(case.application_id)
        mine = tuple(entry for entry in entries if entry.account == account)
        correction = _merged(mine)
        assessment = machine
        if correction is not None:
            assessment = self.assess(application, batch, run, correction)
        typings = [entry for entry in mine if entry.kind is DecisionKind.TYPING]
        sees = case.round in (Round.LEAD, Round.APPEAL, Round.SETTLED)
        return Looked(
            case=case,
            application=application,
            batch=batch,
            run=run,
            machine=machine,
            assessment=assessment,
            correction=correction,
            typed=typings[-1].decision.typed if typings else None,
            earlier=standing_entries(entries) if sees else (),
            failures=self._failures(application, run, assessment),
            standing=standing_of(case, entries),
            is_reopened=any(entry.kind is DecisionKind.REOPENING for entry in entries),
        )

    def _application(self, application_id: int) -> StoredApplication:
        known = self._applications.get(application_id)
        if known is None:
            (known,) = self.store.batches.load((application_id,))
            self._applications[application_id] = known
        return known

    def _assessment(self, assessment_id: int) -> Assessment:
        """Return a kept assessment; they never change, so some are remembered."""
        known = self._machine.get(assessment_id)
        if known is None:
            known = self.store.runs.assessment(assessment_id)
            self._machine[assessment_id] = known
            while len(self._machine) > _REMEMBERED:
                with contextlib.suppress(KeyError):
                    self._machine.popitem(last=False)
        return known

    def _failures(
        self, application: StoredApplication, run: FinishedRun, assessment: Assessment
    ) -> tuple[str, ...]:
        if "machine-failed" not in assessment.reason_codes:
            return ()
        digests = {upload.digest for upload in application.submission.uploads if upload.usable}
        key = reading_key(run.header.policy, run.header.engine_version, run.header.kind)
        outcomes = self.store.readings.load(digests, key).values()
        return tuple(outcome.fault for outcome in outcomes if outcome.machine_failed)

    def thesis_text(self, looked: Looked) -> tuple[str, ...]:
        """Return the first lines of a degree application's thesis, for files without a picture."""
        degree, header = looked.assessment.degree, looked.run.header
        if degree is None or not degree.thesis_file:
            return ()
        key = reading_key(header.policy, header.engine_version, header.kind)
        outcome = self.store.readings.load([degree.thesis_file], key).get(degree.thesis_file)
        pages = outcome.reading.document.pages if outcome and outcome.reading else ()
        lines = (line.text.strip() for page in pages for line in page.lines or page.text_layer)
        return tuple(line for line in lines if line)[:_THESIS_LINES]

    def assess(
        self,
        application: StoredApplication,
        batch: Batch,
        run: FinishedRun,
        correction: Correction,
    ) -> Assessment:
        """Run the same rules on an application with a person's readings in it."""
        submission = application.submission
        digests = {upload.digest for upload in submission.uploads if upload.usable}
        header = run.header
        key = reading_key(header.policy, header.engine_version, header.kind)
        outcomes = self.store.readings.load(digests, key)
        number = submission.student_number
        prior = self.store.prior_uses.of(batch.id, number)
        again = number in self.store.returns.uploaded_again(batch.id)
        return assess_corrected(
            submission,
            outcomes,
            prior,
            batch.as_met_by(was_returned=again),
            header.policy,
            header.today,
            correction,
        )


def _merged(entries: tuple[Entry, ...]) -> Correction | None:
    """Return an account's corrections as one; what was entered later counts."""
    merged: Correction | None = None
    for entry in entries:
        new = entry.decision.correction
        if new is None or entry.kind not in (DecisionKind.CORRECTION, DecisionKind.TYPING):
            continue
        if merged is None or (merged.file_digest, merged.page_number) != (
            new.file_digest,
            new.page_number,
        ):
            merged = new
            continue
        values = {**dict(merged.values), **dict(new.values)}
        merged = dataclasses.replace(
            new,
            values=tuple(values.items()),
            certificate_type=new.certificate_type or merged.certificate_type,
        )
    return merged
