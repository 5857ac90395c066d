"""Couriers that die between the relay's word and their own mark, and couriers that come back after their lease."""

from datetime import timedelta
from functools import partial
from random import Random
from signal import SIGCONT, SIGSTOP
from threading import Timer

import pytest

from notifications import notices
from notifications.delivery import LEASE
from svcqa.kernel import outbox
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.faults.conftest import PROFILE
from tests.faults.evidence import gather
from tests.faults.relay import StrikingRelay, beside
from tests.faults.trial import ON_ITS_WAY
from tests.faults.world import wait_until

pytestmark = pytest.mark.faults

AFTER_THE_LEASE = LEASE + timedelta(minutes=1)
ROW = Statement(
    "SELECT state, fence, attempts, doubts, owner, reply, next_at, sent_at FROM outbox WHERE id = :id"
)
HELD = Statement("SELECT count(*) FROM audit_event WHERE action = 'mail.held' AND object_id = :id")


def post(world, name="wangjianguo"):
    """Queue one mail and return its letter id."""
    place = world.place()
    with place.transaction(SYSTEM) as tx:
        to = Recipient("somebody", f"{name}@kefu.example.com")
        letter = outbox.post(tx, notices.CaseAssigned.sample(), to=to, about=("complaint", name))
    place.engine.dispose()
    return letter


def state(world, letter):
    return world.ask(ROW, id=letter)[0]


def kill_before_the_word(world):
    world.process("courier").kill()


def kill_after_the_word(world):
    """Keep the courier from marking what the relay says next, and kill it over that."""
    courier = world.process("courier")
    lock = world.barred()

    def kill():
        courier.kill()
        lock.close()

    Timer(0.3, kill).start()


def courier_dies(world, relay, strike, *, after=0):
    """Run a courier until it is struck down over a letter, some letters later, and let its lease pass."""
    relay.strikes = [lambda: None] * after + [partial(strike, world)]
    world.start("courier")
    wait_until(lambda: world.running["courier"].ended is not None, "the courier is struck down")
    world.stop("courier")
    world.later(AFTER_THE_LEASE)


def test_killed_over_the_relays_word_twice_a_letter_is_held_with_two_like_copies_out(world):
    letter = post(world)
    relay = StrikingRelay("DOT")
    with beside(relay, world):
        courier_dies(world, relay, kill_after_the_word)
        assert state(world, letter) == "data"
        courier_dies(world, relay, kill_before_the_word)
        world.start("courier")
        wait_until(lambda: state(world, letter) == "held", "the letter is held for a person")
        world.stop("courier")
    (contents,) = relay.copies.values()
    assert len(contents) == 2
    assert len(set(contents)) == 1
    assert world.ask(HELD, id=letter) == (1,)
    assert gather(world.settings).unsound == []


@pytest.mark.parametrize("seed", range(PROFILE.rounds))
def test_killed_over_one_of_many_letters_none_is_lost_and_none_comes_a_third_time(world, seed):
    random = Random(seed)
    letters = [post(world, f"staff{number}") for number in range(12)]
    relay = StrikingRelay("DOT")
    with beside(relay, world):
        for _ in range(2):
            strike = random.choice([kill_before_the_word, kill_after_the_word])
            courier_dies(world, relay, strike, after=random.randint(0, 5))
        world.start("courier")
        wait_until(lambda: not world.sees(ON_ITS_WAY), "every letter has gone")
        world.stop("courier")
    states = [state(world, letter) for letter in letters]
    assert set(states) <= {"sent", "held"}
    assert len(relay.copies) >= states.count("sent")
    for contents in relay.copies.values():
        assert len(contents) <= 2
        assert len(set(contents)) == 1


@pytest.mark.parametrize(("verb", "copies"), [("RCPT", 1), ("DOT", 2)])
def test_a_courier_that_slept_longer_than_its_lease_changes_nothing_when_it_wakes(world, verb, copies):
    letter = post(world)
    relay = StrikingRelay(verb, lambda: world.process("courier").send_signal(SIGSTOP))
    with beside(relay, world):
        world.start("courier")
        assert relay.struck.wait(60)
        world.later(AFTER_THE_LEASE)
        world.start_as("second", "courier")
        wait_until(lambda: state(world, letter) == "sent", "another courier has sent it")
        world.stop("second")
        before = world.ask(ROW, id=letter)
        world.process("courier").send_signal(SIGCONT)
        world.later(-AFTER_THE_LEASE)
        following = post(world, "chensiyu")
        wait_until(lambda: state(world, following) == "sent", "the first courier goes on")
        world.stop("courier")
    assert world.ask(ROW, id=letter) == before
    assert sorted(map(len, relay.copies.values())) == [1, copies]
    assert all(len(set(contents)) == 1 for contents in relay.copies.values())
