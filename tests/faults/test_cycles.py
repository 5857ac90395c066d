"""Whoever leads a cycle is killed at random moments: the same scores come out, and every mail goes once."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from svcqa.assessment import cycles
from svcqa.assessment.evaluation import evaluate
from svcqa.assessment.freezing import thawed
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.rulebook import library
from tests.assessment.month import Month, Traces, furnish, opened
from tests.assessment.stretch import STRETCHES
from tests.cast import Cast
from tests.databases import copied, on_sqlite
from tests.faults.conftest import PROFILE
from tests.faults.world import World, wait_until, world_in

pytestmark = pytest.mark.faults

KILLS = {"sqlite": PROFILE.kills, "postgresql": PROFILE.kills_too}
KILLS_EACH = 5 if PROFILE.rounds > 1 else 1
BEGINS_AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LEASED = Statement("SELECT fence FROM cycle WHERE lease_owner <> '' AND fence > :fence")
FENCE = Statement("SELECT max(fence) FROM cycle")
SHORTEST, LONGEST = 0.0, 0.6


@dataclass
class Life:
    """One cycle in a world of its own, led on by processes of the product."""

    world: World
    number: str
    cycle_id: str

    def traces(self) -> Traces:
        """Return what is there now."""
        place = self.world.place()
        try:
            return Month(place, self.cycle_id).traces()
        finally:
            place.engine.dispose()

    def people_act(self, name: str) -> None:
        """Let people do what the stretch begins with."""
        place = self.world.place()
        month = Month(place, self.cycle_id)
        if name == "rated":
            month.rate()
        elif name == "confirmed":
            with place.transaction(Cast(place).actor("liumin")) as tx:
                cycles.confirm(tx, self.cycle_id)
        elif name == "window over":
            self.world.later(timedelta(days=5))
        place.engine.dispose()

    def lead_here(self) -> None:
        """Lead the cycle on in this process."""
        place = self.world.place()
        Month(place, self.cycle_id).advance()
        place.engine.dispose()

    def lead(self) -> str:
        """Lead the cycle on undisturbed and return what it waits for."""
        done = self.world.run("cycle", "advance", self.number)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def lead_and_die(self, random: Random) -> bool:
        """Start to lead the cycle on and kill that; says whether it was still at work."""
        (fence,) = self.world.ask(FENCE) or (0,)
        command = [sys.executable, "-m", "svcqa.cli", "cycle", "advance", self.number]
        environment = {**os.environ, **self.world.timed().environment()}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as one:
            wait_until(
                lambda: one.poll() is not None or self.world.sees(LEASED, fence=fence), "it is at work"
            )
            time.sleep(random.uniform(SHORTEST, LONGEST))
            cut_off = one.poll() is None
            one.kill()
        self.world.later(timedelta(seconds=61))
        return cut_off


def born(folder: Path) -> Life:
    """Open October's cycle in the world of a folder."""
    world = world_in(folder)
    world.later(BEGINS_AT - world.now())
    place = world.place()
    with place.transaction(SYSTEM) as tx:
        furnish(tx)
    month = opened(place)
    life = Life(world, month.cycle.number, month.cycle_id)
    place.engine.dispose()
    return life


@pytest.fixture(scope="module")
def newborn(tmp_path_factory, furnished):
    """Return the folder of a world whose cycle was just opened, and the cycle."""
    folder = copied(furnished, tmp_path_factory.mktemp("newborn") / "var")
    return folder, born(folder)


@pytest.fixture
def reborn(newborn, tmp_path):
    """Return a way to live that life once more."""
    folder, life = newborn

    def again(name: str) -> Life:
        world = world_in(copied(folder, tmp_path / name))
        world.later(BEGINS_AT - world.now())
        return Life(world, life.number, life.cycle_id)

    return again


def test_killed_again_and_again_a_cycle_comes_to_the_same(reborn, database, capsys):
    undisturbed = reborn("undisturbed")
    expected = []
    for name in STRETCHES:
        undisturbed.people_act(name)
        undisturbed.lead_here()
        expected.append(undisturbed.traces())
    seed = int(os.environ.get("SVCQA_FAULTS_SEED") or int.from_bytes(os.urandom(4)))
    sys.stderr.write(f"SVCQA_FAULTS_SEED={seed}\n")
    random, kills, lives = Random(seed), 0, 0
    while kills < KILLS[database]:
        life, lives = reborn(f"life {lives}"), lives + 1
        for name, wanted in zip(STRETCHES, expected, strict=True):
            life.people_act(name)
            kills += sum(life.lead_and_die(random) for _ in range(KILLS_EACH))
            life.lead()
            assert life.traces() == wanted, name
    with capsys.disabled():
        sys.stderr.write(f"\nseed {seed}: {kills} leaders of a cycle killed at work in {lives} lives\n")


@on_sqlite
def test_the_frozen_files_alone_give_the_same_scores(reborn):
    life = reborn("frozen")
    for name in STRETCHES[:2]:
        life.people_act(name)
        life.lead()
    place = life.world.place()
    with place.reading(SYSTEM) as tx:
        cycle = Month(place, life.cycle_id).cycle
        scheme = library.scheme_by_hash(tx, cycle.scheme_hash)
    assert evaluate(thawed(place.blobs, cycle.snapshot_sha256), scheme).score_hash == cycle.score_hash
    place.engine.dispose()
