"""Degrade drawn papers and count which faults the reader names: `python -m benchmarks.legibility`.

Each picture is spoiled in known ways; a row counts, over the values that then are not read as
printed, for how many the field is named, for how many the page as a whole, and which kinds of
fault. The first row is of pictures as they arrive. Papers of held-back layouts stay out.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from benchmarks.samples.folder import HONEST, write_language_batch
from domain.certificates import FieldName
from domain.extraction import Extraction
from domain.page import BoundingBox
from extractors.reading.page_reading import PageReading, read_page
from extractors.reading.picture import Picture
from extractors.reading.recognition import load_engine
from extractors.reading.sandbox import DecodedPage
from extractors.reading.worker import start_engine

SEED = 9107
FIELDS = (
    FieldName.NAME,
    FieldName.ID_NUMBER,
    FieldName.CERTIFICATE_NUMBER,
    FieldName.SCORE,
    FieldName.DATE,
)
# The number is what applicants hide by accident: it is spoiled alone.
TARGET = FieldName.CERTIFICATE_NUMBER

Spoil = Callable[[Picture, BoundingBox], Picture]


@dataclass(slots=True)
class Row:
    """Counts of one way of spoiling; `values` are printed fields, `lost` those misread."""

    pages: int = 0
    values: int = 0
    lost: int = 0
    named: int = 0
    by_page: int = 0
    right_with_fault: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


def blur(deviation_px: float) -> Spoil:
    """Return what defocus does."""
    return lambda picture, _: _pixels(cv2.GaussianBlur(picture, (0, 0), deviation_px))


def shrink_to(side_px: int) -> Spoil:
    """Return what sending a thumbnail does."""

    def spoil(picture: Picture, _: BoundingBox) -> Picture:
        scale = min(1.0, side_px / max(picture.shape[:2]))
        return _pixels(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))

    return spoil


def darken(share: float) -> Spoil:
    """Return what a dark room does: few levels, and noise."""

    def spoil(picture: Picture, _: BoundingBox) -> Picture:
        noise = np.random.default_rng(1).normal(6, 5, picture.shape)
        return _pixels(np.clip(picture * share + noise, 0, 255))

    return spoil


def glare(picture: Picture, box: BoundingBox) -> Picture:
    """Return the picture with a lamp's reflection over a value."""
    height, width = picture.shape[:2]
    centre = ((box.left + box.right) / 2 * width, (box.top + box.bottom) / 2 * height)
    reach = (0.45 * box.width * width, max(1.2 * box.height * height, 0.12 * box.width * width))
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    distance = ((x - centre[0]) / reach[0]) ** 2 + ((y - centre[1]) / reach[1]) ** 2
    light = 700 * np.exp(-(distance**2))
    dimmed = np.minimum(picture.astype(np.float32), 232)  # paper on which light can be seen
    return _pixels(np.clip(dimmed + light[:, :, np.newaxis], 0, 255))


def cut_right(picture: Picture, box: BoundingBox) -> Picture:
    """Return the picture with everything right of the middle of a value missing."""
    middle = round((box.left + box.right) / 2 * picture.shape[1])
    return np.ascontiguousarray(picture[:, :middle])


SPOILING: dict[str, Spoil] = {
    "as it is": lambda picture, _: picture,
    "blur 1.5 px": blur(1.5),
    "blur 2.5 px": blur(2.5),
    "blur 4 px": blur(4),
    "blur 8 px": blur(8),
    "longer side 500": shrink_to(500),
    "longer side 350": shrink_to(350),
    "longer side 200": shrink_to(200),
    "dark 0.15": darken(0.15),
    "dark 0.06": darken(0.06),
    "glare over the number": glare,
    "cut at the number": cut_right,
}


def count(papers: int) -> dict[str, Row]:
    """Return the counts over pictures drawn for this."""
    start_engine()
    rows = {name: Row() for name in SPOILING}
    with tempfile.TemporaryDirectory() as folder:
        for picture, printed in _pictures(Path(folder) / "drawn", papers):
            first = read(picture)
            number = first.extraction.get(TARGET)
            upright = picture if first.page.turned_degrees == 0 else None
            for name, spoil in SPOILING.items():
                if spoil in (glare, cut_right):
                    if number is None or upright is None or first.page.mirrored:
                        continue
                    spoiled = spoil(upright, number.evidence.bbox)
                    _count(rows[name], read(spoiled).extraction, printed, (TARGET,))
                else:
                    box = BoundingBox(left=0, top=0, right=1, bottom=1)
                    _count(rows[name], read(spoil(picture, box)).extraction, printed, FIELDS)
    return rows


def read(picture: Picture) -> PageReading:
    """Read a picture as the worker does."""
    decoded = DecodedPage(picture=picture, text_layer=(), qr_texts=())
    return read_page(decoded, "0" * 64, 1, load_engine(), True)


def _count(
    row: Row, extraction: Extraction, printed: dict[str, str], fields: tuple[FieldName, ...]
) -> None:
    row.pages += 1
    faults = {fault.field: fault.kind.value for fault in reversed(extraction.faults)}
    for name in fields:
        wanted = printed.get(name.value)
        if wanted is None:
            continue
        row.values += 1
        if "".join(extraction.text(name).split()) == "".join(wanted.split()):
            row.right_with_fault += name in faults
            continue
        row.lost += 1
        row.named += name in faults
        row.by_page += name not in faults and None in faults
        row.kinds[faults.get(name) or faults.get(None) or "none"] += 1


def _pictures(folder: Path, papers: int) -> Iterator[tuple[Picture, dict[str, str]]]:
    write_language_batch(
        folder, n=papers, seed=SEED, kinds=(HONEST,), held_back="exclude", batch_id="legibility"
    )
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        truth = json.loads(line)
        for path in sorted((folder / "uploads" / truth["学号"]).iterdir()):
            picture = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR)
            if picture is not None:  # PDFs are left out
                yield _pixels(picture), truth["fields"]


def _pixels(picture: object) -> Picture:
    return np.ascontiguousarray(picture, dtype=np.uint8)


def main() -> None:
    """Print the table as Markdown; the argument is how many papers are drawn."""
    rows = count(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
    out = sys.stdout.write
    out("| picture | pages | values | not read as printed | field named | page named | kinds |")
    out(" read right, in doubt |\n|---|---|---|---|---|---|---|---|\n")
    for name, row in rows.items():
        kinds = ", ".join(f"{kind} {n}" for kind, n in row.kinds.most_common())
        cells = (name, row.pages, row.values, row.lost, row.named, row.by_page, kinds)
        out("| " + " | ".join(map(str, (*cells, row.right_with_fault))) + " |\n")


if __name__ == "__main__":
    main()
