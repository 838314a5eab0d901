"""Judged applications put together by hand."""

from benchmarks.bench.judging import Cause, FieldReading, Judged
from benchmarks.bench.truth import Truth
from domain.assessment import Decision
from domain.certificates import FieldName


def truth(
    number: str = "1001",
    *,
    expected: tuple[str, ...] = ("accept",),
    kind: str = "honest",
    condition: str = "clean",
    certificate_type: str = "cet4",
    fields: dict[str, str] | None = None,
    held_back: bool = False,
    twin_of: str = "",
) -> Truth:
    return Truth(
        student_number=number,
        certificate_type=certificate_type,
        layout="",
        condition=condition,
        kind=kind,
        expected=frozenset(expected),
        fields=fields or {},
        held_back=held_back,
        twin_of=twin_of,
    )


def judged(
    given: Truth,
    decision: Decision = Decision.ACCEPT,
    *,
    cause: Cause | None = None,
    fields: tuple[FieldReading, ...] = (),
    folder: int = 0,
    files: frozenset[str] = frozenset(),
) -> Judged:
    return Judged(
        key=(folder, given.student_number),
        folder=f"folder-{folder}",
        truth=given,
        decision=decision,
        reason_codes=() if decision is Decision.ACCEPT else ("score-differs",),
        type_right=None,
        fields=fields,
        cause=cause,
        files=files,
    )


def reading(
    field: FieldName = FieldName.SCORE,
    *,
    confidence: float | None = 0.99,
    right: bool = True,
    edits: int = 0,
    characters: int = 3,
) -> FieldReading:
    return FieldReading(
        field=field,
        found=confidence is not None,
        exact=right,
        same_value=right,
        confidence=confidence,
        edits=edits,
        characters=characters,
    )
