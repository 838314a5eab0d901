"""What the machine answers for each labelled application, held against its truth."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.bench.prior_uses import PriorUses, trace
from benchmarks.bench.reading import LabelledFolder, Listener, Outcomes, PolicyPair, labelled
from benchmarks.bench.statistics import edit_distance
from benchmarks.bench.truth import Truth
from benchmarks.bench.twins import ItemKey, find_versions
from domain.application import Submission
from domain.assessment import Assessment, Decision
from domain.certificates import ACCEPTED_TYPES, FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.faults import ConfigurationFault, MachineFault
from domain.reading import PriorUse, ReadOutcome
from validators.assessing import assess
from validators.certainty import reading_key
from validators.outside_rules import failed_assessment
from validators.rules.tampering import EDITED_NOTE

SOFTWARE_SIGN = "software"
# What a truth calls one and a paper's reading the other: the grade is the status that it prints.
SAME_PRINT = {FieldName.STATUS: FieldName.GRADE, FieldName.GRADE: FieldName.STATUS}
# The level is what the paper is, not what stands on it: the certificate type says it.
_NOT_COMPARED = FieldName.LEVEL
CRITICAL_FIELDS = (
    FieldName.CERTIFICATE_NUMBER,
    FieldName.SCORE,
    FieldName.ID_NUMBER,
    FieldName.DATE,
)


class Cause(StrEnum):
    """Why an application was accepted that must not be."""

    MISREAD = "misread"  # what was extracted is not what the paper prints
    FORGED = "forged"  # the picture was edited, by the truth's own word
    RULES = "rules"  # everything was read right, and no rule objected


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReading:
    """One field of the truth against what was extracted; `confidence` None where nothing was.

    `exact`: the same characters but for spaces and full-width forms. `same_value`: the same after
    the field's normalization. `edits` is the distance to the truth of `characters` characters;
    a field not found counts as all of its characters.
    """

    field: FieldName
    found: bool
    exact: bool
    same_value: bool
    confidence: float | None
    edits: int
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A rule that fired, with the field that it names."""

    rule_id: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled application; `cause` is given exactly where it is a false accept.

    `type_right` says whether its paper was taken for what it is, None where the truth names none
    of the accepted types or nothing was read. `files` are the digests of what was read for it.
    `fired` are all rules that fired, also advice; `signs` the signs of a change that were seen,
    whatever the policy makes of them.
    """

    key: ItemKey
    folder: str
    truth: Truth
    decision: Decision
    reason_codes: tuple[str, ...]
    type_right: bool | None
    fields: tuple[FieldReading, ...]
    cause: Cause | None
    files: frozenset[str] = frozenset()
    fired: frozenset[Fired] = frozenset()
    signs: frozenset[str] = frozenset()

    @property
    def accepted(self) -> bool:
        return self.decision is Decision.ACCEPT


def judge(
    folders: Sequence[LabelledFolder], outcomes: Outcomes, listener: Listener
) -> tuple[Judged, ...]:
    """Return every labelled application with the machine's answer, by folder and 学号."""
    prior_uses = _prior_uses(folders, outcomes)
    items = sorted(labelled(folders), key=lambda item: (item[0], item[2].student_number))
    listener.begin("judge", len(items))
    judged = []
    for position, folder, submission, truth in items:
        key = (position, submission.student_number)
        answers = _answers(folder, submission, outcomes)
        assessment = _assess(folder, submission, answers, prior_uses.of(key))
        judged.append(_judge(key, folder, truth, assessment, answers))
        listener.advance()
    return tuple(judged)


def each_paper_once(judged: Sequence[Judged]) -> list[Judged]:
    """Return judged items, leaving out who uploaded the same files as one before: twins.

    Counted twice, the same reading would make every interval narrower than it is.
    """
    seen: set[frozenset[str]] = set()
    distinct = []
    for item in judged:
        if item.files not in seen:
            distinct.append(item)
        if item.files:
            seen.add(item.files)
    return distinct


def _prior_uses(folders: Sequence[LabelledFolder], outcomes: Outcomes) -> PriorUses:
    traces = (
        trace(
            (position, submission.student_number),
            folder.batch.id,
            submission,
            _answers(folder, submission, outcomes).values(),
        )
        for position, folder in enumerate(folders)
        for submission in folder.submissions
    )
    truths = {
        (position, submission.student_number): truth
        for position, _, submission, truth in labelled(folders)
    }
    return PriorUses(traces, find_versions(truths))


def _answers(
    folder: LabelledFolder, submission: Submission, outcomes: Outcomes
) -> dict[str, ReadOutcome]:
    pair = PolicyPair(folder.policy.reading, folder.policy.intake)
    found = {
        upload.digest: outcomes.get(pair, upload.digest) for upload in folder.readable(submission)
    }
    return {digest: outcome for digest, outcome in found.items() if outcome is not None}


def _assess(
    folder: LabelledFolder,
    submission: Submission,
    answers: Mapping[str, ReadOutcome],
    prior_uses: tuple[PriorUse, ...],
) -> Assessment:
    """Return the answer that a run gives on the day of the deadline."""
    today = folder.batch.deadline.date()
    try:
        return assess(submission, answers, prior_uses, folder.batch, folder.policy, today)
    except (MachineFault, ConfigurationFault):
        raise
    except Exception:
        # As in a run: whatever it was, it is one application's, and a person looks at it.
        return failed_assessment(submission.student_number)


def _judge(
    key: ItemKey,
    folder: LabelledFolder,
    truth: Truth,
    assessment: Assessment,
    answers: Mapping[str, ReadOutcome],
) -> Judged:
    paper = find_paper(assessment, answers)
    false_accept = assessment.decision is Decision.ACCEPT and not truth.may_be_accepted
    return Judged(
        key=key,
        folder=folder.path.name,
        truth=truth,
        decision=assessment.decision,
        reason_codes=assessment.reason_codes,
        type_right=_is_type_right(truth, paper) if answers else None,
        fields=compare_fields(truth.fields, paper) if answers else (),
        cause=_cause(truth, assessment) if false_accept else None,
        files=frozenset(answers),
        fired=frozenset(Fired(rule_id=f.rule_id, field=f.field) for f in assessment.findings),
        signs=_signs(paper, answers),
    )


def _signs(paper: Extraction | None, answers: Mapping[str, ReadOutcome]) -> frozenset[str]:
    """Return the signs of a change on the paper, and in the files themselves."""
    signs = {hint.sign.value for hint in paper.hints} if paper else set()
    readings = (outcome.reading for outcome in answers.values())
    if any(reading and EDITED_NOTE in reading.document.notes for reading in readings):
        signs.add(SOFTWARE_SIGN)
    return frozenset(signs)


def find_paper(assessment: Assessment, answers: Mapping[str, ReadOutcome]) -> Extraction | None:
    """Return the paper that was judged, else the one with most values; None where there is none."""
    papers = [
        paper
        for digest in sorted(answers)
        for reading in (answers[digest].reading,)
        for paper in (reading.extractions if reading else ())
    ]
    places = {
        (row.evidence.file_digest, row.evidence.page_number)
        for row in assessment.comparisons
        if row.evidence
    }
    for paper in papers:
        if (paper.file_digest, paper.page_number) in places:
            return paper
    return max(papers, key=lambda paper: len(paper.values), default=None)


def _is_type_right(truth: Truth, paper: Extraction | None) -> bool | None:
    if truth.certificate_type not in {kind.value for kind in ACCEPTED_TYPES}:
        return None
    return paper is not None and paper.classification.certificate_type == truth.certificate_type


def compare_fields(
    printed: Mapping[str, str], paper: Extraction | None
) -> tuple[FieldReading, ...]:
    """Return a row for each field of the truth that hedui knows; empty ones are left out."""
    known = {field.value: field for field in FieldName if field is not _NOT_COMPARED}
    return tuple(
        _compare(known[name], text, paper)
        for name, text in sorted(printed.items())
        if name in known and squeeze(text)
    )


def _compare(field: FieldName, text: str, paper: Extraction | None) -> FieldReading:
    values = list(paper.all(field)) if paper else []
    if paper and not values and field in SAME_PRINT:
        values = list(paper.all(SAME_PRINT[field]))
    wanted = squeeze(text)
    # A paper may print one field twice; the truth names one of them.
    value: ExtractedValue | None = min(
        values, key=lambda value: edit_distance(squeeze(value.text), wanted), default=None
    )
    read = squeeze(value.text) if value else ""
    return FieldReading(
        field=field,
        found=value is not None,
        exact=value is not None and read == wanted,
        same_value=value is not None and is_same_value(field, value.text, text),
        confidence=value.confidence if value else None,
        edits=edit_distance(read, wanted),
        characters=len(wanted),
    )


def _cause(truth: Truth, assessment: Assessment) -> Cause:
    if truth.is_forged:
        return Cause.FORGED
    for row in assessment.comparisons:
        names = (row.field, "issue_date") if row.field == FieldName.DATE else (row.field,)
        if row.field == FieldName.STATUS:
            names = (row.field, "grade")
        printed = [truth.fields[name] for name in names if truth.fields.get(name)]
        if row.evidence is None or not printed:
            continue
        if not any(is_same_value(FieldName(row.field), row.extracted, text) for text in printed):
            return Cause.MISREAD
    return Cause.RULES


def is_same_value(field: FieldName, one: str, other: str) -> bool:
    """Return whether two texts of a field mean the same after its normalization."""
    if squeeze(one) == squeeze(other):
        return True
    key = reading_key(field, one)
    return bool(key) and key == reading_key(field, other)


def squeeze(text: str) -> str:
    """Return a text with full-width forms folded (NFKC) and without any spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())
