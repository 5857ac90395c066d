"""The flow that does what has come due when the sweep beside the web app does not: in cases, measures and cycles."""

from prefect import flow

from flows.naming import by_schedule
from flows.service import End, called, ended, runtime
from svcqa.assessment.sweeping import sweep_all
from svcqa.bootstrap import with_years_of_today
from svcqa.kernel import rounds


@flow(
    name="时限巡检",
    flow_run_name=by_schedule("时限巡检"),
    description="处理到期的投诉时限、申诉期、改进措施和考核周期，重复运行没有坏处。",
    persist_result=False,
)
async def deadline_sweep() -> End:
    """Do what has come due."""
    return await ended(called(swept))


def swept() -> str:
    """Sweep once and say how much was done."""
    place = runtime().place
    done = sweep_all(with_years_of_today(place))
    rounds.note(place, rounds.SWEEP)
    cases, measures, cycles = done.complaints, done.measures, done.cycles
    return (
        f"时限提醒 {cases.alarms}，视为送达 {cases.served}，期满办结 {cases.closed}，"
        f"措施提醒 {measures.warned + measures.overdue + measures.escalated}，"
        f"措施评估 {cycles.judged}，评分提醒 {cycles.reminded}，待推进的周期 {cycles.wanted}，失败 {done.failed}"
    )
