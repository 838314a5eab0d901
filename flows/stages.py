"""The stages of a batch as plain functions over the store: keep originals, read, decide.

Each can be repeated at any time: what the store already has is not done again.
"""

import dataclasses
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from pathlib import Path

from domain.application import WITHDRAWN_STATUSES, Batch, BatchInput, BatchKind, FileKind, Upload
from domain.assessment import Assessment
from domain.faults import ConfigurationFault, MachineFault
from domain.reading import PriorUse, ReadOutcome, ReadPurpose, ReadRequest
from flows.degree_stages import check_form, language_results, plans_of
from flows.parts import Parts, Reader
from flows.progress import Listener
from store import Store
from store.batches import StoredApplication
from store.codec import digest_json
from store.events import NewEvent
from store.identity import normalize_number
from store.originals import ChangedWhileStored
from store.readings import DECLARED, PrintedNumber, ReadingKey, reading_key
from store.runs import RunHeader
from validators.cohorts import cohort_of
from validators.outside_rules import failed_assessment, flag_late_upload, flag_vanished
from validators.results import printed_results

Judge = Callable[[StoredApplication, Mapping[str, ReadOutcome], tuple[PriorUse, ...]], Assessment]

CHUNK_SIZE = 100  # applications per task: orchestration then costs well under 2 % of the work
READ = "read"
DECIDE = "decide"
_LEASE_SECONDS = 3600.0  # freed at once by the next holder of the batch's lease


def keep_originals(
    store: Store, parts: Parts, folder: Path, given: BatchInput, listener: Listener
) -> None:
    """Store every upload and table byte for byte.

    Raises `MachineFault` where a file is no longer what intake saw, or the disk refuses.
    """
    for submission in given.submissions:
        for upload in submission.uploads:
            if not upload.digest:
                continue
            try:
                store.originals.keep(folder / upload.path, upload.digest)
            except (ChangedWhileStored, ValueError):
                # The name on disk can differ from the portable path: intake knows to find it.
                content = parts.read_upload(folder, upload)
                store.originals.keep_bytes(content, upload.digest)
        listener.advance()
    for received in given.received:
        store.originals.keep(folder / received.path, received.digest)


def chunks(application_ids: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield the ids in chunks of one task each."""
    for start in range(0, len(application_ids), CHUNK_SIZE):
        yield tuple(application_ids[start : start + CHUNK_SIZE])


def count_unread(store: Store, header: RunHeader, application_ids: Sequence[int]) -> int:
    """Return how many files are still to be read, each counted once."""
    wanted: set[str] = set()
    for chunk in chunks(application_ids):
        wanted.update(*(_readable(header, item) for item in store.batches.load(chunk)))
    return len(
        wanted
        - store.readings.known(
            wanted, reading_key(header.policy, header.engine_version, header.kind)
        )
    )


def read_applications(
    store: Store,
    header: RunHeader,
    application_ids: Sequence[int],
    reader: Reader,
    listener: Listener,
) -> int:
    """Read the files of applications, keep each answer as it comes, and return how many were read.

    A file that was read before, for whichever application, is not read again; one for which the
    reader gives no answer is kept as failed. Raises `MachineFault` where the store fails.
    """
    key = reading_key(header.policy, header.engine_version, header.kind)
    stage_key = digest_json(dataclasses.astuple(key))
    mine = store.stages.claim(application_ids, READ, stage_key, header.owner, _LEASE_SECONDS)
    applications = store.batches.load(mine)
    files = {item.id: _readable(header, item) for item in applications}
    uploads = {digest: upload for found in files.values() for digest, upload in found.items()}
    unanswered = uploads.keys() - store.readings.known(uploads, key)
    is_degree = header.kind is BatchKind.DEGREE
    purpose = ReadPurpose.DEGREE if is_degree else ReadPurpose.CERTIFICATE
    requests = [
        ReadRequest(
            path=str(store.originals.path_of(digest)),
            file_digest=digest,
            kind=upload.kind,
            purpose=purpose,
        )
        for digest, upload in uploads.items()
        if digest in unanswered
    ]
    for outcome in reader.read(requests) if requests else ():
        unanswered.discard(outcome.file_digest)
        store.readings.save(outcome, key, header.batch_id)
        listener.advance()
    for digest in sorted(unanswered):
        failed = ReadOutcome(
            file_digest=digest, reading=None, seconds=0.0, fault="no-answer", machine_failed=True
        )
        store.readings.save(failed, key, header.batch_id)
        listener.advance()
    _finish_reading(store, header, applications, key)
    return len(requests)


def readable_digests(
    store: Store, header: RunHeader, application_ids: Sequence[int]
) -> frozenset[str]:
    """Return the digests of all files of applications that are read."""
    return frozenset(
        digest
        for chunk in chunks(application_ids)
        for item in store.batches.load(chunk)
        for digest in _readable(header, item)
    )


def _readable(header: RunHeader, item: StoredApplication) -> dict[str, Upload]:
    """Return the uploads to be read by digest: none of a withdrawn or returned application."""
    submission = item.submission
    withdrawn = submission.application.get("申请状态") in WITHDRAWN_STATUSES
    if withdrawn or submission.rejections:
        return {}
    unread = (FileKind.OTHER,) if header.kind is BatchKind.DEGREE else ()
    return {
        upload.digest: upload
        for upload in submission.uploads
        if upload.usable and upload.digest and upload.kind not in unread
    }


def _finish_reading(
    store: Store, header: RunHeader, applications: Sequence[StoredApplication], key: ReadingKey
) -> None:
    files = [(item, tuple(_readable(header, item))) for item in applications]
    outcomes = store.readings.load({digest for _, found in files for digest in found}, key)
    store.likenesses.keep(
        seen for answer in outcomes.values() if (seen := answer.file_print()) is not None
    )
    printed, results, seconds = {}, {}, {}
    for item, found in files:
        answers = [outcomes[digest] for digest in found]
        printed[item.id] = [number for answer in answers for number in _printed(answer)]
        if answers and not printed[item.id]:
            printed[item.id] = list(_declared(item))
        results[item.id] = [one for answer in answers for one in printed_results(answer)]
        seconds[item.id] = sum(answer.seconds for answer in answers)
    store.readings.keep_numbers(printed)
    store.readings.keep_results(results)
    store.stages.finish(seconds, READ, header.owner)


def _printed(outcome: ReadOutcome) -> Iterator[PrintedNumber]:
    for family, text in outcome.identifying_numbers():
        if number := normalize_number(text):
            yield PrintedNumber(file_digest=outcome.file_digest, family=family.value, number=number)


def _declared(item: StoredApplication) -> Iterator[PrintedNumber]:
    """Yield the declared number: where none could be read it is all that links the paper."""
    if number := normalize_number(item.submission.application.get("成绩单编号")):
        yield PrintedNumber(file_digest="", family=DECLARED, number=number)


def decide_batch(
    store: Store,
    parts: Parts,
    header: RunHeader,
    application_ids: Sequence[int],
    listener: Listener,
) -> None:
    """Decide every application, after all reading is done, and keep what differs from before.

    An application at which the machine fails gets `machine-failed`; the others are decided.
    """
    store.stages.claim(application_ids, DECIDE, str(time.time_ns()), header.owner, _LEASE_SECONDS)
    made: list[tuple[int, Assessment]] = []
    seconds: dict[int, float] = {}
    for application_id, assessment, spent in _assess_all(store, parts, header, application_ids):
        made.append((application_id, assessment))
        seconds[application_id] = spent
        listener.advance()
    store.runs.record(header, made)
    store.stages.finish(seconds, DECIDE, header.owner)


def _assess_all(
    store: Store, parts: Parts, header: RunHeader, application_ids: Sequence[int]
) -> Iterator[tuple[int, Assessment, float]]:
    batch = store.batches.get(header.batch_id)
    prior_uses = store.prior_uses.of_batch(header.batch_id)
    again = store.returns.uploaded_again(batch.id)
    judge = _judge_of(store, parts, header, batch, again.keys())
    key = reading_key(header.policy, header.engine_version, header.kind)
    for chunk in chunks(application_ids):
        applications = store.batches.load(chunk)
        files = {item.id: _readable(header, item) for item in applications}
        outcomes = store.readings.load(
            {digest for found in files.values() for digest in found}, key
        )
        for item in applications:
            begun = time.perf_counter()
            mine = {digest: outcomes[digest] for digest in files[item.id] if digest in outcomes}
            try:
                uses = prior_uses.get(item.submission.student_number, ())
                assessment = judge(item, mine, uses)
            except (MachineFault, ConfigurationFault):
                raise
            except Exception as error:
                # Whatever it was, it is one application's: a person looks at it, the batch goes on.
                store.events.append(_failure(header, item, error))
                assessment = failed_assessment(item.submission.student_number)
            if (came := again.get(item.submission.student_number)) is not None:
                assessment = flag_late_upload(
                    assessment, item.submission.application, batch, header.as_of or came
                )
            if item.vanished:
                assessment = flag_vanished(assessment)
            yield item.id, assessment, time.perf_counter() - begun


def _judge_of(
    store: Store, parts: Parts, header: RunHeader, batch: Batch, again: Container[str]
) -> Judge:
    """Return what decides one application of the batch, with what it needs of the store.

    `again` are the 学号 that were returned and uploaded again.
    """

    def met_by(item: StoredApplication) -> Batch:
        return batch.as_met_by(was_returned=item.submission.student_number in again)

    if batch.kind is not BatchKind.DEGREE:
        return lambda item, mine, uses: parts.assess(
            item.submission, mine, uses, met_by(item), header.policy, header.today
        )
    language = language_results(store, batch.id)
    plans = plans_of(store, header)

    def judge(
        item: StoredApplication, mine: Mapping[str, ReadOutcome], uses: tuple[PriorUse, ...]
    ) -> Assessment:
        assessment = parts.assess_degree(
            item.submission,
            item.courses,
            mine,
            uses,
            language.get(item.submission.student_number, ()),
            met_by(item),
            header.policy,
            header.today,
            plans.get(cohort_of(item.submission), {}),
        )
        return check_form(item.submission, assessment, batch, header.policy)

    return judge


def _failure(header: RunHeader, item: StoredApplication, error: Exception) -> NewEvent:
    # The kind of error only: its text can carry what the paper or the applicant says.
    return NewEvent(
        kind="machine-failed",
        batch_id=header.batch_id,
        student_number=item.submission.student_number,
        payload={"stage": DECIDE, "error": type(error).__name__},
    )
