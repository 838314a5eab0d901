import re
from pathlib import Path

from starlette.testclient import TestClient

from domain.review import Round
from extractors.reading.showing import Pictures
from flows.forming import preview_form
from flows.running import write_reports
from reports.outcome import write_outcome
from review.app import make_app
from review.gate import Gate
from review.security import Binding
from review.serving import make_site
from tests.review.builders import PASSWORD
from tests.review.conftest import ORIGIN, Clock
from tests.review.degree_store import DEGREE_BATCH, NUMBER, TITLE, make_degree_store
from tests.review.test_pages import JPEG, PART, token
from tests.validators.degree_builders import DECLARED


def test_a_degree_item_shows_conditions_courses_thesis_and_form_with_the_person_masked(
    tmp_path: Path, pictures: Pictures
) -> None:
    late = {"申请时间": "2024-04-01 00:00:00"}
    with make_degree_store(tmp_path / "home", late) as store:
        site = make_site(store, pictures, Binding(), str, lambda *of: preview_form(store, *of))
        site.gate = Gate(lambda: Clock.now)
        client = TestClient(make_app(site), base_url=ORIGIN, follow_redirects=False)
        client.post("/sign-in", data={"name": "li", "password": PASSWORD})
        case = store.cases.find(DEGREE_BATCH, NUMBER)
        assert case is not None
        page = client.get(f"/items/{case.application_id}").text
        for shown in (
            "教学计划下所有课程平均成绩", "学位外语成绩", "每门学位主干课", "法理学", TITLE,
            "论文开头的文字", "学位申请表预览",
        ):  # fmt: skip
            assert shown in page, shown
        for hidden in ("姓名", "姓名拼音", "证件号码", "电子邮箱", "QQ账号", "微信账号", "考生号"):
            assert DECLARED[hidden] not in page, hidden
        application = client.get(f"/applications/{DEGREE_BATCH}/{NUMBER}").text
        assert "晓东" not in application
        assert DECLARED["证件号码"] not in application
        revealed = client.post(f"/items/{case.application_id}/reveal",
                               headers={"X-CSRF-Token": token(client), **PART}).text  # fmt: skip
        assert DECLARED["证件号码"] in revealed
        form = client.get(f"/items/{case.application_id}/form.jpg")
        assert (form.status_code, form.content[:2]) == (200, JPEG)
        Clock.now += 0.5
        answer = client.post(
            f"/items/{case.application_id}/verdict",
            data={**carried(page), "verdict": "pass", "csrf_token": token(client)},
        )
        assert answer.status_code == 200
        case = store.cases.find(DEGREE_BATCH, NUMBER)
        assert case is not None
        assert case.round is Round.SETTLED
        client.close()


def test_after_the_seal_the_pages_and_the_form_show_what_is_final(
    tmp_path: Path, pictures: Pictures
) -> None:
    out = tmp_path / "out"
    with make_degree_store(tmp_path / "home", {"申请时间": "2024-04-01 00:00:00"}) as store:

        def write(batch_id: str) -> None:
            write_reports(store, write_outcome, batch_id, out)

        site = make_site(store, pictures, Binding(), write, lambda *of: preview_form(store, *of))
        site.gate = Gate(lambda: Clock.now)
        app = make_app(site)
        li, chen = (TestClient(app, base_url=ORIGIN, follow_redirects=False) for _ in range(2))
        for name, client in (("li", li), ("chen", chen)):
            client.post("/sign-in", data={"name": name, "password": PASSWORD})
        case = store.cases.find(DEGREE_BATCH, NUMBER)
        assert case is not None
        item, lead = f"/items/{case.application_id}", f"/batches/{DEGREE_BATCH}/lead"
        waiting = chen.get(lead).text
        assert "还不能签发" in waiting
        sent = {**carried(li.get(item).text), "csrf_token": token(li)}
        Clock.now += 0.5
        assert li.post(f"{item}/verdict", data={**sent, "verdict": "pass"}).status_code == 200
        sealing = {"batch_id": DEGREE_BATCH, "csrf_token": token(chen)}
        assert chen.post(f"/batches/{DEGREE_BATCH}/seal", data=sealing).status_code == 303
        assert "已由 chen 于" in chen.get(lead).text
        folder = out / DEGREE_BATCH
        assert (folder / f"forms/{NUMBER}.pdf").read_bytes().startswith(b"%PDF")
        assert (folder / "degree-data.xlsx").exists()
        application = chen.get(f"/applications/{DEGREE_BATCH}/{NUMBER}").text
        assert ("审核通过" in application, "未能识别" in application) == (True, False)
        assert DECLARED["证件号码"] not in application
        final = li.get(item)
        assert (final.status_code, TITLE in final.text) == (200, True)
        form = li.get(f"{item}/form.jpg")
        assert (form.status_code, form.content[:2]) == (200, JPEG)
        late = li.post(
            f"{item}/verdict",
            data={
                **carried(final.text),
                "verdict": "refuse",
                "reasons": "3",
                "csrf_token": token(li),
            },
        )
        assert (late.status_code, "已签发" in late.text) == (409, True)
        assert store.load_application(DEGREE_BATCH, NUMBER).review_status == "审核通过"
        for client in (li, chen):
            client.close()


def carried(page: str) -> dict[str, str]:
    """Return what a submit carries of an item's page."""
    found = {name: re.search(rf'data-{name}="([^"]*)"', page) for name in ("key", "revision")}
    return {name: match[1] for name, match in found.items() if match} | {"shown_ms": "450"}
