"""What the tests in a real browser share: five papers, somebody at work, what was recorded."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from domain.certificates import FieldName
from domain.review import Round
from store import Store, open_store
from tests.review.browser import Person, person, serving
from tests.review.builders import BATCH, Paper

SCORE, NAME, UNCLEAR, FAILED, UNKNOWN = (f"20220000{n:02d}" for n in (1, 2, 3, 4, 5))
STATES = (SCORE, NAME, UNCLEAR, FAILED, UNKNOWN)


def papers() -> tuple[Paper, ...]:
    return (
        Paper(number=SCORE, declared={"考试成绩": "428"}),
        Paper(number=NAME, declared={"姓名": "王晓冬"}),
        Paper(number=UNCLEAR, unclear=(FieldName.CERTIFICATE_NUMBER,)),
        Paper(number=FAILED, failed=True),
        Paper(number=UNKNOWN, is_recognized=False),
    )


@contextlib.contextmanager
def at_work(browser: Browser, home: Path) -> Iterator[tuple[Store, Person]]:
    """Serve a home, and give its store and li, signed in."""
    with (
        open_store(home) as store,
        serving(home) as address,
        person(browser, address, "li") as li,
    ):
        yield store, li


def round_of(store: Store, number: str) -> Round:
    case = store.cases.find(BATCH, number)
    assert case is not None
    return case.round


def verdicts(store: Store, number: str) -> list[tuple[str, str]]:
    return [
        (entry.account, entry.decision.verdict.value)
        for entry in store.decisions.of_student(number)
        if entry.decision.verdict is not None
    ]


def go_to(somebody: Person, store: Store, number: str) -> None:
    case = store.cases.find(BATCH, number)
    assert case is not None
    somebody.page.goto(f"{somebody.address}/items/{case.application_id}")
    somebody.wait_for_item()
    assert somebody.at() == number
