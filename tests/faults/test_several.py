"""Two webs, two couriers, two sweeps, two dispatchers and two workers; of each one dies, and the work goes on."""

import json
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPException
from itertools import cycle
from threading import Event
from urllib.error import HTTPError

import pytest

from svcqa.casework.rebuilding import compare
from svcqa.kernel.clock import SystemClock
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.kernel.verifying import verify
from svcqa.organisation import people, tokens
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, read_folder
from tests.assessment.conftest import october
from tests.assessment.month import opened
from tests.conftest import MONDAY_MORNING
from tests.databases import copied, on_postgresql
from tests.faults.several import PATIENCE, Machines
from tests.faults.world import wait_until

__all__ = ["october"]

pytestmark = [pytest.mark.faults, on_postgresql]

PAIRS = ("web", "courier", "sweep", "dispatch", "worker")
ON_ITS_WAY = Statement("SELECT count(*) FROM outbox WHERE state IN ('queued', 'claimed', 'data')")
OWNERS = Statement("SELECT DISTINCT owner FROM outbox WHERE owner <> ''")
KEYS = Statement("SELECT external_id, count(*) FROM complaint WHERE external_id <> '' GROUP BY external_id")
IDS = Statement("SELECT message_id, state, attempts FROM outbox")
STRETCHES = Statement("SELECT ended_at, message FROM cycle_stretch ORDER BY started_at, id")
DOUBLES = Statement(
    "SELECT slug, person_id, about_id, count(*) FROM outbox WHERE about_kind = 'cycle'"
    " GROUP BY slug, person_id, about_id HAVING count(*) > 1"
)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory, october) -> Iterator[Machines]:
    """Return the machines at work on October's facts; nothing of them runs afterwards."""
    shift = MONDAY_MORNING - SystemClock().now()
    folder = copied(october, tmp_path_factory.mktemp("several") / "var")
    found = Machines(folder, f"shifted:{shift.total_seconds()}")
    place = found.place()
    with place.transaction(SYSTEM) as tx:
        library.publish(
            tx, read_folder(SHIPPED / "complaints-trial" / "v1"), confirmed_by="the leading group"
        )
    place.engine.dispose()
    try:
        found.start("mailbox", "prefect", "dispatch-1", "dispatch-2")
        found.start(*(f"{name}-{number}" for name in PAIRS[:3] for number in (1, 2)), "worker-1", "worker-2")
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="module")
def key(machines: Machines) -> str:
    """Return the hotline platform's key."""
    place = machines.place()
    with place.transaction(SYSTEM) as tx:
        (platform,) = people.find(tx, "API-10050")
        issued = tokens.issue_token(tx, person_id=platform.id, label="load")
    place.engine.dispose()
    return issued


def registered(machines: Machines, key: str, external_id: str) -> str:
    """Register at the one or the other web process, with the same key, until there is an answer."""
    body = {
        "subject": "承诺两小时内回电，至次日仍未联系客户",
        "channel": "hotline",
        "occurred_at": "2026-11-20T10:00:00+08:00",
        "unit": "cd",
        "complainant": "林女士",
        "email": "lin@example.com",
        "external_id": external_id,
    }
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": external_id,
    }
    until = time.monotonic() + PATIENCE
    for name in cycle(("web-1", "web-2")):
        url = f"http://127.0.0.1:{machines.ports[name]}/api/v1/complaints"
        try:
            request = urllib.request.Request(url, json.dumps(body).encode(), headers)
            with urllib.request.urlopen(request, timeout=20) as answer:
                return str(json.loads(answer.read())["number"])
        except HTTPError as refused:
            if refused.code != 503:
                raise
        except (OSError, HTTPException):  # nobody listens, or who did was killed over the answer
            time.sleep(0.05)
        assert time.monotonic() < until, "neither web process answered"
    raise AssertionError


def test_of_two_webs_couriers_and_sweeps_one_dies_each_and_nothing_is_lost_or_doubled(machines, key):
    told: dict[str, str] = {}
    enough = Event()

    def work(_number: int) -> None:
        while not enough.is_set():
            external_id = new_id()
            told[external_id] = registered(machines, key, external_id)

    with ThreadPoolExecutor(4) as clients:
        working = [clients.submit(work, number) for number in range(4)]
        wait_until(lambda: len(machines.ask(OWNERS)) == 2, "both couriers have a share")
        for name in ("web-1", "courier-1", "sweep-1"):
            machines.kill(name)
            goal = len(told) + 10
            wait_until(partial(_as_many, told, goal), f"work goes on without {name}")
        enough.set()
    assert [one.result() for one in working] == [None] * 4
    assert len(set(told.values())) == len(told)
    assert dict.fromkeys(told, 1) == dict(machines.ask(KEYS))
    machines.start("web-1", "courier-1", "sweep-1")


def _as_many(told: dict[str, str], goal: int) -> bool:
    return len(told) >= goal


def test_every_letter_left_once(machines):
    """The one that a courier died over may come twice alike: its lease is over ten minutes later."""
    letters = machines.ask(IDS)
    wait_until(lambda: machines.ask(ON_ITS_WAY)[0][0] <= 1, "the letters have gone")
    received = [path.read_bytes() for path in (machines.folder / "mailbox").glob("*.eml")]
    for message_id, state, _ in machines.ask(IDS):
        copies = [one for one in received if message_id.encode() in one]
        assert len(copies) == 1 or state in {"claimed", "data"}, (message_id, state, len(copies))
    assert len(letters) > 40


def waits(machines: Machines, count: int) -> str:
    def come() -> bool:
        rows = machines.ask(STRETCHES)
        return len(rows) >= count and all(ended for ended, _ in rows)

    wait_until(come, f"{count} stretches have ended", within=PATIENCE)
    return str(machines.ask(STRETCHES)[-1][1])


def test_prefect_asks_for_its_password(machines):
    with pytest.raises(HTTPError, match="401"):
        machines.prefect("flow_runs/filter", {}, password="operator:guessed")
    assert len(machines.prefect("deployments/filter", {})) == 10


def all_completed(machines: Machines) -> bool:
    """Tell whether Prefect, too, has heard of the end of every run."""
    asked = {"flow_runs": {"tags": {"all_": ["cycle:KH-202610-001"]}}}
    runs = machines.prefect("flow_runs/filter", asked)
    return {run["state"]["type"] for run in runs} == {"COMPLETED"}


def test_of_two_workers_and_dispatchers_one_dies_each_and_the_cycle_goes_on(machines):
    month = opened(machines.place())
    assert waits(machines, 1) == "等待评分 0/12，至 11-30"
    month.rate()
    assert waits(machines, 2).startswith("等待确认成绩")
    wait_until(partial(all_completed, machines), "both runs have completed", within=PATIENCE)
    machines.kill("worker-1")
    machines.kill("dispatch-1")
    month.confirm()
    assert waits(machines, 3).startswith("申诉期内")
    wait_until(partial(all_completed, machines), "the third run has completed", within=PATIENCE)
    assert machines.ask(DOUBLES) == []
    month.place.engine.dispose()


def test_afterwards_the_record_is_whole(machines):
    place = machines.place()
    with place.reading(SYSTEM) as tx:
        assert verify(tx).fault is None
        assert compare(tx, seal=place.seal) == []
    place.engine.dispose()
