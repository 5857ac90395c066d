"""What holds for every answer, whatever happens: headers, sizes, origins, honest errors without insides."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from svcqa.kernel.errors import Busy
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Transaction
from svcqa.organisation import accounts
from svcqa.web.app import create_app
from svcqa.web.guard import HEADERS
from svcqa.web.visit import COOKIE
from tests.databases import hurry, on_postgresql
from tests.web.conftest import SITE

ALWAYS = {name.decode() for name, _ in HEADERS} | {"x-request-id", "referrer-policy"}
INSIDES = (
    "Traceback",
    "sqlalchemy",
    "site-packages",
    "svcqa/",
    "SELECT",
    "OperationalError",
    "RuntimeError",
    ".py",
)
HOLD_SESSIONS = Statement("UPDATE sign_in_session SET seen_at = seen_at")
EVENTS = Statement("SELECT count(*) FROM audit_event")


@pytest.fixture
def calm(app):
    """Return a client that gets the answer to an unforeseen error instead of the error."""
    return TestClient(app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def broken(app):
    """Return a path, of a page and of the API, behind which something unforeseen happens."""

    def fail():
        raise RuntimeError("the insides of the house")

    for path in ("/broken", "/api/broken"):
        app.add_api_route(path, fail)


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/healthz", {}, 200),
        ("GET", "/static/app.css", {}, 200),
        ("GET", "/", {}, 303),
        ("GET", "/nowhere", {}, 404),
        ("GET", "/static/nothing.css", {}, 404),
        ("DELETE", "/sign-in", {}, 405),
        ("POST", "/sign-in", {"headers": {"Origin": "https://elsewhere.example"}}, 403),
        ("POST", "/sign-in", {"headers": {"Content-Length": "99999999999"}}, 413),
        ("POST", "/sign-in", {"data": {"name": "x", "password": "y"}}, 422),
        (
            "POST",
            "/sign-in",
            {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data"}},
            400,
        ),
        ("GET", "/broken", {}, 500),
        ("GET", "/api/v1/complaints", {}, 401),
        ("GET", "/api/nowhere", {}, 404),
        ("DELETE", "/api/v1/complaints", {}, 405),
        ("GET", "/api/broken", {}, 500),
    ],
)
def test_every_answer_carries_the_headers_and_none_shows_insides(calm, broken, method, path, more, status):
    answer = calm.request(method, path, **more)
    assert answer.status_code == status
    assert set(answer.headers) >= ALWAYS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "cache-control" in answer.headers or path.startswith("/static/")
    if status >= 400 and not path.startswith("/static/"):
        assert [word for word in INSIDES if word in answer.text] == []
        assert answer.headers["x-request-id"] in answer.text or status == 422
        assert answer.headers["content-type"].startswith(
            "application/problem+json" if path.startswith("/api/") else "text/html"
        )


@pytest.mark.parametrize("path", ["/a/some-token", "/s/some-token"])
def test_a_mailed_link_tells_nobody_where_it_was_opened(client, path):
    assert client.get(path).headers["referrer-policy"] == "no-referrer"
    assert client.get("/sign-in").headers["referrer-policy"] == "same-origin"


def test_a_body_that_came_without_a_length_stops_at_the_limit(calm, place):
    def endless():
        for _ in range(place.settings.upload_megabytes + 3):
            yield b"x" * 1_000_000

    for path in ("/sign-in", "/api/v1/complaints"):
        kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
        answer = calm.post(path, content=endless(), headers={"Content-Type": kind})
        assert answer.status_code == 413, path
        assert "没有保存" in answer.text


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": SITE}, False),
        ({"Origin": SITE}, True),
        ({"Origin": "http://127.0.0.1:9999"}, False),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_a_form_of_another_site_reaches_no_page_even_with_the_right_token(desk, headers, passes):
    answer = desk("liumin").post("/sign-out", headers=headers)
    assert answer.status_code == (303 if passes else 403)
    assert passes or "不是从本系统的页面发出的" in answer.text


def test_a_mailed_link_works_in_browsers_that_hide_its_address(client):
    answer = client.post("/a/some-token", data={"digits": ""}, headers={"Origin": "null"})
    assert "不是从本系统的页面发出的" not in answer.text
    assert client.post("/a/some-token", headers={"Origin": "https://elsewhere.example"}).status_code == 403


def test_the_cookie_is_bound_to_the_host_where_people_come_by_https(place, runtime, cast):
    https = place.settings.model_copy(update={"base_url": "https://svcqa.example"})
    app = create_app(replace(runtime, place=replace(place, settings=https)))
    client = TestClient(app, base_url="https://svcqa.example", follow_redirects=False)
    with place.transaction(SYSTEM) as tx:
        accounts.set_password(tx, cast["liumin"].id, "four unrelated words here")
    answer = client.post("/sign-in", data={"name": "10206", "password": "four unrelated words here"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert client.get("/").headers["location"] == "/complaints?view=mine"


def test_a_commit_that_fails_is_never_shown_as_success(desk, app, place, monkeypatch):
    liumin = desk("liumin")
    calm = TestClient(app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False)
    calm.cookies.update(liumin.client.cookies)

    def fail(_tx):
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Transaction, "commit", fail)
    answer = calm.post("/sign-out", data={"csrf": liumin.csrf})
    monkeypatch.undo()
    assert answer.status_code == 500
    assert "你的操作没有保存" in answer.text
    assert "set-cookie" not in answer.headers
    assert "clear-site-data" not in answer.headers
    assert liumin.get("/").status_code == 303
    assert liumin.get("/").headers["location"] != "/sign-in", "the session still stands"


def test_what_somebody_else_holds_is_an_honest_page_and_nothing_is_changed(desk, place):
    liumin = desk("liumin")
    before = events(place)
    hurry(place.engine)
    with place.transaction(SYSTEM) as tx:
        HOLD_SESSIONS.run(tx)
        answer = liumin.post("/sign-out")
        assert liumin.get("/rulebook").status_code == 200, "reading goes on meanwhile"
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert Busy().sentence in answer.text
    assert events(place) == before
    assert liumin.post("/sign-out").status_code == 303
    assert events(place) == before + 1


@on_postgresql
def test_a_connection_that_breaks_in_the_commit_is_no_promise_either_way(desk, app, place, monkeypatch):
    liumin = desk("liumin")
    calm = TestClient(app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False)
    calm.cookies.update(liumin.client.cookies)
    commit = Transaction.commit

    def broken(tx):
        tx.driver.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", broken)
    answer = calm.post("/sign-out", data={"csrf": liumin.csrf})
    monkeypatch.undo()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "这次操作可能没有保存" in answer.text
    assert "set-cookie" not in answer.headers
    assert liumin.get("/rulebook").status_code == 200, "the next request gets a connection that works"


def events(place):
    with place.reading(SYSTEM) as tx:
        return EVENTS.one(tx)[0]
