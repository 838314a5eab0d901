"""What people decide about applications: roles, verdicts, reasons, and who may act when.

One item is one application that a person looks at. Its decisions are entries that are only ever
appended; `next_step` says what each of them makes of the item, and nothing else does.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.application import BatchKind
from domain.assessment import Agreement, Assessment, FieldComparison
from domain.certificates import CertificateType, FieldName

EVIDENCE_MS = 400
"""How long the evidence has to be on screen before an acceptance counts."""
LEASE_SECONDS = 600.0


class Role(StrEnum):
    """What an account may do."""

    REVIEWER = "reviewer"
    SECOND = "second"
    LEAD = "lead"
    AUDITOR = "auditor"

    @property
    def chinese_name(self) -> str:
        """Return the role as staff call it."""
        return _ROLES[self]


_ROLES = {
    Role.REVIEWER: "审核员",
    Role.SECOND: "复核员",
    Role.LEAD: "负责人",
    Role.AUDITOR: "审计",
}


class Verdict(StrEnum):
    """What a person says of an application."""

    PASS = "pass"
    PASS_CORRECTED = "pass-corrected"  # a genuine paper, a slip in the declaration
    REFUSE = "refuse"
    REUPLOAD = "reupload"

    @property
    def chinese_name(self) -> str:
        """Return the 结论 as `review.xlsx` and the pages word it."""
        return _VERDICTS[self]

    @property
    def passes(self) -> bool:
        """Return whether the application passes."""
        return self in (Verdict.PASS, Verdict.PASS_CORRECTED)


_VERDICTS = {
    Verdict.PASS: "通过",
    Verdict.PASS_CORRECTED: "通过并更正",
    Verdict.REFUSE: "不通过",
    Verdict.REUPLOAD: "重新上传",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A numbered reason of a verdict; `opinion` is what the applicant reads (审核意见)."""

    key: str
    label: str
    opinion: str


REASONS: tuple[Reason, ...] = (
    Reason(
        key="1",
        label="编号不符",
        opinion="申报的成绩单编号与证书不一致，请核对后按证书填写。",
    ),
    Reason(key="2", label="成绩不符", opinion="申报的考试成绩与证书不一致，请核对后按证书填写。"),
    Reason(key="3", label="非本人", opinion="证书上的姓名或证件号码与申请人不一致。"),
    Reason(key="4", label="非四类证书", opinion="上传的材料不属于可认定的四类外语证书。"),
    Reason(key="5", label="图片不清或缺页", opinion="上传的图片不清楚或不完整，无法核对。"),
    Reason(key="6", label="疑似重复", opinion="该证书已用于其他申请，请联系学习中心说明情况。"),
    Reason(key="7", label="超出有效期", opinion="证书日期不在可认定的时间范围内。"),
    Reason(key="9", label="其他", opinion="申请材料不符合要求，请联系学习中心了解详情。"),
)
_BY_KEY = {reason.key: reason for reason in REASONS}
REUPLOAD_OPINION = "上传的图片不清楚或不完整，请重新上传清晰、完整的证书图片。"


def reason_of(key: str) -> Reason:
    """Return a reason by its number; raises KeyError for an unknown one."""
    return _BY_KEY[key]


class Round(StrEnum):
    """Where an item stands, and so whose turn it is."""

    OPEN = "open"  # nobody has decided
    SECOND = "second"  # another person decides again, without seeing the first verdict
    LEAD = "lead"  # two disagreed
    APPEAL = "appeal"  # 复核 after a refusal
    SETTLED = "settled"


class DecisionKind(StrEnum):
    """What an entry records."""

    VERDICT = "verdict"
    CORRECTION = "correction"  # another reading of the paper; rules ran again
    TYPING = "typing"  # what was typed without seeing the declared value
    UNDO = "undo"
    APPEAL = "appeal"
    REVERSAL = "reversal"
    REOPENING = "reopening"  # the lead has a settled item looked at again, by another person


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person reads on a paper in place of the machine's readings.

    `certificate_type` is given where the machine did not recognize the paper. `values` are
    (FieldName value, text as printed) pairs.
    """

    file_digest: str
    page_number: int
    values: tuple[tuple[str, str], ...]
    certificate_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the reviewer had before them when they decided.

    `pictures` are (slot, SHA-256 of the bytes shown) pairs, `readings` (field, extracted text);
    `shown_ms` is how long the evidence was on screen, `spent_ms` the time for the item, `keys` what
    was pressed. `via` is "pages", "grid", "workbook" or "command".
    """

    via: str
    assessment_id: int
    policy_digest: str
    rule_version: str
    engine_version: str
    pictures: tuple[tuple[str, str], ...] = ()
    readings: tuple[tuple[str, str], ...] = ()
    shown_ms: int = 0
    spent_ms: int = 0
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecision:
    """One entry by a person, in full; it stands in the store and its digest in the event log.

    `opinion` is the 审核意见, `note` is for staff. `typed` are (field, text) pairs of blind typing.
    `accepted_number` and `accepted_score` are the values that count where the verdict passes.
    `comparisons` are the rows after corrections, where there were any. `undoes` is the id of the
    entry that is taken back, `second_account` the other person behind a reversal.
    """

    kind: DecisionKind
    seen: Seen
    verdict: Verdict | None = None
    reasons: tuple[str, ...] = ()
    opinion: str = ""
    note: str = ""
    correction: Correction | None = None
    typed: tuple[tuple[str, str], ...] = ()
    accepted_number: str = ""
    accepted_score: str = ""
    comparisons: tuple[FieldComparison, ...] = ()
    undoes: int = 0
    second_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A verdict that still stands on an item: by whom, and what decides whether two agree."""

    account: str
    verdict: Verdict
    accepted_number: str = ""
    accepted_score: str = ""

    def agrees_with(self, other: "Given") -> bool:
        """Return whether two people came to the same result."""
        mine = (self.verdict, self.accepted_number, self.accepted_score)
        return mine == (other.verdict, other.accepted_number, other.accepted_score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an item stands before an entry: its round, the verdicts given, what policy asks."""

    round: Round
    given: tuple[Given, ...] = ()
    needs_two: bool = False
    is_sample: bool = False
    corrected_needs_two: bool = True


def may_act(standing: Standing, account: str, role: Role) -> bool:
    """Return whether an account may decide an item now.

    Nobody decides an item twice: the second look, the lead's and an appeal are other people's.
    """
    if role is Role.AUDITOR or standing.round is Round.SETTLED:
        return False
    if any(given.account == account for given in standing.given):
        return False
    if standing.round is Round.OPEN:
        return True
    if standing.round is Round.LEAD:
        return role is Role.LEAD
    return role in (Role.SECOND, Role.LEAD)


def next_step(standing: Standing, given: Given) -> Round:
    """Return the round that follows a verdict.

    A first verdict settles unless policy asks for two, it corrects a declaration (where policy says
    so), or it contradicts what the machine accepted. A second that differs goes to the lead.
    """
    match standing.round:
        case Round.OPEN:
            contradicts = standing.is_sample and given.verdict is not Verdict.PASS
            corrects = given.verdict is Verdict.PASS_CORRECTED and standing.corrected_needs_two
            two = standing.needs_two or contradicts or corrects
            return Round.SECOND if two else Round.SETTLED
        case Round.SECOND:
            agreed = bool(standing.given) and given.agrees_with(standing.given[-1])
            return Round.SETTLED if agreed else Round.LEAD
        case Round.APPEAL:
            upheld = bool(standing.given) and given.agrees_with(standing.given[-1])
            return Round.SETTLED if upheld else Round.LEAD
        case _:
            return Round.SETTLED


_NEEDED = (FieldName.NAME, FieldName.CERTIFICATE_NUMBER, FieldName.SCORE, FieldName.DATE)
_SLIPS = (*_NEEDED, FieldName.LANGUAGE, FieldName.LEVEL, FieldName.STATUS, FieldName.ID_NUMBER)
_APART = (Agreement.DIFFERENT, Agreement.SIMILAR)


def differing_fields(assessment: Assessment) -> tuple[str, ...]:
    """Return the checked fields in which declaration and paper differ."""
    slips = {field.value for field in _SLIPS}
    return tuple(
        row.field
        for row in assessment.comparisons
        if row.field in slips and row.extracted and _is_apart(row)
    )


def _is_apart(row: FieldComparison) -> bool:
    masked = row.field == FieldName.ID_NUMBER.value and "*" in row.extracted
    if masked:
        return row.agreement is Agreement.DIFFERENT
    return row.agreement in _APART or (
        row.agreement in (Agreement.NOT_FOUND, Agreement.NOT_PRINTED) and bool(row.extracted)
    )


def missing_fields(assessment: Assessment, kind: BatchKind) -> tuple[str, ...]:
    """Return the fields that nobody has read yet and without which nothing can be passed.

    They have to be read off the picture and entered first. Degree batches carry other fields.
    """
    if kind is not BatchKind.LANGUAGE:
        return ()
    rows = {row.field: row for row in assessment.comparisons}
    missing = []
    for field in _NEEDED:
        row = rows.get(field.value)
        unread = row is None or row.agreement in (Agreement.NOT_FOUND, Agreement.NOT_CHECKED)
        if unread and not (row and row.extracted):
            missing.append(field.value)
    if assessment.certificate_type in (CertificateType.UNKNOWN, CertificateType.NOT_ACCEPTED):
        missing.append("certificate_type")
    return tuple(missing)


def refusals(
    assessment: Assessment, kind: BatchKind, decision: ReviewDecision, shown: bool
) -> tuple[str, ...]:
    """Return what is wrong with a verdict, as codes; empty where it can be taken.

    `shown` says whether the evidence is known to have been on screen long enough. The codes:
    `evidence-not-seen`, `values-missing`, `declaration-differs` (a plain pass of what differs),
    `nothing-to-correct`, `reason-missing`, `reason-unknown`, `note-missing`.
    """
    verdict, faults = decision.verdict, []
    if verdict is None:
        return ("verdict-missing",)
    if verdict.passes:
        differing = differing_fields(assessment)
        if not shown:
            faults.append("evidence-not-seen")
        if missing_fields(assessment, kind):
            faults.append("values-missing")
        if verdict is Verdict.PASS and differing:
            faults.append("declaration-differs")
        if verdict is Verdict.PASS_CORRECTED and not differing:
            faults.append("nothing-to-correct")
    if any(key not in _BY_KEY for key in decision.reasons):
        faults.append("reason-unknown")
    elif verdict is Verdict.REFUSE and not decision.reasons:
        faults.append("reason-missing")
    elif verdict is Verdict.REFUSE and decision.reasons == ("9",) and not decision.note.strip():
        faults.append("note-missing")
    return tuple(faults)


def accepted_values(assessment: Assessment) -> tuple[str, str]:
    """Return number and score as printed (or corrected), "" where the paper carries none."""
    rows = {row.field: row.extracted.strip() for row in assessment.comparisons}
    number = rows.get(FieldName.CERTIFICATE_NUMBER.value, "")
    return number, rows.get(FieldName.SCORE.value, "")


def opinion_for(verdict: Verdict, reasons: tuple[str, ...]) -> str:
    """Return the 审核意见 that follows from a verdict and its reasons."""
    if verdict.passes:
        return ""
    if verdict is Verdict.REUPLOAD and not reasons:
        return REUPLOAD_OPINION
    sentences = [reason_of(key).opinion for key in reasons]
    if verdict is Verdict.REUPLOAD:
        sentences.append(REUPLOAD_OPINION)
    return "".join(dict.fromkeys(sentences))
