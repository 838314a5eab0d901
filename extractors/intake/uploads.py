"""Judge the uploads of every applicant by their bytes, without decoding any.

Rule ids given here; what they mean for the application, and in which words, the validators say.
A file's rejections: `not-regular`, `empty`, `too-large`, `type-not-allowed`, `type-mismatch`,
`dimensions`, `pixels`, `too-many`, and `machine-failed` where it could not be read. A file's notes:
`extension-mismatch`, `trailing-data`, `polyglot`. A submission's rejections: `no-upload`,
`too-many`.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from domain.application import Application, BatchKind, FileKind, Submission, Upload
from domain.faults import MachineFault
from domain.policy import IntakePolicy
from extractors.intake.opening import NotRegular
from extractors.intake.signatures import (
    HEAD_BYTES,
    claimed_kind,
    is_other_picture,
    recognize,
    word_kind,
)
from extractors.intake.structure import has_trailing_data, is_polyglot, measure
from extractors.intake.upload_walk import (
    Entry,
    TooManyEntries,
    list_uploads,
    open_entry,
    walk_folder,
)

_HASH_LIMIT_BYTES = 1 << 30  # a larger file has no digest: hashing it would hold up the batch
_INSPECT_LIMIT_BYTES = 8 << 20
_CHUNK_BYTES = 1 << 20


def read_submissions(
    folder: Path, applications: tuple[Application, ...], kind: BatchKind, policy: IntakePolicy
) -> tuple[tuple[Submission, ...], tuple[str, ...]]:
    """Return every application with its uploads, and what stands in uploads/ without one.

    In a degree batch neither type nor size of a file is judged here, for a thesis is a document of
    any size. Raises `MachineFault` where uploads/ cannot be listed.
    """
    names = list_uploads(folder)
    submissions = tuple(
        _read_submission(folder, application, names, kind, policy) for application in applications
    )
    known = {application.student_number for application in applications}
    return submissions, tuple(sorted(names.keys() - known))


def read_upload(folder: Path, upload: Upload) -> bytes:
    """Return the bytes of an upload of a batch folder, for keeping the original.

    They are checked against `upload.digest`: raises `MachineFault("input-changed")` where no file
    of that path has it any more, or never had one. The name on disk may differ from the portable
    path in its normal form, so the applicant's folder is searched.
    """
    parent = upload.path.split("/")[1]
    name = list_uploads(folder).get(parent)
    for entry in walk_folder(folder, name, parent) if name and upload.digest else ():
        if entry.path != upload.path or entry.obstacle:
            continue
        try:
            with os.fdopen(open_entry(folder, entry), "rb") as stream:
                data = stream.read(upload.size_bytes + 1)
        except (NotRegular, OSError):
            break
        if hashlib.sha256(data).hexdigest() == upload.digest:
            return data
    raise MachineFault("input-changed", "an upload changed or vanished after intake; run again")


def _read_submission(
    folder: Path,
    application: Application,
    names: dict[str, str],
    kind: BatchKind,
    policy: IntakePolicy,
) -> Submission:
    number = application.student_number
    try:
        entries = list(walk_folder(folder, names[number], number)) if number in names else []
    except TooManyEntries:
        return Submission(application=application, uploads=(), rejections=("too-many",))
    if not entries:
        return Submission(application=application, uploads=(), rejections=("no-upload",))
    entries.sort(key=lambda entry: entry.path)
    if len(entries) > policy.max_files:
        uploads = tuple(_unread(entry, "too-many") for entry in entries)
        return Submission(application=application, uploads=uploads, rejections=("too-many",))
    uploads = tuple(_judge(folder, entry, kind, policy) for entry in entries)
    return Submission(application=application, uploads=uploads)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What one pass over a file saw: all of it, or its beginning where it is very large."""

    size_bytes: int
    digest: str
    beginning: bytes

    @property
    def complete(self) -> bool:
        return len(self.beginning) == self.size_bytes


def _judge(folder: Path, entry: Entry, kind: BatchKind, policy: IntakePolicy) -> Upload:
    if entry.obstacle:
        return _unread(entry, entry.obstacle)
    try:
        content = _read_content(open_entry(folder, entry))
    except NotRegular:
        return _unread(entry, "not-regular")
    except OSError:
        return _unread(entry, "machine-failed")
    file_kind = recognize(content.beginning[:HEAD_BYTES])
    if kind is BatchKind.DEGREE:
        head = content.beginning[:HEAD_BYTES]
        file_kind = word_kind(head, entry.names[-1]) or file_kind
    claimed = claimed_kind(entry.names[-1])
    shape = measure(file_kind, content.beginning)
    return Upload(
        path=entry.path,
        size_bytes=content.size_bytes,
        digest=content.digest,
        kind=file_kind,
        rejections=_rejections(content, file_kind, claimed, shape.size_px, kind, policy),
        notes=_notes(content, file_kind, claimed, shape.end),
    )


def _read_content(descriptor: int) -> _Content:
    """Return size and digest of the same bytes: those of one pass over one descriptor."""
    digest = hashlib.sha256()
    beginning = bytearray()
    size_bytes = 0
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        announced = os.fstat(descriptor).st_size
        while announced <= _HASH_LIMIT_BYTES and (chunk := stream.read(_CHUNK_BYTES)):
            digest.update(chunk)
            size_bytes += len(chunk)
            beginning += chunk[: _INSPECT_LIMIT_BYTES - len(beginning)]
            if size_bytes > _HASH_LIMIT_BYTES:  # it grows while it is read
                announced = size_bytes
        if announced > _HASH_LIMIT_BYTES:
            beginning = beginning or bytearray(stream.read(HEAD_BYTES))
            return _Content(size_bytes=announced, digest="", beginning=bytes(beginning))
    return _Content(size_bytes=size_bytes, digest=digest.hexdigest(), beginning=bytes(beginning))


def _rejections(
    content: _Content,
    file_kind: FileKind,
    claimed: FileKind | None,
    size_px: tuple[int, int] | None,
    kind: BatchKind,
    policy: IntakePolicy,
) -> tuple[str, ...]:
    if not content.size_bytes:
        return ("empty",)
    rejections = []
    is_language = kind is BatchKind.LANGUAGE
    if not content.digest or (is_language and content.size_bytes > policy.max_file_bytes):
        rejections.append("too-large")
    if is_language and file_kind not in policy.allowed_kinds:
        # A picture in another format can be converted, whatever its name says; anything else under
        # a name of the three pretends to be what it is not.
        pretends = file_kind is FileKind.OTHER and claimed is not None
        honest_picture = is_other_picture(content.beginning[:HEAD_BYTES])
        rejections.append(
            "type-mismatch" if pretends and not honest_picture else "type-not-allowed"
        )
    if size_px is not None:
        if not 0 < min(size_px) <= max(size_px) <= policy.max_side_px:
            rejections.append("dimensions")
        if size_px[0] * size_px[1] > policy.max_pixels:
            rejections.append("pixels")
    return tuple(rejections)


def _notes(
    content: _Content, file_kind: FileKind, claimed: FileKind | None, end: int | None
) -> tuple[str, ...]:
    if file_kind in (FileKind.OTHER, FileKind.DOC, FileKind.DOCX):
        return ()
    notes = []
    if claimed is not file_kind:
        notes.append("extension-mismatch")
    if content.complete:
        if has_trailing_data(content.beginning, end):
            notes.append("trailing-data")
        if is_polyglot(file_kind, content.beginning):
            notes.append("polyglot")
    return tuple(notes)


def _unread(entry: Entry, rejection: str) -> Upload:
    return Upload(
        path=entry.path,
        size_bytes=entry.size_bytes,
        digest="",
        kind=FileKind.OTHER,
        rejections=(rejection,),
    )
