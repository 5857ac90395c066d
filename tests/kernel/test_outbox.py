"""Posting and the stored mailbag: nothing without its decision, one courier per letter, the same bytes twice."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.mailbag import Letter, Mark
from notifications.notices import SignInCode
from notifications.transport import Reply
from svcqa.kernel import letters, mailbag, opened_letter, outbox
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.mailbag import Outbox
from svcqa.kernel.sealing import Seal
from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import SYSTEM, Workplace

LEASE = timedelta(minutes=25)
ACCEPTED, BROKEN = Reply(250, "ok"), Reply(None, "connection lost")
ROW = Statement("SELECT * FROM outbox WHERE id = :id")


def post(place: Workplace, count: int = 1) -> list[str]:
    with place.transaction(SYSTEM) as tx:
        return [
            outbox.post(
                tx,
                SignInCode.sample(),
                to=outbox.Recipient(f"员工{n}", f"e{n}@example.com"),
                about=("person", "p"),
            )
            for n in range(count)
        ]


@pytest.fixture
def bag(empty_place: Workplace) -> Outbox:
    return Outbox(empty_place)


def row(bag: Outbox, key: str) -> dict[str, object]:
    with bag.place.reading(SYSTEM) as tx:
        found = ROW.row(tx, id=key)
    assert found is not None
    return found


def take(bag: Outbox, owner: str = "one") -> Letter:
    (letter,) = bag.claim(owner, 10, LEASE)
    return letter


def events(bag: Outbox) -> list[str]:
    with bag.place.reading(SYSTEM) as tx:
        return [r[0] for r in Statement("SELECT action FROM audit_event ORDER BY seq").run(tx).fetchall()]


def test_a_letter_exists_only_with_the_decision_it_tells_of(bag: Outbox) -> None:
    def fails() -> None:
        with bag.place.transaction(SYSTEM) as tx:
            outbox.post(
                tx, SignInCode.sample(), to=outbox.Recipient("甲", "a@example.com"), about=("person", "p")
            )
            raise ValueError("the decision failed")

    with pytest.raises(ValueError, match="decision failed"):
        fails()
    assert bag.claim("one", 10, LEASE) == []


def test_bytes_are_sealed_at_rest_and_leave_as_they_were_made(bag: Outbox) -> None:
    (key,) = post(bag.place)
    stored = row(bag, key)
    letter = take(bag)
    assert b"Message-ID" in letter.data
    assert b"Message-ID" not in bytes(stored["sealed"])  # type: ignore[call-overload]
    assert hashlib.sha256(letter.data).hexdigest() == stored["sha256"]
    assert str(stored["message_id"]).encode() in letter.data


def test_a_changed_byte_never_leaves_and_stops_no_other_letter(bag: Outbox) -> None:
    changed, whole = post(bag.place, 2)
    with bag.place.transaction(SYSTEM) as tx:
        Statement("UPDATE outbox SET sealed = :noise WHERE id = :id").run(tx, id=changed, noise=bytes(200))
    assert [letter.id for letter in bag.claim("one", 10, LEASE)] == [whole]
    held = row(bag, changed)
    assert (held["state"], held["reply"]) == ("held", mailbag.UNREADABLE)
    assert events(bag) == ["mail.held"]
    with bag.place.reading(SYSTEM) as tx:
        assert opened_letter.opened(tx, changed).text == mailbag.UNREADABLE


def test_under_another_secret_all_letters_wait_for_the_right_one(bag: Outbox) -> None:
    (key,) = post(bag.place)
    assert Outbox(replace(bag.place, seal=Seal(b"another secret"))).claim("one", 10, LEASE) == []
    with bag.place.transaction(SYSTEM) as tx:
        letters.send_again(tx, key)
    assert take(bag).id == key


def test_a_held_letter_that_arrived_counts_as_sent_from_when_it_is_said(
    bag: Outbox, clock: FrozenClock
) -> None:
    (key,) = post(bag.place)
    bag.record([Mark(take(bag), "held", ACCEPTED, doubted=True)])
    clock.advance(timedelta(hours=3))
    with bag.place.transaction(SYSTEM) as tx:
        letters.arrived(tx, key, known_from=" the recipient called ")
    settled = row(bag, key)
    assert (settled["state"], settled["reply"]) == ("sent", "人工确认已送达")
    assert moment(settled["sent_at"]) == clock.now()  # type: ignore[arg-type]  # a row knows no types
    assert events(bag) == ["mail.held", "mail.arrived"]
    assert bag.claim("one", 10, LEASE) == []


def test_what_never_left_cannot_have_arrived(bag: Outbox) -> None:
    (waiting, unread) = post(bag.place, 2)
    with bag.place.transaction(SYSTEM) as tx:
        Statement("UPDATE outbox SET state = 'held' WHERE id = :id").run(tx, id=unread)
        for key, why in ((waiting, "待发"), (unread, "没有离开过系统")):
            with pytest.raises(Invalid, match=why):
                letters.arrived(tx, key, known_from="somebody says so")
        with pytest.raises(NotFound, match="没有编号为 nobody 的邮件"):
            letters.arrived(tx, "nobody", known_from="somebody says so")


def test_a_claim_raises_the_fence_and_hides_the_letter(bag: Outbox) -> None:
    post(bag.place)
    letter = take(bag)
    assert (letter.fence, letter.attempts, letter.doubts) == (1, 0, 0)
    assert bag.claim("two", 10, LEASE) == []


def test_oldest_letters_go_first_and_no_more_than_asked(bag: Outbox, clock: FrozenClock) -> None:
    first = post(bag.place, 2)
    clock.advance(timedelta(seconds=1))
    post(bag.place, 2)
    assert {letter.id for letter in bag.claim("one", 2, LEASE)} == set(first)


def test_a_courier_that_slept_past_its_lease_can_mark_nothing(bag: Outbox, clock: FrozenClock) -> None:
    (key,) = post(bag.place)
    slept = take(bag, "slept")
    clock.advance(LEASE)
    fresh = take(bag, "fresh")
    assert fresh.fence == slept.fence + 1
    assert bag.record([Mark(slept, "sent", ACCEPTED)]) == [False]
    assert row(bag, key)["state"] == "claimed"
    assert bag.record([Mark(fresh, "sent", ACCEPTED)]) == [True]
    assert bag.record([Mark(fresh, "failed", BROKEN)]) == [False]
    assert row(bag, key)["state"] == "sent"


def test_content_that_may_have_left_is_in_doubt_and_the_same_bytes_go_again(
    bag: Outbox, clock: FrozenClock
) -> None:
    post(bag.place)
    first = take(bag)
    assert bag.record([Mark(first, "data", BROKEN, until=clock.at + LEASE)]) == [True]
    clock.advance(LEASE)
    second = take(bag)
    assert (second.doubts, second.attempts, second.data) == (1, 1, first.data)
    bag.record([Mark(second, "data", BROKEN, until=clock.at + LEASE)])
    clock.advance(LEASE)
    assert take(bag).doubts == 2


def test_a_letter_that_never_left_is_in_no_doubt(bag: Outbox, clock: FrozenClock) -> None:
    post(bag.place)
    take(bag)
    clock.advance(LEASE)
    assert take(bag).doubts == 0


def test_a_retry_waits_for_its_time_and_counts(bag: Outbox, clock: FrozenClock) -> None:
    (key,) = post(bag.place)
    later = clock.at + timedelta(minutes=15)
    bag.record([Mark(take(bag), "queued", Reply(451, "greylisted"), until=later, tried=True)])
    assert (row(bag, key)["attempts"], row(bag, key)["reply"]) == (1, "451 greylisted")
    assert bag.claim("one", 10, LEASE) == []
    clock.at = later
    assert take(bag).attempts == 1


def test_what_a_person_must_decide_is_an_event(bag: Outbox) -> None:
    post(bag.place, 2)
    held, failed = bag.claim("one", 2, LEASE)
    bag.record([Mark(held, "held", BROKEN, doubted=True), Mark(failed, "failed", Reply(550, "no such user"))])
    assert events(bag) == ["mail.held", "mail.failed"]
    assert row(bag, held.id)["doubts"] == 1
    assert row(bag, failed.id)["sent_at"] is None


def test_a_paused_queue_gives_nothing_until_it_is_resumed(bag: Outbox) -> None:
    post(bag.place)
    bag.pause("sign-in refused")
    bag.pause("again")
    assert bag.claim("one", 10, LEASE) == []
    with bag.place.transaction(SYSTEM) as tx:
        mailbag.resume(tx)
    assert len(bag.claim("one", 10, LEASE)) == 1
    assert events(bag) == ["mail.paused", "mail.resumed"]


def test_couriers_that_race_never_hold_the_same_letter(bag: Outbox) -> None:
    posted = set(post(bag.place, 60))
    with ThreadPoolExecutor(4) as couriers:
        rounds = list(couriers.map(lambda n: bag.claim(f"courier {n}", 4, LEASE), range(20)))
    taken = [letter.id for letters in rounds for letter in letters]
    assert len(taken) == len(set(taken)) == 60
    assert set(taken) == posted
