"""The flow that deletes Prefect's own old runs. The cycles' history lies in our database and stays."""

from datetime import timedelta
from typing import Annotated

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterEndTime
from prefect.exceptions import ObjectNotFound
from pydantic import Field

from flows.naming import by_schedule
from flows.service import End, completed, ended
from svcqa.kernel.clock import SystemClock

BATCH = 200

Days = Annotated[int, Field(ge=1)]


@flow(
    name="清理运行记录",
    flow_run_name=by_schedule("清理运行记录"),
    description="删除 Prefect 里过期的运行记录，业务数据不受影响。",
    persist_result=False,
)
async def prune_runs(keep_days: Days = 30) -> End:
    """Delete old runs.

    Args:
        keep_days: 保留天数 (从运行结束算起)

    """
    return await ended(_pruned(keep_days))


async def _pruned(keep_days: int) -> End:
    # Prefect's runs live in the machine's time, whatever our own clock says.
    before = SystemClock().now() - timedelta(days=keep_days)
    over = FlowRunFilter(end_time=FlowRunFilterEndTime(before_=before))
    deleted = 0
    async with get_client() as client:
        while runs := await client.read_flow_runs(flow_run_filter=over, limit=BATCH):
            for run in runs:
                try:
                    await client.delete_flow_run(run.id)
                except ObjectNotFound:  # it went with its parent
                    continue
                deleted += 1
    return completed(f"删除 {deleted} 条运行记录")
