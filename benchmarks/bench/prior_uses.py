"""Where else among the given folders the same file or printed number was seen, in memory.

The same answer as the store gives a run in which these folders, and no others, were processed; a
test holds the two together.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.application import Submission
from domain.certificates import CertificateFamily, FieldName
from domain.reading import PriorUse, ReadOutcome

# A folder's position among those given, and the 学号: two folders may carry the same batch id.
ItemKey = tuple[int, str]
Mark = tuple[str, str, str]  # kind of use, family ("" for files), digest or number


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """By what one application can be recognized elsewhere."""

    key: ItemKey
    batch_id: str
    identity: str
    marks: frozenset[Mark]


def trace(
    key: ItemKey, batch_id: str, submission: Submission, outcomes: Iterable[ReadOutcome]
) -> Trace:
    """Return the digests of an application's usable files and the numbers printed on its papers."""
    files = set() if submission.rejections else _usable_digests(submission)
    marks: set[Mark] = {("file", "", digest) for digest in files}
    for outcome in outcomes:
        marks.update(_printed(outcome))
    return Trace(
        key=key,
        batch_id=batch_id,
        identity=normalize_number(submission.application.id_number),
        marks=frozenset(marks),
    )


def find_prior_uses(traces: Sequence[Trace]) -> Mapping[ItemKey, tuple[PriorUse, ...]]:
    """Return the other applications that share a file or number; those without any are absent."""
    holders: dict[Mark, list[Trace]] = defaultdict(list)
    for one in traces:
        for mark in one.marks:
            holders[mark].append(one)
    uses: dict[ItemKey, set[PriorUse]] = defaultdict(set)
    for mark, sharing in holders.items():
        for mine in sharing if len(sharing) > 1 else ():
            uses[mine.key] |= {
                PriorUse(
                    kind=mark[0],
                    batch_id=other.batch_id,
                    student_number=other.key[1],
                    same_person=bool(mine.identity) and mine.identity == other.identity,
                )
                for other in sharing
                if other.key != mine.key
            }
    return {key: tuple(sorted(found, key=_order)) for key, found in uses.items()}


def normalize_number(number: str) -> str:
    """Return a printed number for joining: NFKC, upper case, letters and digits only."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(character for character in folded if character.isalnum())


def _order(use: PriorUse) -> tuple[str, str, str]:
    return use.kind, use.batch_id, use.student_number


def _usable_digests(submission: Submission) -> set[str]:
    return {upload.digest for upload in submission.uploads if upload.usable and upload.digest}


def _printed(outcome: ReadOutcome) -> Iterator[Mark]:
    """Yield the numbers by which a paper is known; 自考 papers without one have their ticket."""
    for extraction in outcome.reading.extractions if outcome.reading else ():
        family = extraction.classification.certificate_type.family
        fields = [FieldName.CERTIFICATE_NUMBER]
        if family is CertificateFamily.ZIKAO and not extraction.text(fields[0]):
            fields.append(FieldName.ADMISSION_TICKET)
        for value in (value for field in fields for value in extraction.all(field)):
            number = normalize_number(value.text)
            if family is not None and number:
                yield "number", family.value, number
