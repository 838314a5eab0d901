"""Zips and files that are no package: nothing leaves its place, nothing fills the disk."""

import warnings
import zipfile
from pathlib import Path

import pytest

from tests.store.archive.packages import (
    check,
    lines_of,
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
