"""The server starts anew, or the clock is put right, while people are at work."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from domain.review import LEASE_SECONDS, Round
from extractors.reading.showing import Pictures
from store import Store, open_store
from store.audit import Audit
from store.sessions import IDLE_SECONDS
from tests.review.browser import serving
from tests.review.builders import PASSWORD
from tests.review.conftest import ORIGIN, SignedIn, app_of
from tests.review.test_pages import PART, decide, item, look, token

SLIP, FAILED = "2022000001", "2022000004"
DAY = 86400.0


@pytest.fixture
def restarted(store: Store, tmp_path: Path) -> Iterator[Store]:
    """Give the store as a new process opens it; `store` is that of the server that ended."""
    assert store.accounts.all()
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def client_after(restarted: Store, pictures: Pictures, tmp_path: Path) -> Iterator[SignedIn]:
    """Give what goes on in the browser of somebody who was signed in before the restart."""
    app = app_of(restarted, pictures, tmp_path / "out")
    opened: list[TestClient] = []

    def go_on(cookies: object) -> TestClient:
        client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        client.cookies = cookies  # type: ignore[assignment]
        opened.append(client)
        return client

    yield go_on  # type: ignore[misc]
    for client in opened:
        client.close()


def entries(store: Store, number: str) -> list[tuple[str, str]]:
    found = [entry.decision.verdict for entry in store.decisions.of_student(number)]
    accounts = [entry.account for entry in store.decisions.of_student(number)]
    return [(who, verdict.value) for who, verdict in zip(accounts, found, strict=True) if verdict]


def set_clock(store: Store, seconds: float) -> None:
    """Let the machine's clock stand some seconds off from what it said so far."""
    before = store.cases.clock

    def clock() -> float:
        return before() + seconds

    store.cases.clock = store.sessions._clock = store.accounts._clock = clock


def test_a_restart_keeps_the_sign_in_and_asks_for_the_evidence_again(
    store: Store, client_of: SignedIn, restarted: Store, client_after: SignedIn
) -> None:
    before = client_of("li")
    case = item(store, SLIP)
    seen = look(before, case)
    after = client_after(before.cookies)  # type: ignore[arg-type]
    answer = decide(after, case, verdict="pass-corrected", **seen)
    assert (answer.status_code, "证据" in answer.text) == (422, True)
    assert entries(restarted, SLIP) == []
    assert item(restarted, SLIP).leased_by == "li", "what was leased stays leased"
    answer = decide(after, case, verdict="pass-corrected", **look(after, case))
    assert answer.status_code == 200
    assert entries(restarted, SLIP) == [("li", "pass-corrected")]


def test_a_verdict_whose_answer_was_lost_with_the_server_counts_once(
    store: Store, client_of: SignedIn, restarted: Store, client_after: SignedIn
) -> None:
    before = client_of("li")
    case = item(store, FAILED)
    sent = {"verdict": "reupload", **look(before, case)}
    assert decide(before, case, **sent).status_code == 200
    after = client_after(before.cookies)  # type: ignore[arg-type]
    for _ in range(2):
        assert decide(after, case, **sent).status_code == 200
    assert entries(restarted, FAILED) == [("li", "reupload")]
    assert item(restarted, FAILED).round is Round.SETTLED
    assert Audit(restarted.database).verify() is None


@pytest.mark.parametrize("hours", [1.0, -1.0, -48.0])
def test_a_session_that_ended_leads_to_the_sign_in_and_nothing_is_half_recorded(
    store: Store, client_of: SignedIn, hours: float
) -> None:
    li = client_of("li")
    case = item(store, FAILED)
    sent, csrf = {"verdict": "reupload", **look(li, case)}, token(li)
    set_clock(store, hours * 3600)
    address = f"/items/{case.application_id}"
    part = li.post(f"{address}/verdict", data=sent, headers={"X-CSRF-Token": csrf, **PART})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/sign-in?next=/")
    whole = li.get(address)
    assert (whole.status_code, whole.headers["location"]) == (303, f"/sign-in?next={address}")
    assert "登录" in li.get(whole.headers["location"]).text
    assert entries(store, FAILED) == []
    back = li.post(whole.headers["location"], data={"name": "li", "password": PASSWORD})
    assert (back.status_code, back.headers["location"]) == (303, address)
    # The key of the page of before still stands for that one decision.
    for _ in range(2):
        assert decide(li, case, **sent).status_code == 200
    assert entries(store, FAILED) == [("li", "reupload")]


@pytest.mark.parametrize("seconds", [LEASE_SECONDS + 1, -DAY])
def test_a_clock_that_is_put_right_keeps_no_item_from_anybody_and_doubles_no_decision(
    store: Store, client_of: SignedIn, seconds: float
) -> None:
    li = client_of("li")
    case = item(store, FAILED)
    sent = look(li, case)
    wang = client_of("wang")
    address = f"/items/{case.application_id}"
    assert "li" in wang.get(address).text
    set_clock(store, seconds)
    wang, li_again = client_of("wang"), client_of("li")
    taken = wang.post(f"{address}/take-over", headers={"X-CSRF-Token": token(wang), **PART})
    assert taken.status_code == 200
    mine = decide(wang, case, verdict="refuse", reasons="5", **look(wang, case))
    assert mine.status_code == 200
    stale = decide(li_again, case, verdict="reupload", **sent)
    assert (stale.status_code, "wang" in stale.text) == (409, True)
    assert entries(store, FAILED) == [("wang", "refuse")]


def test_a_step_of_seconds_changes_nothing(store: Store, client_of: SignedIn) -> None:
    li, wang = client_of("li"), client_of("wang")
    case = item(store, FAILED)
    sent = look(li, case)
    set_clock(store, -5.0)
    refused = decide(wang, case, verdict="refuse", reasons="5", **look(wang, case))
    assert refused.status_code == 409
    assert decide(li, case, verdict="reupload", **sent).status_code == 200
    assert entries(store, FAILED) == [("li", "reupload")]


def test_a_clock_that_was_a_day_ahead_locks_nobody_out_for_a_day(
    store: Store, client_of: SignedIn
) -> None:
    stranger = client_of("shen")
    wrong = {"name": "li", "password": "wrong password"}
    for _ in range(5):
        assert stranger.post("/sign-in", data=wrong).status_code == 401
    assert stranger.post("/sign-in", data=wrong).status_code == 429
    set_clock(store, -IDLE_SECONDS)
    assert client_of("li").get("/").status_code == 200


def test_a_server_that_is_asked_to_end_does_not_wait_for_a_request_that_hangs(
    home: Path,
) -> None:
    told = "ERROR:    Cancel 1 running task(s), timeout graceful shutdown exceeded"
    with contextlib.ExitStack() as afterwards, serving(home, told) as address:
        host, port = address.removeprefix("http://").split(":")
        hanging = socket.create_connection((host, int(port)), timeout=20)
        afterwards.enter_context(hanging)
        hanging.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\n"
        )
        assert b"100 Continue" in hanging.recv(100), "the request is being answered"
    # `serving` has ended the command by the signal, and gives it twenty seconds.
