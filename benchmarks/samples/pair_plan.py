"""Which pairs a folder holds: equal counts per family and condition, layouts and kinds in turn.

The plan is made before anything is drawn, so that the pairs can be drawn in any order and by
several processes. `pairs.py` draws them.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from benchmarks.samples.conditions import CONDITIONS, certificate_conditions
from benchmarks.samples.drawing import LayoutFault
from benchmarks.samples.paper import NOT_ACCEPTED, UNKNOWN, PaperKind
from benchmarks.samples.papers import PAPERS, compose_paper
from benchmarks.samples.people import draw_person
from benchmarks.samples.twins import DIFFERENCES, FORGERIES, Difference, family_of

HeldBackChoice = Literal["exclude", "only", "include"]
FAMILIES = ("cet", "tem", "etic", "zikao")
# The shipped policy lets no machine accept these, so they are counted apart.
FAMILIES_APART = ("trm",)
FORGED_SHARE = 0.1
_APART_SHARE = 0.02
# A forged paper has no electronic original any more: these conditions would differ by that too.
_ORIGINALS = ("screenshot", "text-pdf", "image-pdf", "page-two")
_PDF_CONDITIONS = {"": "", "text": "text-pdf", "turned-image": "image-pdf"}
_MILLIMETRES_PER_INCH = 25.4
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOrder:
    """What folder is asked for.

    n: pairs of the four families that a machine may accept; forged pairs (a tenth) and pairs of
    the Russian certificates (a fiftieth) come on top. held_back_share: with `include`, the share
    of the pairs from held-back layouts where a condition has any; None takes all in turn.
    """

    n: int
    seed: int
    held_back: HeldBackChoice = "include"
    held_back_share: float | None = None
    forged_share: float = FORGED_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class PairJob:
    """One pair to draw: `number` gives it its own random source."""

    number: int
    kind: PaperKind
    condition: str
    difference: Difference
    student_numbers: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    kind: PaperKind
    condition: str


def plan_pairs(order: PairOrder) -> list[PairJob]:
    """Return the pairs of a folder, the same for the same order.

    Raises `ValueError` for counts and shares that make no sense, `LookupError` where no layout is
    left.
    """
    if order.n < 1:
        raise ValueError(f"a folder needs at least one pair, not {order.n}")
    if not 0 <= (order.held_back_share or 0) <= 1 or not 0 <= order.forged_share <= 1:
        raise ValueError("a share lies between 0 and 1")
    source = random.Random(f"{order.seed}/pairs/plan")
    planned = [
        *_plan(order.n, order, FAMILIES, DIFFERENCES, (), source),
        *_plan(round(order.forged_share * order.n), order, FAMILIES, FORGERIES, _ORIGINALS, source),
        *_plan(round(_APART_SHARE * order.n), order, FAMILIES_APART, DIFFERENCES, (), source),
    ]
    source.shuffle(planned)
    numbers = _student_numbers(len(planned), source)
    return [
        PairJob(
            number=number,
            kind=slot.kind,
            condition=slot.condition,
            difference=difference,
            student_numbers=numbers[number],
        )
        for number, (slot, difference) in enumerate(planned)
    ]


def _plan(
    n: int,
    order: PairOrder,
    families: Sequence[str],
    differences: Sequence[Difference],
    left_out: Sequence[str],
    source: random.Random,
) -> list[tuple[_Slot, Difference]]:
    cells = _cells(order.held_back, families, differences, left_out)
    if not cells:
        raise LookupError("no layout is left to draw")
    layouts: Counter[tuple[str, str]] = Counter()
    slots: list[_Slot] = []
    for (_, condition), size in zip(cells, _sizes(n, len(cells), source), strict=True):
        kinds = cells[_, condition]
        slots += _fill(kinds, condition, size, order.held_back_share, layouts, source)
    return _assign(slots, differences, source)


def _cells(
    held_back: HeldBackChoice,
    families: Sequence[str],
    differences: Sequence[Difference],
    left_out: Sequence[str],
) -> dict[tuple[str, str], list[PaperKind]]:
    """Return the layouts of every family and condition that any of them can have."""
    cells: dict[tuple[str, str], list[PaperKind]] = {}
    for family in families:
        for condition in CONDITIONS:
            kinds = [
                kind
                for kind in _certificates()
                if family_of(kind) == family
                and (held_back == "include" or kind.held_back == (held_back == "only"))
                and condition in _conditions_of(kind)
                and any(difference.suits(kind) for difference in differences)
            ]
            if kinds and condition not in left_out:
                cells[family, condition] = kinds
    return cells


def _certificates() -> list[PaperKind]:
    return [
        kind
        for kind in PAPERS
        if kind.is_certificate and kind.certificate_type not in (NOT_ACCEPTED, UNKNOWN)
    ]


@lru_cache(maxsize=256)
def _conditions_of(kind: PaperKind) -> tuple[str, ...]:
    """Return the conditions that any paper of a layout can have; its size and form are fixed."""
    for seed in range(_ATTEMPTS):
        source = random.Random(seed)
        try:
            composition = compose_paper(kind, draw_person(source), source)
        except LayoutFault:
            continue
        sheet = composition.sheet
        long_side_mm = max(sheet.size_px) / sheet.dpi * _MILLIMETRES_PER_INCH
        return certificate_conditions(long_side_mm, _PDF_CONDITIONS[composition.pdf_form])
    raise LookupError(f"layout {kind.layout} cannot be composed")


def _sizes(n: int, cells: int, source: random.Random) -> list[int]:
    """Share n among the cells, as equal as can be."""
    least, rest = divmod(n, cells)
    richer = set(source.sample(range(cells), rest))
    return [least + (cell in richer) for cell in range(cells)]


def _fill(
    kinds: Sequence[PaperKind],
    condition: str,
    size: int,
    held_back_share: float | None,
    layouts: Counter[tuple[str, str]],
    source: random.Random,
) -> list[_Slot]:
    """Take the layouts of a cell in turn, and of each layout the types in turn."""
    here: Counter[str] = Counter()
    start = source.random()
    slots = []
    for place in range(size):
        allowed = list(kinds)
        if held_back_share is not None:
            wanted = int(start + (place + 1) * held_back_share) > int(
                start + place * held_back_share
            )
            allowed = [kind for kind in kinds if kind.held_back == wanted] or allowed

        def used(kind: PaperKind) -> tuple[int, int, float]:
            return (
                here[kind.layout],
                layouts[kind.layout, kind.certificate_type],
                source.random(),
            )

        chosen = min(allowed, key=used)
        here[chosen.layout] += 1
        layouts[chosen.layout, chosen.certificate_type] += 1
        slots.append(_Slot(kind=chosen, condition=condition))
    return slots


def _assign(
    slots: Sequence[_Slot], differences: Sequence[Difference], source: random.Random
) -> list[tuple[_Slot, Difference]]:
    """Give each slot a difference, so that every one is used about as often in each family."""
    planned: list[tuple[_Slot, Difference]] = []
    for family in sorted({family_of(slot.kind) for slot in slots}):
        left = [slot for slot in slots if family_of(slot.kind) == family]
        source.shuffle(left)

        def suiting(difference: Difference, slots: Sequence[_Slot] = tuple(left)) -> int:
            return sum(difference.suits(slot.kind) for slot in slots)

        # What few papers can show chooses first.
        waiting = sorted(filter(suiting, differences), key=suiting)
        for place, difference in enumerate(waiting):
            others = len(waiting) - place
            quota = len(left) // others + (source.randrange(others) < len(left) % others)
            able = [slot for slot in left if difference.suits(slot.kind)]
            chosen = _in_turn(able)[:quota]
            planned += [(slot, difference) for slot in chosen]
            taken = set(map(id, chosen))
            left = [slot for slot in left if id(slot) not in taken]
        for slot in left:
            suitable = [difference for difference in waiting if difference.suits(slot.kind)]
            planned.append((slot, source.choice(suitable)))
    return planned


def _in_turn(slots: Sequence[_Slot]) -> list[_Slot]:
    """Order slots so that the conditions come in turn."""
    seen: Counter[str] = Counter()
    ranked = []
    for slot in slots:
        ranked.append((seen[slot.condition], slot))
        seen[slot.condition] += 1
    return [slot for _, slot in sorted(ranked, key=lambda pair: pair[0])]


def _student_numbers(pairs: int, source: random.Random) -> list[tuple[str, str]]:
    """Return 学号 of which no two are equal; both of a pair began in the same year."""
    tails = source.sample(range(10**8), 2 * pairs)
    return [
        (f"{year}{tails[2 * pair]:08d}", f"{year}{tails[2 * pair + 1]:08d}")
        for pair in range(pairs)
        for year in (source.randint(2015, 2023),)
    ]
