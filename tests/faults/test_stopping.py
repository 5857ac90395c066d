"""Told to stop, each process ends well and soon: what runs may end, what cannot leaves what a crash would leave."""

import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

import pytest

from notifications import notices
from svcqa.commands.stopping import LONGEST_STOP
from svcqa.kernel import outbox
from svcqa.kernel.database import open_to_read, sqlite_module
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.rounds import SWEEP
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.databases import on_sqlite
from tests.faults.relay import StrikingRelay, beside
from tests.faults.world import wait_until
from tests.notifications.relay import SILENCE

pytestmark = pytest.mark.faults

LATEST = LONGEST_STOP + 6  # the machine may be busy
STATES = Statement("SELECT state, count(*) FROM outbox GROUP BY state")
CAME = Statement("SELECT 1 FROM last_round WHERE name = :name")
EVENTS = Statement("SELECT size FROM audit_head")


def stop(world, name, number=signal.SIGTERM):
    """Tell a process to stop; return its exit code and how many seconds that took."""
    process, began = world.process(name), time.monotonic()
    process.send_signal(number)
    code = process.wait(timeout=30)
    return code, time.monotonic() - began


def post(world, count):
    place = world.place()
    with place.transaction(SYSTEM) as tx:
        for number in range(count):
            to = Recipient("somebody", f"staff{number}@kefu.example.com")
            outbox.post(tx, notices.CaseAssigned.sample(), to=to, about=("complaint", str(number)))
    place.engine.dispose()


def states(world):
    with open_to_read(world.settings.database) as tx:
        return Counter({row[0]: row[1] for row in STATES.run(tx).fetchall()})


@contextmanager
def locked(world):
    """Keep everybody from writing, as one writer does on SQLite; PostgreSQL ends such a wait after five seconds."""
    path = world.settings.database.removeprefix("sqlite:///")
    lock = sqlite_module().connect(path, isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        lock.close()


def sign_in(world):
    """Try to sign in, which writes, and return the status, or 0 when there is no answer."""
    door = HTTPConnection("127.0.0.1", world.settings.web_port, timeout=30)
    try:
        door.request(
            "POST",
            "/sign-in",
            "name=10206&password=wrong",
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        return door.getresponse().status
    except (HTTPException, OSError):
        return 0
    finally:
        door.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["web", "courier", "sweep"])
def test_an_idle_process_ends_well_and_by_itself(world, name, number):
    post(world, 1)  # the courier is seen to work by what it claims
    world.start(name)
    world.await_ready(name)
    if name == "sweep":
        wait_until(lambda: world.sees(CAME, name=SWEEP), "the sweep comes round")
    code, seconds = stop(world, name, number)
    assert code == 0
    assert seconds < LATEST
    assert "has stopped" in world.running[name].log.read_text("utf-8"), (
        "it ended by itself, nothing was cut off"
    )


@on_sqlite
def test_a_request_that_runs_is_answered_before_the_web_app_ends(world):
    world.start("web")
    world.await_ready("web")
    kept_alive = HTTPConnection("127.0.0.1", world.settings.web_port, timeout=30)
    kept_alive.request("GET", "/healthz")
    assert kept_alive.getresponse().read() == b"ok"
    with ThreadPoolExecutor() as pool:
        with locked(world):
            asked = pool.submit(sign_in, world)
            time.sleep(1)
            stopping = pool.submit(stop, world, "web")
            time.sleep(1.5)
            assert world.running["web"].ended is None
        assert asked.result() == 422
        code, seconds = stopping.result()
    kept_alive.close()
    assert code == 0
    assert 1.5 < seconds < LATEST


@on_sqlite
def test_a_request_that_hangs_is_cut_off_and_nothing_of_it_is_kept(world):
    world.start("web")
    world.await_ready("web")
    before = world.ask(EVENTS)
    with ThreadPoolExecutor() as pool, locked(world):
        asked = pool.submit(sign_in, world)
        time.sleep(1)
        code, seconds = stop(world, "web")
        assert asked.result() in (0, 500, 503)
    assert code == 0
    assert seconds < LATEST
    assert world.ask(EVENTS) == before


def test_a_letter_in_flight_ends_before_the_courier_does(world):
    post(world, 1)
    relay = StrikingRelay("DOT", lambda: time.sleep(2))
    with beside(relay, world):
        world.start("courier")
        wait_until(lambda: states(world)["data"], "the letter's content leaves")
        code, seconds = stop(world, "courier")
    assert code == 0
    assert seconds < LATEST
    assert states(world) == Counter(sent=1)
    said = world.running["courier"].log.read_text("utf-8")
    assert "round of mails: 1 sent" in said
    assert "the courier has stopped" in said
    assert "@" not in said


def test_a_relay_that_falls_silent_does_not_hold_the_courier_and_untried_letters_go_back(world):
    post(world, 6)
    relay = StrikingRelay("DOT")
    relay.script["DOT"].append(SILENCE)
    relay.script["RCPT"].extend(["250 ok", SILENCE, SILENCE, SILENCE])
    with beside(relay, world):
        world.start("courier")
        wait_until(lambda: relay.verbs.count("RCPT") == 4 and relay.arrived, "four letters are on their way")
        code, seconds = stop(world, "courier")
    assert code == 0
    assert seconds < LATEST
    assert states(world) == Counter(data=1, queued=5), (
        "one in doubt, as after a crash; the others as if untried"
    )


@on_sqlite
def test_a_sweep_that_waits_for_the_database_ends_in_time(world):
    world.start("sweep")
    wait_until(lambda: world.sees(CAME, name=SWEEP), "the sweep comes round")
    with locked(world):
        time.sleep(2)  # a round begins each second
        code, seconds = stop(world, "sweep")
    assert code == 0
    assert seconds < LATEST
