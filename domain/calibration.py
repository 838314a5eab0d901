"""Which confidence a reading needs, as it was measured on labelled papers.

A `Calibration` is frozen data; `domain/calibration_file.py` reads and writes it,
`benchmarks/calibration` makes it, and `validators/certainty.py` alone compares with it.
"""

import dataclasses
import functools
import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.certificates import CertificateFamily, FieldName


class FieldGroup(StrEnum):
    """Fields that are read the same way and share their thresholds."""

    NUMBER = "number"
    ID_NUMBER = "id_number"
    SCORE = "score"
    DATE = "date"
    GRADE = "grade"
    NAME = "name"
    COURSE = "course"

    @classmethod
    def of(cls, field: FieldName) -> "FieldGroup | None":
        """Return a field's group, None for fields on which no acceptance rests."""
        return _GROUPS.get(field)

    @property
    def is_words(self) -> bool:
        """Return whether a misread value does harm only if it became exactly other known words."""
        return self in (FieldGroup.NAME, FieldGroup.COURSE)


_FIELDS: dict[FieldGroup, tuple[FieldName, ...]] = {
    FieldGroup.NUMBER: (
        FieldName.CERTIFICATE_NUMBER,
        FieldName.ADMISSION_TICKET,
        FieldName.ORAL_TICKET,
    ),
    FieldGroup.ID_NUMBER: (FieldName.ID_NUMBER,),
    FieldGroup.SCORE: (
        FieldName.SCORE,
        FieldName.LISTENING,
        FieldName.READING,
        FieldName.WRITING_TRANSLATION,
        FieldName.COMPREHENSIVE,
        FieldName.COMPONENT_A,
        FieldName.COMPONENT_B,
    ),
    FieldGroup.DATE: (FieldName.DATE, FieldName.ISSUE_DATE),
    FieldGroup.GRADE: (FieldName.GRADE, FieldName.STATUS),
    FieldGroup.NAME: (FieldName.NAME,),
    FieldGroup.COURSE: (FieldName.COURSE,),
}
_GROUPS = {field: group for group, fields in _FIELDS.items() for field in fields}


class Mode(StrEnum):
    """What the second reader said. Where it contradicts, no confidence is enough."""

    AGREED = "agreed"
    ALONE = "alone"  # it was not asked, or gave no usable opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCount:
    """Readings of one family among those measured; `set_apart` where it is worse than the rest."""

    family: CertificateFamily
    items: int
    errors: int
    set_apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What was measured for one group of fields and one mode.

    `confidence` is the lowest one (0-1) that the machine may accept, None for never. `items`,
    `papers`, `errors` and `bound` are of the readings that reach it (for None: of the last ones
    tried): how many, on how many papers, how many wrong, and the upper bound of the share of wrong
    ones at the one-sided confidence `level`. `families` counts all readings of the mode; the
    threshold holds for those that are there and not set apart.
    """

    group: FieldGroup
    mode: Mode
    target: float
    confidence: float | None
    items: int
    papers: int
    errors: int
    bound: float
    level: float
    families: tuple[FamilyCount, ...]

    def holds_for(self, family: CertificateFamily | None) -> bool:
        """Return whether papers of a family were measured, and found like the others."""
        return any(count.family is family and not count.set_apart for count in self.families)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSource:
    """A labelled folder that was measured on; `truth_digest` is the SHA-256 of its truth."""

    batch_id: str
    truth_digest: str
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Every threshold of one measurement, and what it was measured with and on.

    `documents` are the first 16 hex digits of the digests of the files that were looked at,
    `layouts` the names that their truth gives to them; both sorted.
    """

    name: str
    engine_version: str
    render_dpi: int
    second_reader: bool
    sources: tuple[LabelledSource, ...]
    documents: tuple[str, ...]
    layouts: tuple[str, ...]
    thresholds: tuple[Threshold, ...]

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of the canonical JSON, stored with every decision."""
        return _digest(self)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return dataclasses.asdict(self)

    def confidence_needed(
        self, field: FieldName, mode: Mode, family: CertificateFamily | None, target: float
    ) -> float | None:
        """Return from which confidence a reading counts, None for never.

        Never: what was not measured, whose bound misses `target`, or whose family was not measured
        or set apart.
        """
        group = FieldGroup.of(field)
        for threshold in self.thresholds:
            if (threshold.group, threshold.mode) == (group, mode):
                met = threshold.bound <= target and threshold.holds_for(family)
                return threshold.confidence if met else None
        return None

    def fits(self, engine_version: str, render_dpi: int, second_reader: bool) -> bool:
        """Return whether the thresholds were measured with such an engine and such settings."""
        settings = (self.render_dpi, self.second_reader) == (render_dpi, second_reader)
        return settings and engine_key(self.engine_version) == engine_key(engine_version)


UNCALIBRATED = Calibration(
    name="",
    engine_version="",
    render_dpi=0,
    second_reader=False,
    sources=(),
    documents=(),
    layouts=(),
    thresholds=(),
)
"""Nothing was measured: the machine accepts nothing."""

DOCUMENT_DIGITS = 16


def document_key(file_digest: str) -> str:
    """Return how `documents` names a file."""
    return file_digest[:DOCUMENT_DIGITS]


def engine_key(engine_version: str) -> tuple[str, ...]:
    """Return what of an engine's version decides how surely it reads.

    Names of models and versions of reading and extraction count in full, versions of packages to
    their second number: 5.3.0 and 5.3.4 of Tesseract are alike, 5.4.0 is not.
    """
    return tuple(sorted(re.sub(r"(\d+\.\d+)\.[^\s/]*", r"\1", engine_version).split()))


@functools.lru_cache(maxsize=16)
def _digest(calibration: Calibration) -> str:
    text = json.dumps(
        calibration.as_dict(),
        sort_keys=True,
        ensure_ascii=True,
        allow_nan=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode("ascii")).hexdigest()
