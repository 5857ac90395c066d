"""Many at once on one PostgreSQL: of two deciders one wins, and of five couriers each letter has one."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest

from notifications import notices
from notifications.delivery import drain_once
from notifications.transport import Transport
from states import Refused
from svcqa.casework import forms
from svcqa.casework.complaints import Advanced
from svcqa.kernel import outbox
from svcqa.kernel.attempts import done_again
from svcqa.kernel.errors import Stale
from svcqa.kernel.mailbag import Outbox
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.casework.conftest import life, ruled_database
from tests.casework.life import Life
from tests.databases import on_postgresql
from tests.faults.conftest import PROFILE
from tests.notifications.relay import Relay

__all__ = ["life", "ruled_database"]

pytestmark = [pytest.mark.faults, on_postgresql]

RACES, LETTERS = (24, 500) if PROFILE.rounds == 1 else (1_000, 2_000)
COURIERS = 5
DECIDED = Statement(
    "SELECT object_id, count(*) FROM audit_event WHERE action IN ('complaint.penalize', 'complaint.waive')"
    " GROUP BY object_id"
)
SENT = Statement("SELECT state, count(*) FROM outbox WHERE slug = 'case_assigned' GROUP BY state")


def test_of_two_deciders_one_wins_each_race(life: Life):
    """The loser is told that the case has moved on; a deadlock would be begun anew and lose then."""
    numbers = [life.classified() for _ in range(RACES)]
    lines = {number: life.penalties(number, "4", "300") for number in numbers}
    gate = Barrier(2)

    def decide(number: str, form: forms.Form) -> Advanced | Refused | Stale:
        gate.wait()
        try:
            return done_again(life.act)("liumin", number, form)
        except (Refused, Stale) as lost:
            return lost

    def one(number: str) -> Advanced | Refused | Stale:
        return decide(number, lines[number])

    def other(number: str) -> Advanced | Refused | Stale:
        return decide(number, forms.Waive(text="情节轻微，已当面致歉"))

    with ThreadPoolExecutor(2) as deciders:
        first = deciders.submit(lambda: [one(number) for number in numbers])
        second = deciders.submit(lambda: [other(number) for number in numbers])
        pairs = list(zip(first.result(), second.result(), strict=True))
    won = [sum(isinstance(each, Advanced) for each in pair) for pair in pairs]
    assert won == [1] * RACES
    with life.place.reading(SYSTEM) as tx:
        assert Counter(times for _, times in DECIDED.run(tx).fetchall()) == {1: RACES}
    life.demand_sound()


def test_of_five_couriers_each_letter_has_one(life: Life):
    notice, about = notices.CaseAssigned.sample(), ("complaint", "1")
    with life.place.transaction(SYSTEM) as tx:
        for number in range(LETTERS):
            outbox.post(tx, notice, to=Recipient("somebody", f"nr{number}@kefu.example.com"), about=about)

    async def deliver() -> tuple[Relay, list[int]]:
        async with Relay() as relay:
            way = Transport(host="127.0.0.1", port=relay.port, security="none", development=True)
            shares = await asyncio.gather(*(drained(way, f"courier {one}") for one in range(COURIERS)))
        return relay, list(shares)

    async def drained(way: Transport, owner: str) -> int:
        total = 0
        while sent := (await drain_once(Outbox(life.place), way, owner=owner, jitter=Random(1)))["sent"]:
            total += sent
        return total

    relay, shares = asyncio.run(deliver())
    assert sum(shares) == LETTERS == len(relay.arrived)
    assert [len(copies) for copies in relay.copies.values()] == [1] * LETTERS
    assert sum(map(bool, shares)) > 1, "several couriers had a share"
    with life.place.reading(SYSTEM) as tx:
        assert SENT.run(tx).fetchall() == [("sent", LETTERS)]
