"""Several sweepers at once, one of them killed: what comes due is done once."""

import time
from datetime import timedelta
from random import Random

import pytest

from svcqa.casework import registering
from svcqa.casework.forms import Register
from svcqa.casework.sweep import sweep
from svcqa.kernel.statements import Statement
from tests.cast import Cast
from tests.faults.conftest import PROFILE
from tests.faults.evidence import gather
from tests.faults.verification import wrongly_queued, wrongly_reminded
from tests.faults.world import wait_until

pytestmark = pytest.mark.faults

CASES = 210  # more than one batch of the sweep
ALARMS = Statement("SELECT count(*) FROM audit_event WHERE action = 'deadline.alarm'")
RIPE = Statement("SELECT 1 FROM deadline WHERE ended_at IS NULL AND next_at <= :now LIMIT 1")


def register_many(world):
    place = world.place()
    with place.transaction(Cast(place).actor("xuwenjing")) as tx:
        form = Register(
            subject="承诺两小时内回电，至次日仍未联系客户",
            channel="hotline",
            occurred_at=tx.now - timedelta(days=2),
            unit="cd",
            complainant="林女士",
            email="lin@example.com",
        )
        for _ in range(CASES):
            registering.register(tx, form=form, source="web")
    place.engine.dispose()


def sweep_together(world, random):
    """Let three sweepers do what is due, of whom one is killed once something is done."""
    said = world.ask(ALARMS)
    for name in ("one", "two", "three"):
        world.start_as(name, "sweep", "--every", "1")
    wait_until(lambda: world.ask(ALARMS) != said, "a sweeper has begun")
    time.sleep(random.uniform(0, 0.5))
    world.kill("one")
    wait_until(lambda: not world.sees(RIPE, now=world.now()), "everything due is said")
    world.stop("two", "three")


@pytest.mark.parametrize("seed", range(PROFILE.rounds))
def test_three_sweepers_of_whom_one_is_killed_say_each_alarm_once(world, seed):
    register_many(world)
    for days in (4, 9):  # past the step's alarms, then the customer's
        world.later(timedelta(days=days))
        sweep_together(world, Random(seed))
    evidence = gather(world.settings)
    assert list(wrongly_reminded(evidence)) == []
    assert list(wrongly_queued(evidence)) == []
    assert evidence.unsound == []
    place = world.place()
    assert sweep(place).alarms == 0
    place.engine.dispose()
