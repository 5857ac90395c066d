"""PostgreSQL itself is killed under the load and started again: what was told stays true, and everything goes on."""

import os
import sys
import time

import pytest

from svcqa.kernel.statements import Statement
from tests.databases import ADDRESS, on_postgresql
from tests.faults.conftest import PROFILE
from tests.faults.evidence import gather
from tests.faults.journal import Journal
from tests.faults.trial import SERVICES, Trial
from tests.faults.verification import verify_world
from tests.faults.world import BEGINS_AT, furnish, wait_until, world_in
from tests.postgres import Server

# A connection that is cut off in the middle of an answer is closed by the collector, which says so.
CUT = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
pytestmark = [pytest.mark.faults, on_postgresql, CUT]

SWEPT = Statement("SELECT 1 FROM last_round WHERE name = 'sweep' AND came_at > :at")
SENT = Statement("SELECT 1 FROM outbox WHERE sent_at > :at LIMIT 1")
KILLS = 2 if PROFILE.rounds == 1 else 60


@pytest.fixture(scope="module")
def server(database):
    """Return a PostgreSQL that keeps what it said, as in production."""
    server = Server(durable=True)
    yield server
    server.close()


@pytest.fixture(scope="module")
def trial(tmp_path_factory, server):
    """Return what a world went through whose database was killed again and again, at rest again."""
    folder = tmp_path_factory.mktemp("database killed")
    (folder / "var").mkdir()
    (folder / "var" / ADDRESS).write_text(server.dsn(server.create()))
    furnish(folder / "var")
    seed = int(os.environ.get("SVCQA_FAULTS_SEED") or int.from_bytes(os.urandom(4)))
    sys.stderr.write(f"SVCQA_FAULTS_SEED={seed}\n")
    trial = Trial(world_in(folder / "var"), Journal(folder / "journal"), seed)

    pids: list[list[int]] = []

    def strike(random):
        wait_until(lambda: trial.world.sees(SWEPT, at=BEGINS_AT), "the sweep has come round")
        pids.append(pids_of(trial))
        server.kill()
        time.sleep(random.uniform(0, 2))
        server.start()
        began, at, told = time.monotonic(), trial.world.now(), len(trial.journal.done())
        wait_until(lambda: len(trial.journal.done()) > told, "somebody is told that something is done")
        wait_until(lambda: trial.world.sees(SWEPT, at=at), "the sweep comes round")
        wait_until(lambda: trial.world.sees(SENT, at=at), "the courier sends a letter")
        return time.monotonic() - began

    try:
        trial.harm(KILLS, strike)
        trial.settle()
    finally:
        trial.world.close()
    return trial, pids


def pids_of(trial):
    return [trial.world.process(name).pid for name in SERVICES if trial.world.running[name].ended is None]


def test_nothing_acknowledged_is_lost_with_the_database(trial, capsys):
    trial, _ = trial
    evidence = gather(trial.world.settings)
    with capsys.disabled():
        sys.stderr.write(f"\nthe database killed {KILLS} times, {trial.figures(evidence)}\n")
    assert verify_world(evidence, trial.journal) == []
    assert trial.journal.refusals() == []
    assert len(trial.journal.done()) > KILLS


def test_web_courier_and_sweep_outlive_their_database(trial):
    _, pids = trial
    assert [each == pids[0] and len(each) == len(SERVICES) for each in pids] == [True] * KILLS


def test_after_all_of_it_the_terminal_calls_the_chain_intact(trial):
    verdict = trial[0].world.run("audit", "verify")
    assert (verdict.returncode, verdict.stdout.partition(":")[0]) == (0, "intact")
