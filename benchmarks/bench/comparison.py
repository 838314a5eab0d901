"""hedui and the plain alternatives on the same files, file by file in the same run, on one core.

hedui's side is a whole reading pool of one worker: pipe, decoding child and both readers included.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from benchmarks.bench.alternatives import ENGINES, Alternatives
from benchmarks.bench.endurance import page_count
from benchmarks.bench.judging import squeeze
from benchmarks.bench.machine import cpu_seconds, pin, reader_ids
from benchmarks.bench.reading import (
    READER_PROCESS,
    LabelledFolder,
    Listener,
    Outcomes,
    PolicyPair,
    Shelf,
    labelled,
    warm_up,
)
from benchmarks.bench.results import ComparedFile, Comparison, EngineSpeed, Sight
from benchmarks.bench.statistics import bootstrap_median, percentile
from domain.certificates import FieldName
from domain.reading import ReadOutcome, ReadRequest
from extractors.reading.pool import ReadingPool

OURS = "hedui"
OURS_ALONE = "hedui without second reader"
DECODING = "decoding"
_SHOWN_DIGEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """One file for the timed comparisons; `printed` is empty where others belong to it."""

    request: ReadRequest
    condition: str
    printed: tuple[str, ...]


def pick_sample(
    folders: Sequence[LabelledFolder], outcomes: Outcomes, shelf: Shelf, n: int
) -> tuple[PolicyPair | None, list[SampleFile]]:
    """Return up to `n` readable files, the conditions in turn, and the policy they are read under.

    The same folders give the same files: within a condition they follow their digests.
    """
    found: dict[PolicyPair, dict[str, SampleFile]] = {}
    for _, folder, submission, truth in labelled(folders):
        pair = PolicyPair(folder.policy.reading, folder.policy.intake)
        uploads = folder.readable(submission)
        for upload in uploads:
            outcome = outcomes.get(pair, upload.digest)
            if outcome is None or not page_count(outcome):
                continue
            printed = _printed(truth.fields) if len(uploads) == 1 else ()
            found.setdefault(pair, {})[upload.digest] = SampleFile(
                request=shelf.request(folder, upload), condition=truth.condition, printed=printed
            )
    if not found:
        return None, []
    pair = max(found, key=lambda pair: len(found[pair]))
    return pair, list(_in_turn(found[pair]))[:n]


def _printed(fields: Mapping[str, str]) -> tuple[str, ...]:
    known = {field.value for field in FieldName}
    return tuple(squeeze(text) for name, text in fields.items() if name in known and squeeze(text))


def _in_turn(files: Mapping[str, SampleFile]) -> Iterator[SampleFile]:
    groups: dict[str, list[SampleFile]] = {}
    for digest in sorted(files):
        groups.setdefault(files[digest].condition, []).append(files[digest])
    while groups:
        for condition in sorted(groups):
            yield groups[condition].pop(0)
            if not groups[condition]:
                del groups[condition]


def compare_engines(
    pair: PolicyPair,
    sample: Sequence[SampleFile],
    alternatives: bool,
    listener: Listener,
    others: Sequence[SampleFile] = (),
) -> Comparison:
    """Time every engine on every file, in an order that turns from file to file.

    As in the midst of a batch: hedui's workers read `others`, which are not timed, before all else,
    and every engine the file before, not timed either, just before each. What another engine left
    in the processor's caches would otherwise count against whoever comes next, most of all against
    the fast.
    """
    core = max(os.sched_getaffinity(0))
    engines = (OURS, OURS_ALONE, *(ENGINES if alternatives else ()))
    listener.begin("compare", len(sample))
    with ExitStack() as stack:
        child = stack.enter_context(Alternatives(pair.reading, pair.intake, core))
        pools = {
            OURS: stack.enter_context(ReadingPool(pair.reading, pair.intake, 1)),
            OURS_ALONE: stack.enter_context(
                ReadingPool(replace(pair.reading, second_reader=False), pair.intake, 1)
            ),
        }
        _warm(child, pools, engines, [file.request for file in others or sample[:1]])
        files = []
        for position, file in enumerate(sample):
            turned = engines[position % len(engines) :] + engines[: position % len(engines)]
            lead = sample[position - 1] if position else (others or sample)[-1]
            files.append(_compare(file, lead, turned, child, pools, core))
            listener.advance()
    return Comparison(
        core=core,
        engines=tuple(_speed(engine, files) for engine in engines),
        stages=_stages(files),
        files=tuple(files),
    )


def _warm(
    child: Alternatives,
    pools: Mapping[str, ReadingPool],
    engines: Sequence[str],
    requests: Sequence[ReadRequest],
) -> None:
    child.decode(requests[0])
    for engine in engines:
        if engine in pools:
            warm_up(pools[engine], requests, 1)
        else:
            child.read(engine)


def _compare(
    file: SampleFile,
    lead: SampleFile,
    engines: Sequence[str],
    child: Alternatives,
    pools: Mapping[str, ReadingPool],
    core: int,
) -> ComparedFile:
    decoded = child.decode(file.request)
    sights = {
        DECODING: Sight(
            wall_seconds=decoded.wall_seconds,
            cpu_seconds=decoded.cpu_seconds,
            failed=decoded.failed,
        )
    }
    for engine in engines:
        if engine in pools:
            warm_up(pools[engine], [lead.request], 1)
            sights[engine] = _read_ourselves(pools[engine], file, core)
        else:
            child.decode(lead.request)
            child.read(engine)
            child.decode(file.request)
            work = child.read(engine)
            sights[engine] = Sight(
                wall_seconds=work.wall_seconds,
                cpu_seconds=work.cpu_seconds,
                recall=_recall(file, work.text),
                failed=work.failed,
            )
    return ComparedFile(
        file=file.request.file_digest[:_SHOWN_DIGEST],
        condition=file.condition,
        pages=decoded.pages,
        sights={engine: sights[engine] for engine in sorted(sights)},
    )


def _read_ourselves(pool: ReadingPool, file: SampleFile, core: int) -> Sight:
    before = {}
    for process_id in reader_ids(READER_PROCESS):
        pin(process_id, core)
        before[process_id] = cpu_seconds(process_id)
    (outcome,) = pool.read([file.request])
    # Only the worker at work spends anything; one that was replaced meanwhile is left out.
    spent = sum(
        cpu_seconds(process_id) - before[process_id]
        for process_id in reader_ids(READER_PROCESS)
        if process_id in before
    )
    return Sight(
        wall_seconds=outcome.seconds,
        cpu_seconds=spent,
        recall=_recall(file, _full_text(outcome)),
        failed=outcome.fault,
    )


def _full_text(outcome: ReadOutcome) -> str:
    pages = outcome.reading.document.pages if outcome.reading else ()
    return "\n".join(line.text for page in pages for line in page.lines)


def _recall(file: SampleFile, text: str) -> float | None:
    squeezed = squeeze(text)
    found = [printed in squeezed for printed in file.printed]
    return sum(found) / len(found) if found else None


def _speed(engine: str, files: Sequence[ComparedFile]) -> EngineSpeed:
    """Return one engine's figures over the files that neither it nor hedui failed at."""
    read = [
        (file, file.sights[engine], file.sights[OURS])
        for file in files
        if file.pages and not file.sights[engine].failed and not file.sights[OURS].failed
    ]
    ratios = [theirs.wall_seconds / ours.wall_seconds for _, theirs, ours in read]
    cpu = [
        theirs.cpu_seconds / ours.cpu_seconds for _, theirs, ours in read if ours.cpu_seconds > 0
    ]
    seconds = sum(theirs.wall_seconds for _, theirs, _ in read)
    pages = sum(file.pages for file, _, _ in read)
    recalls = [theirs.recall for _, theirs, _ in read if theirs.recall is not None]
    paired = engine != OURS and bool(read)
    low, high = bootstrap_median(ratios) if paired else (None, None)
    return EngineSpeed(
        engine=engine,
        files=len(read),
        pages=pages,
        pages_per_second=pages / seconds if seconds else 0.0,
        p50_seconds_per_page=_median([s.wall_seconds / f.pages for f, s, _ in read]) or 0.0,
        ratio=_median(ratios) if paired else None,
        ratio_low=low,
        ratio_high=high,
        total_ratio=seconds / sum(o.wall_seconds for _, _, o in read) if paired else None,
        cpu_ratio=_median(cpu) if paired else None,
        recall=sum(recalls) / len(recalls) if recalls else None,
        failures=sum(bool(file.sights[engine].failed) for file in files),
    )


def _median(values: Sequence[float]) -> float | None:
    return percentile(values, 0.5) if values else None


def _stages(files: Sequence[ComparedFile]) -> dict[str, float]:
    """Return seconds a page of hedui's parts, as differences between whole readings."""
    good = [
        file
        for file in files
        if file.pages and not any(file.sights[name].failed for name in (DECODING, OURS, OURS_ALONE))
    ]
    pages = sum(file.pages for file in good)
    if not pages:
        return {}
    decoding, whole, alone = (
        sum(file.sights[name].wall_seconds for file in good) / pages
        for name in (DECODING, OURS, OURS_ALONE)
    )
    return {
        "decode in a child": decoding,
        "find, turn, recognize, extract": max(0.0, alone - decoding),
        "second reader": max(0.0, whole - alone),
    }
