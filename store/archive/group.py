"""A folder of the parts of one split package: each part is checked, then whether they belong."""

import dataclasses
import re
from pathlib import Path

from domain.archive import ItemResult, PackageCheck
from store.archive.checking import Known, Progress, check_package
from store.archive.faults import Faults
from store.archive.items import checked_items

_PART = re.compile(r"(.+)-([0-9]{1,6})-of-([0-9]{1,6})")
_WHOLE = "GD-2-1"


def parts_in(path: Path) -> list[Path]:
    """Return the parts in a folder in their order; empty where it holds no split package."""
    if not path.is_dir() or (path / "bagit.txt").exists():
        return []
    found = [
        item
        for item in path.iterdir()
        if not item.name.startswith(".") and _PART.fullmatch(item.name.removesuffix(".zip"))
    ]
    return sorted(found, key=lambda item: _place(item)[1])


def _place(path: Path) -> tuple[str, int, int]:
    found = _PART.fullmatch(path.name.removesuffix(".zip"))
    assert found is not None
    return found[1], int(found[2]), int(found[3])


def check_packages(path: Path, known: Known, listener: Progress) -> tuple[PackageCheck, ...]:
    """Check one package, or every part of a split one and that none is missing or strange."""
    parts = parts_in(path)
    if not parts:
        return (check_package(path, known, listener),)
    # The head is looked for in the first part; a digest may be any part's.
    checks = [check_package(part, Known(head=known.head), listener) for part in parts]
    faults = Faults()
    digests = {check.digest for check in checks}
    if known.package and known.package not in digests:
        faults.add("GD-1-14", path.name, f"a part with digest {known.package}", "none")
    places = [_place(part) for part in parts]
    batch, _, count = places[0]
    numbers = [number for _, number, _ in places]
    if numbers != list(range(1, count + 1)):
        faults.add(_WHOLE, path.name, f"parts 1 to {count}", f"parts {numbers}")
    if {(name, of) for name, _, of in places} != {(batch, count)}:
        faults.add(_WHOLE, path.name, f"parts of {batch}", "parts of several packages")
    strangers = {item.name for item in path.iterdir()} - {part.name for part in parts}
    for name in sorted(strangers):
        faults.add("GD-4-2-1", name, "nothing but parts", "another file")
    heads = {check.log_head for check in checks}
    if len(heads) > 1:
        faults.add("GD-1-14", path.name, "one log head in every part", sorted(heads))
    _check_records(path, checks, faults)
    checks = [dataclasses.replace(check, compared=known.names) for check in checks]
    return (_with(checks[0], faults), *checks[1:])


def _check_records(path: Path, checks: list[PackageCheck], faults: Faults) -> None:
    following = None
    for check in checks:
        if check.first_item is None or check.last_item is None:
            continue
        if following is not None:
            faults.expect("GD-2-6", f"{path.name}/{check.name}", f"件号 {following}",
                          f"件号 {check.first_item}")  # fmt: skip
        following = check.last_item + 1
    wanted = {check.records_in_all for check in checks if check.records_in_all is not None}
    found = sum(check.records for check in checks)
    if wanted != {found}:
        faults.add(_WHOLE, path.name, f"{sorted(wanted)} records", f"{found} records")


def _with(check: PackageCheck, faults: Faults) -> PackageCheck:
    """Return the first part's check with what is wrong with the parts together."""
    found = (*check.faults, *faults.all())
    not_run = {item.code: item.note for item in check.items if item.result is ItemResult.NOT_RUN}
    return dataclasses.replace(check, faults=found, items=checked_items(found, not_run))
