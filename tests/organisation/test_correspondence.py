"""Where people are reached, and since when a letter counts as served."""

from datetime import timedelta

import pytest

from svcqa.kernel.errors import Duplicate, Forbidden, Invalid, NotFound
from svcqa.kernel.models import OutboxLetter
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import correspondence
from svcqa.organisation.correspondence import SERVED_AFTER, Address

NEW = "wang.jianguo@kefu.example.com"


@pytest.fixture
def send(place, clock):
    """Return a function that stores a letter, accepted by the relay just now unless told otherwise."""

    def sending(person, letter_id="letter", *, accepted=True):
        with place.transaction(SYSTEM) as tx:
            tx.session.add(
                OutboxLetter(
                    id=letter_id,
                    slug="penalty-notice",
                    person_id=person.id,
                    sender="kefu@example.com",
                    recipient=person.email,
                    recipient_name=person.name,
                    subject="",
                    about_kind="complaint",
                    about_id="c",
                    sealed=b"",
                    sha256="",
                    message_id="",
                    posted_at=tx.now,
                    next_at=tx.now,
                    sent_at=tx.now if accepted else None,
                )
            )

    return sending


@pytest.fixture
def served(place):
    def serving(letter_id="letter"):
        with place.reading(SYSTEM) as tx:
            return correspondence.served_on(tx, letter_id)

    return serving


@pytest.fixture
def move_house(place, cast):
    """Return a function that changes a person's address: HR proposes, the administrator confirms."""

    def moving(person, email):
        with place.transaction(cast.actor("linkexin")) as tx:
            proposal = correspondence.propose_address(tx, person.id, email=email)
        with place.transaction(cast.actor("luowenbo")) as tx:
            correspondence.confirm_address(tx, proposal)

    return moving


def test_people_are_reached_at_their_address(place, cast):
    with place.reading(SYSTEM) as tx:
        found = correspondence.address_of(tx, cast["wangjianguo"].id)
        assert found == Address("wangjianguo@kefu.example.com", "王建国", designated=True)
        assert correspondence.address_of(tx, cast["热线平台"].id) == Address(
            None, "10050 热线平台", designated=False
        )
        with pytest.raises(NotFound):
            correspondence.address_of(tx, "nobody")


def test_a_letter_is_served_48_hours_after_the_relay_took_it(cast, send, served, clock):
    send(cast["wangjianguo"])
    sent_at = clock.now()
    clock.advance(SERVED_AFTER - timedelta(microseconds=1))
    assert served() is None
    clock.advance(timedelta(microseconds=1))
    assert served() == sent_at + timedelta(hours=48)
    clock.advance(timedelta(days=9))
    assert served() == sent_at + timedelta(hours=48)


def test_a_letter_the_relay_has_not_taken_is_not_served(cast, send, served, clock):
    send(cast["wangjianguo"], accepted=False)
    clock.advance(SERVED_AFTER)
    assert served() is None


def test_a_letter_nobody_wrote_is_not_served(served):
    assert served("nothing") is None


def test_a_letter_to_a_mailbox_without_consent_is_not_served(cast, send, served, clock):
    send(cast["jiangwenbin"])
    clock.advance(SERVED_AFTER)
    assert served() is None


def test_consent_given_later_does_not_serve_an_earlier_letter(place, cast, send, served, clock):
    send(cast["jiangwenbin"], "before")
    clock.advance(timedelta(hours=1))
    with place.transaction(cast.actor("linkexin")) as tx:
        correspondence.designate(tx, cast["jiangwenbin"].id)
    send(cast["jiangwenbin"], "after")
    clock.advance(SERVED_AFTER)
    assert served("before") is None
    assert served("after") is not None


@pytest.mark.parametrize("after", [timedelta(hours=1), timedelta(hours=72)])
def test_a_letter_that_bounced_is_not_served(place, cast, send, served, clock, recorded, after):
    send(cast["wangjianguo"])
    clock.advance(after)
    with place.transaction(SYSTEM) as tx:
        correspondence.record_bounce(tx, "letter", reason="550 no such user")
    clock.advance(SERVED_AFTER)
    assert served() is None
    assert recorded() == ["mail.bounced"]


def test_a_bounce_of_an_unknown_letter_is_refused(place):
    with place.transaction(SYSTEM) as tx, pytest.raises(NotFound):
        correspondence.record_bounce(tx, "nothing", reason="550")


def test_a_served_letter_stays_served_when_the_address_changes(cast, send, served, clock, move_house):
    send(cast["wangjianguo"])
    clock.advance(SERVED_AFTER)
    at = served()
    move_house(cast["wangjianguo"], NEW)
    assert served() == at is not None


def test_a_new_mailbox_has_to_be_designated_anew(place, cast, send, served, clock, move_house):
    move_house(cast["wangjianguo"], NEW)
    send(cast["wangjianguo"])
    clock.advance(SERVED_AFTER)
    assert served() is None
    assert not cast["wangjianguo"].designated


def test_moving_back_does_not_unserve_a_letter(place, cast, send, served, clock, move_house):
    old = cast["wangjianguo"].email
    send(cast["wangjianguo"])
    clock.advance(SERVED_AFTER)
    move_house(cast["wangjianguo"], NEW)
    move_house(cast["wangjianguo"], old)
    with place.transaction(SYSTEM) as tx:
        correspondence.designate(tx, cast["wangjianguo"].id)
    assert served() is not None


def test_a_change_waits_for_a_second_person(place, cast, recorded):
    person = cast["wangjianguo"]
    with place.transaction(cast.actor("linkexin")) as tx:
        key = correspondence.propose_address(tx, person.id, email="Wang.Jianguo@Kefu.example.com ")
        [waiting] = correspondence.proposals(tx)
    assert (waiting.id, waiting.name, waiting.old_email, waiting.new_email) == (
        key,
        "王建国",
        person.email,
        NEW,
    )
    assert waiting.proposed_by == cast["linkexin"].id
    assert cast["wangjianguo"].email == person.email
    with place.transaction(cast.actor("caolihua")) as tx:
        correspondence.confirm_address(tx, key)
        assert correspondence.proposals(tx) == []
    assert cast["wangjianguo"].email == NEW
    assert recorded() == ["address.proposed", "address.changed"]


def test_neither_who_proposed_nor_whose_it_is_confirms(place, cast):
    with place.transaction(cast.actor("linkexin")) as tx:
        key = correspondence.propose_address(tx, cast["wangjianguo"].id, email=NEW)
        with pytest.raises(Forbidden, match="另一位同事"):
            correspondence.confirm_address(tx, key)
    with place.transaction(cast.actor("luowenbo")) as tx:
        own = correspondence.propose_address(tx, cast["linkexin"].id, email="lin@kefu.example.com")
    with place.transaction(cast.actor("linkexin")) as tx, pytest.raises(Forbidden, match="另一位同事"):
        correspondence.confirm_address(tx, own)
    with place.transaction(cast.actor("hanlei")) as tx, pytest.raises(Forbidden, match="人劳部、管理员"):
        correspondence.confirm_address(tx, key)


def test_employees_propose_their_own_address_and_no_others(place, cast):
    with place.transaction(cast.actor("wangjianguo")) as tx:
        correspondence.propose_address(tx, cast["wangjianguo"].id, email=NEW)
        with pytest.raises(Forbidden):
            correspondence.propose_address(tx, cast["chensiyu"].id, email="other@kefu.example.com")


def test_a_newer_proposal_replaces_the_one_that_waits(place, cast):
    with place.transaction(cast.actor("linkexin")) as tx:
        first = correspondence.propose_address(tx, cast["wangjianguo"].id, email="wrong@kefu.example.com")
        correspondence.propose_address(tx, cast["wangjianguo"].id, email=NEW)
        assert [one.new_email for one in correspondence.proposals(tx)] == [NEW]
    with place.transaction(cast.actor("luowenbo")) as tx, pytest.raises(NotFound):
        correspondence.confirm_address(tx, first)


def test_a_change_is_confirmed_once(place, cast):
    with place.transaction(cast.actor("linkexin")) as tx:
        key = correspondence.propose_address(tx, cast["wangjianguo"].id, email=NEW)
    with place.transaction(cast.actor("luowenbo")) as tx:
        correspondence.confirm_address(tx, key)
        with pytest.raises(NotFound):
            correspondence.confirm_address(tx, key)


def test_two_people_never_share_a_mailbox(place, cast):
    taken = cast["chensiyu"].email
    with place.transaction(cast.actor("linkexin")) as tx, pytest.raises(Duplicate, match="另一位同事名下"):
        correspondence.propose_address(tx, cast["wangjianguo"].id, email=taken)


@pytest.mark.parametrize(
    "email",
    ["", "wang", "wang@kefu", "王@kefu.example.com", "a b@kefu.example.com", "a@b.c\nBcc: x@y.cn", "a..b@kefu.cn",
     "<a@kefu.cn>", "a@-kefu.cn", "a@kefu.cn,b@kefu.cn", f"{'a' * 250}@kefu.cn"],
)  # fmt: skip
def test_what_mail_cannot_carry_is_no_address(email):
    with pytest.raises(Invalid, match="邮箱地址"):
        correspondence.checked_email(email)


def test_consent_needs_an_address(place, cast):
    with place.transaction(cast.actor("linkexin")) as tx, pytest.raises(Invalid, match="还没有登记邮箱"):
        correspondence.designate(tx, cast["热线平台"].id)


def test_a_mailbox_is_verified_once(place, cast, recorded):
    with place.transaction(SYSTEM) as tx:
        correspondence.verify_mailbox(tx, cast["wangjianguo"].id)
        correspondence.verify_mailbox(tx, cast["wangjianguo"].id)
    assert recorded() == ["mailbox.verified"]
