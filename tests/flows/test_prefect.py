"""A real Prefect server, dispatcher and worker lead October's cycle, and are killed while they do.

The tests are one story and stand in its order: each goes on where the one before it ended.
"""

import re
import time
from contextlib import closing

import pytest

from flows.dispatch import DEPLOYMENT
from svcqa.assessment import requests
from svcqa.assessment.requests import CUT_OFF
from svcqa.demo.people import roster
from svcqa.kernel.database import sqlite_module
from svcqa.kernel.statements import Statement
from tests.assessment.month import Month, opened
from tests.databases import copied, on_sqlite
from tests.faults.world import wait_until
from tests.flows.prefect_at_work import PATIENCE, PrefectAtWork

pytestmark = [pytest.mark.faults, on_sqlite]  # on PostgreSQL: tests/faults/test_several.py

STRETCHES = Statement("SELECT run_ref, ended_at, message FROM cycle_stretch ORDER BY started_at, id")
DOUBLES = Statement(
    "SELECT slug, person_id, count(*) FROM outbox WHERE about_kind = 'cycle'"
    " GROUP BY slug, person_id HAVING count(*) > 1"
)
SCORES = Statement("SELECT composite_hundredths FROM result WHERE composite_hundredths IS NOT NULL")


@pytest.fixture(scope="module")
def prefect(tmp_path_factory, october):
    """Return Prefect at work around October's facts; nothing of it runs afterwards."""
    folder = tmp_path_factory.mktemp("prefect") / "var"
    prefect = PrefectAtWork(copied(october, folder))
    prefect.start("prefect", "dispatch", "worker")
    yield prefect
    prefect.stop()


@pytest.fixture(scope="module")
def month(prefect):
    """Return October's cycle, opened while Prefect runs."""
    return opened(prefect.place())


def stretches(prefect):
    return prefect.ask(STRETCHES)


def ended(prefect, count):
    """Wait until so many stretches have begun and all have ended, and return what the last one waits for."""

    def come():
        rows = stretches(prefect)
        return len(rows) >= count and all(at for _, at, _ in rows)

    wait_until(come, f"{count} stretches have ended", within=PATIENCE)
    return stretches(prefect)[-1][2]


def finished(prefect, run_id):
    wait_until(lambda: prefect.api(f"/flow_runs/{run_id}")["end_time"], "the run has ended", within=PATIENCE)
    return prefect.api(f"/flow_runs/{run_id}")


def deployed(prefect, full_name):
    flow, _, name = full_name.partition("/")
    asked = {"flows": {"name": {"any_": [flow]}}, "deployments": {"name": {"any_": [name]}}}
    (deployment,) = prefect.api("/deployments/filter", asked)
    return deployment["id"]


def started_by_hand(prefect, number):
    body = {"parameters": {"number": number}, "idempotency_key": f"by hand {number}"}
    run = prefect.api(f"/deployments/{deployed(prefect, DEPLOYMENT)}/create_flow_run", body)
    return finished(prefect, run["id"])


def test_an_opened_cycle_starts_a_run_that_ends_saying_who_is_awaited(prefect, month):
    assert ended(prefect, 1) == "等待评分 0/12，至 11-30"
    ((run_id, _, message),) = stretches(prefect)
    run = finished(prefect, run_id)
    assert (run["state"]["type"], run["state"]["message"]) == ("COMPLETED", message)
    assert run["name"] == month.cycle.title
    assert set(run["tags"]) == {"cycle:KH-202610-001", "城东车间", "telecom-service"}
    subruns = prefect.runs(tags={"all_": ["cycle:KH-202610-001"]}, parent_task_run_id={"is_null_": False})
    assert sorted(one["state"]["message"] for one in subruns) == ["已完成 8/8 人", message]


def test_a_schedule_produces_runs_that_complete(prefect):
    sweep = deployed(prefect, "时限巡检/每五分钟")
    often = [{"schedule": {"interval": 10, "anchor_date": "2026-01-01T00:00:00Z"}, "active": True}]
    prefect.api(f"/deployments/{sweep}", {"schedules": often}, "PATCH")

    def completed():
        runs = prefect.runs(deployment_id={"any_": [sweep]}, state={"type": {"any_": ["COMPLETED"]}})
        return [run for run in runs if run["auto_scheduled"]]

    wait_until(lambda: len(completed()) >= 2, "two scheduled runs have completed", within=PATIENCE)
    prefect.api(f"/deployments/{sweep}/pause_deployment", {})
    assert all(run["state"]["message"].endswith("失败 0") for run in completed())
    assert all(re.fullmatch(r"时限巡检 \d\d-\d\d \d\d:\d\d", run["name"]) for run in completed())


def test_a_run_whose_worker_is_killed_writes_nothing_more_and_another_one_finishes(prefect, month):
    month.rate()
    # The same SQLite as the product's: two of them in one process break each other's locks.
    with closing(sqlite_module().connect(prefect.folder / "svcqa.db", isolation_level=None)) as lock:
        wait_until(lambda: len(stretches(prefect)) == 2, "the run has begun", within=PATIENCE)
        lock.execute("PRAGMA busy_timeout = 20000")
        lock.execute("BEGIN IMMEDIATE")  # the run waits for the database with its work half done
        prefect.kill("worker")
        wait_until(
            lambda: not [one for one in prefect.everyone() if "prefect.engine" in one], "no run is left"
        )
        lock.execute("ROLLBACK")
    prefect.stop("dispatch")
    prefect.later(minutes=3)
    prefect.start("dispatch", "worker")
    assert ended(prefect, 3).startswith("等待确认成绩")
    assert [message for _, _, message in stretches(prefect)][1] == CUT_OFF
    assert prefect.ask(DOUBLES) == []


def test_a_person_confirms_and_the_run_goes_on(prefect, month):
    before = len(stretches(prefect))
    month = Month(prefect.place(), month.cycle_id)
    began = time.monotonic()
    month.confirm()
    assert ended(prefect, before + 1).startswith("申诉期内")
    assert time.monotonic() - began < 60
    assert prefect.ask(DOUBLES) == []


def test_prefects_database_is_deleted_and_the_next_request_brings_everything_back(prefect, month):
    before = len(stretches(prefect))
    prefect.kill("prefect")
    for path in (prefect.folder / "prefect").glob("prefect.db*"):
        path.unlink()
    month.act("liumin", lambda tx: requests.want(tx, month.cycle_id, reason="button"))
    prefect.start("prefect")
    assert ended(prefect, before + 1).startswith("申诉期内")
    assert len(prefect.api("/deployments/filter", {})) == 10


def test_after_days_of_standstill_what_came_due_is_done_once(prefect, month):
    before = len(stretches(prefect))
    prefect.stop("worker", "dispatch")
    prefect.later(days=7)
    prefect.start("dispatch", "worker")
    assert ended(prefect, before + 1).startswith("等待改进措施 0/")
    assert prefect.ask(DOUBLES) == []


def test_a_run_from_prefects_own_page_is_one_like_any_other(prefect, month):
    before = len(stretches(prefect))
    run = started_by_hand(prefect, "KH-202610-001")
    assert run["state"]["message"].startswith("等待改进措施 0/")
    assert len(stretches(prefect)) == before + 1
    wrong = started_by_hand(prefect, "KH-1")
    assert (wrong["state"]["type"], wrong["state"]["message"]) == (
        "FAILED",
        "没有编号为 KH-1 的考核周期，请核对编号。",
    )


def test_no_person_and_no_score_is_in_prefects_database_or_logs(prefect, month):
    prefect.stop()
    written = [*(prefect.folder / "prefect").glob("prefect.db*"), *prefect.folder.glob("*.log")]
    kept = b"".join(path.read_bytes() for path in written)
    assert "等待改进措施".encode() in kept
    people = [one for person in roster().people for one in (person.name, person.email) if one]
    assert len(people) > 80
    assert [one for one in people if one.encode() in kept or one.encode("unicode_escape") in kept] == []
    scores = [f"{hundredths / 100:.2f}" for (hundredths,) in prefect.ask(SCORES)]
    assert len(scores) == 8
    # A number by itself: the same digits inside of a longer one are a duration or a moment.
    assert [one for one in scores if re.search(rf"(?<![\d.:]){re.escape(one)}(?!\d)".encode(), kept)] == []


def test_nothing_of_it_runs_any_more(prefect):
    assert prefect.everyone() == []
