"""Find the columns of a table by their headers, in any order and however they are decorated."""

import re
import unicodedata
from dataclasses import dataclass

from domain.faults import InputFault
from extractors.intake.columns import TableSpec

_BRACKETS = "()[]{}<>（）【】［］｛｝〔〕《》〈〉「」『』“”"
_BRACKETED = re.compile(
    r"\([^()]*\)|（[^（）]*）|【[^【】]*】|\[[^\[\]]*\]|［[^［］]*］|〔[^〔〕]*〕|《[^《》]*》"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which column of a file holds what: (position from 0, canonical header), contract's order."""

    spec: TableSpec
    positions: tuple[tuple[int, str], ...]
    faults: tuple[InputFault, ...]
    ignored: tuple[str, ...]


def match_headers(file: str, headers: tuple[str, ...], specs: tuple[TableSpec, ...]) -> Layout:
    """Match a header row with that of the `specs` whose columns it carries most of.

    A header matches by its letters alone: `*`, spaces of every sort, width, case and bracket signs
    do not count. What stands in brackets counts (姓名（拼音） is 姓名拼音) unless the column would
    otherwise be missing (证书获取日期（必填）). Duplicate and missing columns are faults; unknown
    columns are ignored, and named in the result.
    """
    layouts = [_match(file, headers, spec) for spec in specs]
    return max(layouts, key=lambda layout: len(layout.positions))


def count_known(headers: tuple[str, ...], specs: tuple[TableSpec, ...]) -> int:
    """Return how many headers the best of the `specs` knows."""
    return max(len({header for _, header in _match("", headers, s).positions}) for s in specs)


def _match(file: str, headers: tuple[str, ...], spec: TableSpec) -> Layout:
    canonical = {_plain(header): header for header in spec.headers}
    found: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        if known := canonical.get(_plain(header)):
            found.setdefault(known, []).append(position)
    matched = {position for positions in found.values() for position in positions}
    direct = frozenset(found)
    for position, header in enumerate(headers):
        known = canonical.get(_plain(_BRACKETED.sub("", header)))
        if position not in matched and known and known not in direct:
            found.setdefault(known, []).append(position)
            matched.add(position)
    return Layout(
        spec=spec,
        positions=tuple((found[name][0], name) for name in spec.headers if name in found),
        faults=(*_missing(file, spec, found), *_duplicates(file, found)),
        ignored=tuple(
            header.strip()
            for position, header in enumerate(headers)
            if position not in matched and header.strip()
        ),
    )


def _plain(header: str) -> str:
    """Return the letters of a header alone (NFKC maps full-width signs and spaces)."""
    kept = (
        sign
        for sign in unicodedata.normalize("NFKC", header)
        if sign != "*"
        and sign not in _BRACKETS
        and not sign.isspace()
        and unicodedata.category(sign) not in ("Cf", "Cc")  # zero-width signs, a stray BOM
    )
    return "".join(kept).casefold()


def _missing(file: str, spec: TableSpec, found: dict[str, list[int]]) -> list[InputFault]:
    return [
        InputFault(
            file=file,
            row=1,
            column=name,
            code="missing-column",
            message="缺少这一列。第一行必须是表头；请从平台重新导出，或补上这一列后重试。",
            message_en="this column is missing. Row 1 must hold the headers; export the table"
            " again or add the column.",
        )
        for name in spec.required
        if name not in found
    ]


def _duplicates(file: str, found: dict[str, list[int]]) -> list[InputFault]:
    faults = []
    for name, positions in found.items():
        if len(positions) > 1:
            numbers = [str(position + 1) for position in positions]
            faults.append(
                InputFault(
                    file=file,
                    row=1,
                    column=name,
                    code="duplicate-column",
                    message=f"表头重复（第 {'、'.join(numbers)} 列），无法确定以哪一列为准。"
                    "请只保留一列。",
                    message_en=f"the header stands in columns {', '.join(numbers)}; keep one.",
                )
            )
    return faults
