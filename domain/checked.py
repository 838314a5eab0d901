"""What people's verdicts say of the machine's readings: which of them were right."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from domain.assessment import FieldComparison
from domain.review import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedReading:
    """One value that the machine read and a person confirmed or corrected; confidence is 0-1."""

    field: str
    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPaper:
    """The checked readings of one application; there is at least one."""

    student_number: str
    readings: tuple[CheckedReading, ...]

    @property
    def confidence(self) -> float:
        """Return the least confidence: what a threshold for the whole paper is compared with."""
        return min(reading.confidence for reading in self.readings)

    @property
    def is_right(self) -> bool:
        return all(reading.is_right for reading in self.readings)


def check_readings(
    student_number: str,
    machine: Iterable[FieldComparison],
    verdict: Verdict,
    corrected: Iterable[FieldComparison],
) -> CheckedPaper | None:
    """Return which of the machine's readings a settled verdict confirms, None where it says none.

    Only a pass vouches for every value: whoever refuses need not have looked at all of them.
    `corrected` are the rows after a person's corrections, empty where there were none.
    """
    if not verdict.passes:
        return None
    truth = {row.field: row.extracted for row in corrected}
    readings = tuple(
        CheckedReading(
            field=row.field,
            confidence=row.confidence,
            is_right=_folded(truth.get(row.field, row.extracted)) == _folded(row.extracted),
        )
        for row in machine
        if row.confidence is not None and row.extracted and row.evidence is not None
    )
    return CheckedPaper(student_number=student_number, readings=readings) if readings else None


def _folded(text: str) -> str:
    """Return a text without what makes no other value: width of the signs, spaces, case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
