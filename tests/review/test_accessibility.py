"""No page, in any state, for any role, has a serious accessibility fault."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from starlette.routing import Route

from domain.review import Round, Verdict
from review.acting import Wish, entry_for
from review.app import ROUTES
from review.looking import Looking
from review.revisiting import open_appeal, reopen
from store import Store, open_store
from tests.review.browser import GRID, LEAD, OFFICE, Person, person, serving
from tests.review.builders import (
    BATCH,
    PASSWORD,
    Paper,
    make_store,
    review_policy,
)
from tests.review.degree_store import DEGREE_BATCH, NUMBER, TITLE, make_degree_store
from tests.review.office import (
    FAILED,
    NAME,
    SCORE,
    STATES,
    UNCLEAR,
    UNKNOWN,
    go_to,
    papers,
    round_of,
)

pytestmark = pytest.mark.browser
# Addresses that are no page to look at: parts, pictures, files, the server's own answer.
NO_PAGES = {
    "/healthz", "/batches/{batch}/files/{name}", "/items/{application:int}/form.jpg",
    "/items/{application:int}/{slot}/{field}.jpg",
    "/items/{application:int}/page/{file:int}/{page:int}.jpg",
}  # fmt: skip


def addresses(store: Store) -> dict[str, list[str]]:
    """Return by route every address whose page is looked at; refused ones are pages too."""
    found = [store.cases.find(BATCH, number) for number in STATES]
    ids = [case.application_id for case in found if case is not None]
    return {
        "/": ["/"],
        "/find": ["/find", "/find?q=2022", "/find?q=nobody"],
        "/help": ["/help"],
        "/audit": ["/audit", "/audit?check=1"],
        "/batches/{batch}/lead": [LEAD, "/batches/nowhere/lead"],
        "/batches/{batch}/work": [f"/batches/{BATCH}/work"],
        "/batches/{batch}/grid": [GRID, f"{GRID}?kind=certificate-number-unclear"],
        "/applications/{batch}/{student}": [f"/applications/{BATCH}/{n}" for n in STATES],
        "/items/{application:int}": [f"/items/{number}" for number in (*ids, 999999)],
        "/items/{application:int}/after": [f"/items/{ids[0]}/after"],
        "/sign-in": ["/sign-in"],
        "": ["/nowhere"],
    }


def test_every_page_is_among_those_that_are_checked(home: Path) -> None:
    with open_store(home) as store:
        pages = {
            route.path for route in ROUTES if isinstance(route, Route) and "GET" in route.methods
        }  # type: ignore[operator]
        assert pages - NO_PAGES == addresses(store).keys() - {""}


@pytest.mark.parametrize("who", ["li", "wang", "chen", "shen"])
def test_no_page_has_a_serious_accessibility_fault(browser: Browser, home: Path, who: str) -> None:
    with (
        open_store(home) as store,
        serving(home) as address,
        person(browser, address, who) as somebody,
    ):
        for routes in addresses(store).values():
            for route in routes:
                check(somebody, route)
        if who == "li":
            go_to(somebody, store, SCORE)
            dialogs = (("x", "refusing"), ("e", "correcting"), ("v", "viewing"), ("a", "passing"))
            for key, name in dialogs:
                somebody.wait_for_evidence()
                somebody.press(key)
                somebody.page.wait_for_selector(f"#{name}[open]")
                check(somebody, "")
                somebody.press("Escape")
        somebody.complaints.clear()  # pages that are refused on purpose


def test_no_page_before_the_sign_in_has_a_serious_accessibility_fault(
    browser: Browser, tmp_path: Path
) -> None:
    empty, full = tmp_path / "empty", tmp_path / "full"
    make_store(empty, (), people=False).close()
    make_store(full, papers()).close()
    hint = "no account yet; in another terminal: hedui user add NAME --role lead"
    with serving(empty, hint) as address, person(browser, address) as nobody:
        check(nobody, "/")
        assert "hedui user add lead --role lead" in nobody.page.inner_text("main")
    with serving(full) as address, person(browser, address) as stranger:
        check(stranger, "/help")
        for _ in range(6):
            stranger.page.fill("#name", "li")
            stranger.page.fill("#password", "wrong password")
            stranger.press("Enter")
            stranger.page.wait_for_selector(".notice")
        check(stranger, "")
        assert "失败次数过多" in stranger.page.inner_text("main")


def test_a_degree_item_is_decided_by_keyboard_and_has_no_serious_accessibility_fault(
    browser: Browser, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    late = {"申请时间": "2024-04-01 00:00:00"}
    with make_degree_store(home, late) as store, serving(home) as address:
        with person(browser, address, "shen") as shen:
            check(shen, f"/applications/{DEGREE_BATCH}/{NUMBER}")
        with person(browser, address, "li") as li:
            li.work()
            check(li, "")
            height = li.page.evaluate("document.documentElement.scrollHeight")
            assert height <= OFFICE["height"]
            assert TITLE in li.page.inner_text(".thesis")
            li.press("v")
            li.page.wait_for_function(
                "() => document.querySelector('#viewing img').naturalWidth > 500"
            )
            assert "学位申请表预览" in li.page.inner_text("#viewing-title")
            check(li, "")
            li.press("v")
            li.wait_for_evidence()
            li.press("a")
            li.page.wait_for_selector("text=没有等待您处理的申请")
            check(li, "")
        row = store.load_application(DEGREE_BATCH, NUMBER)
        assert row.review_status == "审核通过"


def decide_as(store: Store, name: str, number: str, verdict: Verdict) -> None:
    """Record a verdict as the pages would, whoever has the item open."""
    for holder in ("wang", "chen"):
        store.cases.release(holder)
    account, case = store.accounts.get(name), store.cases.find(BATCH, number)
    assert case is not None
    wish = Wish(verdict=verdict, reasons=("3",), revision=case.revision, evidence_shown=True)
    looked = Looking(store).look(case, name)
    store.decisions.record(entry_for(looked, account, wish))


def test_no_state_of_an_item_has_a_serious_accessibility_fault(
    browser: Browser, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    sample = Paper(number="2022000200")
    policy = review_policy(sample_share=1.0, sample_share_after_error=1.0)
    with make_store(home, (*papers(), sample), policy) as store:
        decide_as(store, "li", NAME, Verdict.REFUSE)
        decide_as(store, "li", SCORE, Verdict.PASS_CORRECTED)
        decide_as(store, "wang", SCORE, Verdict.REFUSE)
        decide_as(store, "li", UNCLEAR, Verdict.PASS)
        decide_as(store, "li", FAILED, Verdict.REFUSE)
        open_appeal(store, Looking(store), BATCH, FAILED, store.accounts.get("wang"))
        rounds = {number: round_of(store, number) for number in (NAME, SCORE, UNCLEAR, FAILED)}
        assert set(rounds.values()) == set(Round) - {Round.OPEN}
        held = store.cases.find(BATCH, UNKNOWN)
        assert held is not None
        store.cases.hold(held.application_id, "wang")
        reopen(store, Looking(store), BATCH, UNCLEAR, store.accounts.get("chen"), "再看一次")
        with serving(home) as address:
            for who in ("li", "zhao", "shen"):
                with person(browser, address, who) as somebody:
                    for number in (NAME, SCORE, UNCLEAR, FAILED, UNKNOWN, sample.number):
                        go_to(somebody, store, number)
                        check(somebody, "")
                        check(somebody, f"/applications/{BATCH}/{number}")
                store.cases.release(who)
        decide_as(store, "zhao", UNCLEAR, Verdict.PASS)
        with serving(home) as address, person(browser, address, "chen") as chen:
            for number in (NAME, SCORE, UNCLEAR, FAILED, UNKNOWN, sample.number):
                go_to(chen, store, number)
                check(chen, "")
                check(chen, f"/applications/{BATCH}/{number}")
            go_to(chen, store, sample.number)
            assert chen.page.locator("#typing").count() == 1
            for name, number in (("zhao", NAME), ("chen", SCORE), ("zhao", FAILED)):
                decide_as(store, name, number, Verdict.REFUSE)
            for number in (UNKNOWN, sample.number):
                decide_as(store, "li", number, Verdict.REUPLOAD)
            decide_as(store, "zhao", sample.number, Verdict.REUPLOAD)
            check(chen, LEAD)
            chen.page.get_by_label("我已查看并确认").check()
            chen.page.fill("#batch_id", BATCH)
            chen.page.get_by_role("button", name="签发").click()
            chen.page.wait_for_selector("text=已由 chen 于")
            check(chen, "")
            check(chen, f"/batches/{BATCH}/work")
            # A result that is sealed: two people correct it on this page.
            check(chen, f"/applications/{BATCH}/{SCORE}")
            chen.page.fill("#reverse-note", "原件核实")
            chen.page.fill("#second", "wang")
            chen.page.fill("#second-password", PASSWORD)
            chen.press("Enter")
            chen.page.wait_for_selector("text=共同决定：wang")
            check(chen, "")
        assert store.load_application(BATCH, SCORE).review_status == "审核通过"


def check(somebody: Person, route: str) -> None:
    if route:
        somebody.page.goto(f"{somebody.address}{route}")
        somebody.page.wait_for_load_state("networkidle")
    found = Axe().run(somebody.page).response["violations"]
    serious = [
        f"{item['id']}: {node['html'][:160]}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]
    assert serious == [], route
