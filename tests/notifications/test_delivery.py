"""Draining an outbox against a real socket: order, refusals, obstacles, stopping."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from notifications.delivery import run
from notifications.mailbag import Mark
from notifications.transport import Reply
from tests.notifications.courier import ADDRESSES, drain, toward
from tests.notifications.memory_bag import MemoryBag
from tests.notifications.relay import CUT, Relay


def test_a_round_sends_every_letter_once_over_reused_connections():
    async def scenario():
        bag = MemoryBag([f"staff{number}@corp.example" for number in range(40)])
        async with Relay() as relay:
            assert await drain(bag, relay, lanes=4) == Counter(sent=40)
            assert {len(contents) for contents in relay.copies.values()} == {1}
            assert relay.connections <= 4
        assert set(bag.states().values()) == {"sent"}
        assert len(bag.batches) < 80  # marks of parallel connections are written together

    asyncio.run(scenario())


def test_the_data_mark_is_durable_before_content_leaves():
    async def scenario():
        async with Relay() as relay:
            arrived_at_mark = []

            def look(mark: Mark) -> None:
                if mark.state == "data":
                    arrived_at_mark.append((relay.verbs.count("DATA"), len(relay.arrived)))

            bag = MemoryBag(ADDRESSES)
            bag.after_record = look
            await drain(bag, relay)
            assert arrived_at_mark == [(number, number) for number in range(len(ADDRESSES))]

    asyncio.run(scenario())


def test_refusals_part_the_letters_and_leave_the_connection():
    async def scenario():
        bag = MemoryBag(ADDRESSES)
        async with Relay(
            RCPT=["250 ok", "550 unknown", "450 greylisted"], DOT=["250 ok", "552 too big"]
        ) as relay:
            assert await drain(bag, relay) == Counter(sent=2, failed=2, queued=1)
            assert relay.connections == 1
        assert list(bag.states().values()) == ["sent", "failed", "queued", "failed", "sent"]
        waiting = bag.rows["2"]
        assert timedelta(minutes=4) <= waiting.due_at - bag.clock <= timedelta(minutes=6)
        assert waiting.letter.attempts == 1
        assert waiting.reply == Reply(450, "greylisted")

    asyncio.run(scenario())


def test_a_greylisted_letter_goes_out_later():
    async def scenario():
        bag = MemoryBag(ADDRESSES[:1])
        async with Relay(RCPT=["450 greylisted"]) as relay:
            await drain(bag, relay)
            assert await drain(bag, relay) == Counter()
            bag.clock += timedelta(minutes=7)
            assert await drain(bag, relay) == Counter(sent=1)

    asyncio.run(scenario())


def test_an_unsafe_address_in_the_outbox_fails_alone():
    async def scenario():
        bag = MemoryBag(["wang\r\nRCPT TO:<eve@evil.example>", *ADDRESSES[:2]])
        async with Relay() as relay:
            assert await drain(bag, relay) == Counter(sent=2, failed=1)

    asyncio.run(scenario())


def test_a_refused_sign_in_pauses_the_queue_and_costs_no_letter_an_attempt():
    async def scenario():
        bag = MemoryBag(ADDRESSES)
        async with Relay(extensions=("AUTH PLAIN",), AUTH=["535 wrong password"] * 9) as relay:
            account: dict[str, Any] = {"username": "svcqa", "password": "invented"}
            assert await drain(bag, relay, lanes=2, **account) == Counter(queued=5)
            assert "535" in (bag.paused or "")
            assert await drain(bag, relay, **account) == Counter()
        assert {row.letter.attempts for row in bag.rows.values()} == {0}

    asyncio.run(scenario())


def test_a_relay_that_is_away_postpones_all_letters_without_pausing():
    async def scenario():
        bag = MemoryBag(ADDRESSES)
        async with Relay(GREETING=["421 busy"] * 9) as relay:
            assert await drain(bag, relay, lanes=2) == Counter(queued=5)
            assert relay.connections == 2
        assert bag.paused is None
        assert all(row.due_at > bag.clock + timedelta(minutes=3) for row in bag.rows.values())

    asyncio.run(scenario())


def test_a_relay_that_refuses_a_second_connection_is_served_over_the_first():
    async def scenario():
        bag = MemoryBag(ADDRESSES)
        async with Relay(GREETING=["220 relay", "421 too many connections"]) as relay:
            assert await drain(bag, relay, lanes=2) == Counter(sent=5)

    asyncio.run(scenario())


def test_a_relay_that_closes_in_between_is_called_again():
    async def scenario():
        bag = MemoryBag(ADDRESSES)
        async with Relay(RCPT=["421 closing"]) as relay:
            assert await drain(bag, relay) == Counter(queued=1, sent=4)
            assert relay.connections == 2

    asyncio.run(scenario())


def test_a_relay_that_hangs_up_at_once_does_not_make_the_courier_spin():
    async def scenario():
        bag = MemoryBag(ADDRESSES)
        async with Relay(EHLO=[CUT] * 99, HELO=[CUT] * 99) as relay:
            assert await drain(bag, relay) == Counter(queued=5)
            assert relay.connections <= 2 * len(ADDRESSES)

    asyncio.run(scenario())


def test_a_stopped_courier_puts_back_what_it_has_not_tried():
    async def scenario():
        stop = asyncio.Event()
        bag = MemoryBag(ADDRESSES)
        loop = asyncio.get_running_loop()

        def stop_at_first_content(mark: Mark) -> None:
            if mark.state == "data":
                loop.call_soon_threadsafe(stop.set)

        bag.after_record = stop_at_first_content
        async with Relay() as relay:
            assert await drain(bag, relay, stop=stop) == Counter(sent=1, queued=4)
        assert {(row.letter.attempts, row.due_at) for row in bag.rows.values()} == {(0, bag.clock)}

    asyncio.run(scenario())


def test_a_running_courier_picks_up_later_letters_until_stopped():
    async def scenario():
        stop = asyncio.Event()
        bag = MemoryBag(ADDRESSES[:1])
        async with Relay() as relay:
            work = asyncio.create_task(
                run(bag, toward(relay), stop, owner="courier", jitter=Random(1), idle=0.01, lanes=1)
            )
            await asyncio.wait_for(relay.taken.acquire(), 3)
            bag.rows |= {"late": MemoryBag(["late@corp.example"]).rows["0"]}
            bag.rows["late"].letter = replace(bag.rows["late"].letter, id="late")
            await asyncio.wait_for(relay.taken.acquire(), 3)
            stop.set()
            await asyncio.wait_for(work, 2)
        assert set(bag.states().values()) == {"sent"}

    asyncio.run(scenario())
