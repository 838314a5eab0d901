"""Results of CET-4 and CET-6: sessions, part scores, tickets and report numbers that fit together.

The structure of the numbers and the maxima of the parts follow the certificate facts in docs/.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from benchmarks.samples.paper import PaperOrder
from benchmarks.samples.papers.printing import forced_date

PROVINCES = ("11", "12", "21", "31", "32", "33", "34", "37", "42", "43", "44", "51", "53", "61")
SCHOOLS = ("样例大学", "示例科技大学", "虚构师范学院", "样本外国语大学", "示范工业职业大学")
ORAL_GRADES = ("A+", "A", "B+", "B", "B", "C+", "C", "C")
THREE_PARTS = date(2013, 12, 1)
ORAL_ON_CARD = date(2016, 12, 1)
NO_ORAL = "--"


@dataclass(frozen=True, slots=True, kw_only=True)
class CetResult:
    """One sitting of one person; `comprehensive` empty since December 2013."""

    level: int
    sitting: date
    school: str
    parts: Mapping[str, str]
    total: str
    oral: str
    oral_ticket: str
    ticket: str
    number: str

    @property
    def level_word(self) -> str:
        """Return 四级 or 六级."""
        return "四级" if self.level == 4 else "六级"


def part_limits(sitting: date) -> dict[str, int]:
    """Return the maximum of each part at a sitting."""
    if sitting >= THREE_PARTS:
        return {"listening": 249, "reading": 249, "writing_translation": 212}
    return {"listening": 249, "reading": 249, "comprehensive": 70, "writing_translation": 142}


def draw_result(order: PaperOrder, rng: random.Random, *, first: date, last: date) -> CetResult:
    """Draw a result of a regular session between two months; forced values win.

    Only June and December are drawn: the session digit of the extra sittings is unknown.
    """
    level = 4 if order.certificate_type == "cet4" else 6
    sessions = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in (6, 12)
        if first <= date(year, month, 1) <= last and (year, month) != (2020, 6)
    ]
    sitting = forced_date(order, rng.choice(sessions)).replace(day=1)
    total = int(min(660, max(300, rng.gauss(478, 55))))
    limits = part_limits(sitting)
    parts, printed_total = _force_scores(order, _draw_parts(total, limits, rng), limits)
    session = f"{sitting.year % 100:02d}{1 if sitting.month <= 6 else 2}"
    school_code = f"{rng.choice(PROVINCES)}9{rng.randint(0, 99):02d}"
    campus, room, seat = rng.randint(0, 3), rng.randint(1, 180), rng.randint(1, 30)
    level_digit = 1 if level == 4 else 2
    serial = rng.randint(1, 39999)
    took_oral = rng.random() < 0.4 and sitting >= ORAL_ON_CARD
    oral, oral_digits = rng.choice(ORAL_GRADES), f"{rng.randint(0, 10**7 - 1):07d}"
    oral_ticket = f"{'F' if level == 4 else 'S'}{school_code}{session[:2]}{oral_digits}"
    return CetResult(
        level=level,
        sitting=sitting,
        school=rng.choice(SCHOOLS),
        parts=parts,
        total=printed_total,
        oral=order.overrides.get("speaking", oral if took_oral else NO_ORAL),
        oral_ticket=oral_ticket if took_oral else NO_ORAL,
        ticket=order.overrides.get(
            "admission_ticket",
            f"{school_code}{campus}{session}{level_digit}{room:03d}{seat:02d}",
        ),
        number=order.overrides.get(
            "certificate_number", f"{session}{level_digit}{school_code}{serial:06d}"
        ),
    )


def _draw_parts(total: int, limits: Mapping[str, int], rng: random.Random) -> dict[str, int]:
    """Share a total among the parts, never above a part's maximum."""
    weights = {part: limit * rng.uniform(0.85, 1.15) for part, limit in limits.items()}
    return _share(total, weights, limits)


def _share(total: int, weights: Mapping[str, float], limits: Mapping[str, int]) -> dict[str, int]:
    whole = sum(weights.values())
    shares = {part: min(limits[part], int(total * weights[part] / whole)) for part in limits}
    missing = total - sum(shares.values())
    for part, limit in limits.items():
        added = min(limit - shares[part], missing)
        shares[part] += added
        missing -= added
    return shares


def _force_scores(
    order: PaperOrder, drawn: Mapping[str, int], limits: Mapping[str, int]
) -> tuple[dict[str, str], str]:
    """Apply forced scores; a forced total alone is shared out, so that the parts still add up."""
    forced_parts = {part: order.overrides[part] for part in drawn if part in order.overrides}
    forced_total = order.overrides.get("score")
    if forced_total is not None and not forced_parts and forced_total.isdecimal():
        drawn = _share(
            int(forced_total), {part: score + 1 for part, score in drawn.items()}, limits
        )
    parts = {part: str(score) for part, score in drawn.items()} | forced_parts
    if forced_total is None:
        forced_total = str(sum(int(score) for score in parts.values()))
    return parts, forced_total
