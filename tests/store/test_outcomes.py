"""What reports are written from: people's entries, the queue, the seal, the present."""

import datetime

import pytest

from domain.outcome import SampleCheck
from domain.review import DecisionKind, Role, Round, Verdict
from store import Store
from tests.store.builders import make_assessment
from tests.store.test_decisions import NUMBERS, entry, item, reviewed, run, verdict


@pytest.fixture
def decided(store: Store) -> Store:
    """Give a store in which one item was passed, one undone, one waits for a second person."""
    codes = ("score-differs", "date-unclear", "name-differs", "late")
    run(store, *(reviewed(number, code) for number, code in zip(NUMBERS, codes, strict=True)))
    store.decisions.record(entry(item(store, NUMBERS[0])))
    refused = verdict(Verdict.REFUSE, reasons=("2",), opinion="不一致。", note="电话核实过")
    store.decisions.record(entry(item(store, NUMBERS[1]), "wang", decision=refused))
    store.decisions.undo("spring", "wang", Role.REVIEWER, "undo-1")
    store.decisions.record(entry(item(store, NUMBERS[2]), "li"))
    return store


def test_every_entry_by_a_person_is_in_the_outcome_in_its_order(decided: Store) -> None:
    reviews = decided.load_outcome("spring").reviews
    assert [(one.student_number, one.account, one.kind, one.is_taken_back) for one in reviews] == [
        (NUMBERS[0], "li", DecisionKind.VERDICT, False),
        (NUMBERS[1], "wang", DecisionKind.VERDICT, True),
        (NUMBERS[1], "wang", DecisionKind.UNDO, False),
        (NUMBERS[2], "li", DecisionKind.VERDICT, False),
    ]
    assert reviews[1].verdict is Verdict.REFUSE
    assert (reviews[1].reasons, reviews[1].note, reviews[1].via) == (("2",), "电话核实过", "pages")
    assert reviews[3].round is Round.OPEN
    assert all(one.at.tzinfo is not None for one in reviews)


def test_what_is_not_settled_says_since_when_it_waits(decided: Store) -> None:
    rows = {row.student_number: row for row in decided.load_outcome("spring").rows}
    waiting = [number for number in NUMBERS if rows[number].waiting_since is not None]
    assert waiting == [NUMBERS[1], NUMBERS[2], NUMBERS[3]]


def test_the_present_is_that_of_the_log_s_last_entry(decided: Store) -> None:
    before = decided.load_outcome("spring")
    assert before.latest is not None
    assert before.latest.isoformat() == decided.events.last(1)[0].instant
    assert before.as_of is None
    assert not before.sealed
    assert decided.seals.set("spring", "chen", {})
    after = decided.load_outcome("spring")
    assert after.seal is not None
    assert after.seal.account == "chen"
    assert after.sealed
    assert after.latest is not None
    assert after.latest > before.latest
    assert after.latest - before.latest < datetime.timedelta(minutes=5)


def test_a_sample_is_counted_once_it_is_settled(store: Store) -> None:
    run(store, make_assessment(NUMBERS[0]), sample_share=1.0, sample_share_after_error=1.0)
    assert store.load_outcome("spring").sample == SampleCheck()
    store.decisions.record(entry(item(store, NUMBERS[0])))
    assert store.load_outcome("spring").sample == SampleCheck(looked_at=1, wrong=0)
