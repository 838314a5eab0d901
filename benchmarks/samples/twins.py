"""In what one thing a must-flag application differs from its honest twin.

Most differences are one cell of the row; the file stays the same, byte for byte. A result below
the pass line is printed so (the same paper, drawn again), and a forged value is painted into the
picture; both are declared as they are printed. Every kind begins with `twin-`.
"""

import calendar
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from benchmarks.samples import changes
from benchmarks.samples.application import CATEGORY_NAMES, pass_line
from benchmarks.samples.forgery import patch_result, patch_value
from benchmarks.samples.look_alikes import (
    CHARACTERS,
    DIGITS,
    places_of_look_alikes,
    with_look_alike,
)
from benchmarks.samples.paper import Paper, PaperKind
from benchmarks.samples.people import GIVEN_CHARACTERS
from domain.id_numbers import check_character

Cells = Mapping[str, str]
Printed = Mapping[str, str]
Month = tuple[int, int]

# The batches close in March 2024: a later date is refused for another reason.
_LAST_MONTH: Month = (2024, 3)
_BEST_SCORES = {"cet": 710, "tem": 100, "trm": 100, "zik": 100, "eti": 200}
_LOOK_ALIKE_SHARE = 0.7
_BETTER_GRADES = {"合格": ("良好", "优秀"), "良好": ("优秀",), "优秀": ("良好",)}
_PRINTED_DATE = re.compile(r"(\d{4})\D?(\d{1,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """The honest side: what kind of paper, what it prints, what is declared."""

    kind: PaperKind
    printed: Printed
    cells: Cells

    @property
    def certificate_type(self) -> str:
        return self.kind.certificate_type


Change = Callable[[Twin, random.Random], dict[str, str] | None]
Redraw = Callable[[PaperKind, random.Random], dict[str, str]]
Patch = Callable[[Paper, random.Random], Paper | None]


def _always(_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One kind of must-flag item; exactly one of `change`, `redraw` and `patch` is given.

    suits: which layouts can show it at all. fits: whether what a paper prints allows it.
    change: the cell that is declared otherwise, None where this application has no such cell.
    redraw: the values that the same paper prints instead. patch: the forged paper, None where
    nothing could be forged. with_category: both sides fill 证书类别.
    """

    name: str
    suits: Callable[[PaperKind], bool] = _always
    fits: Callable[[Printed], bool] = _always
    change: Change | None = None
    redraw: Redraw | None = None
    patch: Patch | None = None
    with_category: bool = False


def family_of(kind: PaperKind) -> str:
    """Return the family by the beginning of the type's name: cet, tem, trm, etic, zikao."""
    name = kind.certificate_type
    return name.partition("-")[0] if "-" in name else name[:3]


def _has_number(kind: PaperKind) -> bool:
    return not kind.layout.startswith("etic-report")


def _has_numeric_score(kind: PaperKind) -> bool:
    if family_of(kind) in ("tem", "trm"):
        return kind.layout.endswith(("sentence-portrait", "label-landscape", "bilingual-landscape"))
    return not kind.layout.startswith("etic-certificate")


def _number_look_alike(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    number = twin.cells["成绩单编号"]
    if not places_of_look_alikes(number, DIGITS):
        return None
    return {"成绩单编号": with_look_alike(number, DIGITS, rng)}


def _number_digit(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    """Replace a digit by one that does not resemble it."""
    number = twin.cells["成绩单编号"]
    places = [place for place, character in enumerate(number) if character.isdecimal()]
    if not places:
        return None
    place = rng.choice(places)
    others = set("0123456789") - {number[place], *DIGITS.get(number[place], "")}
    other = rng.choice(sorted(others))
    return {"成绩单编号": number[:place] + other + number[place + 1 :]}


def _number_transposed(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    number = twin.cells["成绩单编号"]
    if not changes.can_transpose(number):
        return None
    return {"成绩单编号": changes.transpose_digits(number, rng)}


def other_scores(score: str, certificate_type: str) -> tuple[list[str], list[str]]:
    """Return passing scores one digit off: those that resemble the score, and the others."""
    least, best = pass_line(certificate_type), _BEST_SCORES[certificate_type[:3]]
    near: list[str] = []
    far: list[str] = []
    for place, digit in enumerate(score):
        for other in sorted(set("0123456789") - {digit}):
            text = score[:place] + other + score[place + 1 :]
            if text[0] != "0" and least <= int(text) <= best:
                (near if other in DIGITS.get(digit, "") else far).append(text)
    return near, far


def _score_digit(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    score = twin.cells["考试成绩"]
    if not score.isdecimal():
        return None
    near, far = other_scores(score, twin.certificate_type)
    chosen = near if near and (not far or rng.random() < _LOOK_ALIKE_SHARE) else far
    return {"考试成绩": rng.choice(chosen)} if chosen else None


def _grade(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    """Declare another passing grade than is printed: as the score where the score is a grade."""
    printed = twin.printed.get("grade", "")
    column = "成绩状态" if twin.cells["考试成绩"].isdecimal() else "考试成绩"
    if printed not in _BETTER_GRADES:
        return None
    return {column: rng.choice(_BETTER_GRADES[printed])}


def right_months(twin: Twin) -> set[Month]:
    """Return every month that may be declared for a paper: printed ones, and months of release."""
    declared_year, declared_month, *_ = changes.split_date(twin.cells["证书获取日期"])
    months = {(declared_year, declared_month)}
    for field in ("date", "issue_date"):
        match = _PRINTED_DATE.match(twin.printed.get(field, ""))
        if match:
            months.add((int(match[1]), int(match[2])))
    for year, month in sorted(months):
        if twin.certificate_type.startswith("cet"):
            months |= {_later(year, month, step) for step in (1, 2, 3)}
        if twin.certificate_type == "tem4":
            months |= {(year, 9), (year, 10)}
        if twin.certificate_type == "tem8":
            months.add((year, 6))
    return months


def _later(year: int, month: int, months: int) -> Month:
    return year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1


def _date_month(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    year, month, *_ = changes.split_date(twin.cells["证书获取日期"])
    return _other_date(twin, [(year, other) for other in range(1, 13) if other != month], rng)


def _date_year(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    year, month, *_ = changes.split_date(twin.cells["证书获取日期"])
    return _other_date(twin, [(year - 1, month), (year + 1, month)], rng)


def _other_date(twin: Twin, candidates: list[Month], rng: random.Random) -> dict[str, str] | None:
    """Declare a wrong month in the form of the right one; a day stays, so it has to exist."""
    text = twin.cells["证书获取日期"]
    day = (*changes.split_date(text), 1)[2]
    wrong = [
        (year, month)
        for year, month in candidates
        if (year, month) not in right_months(twin)
        and (year, month) <= _LAST_MONTH
        and day <= calendar.monthrange(year, month)[1]
    ]
    return {"证书获取日期": changes.set_month(text, *rng.choice(wrong))} if wrong else None


def _name_look_alike(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    """Replace one character; a name of characters without look-alikes gets a common one."""
    name = twin.cells["姓名"]
    if places_of_look_alikes(name, CHARACTERS):
        return {"姓名": with_look_alike(name, CHARACTERS, rng)}
    place = rng.choice([place for place, character in enumerate(name) if character != "·"])
    other = rng.choice([character for character in GIVEN_CHARACTERS if character != name[place]])
    return {"姓名": name[:place] + other + name[place + 1 :]}


def _name_missing(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    """Leave out one character of the given name."""
    name = twin.cells["姓名"]
    if len(name) < 3:
        return None
    place = rng.choice([place for place, c in enumerate(name) if place and c != "·"])
    return {"姓名": name[:place] + name[place + 1 :]}


def _level(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    family = twin.certificate_type[:3]
    return _category(twin, rng, lambda other: other[:3] == family)


def _type(twin: Twin, rng: random.Random) -> dict[str, str] | None:
    family = twin.certificate_type[:3]
    return _category(twin, rng, lambda other: other[:3] != family)


def _category(
    twin: Twin, rng: random.Random, suits: Callable[[str], bool]
) -> dict[str, str] | None:
    others = [name for name in CATEGORY_NAMES if name != twin.certificate_type and suits(name)]
    return {"证书类别": rng.choice(CATEGORY_NAMES[rng.choice(others)])} if others else None


def _language(twin: Twin, _: random.Random) -> dict[str, str]:
    words = {"English": "Russian", "英语": "俄语", "Russian": "English", "俄语": "英语"}
    return {"语种": words[twin.cells["语种"]]}


def _id_number(twin: Twin, rng: random.Random) -> dict[str, str]:
    """Declare the number of somebody born on the same day: one digit and the check character."""
    number = twin.cells["身份证号"]
    near: list[str] = []
    far: list[str] = []
    for place in (14, 15, 16):
        for digit in sorted(set("0123456789") - {number[place]}):
            first = number[:place] + digit + number[place + 1 : 17]
            if int(first[16]) % 2 == int(number[16]) % 2:
                other = first + check_character(first)
                (near if digit in DIGITS.get(number[place], "") else far).append(other)
    return {"身份证号": rng.choice(near if near and rng.random() < _LOOK_ALIKE_SHARE else far)}


def _below_pass_line(kind: PaperKind, rng: random.Random) -> dict[str, str]:
    """Return the values of a fail."""
    family = family_of(kind)
    if family == "cet":
        return {"score": str(rng.randint(340, 424))}
    if family == "etic":
        # Everything below 94 is 不合格 here; see `papers/etic.py`.
        return {"score": str(rng.randint(70, 93)), "status": "不合格"}
    return {"score": str(rng.randint(45, 59))}


def _forged_score(paper: Paper, rng: random.Random) -> Paper | None:
    """Paint in another result: a total or grade that its parts deny, or one digit of a score."""
    patched = patch_result(paper, rng)
    if patched is not None:
        printed = dict(patched.printed)
        if "grade" in printed and "status" in printed:
            # One place on the paper, two names in the truth.
            printed["status"] = printed["grade"]
        return replace(patched, printed=printed)
    score = paper.printed.get("score", "")
    if not score.isdecimal() or "score" not in paper.boxes:
        return None
    near, far = other_scores(score, paper.certificate_type)
    better = [text for text in (*near, *far) if int(text) > int(score)]
    return _painted(paper, "score", rng.choice(better), "考试成绩") if better else None


def _forged_number(paper: Paper, rng: random.Random) -> Paper | None:
    """Paint in another digit of the printed number that counts."""
    field = "certificate_number" if "certificate_number" in paper.printed else "admission_ticket"
    printed = paper.printed.get(field, "")
    if field not in paper.boxes or printed.replace(" ", "") != paper.declared["成绩单编号"]:
        return None
    return _painted(paper, field, with_look_alike(printed, DIGITS, rng), "成绩单编号")


def _painted(paper: Paper, field: str, value: str, column: str) -> Paper:
    image = patch_value(paper.image, paper.boxes[field], paper.printed[field], value)
    return replace(
        paper,
        image=image,
        pdf=None,
        printed={**paper.printed, field: value},
        declared={**paper.declared, column: value.replace(" ", "")},
    )


def _prints_id_number(printed: Printed) -> bool:
    return "id_number" in printed


def _prints_grade(kind: PaperKind) -> bool:
    return family_of(kind) in ("tem", "trm", "etic")


def _has_levels(kind: PaperKind) -> bool:
    return family_of(kind) != "zikao"


def _is_no_bare_sentence(kind: PaperKind) -> bool:
    """Leave out the sentence that has no ID number and says 合格 whatever the score."""
    return kind.layout != "zikao-single-sentence"


DIFFERENCES: tuple[Difference, ...] = (
    Difference(name="twin-number-look-alike", suits=_has_number, change=_number_look_alike),
    Difference(name="twin-number-digit", suits=_has_number, change=_number_digit),
    Difference(name="twin-number-transposed", suits=_has_number, change=_number_transposed),
    Difference(name="twin-score-digit", suits=_has_numeric_score, change=_score_digit),
    Difference(name="twin-grade", suits=_prints_grade, change=_grade),
    Difference(name="twin-date-month", change=_date_month),
    Difference(name="twin-date-year", change=_date_year),
    Difference(name="twin-name-look-alike", change=_name_look_alike),
    Difference(name="twin-name-missing", change=_name_missing),
    Difference(
        name="twin-level",
        suits=_has_levels,
        change=_level,
        with_category=True,
    ),
    Difference(name="twin-type", change=_type, with_category=True),
    Difference(name="twin-language", change=_language),
    Difference(
        name="twin-id-number",
        suits=_is_no_bare_sentence,
        fits=_prints_id_number,
        change=_id_number,
    ),
    Difference(
        name="twin-below-pass-line",
        suits=_is_no_bare_sentence,
        redraw=_below_pass_line,
    ),
)
FORGERIES: tuple[Difference, ...] = (
    Difference(name="twin-forged-score", suits=_has_numeric_score, patch=_forged_score),
    Difference(name="twin-forged-number", suits=_has_number, patch=_forged_number),
)
