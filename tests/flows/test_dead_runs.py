"""A run nobody has heard of for a hundred seconds is dead; one that is young or beats is not."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from flows import dead_runs
from flows.dead_runs import SILENT_FOR
from tests.flows.server import PlayedServer

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)


def run(*, since):
    return SimpleNamespace(id="one", state=SimpleNamespace(timestamp=since))


@pytest.mark.parametrize(
    ("since", "heard", "dead"),
    [
        (LONG_AGO, [], 1),
        (LONG_AGO, [LONG_AGO], 1),
        (LONG_AGO, [NOW - timedelta(seconds=40)], 0),
        (NOW - SILENT_FOR + timedelta(seconds=1), [], 0),
    ],
)
def test_silence_is_death(since, heard, dead):
    server: Any = PlayedServer()
    server.under_way = [run(since=since)]
    server.heard = {("prefect.flow-run.one", at) for at in heard}
    assert dead_runs.mark(server, now=NOW) == dead
    assert [state.type for state in server.ended.values()] == ["CRASHED"] * dead


def test_a_run_without_a_state_is_left_alone():
    server: Any = PlayedServer()
    server.under_way = [SimpleNamespace(id="one", state=None)]
    assert dead_runs.mark(server, now=NOW) == 0
