"""The pages, asked in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, sync_playwright
from starlette.applications import Starlette
from starlette.testclient import TestClient

from extractors.reading.showing import Pictures
from reports.outcome import write_outcome
from review.app import make_app
from review.gate import Gate
from review.security import Binding
from review.serving import make_site
from store import Store
from tests.review.browser import launch
from tests.review.builders import PASSWORD, Paper, make_store, review_policy
from tests.review.office import papers

# What signs somebody in and gives a client of their own.
SignedIn = Callable[[str], TestClient]
ORIGIN = "http://127.0.0.1:8460"

PAPERS = (
    Paper(number="2022000001", declared={"考试成绩": "428"}),
    Paper(number="2022000002", declared={"姓名": "王晓冬"}),
    Paper(number="2022000003"),
    Paper(number="2022000004", failed=True),
)


class Clock:
    """What the server takes for the time that things are on screen; tests put it forward."""

    now = 1000.0


def app_of(store: Store, pictures: Pictures, out: Path) -> Starlette:
    """Return the pages of a store, with the tests' clock."""

    def write(batch_id: str) -> None:
        write_outcome(out, store.load_outcome(batch_id))

    site = make_site(store, pictures, Binding(), write)
    site.gate = Gate(lambda: Clock.now)
    return make_app(site)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords of tests cheaply; that real ones are slow is tested with the store."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("store.accounts._HASHER", cheap)


@pytest.fixture(scope="session")
def pictures() -> Iterator[Pictures]:
    """Give what decodes pictures, in a process of its own."""
    policy = review_policy()
    with Pictures(policy.reading, policy.intake) as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give a store with three items: a slip in the score, another name, a failed file."""
    made = make_store(tmp_path / "home", PAPERS)
    yield made
    made.close()


@pytest.fixture
def client_of(store: Store, pictures: Pictures, tmp_path: Path) -> Iterator[SignedIn]:
    """Give what signs an account in."""
    app = app_of(store, pictures, tmp_path / "out")
    opened: list[TestClient] = []

    def sign_in(name: str) -> TestClient:
        client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        opened.append(client)
        answer = client.post("/sign-in", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    yield sign_in
    for client in opened:
        client.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home with five items."""
    make_store(tmp_path / "home", papers()).close()
    return tmp_path / "home"
