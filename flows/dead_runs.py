"""Runs whose process was killed cannot say so: they are marked Crashed when their heartbeat has stopped.

Prefect's automation for it writes a row for each event, and on SQLite that locks out the runs themselves.
"""

from datetime import datetime, timedelta

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter, EventResourceFilter
from prefect.states import Crashed

HEARTBEAT = "prefect.flow-run.heartbeat"
SILENT_FOR = timedelta(seconds=100)
"""Three heartbeats and some; `svcqa up` has one sent every 30 seconds."""

UNDER_WAY = FlowRunFilter(
    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING]))
)


def mark(client: SyncPrefectClient, *, now: datetime) -> int:
    """Mark the runs nobody has heard of for so long and return how many; `now` is the machine's time."""
    since = now - SILENT_FOR
    dead = [run for run in client.read_flow_runs(flow_run_filter=UNDER_WAY) if _is_dead(client, run, since)]
    for run in dead:
        client.set_flow_run_state(run.id, Crashed(message="进程已不在，心跳停止"), force=True)
    return len(dead)


def _is_dead(client: SyncPrefectClient, run: FlowRun, since: datetime) -> bool:
    if run.state is None or run.state.timestamp > since:
        return False
    heard = EventFilter(
        event=EventNameFilter(name=[HEARTBEAT]),
        resource=EventResourceFilter(id=[f"prefect.flow-run.{run.id}"]),
        occurred=EventOccurredFilter(since=since),
    )
    return not client.read_events(heard, limit=1).events
