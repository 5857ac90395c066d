"""Clients that lead complaints through whole lives over the JSON API, side by side, until it is enough."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from random import Random
from threading import Event

from svcqa.demo.api_desk import Desk, Rejection
from svcqa.demo.lives import LIVES
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import people, tokens
from tests.cast import Cast
from tests.faults.door import START, Door, GaveUp
from tests.faults.journal import Journal
from tests.faults.world import BEGINS_AT, World

DESK = {
    "hotline": "API-10050",
    "officer": "xuwenjing",
    "supervisor": "liumin",
    "reviewer": "zhouhuimin",
    "second_reviewer": "gaoyuan",
}
CREWS = (
    ("wangjianguo", "lixiaotong"),
    ("chensiyu", "penghao"),
    ("dujuan", "yeqing"),
    ("dingxiaojun", "xiayu"),
)


@dataclass(frozen=True)
class Client:
    """One program that leads case after case through the lives, beginning with another life than the others."""

    door: Door
    keys: Mapping[str, str]
    respondents: tuple[str, str]
    first: int

    def work(self, enough: Event) -> int:
        """Lead cases until it is enough, the last to its end; return how many lives came to theirs."""
        whole = 0
        for name in islice(cycle(LIVES), self.first, None):
            if enough.is_set():
                return whole
            try:
                LIVES[name](Desk(self.door.call, self.keys, self.respondents), self.registered())
                whole += 1
            except (GaveUp, Rejection):
                continue  # the journal tells; the case stays as it is
        return whole

    def registered(self) -> str:
        """Register a complaint and return its number."""
        body = {
            "subject": "承诺两小时内回电，至次日仍未联系客户",
            "channel": "hotline",
            "occurred_at": (BEGINS_AT - timedelta(days=2)).isoformat(),
            "unit": "cd",
            "complainant": "林女士",
            "email": "lin@example.com",
            "external_id": new_id(),
        }
        return str(self.door.call("POST", START, self.keys["hotline"], body)["number"])


def crew(world: World, names: tuple[str, str]) -> tuple[dict[str, str], tuple[str, str]]:
    """Return the keys of a client, one per role, and the staff numbers of the two it complains of."""
    place = world.place()
    keys = {}
    for role, name in (DESK | {"employee": names[0]}).items():
        with place.transaction(SYSTEM) as tx:
            (person,) = people.find(tx, name)
            keys[role] = tokens.issue_token(tx, person_id=person.id, label="load")
    cast = Cast(place)
    numbers = cast[names[0]].staff_number, cast[names[1]].staff_number
    place.engine.dispose()
    return keys, numbers


@contextmanager
def clients(world: World, journal: Journal, random: Random) -> Iterator[list[Future[int]]]:
    """Let one client per crew work beside the block; at its end each finishes the life it is leading.

    One complaint is left lying from the beginning: its deadlines pass.
    """
    enough = Event()
    doors = [Door(world.settings.web_port, journal, Random(random.random())) for _ in CREWS]
    ready = [
        Client(door, *crew(world, names), first=number * len(LIVES) // len(CREWS))
        for number, (door, names) in enumerate(zip(doors, CREWS, strict=True))
    ]
    ready[0].registered()
    with ThreadPoolExecutor(len(ready)) as pool:
        try:
            yield [pool.submit(client.work, enough) for client in ready]
        finally:
            enough.set()
