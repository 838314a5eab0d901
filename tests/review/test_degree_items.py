import re
from pathlib import Path

from starlette.testclient import TestClient

from domain.review import Round
from extractors.reading.showing import Pictures
from flows.forming import preview_form
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
        sent = {name: re.search(rf'data-{name}="([^"]*)"', page)[1] for name in ("key", "revision")}  # type: ignore[index]
        answer = client.post(
            f"/items/{case.application_id}/verdict",
            data={**sent, "verdict": "pass", "shown_ms": "450", "csrf_token": token(client)},
        )
        assert answer.status_code == 200
        case = store.cases.find(DEGREE_BATCH, NUMBER)
        assert case is not None
        assert case.round is Round.SETTLED
        client.close()
