"""The check of a package without a store (四性检测): all is looked at, every fault is told."""

import collections
import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.archive import PackageCheck
from domain.outcome import (
    PASSED_STATUS,
    REFUSED_STATUS,
    RETURNED_STATUS,
    WAITING_STATUS,
    WITHDRAWN_STATUS,
)
from store.archive import layout
from store.archive.faults import Faults
from store.archive.gathering import policy_digest_of
from store.archive.index import COLUMNS, read_index_csv, read_index_xml
from store.archive.items import NEEDS_LOG, NEEDS_SCANNER, checked_items
from store.archive.layout import BatchFacts
from store.archive.log_check import Logged, check_log, check_sealing, check_versions
from store.archive.manifests import check_manifests, read_bag_info
from store.archive.opening import Listing, list_files, opened
from store.archive.packing import PACKAGE_DIGEST, bag_info
from store.archive.record_check import Basis, Checked, check_record
from store.archive.report_check import Tables, check_reports, check_strangers, read_tables
from store.archive.virus import find_scanner, scan
from store.codec import digest_json

_STATUSES = {PASSED_STATUS, REFUSED_STATUS, RETURNED_STATUS, WITHDRAWN_STATUS, WAITING_STATUS}
_RECORD = re.compile(rf"{layout.RECORDS}/([0-9]{{6,9}})/")
_MOST_TEXT = 1000
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]")
_OPTIONAL_COLUMNS = {"公开属性"}


class Progress(Protocol):
    """What is told while a package is checked."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known from elsewhere, "" for nothing: a log head, and the package's own digest."""

    head: str = ""
    package: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return which of them are known, as a check names them."""
        return tuple(n for n, text in (("digest", self.package), ("head", self.head)) if text)


def check_package(path: Path, known: Known, listener: Progress) -> PackageCheck:
    """Check one package, a folder or a zip with one base directory.

    Nothing in it is trusted; nothing outside a private folder is written. Raises nothing for
    whatever the package holds.
    """
    faults = Faults()
    with opened(path, faults) as root:
        if root is None:
            check = _result(path.name, None, "", (), (0, 0), faults, {})
        else:
            check = _check_folder(root, known, listener, faults)
    return dataclasses.replace(check, compared=known.names)


def _check_folder(root: Path, known: Known, listener: Progress, faults: Faults) -> PackageCheck:
    listing = list_files(root, faults)
    listener.begin("digest", len(listing.sizes))
    real = check_manifests(listing, faults, listener.advance).sha256
    digest = _package_digest(listing, known, faults)
    info = read_bag_info(listing, faults)
    payload = {path: size for path, size in listing.sizes.items() if path.startswith("data/")}
    oxum = f"{sum(payload.values())}.{len(payload)}"
    faults.expect("GD-2-2", "bag-info.txt Payload-Oxum", oxum, info.get("Payload-Oxum"))
    facts = _facts(listing, faults)
    not_run: dict[str, str] = {}
    records: tuple[int, ...] = ()
    if facts is not None:
        records = _check_contents(listing, facts, real, info, known, listener, faults, not_run)
    _scan(root, faults, not_run)
    totals = (len(payload), sum(payload.values()))
    return _result(root.name, facts, digest, records, totals, faults, not_run)


def _package_digest(listing: Listing, known: Known, faults: Faults) -> str:
    try:
        digest = hashlib.sha256(listing.read(PACKAGE_DIGEST)).hexdigest()
    except OSError:
        digest = ""  # that it is missing is told already
    if known.package:
        faults.expect("GD-1-14", PACKAGE_DIGEST, f"digest {known.package}", f"digest {digest}")
    return digest


def _facts(listing: Listing, faults: Faults) -> BatchFacts | None:
    try:
        facts = layout.read_json(BatchFacts, listing.read(layout.BATCH_JSON))
    except (OSError, ValueError, TypeError, KeyError) as error:
        faults.add("GD-3-1", layout.BATCH_JSON, "what a package of hedui says of its batch",
                   type(error).__name__)  # fmt: skip
        return None
    for fault in facts.settings.faults():
        faults.add("GD-1-7", layout.BATCH_JSON, "settings of 档号", fault)
        return None
    try:
        if facts.sealed_at.tzinfo is None:
            raise ValueError("no offset")
        facts.sealed_at.astimezone(layout.BEIJING)
    except (ValueError, OverflowError):
        faults.add("GD-1-3", layout.BATCH_JSON, "an instant with its offset", facts.sealed_at)
        return None
    return facts


def _check_contents(
    listing: Listing,
    facts: BatchFacts,
    real: dict[str, str],
    info: Mapping[str, str],
    known: Known,
    listener: Progress,
    faults: Faults,
    not_run: dict[str, str],
) -> tuple[int, ...]:
    """Check what the payload says against itself; return the 件号 of its records."""
    logged, tables, sizes = None, Tables(), listing.sizes
    if facts.part == 1:
        logged = check_log(listing, facts, known.head, faults)
        if logged is not None:
            check_sealing(logged, facts, faults)
            digests = _document_digests(listing, faults)
            check_versions(logged, facts, real, digests, faults)
        check_reports(listing, facts, faults)
        tables = read_tables(listing, faults)
    else:
        if known.head and known.head != facts.log_head:
            faults.add("GD-2-5", layout.BATCH_JSON, f"head {known.head}",
                       f"head {facts.log_head}; the log is in the first part")  # fmt: skip
        for code in NEEDS_LOG:
            not_run[code] = "日志在第一包中，请一并检测整组"
    if not facts.software:
        faults.add("GD-3-3-1", layout.BATCH_JSON, "the software that made it", "nothing")
    basis = Basis(
        listing=listing,
        facts=facts,
        sha256=real,
        logged=logged,
        tables=tables,
    )
    folders = sorted({found[0].rstrip("/") for path in sizes if (found := _RECORD.match(path))})
    listener.begin("records", len(folders))
    checked: dict[str, Checked | None] = {}
    for folder in folders:
        checked[folder] = check_record(basis, int(folder.rpartition("/")[2]), folder, faults)
        listener.advance()
    for path in sizes:
        if path.startswith(f"{layout.RECORDS}/") and not _RECORD.match(path):
            faults.add("GD-4-2-1", path, "folders of records", "a stray file")
    _check_index(listing, checked, faults)
    _check_numbers(facts, info, checked, faults)
    _check_info(facts, info, len(folders), faults)
    numbers = {record.student_number for record in checked.values() if record is not None}
    if facts.records == len(folders) and None not in checked.values():
        check_strangers(tables, numbers, faults)
    if logged is not None:
        _check_counts(logged, facts, info, checked, faults)
    return tuple(int(folder.rpartition("/")[2]) for folder in folders)


def _document_digests(listing: Listing, faults: Faults) -> tuple[str, str]:
    found = []
    readers = (
        (layout.POLICY_JSON, policy_digest_of),
        (layout.CALIBRATION_JSON, lambda content: digest_json(json.loads(content))),
    )
    for path, digest_of in readers:
        try:
            found.append(digest_of(listing.read(path)))
        except (OSError, ValueError, TypeError, RecursionError) as error:
            faults.add("GD-3-1", path, "a document", type(error).__name__)
            found.append("")
    return found[0], found[1]


def _check_index(listing: Listing, checked: Mapping[str, Checked | None], faults: Faults) -> None:
    """Compare both indexes, cell by cell, with what the records are by their own documents."""
    for path, read in ((layout.INDEX_CSV, read_index_csv), (layout.INDEX_XML, read_index_xml)):
        try:
            rows = read(listing.read(path))
        except (OSError, ValueError) as error:
            faults.add("GD-3-1", path, "an index", str(error) or type(error).__name__)
            continue
        place = COLUMNS.index("目录")
        by_folder = {row[place]: row for row in rows}
        if len(by_folder) != len(rows):
            faults.add("GD-1-8", path, "every record once", "a 目录 twice")
        faults.expect("GD-2-1", path, f"{len(checked)} records", f"{len(rows)} records")
        for folder in sorted(checked.keys() | by_folder.keys()):
            row, record = by_folder.get(folder), checked.get(folder)
            if row is None:
                faults.add("GD-1-11", path, f"a row of {folder}", "none")
            elif folder not in checked:
                faults.add("GD-1-11", f"{path} {folder}", "a record", "no such folder")
            elif record is not None:
                for name, expected, found in zip(COLUMNS, record.row, row, strict=True):
                    code = {"档号": "GD-1-7", "件号": "GD-2-6"}.get(name, "GD-1-11")
                    faults.expect(code, f"{path} {folder} {name}", expected, found)
            if row is not None:
                _check_cells(f"{path} {folder}", row, faults)


def _check_cells(where: str, row: tuple[str, ...], faults: Faults) -> None:
    for name, text in zip(COLUMNS, row, strict=True):
        if not text and name not in _OPTIONAL_COLUMNS:
            faults.add("GD-2-4", f"{where} {name}", "a value", "nothing")
        if len(text) > _MOST_TEXT:
            faults.add("GD-1-2", f"{where} {name}", f"at most {_MOST_TEXT} characters", len(text))
        if _CONTROL.search(text):
            faults.add("GD-1-6", f"{where} {name}", "no control characters", text)
    cells = dict(zip(COLUMNS, row, strict=True))
    for name in ("件号", "页数", "文件数"):
        if not re.fullmatch("[0-9]{1,9}", cells[name]):
            faults.add("GD-1-3", f"{where} {name}", "a number", cells[name])
    if not re.fullmatch("[0-9]{8}", cells["日期"]):
        faults.add("GD-1-3", f"{where} 日期", "CCYYMMDD", cells["日期"])
    if cells["审核状态"] not in _STATUSES:
        faults.add("GD-1-4", f"{where} 审核状态", "、".join(sorted(_STATUSES)), cells["审核状态"])


def _check_numbers(
    facts: BatchFacts,
    info: Mapping[str, str],
    checked: Mapping[str, Checked | None],
    faults: Faults,
) -> None:
    """Check that 件号 follow each other from the configured start, and nothing stands twice."""
    items = [int(folder.rpartition("/")[2]) for folder in checked]
    start = facts.settings.first_item if facts.part == 1 else min(items, default=0)
    for expected, found in zip(range(start, start + len(items)), items, strict=True):
        if expected != found:
            faults.add("GD-2-6", layout.RECORDS, f"件号 {expected}", f"件号 {found}")
            break
    if "Bag-Count" not in info:
        faults.expect("GD-2-1", layout.RECORDS, f"{facts.records} records", f"{len(items)} records")
    rows = [record.row for record in checked.values() if record is not None]
    for name in ("件号", "档号", "学号"):
        place = COLUMNS.index(name)
        counted = collections.Counter(row[place] for row in rows)
        for text in sorted(text for text, count in counted.items() if count > 1):
            faults.add("GD-1-8", layout.RECORDS, f"{name} once", f"{text} twice")


def _check_info(facts: BatchFacts, info: Mapping[str, str], records: int, faults: Faults) -> None:
    name, count = info.get("External-Identifier", ""), info.get("Bag-Count", "")
    split = re.fullmatch(rf"{re.escape(facts.batch.id)}-{facts.part}-of-([0-9]+)", name)
    wanted = bag_info(
        facts,
        name if split else facts.batch.id,
        f"{facts.part} of {split[1]}" if split else "",
        records,
    )
    for label in sorted(wanted.keys() | (info.keys() - {"Payload-Oxum"})):
        code = "GD-2-3" if label not in info else "GD-1-11"
        code = {"Record-Count": "GD-2-1", "Event-Log-Head": "GD-2-5"}.get(label, code)
        faults.expect(code, f"bag-info.txt {label}", wanted.get(label), info.get(label))
    if not split:
        faults.expect("GD-2-3", "bag-info.txt Bag-Count", "", count)


def _check_counts(
    logged: Logged,
    facts: BatchFacts,
    info: Mapping[str, str],
    checked: Mapping[str, Checked | None],
    faults: Faults,
) -> None:
    """Compare the statuses with the counts that were logged at the sealing."""
    records = [record for record in checked.values() if record is not None]
    whole = "Bag-Count" not in info and len(records) == facts.records
    sealings = logged.payloads("batch-sealed")
    if not whole or len(sealings) != 1 or any(record.has_reversal for record in records):
        return
    found = dict(sorted(collections.Counter(record.status for record in records).items()))
    counts = sealings[0].get("counts")
    wanted = dict(counts) if isinstance(counts, dict) else {}
    if not all(isinstance(count, int) for count in wanted.values()):
        faults.add("GD-2-1", layout.LOG, "counts at the sealing", wanted)
        return
    # Accepts were counted before the sealing made them 审核通过.
    if accepts := wanted.pop(WAITING_STATUS, 0):
        wanted[PASSED_STATUS] = wanted.get(PASSED_STATUS, 0) + accepts
    wanted = dict(sorted(wanted.items()))
    faults.expect("GD-2-1", layout.RECORDS, f"counts {wanted}", f"counts {found}")


def _scan(root: Path, faults: Faults, not_run: dict[str, str]) -> None:
    scanner = find_scanner()
    problem = scan(scanner, root, faults) if scanner else "本机未安装 ClamAV"
    for code in NEEDS_SCANNER:
        if problem:
            not_run[code] = problem


def _result(
    name: str,
    facts: BatchFacts | None,
    digest: str,
    records: tuple[int, ...],
    totals: tuple[int, int],
    faults: Faults,
    not_run: dict[str, str],
) -> PackageCheck:
    found = faults.all()
    if facts is None:
        # What was not reached must not read as passed.
        seen = {fault.code for fault in found} | {"GD-1-1", "GD-2-2", "GD-2-7", "GD-3-2"}
        seen |= {"GD-4-2-1", *NEEDS_SCANNER}
        not_run = {
            **{item.code: "包内没有可读的批次说明" for item in checked_items((), {})
               if item.code not in seen or not totals[0]},
            **not_run,
        }  # fmt: skip
    files, payload_bytes = totals
    return PackageCheck(
        name=name,
        batch_id=facts.batch.id if facts else "",
        batch_name=facts.batch.name if facts else "",
        records=len(records),
        files=files,
        payload_bytes=payload_bytes,
        digest=digest,
        log_head=facts.log_head if facts else "",
        sealed_at=_instant_text(facts) if facts else "",
        items=checked_items(found, not_run),
        faults=found,
        first_item=min(records, default=None),
        last_item=max(records, default=None),
        records_in_all=facts.records if facts else None,
    )


def _instant_text(facts: BatchFacts) -> str:
    return facts.sealed_at.astimezone(layout.BEIJING).isoformat(timespec="seconds")
