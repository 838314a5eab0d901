"""Readings of labelled papers, each told right or wrong by the truth."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.bench.judging import SAME_PRINT, is_same_value
from benchmarks.bench.reading import LabelledFolder, Outcomes, PolicyPair, labelled
from benchmarks.bench.truth import Truth
from domain.application import Submission
from domain.calibration import FieldGroup, Mode
from domain.certificates import DECIDING_FIELDS, CertificateFamily, FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.reading import ReadOutcome
from validators.certainty import Standing, standing_of
from validators.date_values import parse_date

_MODES = {Standing.AGREED: Mode.AGREED, Standing.ALONE: Mode.ALONE}
_COURSE_CODE = "course_code"
_MEASURED_ALONE = frozenset(DECIDING_FIELDS) - {FieldName.ADMISSION_TICKET}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredReading:
    """One reading on which an acceptance could rest; `paper` is the digest of its file."""

    group: FieldGroup
    mode: Mode
    family: CertificateFamily
    confidence: float
    is_wrong: bool
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What labelled folders gave.

    `papers` are the digests of all files that were looked at, by position of their folder.
    `unusable` counts, by group, the labelled readings that no threshold can open: contradicted
    ones and such that are no value of their field. `left_out` counts what was not measured, by
    reason.
    """

    readings: tuple[MeasuredReading, ...]
    papers: Mapping[int, tuple[str, ...]]
    layouts: tuple[str, ...]
    unusable: Mapping[tuple[FieldGroup, Standing], int]
    left_out: Mapping[str, int]


def gather(folders: Sequence[LabelledFolder], outcomes: Outcomes) -> Gathered:
    """Return every reading of every honest paper, each file once, in a fixed order.

    Left out are held-back layouts (they are for testing alone), pictures that the truth calls
    forged, and applications that do not show exactly one paper of an accepted kind.
    """
    readings: list[MeasuredReading] = []
    papers: dict[int, list[str]] = {position: [] for position in range(len(folders))}
    unusable: Counter[tuple[FieldGroup, Standing]] = Counter()
    left_out: Counter[str] = Counter()
    layouts: set[str] = set()
    seen: set[str] = set()
    items = sorted(labelled(folders), key=lambda item: (item[0], item[2].student_number))
    for position, folder, submission, truth in items:
        if reason := _reason_against(truth):
            left_out[reason] += 1
            continue
        answers = _answers(folder, submission, outcomes)
        papers[position] += sorted(answers.keys() - seen)
        layouts |= {truth.layout} if truth.layout else set()
        paper = _only_paper(answers)
        if isinstance(paper, str):
            left_out[paper] += 1
        elif paper.file_digest in seen:
            left_out["applications with a file that was measured before"] += 1
        else:
            readings += _measure(paper, truth, unusable, left_out)
        seen |= answers.keys()
    return Gathered(
        readings=tuple(readings),
        papers={position: tuple(found) for position, found in papers.items()},
        layouts=tuple(sorted(layouts)),
        unusable=unusable,
        left_out=left_out,
    )


def _reason_against(truth: Truth) -> str:
    if truth.held_back:
        return "applications with a held-back layout"
    return "applications with a forged picture" if truth.is_forged else ""


def _answers(
    folder: LabelledFolder, submission: Submission, outcomes: Outcomes
) -> dict[str, ReadOutcome]:
    pair = PolicyPair(folder.policy.reading, folder.policy.intake)
    found = {
        upload.digest: outcomes.get(pair, upload.digest) for upload in folder.readable(submission)
    }
    return {digest: outcome for digest, outcome in found.items() if outcome is not None}


def _only_paper(answers: Mapping[str, ReadOutcome]) -> Extraction | str:
    """Return the one paper of an accepted kind, or why there is none to be measured."""
    read = [outcome.reading for outcome in answers.values() if outcome.reading]
    if not read:
        return "applications without a readable file"
    papers = [
        paper
        for reading in read
        for paper in reading.extractions
        if paper.classification.certificate_type.family is not None
    ]
    if len(papers) == 1:
        return papers[0]
    # With several, nobody knows which of them the truth describes.
    return f"applications with {'several papers' if papers else 'no paper of an accepted kind'}"


def _measure(
    paper: Extraction,
    truth: Truth,
    unusable: Counter[tuple[FieldGroup, Standing]],
    left_out: Counter[str],
) -> Iterator[MeasuredReading]:
    family = paper.classification.certificate_type.family
    for value in paper.values:
        group = FieldGroup.of(value.field)
        if group is None or family is None:
            continue
        # Others of their groups are read the same way, but the second reader is asked about few of
        # them: alone, they would speak for values about which it is always asked.
        if value.second_text is None and value.field not in _MEASURED_ALONE:
            left_out["readings of parts and tickets without a second reader"] += 1
            continue
        printed = _printed(value, truth)
        if not printed:
            left_out[f"readings of a {value.field.value} that the truth does not name"] += 1
            continue
        standing = standing_of(value)
        mode = _MODES.get(standing)
        if mode is None:
            unusable[group, standing] += 1
            continue
        yield MeasuredReading(
            group=group,
            mode=mode,
            family=family,
            confidence=value.confidence,
            is_wrong=not any(_is_same(value.field, value.text, text) for text in printed),
            paper=paper.file_digest,
        )


def _printed(value: ExtractedValue, truth: Truth) -> tuple[str, ...]:
    """Return what the truth says that the paper prints in the field of a reading.

    A course is printed as code, as title or as both, and each of them says which one it is.
    """
    printed = truth.fields.get(value.field.value, "").strip()
    if not printed and value.field in SAME_PRINT:
        printed = truth.fields.get(SAME_PRINT[value.field].value, "").strip()
    code = truth.fields.get(_COURSE_CODE, "").strip()
    if value.field is FieldName.COURSE and code:
        return (code, *((printed, f"{code}{printed}") if printed else ()))
    return (printed,) if printed else ()


def _is_same(field: FieldName, read: str, printed: str) -> bool:
    """Return whether a reading says what is printed, as far as the cross-check looks at it.

    Of a date that is the month: a day that was not read does no harm.
    """
    if is_same_value(field, read, printed):
        return True
    if FieldGroup.of(field) is not FieldGroup.DATE:
        return False
    one, other = parse_date(read), parse_date(printed)
    return bool(one and other and one.as_month and one.as_month == other.as_month)
