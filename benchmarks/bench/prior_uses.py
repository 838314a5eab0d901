"""Where else among the given folders something of an application was seen, in memory.

The same answer as the store gives a run in which these folders, and no others, were processed; a
test holds the two together. The exception are twins, which no run ever sees together.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.bench.same_pictures import find_same_pictures
from benchmarks.bench.twins import ItemKey
from domain.application import Submission
from domain.likeness import FilePrint
from domain.reading import PrintedResult, PriorUse, ReadOutcome
from validators.results import printed_results

Mark = tuple[str, str, str]  # kind of use, family ("" for files), digest or number


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """By what one application can be recognized elsewhere.

    `declared` is its declared number where files were read and none showed a number, else "".
    """

    key: ItemKey
    batch_id: str
    identity: str
    marks: frozenset[Mark]
    declared: str = ""
    prints: tuple[FilePrint, ...] = ()
    results: frozenset[PrintedResult] = frozenset()


def trace(
    key: ItemKey, batch_id: str, submission: Submission, outcomes: Iterable[ReadOutcome]
) -> Trace:
    """Return the digests of an application's usable files and the numbers printed on its papers."""
    files = set() if submission.rejections else _usable_digests(submission)
    marks: set[Mark] = {("file", "", digest) for digest in files}
    prints: list[FilePrint] = []
    results: set[PrintedResult] = set()
    answers = tuple(outcomes)
    for outcome in answers:
        marks.update(_printed(outcome))
        results.update(printed_results(outcome))
        if (found := outcome.file_print()) is not None:
            prints.append(found)
    unnumbered = answers and not any(kind == "number" for kind, _, _ in marks)
    return Trace(
        key=key,
        batch_id=batch_id,
        declared=normalize_number(submission.application.get("成绩单编号")) if unnumbered else "",
        identity=normalize_number(submission.application.id_number),
        marks=frozenset(marks),
        prints=tuple(prints),
        results=frozenset(results),
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
        self._declared: dict[str, list[Trace]] = defaultdict(list)
        self._printed: dict[str, list[Trace]] = defaultdict(list)
        for one in self._traces.values():
            if one.declared:
                self._declared[one.declared].append(one)
            for number in {mark[2] for mark in one.marks if mark[0] == "number"}:
                self._printed[number].append(one)
        self._people: dict[str, list[Trace]] = defaultdict(list)
        for one in self._traces.values():
            self._people[one.identity].append(one)
        self._same = find_same_pictures(p for one in self._traces.values() for p in one.prints)

    def of(self, key: ItemKey) -> tuple[PriorUse, ...]:
        """Return the uses of what an application holds by others, in a fixed order."""
        mine = self._traces[key]
        uses = {
            PriorUse(
                kind=kind,
                batch_id=other.batch_id,
                student_number=other.key[1],
                same_person=bool(mine.identity) and mine.identity == other.identity,
            )
            for kind, other in self._shared(mine)
            if other.key != key and not self._same_application(key, other.key)
        }
        return tuple(sorted(uses, key=_order))

    def _shared(self, mine: Trace) -> Iterator[tuple[str, Trace]]:
        """Yield every other trace with what it shares, more than once where it shares more."""
        for other in self._printed.get(mine.declared, ()) if mine.declared else ():
            yield "number", other
        for mark in mine.marks:
            for other in self._holders[mark]:
                yield mark[0], other
            for other in self._declared.get(mark[2], ()) if mark[0] == "number" else ():
                yield "number", other
            for digest in self._same.get(mark[2], ()) if mark[0] == "file" else ():
                for other in self._holders.get(("file", "", digest), ()):
                    yield "picture", other
        for other in self._people[mine.identity] if mine.identity else ():
            if any(_contradicts(one, two) for one in mine.results for two in other.results):
                yield "score", other

    def _same_application(self, one: ItemKey, other: ItemKey) -> bool:
        nothing: frozenset[ItemKey] = frozenset()
        shared = self._versions.get(one, nothing) & self._versions.get(other, nothing)
        return bool(shared)


def _contradicts(one: PrintedResult, two: PrintedResult) -> bool:
    same = (one.certificate_type, one.month) == (two.certificate_type, two.month)
    return same and one.score != two.score


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
