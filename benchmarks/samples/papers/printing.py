"""How values are written on papers and in declarations: labels, dates, spaced numbers, names."""

import calendar
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from benchmarks.samples.drawing import Colour, Sheet, draw_lettering
from benchmarks.samples.fonts import HELD_BACK
from benchmarks.samples.paper import PaperOrder

# The sample batches close in spring 2024, so no sample paper may be younger than this.
LATEST = date(2024, 1, 31)

PAPER_COLOURS: tuple[Colour, ...] = (
    (255, 255, 255),
    (252, 250, 243),
    (249, 251, 248),
    (246, 249, 252),
    (253, 247, 244),
)
ACCENTS: tuple[Colour, ...] = (
    (24, 70, 140),
    (150, 30, 40),
    (20, 100, 80),
    (90, 50, 120),
    (150, 110, 30),
)

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The labels of one paper: field -> words, and what stands between label and value."""

    labels: Labels
    separator: str

    def of(self, field: str) -> str:
        """Return the label with its separator."""
        return self.labels[field] + self.separator

    def bare(self, field: str) -> str:
        """Return the label alone, for table heads."""
        return self.labels[field]


def draw_wording(wordings: Mapping[str, Labels], order: PaperOrder, rng: random.Random) -> Wording:
    """Choose a set of labels: held-back layouts use the held-back sets, all others the rest."""
    names = [name for name in wordings if (name in HELD_BACK.wordings) == order.held_back]
    labels = wordings[rng.choice(names)]
    return Wording(labels=labels, separator=rng.choice(("：", "：", ":", " :", "")))


def split_generator(rng: random.Random) -> tuple[random.Random, random.Random]:
    """Split off one generator for the values and one for the looks.

    So that a forced value changes itself and what follows from it, never the layout.
    """
    return random.Random(rng.getrandbits(64)), random.Random(rng.getrandbits(64))


def draw_sheet(
    order: PaperOrder,
    rng: random.Random,
    width_mm: float,
    height_mm: float,
    *,
    dpis: tuple[int, ...] = (170, 180, 190, 200),
    embeddable: bool = False,
    white: bool = False,
) -> Sheet:
    """Start a sheet of paper measured in millimetres."""
    dpi = rng.choice(dpis)
    paper = rng.choice(PAPER_COLOURS)
    return Sheet(
        width_mm,
        height_mm,
        scale=dpi / 25.4,
        dpi=dpi,
        lettering=draw_lettering(order, rng, embeddable=embeddable),
        paper=(255, 255, 255) if white else paper,
    )


def draw_screen(order: PaperOrder, rng: random.Random, width: int, height: int) -> Sheet:
    """Start a screenshot measured in CSS pixels; phones show two or three pixels for each."""
    scale = rng.choice((1.5, 2.0)) if width < 600 else 1.25
    return Sheet(
        width, height, scale=scale, dpi=round(96 * scale), lettering=draw_lettering(order, rng)
    )


def forced_date(order: PaperOrder, drawn: date) -> date:
    """Return the forced date (`YYYY-MM` or `YYYY-MM-DD`) or the drawn one."""
    text = order.overrides.get("date")
    if text is None:
        return drawn
    year, month, *rest = (int(part) for part in text.split("-"))
    last_day = calendar.monthrange(year, month)[1]
    return date(year, month, rest[0] if rest else min(drawn.day, last_day))


def print_name(order: PaperOrder, rng: random.Random) -> str:
    """Return the name as printed: old forms part a two-character name by a space."""
    name = order.overrides.get("name", order.person.name)
    return f"{name[0]} {name[1]}" if rng.random() < 0.2 and len(name) == 2 else name


def print_id_number(order: PaperOrder, rng: random.Random) -> str:
    """Return the ID number as printed, sometimes in groups of 6, 8 and 4."""
    number = order.overrides.get("id_number", order.person.id_number)
    if rng.random() < 0.12:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    return number


def space_digits(number: str, rng: random.Random) -> str:
    """Return a long number as printed, sometimes in groups of five."""
    if rng.random() < 0.2:
        return " ".join(number[start : start + 5] for start in range(0, len(number), 5))
    return number


def print_day(day: date, rng: random.Random) -> str:
    """Write a full date as papers do."""
    return rng.choice(
        (
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}年{day.month:02d}月{day.day:02d}日",
            f"{day:%Y-%m-%d}",
        )
    )


def print_month(day: date, rng: random.Random) -> str:
    """Write a month as papers do."""
    return rng.choice((f"{day.year}年{day.month}月", f"{day.year}年{day.month:02d}月"))


def declare_month(day: date, rng: random.Random) -> str:
    """Write a month as applicants type it."""
    return rng.choice((f"{day:%Y-%m}", f"{day.year}年{day.month}月", f"{day:%Y%m}"))


def declare_day(day: date, rng: random.Random) -> str:
    """Write a full date as applicants type it, sometimes only its month."""
    return rng.choice(
        (
            f"{day:%Y-%m-%d}",
            f"{day.year}/{day.month}/{day.day}",
            f"{day.year}年{day.month}月{day.day}日",
            declare_month(day, rng),
        )
    )


def declare(
    rng: random.Random, *, language: str, day: str, number: str, score: str, status: str
) -> dict[str, str]:
    """Gather what an honest applicant types; the number without the spaces of the print."""
    english_word = {"英语": "English", "俄语": "Russian"}.get(language, language)
    return {
        "语种": english_word if rng.random() < 0.1 else language,
        "证书获取日期": day,
        "成绩单编号": number.replace(" ", ""),
        "考试成绩": score,
        "成绩状态": status,
    }
