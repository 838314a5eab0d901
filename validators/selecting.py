"""Which of several papers counts (contract, section 1: several files of one applicant)."""

import dataclasses
from dataclasses import dataclass

from domain.certificates import PART_FIELDS, CertificateType, FieldName
from domain.extraction import Extraction
from validators.case import Case, printed_dates
from validators.certainty import reading_key
from validators.comparing import compare_nothing, compare_paper
from validators.rule import Concern, Rule, Scope
from validators.rules import collect

_SINGLE_VALUED = (
    FieldName.NAME,
    FieldName.ID_NUMBER,
    FieldName.CERTIFICATE_NUMBER,
    FieldName.SCORE,
    FieldName.GRADE,
    FieldName.ADMISSION_TICKET,
    FieldName.COURSE,
    *PART_FIELDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A paper of an accepted kind with the case in which it alone is judged."""

    case: Case
    paper: Extraction
    objections: tuple[Rule, ...]

    @property
    def agrees(self) -> bool:
        return not self.objections

    @property
    def accused(self) -> bool:
        """Return whether something speaks against the paper itself, not only its reading."""
        return any(rule.concern is Concern.VALUE for rule in self.objections)

    @property
    def rank(self) -> tuple[int, int, int, str, int]:
        agreeing = sum(row.comparison.agreement.agrees for row in self.case.compared)
        place = (self.paper.file_digest, self.paper.page_number)
        return (self.accused, len(self.objections), -agreeing, *place)


def select_paper(case: Case) -> Case:
    """Return the case with the paper that counts, its comparisons, its rivals and companions.

    One paper of an accepted kind: it counts. Several: equal ones are one evidence; the only one
    that agrees in everything counts unless another of the same examination and date contradicts
    it; otherwise the best stands for the comparison and the others are its rivals.
    """
    candidates = sorted(
        (_judge(case, paper) for paper in case.papers if _is_candidate(paper)),
        key=lambda candidate: candidate.rank,
    )
    if not candidates:
        return dataclasses.replace(case, compared=compare_nothing(case.application))
    best, *others = candidates
    rivals = tuple(other.paper for other in others if _is_rival(best, other))
    companions = tuple(
        paper for paper in case.papers if paper is not best.paper and paper not in rivals
    )
    return dataclasses.replace(best.case, rivals=rivals, companions=companions)


def _is_candidate(paper: Extraction) -> bool:
    kind = paper.classification.certificate_type
    return kind not in (CertificateType.NOT_ACCEPTED, CertificateType.UNKNOWN)


def _judge(case: Case, paper: Extraction) -> _Candidate:
    compared = compare_paper(case.application, paper, case.policy)
    alone = dataclasses.replace(case, paper=paper, compared=compared)
    objections = tuple(
        rule
        for rule in collect()
        if rule.scope is Scope.PAPER and rule.severity.objects and any(rule.observe(alone))
    )
    return _Candidate(case=alone, paper=paper, objections=objections)


def _is_rival(best: _Candidate, other: _Candidate) -> bool:
    if is_same_paper(best.paper, other.paper):
        return other.accused and not best.accused
    if other.agrees or not best.agrees:
        return True
    return contradicts(best.paper, other.paper)


def is_same_paper(one: Extraction, other: Extraction) -> bool:
    """Return whether two pages show the same paper: nothing differs and enough is in common.

    Enough is the number, or name, result and date.
    """
    if one.classification.certificate_type is not other.classification.certificate_type:
        return False
    if one.classification.form is not other.classification.form or _differ(one, other):
        return False
    shared = {field for field in _SINGLE_VALUED if _key(one, field) and _key(other, field)}
    result = shared & {FieldName.SCORE, FieldName.GRADE}
    dated = bool(_months(one) & _months(other))
    return FieldName.CERTIFICATE_NUMBER in shared or (
        FieldName.NAME in shared and bool(result) and dated
    )


def contradicts(one: Extraction, other: Extraction) -> bool:
    """Return whether two papers of one examination and date print different values.

    A paper without a readable date may be of any date.
    """
    if one.classification.certificate_type is not other.classification.certificate_type:
        return False
    first, second = _months(one), _months(other)
    return (not first or not second or bool(first & second)) and _differ(one, other)


def _months(paper: Extraction) -> frozenset[tuple[int, int]]:
    dates = (*printed_dates(paper, FieldName.DATE), *printed_dates(paper, FieldName.ISSUE_DATE))
    return frozenset(date.as_month for date in dates if date.as_month is not None)


def _key(paper: Extraction, field: FieldName) -> str:
    text = paper.text(field)
    return reading_key(field, text) or text.strip()


def _differ(one: Extraction, other: Extraction) -> bool:
    pairs = ((_key(one, field), _key(other, field)) for field in _SINGLE_VALUED)
    return any(first and second and first != second for first, second in pairs)
