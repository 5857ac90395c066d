"""Signing in and out: a session is new each time, a wrong password says one sentence, nobody is led elsewhere."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from svcqa.demo import people
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import accounts, codes
from svcqa.web.app import create_app
from svcqa.web.demonstration import MARK
from svcqa.web.tries import Tries
from svcqa.web.visit import COOKIE
from tests.web.conftest import SITE

PASSWORD = "four unrelated words here"


@pytest.fixture
def liumin(place, cast):
    with place.transaction(SYSTEM) as tx:
        accounts.set_password(tx, cast["liumin"].id, PASSWORD)
    return cast["liumin"]


def enter(client, *, name="10206", password=PASSWORD, **more):
    return client.post("/sign-in", data={"name": name, "password": password, **more})


def test_the_right_password_opens_a_session_and_leads_on(client, liumin):
    answer = enter(client, next="/rulebook?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/rulebook?x=1"
    cookie = answer.headers["set-cookie"]
    assert f"{COOKIE}=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


def test_every_sign_in_has_a_new_session(client, liumin):
    client.cookies.set(COOKIE, "planted by somebody else")
    first = enter(client).cookies[COOKIE]
    second = enter(client).cookies[COOKIE]
    assert len({"planted by somebody else", first, second}) == 3


@pytest.mark.parametrize(("name", "password"), [("10206", "wrong"), ("99999", PASSWORD), ("", "")])
def test_a_wrong_sign_in_is_one_sentence_and_keeps_the_name(client, liumin, name, password):
    answer = enter(client, name=name, password=password)
    assert answer.status_code == 422
    assert accounts.REFUSED in answer.text
    assert f'value="{name}"' in answer.text
    assert PASSWORD not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "to",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:x",
        "complaints",
        "/\tx",
    ],
)
def test_nobody_is_led_to_another_site(client, liumin, to):
    assert enter(client, next=to).headers["location"] == "/"
    assert "elsewhere" not in client.get("/sign-in", params={"next": to}).text


def test_a_page_asks_to_sign_in_and_comes_back_with_its_filters(client):
    answer = client.get("/password?a=1&b=2")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/password%3Fa%3D1%26b%3D2"
    assert 'value="/password?a=1&amp;b=2"' in client.get(answer.headers["location"]).text


def test_too_many_tries_wait(client, liumin):
    answers = [enter(client, name="99999", password="x").status_code for _ in range(30)]
    assert set(answers) == {422}
    late = enter(client)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) == 300
    assert "请过几分钟再试" in late.text
    assert client.post("/first-sign-in", data={}).status_code == 429, "the other door has the same window"


def test_an_office_behind_one_address_may_sign_in_often_but_not_without_end(client, app, liumin):
    app.state.tries = Tries("2/5 minutes", "5/5 minutes")
    assert [enter(client).status_code for _ in range(6)] == [303] * 5 + [429]


def test_where_tries_cannot_be_counted_nobody_gets_in(client, app, liumin, monkeypatch):
    def broken(*_):
        raise ConnectionError("the counter is gone")

    monkeypatch.setattr(app.state.tries, "count", broken)
    with pytest.raises(ConnectionError):
        enter(client)
    assert COOKIE not in client.cookies


def test_signing_out_ends_the_session_and_clears_the_browser(desk):
    liumin = desk("liumin")
    secret = liumin.client.cookies[COOKIE]
    answer = liumin.post("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert answer.headers["clear-site-data"] == '"cookies"'
    liumin.client.cookies.set(COOKIE, secret)
    assert liumin.get("/").headers["location"] == "/sign-in"


def test_a_one_time_code_leads_to_setting_the_password_and_nowhere_else(client, place, cast):
    with place.transaction(SYSTEM) as tx:
        code = codes.issue_code(tx, cast["hanlei"].id)
    answer = client.post("/first-sign-in", data={"name": "10208", "code": code.lower()})
    assert answer.headers["location"] == "/password"
    assert client.get("/").headers["location"] == "/password"
    page = client.get("/password").text
    assert "首次登录" in page
    assert "现在的密码" not in page
    token = page.split('name="csrf" value="')[1].split('"')[0]
    done = client.post("/password", data={"csrf": token, "password": PASSWORD, "again": PASSWORD})
    assert done.headers["location"] == "/"
    assert client.get("/").headers["location"] == "/complaints?view=mine"


def test_a_used_code_is_refused_with_the_remedy(client, place, cast):
    with place.transaction(SYSTEM) as tx:
        code = codes.issue_code(tx, cast["hanlei"].id)
    client.post("/first-sign-in", data={"name": "10208", "code": code})
    answer = client.post("/first-sign-in", data={"name": "10208", "code": code})
    assert answer.status_code == 422
    assert codes.REFUSED in answer.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"present": "wrong", "password": "x" * 20, "again": "x" * 20}, "现在的密码不对"),
        ({"present": PASSWORD, "password": "one thing and more", "again": "another"}, "两次输入的密码不一致"),
        ({"present": PASSWORD, "password": "short", "again": "short"}, "密码要有 12 到 128 个字符"),
    ],
)
def test_a_password_that_will_not_do_says_why(client, liumin, typed, sentence):
    enter(client)
    token = client.get("/password").text.split('name="csrf" value="')[1].split('"')[0]
    answer = client.post("/password", data={"csrf": token, **typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert PASSWORD not in answer.text
    assert enter(client).status_code == 303, "the old password still stands"


def test_a_changed_password_ends_all_other_sessions(client, desk, liumin):
    elsewhere = desk("liumin")
    enter(client)
    token = client.get("/password").text.split('name="csrf" value="')[1].split('"')[0]
    new = {"present": PASSWORD, "password": "four different words now", "again": "four different words now"}
    assert client.post("/password", data={"csrf": token, **new}).status_code == 303
    assert client.get("/").status_code == 303
    assert client.get("/").headers["location"] == "/complaints?view=mine"
    assert elsewhere.get("/").headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    ("development", "filled", "offered"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_demo_offers_its_sign_ins_in_development_only(place, runtime, development, filled, offered):
    if filled:
        (place.settings.data_dir / MARK).write_text("{}")
    settings = place.settings.model_copy(update={"development": development})
    app = create_app(replace(runtime, place=replace(place, settings=settings)))
    page = TestClient(app, base_url=SITE).get("/sign-in").text
    assert ("演示登录" in page) == offered
    assert ("客服主管 刘敏" in page) == offered
    assert (people.PASSWORD in page) == offered


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("xuwenjing", "/complaints?view=mine"),
        ("zhouhuimin", "/complaints?view=mine"),
        ("wangjianguo", "/me"),
        ("luowenbo", "/me"),
    ],
)
def test_home_leads_to_what_waits_for_the_person(desk, name, way):
    assert desk(name).get("/").headers["location"] == way


def test_the_door_says_that_it_is_open(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")
