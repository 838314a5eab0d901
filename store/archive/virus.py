"""Virus check by ClamAV, where it is installed."""

import shutil
import subprocess
from pathlib import Path

from store.archive.faults import Faults

SCANNERS = ("clamdscan", "clamscan")
_OPTIONS = {
    "clamdscan": ("--fdpass", "--multiscan", "--infected", "--no-summary"),
    "clamscan": ("--recursive", "--infected", "--no-summary"),
}
_CLEAN, _INFECTED = 0, 1
_TIMEOUT_SECONDS = 4 * 3600


def find_scanner() -> str:
    """Return the path of a scanner, "" where none is installed."""
    return next((found for name in SCANNERS if (found := shutil.which(name))), "")


def scan(scanner: str, root: Path, faults: Faults) -> str:
    """Scan a folder; return why the scan did not run to its end, "" where it did.

    A scanner that fails (no signatures, no daemon) says nothing about the files: not run.
    """
    name = Path(scanner).name
    try:
        done = subprocess.run(
            [scanner, *_OPTIONS.get(name, ()), str(root)],
            capture_output=True, text=True, errors="replace", check=False,
            timeout=_TIMEOUT_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{name} 未能运行（{type(error).__name__}）"
    if done.returncode == _INFECTED:
        for line in done.stdout.splitlines():
            path, colon, found = line.rpartition(": ")
            if colon and found.endswith("FOUND"):
                inside = path.removeprefix(f"{root}/")
                faults.add("GD-4-2", inside, "no virus", found.removesuffix(" FOUND"))
        faults.add_once("GD-4-2", root.name, "no virus", "a virus, see the scanner's own log")
        return ""
    return "" if done.returncode == _CLEAN else f"{name} 返回 {done.returncode}"
