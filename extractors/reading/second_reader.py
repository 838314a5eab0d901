"""Read the critical values a second time, with an engine that shares nothing with the first.

Tesseract sees only the crops of values that the first reader found, not what it read there. The
first look runs inside the worker (tesserocr: its models stay loaded). Where that differs, the
system's own Tesseract looks again (pytesseract): another build, shown the line in another way.
"""

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

# Read before the library starts its threads: one worker, one thread.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import cv2
import numpy as np
import numpy.typing as npt
import pytesseract
import tesserocr

from domain.certificates import FieldName
from domain.extraction import Evidence, ExtractedValue, Extraction
from domain.faults import ConfigurationFault, MachineFault
from extractors.layout import character_span, fold
from extractors.reading.picture import Picture
from extractors.reading.recognition import Quad, crop_quad, quad_size, sub_quad
from extractors.reading.upright import quad_px

READER_NAME = "tesseract"
TIMEOUT_SECONDS = 20
BORDER_PX = 14
# How far, in heights of the line, a cut may move to a gap, and what moving all of it costs in ink.
SNAP_REACH = 0.35
SNAP_INERTIA = 0.08
DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LANGUAGES = ("eng", "chi_sim")
INSTALL = "apt-get install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-eng tesseract-ocr-rus"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Print:
    """How a line is shown to Tesseract: its height, and whether in black and white only."""

    height_px: int
    black_and_white: bool = False


# Of 126 scores on drawn papers 122 were confirmed and none read otherwise at the first look; grey
# and at 40 pixels (Tesseract's own advice for type) 117, and six were read otherwise.
FIGURES = _Print(height_px=56, black_and_white=True)
GREY = _Print(height_px=40)
LARGE_GREY = _Print(height_px=56)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Fields that are read in one call: the same language and the same characters.

    `digit_runs` shows only the runs of digits, side by side: the Chinese model confuses digits
    between characters, the English one knows no characters.
    """

    fields: frozenset[FieldName]
    language: str
    whitelist: str = ""
    digit_runs: bool = False
    first: _Print = FIGURES
    second: _Print = GREY


GROUPS: tuple[_Group, ...] = (
    _Group(
        fields=frozenset(
            {
                FieldName.SCORE,
                FieldName.ID_NUMBER,
                FieldName.ADMISSION_TICKET,
                FieldName.CERTIFICATE_NUMBER,
            }
        ),
        language="eng",
        whitelist=DIGITS + CAPITALS + "-",
    ),
    _Group(
        fields=frozenset({FieldName.DATE, FieldName.ISSUE_DATE}),
        language="eng",
        whitelist=DIGITS,
        digit_runs=True,
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

    A value that Tesseract cannot make out gets an empty `second_text`. Values that already carry a
    second reading, or span several lines, stay as they are. Where Tesseract reads something else
    than the first reader it looks again at another size: only what it sees twice counts. Raises
    `MachineFault` where Tesseract fails or takes too long.
    """
    values = list(extraction.values)
    for group in GROUPS:
        indices = [
            index
            for index, value in enumerate(values)
            if value.field in group.fields
            and value.second_text is None
            and value.evidence.positions
            # Numerals in Chinese characters hold no digits to show.
            and (not group.digit_runs or any(map(str.isdecimal, value.evidence.raw_text)))
        ]
        texts = _read_group(picture, [values[index] for index in indices], group)
        for index, text in zip(indices, texts, strict=True):
            values[index] = replace(values[index], second_text=text, second_reader=READER_NAME)
    return replace(extraction, values=tuple(values))


def _read_group(picture: Picture, values: list[ExtractedValue], group: _Group) -> list[str]:
    texts = _read_values(picture, values, group, group.first, _look)
    silent = [index for index, text in enumerate(texts) if not text]
    more = _read_values(picture, [values[index] for index in silent], group, group.second, _look)
    for index, text in zip(silent, more, strict=True):
        texts[index] = text
    # A name that differs says nothing, however often it is seen: Tesseract only confirms names.
    doubtful = [
        index
        for index, text in enumerate(texts)
        if text
        and values[index].field is not FieldName.NAME
        and _squeeze(text) != _squeeze(values[index].text)
    ]
    looked_at = [values[index] for index in doubtful]
    again = _read_values(picture, looked_at, group, group.second, _look_again)
    for index, text in zip(doubtful, again, strict=True):
        if _squeeze(text) != _squeeze(texts[index]):
            texts[index] = ""
    return texts


def confirms(value: ExtractedValue) -> bool:
    """Return whether the second reader read the same characters as the first."""
    return value.second_text is not None and _squeeze(value.second_text) == _squeeze(value.text)


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", fold(text))


def _read_values(
    picture: Picture, values: list[ExtractedValue], group: _Group, shown: _Print, look: _Look
) -> list[str]:
    crops = [_crop(picture, value.evidence, group, shown) for value in values]
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
    new = iter(digits.replace(" ", ""))
    places = sum(map(str.isdecimal, raw_text))
    if not places or places != len(digits.replace(" ", "")):
        return ""
    return "".join(next(new) if character.isdecimal() else character for character in raw_text)


def _crop(picture: Picture, evidence: Evidence, group: _Group, shown: _Print) -> Picture:
    """Cut a value out of the page as Tesseract reads it best."""
    quad = quad_px(picture, evidence.quad)
    quads = [quad]
    if group.digit_runs:
        runs = re.finditer(r"\d(?: ?\d)*", evidence.raw_text)
        quads = [sub_quad(quad, *_run_span(evidence, r.start(), r.end() - 1)) for r in runs]
    height_px = shown.height_px
    pieces = [_line_of(_cut_out(picture, part), height_px) for part in quads]
    paper = int(np.percentile(np.concatenate([piece.ravel() for piece in pieces]), 90))
    gap = np.full((height_px, height_px), paper, dtype=np.uint8)
    spaced = [part for piece in pieces for part in (piece, gap)][:-1]
    border = (BORDER_PX,) * 4
    framed = cv2.copyMakeBorder(
        np.hstack(spaced), *border, borderType=cv2.BORDER_CONSTANT, value=paper
    )
    if shown.black_and_white:
        _, framed = cv2.threshold(framed, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.ascontiguousarray(framed, dtype=np.uint8)


def _cut_out(picture: Picture, quad: Quad) -> npt.NDArray[np.uint8]:
    """Cut a quad out of the page, grey, its ends moved into the gaps beside its characters.

    Recognition knows where a character is, but not where it ends: a cut through a 6 leaves a 5.
    """
    width, height = quad_size(quad)
    reach = SNAP_REACH * height / max(1.0, width)
    wide = cv2.cvtColor(crop_quad(picture, sub_quad(quad, -reach, 1 + reach)), cv2.COLOR_BGR2GRAY)
    _, dark = cv2.threshold(wide, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = dark.mean(axis=0)
    if ink.mean() > 0.5:
        ink = 1 - ink  # light type on a dark ground
    margin = max(1, round(SNAP_REACH * height))
    columns = np.arange(len(ink))
    cost = np.convolve(ink, np.ones(3) / 3, mode="same")

    def nearest_gap(nominal: int) -> int:
        far = np.abs(columns - nominal)
        near = far <= margin
        return int(columns[near][np.argmin(cost[near] + SNAP_INERTIA * far[near] / margin)])

    start, end = nearest_gap(margin), nearest_gap(len(ink) - 1 - margin)
    return np.asarray(wide[:, start : max(end, start + 2)], dtype=np.uint8)


def _run_span(evidence: Evidence, first: int, last: int) -> tuple[float, float]:
    """Return the share (0-1) of a value's length that a run of digits takes up.

    Between a digit and its neighbour the border is nearer to the digit if that one is wider.
    """
    text, centres = evidence.raw_text, evidence.positions
    start, end = character_span(centres, first, last)
    if first > 0:
        start = centres[first] - (centres[first] - centres[first - 1]) * _share(text[first - 1])
    if last + 1 < len(text):
        end = centres[last] + (centres[last + 1] - centres[last]) * _share(text[last + 1])
    return max(0.0, start), min(1.0, max(end, start + 1e-3))


def _share(neighbour: str) -> float:
    """Return a digit's share of the way to its neighbour's centre: characters are twice as wide."""
    return 0.5 if neighbour.isascii() else 0.36


def _line_of(grey: npt.NDArray[np.uint8], height_px: int) -> npt.NDArray[np.uint8]:
    scale = height_px / grey.shape[0]
    size = (max(4, round(grey.shape[1] * scale)), height_px)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    line = cv2.resize(grey, size, interpolation=interpolation)
    if np.median(line) < 110:
        line = 255 - line  # light type on a dark ground
    return np.asarray(line, dtype=np.uint8)


@cache
def _engine(language: str, whitelist: str) -> tesserocr.PyTessBaseAPI:
    """Return this process's engine for a language and a set of characters, loaded once."""
    try:
        engine = tesserocr.PyTessBaseAPI(
            path=_language_files(),
            lang=language,
            psm=tesserocr.PSM.SINGLE_LINE,
            oem=tesserocr.OEM.LSTM_ONLY,
        )
    except RuntimeError as error:
        raise ConfigurationFault(f"Tesseract cannot load {language!r}; run: {INSTALL}") from error
    engine.SetVariable("tessedit_char_whitelist", whitelist)
    return engine


def _look(crops: Sequence[Picture], group: _Group) -> list[str]:
    """Read lines inside this process."""
    engine = _engine(group.language, group.whitelist)
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
