"""The reader is blind: what applicants declare changes nothing of what is read."""

import ast
import csv
import dataclasses
import io
import random
from pathlib import Path

import pytest

from benchmarks.samples.folder import write_language_batch
from domain.application import FileKind, Submission
from domain.policy import Policy, parse_policy
from domain.reading import ReadOutcome, ReadRequest
from extractors.intake import read_batch_folder
from extractors.reading.pool import ReadingPool
from store.codec import encode

ROOT = Path(__file__).parents[2]
POLICY = parse_policy((ROOT / "institutions/default.toml").read_text("utf-8"), None, "default")
KINDS = ("honest", "another-persons-paper", "one-digit-off-number", "name-one-character-off")
# Everything that opens, reads or interprets a document.
BLIND = (
    "reading",
    "certificates",
    "anchors.py",
    "layout.py",
    "classify.py",
    "degree_form.py",
    "extract.py",
    "perspective.py",
)


def policy_of(_institution: str) -> Policy:
    return POLICY


def read_all(folder: Path, workers: int) -> tuple[tuple[Submission, ...], dict[str, ReadOutcome]]:
    given = read_batch_folder(folder, policy_of)
    requests = {
        upload.digest: ReadRequest(
            path=str(folder / upload.path), file_digest=upload.digest, kind=upload.kind
        )
        for submission in given.submissions
        for upload in submission.uploads
        if upload.kind is not None
    }
    with ReadingPool(POLICY.reading, POLICY.intake, workers=workers) as pool:
        outcomes = {outcome.file_digest: outcome for outcome in pool.read(requests.values())}
    assert outcomes.keys() == requests.keys()
    return given.submissions, outcomes


def permute_declarations(folder: Path) -> None:
    """Give every applicant the declared cells of another one; 学号 and uploads stay."""
    table = folder / "applications.csv"
    rows = list(csv.reader(io.StringIO(table.read_text("utf-8-sig"))))
    head, body = rows[0], rows[1:]
    own = head.index("学号")
    moved = [
        [*other[:own], row[own], *other[own + 1 :]]
        for row, other in zip(body, [*body[1:], body[0]], strict=True)
    ]
    random.Random(1).shuffle(moved)
    buffer = io.StringIO()
    csv.writer(buffer).writerows([head, *moved])
    table.write_text(buffer.getvalue(), "utf-8")


def read_of(outcomes: dict[str, ReadOutcome]) -> dict[str, tuple[str, str, str]]:
    """Return every value, confidence and box as canonical text; seconds are left out."""
    return {
        digest: (encode(outcome.reading), outcome.fault, str(outcome.machine_failed))
        for digest, outcome in outcomes.items()
    }


@pytest.mark.reading
def test_permuted_declarations_change_no_value_no_confidence_and_no_box(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    write_language_batch(
        folder, n=8, seed=11, kinds=KINDS, conditions=("clean", "messenger"), held_back="exclude"
    )

    submissions, first = read_all(folder, workers=2)
    permute_declarations(folder)
    permuted, second = read_all(folder, workers=1)

    # The declarations did move, and there was something to read.
    declared = {s.application.student_number: s.application.columns for s in submissions}
    now = {s.application.student_number: s.application.columns for s in permuted}
    assert declared.keys() == now.keys()
    assert all(declared[number] != now[number] for number in declared)
    values = [
        value
        for outcome in first.values()
        if outcome.reading
        for extraction in outcome.reading.extractions
        for value in extraction.values
    ]
    assert len(values) > 8 * 4
    assert any(value.second_text for value in values)

    assert read_of(second) == read_of(first)


def test_a_request_has_no_place_for_a_declaration() -> None:
    assert [field.name for field in dataclasses.fields(ReadRequest)] == [
        "path",
        "file_digest",
        "kind",
        "purpose",  # the same for every file of a batch: its kind
    ]
    with pytest.raises((AttributeError, TypeError)):
        ReadRequest(path="p", file_digest="d", kind=FileKind.PDF).declared = "x"  # type: ignore[attr-defined]


def blind_modules() -> list[Path]:
    modules = []
    for name in BLIND:
        place = ROOT / "extractors" / name
        modules += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return modules


def imported(path: Path) -> set[tuple[str, str]]:
    """Return (module, name) of everything that a module imports; "*" for a whole module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import"
            found |= {(node.module or "", alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {(alias.name, "*") for alias in node.names}
    return found


# What a blind module may know of the domain: nothing here can hold what was declared.
ALLOWED = {
    "domain.application": {"FileKind"},
    "domain.calibration": {"FieldGroup"},
    "domain.certificates": None,
    "domain.extraction": None,
    "domain.faults": None,
    "domain.id_numbers": {"checks", "has_resident_shape"},
    "domain.likeness": {
        "LINE_GRID",
        "PICTURE_GRID",
        "PagePrint",
        "RegionKind",
        "RegionPrint",
    },
    "domain.page": None,
    "domain.policy": {"IntakePolicy", "ReadingPolicy"},
    "domain.reading": {
        *("Reading", "ReadOutcome", "ReadRequest", "ReadPurpose", "FormReading", "FormValue"),
        "PictureFacts",
    },
    "domain.tampering": {"TamperHint", "TamperSign"},
}


@pytest.mark.parametrize("path", blind_modules(), ids=lambda path: path.name)
def test_a_module_that_reads_knows_nothing_that_was_declared(path: Path) -> None:
    for module, name in imported(path):
        package = module.partition(".")[0]
        assert package not in {"validators", "store", "reports", "flows", "benchmarks"}
        assert not module.startswith("extractors.intake")
        assert (package, name) not in {("domain", "*"), ("extractors", "*")}
        if package == "domain":
            assert module in ALLOWED, module
            names = ALLOWED[module]
            assert names is None or name in names, (module, name)


def test_the_modules_that_read_are_all_of_them() -> None:
    names = {path.name for path in blind_modules()}

    assert names >= {
        "worker.py",
        "pool.py",
        "anchors.py",
        "extract.py",
        "cet.py",
        "second_reader.py",
    }
    others = {
        path.relative_to(ROOT / "extractors").parts[0]
        for path in (ROOT / "extractors").rglob("*.py")
    }
    assert others - set(BLIND) == {"__init__.py", "intake"}
