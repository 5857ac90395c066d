"""A notice sent again: a new link opens what the old one did, with the window it had, and the old one dies."""

import re
from email import message_from_bytes, policy

import pytest

from svcqa.casework import forms
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.web.visitor import Visitor, visitor_at

LETTERS = Statement(
    "SELECT id, sealed FROM outbox WHERE slug = 'penalty_notice' AND about_id = :id ORDER BY id"
)
EVENTS = Statement("SELECT count(*) FROM audit_event WHERE action = 'link.renewed'")


@pytest.fixture
def number(cases):
    """Return a case with one penalty on wangjianguo."""
    return cases.penalized()


@pytest.fixture
def penalty(cases, number):
    return lambda: cases.read(number).penalties[0]


@pytest.fixture
def wang(place, cast, client, penalty):
    """Return wangjianguo with a link that five wrong tries have locked."""
    visitor = visitor_at(place, cast, client)(penalty()["id"])
    for _ in range(5):
        visitor.enter("0000")
    return visitor


def newest_link(place, penalty_id):
    with place.reading(SYSTEM) as tx:
        sealed = LETTERS.run(tx, id=penalty_id).fetchall()[-1][1]
        message = message_from_bytes(tx.seal.open(bytes(sealed)), policy=policy.default)
    body = message.get_body(("plain",))
    assert body
    found = re.search(r"127\.0\.0\.1:8400(/a/[\w.~-]+)", body.get_content())
    assert found
    return found[1]


def resend(desk, number, penalty_id):
    return desk("xuwenjing").post(f"/complaints/{number}/resend", {"penalty": penalty_id})


def test_a_locked_link_is_replaced_by_one_that_opens(desk, client, place, number, penalty, wang):
    before = penalty()
    page = desk("xuwenjing").get(f"/complaints/{number}").text
    assert "重新发送链接" in page
    assert wang.look().status_code == 423
    assert resend(desk, number, before["id"]).status_code == 303
    assert wang.look().status_code == 410
    renewed = Visitor(client, newest_link(place, before["id"]), wang.right)
    assert "申诉" in renewed.enter().text
    after = penalty()
    assert after["served_how"] == "visit"
    assert (after["letter_id"], after["promised_until_at"]) == (
        before["letter_id"],
        before["promised_until_at"],
    )
    with place.reading(SYSTEM) as tx:
        assert EVENTS.one(tx)[0] == 1


def test_the_window_that_runs_stands_in_the_new_letter(desk, place, number, penalty, wang, cases):
    cases.go(number, "xuwenjing", forms.Serve(penalty=penalty()["id"], how="paper"))
    window = penalty()["window_ends_at"]
    assert resend(desk, number, penalty()["id"]).status_code == 303
    assert penalty()["window_ends_at"] == window


@pytest.mark.parametrize("state", ["decided", "rescinded"])
def test_what_cannot_go_again_says_why_and_kills_no_link(desk, place, number, penalty, wang, cases, state):
    key = penalty()["id"]
    if state == "rescinded":
        cases.go(number, "liumin", forms.Rescind(penalty=key, text="金额写错，更正。"))
    else:
        with place.transaction(SYSTEM) as tx:
            Statement("UPDATE person SET email = NULL WHERE id = :id").run(tx, id=wang_id(penalty))
    answer = resend(desk, number, key)
    assert answer.status_code == 422
    assert ("申诉期已结束" if state == "rescinded" else "没有可用的邮箱") in answer.text


def wang_id(penalty):
    return penalty()["person_id"]
