"""The event log inside a package: the chain entry by entry, and where its head is repeated."""

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from store.archive import layout
from store.archive.faults import Faults
from store.archive.layout import BEIJING, BatchFacts
from store.archive.opening import Listing
from store.codec import from_plain
from store.events import GENESIS, Event
from store.received import TABLES_RECEIVED

CHAIN, COMPLETE = "GD-1-14", "GD-2-5"
_CLOSE_SECONDS = 120.0


@dataclass(slots=True)
class Logged:
    """What the log says about one batch, for comparing: events by 学号, and those of the batch."""

    students: dict[str, list[Event]] = field(default_factory=dict)
    batch: list[Event] = field(default_factory=list)

    def payloads(self, kind: str, student: str = "") -> list[dict[str, Any]]:
        """Return the payloads of a kind of entry, oldest first."""
        events = self.students.get(student, []) if student else self.batch
        return [payload_of(event) for event in events if event.kind == kind]


def payload_of(event: Event) -> dict[str, Any]:
    """Return an entry's payload, empty where it is none."""
    try:
        payload = json.loads(event.payload)
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def check_log(
    listing: Listing, facts: BatchFacts, known_head: str, faults: Faults
) -> Logged | None:
    """Check the log of a package; None where there is none that can be read at all."""
    try:
        lines = listing.read(layout.LOG).decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        faults.add("GD-3-1", layout.LOG, "the event log", type(error).__name__)
        return None
    events, head = _parse(lines, faults)
    _check_chain(events, faults)
    last = events[-1].hash if events else GENESIS
    where = f"{layout.LOG} line {len(lines)}"
    faults.expect(COMPLETE, where, f"head {last}", f"head {head}")
    faults.expect(COMPLETE, layout.LOG, f"head {facts.log_head}", f"head {last}")
    faults.expect(COMPLETE, layout.LOG, f"{facts.log_entries} entries", f"{len(events)} entries")
    if known_head and known_head not in {event.hash for event in events}:
        faults.add(COMPLETE, layout.LOG, f"an entry {known_head}", "none: cut off or replaced")
    logged = Logged()
    for event in events:
        if event.batch_id == facts.batch.id:
            if event.student_number:
                logged.students.setdefault(event.student_number, []).append(event)
            else:
                logged.batch.append(event)
    return logged


def _parse(lines: list[str], faults: Faults) -> tuple[list[Event], str]:
    events, head = [], ""
    for number, line in enumerate(lines, start=1):
        try:
            plain = json.loads(line)
            if set(plain) == {"head"} and number == len(lines):
                head = str(plain["head"])
            else:
                events.append(from_plain(Event, plain))
        except (ValueError, TypeError, KeyError, RecursionError):
            faults.add(CHAIN, f"{layout.LOG} line {number}", "a log entry", line)
    return events, head


def _check_chain(events: Iterable[Event], faults: Faults) -> None:
    previous, sequence = GENESIS, 0
    for event in events:
        where = f"{layout.LOG} entry {event.sequence}"
        faults.expect(CHAIN, where, f"entry {sequence + 1}", f"entry {event.sequence}")
        faults.expect(CHAIN, where, f"previous hash {previous}", f"previous hash {event.prev_hash}")
        check_entry(event, where, faults)
        previous, sequence = event.hash, event.sequence


def check_entry(event: Event, where: str, faults: Faults) -> None:
    """Check that an entry is what its own hash says."""
    try:
        expected = event.expected_hash(event.prev_hash)
    except UnicodeEncodeError:  # half a surrogate pair, which no entry of ours holds
        expected = "of an entry in plain text"
    faults.expect(CHAIN, where, f"hash {expected}", f"hash {event.hash}")


def check_sealing(logged: Logged, facts: BatchFacts, faults: Faults) -> None:
    """Check that the log says who sealed the batch and when, as the package does."""
    sealings = [event for event in logged.batch if event.kind == "batch-sealed"]
    if len(sealings) != 1:
        faults.add("GD-4-7", layout.LOG, "one entry batch-sealed", f"{len(sealings)}")
        return
    (sealing,) = sealings
    faults.expect("GD-1-5", layout.BATCH_JSON, f"sealed by {sealing.actor}",
                  f"sealed by {facts.sealed_by}")  # fmt: skip
    try:
        apart = abs(type(facts.sealed_at).fromisoformat(sealing.instant) - facts.sealed_at)
    except (ValueError, TypeError):
        return  # the chain's own check names an instant that is none
    if apart.total_seconds() > _CLOSE_SECONDS:
        at = facts.sealed_at.astimezone(BEIJING).isoformat()
        faults.add("GD-1-5", layout.BATCH_JSON, f"sealed at {sealing.instant}", f"sealed at {at}")


def check_versions(logged: Logged, facts: BatchFacts, real: dict[str, str],
                   digests: tuple[str, str], faults: Faults) -> None:  # fmt: skip
    """Check policy, calibration and received tables against the log.

    `digests` are those of the policy's and the calibration's documents, "" where unreadable.
    """
    runs = logged.payloads("run-finished")
    told = runs[-1] if runs else {}
    names = ("policy_digest", "calibration_digest")
    for name, path, found in zip(
        names, (layout.POLICY_JSON, layout.CALIBRATION_JSON), digests, strict=True
    ):
        faults.expect(CHAIN, path, f"digest {getattr(facts, name)}", f"digest {found}")
        faults.expect(
            CHAIN, layout.BATCH_JSON, f"{name} {told.get(name)}", f"{name} {getattr(facts, name)}"
        )
    for name in ("engine_version", "rule_version"):
        faults.expect(
            CHAIN, layout.BATCH_JSON, f"{name} {told.get(name)}", f"{name} {getattr(facts, name)}"
        )
    wanted: dict[str, str] = {}
    for payload in logged.payloads(TABLES_RECEIVED):
        files, number = payload.get("files", {}), payload.get("delivery", 0)
        if isinstance(files, dict) and isinstance(number, int):
            wanted |= {f"{layout.RECEIVED}/{number:02}/{name}": str(digest)
                       for name, digest in files.items()}  # fmt: skip
    there = {path: digest for path, digest in real.items() if path.startswith(layout.RECEIVED)}
    for path in sorted(wanted.keys() | there.keys()):
        faults.expect(
            CHAIN,
            path,
            f"digest {wanted.get(path, 'none in the log')}",
            f"digest {there.get(path)}",
        )


def same_events(mine: Iterable[Event], theirs: Iterable[Event]) -> list[int]:
    """Return the sequences at which two lists of entries differ."""
    one = {event.sequence: dataclasses.astuple(event) for event in mine}
    other = {event.sequence: dataclasses.astuple(event) for event in theirs}
    return sorted(n for n in one.keys() | other.keys() if one.get(n) != other.get(n))
