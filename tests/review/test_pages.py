import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from domain.certificates import FieldName
from domain.review import DecisionKind, Round, Verdict
from extractors.reading.showing import Pictures
from reports.section import local_time
from store import Store
from store.cases import Case
from tests.review.builders import (
    BATCH,
    PASSWORD,
    Paper,
    make_store,
    own_number,
    review_policy,
)
from tests.review.conftest import ORIGIN, Clock, SignedIn, app_of

PART = {"HX-Request": "true"}
JPEG = b"\xff\xd8"


def item(store: Store, number: str) -> Case:
    found = store.cases.find(BATCH, number)
    assert found is not None
    return found


def token(client: TestClient) -> str:
    return re.search(r'data-csrf="([^"]+)"', client.get("/").text)[1]  # type: ignore[index]


def look(client: TestClient, case: Case, wait: bool = True) -> dict[str, str]:
    """Open an item, fetch its pictures and wait as a person would; return what a submit carries."""
    page = client.get(f"/items/{case.application_id}").text
    for address in re.findall(r'<img[^>]+data-evidence[^>]+src(?:set)?="([^" ]+)', page):
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.content.startswith(JPEG)
    if wait:
        Clock.now += 0.42
    found = {name: re.search(rf'data-{name}="([^"]*)"', page) for name in ("key", "revision")}
    return {name: match[1] for name, match in found.items() if match} | {"shown_ms": "450"}


def decide(client: TestClient, case: Case, **values: str) -> Any:
    return client.post(
        f"/items/{case.application_id}/verdict",
        data=values,
        headers={"X-CSRF-Token": token(client), **PART},
    )


def test_a_corrected_pass_takes_two_people_and_reaches_the_results(
    store: Store, client_of: SignedIn
) -> None:
    case = item(store, "2022000001")
    li, wang = client_of("li"), client_of("wang")
    answer = decide(li, case, verdict="pass-corrected", **look(li, case))
    assert answer.status_code == 200
    case = item(store, "2022000001")
    assert case.round is Round.SECOND
    shown = wang.get(f"/items/{case.application_id}").text
    assert "第二人" in shown
    assert "li：" not in shown
    assert decide(wang, case, verdict="pass-corrected", **look(wang, case)).status_code == 200
    row = store.load_application(BATCH, "2022000001")
    assert (row.review_status, row.decided_by) == ("审核通过", ("machine", "li", "wang"))
    assert row.settled is not None
    assert row.settled.accepted_score == "482"
    entry = store.decisions.of_application(case.application_id)[0]
    assert {slot for slot, _ in entry.decision.seen.pictures} >= {"strip-all", "context-score"}
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for _, digest in entry.decision.seen.pictures)


@pytest.mark.parametrize("skipped", ["pictures", "waiting", "claimed"])
def test_nothing_is_accepted_whose_evidence_was_not_on_screen(
    store: Store, client_of: SignedIn, skipped: str
) -> None:
    li, case = client_of("li"), item(store, "2022000001")
    if skipped == "pictures":
        page = li.get(f"/items/{case.application_id}").text
        Clock.now += 0.42
        key = re.search(r'data-key="([^"]+)"', page)
        assert key is not None
        sent = {"key": key[1], "revision": str(case.revision), "shown_ms": "9000"}
    elif skipped == "waiting":
        sent = look(li, case, wait=False) | {"shown_ms": "9000"}
    else:
        sent = look(li, case) | {"shown_ms": "399"}
    answer = decide(li, case, verdict="pass-corrected", **sent)
    assert answer.status_code == 422
    assert "0.4 秒" in answer.text
    assert store.decisions.of_application(case.application_id) == ()


def test_what_differs_cannot_be_passed_as_if_it_agreed(store: Store, client_of: SignedIn) -> None:
    li, case = client_of("li"), item(store, "2022000001")
    answer = decide(li, case, verdict="pass", **look(li, case))
    assert (answer.status_code, "申报与证书不一致" in answer.text) == (422, True)


def test_what_was_never_read_has_to_be_entered_before_it_is_passed(
    store: Store, client_of: SignedIn
) -> None:
    li, case = client_of("li"), item(store, "2022000004")
    page = li.get(f"/items/{case.application_id}").text
    assert "处理失败：" in page
    answer = decide(li, case, verdict="pass", **look(li, case))
    assert (answer.status_code, "按 e" in answer.text) == (422, True)
    entered = {
        "name": "王晓东", "certificate_number": own_number("2022000004"), "score": "482",
        "date": "2021年12月", "id_number": "990101199001010019", "certificate_type": "cet4",
    }  # fmt: skip
    answer = li.post(
        f"/items/{case.application_id}/correction",
        data={**entered, "key": "k1", "revision": str(case.revision)},
        headers={"X-CSRF-Token": token(li), **PART},
    )
    assert "已按您的录入重新核对" in answer.text
    assert "处理失败" not in re.sub("<table.*</table>", "", answer.text, flags=re.DOTALL)
    case = item(store, "2022000004")
    assert decide(li, case, verdict="pass", **look(li, case)).status_code == 200
    row = store.load_application(BATCH, "2022000004")
    assert (row.review_status, row.assessment.decision.value) == ("审核通过", "review")
    assert row.settled is not None
    assert row.settled.accepted_number == own_number("2022000004")
    assert {c.field: c.extracted for c in row.assessment.comparisons}["score"] == "482"


def test_a_corrected_reading_runs_the_same_rules_at_once(store: Store, client_of: SignedIn) -> None:
    li, case = client_of("li"), item(store, "2022000001")
    before = li.get(f"/items/{case.application_id}").text
    assert "考试成绩 不一致 2 位" in before
    answer = li.post(
        f"/items/{case.application_id}/correction",
        data={"score": "428", "key": "k", "revision": str(case.revision),
              "name": "王晓东", "certificate_number": own_number("2022000001"),
              "date": "2021年12月", "id_number": "990101199001010019"},
        headers={"X-CSRF-Token": token(li), **PART},
    )  # fmt: skip
    assert "考试成绩 不一致" not in answer.text
    assert "各项成绩与总分不符" in answer.text  # 160 + 172 + 150 is 482
    kinds = [e.kind for e in store.decisions.of_application(case.application_id)]
    assert kinds == [DecisionKind.CORRECTION]


def test_a_refusal_brings_its_reason_to_the_applicant(store: Store, client_of: SignedIn) -> None:
    li, case = client_of("li"), item(store, "2022000001")
    assert decide(li, case, verdict="refuse", **look(li, case)).status_code == 422
    answer = decide(li, case, verdict="refuse", reasons="2", **look(li, case))
    assert answer.status_code == 200
    row = store.load_application(BATCH, "2022000001")
    assert row.review_status == "审核不通过"
    assert row.settled is not None
    assert row.settled.opinion == "申报的考试成绩与证书不一致，请核对后按证书填写。"


def test_a_stale_submit_shows_what_happened_and_records_nothing(
    store: Store, client_of: SignedIn
) -> None:
    li, wang, case = client_of("li"), client_of("wang"), item(store, "2022000001")
    sent = look(li, case)
    store.cases.release("li")
    assert decide(wang, case, verdict="refuse", reasons="2", **look(wang, case)).status_code == 200
    answer = decide(li, case, verdict="refuse", reasons="1", **sent)
    assert answer.status_code == 409
    assert "wang 决定“不通过”" in answer.text
    assert len(store.decisions.of_application(case.application_id)) == 1


def test_a_repeated_submit_is_one_decision(store: Store, client_of: SignedIn) -> None:
    li, case = client_of("li"), item(store, "2022000001")
    sent = look(li, case)
    for _ in range(3):
        assert decide(li, case, verdict="refuse", reasons="2", **sent).status_code == 200
    assert len(store.decisions.of_application(case.application_id)) == 1


def test_somebody_elses_item_is_shown_with_its_owner_and_cannot_be_decided(
    store: Store, client_of: SignedIn
) -> None:
    li, wang, case = client_of("li"), client_of("wang"), item(store, "2022000001")
    look(li, case)
    page = wang.get(f"/items/{case.application_id}").text
    assert "由 li 处理中" in page
    answer = decide(wang, case, verdict="refuse", reasons="2", **look(wang, case))
    assert answer.status_code == 409
    assert store.decisions.of_application(case.application_id) == ()


def test_masked_names_are_revealed_for_seconds_and_that_is_recorded(
    store: Store, client_of: SignedIn
) -> None:
    li, case = client_of("li"), item(store, "2022000001")
    page = li.get(f"/items/{case.application_id}").text
    assert "王●●" in page
    assert "晓东" not in page
    assert "990101199001010019" not in page
    address = f"/items/{case.application_id}/strip/name.jpg?reveal=1"
    assert li.get(address).status_code == 403
    shown = li.post(
        f"/items/{case.application_id}/reveal", headers={"X-CSRF-Token": token(li), **PART}
    ).text
    assert "王晓东" in shown
    assert li.get(address).status_code == 200
    event = store.events.of_application(BATCH, "2022000001")[-1]
    assert (event.kind, event.actor) == ("personal-data-revealed", "li")
    assert "晓东" not in event.payload


def test_only_what_differs_of_a_name_is_shown(store: Store, client_of: SignedIn) -> None:
    page = client_of("li").get(f"/items/{item(store, '2022000002').application_id}").text
    assert "姓名 不一致 1 位" in page
    assert "冬" in page
    assert "晓" not in page


def test_a_refused_applicant_is_looked_at_again_by_others_within_thirty_days(
    store: Store, client_of: SignedIn
) -> None:
    li, wang, case = client_of("li"), client_of("wang"), item(store, "2022000001")
    decide(li, case, verdict="refuse", reasons="2", **look(li, case))
    address = f"/applications/{BATCH}/2022000001"
    assert "登记复核申请" not in li.get(address).text
    assert "登记复核申请" in wang.get(address).text
    answer = wang.post(f"{address}/appeal", headers={"X-CSRF-Token": token(wang)}, data={"a": "b"})
    assert answer.status_code == 303
    case = item(store, "2022000001")
    assert case.round is Round.APPEAL
    assert case.due_at is not None
    assert 29 < (case.due_at - case.opened_at).total_seconds() / 86400 < 31
    sent = look(wang, case)
    assert decide(wang, case, verdict="pass-corrected", **sent).status_code == 200
    assert item(store, "2022000001").round is Round.LEAD
    assert store.load_application(BATCH, "2022000001").review_status == "审核不通过"
    chen, case = client_of("chen"), item(store, "2022000001")
    assert "li：不通过" in chen.get(f"/items/{case.application_id}").text
    assert decide(chen, case, verdict="pass-corrected", **look(chen, case)).status_code == 200
    row = store.load_application(BATCH, "2022000001")
    assert (row.review_status, row.decided_by) == ("审核通过", ("machine", "li", "wang", "chen"))


def test_the_first_verdict_is_nowhere_to_be_seen_for_the_second_person(
    store: Store, client_of: SignedIn
) -> None:
    li, wang, case = client_of("li"), client_of("wang"), item(store, "2022000002")
    decide(li, case, verdict="refuse", reasons="3", note="不像本人", **look(li, case))
    assert item(store, "2022000002").round is Round.SECOND
    pages = (
        wang.get(f"/items/{case.application_id}").text,
        wang.get(f"/applications/{BATCH}/2022000002").text,
        wang.get(f"/batches/{BATCH}/lead").text,
        wang.get("/find?q=2022000002").text,
    )
    for page in pages:
        plain = re.sub(r'<dialog id="refusing".*?</dialog>', "", page, flags=re.DOTALL)
        assert "非本人" not in plain
        assert "不像本人" not in plain
    again = decide(li, item(store, "2022000002"), verdict="refuse", reasons="3",
                   key="other", revision="2", shown_ms="500")  # fmt: skip
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("shen", f"/batches/{BATCH}/work", 403),
        ("li", "/audit", 403),
        ("li", f"/batches/{BATCH}/files/results.csv", 403),
        ("shen", "/audit?check=1", 200),
        ("shen", f"/batches/{BATCH}/lead", 200),
        ("chen", f"/batches/{BATCH}/files/results.csv", 200),
        ("chen", f"/batches/{BATCH}/files/hedui.sqlite", 404),
        ("chen", "/batches/nowhere/lead", 404),
        ("chen", f"/applications/{BATCH}/1", 404),
        ("li", "/items/999999", 404),
        ("li", f"/batches/{BATCH}/grid", 200),
        ("li", "/help", 200),
    ],
)
def test_roles_see_what_is_theirs(
    client_of: SignedIn, role: str, address: str, status: int
) -> None:
    assert client_of(role).get(address).status_code == status


def test_the_lead_sees_who_else_uses_a_final_result(store: Store, client_of: SignedIn) -> None:
    chen = client_of("chen")
    assert "警示" not in chen.get(f"/batches/{BATCH}/lead").text
    store.runs.alert(sealed=(BATCH, "2022000003"), user=("autumn", "2001"), kind="picture")
    page = chen.get(f"/batches/{BATCH}/lead").text
    assert f'href="/applications/{BATCH}/2022000003"' in page
    assert "autumn 的 2001 同一图片（经改动）（本结果已定）" in page


def test_a_page_that_stands_for_values_is_sent_ahead_of_its_item_and_counts_as_seen(
    tmp_path: Path, pictures: Pictures
) -> None:
    papers = (Paper(number="2022000001"), Paper(number="2022000002", is_recognized=False))
    with make_store(tmp_path / "ahead", papers) as store:
        client = TestClient(app_of(store, pictures, tmp_path / "out"), base_url=ORIGIN)
        client.post("/sign-in", data={"name": "li", "password": PASSWORD})
        case = item(store, "2022000002")
        page = client.get(f"/items/{case.application_id}").text
        (address,) = re.findall(r'<img data-evidence="page-first"[^>]+src="([^"]+)"', page)
        Clock.now += 0.42
        seen = {"revision": str(case.revision), "shown_ms": "450"}
        answer = decide(client, case, verdict="pass", key="k1", **seen)
        assert "证据图片尚未显示" in answer.text
        ahead = client.get(address)
        assert ahead.content.startswith(JPEG)
        assert ahead.headers["cache-control"].startswith("private, max-age=")
        answer = decide(client, case, verdict="pass", key="k2", **seen)
        assert "还有项目没有录入" in answer.text, "what is missing now are values"


def decide_everything(store: Store, *people: TestClient) -> None:
    for number in ("2022000001", "2022000002", "2022000004"):
        for person in people:
            case = item(store, number)
            if case.round is not Round.SETTLED:
                decide(person, case, verdict="refuse", reasons="1", **look(person, case))


def undo_buttons(client: TestClient, case: Case) -> list[tuple[str, bool]]:
    """Return what the button of an item's and of an empty queue's page says, and if it works."""
    pages = (f"/items/{case.application_id}", f"/batches/{BATCH}/work")
    texts = [client.get(page).text for page in pages]
    found = [re.search(r'data-key-name="undo"([^>]*)>([^<]*?) <kbd>', text) for text in texts]
    return [(match[2], " disabled" not in match[1]) for match in found if match]


def test_a_seal_is_the_leads_and_waits_until_nothing_waits(
    store: Store, client_of: SignedIn
) -> None:
    li, wang, chen = client_of("li"), client_of("wang"), client_of("chen")
    page = chen.get(f"/batches/{BATCH}/lead").text
    assert "还不能签发" in page
    decide_everything(store, li, wang)
    assert undo_buttons(li, item(store, "2022000001")) == [("撤回", True), ("撤回上一份", True)]
    address, sent = f"/batches/{BATCH}/seal", {"batch_id": BATCH, "confirm_returns": "yes"}
    assert wang.post(address, data={**sent, "csrf_token": token(wang)}).status_code == 403
    wrong = chen.post(address, data={"batch_id": "x", "csrf_token": token(chen)})
    assert (wrong.status_code, "未签发" in wrong.text) == (422, True)
    assert chen.post(address, data={**sent, "csrf_token": token(chen)}).status_code == 303
    outcome = store.load_outcome(BATCH)
    assert outcome.sealed
    statuses = {row.student_number: row.review_status for row in outcome.rows}
    assert statuses["2022000003"] == "审核通过"
    assert statuses["2022000001"] == "审核不通过"
    answer = li.post(f"/batches/{BATCH}/undo", data={"key": "u"},
                     headers={"X-CSRF-Token": token(li), **PART})  # fmt: skip
    assert "已签发" in answer.text
    why = ("已签发，不能撤回", False)
    assert undo_buttons(li, item(store, "2022000001")) == [why, why]


def test_a_seal_whose_reports_cannot_be_written_stands_and_says_how_to_write_them(
    store: Store, client_of: SignedIn, tmp_path: Path
) -> None:
    li, wang, chen = client_of("li"), client_of("wang"), client_of("chen")
    decide_everything(store, li, wang)
    (tmp_path / "out").write_text("a file where the folder of outcomes should be")
    sent = {"batch_id": BATCH, "confirm_returns": "yes", "csrf_token": token(chen)}
    answer = chen.post(f"/batches/{BATCH}/seal", data=sent)
    assert (answer.status_code, store.load_outcome(BATCH).sealed) == (500, True)
    assert "<h1>已签发，签发有效</h1>" in answer.text
    assert f"hedui report {BATCH} " in answer.text
    assert "没有保存" not in answer.text
    assert "签发。结果不再改动" in chen.get(f"/batches/{BATCH}/lead").text


def test_typing_is_blind_until_it_is_done(tmp_path: Path, pictures: Pictures) -> None:
    papers = (
        Paper(number="2022000011", declared={"考试成绩": "428"}),
        Paper(number="2022000012"),
    )
    policy = review_policy(blind_share=1.0, sample_share=1.0, sample_share_after_error=1.0)
    with make_store(tmp_path / "blind", papers, policy) as blind:
        app = app_of(blind, pictures, tmp_path)
        client = TestClient(app, base_url="http://127.0.0.1:8460", follow_redirects=False)
        client.post("/sign-in", data={"name": "li", "password": PASSWORD})
        pages = {}
        for paper in papers:
            case = item(blind, paper.number)
            pages[paper.number] = client.get(f"/items/{case.application_id}").text
            assert "428" not in re.sub("[0-9a-f]{16,}", "", pages[paper.number])
            assert own_number(paper.number) not in pages[paper.number]
        one, other = (re.sub(r'[0-9a-f]{8,}|items/\d+|"\d+"', "", page)
                      for page in pages.values())  # fmt: skip
        assert one == other  # nobody can tell the sample from the other
        seen = client.get(f"/applications/{BATCH}/2022000012").text
        assert own_number("2022000012") not in seen
        case = item(blind, "2022000012")
        refused = decide(client, case, verdict="pass", **look(client, case))
        assert (refused.status_code, "请先照图片输入" in refused.text) == (422, True)
        typed = {"certificate_number": own_number("2022000012"), "score": "482"}
        answer = client.post(
            f"/items/{case.application_id}/typing",
            data={**typed, "key": "t", "revision": str(case.revision)},
            headers={"X-CSRF-Token": token(client), **PART},
        )
        assert own_number("2022000012") in answer.text
        case = item(blind, "2022000012")
        done = decide(client, case, verdict="refuse", reasons="2", **look(client, case))
        assert done.status_code == 200
        assert item(blind, "2022000012").round is Round.SECOND
        assert blind.queues.is_widened(BATCH)
        entries = blind.decisions.of_application(case.application_id)
        assert [e.decision.verdict for e in entries] == [None, Verdict.REFUSE]
        client.close()


def test_side_by_side_only_what_was_on_screen_and_not_marked_is_passed(
    tmp_path: Path, pictures: Pictures
) -> None:
    papers = tuple(Paper(number=f"20220001{n:02d}", unclear=(FieldName.SCORE,)) for n in range(3))
    odd = Paper(number="2022000200", unclear=(FieldName.SCORE,), declared={"考试成绩": "428"})
    with make_store(tmp_path / "grid", (*papers, odd)) as store:
        app = app_of(store, pictures, tmp_path)
        client = TestClient(app, base_url="http://127.0.0.1:8460", follow_redirects=False)
        client.post("/sign-in", data={"name": "li", "password": PASSWORD})
        csrf, address = token(client), f"/batches/{BATCH}/grid"

        def commit(see: bool, marked: str = "") -> str:
            page = client.get(address, params={"kind": "score-unclear"}).text
            pairs = re.search(r'name="pairs" value="([^"]+)"', page)
            assert pairs is not None
            for source in re.findall(r'<img[^>]+src="([^"]+)"', page) if see else ():
                assert client.get(source.replace("&amp;", "&")).status_code == 200
            Clock.now += 0.5
            sent = {"kind": "score-unclear", "pairs": pairs[1], "odd": marked,
                    "shown_ms": "500", "csrf_token": csrf}  # fmt: skip
            return client.post(address, data=sent).text

        assert "已通过 0 份，留在队列 3 份" in commit(see=False)
        assert store.decisions.of_batch(BATCH) == {}
        first = str(item(store, papers[0].number).application_id)
        assert "已通过 2 份，留在队列 1 份" in commit(see=True, marked=first)
        rounds = [item(store, paper.number).round for paper in (*papers, odd)]
        assert rounds == [Round.OPEN, Round.SETTLED, Round.SETTLED, Round.OPEN]
        entries = store.decisions.of_batch(BATCH)
        assert sorted(len(found) for found in entries.values()) == [1, 1]
        assert all(found[0].decision.seen.via == "grid" for found in entries.values())
        client.close()


def test_the_log_speaks_chinese_and_the_schools_time(store: Store, client_of: SignedIn) -> None:
    page = client_of("shen").get("/audit?check=1").text
    (last,) = store.events.last(1)
    assert local_time(datetime.datetime.fromisoformat(last.instant)) in page
    assert ("<td>机器</td>" in page, "<td>命令行</td>" in page) == (True, True)
    assert ("<td>machine</td>" in page, "<td>command</td>" in page) == (False, False)
