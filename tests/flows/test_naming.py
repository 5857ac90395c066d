"""What Prefect's pages call the runs of a schedule: before they begin, and when they do."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from flows import audit_checkpoint, deadline_sweep, mail_backstop, naming, open_cycle, prune_runs
from tests.flows.server import PlayedServer

AT = datetime(2026, 11, 23, 1, 31, tzinfo=UTC)


def run(identity, flow_id, *, name="orange-mackerel", auto=True, **parameters):
    return SimpleNamespace(
        id=identity, flow_id=flow_id, name=name, auto_scheduled=auto, expected_start_time=AT,
        parameters=parameters,
    )  # fmt: skip


def test_planned_runs_say_what_they_do_and_when_in_local_time():
    server: Any = PlayedServer()
    server.flows = {1: "时限巡检", 2: "开启考核", 3: "考核周期"}
    server.planned = [
        run("a", 1),
        run("b", 2, cadence="monthly"),
        run("c", 3, name="2016-04 月度考核", auto=False),
        run("d", 1, name="时限巡检 11-23 09:31"),
    ]
    assert naming.name_planned(server) == 2
    assert [one.name for one in server.planned] == [
        "时限巡检 11-23 09:31", "开启月度考核 11-23 09:31", "2016-04 月度考核", "时限巡检 11-23 09:31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "flow",
    [
        audit_checkpoint.audit_checkpoint,
        deadline_sweep.deadline_sweep,
        mail_backstop.mail_backstop,
        open_cycle.open_cycle,
        prune_runs.prune_runs,
    ],
    ids=lambda flow: flow.name,
)
def test_a_run_that_begins_is_called_the_same(flow, monkeypatch):
    played = SimpleNamespace(parameters={}, scheduled_start_time=AT - timedelta(minutes=1))
    monkeypatch.setattr(naming, "flow_run", played)
    assert flow.flow_run_name() == f"{flow.name} 11-23 09:30"
