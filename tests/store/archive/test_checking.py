"""Whatever is changed in a package is found and named, covered up or not."""

import os
import shutil
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import bagit
import pytest

from store.archive.checking import Known
from tests.store.archive.packages import (
    FIRST,
    SECOND,
    Attack,
    archive,
    change_cell,
    check,
    cover_up,
    lines_of,
    locked_pdf,
    make_sealed,
    quick_hashes,
    replace,
)

ONE, TWO = "data/records/000001", "data/records/000002"
LOG = "data/batch/log.jsonl"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the package of a sealed batch; nobody changes this one."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        quick_hashes(monkeypatch)
        home = tmp_path_factory.mktemp("home")
        store = make_sealed(home)
        yield archive(store, home / "out").path
        store.close()


@pytest.fixture
def bag(made: Path, tmp_path: Path) -> Path:
    """Give a copy of the package, to be changed."""
    return Path(shutil.copytree(made, tmp_path / made.name))


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


def cut_log(bag: Path, keep: int) -> None:
    path = bag / LOG
    *lines, _ = path.read_text("ascii").splitlines()
    head = lines[keep - 1].partition('"hash":"')[2][:64]
    path.write_text("\n".join([*lines[:keep], f'{{"head":"{head}"}}', ""]), "ascii")
    old = replace_head(bag, head)
    assert old != head


def replace_head(bag: Path, head: str) -> str:
    """Put another head wherever the package repeats it but in the report."""
    for line in (bag / "bag-info.txt").read_text("utf-8").splitlines():
        if line.startswith("Event-Log-Head: "):
            old = line.partition(": ")[2]
    replace(bag / "bag-info.txt", old, head)
    replace(bag / "data/batch/batch.json", old, head)
    return old


def reorder_log(bag: Path) -> None:
    path = bag / LOG
    lines = path.read_text("ascii").splitlines()
    lines[4], lines[5] = lines[5], lines[4]
    path.write_text("\n".join([*lines, ""]), "ascii")


def swap(bag: Path) -> None:
    one, two = bag / ONE / "originals/1.jpg", bag / TWO / "originals/1.jpg"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


COVERED = (
    Attack(
        "a title",
        lambda b: replace(b / ONE / "metadata.xml", "王晓东", "王晓冬"),
        f"GD-1-11 {ONE}/metadata.xml 题名: expected 王晓东",
    ),
    Attack(
        "a term in the index",
        lambda b: change_cell(b / "data/index.csv", FIRST, "保管期限", "永久"),
        "GD-1-11 data/index.csv data/records/000001 保管期限: expected 未定（由学校确定）",
    ),
    Attack(
        "a number in the index",
        lambda b: change_cell(b / "data/index.csv", FIRST, "档号", "X-1"),
        "GD-1-7 data/index.csv data/records/000001 档号",
    ),
    Attack(
        "a row of the XML",
        lambda b: replace(b / "data/index.xml", SECOND, "1"),
        "GD-1-11 data/index.xml data/records/000002 题名",
    ),
    Attack(
        "a declared value",
        lambda b: replace(b / ONE / "comparison.json", '"482"', '"682"'),
        f"GD-1-14 {ONE}/comparison.json",
    ),
    Attack(
        "an extracted value",
        lambda b: replace(b / ONE / "comparison.json", '"extracted": "482"', '"extracted": "682"'),
        f"GD-1-14 {ONE}/comparison.json: expected the machine's answer",
    ),
    Attack(
        "a verdict",
        lambda b: replace(b / TWO / "review.json", '"verdict": "pass"', '"verdict": "refuse"'),
        f"GD-1-14 {TWO}/review.json decision",
    ),
    Attack(
        "who decided",
        lambda b: replace(b / TWO / "review.json", '"account": "li"', '"account": "wang"'),
        f"GD-1-14 {TWO}/review.json decision",
    ),
    Attack(
        "a status",
        lambda b: replace(b / ONE / "review.json", "审核通过", "审核不通过"),
        f"GD-1-11 {ONE}/review.json: expected 审核状态 审核通过, found 审核状态 审核不通过",
    ),
    Attack(
        "a result",
        lambda b: change_cell(
            b / "data/batch/reports/results.csv", FIRST, "审核状态", "审核不通过"
        ),
        f"GD-1-11 data/batch/reports/results.csv {FIRST} 审核状态",
    ),
    Attack("a cut log", lambda b: cut_log(b, 8), f"GD-2-5 {LOG}"),
    Attack("a log cut behind the sealing", lambda b: cut_log(b, 20), "GD-4-7"),
    Attack("a reordered log", reorder_log, f"GD-1-14 {LOG} entry"),
    Attack(
        "an edited log entry",
        lambda b: replace(b / LOG, '"actor":"chen"', '"actor":"li"'),
        f"GD-1-14 {LOG} entry",
    ),
    Attack("swapped originals", swap, f"GD-1-14 {ONE}/originals/1.jpg: expected original"),
    Attack(
        "an encrypted form",
        lambda b: (b / ONE / "form.pdf").write_bytes(locked_pdf()) and None,
        f"GD-3-8 {ONE}/form.pdf: expected no encryption",
    ),
    Attack(
        "a second original",
        lambda b: (b / ONE / "originals/2.pdf").write_bytes(locked_pdf()) and None,
        f"GD-2-11 {ONE}/originals/2.pdf",
    ),
    Attack(
        "a removed record", lambda b: shutil.rmtree(b / TWO), "GD-2-6 data/records: expected 件号 2"
    ),
    Attack(
        "the policy",
        lambda b: replace(b / "data/batch/policy.json", '"cet": "425"', '"cet": "225"'),
        "GD-1-14 data/batch/policy.json: expected digest",
    ),
    Attack(
        "who sealed",
        lambda b: replace(b / "data/batch/batch.json", '"sealed_by": "chen"', '"sealed_by": "li"'),
        "GD-1-5 data/batch/batch.json: expected sealed by chen",
    ),
    Attack(
        "a received table",
        lambda b: replace(b / "data/batch/received/01/applications.csv", "王晓东", "王晓冬"),
        "GD-1-14 data/batch/received/01/applications.csv",
    ),
    Attack(
        "the report's head",
        lambda b: replace_head(b, "0" * 64) and None,
        "GD-2-5 data/batch/reports/report.html",
    ),
    Attack(
        "no original",
        lambda b: (b / ONE / "originals/1.jpg").unlink(),
        f"GD-2-11 {ONE}/originals/1.jpg: expected original",
    ),
    Attack(
        "another format",
        lambda b: (b / ONE / "originals/1.jpg").write_bytes(b"MZ") and None,
        f"GD-3-3 {ONE}/originals/1.jpg: expected JPEG",
    ),
)


@pytest.mark.parametrize("attack", COVERED, ids=lambda attack: attack.name)
def test_a_change_is_named_though_every_manifest_was_written_again(
    bag: Path, attack: Attack
) -> None:
    attack.change(bag)
    cover_up(bag)
    said = lines_of(bag)
    assert not any(line.startswith(("GD-1-1 ", "GD-2-7 ")) for line in said)
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


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello" * 1000])
def test_a_file_that_is_no_package_is_one_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.zip"
    path.write_bytes(content)
    found = check(path)
    assert [fault.code for fault in found.faults] == ["GD-2-10"]
    assert not any(item.result.value == "passed" for item in found.items)


def test_an_empty_folder_and_nothing_at_all_are_faults(tmp_path: Path) -> None:
    assert not check(tmp_path).is_valid
    assert not check(tmp_path / "missing").is_valid


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../evil.txt", "a path that leaves its folder"),
        ("/evil.txt", "an absolute or foreign path"),
        ("b\\..\\evil.txt", "an absolute or foreign path"),
        ("2024-language/bagit.txt", "a second file of that name"),
    ],
)
def test_a_zip_writes_nothing_outside(made: Path, tmp_path: Path, name: str, said: str) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive_file:
        for file in sorted(made.rglob("*")):
            archive_file.write(file, f"{made.name}/{file.relative_to(made)}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the library, about a name that it has already
            archive_file.writestr(name, "evil")
    before = set(tmp_path.parent.rglob("evil*"))
    assert any(said in line for line in lines_of(path))
    assert set(tmp_path.parent.rglob("evil*")) == before


def test_a_link_in_a_zip_is_not_made(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive_file:
        archive_file.write(made / "bagit.txt", f"{made.name}/bagit.txt")
        link = zipfile.ZipInfo(f"{made.name}/data")
        link.external_attr = 0o120777 << 16
        archive_file.writestr(link, "/")
    assert any("a link or device" in line for line in lines_of(path))


def test_a_zip_that_would_fill_the_disk_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive_file:
        archive_file.writestr("b/data/zeros", bytes(200_000_000))
    (line,) = lines_of(path)
    assert "not unpacked" in line
