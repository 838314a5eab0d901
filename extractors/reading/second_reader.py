"""Read the critical values a second time, with an engine that shares nothing with the first.

Tesseract sees only the crops of values that the first reader found, not what it read there.
"""

import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

# Read before the library starts its threads: one worker, one thread.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import cv2
import numpy as np
import pytesseract

from domain.certificates import FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.faults import ConfigurationFault, MachineFault
from extractors.reading.recognition import Picture, crop_quad

READER_NAME = "tesseract"
TIMEOUT_SECONDS = 20
# Tesseract's own advice: capitals about 30 pixels high, a white border around the line.
CROP_HEIGHT_PX = 44
BORDER_PX = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Fields that are read in one call: the same language and the same characters."""

    fields: frozenset[FieldName]
    language: str
    whitelist: str


GROUPS: tuple[_Group, ...] = (
    _Group(
        fields=frozenset({FieldName.SCORE, FieldName.ID_NUMBER, FieldName.ADMISSION_TICKET}),
        language="eng",
        whitelist="0123456789X",
    ),
    _Group(
        fields=frozenset({FieldName.CERTIFICATE_NUMBER}),
        language="eng",
        whitelist="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-",
    ),
    _Group(
        fields=frozenset({FieldName.DATE, FieldName.ISSUE_DATE}),
        language="chi_sim",
        whitelist="",
    ),
    _Group(fields=frozenset({FieldName.GRADE}), language="chi_sim", whitelist=""),
)
CRITICAL_FIELDS: frozenset[FieldName] = frozenset().union(*(group.fields for group in GROUPS))


def tesseract_version() -> str:
    """Return Tesseract's version, for `engine_version`.

    Raises `ConfigurationFault` naming the packages to install where it is missing.
    """
    try:
        return f"tesseract-{pytesseract.get_tesseract_version()}"
    except pytesseract.TesseractNotFoundError as error:
        raise ConfigurationFault(
            "tesseract is not installed; run: "
            "apt-get install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-eng"
        ) from error


def read_again(picture: Picture, extraction: Extraction) -> Extraction:
    """Return the extraction with `second_text` on its critical values.

    A value that Tesseract cannot make out gets an empty `second_text`. Values that already carry a
    second reading, or span several lines, stay as they are. Raises `MachineFault` where
    Tesseract fails or takes too long.
    """
    values = list(extraction.values)
    for group in GROUPS:
        indices = [
            index
            for index, value in enumerate(values)
            if value.field in group.fields and value.second_text is None and value.evidence.quad
        ]
        crops = [_crop(picture, values[index]) for index in indices]
        for index, text in zip(indices, _read_lines(crops, group), strict=True):
            values[index] = replace(values[index], second_text=text, second_reader=READER_NAME)
    return replace(extraction, values=tuple(values))


def _crop(picture: Picture, value: ExtractedValue) -> Picture:
    """Cut a value out of the page, grey, at the height that Tesseract reads best."""
    height, width = picture.shape[:2]
    quad = np.array(value.evidence.quad, dtype=np.float32) * np.array(
        [width, height], dtype=np.float32
    )
    grey = cv2.cvtColor(crop_quad(picture, quad), cv2.COLOR_BGR2GRAY)
    scale = CROP_HEIGHT_PX / grey.shape[0]
    size = (max(4, round(grey.shape[1] * scale)), CROP_HEIGHT_PX)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    line = cv2.resize(grey, size, interpolation=interpolation)
    if np.median(line) < 110:
        line = 255 - line  # light type on a dark ground
    paper = int(np.percentile(line, 90))
    return np.asarray(
        cv2.copyMakeBorder(
            line, BORDER_PX, BORDER_PX, BORDER_PX, BORDER_PX, cv2.BORDER_CONSTANT, value=paper
        ),
        dtype=np.uint8,
    )


def _read_lines(crops: Sequence[Picture], group: _Group) -> list[str]:
    """Return one text per crop, all from one call of the engine."""
    if not crops:
        return []
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
    return [
        re.sub(r"\s+", " ", pages[index]).strip() if index < len(pages) else ""
        for index in range(len(crops))
    ]
