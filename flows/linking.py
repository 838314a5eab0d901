"""Link what belongs together across applicants and batches, whichever was decided first.

Pictures are compared once, when they are new. What links two applications is then found from both
sides; an earlier batch is told here, for nobody may run it again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from domain.assessment import Assessment
from domain.reading import PriorUse
from flows.progress import Listener
from store import Store
from store.entries import settled_verdict
from store.runs import RunHeader
from validators.assessing import add_uses
from validators.likeness import is_same_picture


def compare_pictures(store: Store, digests: Iterable[str], listener: Listener) -> int:
    """Compare files that are new with all earlier ones; return how many pairs were found.

    Safe to repeat: what was compared before is not compared again, and of two files that come in at
    the same time the later one meets the earlier.
    """
    found = 0
    new = store.likenesses.not_compared(digests)
    listener.begin("compare", len(new))
    for item in new:
        same = [
            candidate.file_digest
            for candidate in store.likenesses.candidates(item)
            if is_same_picture(item, candidate)
        ]
        store.likenesses.note_same(item.file_digest, same)
        found += len(same)
        listener.advance()
    return found


def tell_both_sides(store: Store, header: RunHeader) -> tuple[str, ...]:
    """Flag the other side of every link of a batch whose run has finished; return what changed.

    An application that an earlier batch let pass goes to a person there too; its other findings
    stay as they are. What people settled, and all of a sealed batch, does not change: the lead is
    alerted. Links that came up while this batch was being decided are flagged here as well: of two
    runs at the same time the one that ends later sees both sides. Returns the ids of the other
    batches.
    """
    affected: dict[str, dict[str, list[tuple[str, PriorUse]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    linked = store.prior_uses.of_batch(header.batch_id)
    _flag(store, header, linked)
    for mine, uses in linked.items():
        for use in uses:
            if use.batch_id != header.batch_id:
                affected[use.batch_id][use.student_number].append((mine, use))
    changed = []
    for batch_id, students in sorted(affected.items()):
        run = store.runs.last_finished(batch_id)
        # Without one it is still being decided, and will find the links itself.
        theirs = {student: store.prior_uses.of(batch_id, student) for student in students}
        if run is not None and _flag(store, run.header, theirs):
            changed.append(batch_id)
        # Asked last: a seal that was set meanwhile kept the flag away.
        _alert(store, header, batch_id, _final(store, batch_id, students))
    return tuple(changed)


def _final(
    store: Store, batch_id: str, students: Mapping[str, Sequence[tuple[str, PriorUse]]]
) -> Mapping[str, Sequence[tuple[str, PriorUse]]]:
    """Return those of a batch's students whose result stays: sealed, or settled by people who had
    less before them than is known now.
    """
    if store.seals.get(batch_id) is not None:
        return students
    entries, latest = store.decisions.of_batch(batch_id), store.runs.latest_ids(batch_id)
    final = {}
    for student, uses in students.items():
        application_id = store.batches.find(batch_id, student).id
        settled = settled_verdict(entries.get(application_id, ()))
        if settled and settled[1].decision.seen.assessment_id != latest[application_id]:
            final[student] = uses
    return final


def _flag(store: Store, header: RunHeader, linked: Mapping[str, tuple[PriorUse, ...]]) -> bool:
    """Add links to decided applications of one batch, by 学号; return whether any was news."""
    batch, decided = store.batches.get(header.batch_id), store.runs.assessments(header.batch_id)
    made: list[tuple[int, Assessment]] = []
    for student, uses in sorted(linked.items()):
        item = store.batches.find(header.batch_id, student)
        before = decided.get(item.id)
        if before is not None:
            after = add_uses(before, item.submission, uses, batch, header.policy)
            if after != before:
                made.append((item.id, after))
    return bool(made and store.runs.record(header, made))


def _alert(
    store: Store,
    header: RunHeader,
    batch_id: str,
    students: Mapping[str, Sequence[tuple[str, PriorUse]]],
) -> None:
    """Alert the lead to uses of final results by others, each once."""
    for student, uses in sorted(students.items()):
        for mine, use in uses:
            if not use.same_person or use.kind == "score":
                sealed, user = (batch_id, student), (header.batch_id, mine)
                store.runs.alert(sealed=sealed, user=user, kind=use.kind)
