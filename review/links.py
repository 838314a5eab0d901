"""Links to other applications that came up after the machine let something pass.

A run tells both sides of a link. Where the run that found it ended early, the other side was not
told: sealing asks once more, so that no such acceptance becomes final.
"""

from domain.assessment import Decision
from store import Store
from validators.assessing import add_uses


def untold_links(store: Store, batch_id: str) -> tuple[str, ...]:
    """Return the 学号 of accepted applications to which a link known by now would object."""
    run = store.runs.last_finished(batch_id)
    if run is None:
        return ()
    linked = {
        student: uses
        for student, uses in store.prior_uses.of_batch(batch_id).items()
        if any(not use.same_person or use.kind == "score" for use in uses)
    }
    if not linked:
        return ()
    batch, decided = store.batches.get(batch_id), store.runs.assessments(batch_id)
    found = []
    for student, uses in sorted(linked.items()):
        item = store.batches.find(batch_id, student)
        before = decided.get(item.id)
        if before is None or before.decision is not Decision.ACCEPT:
            continue
        after = add_uses(before, item.submission, uses, batch, run.header.policy)
        if after.decision is not Decision.ACCEPT:
            found.append(student)
    return tuple(found)
