"""Whatever happens to a package by accident is found and named."""

import os
import shutil
import unicodedata
from pathlib import Path

import bagit
import pytest

from store.archive.checking import Known
from tests.store.archive.packages import (
    Attack,
    check,
    lines_of,
    replace,
)

ONE, TWO = "data/records/000001", "data/records/000002"
LOG = "data/batch/log.jsonl"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_an_untouched_package_is_valid(made: Path) -> None:
    found = check(made)
    assert [fault.render() for fault in found.faults] == []
    assert (found.is_valid, found.records) == (True, 3)
    assert bagit.Bag(str(made)).validate()
    # The scanner may be missing on this machine; nothing else may be left out.
    assert {item.code for item in found.items if item.result.value == "not-run"} <= {
        "GD-4-1",
        "GD-4-2",
    }


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def link(path: Path, target: str) -> None:
    path.unlink()
    path.symlink_to(target)


PLAIN = (
    Attack(
        "one flipped bit",
        lambda b: flip(b / ONE / "originals/1.jpg"),
        f"GD-1-1 {ONE}/originals/1.jpg: expected sha256",
    ),
    Attack(
        "a removed file",
        lambda b: (b / ONE / "review.json").unlink(),
        f"GD-2-7 {ONE}/review.json: expected a file",
    ),
    Attack(
        "an added file",
        lambda b: (b / ONE / "extra.txt").write_text("x") and None,
        f"GD-4-2-1 {ONE}/extra.txt",
    ),
    Attack(
        "a renamed file",
        lambda b: (b / ONE / "review.json").rename(b / ONE / "r.json") and None,
        f"GD-4-2-1 {ONE}/r.json",
    ),
    Attack(
        "a changed title",
        lambda b: replace(b / ONE / "metadata.xml", "王晓东", "王晓冬"),
        f"GD-1-11 {ONE}/metadata.xml 题名",
    ),
    Attack(
        "a missing tagmanifest",
        lambda b: (b / "tagmanifest-sha512.txt").unlink(),
        "GD-2-10 tagmanifest-sha512.txt: expected a file of every package, found missing",
    ),
    Attack(
        "an unlisted tag file",
        lambda b: (b / "notes.txt").write_text("x") and None,
        "GD-4-2-1 notes.txt",
    ),
    Attack(
        "changed bag-info",
        lambda b: replace(b / "bag-info.txt", "Sealed-By: chen", "Sealed-By: li"),
        "GD-1-11 bag-info.txt Sealed-By: expected chen, found li",
    ),
    Attack(
        "a wrong count",
        lambda b: replace(b / "bag-info.txt", "Payload-Oxum: ", "Payload-Oxum: 1"),
        "GD-2-2 bag-info.txt Payload-Oxum",
    ),
    Attack(
        "a path out of the package",
        lambda b: replace(b / "manifest-sha256.txt", "data/index.csv", "../../index.csv"),
        "a path inside the package, found ../../index.csv",
    ),
    Attack(
        "an absolute path",
        lambda b: replace(b / "manifest-sha512.txt", "data/index.csv", "/index.csv"),
        "a path inside the package, found /index.csv",
    ),
    Attack(
        "a link",
        lambda b: (b / ONE / "l").symlink_to("review.json"),
        f"GD-4-2-1 {ONE}/l: expected a plain file, found a link",
    ),
    Attack(
        "a pipe", lambda b: os.mkfifo(b / ONE / "p"), f"GD-4-2-1 {ONE}/p: expected a plain file"
    ),
    Attack(
        "twin names",
        lambda b: (
            [
                (b / ONE / unicodedata.normalize(form, "é.txt")).write_text("x")
                for form in ("NFC", "NFD")
            ]
            and None
        ),
        "expected one file of that name",
    ),
    Attack(
        "a tag manifest of another sort",
        lambda b: (b / "tagmanifest-md5.txt").write_text("x") and None,
        "GD-4-2-1 tagmanifest-md5.txt",
    ),
    Attack(
        "a pipe in place of a document",
        lambda b: pipe(b / "data/batch/batch.json"),
        "GD-4-2-1 data/batch/batch.json: expected a plain file, found a device, pipe or socket",
    ),
    Attack(
        "an endless link in place of the log",
        lambda b: link(b / LOG, "/dev/zero"),
        f"GD-4-2-1 {LOG}: expected a plain file, found a link",
    ),
    Attack("no bagit.txt", lambda b: (b / "bagit.txt").unlink(), "GD-2-10 bagit.txt"),
    Attack(
        "another version", lambda b: replace(b / "bagit.txt", "1.0", "0.93"), "GD-2-10 bagit.txt"
    ),
    Attack(
        "a broken line",
        lambda b: (b / "manifest-sha256.txt").write_text("?\n") and None,
        "GD-2-10 manifest-sha256.txt line 1",
    ),
    Attack(
        "an unreadable index",
        lambda b: (b / "data/index.xml").write_bytes(b"\xff") and None,
        "GD-3-1 data/index.xml",
    ),
    Attack(
        "a document type",
        lambda b: replace(
            b / ONE / "metadata.xml", "<电子文件封装包", "<!DOCTYPE x><电子文件封装包"
        ),
        f"GD-3-1 {ONE}/metadata.xml: expected metadata in XML, found a document type",
    ),
    Attack("no payload", lambda b: shutil.rmtree(b / "data"), "GD-2-10 data"),
    Attack(
        "no batch.json",
        lambda b: (b / "data/batch/batch.json").unlink(),
        "GD-3-1 data/batch/batch.json",
    ),
    Attack(
        "deep JSON",
        lambda b: (b / ONE / "review.json").write_text("[" * 100_000) and None,
        f"GD-3-1 {ONE}/review.json",
    ),
)


@pytest.mark.parametrize("attack", PLAIN, ids=lambda attack: attack.name)
def test_a_change_is_named(bag: Path, attack: Attack) -> None:
    attack.change(bag)
    said = lines_of(bag)
    assert any(attack.said in line for line in said), "\n".join(said)


def test_a_head_and_a_digest_known_from_elsewhere_have_to_be_there(made: Path) -> None:
    found = check(made)
    assert check(made, Known(head=found.log_head, package=found.digest)).is_valid
    other = check(made, Known(head="f" * 64, package="e" * 64))
    assert {fault.path for fault in other.faults} == {LOG, "tagmanifest-sha256.txt"}


def test_a_file_that_cannot_be_read_is_named(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = Path.open

    def refuse(path: Path, *arguments: object, **options: object) -> object:
        if path.name == "1.jpg" and "000001" in str(path):
            raise PermissionError(13, "Permission denied")
        return opening(path, *arguments, **options)  # type: ignore[arg-type, call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    said = lines_of(bag)
    assert any(
        f"GD-3-2 {ONE}/originals/1.jpg: expected a file that can be read" in line for line in said
    )
