"""What the pages show of applications whose uploads were deleted when their time was over."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from domain.archive import RetentionPolicy
from extractors.reading.showing import Pictures
from review.app import make_app
from review.security import Binding
from review.serving import make_site
from store.retention import delete_due, plan_retention
from tests.review.builders import BATCH, PASSWORD
from tests.review.conftest import ORIGIN
from tests.store.archive.packages import FIRST, SECOND, archive, make_sealed

ONE_YEAR = RetentionPolicy(passed_years=1, refused_years=1, returned_years=1, withdrawn_years=1)
DELETED = "上传文件的工作副本已按保管期限删除，原件在归档信息包中"


@pytest.fixture
def client(tmp_path: Path, pictures: Pictures) -> Iterator[TestClient]:
    """Give a lead's browser on a store whose working copies are gone."""
    store = make_sealed(tmp_path / "home")
    archive(store, tmp_path / "out")
    day = datetime.date(2099, 1, 1)
    plan = plan_retention(store, store.load_outcome(BATCH), ONE_YEAR, day)
    assert delete_due(store, plan, "chen") == (3, 0)
    app = make_app(make_site(store, pictures, Binding(), lambda _: None))
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as made:
        made.post("/sign-in", data={"name": "chen", "password": PASSWORD})
        yield made
    store.close()


@pytest.mark.parametrize("number", [FIRST, SECOND])
def test_an_application_says_where_its_originals_are(client: TestClient, number: str) -> None:
    page = client.get(f"/applications/{BATCH}/{number}")
    assert page.status_code == 200
    assert DELETED in page.text
    assert "审核通过" in page.text


def test_an_item_says_so_too_and_its_pictures_are_simply_not_there(client: TestClient) -> None:
    item = client.get("/items/2")
    assert item.status_code == 200
    assert DELETED in item.text
    for slot in ("strip/all", "context/score", "page/0/1"):
        assert client.get(f"/items/2/{slot}.jpg").status_code == 404
    assert client.get(f"/batches/{BATCH}/lead").status_code == 200
