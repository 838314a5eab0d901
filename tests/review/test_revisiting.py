"""What becomes of a settled item: opened again, taken back too late, reversed after the seal."""

import re
import shutil
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from domain.review import Role, Round
from store import Store
from store.audit import Audit
from tests.review.builders import BATCH, PASSWORD
from tests.review.conftest import SignedIn
from tests.review.test_pages import PART, decide, item, look, token

NUMBER = "2022000001"
ADDRESS = f"/applications/{BATCH}/{NUMBER}"


def status(store: Store) -> str:
    return store.load_application(BATCH, NUMBER).review_status


def send(client: TestClient, action: str, **values: str) -> Any:
    return client.post(f"{ADDRESS}/{action}", data={"csrf_token": token(client), **values})


def settle(store: Store, *people: TestClient) -> None:
    """Have everything decided, each item by as many as it takes; refusals settle the slip."""
    for number in (NUMBER, "2022000002", "2022000004"):
        for person in people:
            case = item(store, number)
            if case.round is not Round.SETTLED:
                decide(person, case, verdict="refuse", reasons="2", **look(person, case))


def test_an_alert_leads_to_another_look_before_the_seal(store: Store, client_of: SignedIn) -> None:
    li, wang, chen = client_of("li"), client_of("wang"), client_of("chen")
    case = item(store, NUMBER)
    decide(li, case, verdict="pass-corrected", **look(li, case))
    case = item(store, NUMBER)
    decide(wang, case, verdict="pass-corrected", **look(wang, case))
    assert status(store) == "审核通过"
    store.runs.alert(sealed=(BATCH, NUMBER), user=("autumn", "2001"), kind="number")
    page = chen.get(f"/batches/{BATCH}/lead").text
    assert "▲ 待核实" in page
    assert f'href="{ADDRESS}"' in page
    seen = chen.get(ADDRESS).text
    assert "重新审核" in seen
    assert "autumn 的 2001：同一成绩单编号" in seen
    for other in (li, wang):
        assert "重新审核" not in other.get(ADDRESS).text
    assert send(chen, "reopening", note=" ").status_code == 422
    assert send(chen, "reopening", note="编号又被使用").status_code == 303
    assert send(chen, "reopening", note="再来一次").status_code == 422
    assert status(store) == "待审核"
    assert "✓ 已处理" in chen.get(f"/batches/{BATCH}/lead").text
    case = item(store, NUMBER)
    assert case.round is Round.SECOND
    # Neither of the two decides again, and their verdicts cannot be taken back any more.
    for other in (li, wang):
        answer = decide(other, case, verdict="refuse", reasons="6", **look(other, case))
        assert answer.status_code == 409
        undone = other.post(f"/batches/{BATCH}/undo", data={"key": "u" + str(id(other))},
                            headers={"X-CSRF-Token": token(other), **PART})  # fmt: skip
        assert (undone.status_code, "不能撤回" in undone.text) == (409, True)
        store.cases.release("li")
        store.cases.release("wang")
    zhao = client_of("zhao")
    shown = zhao.get(f"/items/{case.application_id}").text
    assert "负责人要求重新审核" in shown
    assert "通过并更正" not in re.sub("<dialog.*?</dialog>", "", shown, flags=re.DOTALL)
    decide(zhao, case, verdict="refuse", reasons="6", **look(zhao, case))
    assert item(store, NUMBER).round is Round.LEAD
    case = item(store, NUMBER)
    decide(chen, case, verdict="refuse", reasons="6", **look(chen, case))
    assert status(store) == "审核不通过"
    assert Audit(store.database).verify() is None


def test_an_appeal_cannot_be_undone_by_whoever_refused(store: Store, client_of: SignedIn) -> None:
    li, wang = client_of("li"), client_of("wang")
    case = item(store, NUMBER)
    decide(li, case, verdict="refuse", reasons="2", **look(li, case))
    assert send(wang, "appeal").status_code == 303
    undone = li.post(f"/batches/{BATCH}/undo", data={"key": "u"},
                     headers={"X-CSRF-Token": token(li), **PART})  # fmt: skip
    assert (undone.status_code, "不能撤回" in undone.text) == (409, True)
    assert item(store, NUMBER).round is Round.APPEAL


def test_after_the_seal_two_people_reverse_and_the_results_follow(
    store: Store, client_of: SignedIn
) -> None:
    li, wang, chen = client_of("li"), client_of("wang"), client_of("chen")
    settle(store, li, wang)
    assert "登记更正" not in chen.get(ADDRESS).text
    chen.post(f"/batches/{BATCH}/seal", data={"batch_id": BATCH, "csrf_token": token(chen)})
    assert status(store) == "审核不通过"
    case = item(store, NUMBER)
    answer = decide(li, case, verdict="pass-corrected", **look(li, case))
    assert (answer.status_code, "已签发" in answer.text) == (409, True)
    assert "reopen-note" not in chen.get(ADDRESS).text
    assert send(chen, "reopening", note="x").status_code == 422
    page = chen.get(ADDRESS).text
    form = dict(re.findall(r'name="(key|revision)" value="([^"]+)"', page))
    right = {**form, "verdict": "pass", "note": "原件核实", "second": "wang", "password": PASSWORD}
    for wrong in (
        {"second": "chen"}, {"second": "nobody"}, {"password": "wrong password"}, {"note": " "},
        {"verdict": "x"}, {"reasons": "8"},
    ):  # fmt: skip
        assert send(chen, "reversal", **(right | wrong)).status_code == 422, wrong
        assert status(store) == "审核不通过"
    store.accounts.change_role("zhao", Role.AUDITOR)
    assert send(chen, "reversal", **(right | {"second": "zhao"})).status_code == 422
    for _ in range(2):  # a form sent twice is one reversal
        assert send(chen, "reversal", **right).status_code == 303
    assert status(store) == "审核通过"
    entries = store.decisions.of_student(NUMBER)
    assert [e.kind.value for e in entries] == ["verdict", "reversal"]
    assert entries[-1].decision.second_account == "wang"
    assert "共同决定：wang" in chen.get(ADDRESS).text


def test_a_reversal_whose_reports_cannot_be_written_stands_and_says_how_to_write_them(
    store: Store, client_of: SignedIn, tmp_path: Path
) -> None:
    li, wang, chen = client_of("li"), client_of("wang"), client_of("chen")
    settle(store, li, wang)
    chen.post(f"/batches/{BATCH}/seal", data={"batch_id": BATCH, "csrf_token": token(chen)})
    shutil.rmtree(tmp_path / "out")
    (tmp_path / "out").write_text("a file where the folder of outcomes should be")
    form = dict(re.findall(r'name="(key|revision)" value="([^"]+)"', chen.get(ADDRESS).text))
    person = {"second": "wang", "password": PASSWORD}
    answer = send(chen, "reversal", **form, **person, verdict="pass", note="原件核实")
    assert (answer.status_code, status(store)) == (500, "审核通过")
    assert "更正已登记，有效" in answer.text
    assert f"hedui report {BATCH} " in answer.text
    assert "没有保存" not in answer.text
    assert Audit(store.database).verify() is None
