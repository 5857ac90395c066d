"""Couriers killed at every moment: nothing lost, nothing sent three times, copies identical."""

import asyncio
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from notifications.delivery import LEASE
from notifications.mailbag import Mark
from notifications.transport import Reply
from tests.notifications.courier import ADDRESSES, drain
from tests.notifications.memory_bag import MemoryBag
from tests.notifications.relay import CUT, Relay


class Killed(Exception):
    """Stands for the death of the courier at a chosen moment."""


async def drain_until_killed(bag: MemoryBag, relay: Relay, *, lanes: int = 1) -> None:
    try:
        await drain(bag, relay, lanes=lanes)
    except* Killed:
        bag.clock += LEASE + timedelta(seconds=1)


def once(state: str):
    """Kill at the first mark of this state."""
    left = [state]

    def moment(mark: Mark) -> None:
        if mark.state in left:
            left.remove(mark.state)
            raise Killed

    return moment


def test_killed_before_the_data_mark_the_letter_goes_out_once():
    async def scenario():
        bag = MemoryBag(ADDRESSES[:1], before_record=once("data"))
        async with Relay() as relay:
            await drain_until_killed(bag, relay)
            assert relay.arrived == []
            assert await drain(bag, relay) == Counter(sent=1)
            assert len(relay.arrived) == 1
        assert bag.rows["0"].letter.doubts == 0

    asyncio.run(scenario())


def test_killed_between_data_mark_and_content_the_letter_goes_out_once_more():
    async def scenario():
        bag = MemoryBag(ADDRESSES[:1])
        bag.after_record = once("data")
        async with Relay() as relay:
            await drain_until_killed(bag, relay)
            assert await drain(bag, relay) == Counter(sent=1)
            assert len(relay.arrived) == 1
        assert bag.rows["0"].letter.doubts == 1

    asyncio.run(scenario())


def test_killed_after_the_relay_took_it_the_copy_has_the_same_bytes():
    async def scenario():
        bag = MemoryBag(ADDRESSES[:1], before_record=once("sent"))
        async with Relay() as relay:
            await drain_until_killed(bag, relay)
            assert bag.states() == {"wangjianguo": "data"}
            assert await drain(bag, relay) == Counter(sent=1)
            (contents,) = relay.copies.values()
            assert len(contents) == 2
            assert len(set(contents)) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("moment", ["before_record", "after_record"])
def test_killed_each_time_the_letter_is_held_after_two_copies(moment):
    async def scenario():
        def kill(mark: Mark) -> None:
            if mark.state == ("sent" if moment == "before_record" else "data"):
                raise Killed

        bag = MemoryBag(ADDRESSES[:1])
        setattr(bag, moment, kill)
        async with Relay() as relay:
            for _ in range(5):
                await drain_until_killed(bag, relay)
            assert len(relay.arrived) == (2 if moment == "before_record" else 0)
        assert bag.states() == {"wangjianguo": "held"}

    asyncio.run(scenario())


def test_a_cut_after_the_last_dot_is_tried_once_more_and_then_held():
    async def scenario():
        bag = MemoryBag(ADDRESSES[:1])
        async with Relay(DOT=[CUT, CUT, CUT]) as relay:
            assert await drain(bag, relay) == Counter(queued=1)
            bag.clock += timedelta(minutes=7)
            assert await drain(bag, relay) == Counter(held=1)
            bag.clock += timedelta(days=1)
            assert await drain(bag, relay) == Counter()
            assert len(relay.arrived) == 2

    asyncio.run(scenario())


@pytest.mark.parametrize("seed", range(6))
def test_under_random_kills_and_cuts_nothing_is_lost_and_nothing_sent_three_times(seed):
    draw = Random(seed)

    def chance(mark: Mark) -> None:
        if draw.random() < 0.15:
            raise Killed

    async def scenario():
        bag = MemoryBag([f"staff{number}@corp.example" for number in range(30)], before_record=chance)
        bag.after_record = chance
        answers = draw.choices([CUT, "451 later", "250 ok"], [1, 1, 8], k=400)
        async with Relay(DOT=answers) as relay:
            for _ in range(300):
                await drain_until_killed(bag, relay, lanes=3)
                bag.clock += timedelta(minutes=30)
                if set(bag.states().values()) <= {"sent", "held"}:
                    break
        assert set(bag.states().values()) <= {"sent", "held"}
        assert max(map(len, relay.copies.values())) <= 2
        for contents in relay.copies.values():
            assert len(set(contents)) == 1
        for row in bag.rows.values():
            assert row.state == "held" or relay.copies[f"RCPT TO:<{row.letter.recipient}>"]

    asyncio.run(scenario())


def test_a_courier_that_comes_back_late_changes_nothing():
    async def scenario():
        bag = MemoryBag(ADDRESSES[:1])
        (stale,) = bag.claim("slept", 1, LEASE)
        bag.clock += LEASE + timedelta(seconds=1)
        async with Relay() as relay:
            assert await drain(bag, relay) == Counter(sent=1)
            assert bag.record(
                [Mark(stale, "data", Reply(None, "")), Mark(stale, "queued", Reply(None, ""))]
            ) == [False, False]
        assert bag.states() == {"wangjianguo": "sent"}

    asyncio.run(scenario())


def test_a_letter_claimed_by_another_is_not_sent(monkeypatch):
    async def scenario():
        bag = MemoryBag(ADDRESSES[:1])
        hook = bag.claim

        def claimed_twice(owner, limit, lease):
            letters = hook(owner, limit, lease)
            bag.clock += lease + timedelta(seconds=1)
            hook("other", limit, lease)
            return letters

        monkeypatch.setattr(bag, "claim", claimed_twice)
        async with Relay() as relay:
            assert await drain(bag, relay) == Counter(lost=1)
            assert relay.arrived == []

    asyncio.run(scenario())
