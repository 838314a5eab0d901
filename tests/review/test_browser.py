"""An afternoon at the pages, in a real browser, without a mouse."""

import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from domain.certificates import FieldName
from domain.review import DecisionKind, Round, Verdict
from store import open_store
from store.audit import Audit
from tests.review.browser import GRID, LEAD, OFFICE, launch, person, serving
from tests.review.builders import (
    BATCH,
    Paper,
    make_store,
    own_number,
    review_policy,
)
from tests.review.office import (
    FAILED,
    NAME,
    SCORE,
    STATES,
    UNCLEAR,
    UNKNOWN,
    at_work,
    go_to,
    papers,
    round_of,
    verdicts,
)

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;\u202egnp.exe"


def test_a_whole_afternoon_by_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    home = tmp_path / "home"
    more = tuple(Paper(number=f"20220001{n:02d}", unclear=(FieldName.SCORE,)) for n in range(4))
    sampled = tuple(Paper(number=f"20220002{n:02d}") for n in range(4))
    policy = review_policy(sample_share=0.5, sample_share_after_error=1.0)
    store = make_store(home, (*papers(), *more, *sampled), policy)
    before = {c.student_number for c in store.cases.of_batch(BATCH) if c.is_sample}
    assert 0 < len(before) < 4
    with serving(home) as address:
        with person(browser, address, "li") as li:
            li.work()
            # Refuse with a reason, take it back, decide again.
            go_to(li, store, SCORE)
            li.after("x", "2", "Enter")
            assert verdicts(store, SCORE) == [("li", "refuse")]
            li.after("u")
            assert li.at() == SCORE
            li.wait_for_evidence()
            li.press("a")
            li.page.wait_for_selector("#passing[open]")
            li.after("Enter")
            assert verdicts(store, SCORE)[-1] == ("li", "pass-corrected")
            # An unclear reading: accept what the picture shows.
            go_to(li, store, UNCLEAR)
            li.wait_for_evidence()
            li.after("a")
            assert round_of(store, UNCLEAR) is Round.SETTLED
            # What the machine failed at: enter the values, then pass.
            go_to(li, store, FAILED)
            assert "处理失败" in li.page.inner_text("h1")
            li.wait_for_evidence()
            li.press("e")
            for field, value in (
                ("name", "王晓东"), ("id_number", "990101199001010019"),
                ("certificate_number", own_number(FAILED)), ("score", "482"),
                ("date", "2021年12月"),
            ):  # fmt: skip
                assert li.page.evaluate("document.activeElement.name") == field
                li.page.keyboard.type(value)
                li.press("Tab")
            li.press("Tab")
            li.press("ArrowDown")
            assert li.page.input_value("#edit-kind") == "cet4"
            li.after("Tab", "Enter")
            li.wait_for_evidence()
            li.after("a")
            assert round_of(store, FAILED) is Round.SETTLED
            go_to(li, store, UNKNOWN)
            li.after("i")
            assert verdicts(store, UNKNOWN) == [("li", "reupload")]
            go_to(li, store, NAME)
            li.after("x", "3", "Enter")
            assert round_of(store, NAME) is Round.SECOND
            # Four of a kind: one is odd, three go with one key.
            li.page.goto(f"{address}{GRID}")
            li.tab_to("考试成绩看不清")
            li.press("Enter")
            li.page.wait_for_selector("#grid")
            li.page.wait_for_timeout(700)
            li.press("2", "Enter")
            li.page.wait_for_selector("text=已通过 3 份")
            assert sum(round_of(store, p.number) is Round.SETTLED for p in more) == 3
            # The odd one, and the samples: typed without seeing what was declared.
            li.work()
            while li.page.locator("text=没有等待您处理的申请").count() == 0:
                number = li.at()
                if li.page.locator("#typing").count():
                    li.page.keyboard.type(own_number(number))
                    li.press("Tab")
                    li.page.keyboard.type("482")
                    li.after("Enter")
                li.wait_for_evidence()
                first_sample = number in before and not store.queues.is_widened(BATCH)
                before_key = li.page.get_attribute("#item", "data-key")
                li.press(*(("x", "2", "Enter") if first_sample else ("a",)))
                li.page.wait_for_function(
                    "old => document.getElementById('item').dataset.key !== old", arg=before_key
                )
            # One sample was found wrong, so all four were drawn.
            assert {c.student_number for c in store.cases.of_batch(BATCH) if c.is_sample} == {
                p.number for p in sampled
            }
        with person(browser, address, "wang") as wang:
            wang.work()
            seen = []
            while wang.page.locator("text=没有等待您处理的申请").count() == 0:
                number = wang.at()
                seen.append(number)
                assert "li" not in wang.page.inner_text("#item .panes")
                if wang.page.locator("#typing").count():
                    wang.page.keyboard.type(own_number(number))
                    wang.press("Tab")
                    wang.page.keyboard.type("482")
                    wang.after("Enter")
                wang.wait_for_evidence()
                key = wang.page.get_attribute("#item", "data-key")
                if number == NAME:
                    wang.press("x", "3", "Enter")
                elif number == SCORE:
                    wang.press("a")
                    wang.page.wait_for_selector("#passing[open]")
                    wang.press("Enter")
                else:
                    wang.press("a")  # the sample was right: the two disagree
                wang.page.wait_for_function(
                    "old => document.getElementById('item').dataset.key !== old", arg=key
                )
            assert {SCORE, NAME} < set(seen)
        with person(browser, address, "chen") as chen:
            chen.work()
            assert "负责人裁定" in chen.page.inner_text(".facts")
            assert "li：不通过" in chen.page.inner_text(".earlier")
            chen.wait_for_evidence()
            chen.after("a")
            chen.page.goto(f"{address}{LEAD}")
            assert "发现 0 份有误" in chen.page.inner_text("main")
            chen.tab_to_field("confirm_returns")
            chen.press("Space")
            chen.tab_to_field("batch_id")
            chen.page.keyboard.type(BATCH)
            chen.press("Enter")
            chen.page.wait_for_selector("text=已由 chen 于")
    outcome = store.load_outcome(BATCH)
    statuses = {row.student_number: row.review_status for row in outcome.rows}
    assert outcome.sealed
    assert statuses[SCORE] == statuses[UNCLEAR] == statuses[FAILED] == "审核通过"
    assert (statuses[NAME], statuses[UNKNOWN]) == ("审核不通过", "退回")
    assert all(statuses[p.number] == "审核通过" for p in sampled)
    assert (home / "out" / BATCH / "results.csv").exists()
    assert Audit(store.database).verify() is None
    store.close()


def test_two_people_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    many = tuple(Paper(number=f"20220001{n:02d}", unclear=(FieldName.SCORE,)) for n in range(24))
    make_store(home, many).close()
    counts: dict[str, int] = {}

    def decide_all(name: str, address: str) -> None:
        with sync_playwright() as playwright:
            own = launch(playwright)
            with person(own, address, name) as somebody:
                somebody.page.goto(f"{address}/batches/{BATCH}/work")
                done = 0
                while somebody.page.locator("text=没有等待您处理的申请").count() == 0:
                    somebody.wait_for_evidence()
                    somebody.after("a")
                    done += 1
                counts[name] = done
            own.close()

    with serving(home) as address:
        people = [
            threading.Thread(target=decide_all, args=(name, address)) for name in ("li", "wang")
        ]
        for thread in people:
            thread.start()
        for thread in people:
            thread.join(120)
    with open_store(home) as store:
        entries = store.decisions.of_batch(BATCH)
        assert sum(counts.values()) == len(many)
        assert min(counts.values()) > 0
        assert len(entries) == len(many)
        assert all(len(found) == 1 for found in entries.values())
        assert {entry.account for found in entries.values() for entry in found} == {"li", "wang"}
        assert Audit(store.database).verify() is None


def test_a_stale_page_gets_the_difference_and_changes_nothing(browser: Browser, home: Path) -> None:
    with (
        open_store(home) as store,
        serving(home) as address,
        person(browser, address, "li") as li,
        person(browser, address, "wang") as wang,
    ):
        go_to(li, store, UNCLEAR)
        li.wait_for_evidence()
        store.cases.release("li")  # as if ten minutes had passed
        go_to(wang, store, UNCLEAR)
        wang.after("i")
        li.press("a")
        li.page.wait_for_selector("text=wang 决定“重新上传”")
        assert verdicts(store, UNCLEAR) == [("wang", "reupload")]
        store.cases.release("wang")
        # A page that is sent twice, as an impatient finger or a slow line would.
        go_to(li, store, SCORE)
        li.press("x", "2", "Enter", "Enter", "Enter")
        li.page.wait_for_selector("text=已记录")
        assert verdicts(store, SCORE) == [("li", "refuse")]


def test_a_lost_answer_is_asked_for_again_and_counts_once(browser: Browser, home: Path) -> None:
    with at_work(browser, home) as (store, li):
        go_to(li, store, UNCLEAR)
        li.wait_for_evidence()

        def lose(route: object) -> None:
            route.fetch()  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]

        li.page.route("**/verdict", lose)
        li.press("a")
        li.page.wait_for_selector("text=没有收到服务器的回答")
        li.page.unroute("**/verdict")
        li.after("a")
        assert verdicts(store, UNCLEAR) == [("li", "pass")]
        li.complaints.clear()  # Chromium names the failed request


def test_an_accept_waits_for_the_evidence_to_be_seen(browser: Browser, home: Path) -> None:
    with at_work(browser, home) as (store, li):
        held: list[object] = []
        li.page.route("**/context/*.jpg*", lambda route: held.append(route))
        case = store.cases.find(BATCH, UNCLEAR)
        assert case is not None
        li.page.goto(f"{li.address}/items/{case.application_id}", wait_until="commit")
        li.page.wait_for_selector("#item[data-key]")
        li.page.wait_for_timeout(900)
        li.press("a")
        li.page.wait_for_selector("text=证据尚未全部显示满 0.4 秒")
        assert verdicts(store, UNCLEAR) == []
        for route in held:
            route.continue_()  # type: ignore[attr-defined]
        li.wait_for_evidence()
        li.after("a")
        assert verdicts(store, UNCLEAR) == [("li", "pass")]


def test_keys_can_be_changed_switched_off_and_leave_input_methods_alone(
    browser: Browser, home: Path
) -> None:
    with at_work(browser, home) as (store, li):
        go_to(li, store, UNCLEAR)
        li.wait_for_evidence()
        li.page.evaluate(
            """() => document.body.dispatchEvent(new KeyboardEvent("keydown",
               { key: "a", isComposing: true, bubbles: true }))"""
        )
        li.page.wait_for_timeout(300)
        assert verdicts(store, UNCLEAR) == []
        li.page.goto(f"{li.address}/help")
        li.page.get_by_label("“通过”的按键").fill("g")
        li.page.wait_for_selector("text=已保存")
        go_to(li, store, UNCLEAR)
        li.wait_for_evidence()
        assert li.page.get_attribute('[data-key-name="pass"]', "aria-keyshortcuts") == "g"
        li.press("a")
        li.page.wait_for_timeout(300)
        assert verdicts(store, UNCLEAR) == []
        li.after("g")
        assert verdicts(store, UNCLEAR) == [("li", "pass")]
        li.page.goto(f"{li.address}/help")
        li.page.get_by_label("使用单键快捷键").uncheck()
        go_to(li, store, SCORE)
        li.press("x")
        li.page.wait_for_timeout(300)
        assert li.page.locator("dialog[open]").count() == 0


def test_hostile_names_and_file_names_are_text(browser: Browser, tmp_path: Path) -> None:
    paper = Paper(
        number=SCORE,
        declared={
            "姓名": HOSTILE + "{{7*7}}" + "长" * 300,
            "考试成绩": "<b>428",
            "成绩单编号": "=1+1<script>alert(2)",
        },
        file_name=f"{HOSTILE}.jpg".replace("/", ""),
    )
    make_store(tmp_path / "home", (paper,)).close()
    with (
        open_store(tmp_path / "home") as store,
        serving(tmp_path / "home") as address,
        person(browser, address, "li") as li,
    ):
        alerts: list[str] = []
        li.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
        go_to(li, store, SCORE)
        li.after("m")
        for place in (
            None, f"/applications/{BATCH}/{SCORE}", f"/find?q={HOSTILE}", LEAD, "/",
        ):  # fmt: skip
            if place:
                li.page.goto(f"{address}{place}")
            assert li.page.locator("img[onerror], main b:text('428'), main script").count() == 0
            assert "\u202e" not in li.page.inner_text("body")
            assert li.page.evaluate("document.documentElement.scrollWidth") <= OFFICE["width"]
        assert alerts == []
        li.page.goto(f"{address}/applications/{BATCH}/{SCORE}")
        assert "<img src=x onerror=alert(1)>" in li.page.inner_text("main")


def test_an_item_needs_no_scrolling_on_an_office_screen(browser: Browser, home: Path) -> None:
    with at_work(browser, home) as (store, li):
        for number in STATES:
            go_to(li, store, number)
            li.page.wait_for_load_state("networkidle")
            size = li.page.evaluate(
                "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
            )
            assert size[0] <= OFFICE["height"], number
            assert size[1] <= OFFICE["width"], number


def test_everything_can_be_reached_at_twice_the_size(browser: Browser, home: Path) -> None:
    """At 200 % an office screen has half as many pixels: nothing scrolls sideways."""
    half = {"width": 640, "height": 360}
    with (
        open_store(home) as store,
        serving(home) as address,
        person(browser, address, "chen", viewport=half, device_scale_factor=2) as chen,
    ):
        for route in ("/", "/find?q=2022", "/help", LEAD, GRID, "/audit",
                      f"/applications/{BATCH}/{SCORE}"):  # fmt: skip
            chen.page.goto(f"{address}{route}")
            assert chen.page.evaluate("document.documentElement.scrollWidth") <= 640, route
        go_to(chen, store, UNCLEAR)
        assert chen.page.evaluate("document.documentElement.scrollWidth") <= 640
        chen.press("a")
        chen.page.wait_for_timeout(600)
        assert verdicts(store, UNCLEAR) == []  # not all of the evidence was on screen yet
        chen.page.evaluate(
            """async () => { for (const image of document.querySelectorAll("img[data-evidence]")) {
               image.scrollIntoView({ block: "center" });
               await new Promise((done) => setTimeout(done, 600)); } }"""
        )
        chen.after("a")
        assert verdicts(store, UNCLEAR) == [("chen", "pass")]


def test_a_corrected_reading_and_the_record_of_what_was_seen(browser: Browser, home: Path) -> None:
    with at_work(browser, home) as (store, li):
        go_to(li, store, SCORE)
        li.wait_for_evidence()
        li.press("e")
        li.page.get_by_role("textbox", name="考试成绩").fill("428")
        li.after("Enter")
        assert "各项成绩与总分不符" in li.page.inner_text("h1")
        li.wait_for_evidence()
        li.after("x", "2", "Enter")
        entries = store.decisions.of_student(SCORE)
        assert [entry.kind for entry in entries] == [DecisionKind.CORRECTION, DecisionKind.VERDICT]
        seen = entries[-1].decision.seen
        assert entries[-1].decision.verdict is Verdict.REFUSE
        assert seen.shown_ms >= 400
        assert seen.spent_ms >= seen.shown_ms
        assert seen.keys == ("x", "2")
        assert ("score", "428") in seen.readings
        assert [slot for slot, _ in seen.pictures] == ["strip-all", "context-score"]
