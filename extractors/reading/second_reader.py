"""Read the critical values a second time, with an engine that shares nothing with the first.

Tesseract sees only the crops of values that the first reader found, not what it read there. The
first looks run inside the worker (tesserocr: its models stay loaded). What they leave open the
system's own Tesseract decides (pytesseract): another build.
"""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

# Read before the library starts its threads: one worker, one thread.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import cv2
import tesserocr

from domain.certificates import FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.faults import ConfigurationFault, MachineFault
from domain.id_numbers import checks, has_resident_shape
from extractors.layout import fold
from extractors.reading.picture import Picture
from extractors.reading.value_crops import FIGURES, GREY, LARGE_GREY, Print, crop_value


@contextlib.contextmanager
def _as_if_missing(package: str) -> Iterator[None]:
    """Let an optional dependency look as if it were not installed, unless it is loaded already."""
    loaded = package in sys.modules
    if not loaded:
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not loaded:
            del sys.modules[package]


# It would load pandas, 35 MB in every worker, for tables that nobody asks it for.
with _as_if_missing("pandas"):
    import pytesseract

READER_NAME = "tesseract"
PROOF_NAME = "proof"  # stands for a second reader of what proves itself
TIMEOUT_SECONDS = 20
# What was read with this confidence in every character may prove itself.
PROVEN_FROM = 0.97
DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LANGUAGES = ("eng", "chi_sim")
INSTALL = "apt-get install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-eng tesseract-ocr-rus"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Fields that are read in one call: the same language and the same characters.

    `digit_runs` shows only the runs of digits, side by side: the Chinese model confuses digits
    between characters, the English one knows no characters. `first` and `second` are how the line
    is shown at the first look and, where that is silent or differs, at the second.
    """

    fields: frozenset[FieldName]
    language: str
    whitelist: str = ""
    digit_runs: bool = False
    first: Print
    second: Print


# How to show what, measured on values of drawn papers (first look; right, silent, otherwise):
# 284 scores in black and white 283, 0, 1, grey 269, 7, 8; 400 numbers grey 399, 0, 1, in black
# and white 396, 0, 4; 427 dates grey 413, 10, 4, in black and white 406, 18, 3.
GROUPS: tuple[_Group, ...] = (
    _Group(
        fields=frozenset({FieldName.SCORE}),
        language="eng",
        whitelist=DIGITS,
        first=FIGURES,
        second=GREY,
    ),
    _Group(
        fields=frozenset({FieldName.ID_NUMBER}),
        language="eng",
        whitelist=DIGITS + "X",
        first=GREY,
        second=FIGURES,
    ),
    _Group(
        fields=frozenset({FieldName.ADMISSION_TICKET, FieldName.CERTIFICATE_NUMBER}),
        language="eng",
        whitelist=DIGITS + CAPITALS + "-",
        first=GREY,
        second=FIGURES,
    ),
    _Group(
        fields=frozenset({FieldName.DATE, FieldName.ISSUE_DATE}),
        language="eng",
        whitelist=DIGITS + "-./",
        digit_runs=True,
        first=GREY,
        second=FIGURES,
    ),
    _Group(
        fields=frozenset({FieldName.NAME, FieldName.GRADE}),
        language="chi_sim",
        first=GREY,
        second=LARGE_GREY,
    ),
)

# Reads the pictures of single lines; one text each.
_Look = Callable[[Sequence[Picture], _Group], list[str]]


def tesseract_version() -> str:
    """Return the versions of both Tesseracts, for `engine_version`.

    Raises `ConfigurationFault` naming the packages to install where something is missing.
    """
    try:
        own = tesserocr.tesseract_version().split()[1]
        version = f"tesseract-{pytesseract.get_tesseract_version()} tesserocr-{own}"
    except pytesseract.TesseractNotFoundError as error:
        raise ConfigurationFault(f"tesseract is not installed; run: {INSTALL}") from error
    _language_files()
    return version


@cache
def _language_files() -> str:
    """Return the folder of the system's language files, which both Tesseracts read."""
    folders = sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True)
    for folder in (Path(os.environ.get("TESSDATA_PREFIX", "/nonexistent")), *folders):
        if all((folder / f"{language}.traineddata").is_file() for language in LANGUAGES):
            return str(folder)
    raise ConfigurationFault(f"Tesseract's languages eng and chi_sim are missing; run: {INSTALL}")


def read_again(picture: Picture, extraction: Extraction) -> Extraction:
    """Return the extraction with `second_text` on its critical values.

    What proves itself counts as read twice. A value that Tesseract cannot make out gets an empty
    `second_text`. Values that already carry a second reading, or span several lines, stay as they
    are, and tickets on which nothing rests. Where Tesseract reads something else than the first
    reader it is shown the line in another way: only what it sees twice counts.
    Raises `MachineFault` where Tesseract fails or takes too long.
    """
    values = [
        replace(value, second_text=value.text, second_reader=PROOF_NAME)
        if value.second_text is None and _proves_itself(value)
        else value
        for value in extraction.values
    ]
    for group in GROUPS:
        indices = [
            index
            for index, value in enumerate(values)
            if value.field in group.fields
            and value.second_text is None
            and value.evidence.positions
            and is_critical(value, extraction)
            # Numerals in Chinese characters hold no digits to show.
            and (not group.digit_runs or any(map(str.isdecimal, value.evidence.raw_text)))
        ]
        texts = _read_group(picture, [values[index] for index in indices], group)
        for index, text in zip(indices, texts, strict=True):
            values[index] = replace(values[index], second_text=text, second_reader=READER_NAME)
    return replace(extraction, values=tuple(values))


def is_critical(value: ExtractedValue, extraction: Extraction) -> bool:
    """Return whether an acceptance may rest on a value.

    It rests on an admission ticket only where the paper has no number of its own.
    """
    ticket = value.field is FieldName.ADMISSION_TICKET
    return not ticket or extraction.get(FieldName.CERTIFICATE_NUMBER) is None


def _proves_itself(value: ExtractedValue) -> bool:
    """Return whether a value was read surely and other characters would not do.

    An ID number has a check character, a grade is one of a few words.
    """
    if value.confidence < PROVEN_FROM or not value.evidence.positions:
        return False
    if value.field is FieldName.ID_NUMBER:
        key = squeeze(value.text).upper()
        return has_resident_shape(key) and checks(key)
    return value.field is FieldName.GRADE


def _read_group(picture: Picture, values: list[ExtractedValue], group: _Group) -> list[str]:
    """Return what Tesseract reads of each value, "" where it sees nothing, or nothing twice."""

    def look_at(wanted: list[int], shown: Print, look: _Look) -> dict[int, str]:
        chosen = [values[index] for index in wanted]
        return dict(zip(wanted, _read_values(picture, chosen, group, shown, look), strict=True))

    texts = look_at(list(range(len(values))), group.first, _look)
    silent = [index for index, text in texts.items() if not text]
    texts |= look_at(silent, group.second, _look)
    # A name that differs says nothing, however often it is seen: Tesseract only confirms names.
    doubtful = [
        index
        for index, text in texts.items()
        if text
        and values[index].field is not FieldName.NAME
        and not reads_same(text, values[index].text)
    ]
    again = look_at([index for index in doubtful if index not in silent], group.second, _look)
    # Starting the other Tesseract takes longer than all else here: it is asked where the first
    # one reads a third thing, or has seen this only once.
    undecided = [
        index
        for index in doubtful
        if index not in again
        or not (
            reads_same(again[index], texts[index]) or reads_same(again[index], values[index].text)
        )
    ]
    again |= look_at(undecided, group.second, _look_again)
    once = {index: "" for index, text in again.items() if not reads_same(text, texts[index])}
    return list((texts | once).values())


def reads_same(one: str, other: str) -> bool:
    """Return whether two readings are the same characters, spaces and their width apart."""
    return squeeze(one) == squeeze(other)


def confirms(value: ExtractedValue) -> bool:
    """Return whether the second reader read the same characters as the first."""
    return value.second_text is not None and reads_same(value.second_text, value.text)


def squeeze(text: str) -> str:
    """Return a text without spaces, folded as labels are, so that readings can be compared."""
    return re.sub(r"\s", "", fold(text))


def _read_values(
    picture: Picture, values: list[ExtractedValue], group: _Group, shown: Print, look: _Look
) -> list[str]:
    crops = [
        crop_value(picture, value.evidence, shown, digit_runs=group.digit_runs) for value in values
    ]
    texts = look(crops, group) if crops else []
    if not group.digit_runs:
        return texts
    return [
        _with_digits(value.evidence.raw_text, text)
        for value, text in zip(values, texts, strict=True)
    ]


def _with_digits(raw_text: str, digits: str) -> str:
    """Return a text with its digits replaced by those read a second time.

    Another number of digits means that they were cut badly rather than read: then "" is returned,
    which counts as no second reading at all.
    """
    read = [character for character in digits if character.isdecimal()]
    places = sum(map(str.isdecimal, raw_text))
    if not places or places != len(read):
        return ""
    new = iter(read)
    return "".join(next(new) if character.isdecimal() else character for character in raw_text)


@cache
def _engine(language: str) -> tesserocr.PyTessBaseAPI:
    """Return this process's engine for a language, loaded once."""
    try:
        engine = tesserocr.PyTessBaseAPI(
            path=_language_files(),
            lang=language,
            psm=tesserocr.PSM.SINGLE_LINE,
            oem=tesserocr.OEM.LSTM_ONLY,
        )
    except RuntimeError as error:
        raise ConfigurationFault(f"Tesseract cannot load {language!r}; run: {INSTALL}") from error
    # No paper prints white on black; every line that reads badly would be read twice.
    engine.SetVariable("invert_threshold", "0.0")
    return engine


def _look(crops: Sequence[Picture], group: _Group) -> list[str]:
    """Read lines inside this process."""
    engine = _engine(group.language)
    engine.SetVariable("tessedit_char_whitelist", group.whitelist)
    texts = []
    for crop in crops:
        height, width = crop.shape[:2]
        try:
            engine.SetImageBytes(crop.tobytes(), width, height, 1, width)
            texts.append(_clean(engine.GetUTF8Text()))
        except RuntimeError as error:
            raise MachineFault("second-reader") from error
    return texts


def _look_again(crops: Sequence[Picture], group: _Group) -> list[str]:
    """Read lines with the system's Tesseract, all in one call of it."""
    config = "--psm 7 --oem 1"
    if group.whitelist:
        config += f" -c tessedit_char_whitelist={group.whitelist}"
    with tempfile.TemporaryDirectory(prefix="hedui-") as directory:
        paths = []
        for index, crop in enumerate(crops):
            path = Path(directory) / f"{index}.png"
            cv2.imwrite(str(path), crop, [cv2.IMWRITE_PNG_COMPRESSION, 1])
            paths.append(str(path))
        listing = Path(directory) / "crops.txt"
        listing.write_text("\n".join(paths), encoding="utf-8")
        try:
            text = pytesseract.image_to_string(
                str(listing), lang=group.language, config=config, timeout=TIMEOUT_SECONDS
            )
        except (pytesseract.TesseractError, RuntimeError) as error:
            raise MachineFault("second-reader") from error
    pages = text.split("\f")
    return [_clean(pages[index]) if index < len(pages) else "" for index in range(len(crops))]


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
