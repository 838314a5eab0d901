"""How well a picture is known again: false pairs, recall for each change, time of a look-up.

All three go through the index and the comparison of a real run, in a store of their own. Papers are
drawn here. False pairs are counted among people whose papers look the same but for what is
personal; where their values stand is taken from the drawing, moved a little as a detector would:
reading five thousand pages takes an hour. Recall rests on real readings of originals and copies.
"""

import io
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.bench.look_ups import LookUps, look_up_table, time_look_ups
from benchmarks.bench.reading import Listener
from benchmarks.bench.tables import FigureTable
from benchmarks.samples.conditions import apply_condition
from benchmarks.samples.copies import COPIES
from benchmarks.samples.drawing import LayoutFault
from benchmarks.samples.one_layout import DrawnPaper, draw_of_one_layout
from benchmarks.samples.paper import Box, Paper
from benchmarks.samples.papers import PAPERS, draw_paper
from benchmarks.samples.people import draw_person
from domain.application import FileKind
from domain.certificates import CertificateType, FieldName
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.likeness import FilePrint
from domain.page import BoundingBox, Document, Line, Page
from domain.policy import Policy
from domain.reading import Reading, ReadOutcome, ReadRequest
from domain.shares import upper_bound
from extractors.reading.likeness import fingerprint
from extractors.reading.pool import ReadingPool
from store import Store, open_store
from validators.likeness import is_same_picture

LAYOUT, LOOKS = "cet-card-2021", 5
# The sides of a line are found this near to where they are, in heights of the line.
JITTER = 0.06
RECALL_CONDITIONS = ("clean", "photo")
_KEPT_AT_ONCE = 2000
_NEVER_READ = ("trm4", "trm8", "not-accepted", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessOrder:
    """What is measured.

    `people` on one layout, `papers` of which copies are read, `indexed` earlier uploads among which
    is looked up. `database_url` names an empty PostgreSQL database in place of a SQLite file.
    """

    people: int
    papers: int
    indexed: int
    workers: int
    database_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FalsePairs:
    """What the index and the comparison make of different people's papers."""

    people: int
    candidates: int
    most_candidates: int
    found: int
    print_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Of `n` copies changed in one way: how many were candidates, and how many were found.

    `by_looks` are those that are candidates without the numbers that were read.
    """

    change: str
    n: int
    candidates: int
    by_looks: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessResult:
    """Everything that `hedui bench --likeness` found."""

    false_pairs: FalsePairs
    recalls: tuple[Recall, ...]
    look_ups: LookUps


def measure_likeness(order: LikenessOrder, policy: Policy, listener: Listener) -> LikenessResult:
    """Draw, read, compare and time; nothing of the installation's own store is touched.

    Raises `MachineFault` where the reading workers or the database fail.
    """
    listener.begin("draw", order.people)
    prints, print_ms = _draw_people(order, listener)
    with _scratch_store() as store:
        false_pairs = _count_false_pairs(store, prints, print_ms, listener)
    with _scratch_store() as store:
        recalls = _measure_recall(store, order, policy, listener)
    with _scratch_store(order.database_url) as store:
        look_ups = time_look_ups(store, prints, order.indexed, listener)
    return LikenessResult(false_pairs=false_pairs, recalls=recalls, look_ups=look_ups)


class _ScratchStore:
    """A store that disappears with its block."""

    def __init__(self, database_url: str | None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hedui-likeness-")
        self._database_url = database_url

    def __enter__(self) -> Store:
        self._store = open_store(Path(self._folder.name), self._database_url)
        return self._store

    def __exit__(self, *_: object) -> None:
        self._store.close()
        self._folder.cleanup()


def _scratch_store(database_url: str | None = None) -> _ScratchStore:
    return _ScratchStore(database_url)


def _draw_people(order: LikenessOrder, listener: Listener) -> tuple[list[FilePrint], float]:
    """Return the prints of many people's papers, and the milliseconds that one print takes."""
    prints: list[FilePrint] = []
    seconds = 0.0
    with ProcessPoolExecutor(order.workers, mp_context=get_context("spawn")) as pool:
        for item, spent in pool.map(_print_person, range(order.people), chunksize=20):
            prints.append(item)
            seconds += spent
            listener.advance()
    return prints, 1000 * seconds / max(1, len(prints))


def _print_person(seed: int) -> tuple[FilePrint, float]:
    """Draw one person's paper and return its print with the processor seconds it took."""
    import cv2

    cv2.setNumThreads(1)
    drawn = draw_of_one_layout(LAYOUT, seed, LOOKS)
    rng = random.Random(seed)
    pixels = np.ascontiguousarray(np.asarray(drawn.image.convert("RGB"))[:, :, ::-1])
    page, extraction = _as_read(drawn, rng)
    begun = time.process_time()
    made = fingerprint(pixels, page, extraction)
    spent = time.process_time() - begun
    digest = sha256(f"person {seed}".encode()).hexdigest()
    reading = Reading(
        document=Document(file_digest=digest, pages=(page,)),
        extractions=(extraction,),
        prints=(made,),
    )
    outcome = ReadOutcome(file_digest=digest, reading=reading, seconds=0.0)
    item = outcome.file_print()
    assert item is not None
    return item, spent


def _as_read(drawn: DrawnPaper, rng: random.Random) -> tuple[Page, Extraction]:
    """Return the page and extraction that a reader of nothing but the truth would give."""
    width, height = drawn.image.size
    fields = {field.value: field for field in FieldName}
    values = tuple(
        _value(fields[name], drawn.printed[name], _quad(box, (width, height), rng))
        for name, box in drawn.boxes.items()
        if name in fields and drawn.printed.get(name)
    )
    lines = tuple(
        Line(
            text="",
            quad=_quad(box, (width, height), rng),
            confidence=1.0,
            positions=(),
            character_confidences=(),
        )
        for box in drawn.lines
    )
    page = Page(
        file_digest="",
        page_number=1,
        width_px=width,
        height_px=height,
        turned_degrees=0,
        mirrored=False,
        lines=lines,
    )
    kind = Classification(certificate_type=CertificateType.CET4, form=None, score=1.0)
    return page, Extraction(file_digest="", page_number=1, classification=kind, values=values)


def _quad(box: Box, size: tuple[int, int], rng: random.Random) -> tuple[tuple[float, float], ...]:
    """Return a box as a detector finds it: its sides moved a little, not its corners."""
    left, top, right, bottom = box
    reach = JITTER * (bottom - top)
    across = reach * size[1] / size[0]
    left, right = (side + rng.uniform(-across, across) for side in (left, right))
    top, bottom = (side + rng.uniform(-reach, reach) for side in (top, bottom))
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _value(field: FieldName, text: str, quad: tuple[tuple[float, float], ...]) -> ExtractedValue:
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    box = BoundingBox(left=min(xs), top=min(ys), right=max(xs), bottom=max(ys))
    evidence = Evidence(file_digest="", page_number=1, bbox=box, raw_text=text, quad=quad)
    return ExtractedValue(field=field, text=text, confidence=1.0, evidence=evidence)


def _count_false_pairs(
    store: Store, prints: Sequence[FilePrint], print_ms: float, listener: Listener
) -> FalsePairs:
    """Look each paper up among all others; whatever is found is a false pair."""
    listener.begin("compare", len(prints))
    for part in _parts(prints, _KEPT_AT_ONCE):
        store.likenesses.keep(part)
    counts: list[int] = []
    pairs: set[frozenset[str]] = set()
    for item in prints:
        candidates = store.likenesses.candidates(item)
        counts.append(len(candidates))
        for other in candidates:
            if is_same_picture(item, other):
                pairs.add(frozenset((item.file_digest, other.file_digest)))
        listener.advance()
    return FalsePairs(
        people=len(prints),
        candidates=sum(counts),
        most_candidates=max(counts, default=0),
        found=len(pairs),
        print_ms=print_ms,
    )


def _measure_recall(
    store: Store, order: LikenessOrder, policy: Policy, listener: Listener
) -> tuple[Recall, ...]:
    """Read originals and copies of many layouts, and look every copy up among the originals."""
    with tempfile.TemporaryDirectory(prefix="hedui-copies-") as folder:
        requests: dict[str, ReadRequest] = {}
        copies: list[tuple[str, str, str]] = []  # original, change, copy
        for original in _originals(order.papers):
            picture = Image.open(io.BytesIO(original)).convert("RGB")
            first = _shelve(Path(folder), original)
            requests[first.file_digest] = first
            for name, change in COPIES.items():
                copy = _shelve(Path(folder), change(picture))
                requests[copy.file_digest] = copy
                copies.append((first.file_digest, name, copy.file_digest))
        listener.begin("read", len(requests))
        prints: dict[str, FilePrint] = {}
        with ReadingPool(policy.reading, policy.intake, order.workers) as pool:
            for outcome in pool.read(requests.values()):
                if (item := outcome.file_print()) is not None:
                    prints[outcome.file_digest] = item
                listener.advance()
    originals = {first for first, _, _ in copies}
    store.likenesses.keep(prints[digest] for digest in sorted(originals) if digest in prints)
    results: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for source, change_name, second in copies:
        results[change_name].append(_find(store, source, prints.get(second)))
    return tuple(
        Recall(
            change=name,
            n=len(rows),
            candidates=sum(row[0] for row in rows),
            by_looks=sum(row[1] for row in rows),
            found=sum(row[2] for row in rows),
        )
        for name, rows in results.items()
    )


def _find(store: Store, original: str, copy: FilePrint | None) -> tuple[bool, bool, bool]:
    """Return whether the original is a candidate, by looks alone too, and whether it is found."""
    if copy is None:
        return False, False, False
    everything = store.likenesses.candidates(copy)
    by_looks = store.likenesses.candidates(replace(copy, marks=()))
    other = next((one for one in everything if one.file_digest == original), None)
    return (
        other is not None,
        any(one.file_digest == original for one in by_looks),
        other is not None and is_same_picture(copy, other),
    )


def _originals(papers: int) -> Iterator[bytes]:
    """Yield pictures of papers of every layout in turn, clean and photographed."""
    # Types of one family share their layouts: one of each will do.
    kinds = list(
        {
            kind.layout: kind
            for kind in reversed(PAPERS)
            if kind.is_certificate and kind.certificate_type not in _NEVER_READ
        }.values()
    )
    rng = random.Random(7)
    for number in range(papers):
        kind = kinds[number // len(RECALL_CONDITIONS) % len(kinds)]
        condition = RECALL_CONDITIONS[number % len(RECALL_CONDITIONS)]
        paper: Paper | None = None
        while paper is None:
            try:
                paper = draw_paper(kind, draw_person(rng), rng)
            except LayoutFault:
                continue  # a long name does not fit: another person
        yield apply_condition(paper, condition, rng)[0].data


def _shelve(folder: Path, data: bytes) -> ReadRequest:
    digest = sha256(data).hexdigest()
    path = folder / digest
    path.write_bytes(data)
    kind = FileKind.PNG if data.startswith(b"\x89PNG") else FileKind.JPEG
    return ReadRequest(path=str(path), file_digest=digest, kind=kind)


def _parts(items: Sequence[FilePrint], size: int) -> Iterator[Sequence[FilePrint]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def likeness_tables(result: LikenessResult) -> Iterator[FigureTable]:
    """Yield the figures as tables."""
    pairs = result.false_pairs
    possible = pairs.people * (pairs.people - 1) // 2
    bound = upper_bound(pairs.found, possible, 0.95) if possible else 1.0
    yield FigureTable(
        heading="The same picture: false pairs among people with papers of one layout",
        note=f"Layout {LAYOUT}: everything but what is personal is the same on all of them.",
        headers=("", ""),
        rows=(
            ("people", str(pairs.people)),
            ("pairs of different people", str(possible)),
            ("candidates for one upload, mean", f"{pairs.candidates / max(1, pairs.people):.2f}"),
            ("candidates for one upload, most", str(pairs.most_candidates)),
            ("false pairs", f"{pairs.found} (95 %: at most {1e6 * bound:.2f} in a million pairs)"),
            ("one print, ms of processor time", f"{pairs.print_ms:.1f}"),
        ),
    )
    yield FigureTable(
        heading="The same picture: recall for each change",
        note="Papers of all layouts in turn, clean and photographed, original and copy really read."
        " By looks alone: without the numbers that were read.",
        headers=("change", "copies", "candidates", "by looks alone", "found"),
        rows=tuple(
            (
                one.change,
                str(one.n),
                str(one.candidates),
                str(one.by_looks),
                f"{one.found} ({100 * one.found / max(1, one.n):.0f} %)",
            )
            for one in result.recalls
        ),
    )
    yield look_up_table(result.look_ups)
