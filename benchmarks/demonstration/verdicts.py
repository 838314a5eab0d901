"""Fill a sample batch's review.xlsx as a person would who knows its truth.

    python -m benchmarks.demonstration.verdicts OUTCOME_FOLDER BATCH_FOLDER FILLED [--fit COMMITTED]

Which applications wait depends on what the machine could read. With `--fit` the verdicts are those
of a committed workbook, and only what waits on this machine beside them is filled from the truth.
"""

import argparse
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

PASS, REFUSE, REUPLOAD = "通过", "不通过", "重新上传"
_UNCLEAR, _OTHER = "图片不清或缺页", "其他"
_REASONS = {
    "digits-transposed": "编号不符",
    "one-digit-off-number": "编号不符",
    "swapped-fields": "编号不符",
    "one-digit-off-score": "成绩不符",
    "inflated-score": "成绩不符",
    "another-persons-paper": "非本人",
    "name-one-character-off": "非本人",
    "id-number-mismatch": "非本人",
    "not-a-certificate": "非四类证书",
    "not-in-four": "非四类证书",
    "same-file-two-applicants": "疑似重复",
    "same-number-two-applicants": "疑似重复",
}
_TO_UPLOAD_AGAIN = frozenset(
    {"truncated-jpeg", "unreadable", "several-files-one-broken", "query-page", "pdf-zip-polyglot"}
)
_NEEDED = ("name", "certificate_number", "score", "date")
_SLIPS = (*_NEEDED, "language", "level", "status", "id_number")
_FILLED = ("结论", "原因", "备注")
_KEYS = ("学号", "case_version")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FIXED_CLOCK = rb"\g<1>1980-01-01T00:00:00Z"

Row = dict[str, str]
Verdicts = dict[tuple[str, ...], Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """How verdicts of a committed workbook met what waits: those used, added, and not needed."""

    used: int
    added: tuple[str, ...]
    unneeded: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """Return whether the committed workbook is right as it is."""
        return not self.added and not self.unneeded


def fill_workbook(
    outcome: Path, batch: Path, filled: Path, committed: Path | None = None
) -> Fitted:
    """Write the filled workbook of a batch that was run; the same outcome gives the same bytes.

    `outcome` is the batch's outcome folder, `batch` the labelled folder.
    """
    known = read_verdicts(committed) if committed else {}
    book = openpyxl.load_workbook(outcome / "review.xlsx")
    sheet = book.worksheets[0]
    headers = [str(cell.value) for cell in sheet[1]]
    truth = {line["学号"]: line for line in _truth(batch)}
    fields = _fields(outcome)
    added: list[str] = []
    used: set[tuple[str, ...]] = set()
    for cells in sheet.iter_rows(min_row=2):
        row = {name: str(cell.value or "") for name, cell in zip(headers, cells, strict=True)}
        key = tuple(row[name] for name in _KEYS)
        if not row["学号"]:
            continue
        if key in known:
            verdict = known[key]
            used.add(key)
        else:
            verdict = _verdict(truth[row["学号"]], row, fields.get(row["学号"], {}))
            added.append(row["学号"])
        for name in _FILLED:
            cells[headers.index(name)].value = verdict[name] or None
    buffer = io.BytesIO()
    book.save(buffer)
    filled.write_bytes(_without_clock(buffer.getvalue()))
    unneeded = tuple(key[0] for key in known if key not in used)
    return Fitted(used=len(used), added=tuple(added) if committed else (), unneeded=unneeded)


def read_verdicts(path: Path) -> Verdicts:
    """Return the verdicts of a filled workbook by 学号 and case_version."""
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        headers = [str(cell) for cell in next(rows)]
        found: Verdicts = {}
        for cells in rows:
            row = {name: str(cell or "") for name, cell in zip(headers, cells, strict=True)}
            if row["学号"] and row["结论"]:
                found[tuple(row[name] for name in _KEYS)] = row
        return found
    finally:
        book.close()


def _truth(batch: Path) -> Iterable[dict[str, Any]]:
    for line in (batch / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _fields(outcome: Path) -> dict[str, dict[str, Row]]:
    text = (outcome / "fields.csv").read_text(encoding="utf-8-sig")
    found: dict[str, dict[str, Row]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        found.setdefault(row["学号"], {})[row["field"]] = row
    return found


def _verdict(truth: Mapping[str, Any], row: Row, fields: Mapping[str, Row]) -> Row:
    """Return what a person says who knows what the paper really is."""
    kind = str(truth["kind"])
    if kind == "honest" or "accept" in truth["expected"]:
        if _can_pass(truth, row, fields):
            return dict(zip(_FILLED, (PASS, "", ""), strict=True))
        # A pass would need values entered in the pages: by workbook the paper is asked for again.
        return dict(zip(_FILLED, (REUPLOAD, _UNCLEAR, ""), strict=True))
    if kind in _TO_UPLOAD_AGAIN:
        return dict(zip(_FILLED, (REUPLOAD, _UNCLEAR, ""), strict=True))
    reason = _REASONS.get(kind, _OTHER)
    note = row["问题"] if reason == _OTHER else ""
    return dict(zip(_FILLED, (REFUSE, reason, note), strict=True))


def _can_pass(truth: Mapping[str, Any], row: Row, fields: Mapping[str, Row]) -> bool:
    """Return whether `hedui decide` takes a plain pass: all that is needed read, nothing apart."""
    if "certificate_number" not in fields and "score" not in fields:
        return "论文题目" in truth["fields"]  # degree batches have other fields, and need none
    codes = row["reason_codes"].split(";")
    if "not-in-four" in codes or "unknown-certificate" in codes:
        return False
    unread = [
        name
        for name in _NEEDED
        if name not in fields
        or (fields[name]["agreement"] in ("not-found", "not-checked")
            and not fields[name]["extracted"])
    ]  # fmt: skip
    apart = [
        name
        for name in _SLIPS
        if name in fields
        and fields[name]["extracted"]
        and fields[name]["agreement"] in ("different", "similar", "not-found", "not-printed")
    ]
    return not unread and not apart


def _without_clock(content: bytes) -> bytes:
    """Return a workbook without the moment at which it was saved."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _CLOCK.sub(_FIXED_CLOCK, data)
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return target.getvalue()


def main() -> None:
    """Fill a workbook and say how the committed verdicts met what waits."""
    parser = argparse.ArgumentParser(description="Fill a sample batch's review.xlsx from its truth")
    parser.add_argument("outcome", type=Path)
    parser.add_argument("batch", type=Path)
    parser.add_argument("filled", type=Path)
    parser.add_argument("--fit", type=Path, default=None, metavar="COMMITTED")
    given = parser.parse_args()
    fitted = fill_workbook(given.outcome, given.batch, given.filled, given.fit)
    if given.fit is None:
        print(f"{given.filled}: filled from the truth")
    elif fitted.is_exact:
        print(f"the {fitted.used} verdicts of {given.fit} are what waits on this machine")
    else:
        print(
            f"of {given.fit}: {fitted.used} verdicts taken, {len(fitted.unneeded)} not needed here;"
            f" {len(fitted.added)} more filled from the truth"
        )


if __name__ == "__main__":
    main()
