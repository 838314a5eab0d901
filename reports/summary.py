"""The counts of a batch: what the command line's last table and every report show."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.assessment import Decision
from domain.certificates import CertificateType
from domain.outcome import (
    PASSED_STATUS,
    REFUSED_STATUS,
    RETURNED_STATUS,
    WAITING_STATUS,
    WITHDRAWN_STATUS,
    ApplicationOutcome,
    BatchOutcome,
)
from reports.wording import reason_wording

MACHINE_FAILED = "machine-failed"
NO_SHARE = "—"
STATUSES = (
    PASSED_STATUS,
    REFUSED_STATUS,
    WAITING_STATUS,
    RETURNED_STATUS,
    WITHDRAWN_STATUS,
)
_SETTLED = (PASSED_STATUS, REFUSED_STATUS, RETURNED_STATUS, WITHDRAWN_STATUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How many applications a rule keeps from acceptance.

    `share` and `cumulative` (0-1) are parts of all such mentions: one application can have several
    reasons.
    """

    rule_id: str
    wording: str
    applications: int
    share: Decimal
    cumulative: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCounts:
    """Applications by the machine's decision."""

    accept: int
    review: int
    returned: int
    withdrawn: int

    @property
    def total(self) -> int:
        return self.accept + self.review + self.returned + self.withdrawn

    @property
    def straight_through_rate(self) -> Decimal | None:
        """Return accepts over all but the withdrawn (0-1, 4 decimals), None for none."""
        processed = self.total - self.withdrawn
        return share_of(self.accept, processed) if processed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Every application once, by where it stands; every report takes its counts from here.

    `waiting` is whatever is not settled, also an unknown state. Of these, `failed` are those at
    which the machine failed, `to_seal` those that it accepted, which the seal will pass.
    """

    applied: int
    accepted: int
    refused: int
    waiting: int
    returned: int
    withdrawn: int
    failed: int
    to_seal: int

    @property
    def to_decide(self) -> int:
        """Return how many wait for a person, without those that the machine failed at."""
        return self.waiting - self.failed - self.to_seal

    def parts(self) -> tuple[tuple[str, int], ...]:
        """Return (what, applications) pairs that add up to `applied`."""
        return (
            ("通过", self.accepted),
            ("不通过", self.refused),
            ("待审核", self.waiting),
            ("退回", self.returned),
            ("撤销", self.withdrawn),
        )

    def parts_of_waiting(self) -> tuple[tuple[str, int], ...]:
        """Return (what, applications) pairs that add up to `waiting`."""
        return (
            ("机器通过，待签发", self.to_seal),
            ("待人工审核", self.to_decide),
            ("处理失败", self.failed),
        )

    def sentence(self) -> str:
        """Return the sum in words and numbers."""
        words = " + ".join(name for name, _ in self.parts())
        numbers = " + ".join(str(count) for _, count in self.parts())
        return f"申请 = {words}：{self.applied} = {numbers}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A batch in numbers.

    `statuses` are (审核状态, applications) and always add up to `decisions.total`; `machine_failed`
    are those among the reviews at which the machine itself failed. `reasons` come most frequent
    first; `certificate_types` in the order of `CertificateType`, only those that occur.
    """

    totals: Totals
    decisions: DecisionCounts
    statuses: tuple[tuple[str, int], ...]
    machine_failed: int
    reasons: tuple[ReasonCount, ...]
    certificate_types: tuple[tuple[CertificateType, DecisionCounts], ...]
    orphan_folders: int

    @property
    def applications(self) -> int:
        return self.decisions.total

    @property
    def straight_through_rate(self) -> Decimal | None:
        return self.decisions.straight_through_rate


def summarize(outcome: BatchOutcome) -> Summary:
    """Count a batch: decisions, states, reasons and kinds of certificate."""
    statuses = Counter(row.review_status for row in outcome.rows)
    others = sorted(statuses.keys() - set(STATUSES))
    return Summary(
        totals=count_totals(outcome.rows),
        decisions=_count_decisions(outcome.rows),
        statuses=tuple((status, statuses[status]) for status in (*STATUSES, *others)),
        machine_failed=sum(machine_failed(row) for row in outcome.rows),
        reasons=_count_reasons(outcome.rows),
        certificate_types=_count_types(outcome.rows),
        orphan_folders=len({folder for folder, _ in outcome.orphan_findings}),
    )


def count_totals(rows: Sequence[ApplicationOutcome]) -> Totals:
    """Count applications by where they stand; the parts add up to the whole by construction."""
    counts = Counter(row.review_status for row in rows)
    waiting = [row for row in rows if row.review_status not in _SETTLED]
    return Totals(
        applied=len(rows),
        accepted=counts[PASSED_STATUS],
        refused=counts[REFUSED_STATUS],
        waiting=len(waiting),
        returned=counts[RETURNED_STATUS],
        withdrawn=counts[WITHDRAWN_STATUS],
        failed=sum(machine_failed(row) for row in waiting),
        to_seal=sum(row.assessment.decision is Decision.ACCEPT for row in waiting),
    )


def machine_failed(row: ApplicationOutcome) -> bool:
    """Return whether the machine rather than the paper is why a person has to look."""
    return MACHINE_FAILED in row.assessment.reason_codes


def share_of(part: int, whole: int) -> Decimal:
    """Return part / whole to 4 decimals, 0 for an empty whole."""
    if not whole:
        return Decimal("0.0000")
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def percent_text(share: Decimal | None) -> str:
    """Return a share as a percentage with one decimal, a dash where there is none."""
    if share is None:
        return NO_SHARE
    return f"{(share * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def _count_decisions(rows: Iterable[ApplicationOutcome]) -> DecisionCounts:
    counts = Counter(row.assessment.decision for row in rows)
    return DecisionCounts(
        accept=counts[Decision.ACCEPT],
        review=counts[Decision.REVIEW],
        returned=counts[Decision.RETURN],
        withdrawn=counts[Decision.WITHDRAWN],
    )


def _count_reasons(rows: Iterable[ApplicationOutcome]) -> tuple[ReasonCount, ...]:
    counts = Counter(code for row in rows for code in row.assessment.reason_codes)
    mentions = counts.total()
    reasons, so_far = [], 0
    for rule_id, applications in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        so_far += applications
        reasons.append(
            ReasonCount(
                rule_id=rule_id,
                wording=reason_wording(rule_id),
                applications=applications,
                share=share_of(applications, mentions),
                cumulative=share_of(so_far, mentions),
            )
        )
    return tuple(reasons)


def _count_types(
    rows: Iterable[ApplicationOutcome],
) -> tuple[tuple[CertificateType, DecisionCounts], ...]:
    by_type: dict[CertificateType, list[ApplicationOutcome]] = {}
    for row in rows:
        by_type.setdefault(row.assessment.certificate_type, []).append(row)
    return tuple(
        (kind, _count_decisions(by_type[kind])) for kind in CertificateType if kind in by_type
    )
