"""Measure the signs of a change: `python -m benchmarks.tampering LABELLED_DIR...`.

Honest pictures are edited in known ways after they were taken, saved in known ways, and looked at
again; a cell says on which share of them a sign is seen where the edit is. The first rows are
honest: seen at all. `hedui bench` counts the signs on pictures as they arrive.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from benchmarks.tamper_edits import EDITS, SAVINGS, Scene, photographed_from_screen
from domain.assessment import Decision
from domain.certificates import FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.page import Page
from domain.shares import upper_bound
from domain.tampering import TamperSign
from extractors.reading.page_reading import read_page
from extractors.reading.picture import Picture
from extractors.reading.recognition import load_engine
from extractors.reading.sandbox import DecodedPage
from extractors.reading.tampering import find_tamper_hints
from extractors.reading.worker import start_engine

ANY = "any but typeface"  # which is off as shipped
HONEST, AS_IT_IS, SCREEN = "honest", "as it is", "photographed from a screen"
CHANGED = (FieldName.SCORE, FieldName.CERTIFICATE_NUMBER)

Read = tuple[Picture, Page, Extraction]
Counts = dict[tuple[str, str], Counter[str]]


def count(read: Iterable[Read], seed: int = 1) -> Counts:
    """Return per edit and saving how many pictures there were and on how many a sign was seen.

    `read` are honest upright pictures as they were read.
    """
    counts: Counts = {}
    before: Scene | None = None
    for number, (picture, page, extraction) in enumerate(read):
        rng = random.Random(f"{seed}/{number}")
        seen = (page, extraction)
        _look(counts, (HONEST, AS_IT_IS), picture, seen, None)
        for saving, save in SAVINGS.items():
            _look(counts, (HONEST, saving), _decoded(save(picture)), seen, None)
        screen = photographed_from_screen(picture, rng)
        _look(counts, (SCREEN, "JPEG 92"), _decoded(SAVINGS["JPEG 92"](screen)), seen, None)
        scene = _scene(picture, extraction, before, rng)
        if scene is None:
            continue
        before = scene
        for edit, change in EDITS.items():
            edited = change(scene, rng)
            if edited is None:
                continue
            for saving, save in SAVINGS.items():
                shown = _decoded(save(edited))
                _look(counts, (edit, saving), shown, seen, scene.value.field)
    return counts


def _look(
    counts: Counts,
    row: tuple[str, str],
    picture: Picture,
    seen: tuple[Page, Extraction],
    field: FieldName | None,
) -> None:
    """Count the signs on a picture; of an edited one those at the edited field, or of the page."""
    hints = find_tamper_hints(picture, *seen)
    signs = {hint.sign.value for hint in hints if field is None or hint.field in (field, None)}
    seen_any = [ANY] if signs - {TamperSign.TYPEFACE.value} else []
    counts.setdefault(row, Counter()).update(("pictures", *signs, *seen_any))


def _scene(
    picture: Picture, extraction: Extraction, before: Scene | None, rng: random.Random
) -> Scene | None:
    """Return a picture with the number to be changed, None where it has none."""
    numbers = [v for v in extraction.values if len(v.evidence.quad) == 4 and _digits(v) > 1]
    offered = [value for value in numbers if value.field in CHANGED]
    if not offered:
        return None
    value = rng.choice(offered)
    own = tuple(other for other in numbers if other is not value)
    return Scene(
        picture=picture,
        value=value,
        others=own,
        foreign=before.picture if before else picture,
        foreign_values=(before.value, *before.others) if before else own,
    )


def _digits(value: ExtractedValue) -> int:
    return sum(character.isdecimal() for character in value.text)


def _decoded(data: bytes) -> Picture:
    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(picture, dtype=np.uint8)


def read_folder(folder: Path) -> Iterator[Read]:
    """Yield the honest pictures of a labelled folder that stand upright, with their readings."""
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        truth = json.loads(line)
        if truth["expected"] != [Decision.ACCEPT.value]:
            continue
        for path in sorted((folder / "uploads" / truth["学号"]).iterdir()):
            picture = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR)
            if picture is None:  # PDFs are left out
                continue
            pixels = np.ascontiguousarray(picture, dtype=np.uint8)
            decoded = DecodedPage(picture=pixels, text_layer=(), qr_texts=())
            reading = read_page(decoded, "0" * 64, 1, load_engine(), True)
            if reading.page.turned_degrees == 0 and not reading.page.mirrored:
                yield pixels, reading.page, reading.extraction


def table(counts: Counts) -> Iterator[str]:
    """Yield the counts as a Markdown table; honest rows with the one-sided 95 % upper bound."""
    signs = [*(sign.value for sign in TamperSign), ANY]
    yield f"| picture | saved | n | {' | '.join(signs)} |"
    yield "|---|---|---|" + "---|" * len(signs)
    for (edit, saving), seen in counts.items():
        n = seen["pictures"]
        cells = [f"{100 * seen[sign] / n:.0f} %" for sign in signs]
        if edit == HONEST:
            cells = [f"{seen[s]} (≤ {100 * upper_bound(seen[s], n, 0.95):.1f} %)" for s in signs]
        yield f"| {edit} | {saving} | {n} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table of the folders that are named."""
    start_engine()
    read = (page for name in sys.argv[1:] for page in read_folder(Path(name)))
    sys.stdout.writelines(f"{line}\n" for line in table(count(read)))


if __name__ == "__main__":
    main()
