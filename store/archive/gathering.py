"""A sealed batch out of the store, record by record, as it goes into a package."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from domain.application import Upload
from domain.archive import FileRole, RecordFile
from domain.faults import ConfigurationFault, MachineFault
from domain.outcome import ApplicationOutcome, BatchOutcome
from domain.policy import Policy
from domain.reading import ReadOutcome
from store.archive import layout
from store.archive.formats import (
    ARCHIVAL_PDF,
    PLAIN_PDF,
    count_pages,
    describe_original,
    is_archival,
)
from store.archive.layout import BatchFacts, Comparison, Review, Version, write_json
from store.batches import StoredApplication
from store.codec import to_plain
from store.entries import Entry
from store.events import GENESIS, Event
from store.opening import Store
from store.readings import reading_key

ARCHIVED, MATERIALS_DELETED = "archived", "materials-deleted"
_AFTERWARDS = (ARCHIVED, MATERIALS_DELETED)

FormOf = Callable[[str], bytes]
"""The filled form of a 学号, b"" where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContent:
    """One record before it has a number: its files, and per path bytes or an original's digest."""

    comparison: Comparison
    review: Review
    files: tuple[RecordFile, ...]
    sources: Mapping[str, bytes | str]


def last_entry(store: Store, batch_id: str) -> tuple[int, str]:
    """Return sequence and hash of the last log entry about a batch, its archiving left out.

    The archived log ends there, so that archiving again gives the same bytes.
    """
    told = [event for event in store.events.of_batch(batch_id) if event.kind not in _AFTERWARDS]
    return (told[-1].sequence, told[-1].hash) if told else (0, GENESIS)


def gather_facts(
    store: Store, outcome: BatchOutcome, settings: Policy, software: tuple[tuple[str, str], ...]
) -> BatchFacts:
    """Return what holds for the whole package; `settings` is the institution's policy of today.

    Raises `ConfigurationFault` where the batch is not sealed, or its working copies are deleted.
    """
    batch = outcome.batch
    seal = store.seals.get(batch.id)
    if seal is None:
        raise ConfigurationFault(
            f"batch {batch.id!r} is not sealed; the lead seals it first:"
            f" hedui seal {batch.id} --by USER"
        )
    events = store.events.of_batch(batch.id)
    if any(event.kind == MATERIALS_DELETED for event in events):
        raise ConfigurationFault(
            f"batch {batch.id!r} was archived, and working copies were deleted since: use the"
            " package that was made then"
        )
    sequence, head = last_entry(store, batch.id)
    archive = settings.archive
    creator = archive.creator or settings.degree_data.unit_name
    return BatchFacts(
        batch=batch,
        sealed_at=seal.created_at,
        sealed_by=seal.account,
        today=outcome.today,
        engine_version=outcome.engine_version,
        rule_version=outcome.rule_version,
        policy_digest=outcome.policy.digest,
        calibration_digest=outcome.policy.calibration.digest,
        software=software,
        log_head=head,
        log_entries=sequence,
        records=len(outcome.rows),
        part=1,
        settings=type(archive)(**{**_fields(archive), "creator": creator}),
    )


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def gather_records(
    store: Store, outcome: BatchOutcome, facts: BatchFacts, form_of: FormOf
) -> Iterator[RecordContent]:
    """Yield the records of a batch in the order of 学号; raises `MachineFault` for a lost file."""
    batch_id = facts.batch.id
    versions = store.batches.versions(batch_id)
    entries = _by_student(store, batch_id)
    events: dict[str, list[Event]] = {}
    for event in store.events.of_batch(batch_id):
        if event.student_number and event.sequence <= facts.log_entries:
            events.setdefault(event.student_number, []).append(event)
    key = reading_key(outcome.policy, outcome.engine_version, facts.batch.kind)
    for row in outcome.rows:
        number = row.student_number
        mine = versions[number]
        uploads = _uploads(mine)
        readings = store.readings.load([upload.digest for upload in uploads], key)
        review = Review(
            student_number=number,
            status=row.review_status,
            decided_by=row.decided_by,
            entries=entries.get(number, ()),
            events=tuple(events.get(number, ())),
        )
        yield _record(store, row, mine, uploads, readings, review, form_of(number))


def _by_student(store: Store, batch_id: str) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entries in store.decisions.of_batch(batch_id).values():
        for entry in entries:
            found.setdefault(entry.student_number, []).append(entry)
    return {number: tuple(sorted(mine, key=lambda entry: entry.id))
            for number, mine in found.items()}  # fmt: skip


def _uploads(versions: tuple[StoredApplication, ...]) -> list[Upload]:
    """Return the uploads of all versions, newest first, each content once."""
    found: dict[str, Upload] = {}
    for item in versions:
        for upload in item.submission.uploads:
            if upload.digest:
                found.setdefault(upload.digest, upload)
    return list(found.values())


def _record(
    store: Store,
    row: ApplicationOutcome,
    versions: tuple[StoredApplication, ...],
    uploads: list[Upload],
    readings: Mapping[str, ReadOutcome],
    review: Review,
    form: bytes,
) -> RecordContent:
    current, *earlier = versions
    basis = store.runs.basis_of(current.id, review.entries)
    comparison = Comparison(
        student_number=row.student_number,
        is_vanished=current.vanished,
        current=_version(current, basis),
        earlier=tuple(_version(item, store.runs.assessment_of(item.id)) for item in earlier),
    )
    files: list[RecordFile] = []
    sources: dict[str, bytes | str] = {}
    for place, upload in enumerate(uploads, start=1):
        path = f"{layout.ORIGINALS}/{place}.{layout.SUFFIXES[upload.kind]}"
        files.append(describe_original(path, upload, _pages(readings.get(upload.digest))))
        sources[path] = upload.digest
    made = {
        layout.COMPARISON: (FileRole.COMPARISON, write_json(comparison)),
        layout.READINGS: (FileRole.READINGS, write_json(_readings(uploads, readings))),
        layout.REVIEW: (FileRole.REVIEW, write_json(review)),
    }
    if form:
        made[layout.FORM] = (FileRole.FORM, form)
    for path, (role, content) in made.items():
        files.append(_made(path, role, content))
        sources[path] = content
    return RecordContent(comparison=comparison, review=review, files=tuple(files), sources=sources)


def _made(path: str, role: FileRole, content: bytes) -> RecordFile:
    name, pages = "JSON", None
    if role is FileRole.FORM:
        name, pages = ARCHIVAL_PDF if is_archival(content) else PLAIN_PDF, count_pages(content)
    return RecordFile(
        path=path,
        role=role,
        size_bytes=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        format=name,
        pages=pages,
    )


def _version(item: StoredApplication, assessment: Any) -> Version:
    return Version(
        version=item.version,
        submission=item.submission,
        courses=item.courses,
        assessment=assessment,
    )


def _pages(outcome: ReadOutcome | None) -> int | None:
    return len(outcome.reading.document.pages) if outcome and outcome.reading else None


def _readings(uploads: list[Upload], readings: Mapping[str, ReadOutcome]) -> dict[str, Any]:
    """Return what was read, by file digest: values with their places, and each page's lines."""
    return {
        upload.digest: _reading(readings[upload.digest])
        for upload in uploads
        if upload.digest in readings
    }


def _reading(outcome: ReadOutcome) -> dict[str, Any]:
    told: dict[str, Any] = {"fault": outcome.fault, "machine_failed": outcome.machine_failed}
    if outcome.reading is None:
        return told
    document = outcome.reading.document
    return told | {
        "engine_version": document.engine_version,
        "notes": list(document.notes),
        "pages": [
            {
                "page_number": page.page_number,
                "width_px": page.width_px,
                "height_px": page.height_px,
                "turned_degrees": page.turned_degrees,
                "lines": [line.text for line in page.lines],
                "text_layer": [line.text for line in page.text_layer],
                "codes": list(page.qr_texts),
            }
            for page in document.pages
        ],
        "extractions": [to_plain(item) for item in outcome.reading.extractions],
        "form": to_plain(outcome.reading.form) if outcome.reading.form else None,
    }


def received_files(store: Store, batch_id: str) -> dict[str, str]:
    """Return the digests of the batch's tables as received, by their path in the package."""
    return {
        f"{layout.RECEIVED}/{delivery.number:02}/{file.path}": file.digest
        for delivery in store.batches.deliveries(batch_id)
        for file in delivery.files
    }


def policy_document(policy: Policy) -> bytes:
    """Return the effective policy; SHA-256 over its canonical JSON is the policy's digest."""
    return write_json(policy.as_dict())


def calibration_document(policy: Policy) -> bytes:
    """Return the thresholds of confidence that the policy named."""
    return write_json(policy.calibration.as_dict())


def policy_digest_of(document: bytes) -> str:
    """Return the digest of a policy from its document; raises ValueError for anything else."""
    text = json.dumps(json.loads(document), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def open_original(store: Store, digest: str) -> BinaryIO:
    """Open a stored original; says what to do where it is lost."""
    try:
        return store.originals.path_of(digest).open("rb")
    except FileNotFoundError as error:
        raise MachineFault(
            "original-missing",
            f"original {digest} is missing; restore it from a backup, then archive again",
        ) from error


def check_original(digest: str, found: str) -> None:
    """Raise `MachineFault` where an original no longer has its digest."""
    if found != digest:
        raise MachineFault(
            "original-damaged",
            f"original {digest} is damaged; restore it from a backup, then archive again",
        )
