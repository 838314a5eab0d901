"""A sealed batch, its package, and somebody who changes packages and covers it up."""

import csv
import dataclasses
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from argon2 import PasswordHasher

from domain.application import BatchInput, ReceivedFile
from domain.archive import PackageCheck
from domain.certificates import FieldName
from domain.policy import Policy
from domain.review import Verdict
from flows.archiving import archive_batch
from flows.progress import Silence
from reports.outcome import renderers
from review.acting import Wish, entry_for, seal_batch
from review.looking import Looking
from store import Store
from store.archive.checking import Known, check_package
from store.archive.packing import Package
from tests.review.builders import BATCH, Paper, make_store

FIRST, SECOND, THIRD = "2022000001", "2022000002", "2022000003"
PAPERS = (
    Paper(number=FIRST),
    Paper(number=SECOND, unclear=(FieldName.SCORE,)),
    Paper(number=THIRD),
)
TABLE = "学号,姓名\n2022000001,王晓东\n".encode()


def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords of tests cheaply."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("store.accounts._HASHER", cheap)


def make_decided(home: Path, policy: Policy | None = None) -> Store:
    """Return a store with three applications: two accepted, one passed by a person."""
    store = make_store(home, PAPERS, policy)
    digest = hashlib.sha256(TABLE).hexdigest()
    store.originals.keep_bytes(TABLE, digest)
    loaded = store.batches.load(store.batches.application_ids(BATCH))
    received = ReceivedFile(path="applications.csv", size_bytes=len(TABLE), digest=digest)
    store.batches.register(
        BatchInput(
            batch=store.batches.get(BATCH),
            submissions=tuple(item.submission for item in loaded),
            received=(received,),
        )
    )
    looking, account = Looking(store), store.accounts.get("li")
    case = store.cases.find(BATCH, SECOND)
    assert case is not None
    wish = Wish(verdict=Verdict.PASS, key="k", revision=case.revision, evidence_shown=True,
                via="workbook")  # fmt: skip
    store.decisions.record(entry_for(looking.look(case, "li"), account, wish))
    return store


def make_sealed(home: Path) -> Store:
    """Return the store of `make_decided`, signed off."""
    store = make_decided(home)
    seal_batch(store, Looking(store), BATCH, store.accounts.get("chen"), False)
    return store


def archive(store: Store, out: Path, *, as_zip: bool = False, split: int = 0) -> Package:
    return archive_batch(store, BATCH, out, renderers, Silence(), as_zip=as_zip, split_bytes=split)


def check(path: Path, known: Known | None = None) -> PackageCheck:
    return check_package(path, known or Known(), Silence())


def lines_of(path: Path) -> list[str]:
    return [f"{fault.code} {fault.render()}" for fault in check(path).faults]


def cover_up(bag: Path) -> None:
    """Write every manifest and the counts again, as somebody does who wants no trace."""
    payload = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    info = bag / "bag-info.txt"
    oxum = f"{sum(path.stat().st_size for path in payload)}.{len(payload)}"
    kept = [line for line in info.read_text("utf-8").splitlines() if "Payload-Oxum" not in line]
    info.write_text("\n".join([*kept, f"Payload-Oxum: {oxum}", ""]), "utf-8")
    _manifest(bag, "manifest", payload)
    tags = [path for path in bag.iterdir() if path.is_file() and "tagmanifest" not in path.name]
    _manifest(bag, "tagmanifest", sorted(tags))


def _manifest(bag: Path, prefix: str, files: list[Path]) -> None:
    for name in ("sha256", "sha512"):
        lines = [
            f"{hashlib.new(name, path.read_bytes()).hexdigest()}  {path.relative_to(bag)}\n"
            for path in files
        ]
        (bag / f"{prefix}-{name}.txt").write_text("".join(lines), "utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{old} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def change_cell(path: Path, number: str, column: str, text: str) -> None:
    """Change one cell of a CSV file, by 学号 and column."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    place, key = rows[0].index(column), rows[0].index("学号")
    for row in rows[1:]:
        if row[key] == number:
            row[place] = text
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    path.write_bytes(b"\xef\xbb\xbf" + buffer.getvalue().encode())


def locked_pdf() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        buffer = io.BytesIO()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
        return buffer.getvalue()


Change = Callable[[Path], None]


@dataclasses.dataclass(frozen=True)
class Attack:
    """A change to a package, and what the check has to say of it."""

    name: str
    change: Change
    said: str
