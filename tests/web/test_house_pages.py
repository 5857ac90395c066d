"""The pages about the house itself: post, local mailbox, audit record, regulation, people."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from svcqa.casework import forms
from svcqa.casework.event_labels import EVENTS, THINGS, event_label
from svcqa.casework.sweep import sweep
from svcqa.kernel.opened_letter import masked
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import codes
from svcqa.web.app import create_app
from svcqa.web.pages import mailbox
from tests.web.conftest import SITE, WEB
from tests.web.desk import sit_down
from tests.web.post_office import PostOffice

FAIL = Statement("UPDATE outbox SET state = :state, doubts = 2, reply = '550 no such user' WHERE id = :id")
STATE = Statement("SELECT state FROM outbox WHERE id = :id")
LETTERS = Statement("SELECT id, slug FROM outbox ORDER BY id")


def letter_of(place, slug):
    with place.reading(SYSTEM) as tx:
        return next(row["id"] for row in LETTERS.rows(tx) if row["slug"] == slug)


def put(place, letter, state):
    with place.transaction(SYSTEM) as tx:
        FAIL.run(tx, id=letter, state=state)


# The post


def test_the_mail_log_lists_letters_and_finds_them(desk, cases):
    number = cases.penalized()
    page = desk("liumin").get("/mail").text
    assert "王建国" in page
    assert number in page
    assert "待发" in page
    assert "wangjianguo@" in desk("liumin").get("/mail?q=wangjianguo").text
    assert "没有符合条件的邮件" in desk("liumin").get("/mail?q=100%25").text
    assert "没有符合条件的邮件" in desk("liumin").get("/mail?state=held").text


def test_the_mail_log_goes_on_page_by_page(desk, cases):
    for _ in range(51):
        cases.registered()
    first = desk("liumin").get("/mail").text
    following = re.findall(r'href="(/mail\?[^"]*before=[^"]+)"', first)[0].replace("&amp;", "&")
    second = desk("liumin").get(following).text
    seen = re.compile(r'href="/mail/([0-9a-f]{32})"')
    assert len(seen.findall(first)) == 50
    assert len(seen.findall(second)) == 1
    assert not set(seen.findall(first)) & set(seen.findall(second))


def test_a_letter_is_shown_as_sent_with_its_link_masked(desk, cases, place):
    cases.penalized()
    page = desk("luowenbo").get(f"/mail/{letter_of(place, 'penalty_notice')}").text
    assert "王建国" in page
    assert "/a/（已隐去）" in page
    assert re.search(r"/a/[\w.-]{16}", page) is None


def test_a_one_time_code_in_a_letter_is_masked(place, cast):
    with place.transaction(SYSTEM) as tx:
        code = codes.issue_code(tx, cast["hanlei"].id)
    assert masked(f"登录码 {code}，请尽快使用") == "登录码 （已隐去），请尽快使用"


@pytest.mark.parametrize("state", ["failed", "held"])
def test_a_stuck_letter_is_sent_again_by_the_administrator_only(desk, cases, place, state):
    cases.penalized()
    letter = letter_of(place, "penalty_notice")
    put(place, letter, state)
    button = f'action="/mail/{letter}/again"'
    assert button not in desk("liumin").get(f"/mail/{letter}").text
    luowenbo = desk("luowenbo")
    page = luowenbo.get(f"/mail/{letter}").text
    assert button in page
    assert "550 no such user" in page
    assert ("可能已经送到" in page) == (state == "held")
    assert luowenbo.post(f"/mail/{letter}/again").headers["location"] == f"/mail/{letter}"
    with place.reading(SYSTEM) as tx:
        assert STATE.one(tx, id=letter)[0] == "queued"


def test_a_held_letter_that_arrived_is_settled_by_the_administrator_who_says_how_it_is_known(
    desk, cases, place
):
    cases.penalized()
    letter = letter_of(place, "penalty_notice")
    put(place, letter, "held")
    form = f'action="/mail/{letter}/arrived"'
    assert form not in desk("liumin").get(f"/mail/{letter}").text
    luowenbo = desk("luowenbo")
    assert form in luowenbo.get(f"/mail/{letter}").text
    for said in (" ", "很" * 201):
        wrong = luowenbo.post(f"/mail/{letter}/arrived", {"known_from": said})
        assert wrong.status_code == 422
        assert "怎样得知已经送到，例如" in wrong.text
        assert said.strip() in wrong.text
    done = luowenbo.post(f"/mail/{letter}/arrived", {"known_from": "王建国来电确认"})
    assert done.headers["location"] == f"/mail/{letter}"
    page = luowenbo.get(f"/mail/{letter}").text
    assert "人工确认已送达" in page
    assert form not in page
    assert "确认邮件已送达" in desk("hejing").get("/audit").text


def test_the_queue_is_paused_with_a_reason_that_everybody_sees_and_goes_on(desk):
    luowenbo, liumin = desk("luowenbo"), desk("liumin")
    wrong = luowenbo.post("/mail/queue/pause", {"reason": " "})
    assert wrong.status_code == 422
    assert "请写明暂停的原因" in wrong.text
    assert luowenbo.post("/mail/queue/pause", {"reason": "更换邮件服务器"}).status_code == 303
    assert "更换邮件服务器" in liumin.get("/mail").text
    assert "恢复邮件队列" not in liumin.get("/mail").text
    assert luowenbo.post("/mail/queue/resume").status_code == 303
    assert "已暂停" not in liumin.get("/mail").text


# The local mailbox


@pytest.fixture
def received(place, cases, runtime):
    """Return a desk at a development installation whose mailbox received a penalty's mails."""
    cases.penalized()
    place = replace(place, settings=place.settings.model_copy(update={"development": True}))

    PostOffice(place, place.settings.mailbox_dir).deliver()
    app = create_app(replace(runtime, place=place))
    return sit_down(place, TestClient(app, base_url=SITE, follow_redirects=False), "liumin")


def opened(received, to):
    rows = re.findall(r"<tr>.*?</tr>", received.get("/mailbox").text, re.DOTALL)
    row = next(row for row in rows if to in row)
    return re.findall(r'href="(/mailbox/[^"]+)"', row)[0]


def test_a_received_mail_can_be_looked_at_in_three_ways(received):
    path = opened(received, "wangjianguo@")
    preview = received.get(path).text
    assert f'<iframe class="preview" sandbox="" src="{path}/body"' in preview
    assert re.search(r'<a class="link" href="http://127.0.0.1:8400/a/[^"]+"', preview)
    assert "王建国" in received.get(f"{path}?tab=text").text
    assert "Message-ID:" in received.get(f"{path}?tab=source").text


def test_the_mail_in_its_frame_has_a_policy_of_its_own_that_runs_nothing(received):
    body = received.get(opened(received, "wangjianguo@") + "/body")
    policy = body.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "王建国" in body.text


@pytest.mark.parametrize("name", ["none.eml", "..%2Fsvcqa.db", "20261123T013000000000-000001.eml"])
def test_a_mail_that_is_not_there_is_a_404(received, name):
    for path in (f"/mailbox/{name}", f"/mailbox/{name}/body"):
        assert received.get(path).status_code == 404


def test_a_full_mailbox_is_read_a_page_at_a_time(received, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST", 1)
    newest, older = (received.get(f"/mailbox?page={page}").text for page in (1, 2))
    assert ('href="/mailbox?page=2"' in newest, 'rel="prev"' in newest) == (True, False)
    assert 'href="/mailbox?page=1"' in older
    assert [len(re.findall(r'href="/mailbox/[^"]+"', text)) for text in (newest, older)] == [1, 1]
    assert received.get("/mailbox?page=0").status_code == 422


def test_an_empty_mailbox_says_what_fills_it(place, runtime):
    place = replace(place, settings=place.settings.model_copy(update={"development": True}))
    app = create_app(replace(runtime, place=place))
    assert "还没有收到邮件" in sit_down(place, TestClient(app, base_url=SITE), "liumin").get("/mailbox").text


# The audit record


def test_the_record_is_read_backwards_and_filtered_by_complaint_and_person(desk, cases):
    number = cases.penalized()
    other = cases.registered()
    hejing = desk("hejing")
    page = hejing.get("/audit").text
    assert page.index(other) < page.index(number)
    about = hejing.get(f"/audit?q={number.lower()}").text
    assert number in about
    assert other not in about
    assert all(label in about for label in ("登记", "核实", "定性", "出具处罚", "许文静", "刘敏"))
    assert "没有这个对象的记录" in hejing.get("/audit?q=TS-209912-0001").text
    assert "没有这个对象的记录" in hejing.get("/audit?q=nobody").text


def test_the_record_goes_on_page_by_page_without_a_gap(desk, cases):
    for _ in range(101):
        cases.registered()
    hejing = desk("hejing")
    numbers, path = [], "/audit"
    while path:
        page = hejing.get(path).text
        numbers += [int(one) for one in re.findall(r"#(\d+)</td>", page)]
        found = re.search(r'href="(/audit\?[^"]*before=\d+)"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert numbers == list(range(numbers[0], 0, -1))


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=1e9", f"before={10**30}", "kind=complaint&object_id=%27"]
)
def test_a_strange_address_of_the_record_is_no_error_of_ours(desk, query):
    assert desk("hejing").get(f"/audit?{query}").status_code in (200, 422)


KINDS = "|".join(sorted({event.partition(".")[0] for event in EVENTS}))
RECORDED = re.compile(rf'audit\.record\(\s*tx,\s*"([a-z_.]+)"|"((?:{KINDS})\.[a-z_]+)"')
NAMES = ("cycle", "mail", "mailbox", "measure", "rating", "result", "rulebook", "survey")
PAGES = {f"{name}.html" for name in NAMES}
ATTRIBUTES = {"cycle.id", "person.id", "unit.id", "roster.yaml"} | PAGES


def test_the_record_of_a_working_house_shows_no_raw_name(desk, cases, place):
    number = cases.penalized()
    with place.transaction(SYSTEM) as tx:
        deadlines = Statement("UPDATE deadline SET next_at = :now WHERE ended_at IS NULL")
        deadlines.run(tx, now=tx.now)
    sweep(place)
    desk("liumin").post(f"/complaints/{number}/phone")
    hejing = desk("hejing")
    pages = [hejing.get("/audit").text, hejing.get("/audit?before=60").text]
    told = re.findall(r'<td class="leads" title="([a-z_.]+)">([^<]*)</td>', "".join(pages))
    assert {action.partition(".")[0] for action, _ in told} >= {"complaint", "person", "unit", "post", "role"}
    assert [action for action, label in told if action == label] == []
    objects = re.findall(r'<td><a href="/audit\?kind=[^"]*">([^<]*)</a>', "".join(pages))
    assert [one for one in objects if re.match(r"[a-z_]+ ", one)] == []


def test_every_event_that_is_recorded_has_its_words():
    recorded = set()
    for module in WEB.parent.rglob("*.py"):
        recorded |= {one or other for one, other in RECORDED.findall(module.read_text("utf-8"))}
    recorded -= ATTRIBUTES
    recorded |= {f"complaint.{move}" for move in forms.FORMS} | {"mail.held", "mail.failed"}
    assert len(recorded) > 40
    assert {action for action in recorded if event_label(action) == action} == set()


def test_everything_that_events_are_about_has_its_word():
    about = re.compile(r'audit\.record\(\s*tx,\s*"[a-z_.]+",\s*kind="([a-z_]+)"')
    kinds = {kind for one in WEB.parent.rglob("*.py") for kind in about.findall(one.read_text("utf-8"))}
    assert {"complaint", "fact_import", "cycle"} <= kinds
    assert kinds - set(THINGS) == set()


# Regulation and people


def test_everybody_reads_the_regulation_and_sees_what_is_only_an_example(desk, cases):
    version = cases.read(cases.registered()).row["regulation"]
    wangjianguo = desk("wangjianguo")
    assert f'href="/rulebook/{version}"' in wangjianguo.get("/rulebook").text
    page = wangjianguo.get(f"/rulebook/{version}").text
    assert "7.2.1 未达标准或承诺" in page
    assert "扣 3 至 6 分，通常 4 分" in page
    assert "200.00 至 600.00 元" in page
    assert "示例" in page
    assert "原文没有写明之处" in page
    assert wangjianguo.get("/rulebook/none").status_code == 404


@pytest.mark.parametrize(("typed", "found"), [("wjg", "王建国"), ("wangjian", "王建国"), ("10220", "王建国")])
def test_people_are_found_by_pinyin_and_number(desk, typed, found):
    page = desk("liumin").get(f"/people?q={typed}").text
    assert found in page
    assert "许文静" not in page


def test_a_unit_shows_its_people_and_its_heads(desk):
    page = desk("liumin").get("/people?unit=cd1").text
    sheet = page.split("</table>")[0]
    assert "王建国" in sheet
    assert "杜鹃" not in sheet
    assert "赵志强、孙丽" in page
    assert "没有找到人员" in desk("liumin").get("/people?q=zzz").text
