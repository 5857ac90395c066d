"""One mail from end to end: decided, posted, sent over a socket, opened, digits, appeal, outcome."""

import pytest

from svcqa.casework import forms
from tests.web.post_office import PostOffice
from tests.web.visitor import REASON, Visitor, words


@pytest.fixture
def post(place, tmp_path):
    return PostOffice(place, tmp_path / "mailbox")


@pytest.fixture
def wang(client, post, cast, place):
    """Return wangjianguo at the link of the newest mail whose subject has these words."""

    def at(subject):
        post.deliver()
        me = cast["wangjianguo"]
        path = post.link(me.email, subject).removeprefix(place.links.base_url)
        return Visitor(client, path, me.staff_number[-4:])

    return at


def test_a_penalty_is_appealed_from_the_mail_and_its_outcome_read_from_the_next(wang, cases, post, cast):
    number = cases.penalized()
    visitor = wang("【考核通知】")
    assert "申诉已收到" in visitor.appeal().text
    assert cases.read(number).state == "appealed"
    receipt = wang("【申诉受理】")
    assert "申诉已收到" in receipt.enter().text
    penalty = cases.read(number).penalties[0]["id"]
    cases.go(number, "zhouhuimin", forms.Uphold(penalty=penalty, text="通话记录中没有回电。"))
    assert "复核结论：维持" in words(wang("【申诉结论】").enter())
    assert "通话记录中没有回电。" in words(visitor.enter()), "the first link shows it too"


def test_the_mail_carries_the_link_in_both_bodies_and_no_sum(cases, post, cast):
    cases.penalized()
    post.deliver()
    mail = post.received(cast["wangjianguo"].email, "【考核通知】")[0]
    for body in (mail.text, mail.html):
        assert "200.00" not in body
        assert post.link(cast["wangjianguo"].email, "【考核通知】") in body


def test_a_hearing_is_answered_from_the_mail(wang, cases):
    number = cases.verified()
    visitor = wang("【陈述申辩】")
    visitor.enter()
    assert "陈述已收到" in visitor.send("statement", {"statement": REASON}).text
    assert cases.read(number).respondents[0]["heard_at"] is not None
