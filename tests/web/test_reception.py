"""Each request has a number, and leaves one line that names its route and its actor, never a secret or a person."""

import json
import logging
from dataclasses import replace
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from svcqa.kernel.logbook import JsonLines
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import tokens
from svcqa.web.app import create_app
from svcqa.web.reception import is_among
from tests.web.conftest import SITE
from tests.web.desk import sit_down

LAST_EVENT = Statement("SELECT body FROM audit_event ORDER BY seq DESC LIMIT 1")
PROXY, STRANGER = "10.0.0.7", "192.0.2.1"


class Kept(logging.Handler):
    """Keeps each line as it would be written."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(json.loads(JsonLines(whole_errors=False).format(record)))


@pytest.fixture
def lines():
    """Return a function that gives the lines a logger has written since."""
    logger, kept = logging.getLogger("svcqa"), Kept()
    before = logger.level
    logger.addHandler(kept)
    logger.setLevel(logging.DEBUG)
    yield lambda name="svcqa.access": [line for line in kept.lines if line["logger"] == name]
    logger.removeHandler(kept)
    logger.setLevel(before)


@pytest.fixture
def behind(runtime):
    """Return a client whose requests come from an address; the house trusts proxies in 10.0.0.0/8."""
    settings = runtime.place.settings.model_copy(update={"trusted_proxies": "127.0.0.1, 10.0.0.0/8"})
    app = create_app(replace(runtime, place=replace(runtime.place, settings=settings)))
    return lambda peer: TestClient(app, base_url=SITE, follow_redirects=False, client=(peer, 1))


def test_a_page_leaves_one_line_with_its_route_and_its_actor(desk, cast, lines):
    liumin = desk("liumin")
    answer = liumin.get("/complaints/TS-202611-9999?from=search-for-somebody")
    (line,) = lines()
    assert line.pop("milliseconds") > 0
    assert line.pop("at")
    assert line == {
        "level": "info", "logger": "svcqa.access", "message": "request", "method": "GET",
        "route": "/complaints/{number}", "status": answer.status_code, "actor": cast["liumin"].id,
        "request": answer.headers["x-request-id"],
    }  # fmt: skip
    assert "search-for" not in str(line)


def test_a_programs_call_names_the_owner_of_its_key(client, place, cast, lines):
    with place.transaction(cast.actor("luowenbo")) as tx:
        key = tokens.issue_token(tx, person_id=cast["API-10050"].id, label="test")
    client.get("/api/v1/complaints", headers={"Authorization": f"Bearer {key}"})
    (line,) = lines()
    assert (line["route"], line["actor"]) == ("/api/v1/complaints", cast["API-10050"].id)
    assert key not in str(line)


@pytest.mark.parametrize(
    "path", ["/a/a-very-secret-token", "/s/a-very-secret-token", "/a/a-very-secret-token/appeal"]
)
def test_a_mailed_link_leaves_no_token(client, lines, path):
    client.get(path, params={"digits": "1234"})
    (line,) = lines()
    assert "secret" not in str(line)
    assert "1234" not in str(line)
    assert line["route"].startswith(path[:3] + "{")


@pytest.mark.parametrize(
    ("method", "path", "route", "status", "level"),
    [
        ("GET", "/nowhere/at/all", "(none)", 404, "info"),
        ("GET", "/static/app.css", "/static", 200, "debug"),
        ("GET", "/healthz", "/healthz", 200, "debug"),
        ("BREW", "/sign-in", "/sign-in", 405, "info"),
        ("POST", "/sign-out", "(none)", 403, "info"),
    ],
)
def test_what_reaches_no_page_is_written_too(client, lines, method, path, route, status, level):
    client.request(method, path, headers={"Sec-Fetch-Site": "cross-site" if method == "POST" else "none"})
    (line,) = lines()
    assert (line["route"], line["status"], line["level"]) == (route, status, level)
    assert line["method"] == (method if method != "BREW" else "(other)")
    assert "actor" not in line


def test_an_unforeseen_error_is_found_by_the_number_the_person_sees(app, lines):
    def fail():
        raise RuntimeError("林女士 13800138000")

    app.add_api_route("/broken", fail)
    calm = TestClient(app, base_url=SITE, raise_server_exceptions=False)
    answer = calm.get("/broken")
    number = answer.headers["x-request-id"]
    assert f">{number}<" in answer.text
    (line,) = lines("svcqa.web")
    assert (line["request"], line["level"]) == (number, "error")
    assert line["error"][0]["kind"] == "RuntimeError"
    assert line["error"][0]["places"][-1].endswith(" fail")
    assert [word for word in ("林女士", "13800138000") if word in str(line)] == []
    assert [one["level"] for one in lines()] == ["error"]


def test_the_audit_event_carries_the_number_a_trusted_proxy_gave(behind, place):
    liumin = sit_down(place, behind(PROXY), "liumin")
    answer = liumin.post("/sign-out", headers={"X-Request-ID": "edge-1.2026_11"})
    assert answer.headers["x-request-id"] == "edge-1.2026_11"
    with place.reading(SYSTEM) as tx:
        assert json.loads(LAST_EVENT.one(tx)[0])["request"] == "edge-1.2026_11"


@pytest.mark.parametrize(
    ("peer", "given"),
    [
        (STRANGER, "edge-1.2026_11"),
        (PROXY, "short"),
        (PROXY, "x" * 65),
        (PROXY, "two words here"),
        (PROXY, "<script>alert(1)</script>"),
        (PROXY, "-begins-with-a-dash"),
        (PROXY, "编号12345678"),
        ("testclient", "edge-1.2026_11"),
    ],
)
def test_a_number_of_a_stranger_or_that_looks_like_none_is_not_taken(behind, peer, given):
    answer = behind(peer).get("/healthz", headers={"X-Request-ID": given.encode()})
    assert len(answer.headers["x-request-id"]) == 16
    assert answer.headers["x-request-id"] != given


@pytest.mark.parametrize(
    ("proxies", "peer", "address"),
    [
        ("", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1, 10.0.0.0/8", "127.0.0.1", "203.0.113.9"),
        ("127.0.0.1, 10.0.0.0/8", "10.1.2.3", "203.0.113.9"),
        ("127.0.0.1, 10.0.0.0/8", "192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_visitors_address_is_believed_from_a_named_proxy_only(runtime, proxies, peer, address):
    settings = runtime.place.settings.model_copy(update={"trusted_proxies": proxies})
    app = create_app(replace(runtime, place=replace(runtime.place, settings=settings)))
    seen = []
    app.state.tries.count = lambda _matter, address: seen.append(address)
    client = TestClient(app, base_url=SITE, client=(peer, 1))
    client.post("/sign-in", data={"name": "x"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert seen == [address]


def test_what_is_no_address_lies_in_no_network():
    networks = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    assert [is_among(one, networks) for one in ("127.0.0.9", "::1", "10.0.0.1", "unix", "")] == [
        True, True, False, False, False,
    ]  # fmt: skip
