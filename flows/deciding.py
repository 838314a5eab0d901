"""Verdicts from the filled review.xlsx, and reversals: checked in full before anything is taken."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.application import BatchKind
from domain.faults import BatchRefused, ConfigurationFault, InputFault
from domain.review import REASONS, Round, Verdict, reason_of
from extractors.intake.columns import TableSpec
from extractors.intake.excel import read_excel, read_subject
from extractors.intake.opening import read_text_file
from review.acting import VerdictRefused, Wish, entry_for
from review.looking import Looking
from review.revisiting import reverse
from store import Store
from store.accounts import Account
from store.cases import Case
from store.entries import NewEntry, Refused

_SPEC = TableSpec(
    stem="review",
    required=("学号", "reason_codes", "case_version", "结论", "原因", "备注"),
    optional=("姓名", "问题"),
)
_MOST_BYTES = 50 * 1024 * 1024
_VERDICTS = {verdict.chinese_name: verdict for verdict in Verdict}
_LABELS = {reason.label: reason.key for reason in REASONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a workbook's rows."""

    settled: int
    waiting: int
    repeated: int
    left_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowFault:
    """One thing that is wrong with a row: its column, and what it is in both languages."""

    column: str
    message: str
    message_en: str


class _RowRefused(Exception):
    """A row that cannot be taken, with everything that is wrong with it."""

    def __init__(self, faults: Iterable[_RowFault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


def decide_from_workbook(store: Store, batch_id: str, file: Path, account: Account) -> Taken:
    """Take the verdicts of a filled review.xlsx, all or none.

    A row without a verdict stays open; a row taken before is not taken again. Raises `BatchRefused`
    with every fault by row and column, those of the file and those of the verdicts together;
    `ConfigurationFault` for an unknown batch.
    """
    looking = Looking(store)
    batch, _ = looking.basis(batch_id)
    content = read_text_file(file, _MOST_BYTES)
    if isinstance(content, InputFault):
        raise BatchRefused((content,))
    table = read_excel(file.name, content, (_SPEC,))
    faults = list(table.faults)
    if any(fault.row in (None, 1) for fault in faults):
        raise BatchRefused(table.faults)  # without its headers no row can be understood
    subject = read_subject(content)
    if subject not in ("", batch.id):
        raise BatchRefused((_other_batch(file.name, subject, batch.id),))
    unreadable = {fault.row for fault in faults}
    entries: list[NewEntry] = []
    left_open = 0
    seen: set[str] = set()
    for number, row in _rows(table.frame):
        if number in unreadable:
            continue
        if not row["结论"]:
            left_open += 1
            continue
        try:
            entries.append(_entry(store, looking, batch_id, row, account, seen))
        except _RowRefused as refused:
            faults += [_fault(file.name, number, fault) for fault in refused.faults]
    if faults:
        raise BatchRefused(tuple(faults))
    try:
        recorded = store.decisions.record_all(entries)
    except Refused as refused:
        raise ConfigurationFault(
            f"an application changed while the file was taken ({refused.code}); nothing was taken:"
            f" run the command again, or: hedui report {batch.id}"
        ) from refused
    return Taken(
        settled=sum(item.round_after is Round.SETTLED and not item.repeated for item in recorded),
        waiting=sum(item.round_after is not Round.SETTLED for item in recorded),
        repeated=sum(item.repeated for item in recorded),
        left_open=left_open,
    )


def _rows(frame: Any) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in frame.iterrows():
        yield int(number), {str(name): _plain(str(cell)) for name, cell in row.items()}


def _plain(cell: str) -> str:
    """Return a cell as it was before the report made it safe for spreadsheets."""
    text = cell.strip()
    return text[1:] if text.startswith("'") else text


def _entry(
    store: Store,
    looking: Looking,
    batch_id: str,
    row: dict[str, str],
    account: Account,
    seen: set[str],
) -> NewEntry:
    number, faults = row["学号"], []
    if number in seen:
        raise _RowRefused([_TWICE])  # nobody knows which of the two it should be
    seen.add(number)
    verdict = _VERDICTS.get(row["结论"])
    if verdict is None:
        known = "、".join(_VERDICTS)
        faults.append(_row_fault("结论", f"结论只能是：{known}", f"expected one of {known}"))
    case = store.cases.find(batch_id, number)
    if case is None:
        raise _RowRefused([*faults, _UNKNOWN])
    key = _key(batch_id, account, row)
    repeated = store.decisions.find_key(key)
    if repeated is not None and not faults:
        return repeated
    faults += _case_faults(store, case, row)
    entry = None
    if verdict is not None and not faults:
        try:
            entry = _entry_of(looking, case, account, verdict, row, key)
        except VerdictRefused as refused:
            faults += [_MESSAGES[code] for code in refused.codes]
    if case.held_by_other(account.name, store.cases.clock()):
        faults.append(
            _row_fault(
                "学号",
                f"这份申请正由 {case.leased_by} 在网页上处理，请稍后再试",
                f"{case.leased_by} has it open in the pages; try again later",
            )
        )
    if faults or entry is None:
        raise _RowRefused(faults)
    return entry


def _entry_of(
    looking: Looking, case: Case, account: Account, verdict: Verdict, row: dict[str, str], key: str
) -> NewEntry:
    reasons, opinion = _reasons(row["原因"], verdict)
    wish = Wish(
        verdict=verdict,
        reasons=reasons,
        opinion=opinion,
        note=row["备注"] or opinion,
        key=key,
        revision=case.revision,
        evidence_shown=True,
        via="workbook",
    )
    return entry_for(looking.look(case, account.name), account, wish)


def _case_faults(store: Store, case: Case, row: dict[str, str]) -> Iterator[_RowFault]:
    """Yield why a row is not about the item as it stands, or not for a workbook."""
    (application,) = store.batches.load((case.application_id,))
    codes = ";".join(store.runs.assessment(case.assessment_id).reason_codes)
    if row["case_version"] != str(application.version):
        yield _row_fault(
            "case_version",
            f"申请已更新到第 {application.version} 版，请重新生成审核表（hedui report）后再填",
            f"the application is at version {application.version} now; write the workbook again"
            " (hedui report) and decide on that",
        )
    elif row["reason_codes"] != codes:
        # The same 学号 can stand in several batches; what is asked about it is another thing there.
        yield _row_fault(
            "reason_codes",
            "与本批次的核对结果不同：可能是其他批次或较早的审核表，请重新生成（hedui report）",
            "not what this batch asks: it may be another batch's or an older workbook; write it"
            " again (hedui report)",
        )
    if case.round is not Round.OPEN:
        yield _row_fault(
            "学号", "这份申请已有决定，或正等待另一人决定", "somebody has decided it already"
        )
    if case.is_blind or case.needs_two or case.is_sample:
        yield _row_fault(
            "学号",
            "这份申请须在网页上盲录或由两人审核（hedui review）",
            "it has to be typed unseen or decided by two people, in the pages (hedui review)",
        )


def _reasons(text: str, verdict: Verdict) -> tuple[tuple[str, ...], str]:
    """Return the reasons of a cell: numbers or labels; other words are the applicant's opinion."""
    if verdict.passes or not text:
        return (), ""
    parts = [part.strip() for part in re.split(r"[;；、,，]", text) if part.strip()]
    keys = [_LABELS.get(part, part) for part in parts]
    if all(key in _LABELS.values() for key in keys):
        return tuple(dict.fromkeys(keys)), ""
    return ("9",), text if text[-1] in "。！？" else f"{text}。"


def _row_fault(column: str, message: str, message_en: str) -> _RowFault:
    return _RowFault(column=column, message=message, message_en=message_en)


_TWICE = _row_fault("学号", "同一学号出现两次，请删去一行", "this 学号 stands twice; remove one")
_UNKNOWN = _row_fault("学号", "本批次没有等待审核的这个学号", "no item of this batch has this 学号")
_MESSAGES = {
    "values-missing": _row_fault(
        "结论",
        "证书上的必要项目未能识别，请在网页上录入后再通过（hedui review）",
        "values that a pass needs were not read: enter them in the pages (hedui review)",
    ),
    "declaration-differs": _row_fault(
        "结论",
        "申报与证书不一致：只能“通过并更正”或“不通过”",
        "declaration and paper differ: 通过并更正 or 不通过",
    ),
    "nothing-to-correct": _row_fault(
        "结论",
        "申报与证书没有不一致，请用“通过”",
        "nothing differs: use 通过",
    ),
    "reason-missing": _row_fault("原因", "“不通过”须写明原因", "不通过 needs a reason"),
    "note-missing": _row_fault("备注", "原因为“其他”时请写明", "say in 备注 what the reason is"),
    "reason-unknown": _row_fault("原因", "没有这个原因编号", "no such reason"),
    "typing-missing": _row_fault(
        "学号", "须在网页上盲录", "it has to be typed unseen in the pages"
    ),
}


def _key(batch_id: str, account: Account, row: dict[str, str]) -> str:
    """Return the same key for the same row by the same person: a file taken twice counts once."""
    parts = [batch_id, account.name, *(row[name] for name in _SPEC.required)]
    return "workbook-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _fault(file: str, row: int, fault: _RowFault) -> InputFault:
    return InputFault(
        file=file,
        row=row,
        column=fault.column,
        code="verdict-refused",
        message=fault.message,
        message_en=fault.message_en,
    )


def _other_batch(file: str, theirs: str, ours: str) -> InputFault:
    return InputFault(
        file=file,
        row=None,
        column="",
        code="other-batch",
        message=f"这是批次 {theirs} 的审核表，不是 {ours} 的。请用 hedui decide {theirs}，"
        "或选对文件。",
        message_en=f"is the workbook of batch {theirs}, not of {ours}; name that batch, or the"
        " right file.",
    )


def reverse_decision(
    store: Store,
    batch_id: str,
    student_number: str,
    people: tuple[Account, Account],
    wanted: tuple[Verdict | None, str, str],
) -> Verdict:
    """Append a reversing entry; `wanted` are verdict, reasons and note as typed."""
    verdict, reason, note = wanted
    looking = Looking(store)
    batch, _ = looking.basis(batch_id)
    wish = None
    if verdict is not None:
        keys = tuple(part for part in reason.split(",") if part)
        try:
            for key in keys:
                reason_of(key)
        except KeyError:
            known = ", ".join(f"{item.key} {item.label}" for item in REASONS)
            raise ConfigurationFault(f"--reason {reason}: known are {known}") from None
        if not keys and verdict is Verdict.REFUSE:
            keys = ("9",)
        found = store.cases.find(batch_id, student_number)
        wish = Wish(
            verdict=verdict,
            reasons=keys,
            note=note,
            via="command",
            revision=found.revision if found else 1,
        )
    if batch.kind is BatchKind.DEGREE and verdict is Verdict.PASS_CORRECTED:
        raise ConfigurationFault("pass-corrected is for language batches")
    return reverse(store, looking, batch_id, student_number, people, wish)
