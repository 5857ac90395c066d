"""The gate of a mailed link: nothing before the digits, five wrong tries, honest words when it is closed."""

import logging
from datetime import timedelta

import pytest

from svcqa.casework import forms
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation.models import Person
from tests.web.cases import SUBJECT
from tests.web.rows import every_row
from tests.web.visitor import REASON, visitor_at, words


@pytest.fixture
def at(place, cast, client):
    return visitor_at(place, cast, client)


@pytest.fixture
def number(cases):
    """Return a case with one penalty on wangjianguo."""
    return cases.penalized()


@pytest.fixture
def wang(at, cases, number):
    """Return wangjianguo with the link mailed to him."""
    return at(cases.read(number).penalties[0]["id"])


def test_before_the_digits_the_page_tells_nothing(wang, number, cast):
    page = wang.look()
    assert page.status_code == 200
    for secret in (number, "王建国", cast["wangjianguo"].staff_number, SUBJECT, "200.00", "处罚", "申诉"):
        assert secret not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in page.text


def test_opening_a_link_writes_nothing_however_often(wang, client, place):
    before = every_row(place)
    for _ in range(3):
        assert wang.look().status_code == 200
        assert client.head(wang.path).status_code == 200
        assert client.get(f"{wang.path}/appeal").headers["location"] == wang.path
    assert every_row(place) == before


@pytest.mark.parametrize("digits", ["", "12", "12345", "一二三四", "  "])
def test_what_cannot_be_the_digits_is_refused_without_counting(wang, place, digits):
    before = every_row(place)
    answer = wang.enter(digits)
    assert answer.status_code == 422
    assert "没有计入输错次数" in answer.text
    assert every_row(place) == before


def test_a_scanner_that_posts_every_form_without_the_digits_changes_nothing(wang, client, place):
    before = every_row(place)
    for act in ("", "/appeal", "/accept", "/retract", "/statement"):
        for data in ({}, {"proof": "x", "reason": REASON, "statement": REASON, "wish": "accept"}):
            assert client.post(wang.path + act, data=data).status_code in (403, 422)
    assert every_row(place) == before


def test_full_width_digits_with_spaces_are_right_too(wang):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in wang.right)
    assert wang.enter(f" {wide} ").status_code == 200


def test_wrong_digits_are_counted_and_the_fifth_locks_the_link(wang, number, cases):
    for left in (4, 3, 2, 1):
        answer = wang.enter("0000")
        assert answer.status_code == 422
        assert f"还可以再试 {left} 次" in answer.text
        assert number not in answer.text
    assert wang.enter("0000").status_code == 423
    assert wang.look().status_code == 423
    locked = wang.enter()
    assert locked.status_code == 423
    assert "联系人：客服部 服务质量考核室" in locked.text
    assert number not in locked.text
    assert cases.read(number).penalties[0]["state"] == "decided"


def test_right_digits_forget_the_wrong_ones_before(wang):
    for _ in range(2):
        for _ in range(4):
            wang.enter("0000")
        assert wang.enter().status_code == 200


def test_an_address_that_guesses_too_much_has_to_wait(wang):
    answers = [wang.enter("0") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert f'href="{wang.path}"' in answers[-1].text, "the way back is the link, not the sign-in"


def test_right_digits_are_no_guesses(wang):
    assert [wang.enter().status_code for _ in range(31)] == [200] * 31


@pytest.mark.parametrize("damage", [lambda t: t[:-1], lambda t: t[:-3] + "abc", lambda _t: "nonsense"])
def test_a_damaged_link_says_what_to_do(wang, client, damage):
    path = f"/a/{damage(wang.path.removeprefix('/a/'))}"
    for answer in (client.get(path), client.post(path, data={"digits": wang.right})):
        assert answer.status_code == 404
        assert "请从邮件中重新打开" in answer.text


def test_a_token_of_another_purpose_opens_nothing(client, place):
    assert client.get(f"/a/{place.links.token('visit', '0' * 32)}").status_code == 404


def test_a_replaced_decision_closes_its_link(wang, number, cases):
    rescind = forms.Rescind(penalty=cases.read(number).penalties[0]["id"], text="金额写错，更正。")
    cases.go(number, "liumin", rescind)
    for answer in (wang.look(), wang.enter()):
        assert answer.status_code == 410
        assert "最近一封通知邮件" in answer.text
        assert number not in answer.text


def test_after_half_an_hour_the_digits_are_asked_again_and_the_text_is_not_lost(wang, clock):
    wang.enter()
    clock.advance(timedelta(minutes=31))
    answer = wang.send("appeal", {"reason": REASON})
    assert answer.status_code == 403
    assert "请再核对一次" in answer.text
    assert f'<input type="hidden" name="reason" value="{REASON}">' in answer.text
    assert f">\n{REASON}</textarea>" in wang.enter(reason=REASON).text


def test_the_proof_of_one_link_opens_no_other(wang, at, cases):
    wang.enter()
    other = at(cases.read(cases.penalized("lixiaotong")).penalties[0]["id"], "lixiaotong")
    other.proof = wang.proof
    assert other.send("appeal", {"reason": REASON}).status_code == 403


def test_who_left_the_company_may_still_appeal(wang, number, cast, cases, place, clock):
    with place.transaction(SYSTEM) as tx:
        tx.session.get(Person, cast["wangjianguo"].id).left_on = clock.at.date() - timedelta(days=1)
    assert "申诉已收到" in wang.appeal().text
    assert cases.read(number).state == "appealed"


def test_who_no_longer_heads_the_unit_is_shown_nothing(at, cases):
    number = cases.penalized("lixiaotong")
    stranger = at(cases.read(number).penalties[0]["id"], "fengjianjun")
    answer = stranger.enter()
    assert answer.status_code == 404
    assert "它与你已没有关系" in answer.text
    assert number not in answer.text


def test_a_mailed_link_gives_no_right_of_an_office(at, cases, place):
    number = cases.penalized("hanlei")
    at(cases.read(number).penalties[0]["id"], "hanlei").appeal()
    with place.reading(SYSTEM) as tx:
        event = "SELECT body FROM audit_event WHERE action = 'complaint.appeal'"
        assert '"roles":["employee"],"via":"link"' in tx.connection.exec_driver_sql(event).scalar()


def test_a_form_from_another_site_is_refused(wang, number, cases, client):
    headers = {"sec-fetch-site": "cross-site"}
    assert client.post(wang.path, data={"digits": wang.right}, headers=headers).status_code == 403
    assert cases.read(number).penalties[0]["state"] == "decided"


def test_no_token_reaches_the_log(wang, caplog):
    caplog.set_level(logging.DEBUG)
    wang.appeal()
    wang.enter("0000")
    ours = [r.getMessage() for r in caplog.records if r.name.startswith(("svcqa", "fastapi", "uvicorn"))]
    assert not any(wang.path.removeprefix("/a/") in line for line in ours)


def test_the_page_names_nobody_else(wang, cast):
    shown = words(wang.enter())
    for name in ("林女士", "138", "lin@example.com", "刘敏", "许文静"):
        assert name not in shown
