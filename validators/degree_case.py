"""What the rules of degree batches look at: an application with its courses, language and files."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.application import Batch, BatchKind, CourseResult, FileKind, Submission
from domain.degree import LanguageResult
from domain.finding import Severity
from domain.page import Line
from domain.policy import Policy
from domain.reading import PriorUse, ReadOutcome
from validators.case import Case, CaseFile, open_case
from validators.cohorts import missing_core
from validators.conditions import Reckoning, reckon
from validators.courses import Course, parse_course
from validators.normalizing import fold_text
from validators.rule import FactConfidence, Observation, Rule, Scope

THESIS_KINDS = frozenset({FileKind.PDF, FileKind.DOC, FileKind.DOCX})
PICTURE_KINDS = frozenset({FileKind.JPEG, FileKind.PNG})
_FORM_NAME = re.compile(r"申请表|审批表|审查表|申请书")


class Role(StrEnum):
    """What an uploaded file is for."""

    THESIS = "thesis"
    FORM = "form"
    PHOTO = "photo"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeCase(Case):
    """Everything known of one degree application.

    `theses`, `forms` and `photos` are its files by what they are for, `others` those that are
    neither. `missing_core` names core courses that the classmates have and the applicant has not.
    `language` are the person's language results in this store, newest first.
    """

    courses: tuple[Course, ...]
    missing_core: tuple[str, ...]
    language: tuple[LanguageResult, ...]
    reckoning: Reckoning
    theses: tuple[CaseFile, ...]
    forms: tuple[CaseFile, ...]
    photos: tuple[CaseFile, ...]
    others: tuple[CaseFile, ...]

    def cell(self, column: str) -> str:
        """Return what was declared in a column, folded (full width, invisible characters)."""
        return fold_text(self.application.get(column))

    @property
    def thesis(self) -> CaseFile | None:
        """Return the thesis where there is exactly one."""
        return self.theses[0] if len(self.theses) == 1 else None

    @property
    def thesis_lines(self) -> tuple[Line, ...]:
        """Return what the first pages of the thesis say, in their order."""
        reading = self.thesis.outcome.reading if self.thesis and self.thesis.outcome else None
        pages = reading.document.pages if reading else ()
        return tuple(line for page in pages for line in (page.lines or page.text_layer))

    @property
    def form(self) -> CaseFile | None:
        """Return the applicant's own 学位申请表 where there is exactly one."""
        return self.forms[0] if len(self.forms) == 1 else None


def open_degree_case(
    submission: Submission,
    courses: Sequence[CourseResult],
    outcomes: Mapping[str, ReadOutcome],
    prior_uses: tuple[PriorUse, ...],
    language: tuple[LanguageResult, ...],
    batch: Batch,
    policy: Policy,
    today: datetime.date,
    core_plan: Mapping[str, str],
) -> DegreeCase:
    """Gather one degree application; the order of uploads and their names decides nothing."""
    plain = open_case(submission, outcomes, prior_uses, batch, policy, today)
    parsed = tuple(parse_course(row, policy.grade_points) for row in courses)
    column = fold_text(submission.application.get("学位外语成绩"))
    missing = missing_core(parsed, core_plan)
    roles = [(file, _role_of(file)) for file in plain.files]

    def of(role: Role) -> tuple[CaseFile, ...]:
        return tuple(file for file, its_role in roles if its_role is role)

    return DegreeCase(
        submission=submission,
        batch=batch,
        policy=policy,
        today=today,
        files=plain.files,
        prior_uses=prior_uses,
        papers=(),
        courses=parsed,
        missing_core=missing,
        language=language,
        reckoning=reckon(parsed, column, language, policy.degree, is_complete=not missing),
        theses=of(Role.THESIS),
        forms=of(Role.FORM),
        photos=of(Role.PHOTO),
        others=of(Role.OTHER),
    )


def _role_of(file: CaseFile) -> Role:
    name = file.upload.path.rpartition("/")[2]
    stem, _, suffix = name.rpartition(".")
    if file.outcome and file.outcome.reading and file.outcome.reading.form:
        return Role.FORM  # by what it shows, whatever it is called
    if file.upload.rejections and file.upload.kind is FileKind.OTHER:
        # What could not be looked at is what its name says: an empty thesis is no other file.
        return _ROLES_BY_SUFFIX.get(suffix.lower(), Role.OTHER)
    if _FORM_NAME.search(stem) and "+" not in stem and file.upload.kind is not FileKind.OTHER:
        return Role.FORM
    if file.upload.kind in PICTURE_KINDS:
        return Role.PHOTO
    return Role.THESIS if file.upload.kind in THESIS_KINDS else Role.OTHER


_ROLES_BY_SUFFIX = {
    **dict.fromkeys(("pdf", "doc", "docx"), Role.THESIS),
    **dict.fromkeys(("jpg", "jpeg", "png"), Role.PHOTO),
}

DegreeObserve = Callable[[DegreeCase], Iterable[Observation]]


def declare_degree(
    rule_id: str,
    severity: Severity,
    source: str,
    confidence: FactConfidence,
    checks: str,
    message: str,
    opinion: str,
    observe: DegreeObserve,
) -> Rule:
    """Return a rule of degree batches; one that blocks gives the application back."""

    def in_degree_batches(case: Case) -> Iterable[Observation]:
        return observe(case) if isinstance(case, DegreeCase) else ()

    return Rule(
        id=rule_id,
        scope=Scope.SUBMISSION,
        severity=severity,
        source=source,
        confidence=confidence,
        checks=checks,
        message=message,
        opinion=opinion,
        observe=in_degree_batches,
        returns=severity is Severity.BLOCK,
        batches=(BatchKind.DEGREE,),
    )
