"""My page: what concerns me, and nobody else's."""

import pytest

from svcqa.casework import forms
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import sessions
from svcqa.web.visit import COOKIE
from tests.web.cases import SUBJECT
from tests.web.rows import every_row
from tests.web.visitor import REASON, words


@pytest.fixture
def wang(desk):
    return desk("wangjianguo")


@pytest.fixture
def number(cases):
    """Return a case with one penalty on wangjianguo."""
    return cases.penalized()


@pytest.fixture
def penalty(cases, number):
    """Return a function that reads this penalty as it stands."""
    return lambda: cases.read(number).penalties[0]


@pytest.fixture
def page(penalty):
    """Return the address of the penalty's page."""
    return f"/me/penalties/{penalty()['id']}"


def test_my_page_needs_a_sign_in(client):
    assert client.get("/me").headers["location"] == "/sign-in?next=/me"


def test_an_empty_page_says_why_it_is_empty(desk):
    shown = words(desk("hanlei").get("/me"))
    assert "没有处罚记录" in shown
    assert "待陈述" not in shown
    assert "hanlei@kefu.example.com" in shown
    assert "已签署" in shown


def test_a_decision_waits_until_it_is_received(wang, number, page, penalty):
    listed = words(wang.get("/me"))
    assert SUBJECT in listed
    assert number in listed
    assert "待你查收" in listed
    assert "200.00" not in listed
    shown = words(wang.get(page))
    assert "有一份处罚决定等你查收" in shown
    assert "200.00" not in shown
    assert penalty()["state"] == "decided", "looking is not receiving"


def test_receiving_serves_the_decision_and_shows_it(wang, page, penalty):
    answer = wang.post(f"{page}/receive")
    assert "申诉剩余 7 天 6 小时" in answer.text
    assert "200.00" in answer.text
    assert (penalty()["state"], penalty()["served_how"]) == ("served", "visit")
    listed = words(wang.get("/me"))
    assert "扣 3.0 分，200.00 元" in listed
    assert "申诉剩余 7 天 6 小时" in listed


def test_looking_at_my_pages_changes_nothing(wang, page, place):
    wang.post(f"{page}/receive")
    before = every_row(place)
    for path in ("/me", page):
        assert wang.get(path).status_code == 200
    assert every_row(place) == before


def test_i_appeal_and_take_it_back_on_my_page(wang, page, penalty):
    wang.post(f"{page}/receive")
    filed = wang.post(f"{page}/appeal", {"reason": REASON})
    assert (filed.status_code, filed.headers["location"]) == (303, page)
    shown = wang.get(page).text
    assert "申诉已收到" in shown
    assert REASON in shown
    assert "回执 SS-" in wang.get("/me").text
    assert wang.post(f"{page}/retract").status_code == 303
    assert "撤回申诉，处罚已生效" in wang.get(page).text
    assert penalty()["state"] == "final"


def test_i_may_say_that_i_have_no_objection(wang, page, penalty):
    wang.post(f"{page}/receive")
    assert wang.post(f"{page}/accept").status_code == 303
    assert "表示无异议" in wang.get(page).text
    assert penalty()["state"] == "served"


def test_nobody_accepts_what_was_not_received(wang, page):
    answer = wang.post(f"{page}/accept")
    assert answer.status_code == 409
    assert "请先查收" in answer.text


def test_a_short_reason_comes_back_as_it_was_typed(wang, page, penalty):
    wang.post(f"{page}/receive")
    answer = wang.post(f"{page}/appeal", {"reason": "不服"})
    assert answer.status_code == 422
    assert "至少写 10 个字，现在是 2 个" in answer.text
    assert ">\n不服</textarea>" in answer.text
    assert penalty()["state"] == "served"


def test_an_appeal_before_the_decision_was_received_is_refused_with_the_reason(wang, page):
    answer = wang.post(f"{page}/appeal", {"reason": REASON})
    assert answer.status_code == 409
    assert "处罚还没有送达" in answer.text


def test_somebody_elses_penalty_does_not_exist_for_me(desk, page, penalty):
    for name in ("lixiaotong", "liumin", "xuwenjing", "fengjianjun", "luowenbo"):
        other = desk(name)
        assert other.get(page).status_code == 404
        for act in ("receive", "appeal", "accept", "retract"):
            assert other.post(f"{page}/{act}", {"reason": REASON}).status_code == 404
        assert SUBJECT not in other.get("/me").text
    assert penalty()["state"] == "decided"


@pytest.mark.parametrize("path", ["/me/penalties/0", "/me/hearings/0"])
def test_what_is_not_there_is_not_found(wang, path):
    assert wang.get(path).status_code == 404


def test_the_head_of_a_penalised_unit_finds_it_on_the_own_page(desk, cases):
    number = cases.penalized("cd1")
    path = f"/me/penalties/{cases.read(number).penalties[0]['id']}"
    head = desk("fengjianjun")
    assert "城东一班" in words(head.get("/me"))
    head.post(f"{path}/receive")
    assert head.post(f"{path}/appeal", {"reason": REASON}).status_code == 303
    assert cases.read(number).state == "appealed"
    assert desk("wangjianguo").get(path).status_code == 404, "a member is not the head"


def test_a_statement_is_due_until_it_is_handed_in(wang, cases):
    number = cases.verified()
    path = f"/me/hearings/{cases.read(number).respondents[0]['id']}"
    assert "陈述剩余 2 天 6 小时" in words(wang.get("/me"))
    assert "陈述截止 2026 年 11 月 25 日 17:30" in words(wang.get(path))
    short = wang.post(path, {"statement": "没有"})
    assert short.status_code == 422
    assert ">\n没有</textarea>" in short.text
    assert wang.post(path, {"statement": REASON}).status_code == 303
    assert REASON in wang.get(path).text
    assert "待陈述" not in wang.get("/me").text


def test_a_statement_after_the_decision_is_refused(wang, cases, number):
    path = f"/me/hearings/{cases.read(number).respondents[0]['id']}"
    answer = wang.post(path, {"statement": REASON})
    assert "陈述已收到" in wang.get(path).text
    assert answer.status_code == 303, "the officer had recorded one: nothing to add"


def test_nobody_states_a_view_for_somebody_else(desk, cases):
    number = cases.verified()
    path = f"/me/hearings/{cases.read(number).respondents[0]['id']}"
    other = desk("lixiaotong")
    assert other.get(path).status_code == 404
    assert other.post(path, {"statement": REASON}).status_code == 404
    assert cases.read(number).respondents[0]["heard_at"] is None


def test_i_end_my_sessions_everywhere(wang, desk, place):
    second = desk("wangjianguo")
    answer = wang.post("/me/sign-out-everywhere")
    assert answer.headers["location"] == "/sign-in"
    for each in (wang, second):
        assert each.get("/me").headers["location"].startswith("/sign-in")
    with place.reading(SYSTEM) as tx:
        assert sessions.session(tx, second.client.cookies.get(COOKIE) or "") is None


@pytest.mark.parametrize(
    "act", ["penalties/0/receive", "penalties/0/appeal", "hearings/0", "sign-out-everywhere"]
)
def test_a_form_without_the_token_is_refused(wang, act):
    answer = wang.client.post(f"/me/{act}", data={"reason": REASON})
    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_a_reviewed_penalty_is_listed_with_its_outcome(wang, cases, number, page, penalty):
    wang.post(f"{page}/receive")
    wang.post(f"{page}/appeal", {"reason": REASON})
    cases.go(number, "zhouhuimin", forms.Revoke(penalty=penalty()["id"], text="录音证明已回电。"))
    listed = words(wang.get("/me"))
    assert "撤销" in listed
    assert "扣 0.0 分，0.00 元" in listed
