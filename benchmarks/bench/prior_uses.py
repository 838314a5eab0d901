"""Where else among the given folders the same file or printed number was seen, in memory.

The same answer as the store gives a run in which these folders, and no others, were processed; a
test holds the two together. The exception are twins, which no run ever sees together.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.bench.twins import ItemKey
from domain.application import Submission
from domain.reading import PriorUse, ReadOutcome

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


class PriorUses:
    """The other applications that share a file or number with one, found when they are asked for.

    One number that a thousand papers share would make a million uses: none of them is kept.
    `versions` names what each item is a version of (`twins.find_versions`): versions of the same
    application are no uses of each other.
    """

    def __init__(
        self,
        traces: Iterable[Trace],
        versions: Mapping[ItemKey, frozenset[ItemKey]] | None = None,
    ) -> None:
        self._versions = versions or {}
        self._traces = {one.key: one for one in traces}
        self._holders: dict[Mark, list[Trace]] = defaultdict(list)
        for one in self._traces.values():
            for mark in one.marks:
                self._holders[mark].append(one)

    def of(self, key: ItemKey) -> tuple[PriorUse, ...]:
        """Return the uses of what an application holds by others, in a fixed order."""
        mine = self._traces[key]
        uses = {
            PriorUse(
                kind=mark[0],
                batch_id=other.batch_id,
                student_number=other.key[1],
                same_person=bool(mine.identity) and mine.identity == other.identity,
            )
            for mark in mine.marks
            for other in self._holders[mark]
            if other.key != key and not self._same_application(key, other.key)
        }
        return tuple(sorted(uses, key=_order))

    def _same_application(self, one: ItemKey, other: ItemKey) -> bool:
        nothing: frozenset[ItemKey] = frozenset()
        shared = self._versions.get(one, nothing) & self._versions.get(other, nothing)
        return bool(shared)


def normalize_number(number: str) -> str:
    """Return a printed number for joining: NFKC, upper case, letters and digits only."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(character for character in folded if character.isalnum())


def _order(use: PriorUse) -> tuple[str, str, str]:
    return use.kind, use.batch_id, use.student_number


def _usable_digests(submission: Submission) -> set[str]:
    return {upload.digest for upload in submission.uploads if upload.usable and upload.digest}


def _printed(outcome: ReadOutcome) -> Iterator[Mark]:
    for family, text in outcome.identifying_numbers():
        if number := normalize_number(text):
            yield "number", family.value, number
