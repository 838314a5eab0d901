"""One paper of every kind, drawn from a fixed seed, and what the reader makes of it.

Read in full precision on every processor: those that compute in BF16 read a few characters
otherwise (decision 012), and the files would hold for one family of processors alone.

Rewrite the golden files after a change that is meant, and review the difference like code:

    python -m tests.extractors.golden_files --rewrite

It refuses without the option and in continuous integration, and where a value that the machine
must get right is not what is printed: a golden file never blesses a wrong reading.
"""

import hashlib
import io
import json
import os
import random
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.samples.paper import Paper
from benchmarks.samples.papers import PAPERS, draw_paper
from benchmarks.samples.people import draw_person
from domain.application import FileKind
from domain.policy import parse_policy
from domain.reading import Reading, ReadRequest

ROOT = Path(__file__).parents[2]
DIRECTORY = Path(__file__).parent / "golden"
LONGEST_SIDE_PX = 1500
PRECISION = "INFERENCE_PRECISION_HINT"
# None of these layouts is held back.
LAYOUTS: Mapping[str, str] = {
    "cet4": "cet-card-2021",
    "cet6": "cet-proof",
    "tem4": "tem-label-portrait",
    "tem8": "tem-sentence-landscape",
    "trm4": "trm-label-portrait",
    "trm8": "trm-sentence-landscape",
    "etic-elementary": "etic-report",
    "etic-intermediate": "etic-certificate-landscape",
    "etic-advanced": "etic-report-pdf",
    "etic-executive": "etic-certificate-landscape",
    "etic-interpreting": "etic-report",
    "zikao-english2": "zikao-table",
}
# What must be read as printed, spaces aside, wherever the paper carries it.
EXACT = ("name", "id_number", "certificate_number", "score", "listening", "reading")


def draw(certificate_type: str) -> Paper:
    """Draw the paper of a kind: the same one every time."""
    layout = LAYOUTS[certificate_type]
    (kind,) = (k for k in PAPERS if (k.certificate_type, k.layout) == (certificate_type, layout))
    if kind.held_back:
        raise ValueError(f"{layout} is held back from every tuning")
    source = random.Random(f"golden/{certificate_type}")
    return draw_paper(kind, draw_person(source), source, font_family="noto-sans")


def encode(paper: Paper) -> tuple[bytes, FileKind]:
    """Return the file that an applicant would upload."""
    if paper.pdf is not None:
        return paper.pdf, FileKind.PDF
    image = paper.image.copy()
    image.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue(), FileKind.JPEG


def read(data: bytes, kind: FileKind, *, second_reader: bool = False) -> Reading:
    """Read bytes with the real engine, as a worker does."""
    import dataclasses

    from extractors.reading.inference import SETTINGS
    from extractors.reading.recognition import load_engine
    from extractors.reading.worker import read_file

    if SETTINGS.get(PRECISION) != "f32":
        SETTINGS[PRECISION] = "f32"
        load_engine.cache_clear()
    policy = parse_policy((ROOT / "institutions/default.toml").read_text("utf-8"), None, "default")
    settings = dataclasses.replace(policy.reading, second_reader=second_reader)
    digest = hashlib.sha256(data).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / digest
        path.write_bytes(data)
        request = ReadRequest(path=str(path), file_digest=digest, kind=kind)
        return read_file(request, settings, policy.intake)


def describe(certificate_type: str, reading: Reading) -> dict[str, Any]:
    """Return what a golden file holds: kind, form and every value's text by field."""
    (extraction,) = reading.extractions
    values: dict[str, list[str]] = {}
    for value in extraction.values:
        values.setdefault(value.field.value, []).append(value.text)
    classification = extraction.classification
    return {
        "layout": LAYOUTS[certificate_type],
        "certificate_type": classification.certificate_type.value,
        "form": classification.form.value if classification.form else None,
        "notes": list(reading.document.notes),
        "never_printed": sorted(field.value for field in extraction.never_printed),
        "values": dict(sorted(values.items())),
    }


def misread(paper: Paper, described: Mapping[str, Any]) -> list[str]:
    """Return the fields that a golden file would get wrong; their values are left unsaid."""
    wrong = [] if described["certificate_type"] == paper.certificate_type else ["certificate_type"]
    for field in EXACT:
        printed = paper.printed.get(field)
        found = {text.replace(" ", "") for text in described["values"].get(field, [])}
        if printed is not None and found != {printed.replace(" ", "")}:
            wrong.append(field)
    return wrong


def golden_path(certificate_type: str) -> Path:
    return DIRECTORY / f"{certificate_type}.json"


def render(described: Mapping[str, Any]) -> str:
    return json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Rewrite every golden file; return the exit code."""
    if arguments != ["--rewrite"] or os.environ.get("CI"):
        print(__doc__, file=sys.stderr)
        return 2
    rendered, faults = {}, []
    for certificate_type in LAYOUTS:
        paper = draw(certificate_type)
        described = describe(certificate_type, read(*encode(paper)))
        faults += [f"{certificate_type}: {field}" for field in misread(paper, described)]
        rendered[golden_path(certificate_type)] = render(described)
    if faults:
        print("not rewritten; misread:", *faults, sep="\n  ", file=sys.stderr)
        return 1
    DIRECTORY.mkdir(exist_ok=True)
    for path, text in rendered.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"rewritten: {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
