"""Small changes of a value, such as a slip of the hand or a hopeful applicant makes.

Every function returns something that differs from what it was given.
"""

import random
import re

from benchmarks.samples.people import GIVEN_CHARACTERS
from domain.id_numbers import check_character

_DATE = re.compile(r"(\d{4})\D?(\d{1,2})(?:\D(\d{1,2}))?\D?")


def change_digit(text: str, rng: random.Random) -> str:
    """Return `text` with one of its digits, not the first, replaced by another digit.

    The first digit may carry a year; a change there would be caught by other rules as well.
    """
    places = [place for place, character in enumerate(text) if character.isdecimal()][1:]
    if not places:
        raise ValueError("a change needs at least two digits")
    return _with_other_digit(text, rng.choice(places), rng)


def change_last_digit(text: str, rng: random.Random) -> str:
    """Return a number of the same length whose last digit is another one."""
    return _with_other_digit(text, len(text) - 1, rng)


def split_date(text: str) -> tuple[int, ...]:
    """Return year and month, and the day where there is one, of a date in any form of the table.

    Raises `ValueError` for a text in another form.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a date in a form that the table allows")
    return tuple(int(part) for part in match.groups() if part is not None)


def rewrite_date(text: str, rng: random.Random) -> str:
    """Return the date in one of the forms that the table allows, sometimes without its day."""
    year, month, *day = split_date(text)
    if not day or rng.random() < 0.25:
        return rng.choice((f"{year}-{month:02d}", f"{year}年{month}月", f"{year}{month:02d}"))
    forms = ("{0}-{1:02d}-{2:02d}", "{0}/{1}/{2}", "{0}年{1}月{2}日")
    return rng.choice(forms).format(year, month, day[0])


def set_month(text: str, year: int, month: int) -> str:
    """Return the date in the same form with another year and month; a day stays as it is.

    Raises `ValueError` for a text in a form that the table does not allow.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a date in a form that the table allows")
    text = text.strip()
    written = f"{month:02d}" if len(match[2]) == 2 else str(month)
    return f"{year}{text[match.end(1) : match.start(2)]}{written}{text[match.end(2) :]}"


def change_year(text: str) -> str:
    """Return a date with the last digit of its year one lower, or 1 instead of 0."""
    year, *rest = split_date(text)
    other = year - 1 if year % 10 else year + 1
    return "-".join((str(other), *(f"{part:02d}" for part in rest)))


def can_transpose(text: str) -> bool:
    """Tell whether two neighbouring digits of `text` differ."""
    return bool(_transposable_places(text))


def transpose_digits(text: str, rng: random.Random) -> str:
    """Return `text` with two neighbouring, different digits exchanged."""
    place = rng.choice(_transposable_places(text))
    return f"{text[:place]}{text[place + 1]}{text[place]}{text[place + 2 :]}"


def another_id_number(id_number: str, rng: random.Random) -> str:
    """Return an ID number with the same region, birth date and sex, and a valid check character."""
    serial = int(id_number[14:17])
    other = rng.choice([number for number in range(serial % 2, 1000, 2) if number != serial])
    first_seventeen = f"{id_number[:14]}{other:03d}"
    return first_seventeen + check_character(first_seventeen)


def change_character(name: str, rng: random.Random) -> str:
    """Return a name whose last character is another one."""
    other = rng.choice([character for character in GIVEN_CHARACTERS if character != name[-1]])
    return name[:-1] + other


def _with_other_digit(text: str, place: int, rng: random.Random) -> str:
    digit = rng.choice([digit for digit in "0123456789" if digit != text[place]])
    return text[:place] + digit + text[place + 1 :]


def _transposable_places(text: str) -> list[int]:
    return [
        place
        for place in range(len(text) - 1)
        if text[place].isdecimal()
        and text[place + 1].isdecimal()
        and text[place] != text[place + 1]
    ]
