"""The truth of a labelled folder, checked line by line (docs/contract.md, truth.jsonl)."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.assessment import Decision
from domain.certificates import CertificateType
from domain.faults import BatchRefused, InputFault

TRUTH_FILE = "truth.jsonl"
OTHER_FAMILY = "other"
# Words by which generators call a picture whose print was changed after it was made.
_FORGED = re.compile(r"edit|forg|tamper|fake|伪造|篡改|变造", re.IGNORECASE)
_DECISIONS = frozenset(decision.value for decision in Decision)
_NEEDED = ("学号", "certificate_type", "condition", "kind", "expected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is known about one application.

    `expected` are the right outcomes. `fields` maps field names, also such as hedui does not know,
    to what the paper prints. `twin_of` is the 学号 of its honest twin (or of the item that it is
    the twin of), "" where none is given.
    """

    student_number: str
    certificate_type: str
    layout: str
    condition: str
    kind: str
    expected: frozenset[str]
    fields: Mapping[str, str]
    held_back: bool
    twin_of: str

    @property
    def family(self) -> str:
        """Return the certificate family, `other` where the type has none."""
        try:
            family = CertificateType(self.certificate_type).family
        except ValueError:
            return OTHER_FAMILY
        return family.value if family else OTHER_FAMILY

    @property
    def may_be_accepted(self) -> bool:
        return Decision.ACCEPT.value in self.expected

    @property
    def is_forged(self) -> bool:
        """Return whether the picture was edited, by the word that the truth uses for it."""
        return bool(_FORGED.search(self.kind))


def read_truth(folder: Path, student_numbers: Collection[str]) -> dict[str, Truth]:
    """Return the truth of a folder by 学号; `student_numbers` are those of its table.

    Keys that the contract does not name are ignored. Raises `BatchRefused` with every line that is
    not as the contract says.
    """
    path = folder / TRUTH_FILE
    place = f"{folder.name}/{TRUTH_FILE}"
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise BatchRefused((_fault(place, None, "truth-missing"),)) from None
    except (OSError, UnicodeDecodeError):
        raise BatchRefused((_fault(place, None, "truth-unreadable"),)) from None
    truths: dict[str, Truth] = {}
    faults: list[InputFault] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            truth = _parse(json.loads(line))
        except _Wrong as wrong:
            faults.append(_fault(place, number, "truth-line", str(wrong)))
            continue
        except (ValueError, RecursionError):
            faults.append(_fault(place, number, "truth-line"))
            continue
        if truth.student_number in truths:
            faults.append(_fault(place, number, "truth-twice", "学号"))
        elif truth.student_number not in student_numbers:
            faults.append(_fault(place, number, "truth-unknown", "学号"))
        truths[truth.student_number] = truth
    if not truths and not faults:
        faults.append(_fault(place, None, "truth-empty"))
    if faults:
        raise BatchRefused(tuple(faults))
    return truths


class _Wrong(Exception):
    """A key of a line is missing or of the wrong form; `str()` is the key."""


def _parse(row: Any) -> Truth:
    if not isinstance(row, dict):
        raise ValueError
    for key in _NEEDED:
        if key not in row:
            raise _Wrong(key)
    expected = row["expected"]
    if (
        not isinstance(expected, list)
        or not expected
        or not _DECISIONS.issuperset(map(str, expected))
    ):
        raise _Wrong("expected")
    fields = row.get("fields") or {}
    if not isinstance(fields, dict):
        raise _Wrong("fields")
    held_back = row.get("held_back", False)
    if not isinstance(held_back, bool):
        raise _Wrong("held_back")
    return Truth(
        student_number=_text(row, "学号"),
        certificate_type=_text(row, "certificate_type"),
        layout=_text(row, "layout", empty=True),
        condition=_text(row, "condition"),
        kind=_text(row, "kind"),
        expected=frozenset(map(str, expected)),
        fields={
            name: _text(fields, name, key="fields", empty=True)
            for name, value in fields.items()
            if value is not None
        },
        held_back=held_back,
        twin_of=_text(row, "twin_of", empty=True),
    )


def _text(row: Mapping[str, Any], name: str, *, key: str = "", empty: bool = False) -> str:
    value = row.get(name)
    if value is None and empty:
        return ""
    # A generator may write a number as one; anything nested is no printed value.
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Wrong(key or name)
    text = str(value).strip()
    if not text and not empty:
        raise _Wrong(key or name)
    return text


_MESSAGES = {
    "truth-missing": (
        "没有该文件，不是带标注的文件夹；请指定含 truth.jsonl 的批次文件夹",
        "is missing, so this is no labelled folder; name a batch folder that holds it",
    ),
    "truth-unreadable": (
        "无法读取或不是 UTF-8；请检查文件",
        "cannot be read or is not UTF-8; check the file",
    ),
    "truth-empty": ("没有任何标注；请补充", "labels nothing; fill it"),
    "truth-line": (
        "此行不是约定的 JSON 或该项缺失、格式不对；请改正",
        "this line is not the JSON agreed on, or this key is missing or of the wrong form; mend it",
    ),
    "truth-twice": (
        "该学号已在前面出现；请只保留一行",
        "this student number stood on an earlier line; keep one",
    ),
    "truth-unknown": (
        "申请表中没有该学号；请核对",
        "the table of applications has no such student number; check it",
    ),
}


def _fault(file: str, row: int | None, code: str, column: str = "") -> InputFault:
    message, message_en = _MESSAGES[code]
    return InputFault(
        file=file, row=row, column=column, code=code, message=message, message_en=message_en
    )
