"""Read `batch.toml`: what the batch is, and until when (contract, section 1)."""

import datetime
import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

from domain.application import Batch, BatchKind
from domain.faults import InputFault
from extractors.intake.opening import read_text_file

BATCH_FILE = "batch.toml"
_LIMIT_BYTES = 64 * 1024
_NAME_LIMIT = 200
_REQUIRED = ("id", "name", "kind", "opens", "deadline", "institution")
_INSTANTS = ("opens", "deadline", "resubmit_until")
_KNOWN = (*_REQUIRED, "resubmit_until")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)


def read_batch_toml(folder: Path) -> tuple[Batch | None, BatchKind | None, list[InputFault]]:
    """Return the batch, its kind if at least that is known, and every fault of the file.

    The batch is None exactly if there are faults.
    """
    if not (folder / BATCH_FILE).exists() and not (folder / BATCH_FILE).is_symlink():
        return None, None, [_missing_file()]
    data = read_text_file(folder / BATCH_FILE, _LIMIT_BYTES)
    if isinstance(data, InputFault):
        return None, None, [data]
    try:
        text = data.decode("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        return None, None, [_undecodable(data, error.start)]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, None, [_broken(text, str(error))]
    return _check(document, text)


def _check(
    document: dict[str, Any], text: str
) -> tuple[Batch | None, BatchKind | None, list[InputFault]]:
    faults = [
        _fault("unknown-key", name, _line(text, name), *_unknown_texts(name, ("batch",)))
        for name in document
        if name != "batch"
    ]
    section = document.get("batch")
    if not isinstance(section, dict):
        message = "缺少 [batch] 一节。请按模板填写 id、name、kind、opens、deadline、institution。"
        english = f"lacks the section [batch] with {', '.join(_REQUIRED)}."
        return None, None, [*faults, _fault("missing-key", "batch", None, message, english)]
    faults += [
        _fault("unknown-key", name, _line(text, name), *_unknown_texts(name, _KNOWN))
        for name in section
        if name not in _KNOWN
    ]
    faults += [
        _fault("missing-key", name, None, "缺少此项，请补上。", "this key is missing; add it.")
        for name in _REQUIRED
        if name not in section
    ]
    for name in _KNOWN:
        if name in section and (texts := _value_fault(name, section[name])):
            code, message, english = texts
            faults.append(_fault(code, name, _line(text, name), message, english))
    faults += _order_faults(section, text)
    kind = section.get("kind")
    known_kind = BatchKind(kind) if isinstance(kind, str) and kind in set(BatchKind) else None
    if faults or known_kind is None:
        return None, known_kind, faults
    batch = Batch(
        id=section["id"],
        name=section["name"].strip(),
        kind=known_kind,
        opens=section["opens"],
        deadline=section["deadline"],
        resubmit_until=section.get("resubmit_until"),
        institution=section["institution"],
    )
    return batch, known_kind, []


def _value_fault(name: str, value: Any) -> tuple[str, str, str] | None:
    """Return (code, Chinese, English) of what is wrong with a value, None if nothing."""
    if name in _INSTANTS:
        return _instant_fault(value)
    if not isinstance(value, str):
        return "wrong-type", '应为带引号的文字，如 "default"。', "must be a quoted text."
    if name == "kind" and value not in set(BatchKind):
        return (
            "bad-kind",
            '只能是 "language"（学位外语认定）或 "degree"（学位申请）。',
            'must be "language" or "degree".',
        )
    if name in ("id", "institution") and not _SLUG.fullmatch(value):
        return (
            f"bad-{name}",
            "只能用小写字母、数字和连字符，以字母或数字开头，最多 64 个字符。",
            "may hold lower-case letters, digits and hyphens only, starting with a letter or"
            " digit, at most 64.",
        )
    if name == "name" and not (0 < len(value.strip()) <= _NAME_LIMIT and value.isprintable()):
        return (
            "bad-name",
            f"应为 1 至 {_NAME_LIMIT} 个可见字符。",
            f"must hold 1 to {_NAME_LIMIT} printable characters.",
        )
    return None


def _instant_fault(value: Any) -> tuple[str, str, str] | None:
    example = "2024-03-31T23:59:59+08:00"
    if not isinstance(value, datetime.datetime):
        return (
            "wrong-type",
            f"应为不带引号的日期时间，如 {example}。",
            f"must be an unquoted date and time such as {example}.",
        )
    if value.tzinfo is None:
        return (
            "no-offset",
            f"缺少时区，请在末尾加上 +08:00，如 {example}。",
            f"lacks the offset; write it like {example}.",
        )
    return None


def _order_faults(section: dict[str, Any], text: str) -> list[InputFault]:
    instants = {
        name: section[name]
        for name in _INSTANTS
        if name in section and _instant_fault(section[name]) is None
    }
    return [
        _fault(
            "bad-order",
            later,
            _line(text, later),
            f"必须晚于 {earlier}，请更正。",
            f"must be later than {earlier}.",
        )
        for earlier, later in (("opens", "deadline"), ("deadline", "resubmit_until"))
        if earlier in instants and later in instants and instants[later] <= instants[earlier]
    ]


def _unknown_texts(name: str, known: tuple[str, ...]) -> tuple[str, str]:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"未知的项。是否应为 {close[0]}？", f"unknown key; did you mean {close[0]!r}?"
    names = ", ".join(known)
    return f"未知的项，请删除。可用的有：{names}。", f"unknown key; remove it. Known: {names}."


def _line(text: str, key: str) -> int | None:
    pattern = re.compile(rf"\s*(?:\[\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\].]")
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.match(line):
            return number
    return None


def _fault(code: str, key: str, row: int | None, message: str, english: str) -> InputFault:
    return InputFault(
        file=BATCH_FILE, row=row, column=key, code=code, message=message, message_en=english
    )


def _missing_file() -> InputFault:
    return _fault(
        "no-batch-toml",
        "",
        None,
        "文件夹中没有 batch.toml。请确认选择的是平台导出的批次文件夹，或按模板新建一个。",
        "is missing; choose the batch folder that the platform exported, or write one.",
    )


def _undecodable(data: bytes, start: int) -> InputFault:
    row = data.count(b"\n", 0, start) + 1
    return _fault(
        "undecodable",
        "",
        row,
        f"第 {start + 1} 个字节不是 UTF-8 编码。请用 UTF-8 编码另存。",
        f"byte {start + 1} is not UTF-8; save the file as UTF-8.",
    )


def _broken(text: str, reason: str) -> InputFault:
    place = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    row = int(place[1]) if place else len(text.splitlines()) or 1
    where = f"第 {place[2]} 个字符处" if place else "文件末尾"
    where_en = f"at column {place[2]}" if place else "at the end of the file"
    return _fault(
        "broken-toml",
        "",
        row,
        f"TOML 格式有误（{where}）。请检查引号、等号和日期写法。",
        f"is not valid TOML {where_en}; check quotes, equals signs and dates.",
    )
