"""What a whole batch came to: the one thing that reports are written from."""

import datetime
from dataclasses import dataclass

from domain.application import Batch, Submission
from domain.assessment import Assessment, Decision
from domain.checked import CheckedPaper
from domain.finding import Finding
from domain.policy import Policy
from domain.reading import PriorUse
from domain.review import DecisionKind, Round, Verdict

PASSED_STATUS = "审核通过"
REFUSED_STATUS = "审核不通过"
WAITING_STATUS = "待审核"
RETURNED_STATUS = "退回"
WITHDRAWN_STATUS = "已撤销"
_SENTENCE_ENDS = "。！？!?.；;"


def machine_status(decision: Decision) -> str:
    """Return the 审核状态 that follows from the machine's decision before any person's verdict."""
    if decision is Decision.WITHDRAWN:
        return WITHDRAWN_STATUS
    return RETURNED_STATUS if decision is Decision.RETURN else WAITING_STATUS


def verdict_status(verdict: Verdict) -> str:
    """Return the 审核状态 that follows from a person's settled verdict."""
    if verdict.passes:
        return PASSED_STATUS
    return RETURNED_STATUS if verdict is Verdict.REUPLOAD else REFUSED_STATUS


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledVerdict:
    """What people settled on for an application.

    `accounts` are those whose verdicts it rests on, in their order. `opinion` is the 审核意见.
    """

    verdict: Verdict
    accounts: tuple[str, ...]
    opinion: str = ""
    accepted_number: str = ""
    accepted_score: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationOutcome:
    """One application with everything that a report says about it.

    `paths` are (file digest, path inside the batch folder) pairs, each digest once. `review_status`
    is the 审核状态. `decided_by` starts with "machine", then the accounts of people.
    `stage_seconds` are (stage, seconds of work) pairs; they differ between runs. `case_version`
    counts from 1 and grows each time the application's row or files changed. `settled` is what
    people settled on, None while nobody has. `off_workbook` marks what review.xlsx may not carry:
    items to be typed without seeing the declared value, or decided by two people. `waiting_since`
    is when it came into the queue of people, None where it is in none or settled. `prior_uses` are
    the other applications in the store with which it shares a file, picture or number now.
    """

    submission: Submission
    assessment: Assessment
    paths: tuple[tuple[str, str], ...]
    review_status: str
    decided_by: tuple[str, ...]
    stage_seconds: tuple[tuple[str, float], ...]
    case_version: int
    settled: SettledVerdict | None = None
    off_workbook: bool = False
    waiting_since: datetime.datetime | None = None
    prior_uses: tuple[PriorUse, ...] = ()

    @property
    def student_number(self) -> str:
        return self.submission.student_number

    def path_of(self, file_digest: str) -> str:
        """Return the path inside the batch folder of a file, "" for a digest it does not have."""
        return next((path for digest, path in self.paths if digest == file_digest), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A file, picture or number that a final result rests on, used by somebody else since.

    Final is what was sealed or what people settled. `use` is the kind of a `PriorUse`. `is_sealed`
    says that this side is the final one, whose result stays as it is; the other side waits for a
    person. `sequence` is its place in the event log.
    """

    student_number: str
    other_batch: str
    other_student: str
    use: str
    is_sealed: bool
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanReview:
    """One entry by a person about an application, as a report lists it.

    `round` is whose turn it was, `reasons` are numbers of `domain.review.REASONS`, `note` is for
    staff. `is_taken_back` says that its author undid it. `via` is where it was made: "pages",
    "grid", "workbook" or "command".
    """

    student_number: str
    account: str
    at: datetime.datetime
    kind: DecisionKind
    round: Round
    verdict: Verdict | None
    reasons: tuple[str, ...]
    note: str
    second_account: str
    via: str
    is_taken_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCheck:
    """How many of the machine's accepts people looked at unmarked, and how many were wrong."""

    looked_at: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SealMark:
    """Who signed a batch off, and when."""

    account: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOutcome:
    """A batch after the machine's part, `rows` sorted by 学号.

    `orphan_findings` are (upload folder name, finding) pairs of folders without an application.
    `provisional` says that the deadline had not passed when it was decided. `today` is the date
    that every rule took as today. `event_head` is the hash (hex) of the event log's last entry.
    `stage_seconds` are (stage, wall seconds) of the last run. `alerts` are for the lead. `seal`
    says that the lead signed the batch off. `reviews` are all entries by people, oldest first;
    `checked` the applications whose readings a verdict confirmed or corrected. `latest` is the
    instant of the log's last entry about the batch, the only present that reports know, and
    `as_of` the date on which days are counted, None for that of `latest`.
    """

    batch: Batch
    rows: tuple[ApplicationOutcome, ...]
    orphan_findings: tuple[tuple[str, Finding], ...]
    provisional: bool
    today: datetime.date
    policy: Policy
    engine_version: str
    rule_version: str
    event_head: str
    stage_seconds: tuple[tuple[str, float], ...] = ()
    alerts: tuple[Alert, ...] = ()
    seal: SealMark | None = None
    reviews: tuple[HumanReview, ...] = ()
    checked: tuple[CheckedPaper, ...] = ()
    sample: SampleCheck = SampleCheck()
    latest: datetime.datetime | None = None
    as_of: datetime.date | None = None

    @property
    def sealed(self) -> bool:
        return self.seal is not None


def qualification_of(row: ApplicationOutcome) -> str:
    """Return the 合格状态: empty while nothing is settled, 合格 exactly if 审核通过."""
    if row.review_status in (WAITING_STATUS, RETURNED_STATUS):
        return ""
    return "合格" if row.review_status == PASSED_STATUS else "不合格"


def opinion_of(row: ApplicationOutcome) -> str:
    """Return the 审核意见: one sentence per objecting finding, each once, in order of appearance.

    Empty for what the machine accepted and for what a person passed: the applicant reads it, and
    an objection beside 审核通过 would contradict the result. A person's verdict brings its own.
    """
    if row.settled is not None:
        return row.settled.opinion
    if row.assessment.decision is Decision.ACCEPT or row.review_status == PASSED_STATUS:
        return ""
    sentences = [
        _as_sentence(finding.opinion)
        for finding in row.assessment.findings
        if finding.severity.objects and finding.opinion.strip()
    ]
    return "".join(dict.fromkeys(sentences))


def _as_sentence(text: str) -> str:
    text = text.strip()
    return text if text[-1] in _SENTENCE_ENDS else text + "。"
