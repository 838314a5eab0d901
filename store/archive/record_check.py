"""One record of a package: its documents against each other, the index, its files and the log."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.application import Upload, columns_digest
from domain.archive import FileRole, RecordFile
from store.archive import layout
from store.archive.describing import describe, status_of
from store.archive.envelope import acts_of, describe_envelope, read_envelope, write_envelope
from store.archive.faults import Faults
from store.archive.formats import (
    ARCHIVAL_PDF,
    PLAIN_PDF,
    describe_original,
    format_of,
    has_format,
    is_locked,
    pdf_faults,
)
from store.archive.index import COLUMNS, IndexRow
from store.archive.layout import BatchFacts, Comparison, Review, Version
from store.archive.log_check import CHAIN, Logged, check_entry, payload_of, same_events
from store.archive.opening import Listing
from store.archive.report_check import Tables, check_row
from store.archive.xml_text import differences, parse_xml
from store.batches import application_digest
from store.codec import encode
from store.entries import body_digest

_LOCKED_CODES = frozenset({"encrypted", "owner-password"})
_ROLES = {role.chinese_name: role for role in FileRole}
_NEEDED = (layout.COMPARISON, layout.READINGS, layout.REVIEW, layout.METADATA)
_DESCRIBED = dict(
    zip(COLUMNS, ("GD-1-5", "GD-1-7", *["GD-1-11"] * (len(COLUMNS) - 2)), strict=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What records are checked against; `listing` and `sha256` are what is there."""

    listing: Listing
    facts: BatchFacts
    sha256: Mapping[str, str]
    logged: Logged | None
    tables: Tables

    @property
    def sizes(self) -> Mapping[str, int]:
        return self.listing.sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a record is by its own documents: the row that the index must hold."""

    row: tuple[str, ...]
    student_number: str
    status: str
    has_reversal: bool


def check_record(basis: Basis, item: int, folder: str, faults: Faults) -> Checked | None:
    """Check the record in a folder; None where its documents cannot be read."""
    for name in _NEEDED:
        if f"{folder}/{name}" not in basis.sizes:
            faults.add("GD-2-9", f"{folder}/{name}", "a file of every record", "missing")
    comparison = _document(basis, f"{folder}/{layout.COMPARISON}", Comparison, faults)
    review = _document(basis, f"{folder}/{layout.REVIEW}", Review, faults)
    readings = _document(basis, f"{folder}/{layout.READINGS}", dict, faults)
    if comparison is None or review is None or readings is None:
        return None
    faults.expect("GD-1-11", f"{folder}/{layout.REVIEW}", f"学号 {comparison.student_number}",
                  f"学号 {review.student_number}")  # fmt: skip
    files = _files(basis, folder, comparison, readings, faults)
    status = _check_review(folder, comparison, review, faults)
    described = describe(basis.facts, comparison, status, item, files)
    described = dataclasses.replace(described, folder=folder)
    _check_metadata(basis, folder, described, files, review, faults)
    _check_against_log(basis, folder, comparison, review, faults)
    check_row(basis.tables, comparison, review, status, faults)
    digest = basis.sha256.get(f"{folder}/{layout.METADATA}", "")
    row = IndexRow(described=described, file_count=len(files), digest=digest)
    reversals = ("reversal", "appeal")
    return Checked(
        row=row.cells(),
        student_number=comparison.student_number,
        status=status,
        has_reversal=any(entry.kind.value in reversals for entry in review.entries),
    )


def _document(basis: Basis, path: str, kind: Any, faults: Faults) -> Any:
    if path not in basis.sizes:
        return None
    try:
        content = basis.listing.read(path)
        return layout.read_json(dict[str, Any] if kind is dict else kind, content)
    except (OSError, ValueError, TypeError, KeyError) as error:
        faults.add("GD-3-1", path, "the document of a record", type(error).__name__)
        return None


def _uploads(comparison: Comparison) -> dict[str, Upload]:
    found: dict[str, Upload] = {}
    for version in (comparison.current, *comparison.earlier):
        for upload in version.submission.uploads:
            if upload.digest:
                found.setdefault(upload.digest, upload)
    return found


def _files(
    basis: Basis,
    folder: str,
    comparison: Comparison,
    readings: dict[str, Any],
    faults: Faults,
) -> tuple[RecordFile, ...]:
    """Return the files that the record must have, each compared with what is there."""
    files = []
    for place, upload in enumerate(_uploads(comparison).values(), start=1):
        path = f"{layout.ORIGINALS}/{place}.{layout.SUFFIXES[upload.kind]}"
        whole, reading = f"{folder}/{path}", _reading(readings, upload.digest)
        if whole not in basis.sizes:
            faults.add("GD-2-11", whole, f"original {upload.digest}", "missing")
        else:
            faults.expect(CHAIN, whole, f"original {upload.digest}",
                          f"original {basis.sha256.get(whole)}")  # fmt: skip
            faults.expect("GD-1-10", whole, f"{upload.size_bytes} bytes",
                          f"{basis.sizes[whole]} bytes")  # fmt: skip
            known = _known_locked(comparison, reading)
            _check_format(basis, whole, format_of(upload.kind), known, faults)
        files.append(describe_original(path, upload, _pages(reading)))
    made = ((layout.COMPARISON, FileRole.COMPARISON), (layout.READINGS, FileRole.READINGS),
            (layout.REVIEW, FileRole.REVIEW))  # fmt: skip
    files += [_made(basis, folder, path, role) for path, role in made]
    if f"{folder}/{layout.FORM}" in basis.sizes:
        files.append(_form(basis, folder, faults))
    listed = {f"{folder}/{file.path}" for file in files} | {f"{folder}/{layout.METADATA}"}
    for path in basis.sizes:
        if path.startswith(f"{folder}/") and path not in listed:
            faults.add("GD-2-11", path, "no file that the record does not name", "a file")
    return tuple(files)


def _reading(readings: dict[str, Any], digest: str) -> dict[str, Any]:
    found = readings.get(digest, {})
    return found if isinstance(found, dict) else {}


def _known_locked(comparison: Comparison, reading: dict[str, Any]) -> bool:
    """Return whether the record itself says that an original is locked: the applicant's doing."""
    versions = (comparison.current, *comparison.earlier)
    codes = {
        finding.rule_id
        for version in versions
        if version.assessment is not None
        for finding in version.assessment.findings
    }
    notes = reading.get("notes", [])
    codes |= {str(reading.get("fault", "")), *(notes if isinstance(notes, list) else [])}
    return not _LOCKED_CODES.isdisjoint(codes)


def _pages(reading: dict[str, Any]) -> int | None:
    pages = reading.get("pages")
    return len(pages) if isinstance(pages, list) else None


def _made(basis: Basis, folder: str, path: str, role: FileRole) -> RecordFile:
    whole = f"{folder}/{path}"
    return RecordFile(
        path=path,
        role=role,
        size_bytes=basis.sizes.get(whole, 0),
        digest=basis.sha256.get(whole, ""),
        format="JSON",
    )


def _form(basis: Basis, folder: str, faults: Faults) -> RecordFile:
    """Return the form as the metadata calls it: what it claims to be is checked there."""
    whole = f"{folder}/{layout.FORM}"
    name, pages = PLAIN_PDF, None
    try:
        content = basis.listing.read(whole)
        found = list(pdf_faults(content))
        name, pages = _claimed(basis, folder, content)
    except OSError:
        found = []
    for expected, seen in found if name == ARCHIVAL_PDF else found[:0]:
        code = "GD-3-8" if "encrypt" in expected else "GD-3-3"
        faults.add(code, whole, expected, seen)
    file = _made(basis, folder, layout.FORM, FileRole.FORM)
    return dataclasses.replace(file, format=name, pages=pages)


def _claimed(basis: Basis, folder: str, content: bytes) -> tuple[str, int | None]:
    """Return format and pages that the metadata claims for the form; PDF/A where it says nothing.

    Only a school's own template may be without the claim, and then the metadata says PDF.
    """
    name, pages = ARCHIVAL_PDF, None
    try:
        envelope = read_envelope(basis.listing.read(f"{folder}/{layout.METADATA}"))
    except (OSError, ValueError):
        return name, pages
    for file in map(dict, envelope.files):
        if file.get("计算机文件名") == layout.FORM:
            plain = file.get("格式信息") == PLAIN_PDF and b"pdfaid" not in content
            name = PLAIN_PDF if plain else ARCHIVAL_PDF
            text = file.get("页数", "")
            pages = int(text) if text.isdecimal() and text.isascii() else None
    return name, pages


def _check_format(basis: Basis, path: str, name: str, known_locked: bool, faults: Faults) -> None:
    try:
        content = basis.listing.read(path)
    except OSError:
        return  # named where its digest was to be taken
    if not has_format(name, content):
        faults.add("GD-3-3", path, name, f"bytes that begin {content[:8].hex()}")
    if name == PLAIN_PDF and is_locked(content) and not known_locked:
        faults.add("GD-3-8", path, "no encryption", "an encrypted PDF")


def _check_review(folder: str, comparison: Comparison, review: Review, faults: Faults) -> str:
    """Check the outcome against its entries and return the 审核状态 that follows from them."""
    path = f"{folder}/{layout.REVIEW}"
    assessment = comparison.current.assessment
    if assessment is None:
        faults.add("GD-2-9", f"{folder}/{layout.COMPARISON}", "the machine's answer", "none")
        return review.status
    status = status_of(assessment.decision, review.entries)
    faults.expect("GD-1-11", path, f"审核状态 {status}", f"审核状态 {review.status}")
    for event in review.events:
        check_entry(event, f"{path} entry {event.sequence}", faults)
    by_sequence = {event.sequence: event for event in review.events}
    for entry in review.entries:
        known = by_sequence.get(entry.event_sequence)
        where = f"{path} decision {entry.id}"
        if known is None or not known.kind.startswith("review-"):
            faults.add(CHAIN, where, f"log entry {entry.event_sequence}", "none")
            continue
        del by_sequence[entry.event_sequence]
        payload = payload_of(known)
        verdict = entry.decision.verdict.value if entry.decision.verdict else ""
        for name, expected, found in (
            ("digest", payload.get("body_digest"), body_digest(encode(entry.decision))),
            ("verdict", payload.get("verdict"), verdict),
            ("round", payload.get("round_after"), entry.round_after.value),
            ("account", known.actor, entry.account),
            ("application", payload.get("application_id"), entry.application_id),
        ):
            faults.expect(CHAIN, where, f"{name} {expected}", f"{name} {found}")
    for event in by_sequence.values():
        if event.kind.startswith("review-"):
            faults.add(CHAIN, path, f"the decision of log entry {event.sequence}", "none")
    return status


def _check_metadata(
    basis: Basis,
    folder: str,
    described: Any,
    files: tuple[RecordFile, ...],
    review: Review,
    faults: Faults,
) -> None:
    path = f"{folder}/{layout.METADATA}"
    if path not in basis.sizes:
        return
    try:
        content = basis.listing.read(path)
        found = read_envelope(content)
    except (OSError, ValueError) as error:
        faults.add("GD-3-1", path, "metadata in XML", str(error))
        return
    wanted = describe_envelope(described, files, acts_of(basis.facts, review))
    for (name, expected), (_, seen) in zip(wanted.described, found.described, strict=True):
        code = _DESCRIBED.get(name, "GD-1-11")
        faults.expect(code, f"{path} {name}", expected, seen)
    by_name = {dict(file).get("计算机文件名", ""): dict(file) for file in found.files}
    for file in map(dict, wanted.files):
        name = file["计算机文件名"]
        if name not in by_name:
            faults.add("GD-2-11", f"{path} {name}", "a file of the record", "not described")
            continue
        told = by_name.pop(name)
        for attribute, expected in file.items():
            said = told.get(attribute, "")
            faults.expect("GD-1-10", f"{path} {name} {attribute}", expected, said)
    for name in by_name:
        faults.add("GD-1-11", f"{path} {name}", "a file of the record", "no such file")
    faults.expect("GD-1-11", f"{path} 业务实体块", wanted.acts, found.acts)
    if wanted == found:  # what is left: the parts that only repeat, and additions
        made = parse_xml(write_envelope(basis.facts, wanted))
        for place, expected, seen in differences(made, parse_xml(content)):
            faults.add("GD-1-11", f"{path} {place}", expected, seen)


def _check_against_log(
    basis: Basis, folder: str, comparison: Comparison, review: Review, faults: Faults
) -> None:
    """Compare declaration, files, answer and decisions with the digests in the log.

    A later part of a split package has no log: there the record's own entries stand for it, each of
    which is what its hash says.
    """
    number, logged = comparison.student_number, basis.logged
    events = review.events
    if logged is not None:
        events = tuple(logged.students.get(number, ()))
        for sequence in same_events(review.events, events):
            faults.add(CHAIN, f"{folder}/{layout.REVIEW}", f"log entry {sequence} as in the log",
                       "another, or none")  # fmt: skip
    path = f"{folder}/{layout.COMPARISON}"
    taken = {
        str(payload.get("version")): payload.get("content_digest")
        for event in events
        if event.kind in ("application-added", "input-changed")
        for payload in (payload_of(event),)
    }
    versions = (comparison.current, *comparison.earlier)
    for version in versions:
        _check_version(path, version, taken, faults)
    missing = sorted(taken.keys() - {str(item.version) for item in versions})
    if missing:
        faults.add(CHAIN, path, f"version {', '.join(missing)}", "none")
    _check_answer(path, comparison, review, events, faults)


def _check_version(path: str, version: Version, taken: Mapping[str, Any], faults: Faults) -> None:
    found = application_digest(version.submission, version.courses)
    faults.expect(CHAIN, f"{path} version {version.version}",
                  f"declaration and files {taken.get(str(version.version))}",
                  f"declaration and files {found}")  # fmt: skip
    columns = version.submission.application.columns
    digest = columns_digest(columns)
    faults.expect(CHAIN, f"{path} version {version.version}",
                  f"declared cells {version.submission.application.digest}",
                  f"declared cells {digest}")  # fmt: skip
    for course in version.courses:
        digest = columns_digest(course.columns)
        faults.expect(CHAIN, f"{path} course of row {course.row_number}",
                      f"cells {course.digest}", f"cells {digest}")  # fmt: skip


def _check_answer(
    path: str, comparison: Comparison, review: Review, events: Any, faults: Faults
) -> None:
    assessment = comparison.current.assessment
    decided = [payload_of(event) for event in events if event.kind == "decided"]
    if assessment is None:
        return
    if not decided:
        faults.add("GD-2-5", path, "an entry decided in the log", "none")
        return
    # What people settled rests on what they had seen; a later run may have given another answer.
    told = decided if review.entries else decided[-1:]
    known = [payload.get("body_digest") for payload in told]
    digest = body_digest(encode(assessment))
    if None not in known and digest not in known:
        faults.add(CHAIN, path, f"the machine's answer {known[-1]}", digest)
    decisions = [payload.get("decision") for payload in told]
    if assessment.decision.value not in decisions:
        faults.add(CHAIN, path, f"decision {decisions[-1]}", f"decision {assessment.decision}")
