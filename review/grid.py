"""Items of one kind side by side: mark the odd ones by number, commit the rest with one key."""

import re
import secrets
from dataclasses import dataclass

from starlette.responses import Response

from domain.review import Verdict, differing_fields, missing_fields
from reports.wording import reason_wording
from review.acting import VerdictRefused, Wish, entry_for
from review.item_pictures import picture_address
from review.looking import Looked
from review.presenting import FieldView, present
from review.shelf import STRIP
from review.site import DECIDING, Visit, page
from store.cases import Case
from store.entries import Refused

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-", "=")
_PAIR = re.compile(r"\b([0-9]{1,9}):([0-9]{1,9}):([0-9a-f]{32})\b")
_ENDINGS = ("-unclear", "readers-disagree")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One crop with what was declared; `token` names the submit of its verdict."""

    case: Case
    field: FieldView
    number: str
    address: str
    token: str


@page(DECIDING)
def grid(visit: Visit) -> Response:
    """Show twelve items of a kind."""
    return _page(visit, visit.path("batch"), visit.text("kind", 200), "")


def _page(visit: Visit, batch_id: str, kind: str, done: str, status: int = 200) -> Response:
    store, site = visit.site.store, visit.site
    batch, _ = site.looking.basis(batch_id)
    kinds = [(name, count) for name, count in store.cases.kinds(batch_id) if can_be_alike(name)]
    pairs: list[Pair] = []
    if can_be_alike(kind):
        taken = store.cases.take(
            batch_id, visit.account.name, visit.account.role, len(KEYS), kind=kind
        )
        for case in taken:
            looked = site.looking.look(case, visit.account.name)
            view = _in_question(looked)
            if view is None:
                continue
            slot = f"{STRIP}-{view.field}"
            site.gate.show(visit.session.id, case.application_id, case.revision, (slot,))
            pairs.append(
                Pair(
                    case=case,
                    field=view,
                    number=KEYS[len(pairs)],
                    address=picture_address(visit, case, slot),
                    token=secrets.token_hex(16),
                )
            )
    return visit.render(
        "grid.html",
        status,
        batch=batch,
        kind=kind,
        kind_words=reason_wording(kind) if kind else "",
        kinds=[(name, reason_wording(name), count) for name, count in kinds],
        pairs=pairs,
        done=done,
    )


def can_be_alike(kind: str) -> bool:
    """Return whether items of a kind differ in one unclear reading only."""
    return ";" not in kind and kind.endswith(_ENDINGS)


def _in_question(looked: Looked) -> FieldView | None:
    """Return the one field in question of an item that could be passed as it stands."""
    if differing_fields(looked.assessment):
        return None
    if missing_fields(looked.assessment, looked.batch.kind):
        return None
    asked = [item for item in present(looked).fields if item.in_question and item.has_picture]
    return asked[0] if len(asked) == 1 else None


@page(DECIDING)
def commit(visit: Visit) -> Response:
    """Pass every pair that is not marked, a decision each; the marked ones stay in the queue."""
    batch_id, kind = visit.path("batch"), visit.text("kind", 200)
    odd = set(visit.text("odd", 400).split(","))
    shown_ms, spent_ms = visit.number("shown_ms"), visit.number("spent_ms")
    passed, left = 0, 0
    for application_id, revision, token in _PAIR.findall(visit.text("pairs", 4000)):
        if application_id in odd:
            visit.site.store.cases.put_later(int(application_id), visit.account.name)
            left += 1
            continue
        try:
            _pass(visit, int(application_id), int(revision), token, shown_ms, spent_ms)
            passed += 1
        except (VerdictRefused, Refused):
            left += 1
    done = f"已通过 {passed} 份，留在队列 {left} 份。"
    return _page(visit, batch_id, kind, done)


def _pass(
    visit: Visit, application_id: int, revision: int, token: str, shown_ms: int, spent_ms: int
) -> None:
    site = visit.site
    case = site.store.cases.get(application_id)
    if case is None or case.batch_id != visit.path("batch"):
        raise Refused("gone")
    looked = site.looking.look(case, visit.account.name)
    if _in_question(looked) is None or not can_be_alike(case.kind):
        raise Refused("not-allowed", case)
    evidence = site.gate.evidence(visit.session.id, application_id, revision, shown_ms)
    wish = Wish(
        verdict=Verdict.PASS,
        key=token,
        revision=revision,
        evidence_shown=evidence.is_enough,
        pictures=evidence.pictures,
        shown_ms=shown_ms,
        spent_ms=spent_ms,
        via="grid",
    )
    site.store.decisions.record(entry_for(looked, visit.account, wish))
