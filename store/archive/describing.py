"""What a record is called in index and metadata: made of facts, so a check can make it again."""

from collections.abc import Iterable

from domain.application import BatchKind
from domain.archive import UNSETTLED, RecordDescription, RecordFile
from domain.assessment import Decision
from domain.outcome import PASSED_STATUS, machine_status, verdict_status
from store.archive.layout import BEIJING, BatchFacts, Comparison, folder_of, printable
from store.entries import Entry, settled_verdict

_KINDS = {BatchKind.LANGUAGE: "学位外语认定材料", BatchKind.DEGREE: "学位申请材料"}


def describe(
    facts: BatchFacts, comparison: Comparison, status: str, item: int, files: Iterable[RecordFile]
) -> RecordDescription:
    """Return the description of a record (DA/T 46: 档号, 题名, 责任者, 日期, 保管期限, 页数)."""
    settings, sealed = facts.settings, facts.sealed_at.astimezone(BEIJING)
    name = comparison.current.submission.application.name
    title = f"{name}（{comparison.student_number}）{facts.batch.name}{_KINDS[facts.batch.kind]}"
    return RecordDescription(
        item=item,
        number=settings.number_of(year=sealed.year, batch=facts.batch.id, item=item),
        title=printable(title),
        creator=printable(settings.creator) or UNSETTLED,
        date=f"{sealed:%Y%m%d}",
        term=printable(settings.retention_term) or UNSETTLED,
        access=printable(settings.access),
        pages=sum(file.pages or 0 for file in files),
        student_number=printable(comparison.student_number),
        status=status,
        folder=folder_of(item),
    )


def status_of(decision: Decision, entries: Iterable[Entry]) -> str:
    """Return the 审核状态 of a sealed application: what people settled on, else the machine's."""
    settled = settled_verdict(entries)
    if settled is not None:
        return verdict_status(settled[0].verdict)
    return PASSED_STATUS if decision is Decision.ACCEPT else machine_status(decision)
