import hashlib
import re
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from domain.faults import ConfigurationFault
from extractors.reading.showing import Pictures
from review.app import ROUTES, make_app
from review.security import Binding
from review.serving import make_site
from review.site import HERE
from store import Store, open_store
from tests.review.builders import BATCH, PASSWORD
from tests.review.conftest import ORIGIN, SignedIn

OPEN = {"/healthz", "/sign-in"}


def address_of(route: Route) -> str:
    values = {"batch": BATCH, "student": "2022000001", "application": "1", "file": "0", "page": "1",
              "slot": "strip", "field": "score", "name": "results.csv"}  # fmt: skip
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: values[found[1]], route.path)


PAGES = [route for route in ROUTES if isinstance(route, Route) and route.path not in OPEN]


@pytest.mark.parametrize("route", PAGES, ids=lambda route: f"{route.name} {route.path}")
def test_every_page_and_write_needs_a_sign_in(
    client_of: SignedIn, store: Store, route: Route
) -> None:
    stranger = client_of("li")
    stranger.cookies.clear()
    method = "POST" if "POST" in (route.methods or ()) else "GET"
    answer = stranger.request(method, address_of(route), data={} if method == "GET" else {"a": "b"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")
    assert store.decisions.of_batch(BATCH) == {}


WRITES = [route for route in PAGES if "POST" in (route.methods or ())]


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.name)
def test_every_write_needs_the_sessions_own_token(
    client_of: SignedIn, store: Store, route: Route
) -> None:
    chen = client_of("chen")
    before = store.events.head()
    for token in ("", "x" * 43):
        answer = chen.post(address_of(route), data={"csrf_token": token, "batch_id": BATCH})
        assert answer.status_code == 403
    assert store.events.head() == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "evil.example"}, 400),
        ({"Host": "127.0.0.1.evil.example:8460"}, 400),
    ],
)
def test_requests_from_elsewhere_are_refused(
    client_of: SignedIn, headers: dict[str, str], status: int
) -> None:
    answer = client_of("li").post("/sign-out", headers=headers, data={"a": "b"})
    assert answer.status_code == status


def test_a_large_or_endless_body_is_refused(client_of: SignedIn) -> None:
    li = client_of("li")
    assert li.post("/sign-out", data={"a": "b" * 300_000}).status_code == 413
    assert li.post("/sign-out", content=iter([b"a=b"])).status_code == 413


@pytest.mark.parametrize("address", ["/", "/sign-in", "/find", "/nowhere", "/static/pages.js"])
def test_every_answer_carries_the_headers(client_of: SignedIn, address: str) -> None:
    headers = client_of("li").get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


def test_the_cookie_cannot_be_read_by_scripts_or_sent_from_other_sites(
    client_of: SignedIn,
) -> None:
    client = client_of("li")
    answer = client.post("/sign-in", data={"name": "li", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie  # the tests' server speaks plain HTTP on the loopback


def test_signing_in_again_ends_the_session_of_before(client_of: SignedIn) -> None:
    client = client_of("li")
    old = client.cookies["hedui_session"]
    client.post("/sign-in", data={"name": "li", "password": PASSWORD})
    other = client_of("wang")
    other.cookies.clear()
    other.cookies.set("hedui_session", old)
    assert other.get("/").status_code == 303


def test_guessing_is_stopped(client_of: SignedIn) -> None:
    client = client_of("li")
    codes = [
        client.post("/sign-in", data={"name": "li", "password": f"guess {n}"}).status_code
        for n in range(7)
    ]
    assert codes == [401] * 5 + [429] * 2
    assert client.post("/sign-in", data={"name": "li", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_sign_in_leads_nowhere_else(client_of: SignedIn, target: str) -> None:
    answer = client_of("li").post(
        "/sign-in", params={"next": target}, data={"name": "li", "password": PASSWORD}
    )
    assert answer.headers["location"] == "/"


def test_uploads_are_never_sent_as_they_came(client_of: SignedIn, store: Store) -> None:
    case = store.cases.find(BATCH, "2022000001")
    assert case is not None
    (application,) = store.batches.load((case.application_id,))
    original = store.originals.read(application.submission.uploads[0].digest)
    li = client_of("li")
    for part in ("page/0/1", "strip/score", "context/score"):
        answer = li.get(f"/items/{case.application_id}/{part}.jpg")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.content != original
    for part in ("page/0/2", "page/9/1", "strip/../../x", "strip/nothing", "original/score"):
        assert li.get(f"/items/{case.application_id}/{part}.jpg").status_code in (404, 405)


@pytest.mark.parametrize(
    ("binding", "fault"),
    [
        (Binding(host="0.0.0.0"), "--tls-cert"),
        (Binding(host="192.168.1.5"), "--trusted-proxy"),
        (Binding(host="school.example"), "--tls-cert"),
        (Binding(host="0.0.0.0", certificate="c"), "belong together"),
        (Binding(user_header="X-User"), "--trusted-proxy"),
        (Binding(host="127.0.0.1"), ""),
        (Binding(host="::1"), ""),
        (Binding(host="0.0.0.0", certificate="c", private_key="k"), ""),
        (Binding(host="0.0.0.0", trusted_proxy="10.0.0.2", user_header="X-User"), ""),
    ],
)
def test_nobody_is_served_in_the_clear_but_this_machine(binding: Binding, fault: str) -> None:
    if not fault:
        binding.check()
        return
    with pytest.raises(ConfigurationFault, match=fault):
        binding.check()


def test_a_proxys_user_is_believed_from_the_proxy_alone(store: Store, pictures: Pictures) -> None:
    binding = Binding(trusted_proxy="10.0.0.2", user_header="X-User", public_host="hedui.example")
    app = make_app(make_site(store, pictures, binding, str))
    origin = "https://hedui.example"
    proxy = TestClient(app, base_url=origin, client=("10.0.0.2", 1), follow_redirects=False)
    stranger = TestClient(app, base_url=origin, client=("10.0.0.9", 1), follow_redirects=False)
    assert stranger.get("/sign-in", headers={"X-User": "chen"}).status_code == 403
    answer = proxy.get("/sign-in", headers={"X-User": "chen"})
    assert answer.status_code == 303
    assert "Secure" in answer.headers["set-cookie"]
    assert "chen" in proxy.get("/", headers={"X-User": "chen"}).text
    assert proxy.get("/", headers={"X-User": "li"}).status_code == 303
    assert proxy.get("/").status_code == 303
    assert proxy.get("/sign-in", headers={"X-User": "nobody"}).status_code == 403


def test_without_accounts_the_first_page_says_what_to_type(
    pictures: Pictures, tmp_path: Path
) -> None:
    with open_store(tmp_path / "empty") as empty:
        client = TestClient(make_app(make_site(empty, pictures, Binding(), str)),
                            base_url=ORIGIN)  # fmt: skip
        assert "hedui user add lead --role lead" in client.get("/").text
        assert client.get("/healthz").json() == {"status": "ok"}


def test_no_page_asks_anything_of_another_server() -> None:
    files = [*HERE.glob("templates/*.html"), *HERE.glob("static/pages.*"), HERE / "static/keys.js"]
    assert len(files) > 12
    for path in files:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, path.name
        assert "https://" not in text, path.name
        assert " style=" not in text, path.name
        assert not re.search(r"\son\w+=", text), path.name
        assert "|safe" not in text, path.name


def test_the_vendored_script_is_the_published_one() -> None:
    content = (HERE / "static/htmx-2.0.11.min.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == (
        "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
    )


@pytest.mark.parametrize(
    "address",
    [
        "/items/99999999999999999999",
        "/items/1/strip/score.jpg?v=x-y",
        "/items/1/strip/score.jpg?v=x-%C2%B2",
        "/items/1/context/../../x.jpg",
        f"/batches/{BATCH}/grid?kind=%00'--",
        "/applications/%F0%9F%98%80/1",
        "/find?q=%00%25_'",
        "/batches/{{7*7}}/lead",
    ],
)
def test_odd_addresses_are_answered_and_break_nothing(client_of: SignedIn, address: str) -> None:
    answer = client_of("chen").get(address)
    assert answer.status_code < 500
    assert "49" not in re.sub("[0-9a-f]{8,}", "", answer.text) or "7*7" not in address


@pytest.mark.parametrize(
    ("route", "values"),
    [
        (f"/batches/{BATCH}/grid", {"pairs": "1:2,x:y:z,,:::", "kind": "score-unclear"}),
        (f"/batches/{BATCH}/grid", {"pairs": "99999999999:1:" + "a" * 32, "odd": "99999999999"}),
        ("/items/99999999999999999999/verdict", {"verdict": "pass"}),
        ("/items/1/verdict", {"verdict": "pass", "revision": "-1", "shown_ms": "1e9"}),
        ("/items/1/verdict", {"verdict": "refuse", "reasons": "1,2,x", "revision": "1"}),
        ("/items/1/correction", {"certificate_type": "x" * 500, "score": "\u202e" * 90}),
        (f"/batches/{BATCH}/undo", {"application": "99999999999999999999", "key": ""}),
    ],
)
def test_odd_submits_are_refused_and_record_nothing(
    client_of: SignedIn, store: Store, route: str, values: dict[str, str]
) -> None:
    li = client_of("li")
    csrf = re.search(r'data-csrf="([^"]+)"', li.get("/").text)
    assert csrf is not None
    answer = li.post(route, data={**values, "csrf_token": csrf[1]})
    assert answer.status_code < 500
    assert store.decisions.of_batch(BATCH) == {}


def test_a_missing_page_says_so_in_chinese_and_shows_the_way_on(client_of: SignedIn) -> None:
    for address in ("/nowhere", "/batches/nowhere/lead", f"/applications/{BATCH}/1"):
        answer = client_of("li").get(address)
        assert answer.status_code == 404
        assert "没有这个" in answer.text
        assert 'href="/"' in answer.text
        assert "unknown" not in answer.text
