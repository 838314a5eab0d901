"""Write a sealed batch as one BagIt bag, or as several of a chosen size, each valid alone.

Everything is written into a hidden folder beside the target, which is renamed when all of it
stands: a package is there in full or not at all. Dates inside are those of the sealing: the same
store gives the same bytes.
"""

import contextlib
import dataclasses
import errno
import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import bagit

from domain.archive import RecordDescription, RecordFile
from domain.faults import ConfigurationFault, MachineFault
from domain.outcome import BatchOutcome
from store.archive import gathering, layout
from store.archive.describing import describe
from store.archive.envelope import acts_of, describe_envelope, write_envelope
from store.archive.gathering import FormOf, RecordContent
from store.archive.index import IndexRow, write_index_csv, write_index_xml
from store.archive.layout import BEIJING, BatchFacts
from store.archive.zipping import write_zip
from store.audit import Audit
from store.events import NewEvent
from store.opening import Store

ALGORITHMS = ["sha256", "sha512"]
PACKAGE_DIGEST = "tagmanifest-sha256.txt"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_CHUNK_BYTES = 1 << 20
_FIXED_BYTES = 200_000  # manifests and tag files of a small package
_BYTES_PER_FILE = 500  # in manifests, index and metadata


class Progress(Protocol):
    """What is told while a package is made."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be written: `folder` is what the package stands in.

    `reports` gives per file of the outcome folder what renders it. `split_bytes` is the size of
    parts, 0 makes one bag.
    """

    folder: Path
    reports: Mapping[str, Callable[[], bytes]]
    form_of: FormOf
    as_zip: bool = False
    split_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """One bag as written; `digest` is the SHA-256 of its tagmanifest-sha256.txt."""

    name: str
    digest: str
    payload_bytes: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What was written: `path` is the bag (folder or zip), or the folder of its parts."""

    path: Path
    bags: tuple[Bag, ...]
    records: int


def pack_batch(
    store: Store, outcome: BatchOutcome, facts: BatchFacts, order: Order, listener: Progress
) -> Package:
    """Write the package of a sealed batch, log it, and return it.

    Raises `ConfigurationFault` where one stands there already, `MachineFault` where the disk is
    full or an original is lost; nothing is left behind then.
    """
    batch_id = facts.batch.id
    split = bool(order.split_bytes)
    target = order.folder / (f"{batch_id}.zip" if order.as_zip and not split else batch_id)
    if os.path.lexists(target):
        raise ConfigurationFault(
            f"{target} exists; check it with: hedui verify {target}"
            f" (to make it again, move it away or give another --out)"
        )
    partial = order.folder / f".{batch_id}.partial"
    with _disk_guarded(order.folder):
        order.folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=_FOLDER_MODE)
        try:
            bags = _Writer(store, outcome, facts, order, listener, partial).write()
            made = _finish(partial, batch_id, bags, order, listener)
            os.sync()
            made.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    payload = {
        "bags": {bag.name: bag.digest for bag in bags},
        "head": facts.log_head,
        "records": facts.records,
    }
    store.events.append(NewEvent(kind=gathering.ARCHIVED, batch_id=batch_id, payload=payload))
    return Package(path=target, bags=bags, records=facts.records)


@contextlib.contextmanager
def _disk_guarded(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise MachineFault(
                "disk-full", f"{folder}: the disk is full; make room and archive again"
            ) from error
        raise MachineFault(
            "archive-failed", f"{folder}: cannot be written ({error.strerror})"
        ) from error


def _finish(
    partial: Path, batch_id: str, bags: tuple[Bag, ...], order: Order, listener: Progress
) -> Path:
    """Return what is to be renamed to the target: a bag, a zip, or a folder of either."""
    if order.as_zip:
        for bag in bags:
            listener.begin("zip", bag.files)
            write_zip(partial / bag.name, partial / f"{bag.name}.zip", listener.advance)
            shutil.rmtree(partial / bag.name)
    if order.split_bytes:
        # The folder of parts is not the hidden one itself, which is removed at the end.
        group = partial / ".group"
        group.mkdir(mode=_FOLDER_MODE)
        for bag in bags:
            name = f"{bag.name}.zip" if order.as_zip else bag.name
            (partial / name).rename(group / name)
        return group
    return partial / (f"{batch_id}.zip" if order.as_zip else batch_id)


class _Writer:
    """Writes records one by one into the bag in hand, and begins the next where it is full."""

    def __init__(
        self,
        store: Store,
        outcome: BatchOutcome,
        facts: BatchFacts,
        order: Order,
        listener: Progress,
        folder: Path,
    ) -> None:
        self._store, self._outcome, self._facts = store, outcome, facts
        self._order, self._listener, self._folder = order, listener, folder
        self._parts: list[list[IndexRow]] = []
        self._bytes = 0

    def write(self) -> tuple[Bag, ...]:
        """Write everything and return the bags."""
        facts, order = self._facts, self._order
        self._listener.begin("archive", facts.records)
        self._begin_part()
        self._write_batch()
        records = gathering.gather_records(self._store, self._outcome, facts, order.form_of)
        for item, content in enumerate(records, start=facts.settings.first_item):
            size = sum(file.size_bytes for file in content.files)
            size += _BYTES_PER_FILE * 2 * len(content.files)
            # A part holds a record at least, also one that is larger than the size asked for.
            full = order.split_bytes and self._bytes + size > order.split_bytes
            if full and (self._parts[-1] or len(self._parts) == 1):
                self._begin_part()
            self._parts[-1].append(self._write_record(item, content))
            self._bytes += size
            self._listener.advance()
        count = len(self._parts)
        files = sum(len(files) for _, _, files in os.walk(self._folder))
        self._listener.begin("digest", files * len(ALGORITHMS) // 2)
        return tuple(self._close_part(number, count) for number in range(1, count + 1))

    def _begin_part(self) -> None:
        self._parts.append([])
        self._bytes = _FIXED_BYTES
        self._path(layout.RECORDS).mkdir(mode=_FOLDER_MODE, parents=True)

    def _path(self, name: str, part: int = 0) -> Path:
        """Return where a file of the package is written; the bag's own files come last."""
        number = part or len(self._parts)
        return self._folder / f"part-{number}" / name.removeprefix("data/")

    def _write_batch(self) -> None:
        policy = self._outcome.policy
        self._put(layout.POLICY_JSON, gathering.policy_document(policy))
        self._put(layout.CALIBRATION_JSON, gathering.calibration_document(policy))
        log = Audit(self._store.database).lines(self._facts.log_entries)
        self._put_lines(layout.LOG, log)
        for path, digest in gathering.received_files(self._store, self._facts.batch.id).items():
            self._copy(path, digest)
        for name, render in self._order.reports.items():
            self._put(f"{layout.REPORTS}/{name}", render())

    def _write_record(self, item: int, content: RecordContent) -> IndexRow:
        facts, folder = self._facts, layout.folder_of(item)
        for path, source in content.sources.items():
            if isinstance(source, bytes):
                self._put(f"{folder}/{path}", source)
            else:
                self._copy(f"{folder}/{path}", source)
        described = describe(facts, content.comparison, content.review.status, item, content.files)
        metadata = _metadata(facts, described, content)
        self._put(f"{folder}/{layout.METADATA}", metadata)
        return IndexRow(
            described=described,
            file_count=len(content.files),
            digest=hashlib.sha256(metadata).hexdigest(),
        )

    def _close_part(self, number: int, count: int) -> Bag:
        rows = self._parts[number - 1]
        split = bool(self._order.split_bytes)
        facts = dataclasses.replace(self._facts, part=number)
        self._put(layout.BATCH_JSON, layout.write_json(facts), number)
        self._put(layout.INDEX_CSV, write_index_csv(rows), number)
        self._put(layout.INDEX_XML, write_index_xml(rows), number)
        batch_id = facts.batch.id
        name = f"{batch_id}-{number}-of-{count}" if split else batch_id
        path = self._folder / name
        (self._folder / f"part-{number}").rename(path)
        info = bag_info(facts, name, f"{number} of {count}" if split else "", len(rows))
        return _make_bag(path, info, self._listener)

    def _put(self, name: str, content: bytes, part: int = 0) -> None:
        with _create(self._path(name, part)) as file:
            file.write(content)
        self._bytes += len(content)

    def _put_lines(self, name: str, lines: Iterator[str]) -> None:
        with _create(self._path(name)) as file:
            for line in lines:
                self._bytes += file.write(f"{line}\n".encode("ascii"))

    def _copy(self, name: str, digest: str) -> None:
        """Copy an original; its bytes are compared with their digest on the way."""
        seen = hashlib.sha256()
        with (
            gathering.open_original(self._store, digest) as source,
            _create(self._path(name)) as file,
        ):
            while chunk := source.read(_CHUNK_BYTES):
                seen.update(chunk)
                file.write(chunk)
        gathering.check_original(digest, seen.hexdigest())


def _create(path: Path):  # type: ignore[no-untyped-def]
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    return os.fdopen(descriptor, "wb")


def _metadata(facts: BatchFacts, described: RecordDescription, content: RecordContent) -> bytes:
    files: tuple[RecordFile, ...] = content.files
    acts = acts_of(facts, content.review)
    return write_envelope(facts, describe_envelope(described, files, acts))


def bag_info(facts: BatchFacts, name: str, count: str, records: int) -> dict[str, str]:
    """Return what bag-info.txt says but for the Payload-Oxum; `count` is "n of m", "" for one."""
    sealed = facts.sealed_at.astimezone(BEIJING)
    software = "; ".join(f"{what} {version}" for what, version in facts.software)
    info = {
        "Bagging-Date": f"{sealed:%Y-%m-%d}",
        "Bag-Software-Agent": software,
        "External-Identifier": name,
        "External-Description": layout.printable(facts.batch.name),
        "Internal-Sender-Identifier": facts.batch.id,
        "Sealed-At": sealed.isoformat(timespec="seconds"),
        "Sealed-By": facts.sealed_by,
        "Record-Count": str(records),
        "Event-Log-Head": facts.log_head,
        "Event-Log-Entries": str(facts.log_entries),
        "Policy-Digest": facts.policy_digest,
    }
    if facts.settings.creator:
        info["Source-Organization"] = layout.printable(facts.settings.creator)
    if count:
        info |= {"Bag-Group-Identifier": facts.batch.id, "Bag-Count": count}
    return info


def _make_bag(path: Path, info: dict[str, str], listener: Progress) -> Bag:
    """Turn a folder into a bag of BagIt 1.0; a bag's own files are private as the payload is."""
    with _telling(listener):
        bagit.make_bag(str(path), bag_info=info, checksums=ALGORITHMS)
        # The library writes version 0.97; every payload manifest lists every file, as 1.0 asks.
        (path / "bagit.txt").write_text(
            "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", encoding="utf-8"
        )
        bag = bagit.Bag(str(path))
        bag.save()
    path.chmod(_FOLDER_MODE)  # neither the library nor mkdir's parents know of privacy
    for item in path.rglob("*"):
        if item.is_dir() or item.parent == path:
            item.chmod(_FOLDER_MODE if item.is_dir() else _FILE_MODE)
    for name in ALGORITHMS:  # listed as the disk happens to list them
        manifest = path / f"tagmanifest-{name}.txt"
        lines = sorted(manifest.read_text("utf-8").splitlines(), key=lambda line: line.split()[1])
        manifest.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    payload_bytes, files = map(int, bag.info["Payload-Oxum"].split("."))
    digest = hashlib.sha256((path / PACKAGE_DIGEST).read_bytes()).hexdigest()
    return Bag(name=path.name, digest=digest, payload_bytes=payload_bytes, files=files)


@contextlib.contextmanager
def _telling(listener: Progress) -> Iterator[None]:
    """Turn the library's log into progress, and keep it off the screen."""
    handler = logging.Handler()
    handler.emit = lambda record: (  # type: ignore[method-assign]
        listener.advance() if "manifest lines" in record.msg else None
    )
    log = logging.getLogger("bagit")
    before, log.propagate = (log.level, log.propagate), False
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.level, log.propagate = before
