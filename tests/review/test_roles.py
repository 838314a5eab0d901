"""Every route for every role: who gets in is stated here once more, apart from the code."""

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from domain.review import Role
from review.app import ROUTES
from store import Store
from tests.review.builders import BATCH, PEOPLE
from tests.review.conftest import SignedIn
from tests.review.test_pages import token
from tests.review.test_security import OPEN, address_of

EVERYBODY = set(Role)
DECIDING = EVERYBODY - {Role.AUDITOR}
RIGHTS = {
    "GET /": EVERYBODY,
    "GET /find": EVERYBODY,
    "GET /help": EVERYBODY,
    "GET /items/{application:int}": EVERYBODY,
    "GET /items/{application:int}/page/{file:int}/{page:int}.jpg": EVERYBODY,
    "GET /items/{application:int}/form.jpg": EVERYBODY,
    "GET /items/{application:int}/{slot}/{field}.jpg": EVERYBODY,
    "GET /applications/{batch}/{student}": EVERYBODY,
    "GET /batches/{batch}/lead": EVERYBODY,
    "GET /batches/{batch}/work": DECIDING,
    "GET /batches/{batch}/grid": DECIDING,
    "GET /items/{application:int}/after": DECIDING,
    "GET /batches/{batch}/files/{name}": {Role.LEAD, Role.AUDITOR},
    "GET /audit": {Role.LEAD, Role.AUDITOR},
    "POST /sign-out": EVERYBODY,
    "POST /batches/{batch}/undo": DECIDING,
    "POST /batches/{batch}/grid": DECIDING,
    "POST /items/{application:int}/verdict": DECIDING,
    "POST /items/{application:int}/correction": DECIDING,
    "POST /items/{application:int}/typing": DECIDING,
    "POST /items/{application:int}/later": DECIDING,
    "POST /items/{application:int}/renew": DECIDING,
    "POST /items/{application:int}/reveal": DECIDING,
    "POST /items/{application:int}/take-over": DECIDING,
    "POST /applications/{batch}/{student}/appeal": {Role.SECOND, Role.LEAD},
    "POST /applications/{batch}/{student}/reopening": {Role.LEAD},
    "POST /applications/{batch}/{student}/reversal": {Role.LEAD},
    "POST /batches/{batch}/seal": {Role.LEAD},
}


def named(route: Route) -> str:
    return f"{'POST' if 'POST' in (route.methods or ()) else 'GET'} {route.path}"


ROUTED = [route for route in ROUTES if isinstance(route, Route) and route.path not in OPEN]


def test_every_route_has_its_rights_stated() -> None:
    assert {named(route) for route in ROUTED} == RIGHTS.keys()


@pytest.mark.parametrize("name", PEOPLE)
def test_each_route_is_for_its_roles_alone(client_of: SignedIn, store: Store, name: str) -> None:
    client: TestClient = client_of(name)
    csrf = token(client)
    for route in sorted(ROUTED, key=lambda route: route.path == "/sign-out"):
        allowed = PEOPLE[name] in RIGHTS[named(route)]
        before = store.events.head()
        if "POST" in (route.methods or ()):
            answer = client.post(address_of(route), data={"csrf_token": csrf, "batch_id": BATCH})
        else:
            answer = client.get(address_of(route))
        assert (answer.status_code != 403) is allowed, (named(route), answer.status_code)
        assert answer.status_code < 500, (named(route), answer.status_code)
        if not allowed:
            assert store.events.head() == before, named(route)


def test_whoever_may_not_is_told_who_may_and_finds_the_way_back(client_of: SignedIn) -> None:
    answer = client_of("li").get("/audit")
    assert answer.status_code == 403
    assert "您是审核员；这一页或这项操作限负责人、审计。" in answer.text
    assert '<a class="button" href="/">' in answer.text
