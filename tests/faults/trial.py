"""One trial: processes are killed at random moments under the load; then the load ends and all that is due is done."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from svcqa.kernel.statements import Statement
from tests.faults.evidence import Evidence
from tests.faults.journal import Journal
from tests.faults.load import clients
from tests.faults.world import World, wait_until

SERVICES = ("web", "courier", "sweep")
VICTIMS = (("web",), ("web",), ("courier",), ("courier",), ("sweep",), SERVICES)
STRIKES_TWICE = 0.2
ON_ITS_WAY = Statement("SELECT 1 FROM outbox WHERE state IN ('queued', 'claimed', 'data') LIMIT 1")
LATER_ON = (timedelta(days=2), timedelta(days=12))  # each longer than a lease


@dataclass
class Trial:
    """What is done to a world, and what the trial saw of it."""

    world: World
    journal: Journal
    seed: int
    lives: int = 0
    ready_after: list[float] = field(default_factory=list)

    def harm(self, kills: int, strike: Callable[[Random], float] | None = None) -> None:
        """Kill and start again `kills` times; when all die at once, hours pass until they are started.

        Another `strike` does its own harm and returns after how many seconds the work went on.
        """
        random = Random(self.seed)
        self.world.start("mailbox")
        self.world.await_ready("mailbox")
        self._start(*SERVICES[:1])
        with clients(self.world, self.journal, random) as working:
            self._start(*SERVICES[1:])
            for _ in range(kills):
                time.sleep(random.uniform(0.2, 1.5))
                demand_at_work(working)
                self.ready_after.append((strike or self._strike)(random))
        self.lives = sum(done.result() for done in working)
        self.world.stop(*SERVICES)

    def settle(self) -> None:
        """Let days pass in which nobody is killed, until every mail that is due has gone."""
        for span in LATER_ON:
            self.world.later(span)
            swept = self.world.run("sweep")
            assert swept.returncode == 0, swept.stderr
            self.world.start("courier")
            wait_until(lambda: not self.world.sees(ON_ITS_WAY), "every letter has gone")
            self.world.stop("courier")
        self.world.stop("mailbox")

    def figures(self, evidence: Evidence) -> str:
        """Say what was done and what came of it."""
        journal, kills = self.journal, sum(self.world.kills.values())
        return (
            f"seed {self.seed}: {kills} processes killed {dict(self.world.kills)};"
            f" {len(journal.done())} operations acknowledged, {journal.count('in doubt')} cut off,"
            f" {len(journal.open())} left in doubt; {self.lives} whole lives;"
            f" {len(evidence.letters)} letters, {evidence.duplicates} arrived twice,"
            f" {sum(letter.state == 'held' for letter in evidence.letters)} held;"
            f" ready again after {max(self.ready_after):.1f} s at most"
        )

    def _strike(self, random: Random) -> float:
        """Kill, now and then once more while they come up again, and wait until they work."""
        victims = random.choice(VICTIMS)
        self.world.kill(*victims)
        if victims == SERVICES:
            self.world.later(timedelta(hours=random.uniform(2, 24)))
        if random.random() < STRIKES_TWICE:
            self.world.start(*victims)
            time.sleep(random.uniform(0, 1))
            self.world.kill(*victims)
        return self._start(*victims)

    def _start(self, *names: str) -> float:
        self.world.start(*names)
        return self.world.await_ready(*names)


def demand_at_work(working: list[Future[int]]) -> None:
    """Fail with what ended a client, if one ended before it was told."""
    for client in working:
        assert not client.done(), client.result()
