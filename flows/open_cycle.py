"""The flow a schedule starts: it opens the cycles of the period just over. The dispatcher starts their runs."""

from functools import partial
from typing import Literal

from prefect import flow

from flows.naming import by_schedule
from flows.service import End, called, ended, runtime
from svcqa.assessment import scheduled
from svcqa.assessment.scheduled import Opened
from svcqa.bootstrap import with_years_of_today
from svcqa.kernel.transaction import SYSTEM

Cadence = Literal["daily", "monthly", "quarterly", "half_yearly", "yearly"]


@flow(
    name="开启考核",
    flow_run_name=by_schedule("开启考核"),
    description="为每个单位开启刚结束的考核期，遇节假日顺延到工作日；已开启的不重复。",
    persist_result=False,
)
async def open_cycle(
    cadence: Cadence = "monthly", scheme: str = "telecom-service", units: tuple[str, ...] = ()
) -> End:
    """Open what is due.

    Args:
        cadence: 考核频次
        scheme: 考核办法在制度库中的编号
        units: 单位代码 (留空则用设置 SVCQA_ASSESSED_UNITS)

    """
    return await ended(called(partial(open_due, cadence, scheme, units)))


def open_due(cadence: str, scheme: str, units: tuple[str, ...]) -> str:
    """Open the cycles in one transaction and say how many."""
    place = with_years_of_today(runtime().place)
    with place.transaction(SYSTEM) as tx:
        codes = units or tx.settings.assessed_unit_codes
        return said(scheduled.open_past(tx, scheme, cadence=cadence, unit_codes=codes))


def said(opened: Opened) -> str:
    """Say what was opened."""
    if opened.holiday:
        return "今天不是工作日，顺延"
    return f"新开启 {opened.new} 个周期，已有 {opened.before} 个"
