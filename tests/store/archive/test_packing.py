"""What a package is: complete, private, the same each time, whole or in parts."""

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import bagit
import pytest

from domain.archive import ArchivePolicy
from domain.faults import ConfigurationFault, MachineFault
from flows.progress import Silence
from store import Store
from store.archive import packing
from store.archive.checking import Known
from store.archive.group import check_packages
from store.archive.index import COLUMNS, read_index_csv, read_index_xml
from tests.review.builders import BATCH
from tests.store.archive.packages import (
    FIRST,
    TABLE,
    archive,
    check,
    make_decided,
    make_sealed,
    quick_hashes,
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give the store of a sealed batch."""
    quick_hashes(monkeypatch)
    with make_sealed(tmp_path / "home") as opened:
        yield opened


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_batch_that_is_not_sealed_is_refused_with_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_hashes(monkeypatch)
    with (
        make_decided(tmp_path / "home") as store,
        pytest.raises(ConfigurationFault, match="hedui seal 2024-language"),
    ):
        archive(store, tmp_path / "out")
    assert not (tmp_path / "out" / BATCH).exists()


def test_every_applicants_originals_come_byte_for_byte_with_all_that_was_decided(
    store: Store, tmp_path: Path
) -> None:
    bag = archive(store, tmp_path).path
    rows = read_index_csv((bag / "data/index.csv").read_bytes())
    assert rows == read_index_xml((bag / "data/index.xml").read_bytes())
    cells = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    assert [row["件号"] for row in cells] == ["1", "2", "3"]
    assert cells[0]["题名"] == f"王晓东（{FIRST}）2024批次学位外语认定材料"
    assert {row["保管期限"] for row in cells} == {"未定（由学校确定）"}
    for item, row in zip(store.load_outcome(BATCH).rows, cells, strict=True):
        (upload,) = item.submission.uploads
        kept = (bag / row["目录"] / "originals/1.jpg").read_bytes()
        assert kept == store.originals.read(upload.digest)
    review = json.loads((bag / "data/records/000002/review.json").read_text("utf-8"))
    (entry,) = review["entries"]
    assert (entry["account"], entry["decision"]["verdict"]) == ("li", "pass")
    compared = json.loads((bag / "data/records/000001/comparison.json").read_text("utf-8"))
    values = {item["field"]: item for item in compared["current"]["assessment"]["comparisons"]}
    assert values["score"]["agreement"] == "equal"
    assert values["score"]["evidence"]["bbox"]
    assert (bag / "data/batch/received/01/applications.csv").read_bytes() == TABLE
    assert bagit.Bag(str(bag)).validate()


def test_names_inside_are_ascii_and_everything_is_private(store: Store, tmp_path: Path) -> None:
    bag = archive(store, tmp_path).path
    for path in (bag, *bag.rglob("*")):
        assert path.name.isascii()
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_archiving_again_gives_the_same_bytes_and_leaves_the_archived_log_as_it_was(
    store: Store, tmp_path: Path
) -> None:
    first = archive(store, tmp_path / "one")
    second = archive(store, tmp_path / "two")
    assert contents(first.path) == contents(second.path)
    assert first.bags == second.bags
    events = [event for event in store.events.of_batch(BATCH) if event.kind == "archived"]
    assert len(events) == 2
    told = json.loads(events[0].payload)
    assert told["bags"] == {BATCH: first.bags[0].digest}
    assert told["head"] == check(first.path).log_head


def test_a_zip_has_one_base_directory_and_the_same_bytes_each_time(
    store: Store, tmp_path: Path
) -> None:
    first = archive(store, tmp_path / "one", as_zip=True).path
    second = archive(store, tmp_path / "two", as_zip=True).path
    assert first.read_bytes() == second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert check(first).is_valid
    assert names_in(first.parent) == [f"{BATCH}.zip"]
    shutil.unpack_archive(first, tmp_path / "unpacked")
    assert names_in(tmp_path / "unpacked") == [BATCH]
    assert bagit.Bag(str(tmp_path / "unpacked" / BATCH)).validate()


@pytest.mark.parametrize("as_zip", [False, True])
def test_parts_are_valid_alone_and_belong_together(
    store: Store, tmp_path: Path, as_zip: bool
) -> None:
    package = archive(store, tmp_path, as_zip=as_zip, split=1)
    names = [bag.name for bag in package.bags]
    assert names == [f"{BATCH}-{n}-of-4" for n in (1, 2, 3, 4)]
    checks = check_packages(package.path, Known(), Silence())
    assert [fault for one in checks for fault in one.faults] == []
    assert [one.records for one in checks] == [0, 1, 1, 1]
    third = package.bags[2].digest
    assert all(
        one.is_valid for one in check_packages(package.path, Known(package=third), Silence())
    )
    (first, *_) = check_packages(package.path, Known(package="f" * 64), Silence())
    assert [fault.path for fault in first.faults] == [package.path.name]
    last = package.path / f"{names[-1]}{'.zip' if as_zip else ''}"
    assert check(last, Known(head=checks[0].log_head)).is_valid
    assert not check(last, Known(head="f" * 64)).is_valid
    (shutil.rmtree if last.is_dir() else os.unlink)(last)
    said = [fault.render() for one in check_packages(package.path, Known(), Silence())
            for fault in one.faults]  # fmt: skip
    assert f"{BATCH}: expected parts 1 to 4, found parts [1, 2, 3]" in said


def test_what_stands_there_is_not_overwritten(store: Store, tmp_path: Path) -> None:
    first = archive(store, tmp_path)
    before = contents(first.path)
    with pytest.raises(ConfigurationFault, match="exists; check it with: hedui verify"):
        archive(store, tmp_path)
    assert contents(first.path) == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_disk_that_refuses_leaves_nothing_behind(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(packing.bagit, "make_bag", refuse)
    with pytest.raises(MachineFault) as fault:
        archive(store, tmp_path)
    assert fault.value.code == ("disk-full" if code == errno.ENOSPC else "archive-failed")
    assert names_in(tmp_path / BATCH / "archive") == []
    assert not any(event.kind == "archived" for event in store.events.of_batch(BATCH))


@pytest.mark.parametrize(
    ("lost", "code"), [(True, "original-missing"), (False, "original-damaged")]
)
def test_a_lost_or_damaged_original_is_named_and_nothing_is_archived(
    store: Store, tmp_path: Path, lost: bool, code: str
) -> None:
    digest = store.load_outcome(BATCH).rows[0].submission.uploads[0].digest
    path = store.originals.path_of(digest)
    path.unlink() if lost else path.write_bytes(b"x")
    with pytest.raises(MachineFault, match=digest) as fault:
        archive(store, tmp_path)
    assert fault.value.code == code
    assert names_in(tmp_path / BATCH / "archive") == []


@pytest.mark.parametrize("pattern", ["JX", "{item", "{name}-{item}", "{item} x", "{item.x}"])
def test_a_pattern_that_makes_no_numbers_is_a_fault_of_policy(pattern: str) -> None:
    policy = ArchivePolicy(
        number_pattern=pattern, fonds="", first_item=1, creator="", retention_term="", access=""
    )
    (fault,) = policy.faults()
    assert "number_pattern" in fault
