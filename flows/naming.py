"""What the runs of a schedule are called: what they do and when, in local time, as soon as Prefect has planned them."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run

from svcqa.kernel.calendar import local
from svcqa.rulebook.scheme import CADENCES

PLANNED = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])))


def called(what: str, at: datetime) -> str:
    """Return the name of a run, such as `时限巡检 11-23 09:31`."""
    return f"{what} {local(at):%m-%d %H:%M}"


def by_schedule(what: str) -> Callable[[], str]:
    """Return what names a run of a flow when it begins."""
    return lambda: called(_of_cadence(what, flow_run.parameters), flow_run.scheduled_start_time)


def name_planned(client: SyncPrefectClient) -> int:
    """Name the runs that schedules have planned, in whose place Prefect puts two random words; return how many."""
    planned = [run for run in client.read_flow_runs(flow_run_filter=PLANNED) if run.auto_scheduled]
    flows = {flow_id: client.read_flow(flow_id).name for flow_id in {run.flow_id for run in planned}}
    named = 0
    for run in planned:
        at = run.expected_start_time
        name = called(_of_cadence(flows[run.flow_id], run.parameters), at) if at else run.name
        if run.name != name:
            with suppress(ObjectNotFound):  # its schedule was changed meanwhile
                client.update_flow_run(run.id, name=name)
                named += 1
    return named


def _of_cadence(what: str, parameters: Mapping[str, Any]) -> str:
    """Put the cadence of an opening into its name: `开启考核` becomes `开启月度考核`."""
    cadence = CADENCES.get(parameters.get("cadence", ""))
    return what.replace("考核", f"{cadence}考核") if cadence else what
