"""The one door from a flow to the services, and what Prefect may know of a failure: a sentence without persons.

Prefect has no rights per user, so neither an exception nor its text ever reaches it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import cache

from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from states import Refused
from svcqa.assessment.stretches import LeaseLost
from svcqa.bootstrap import Runtime, build_current
from svcqa.kernel.errors import Busy
from svcqa.kernel.settings import Settings

log = logging.getLogger("svcqa.flows")

End = State[None]
SAYABLE = (Refused, LeaseLost, Busy)
"""Their sentences speak of stages and counts. Those of the other refusals may name a person."""


@cache
def runtime() -> Runtime:
    """Return this process's workplace, put together at the first call from the environment."""
    return build_current(Settings())


async def called(work: Callable[[], str]) -> End:
    """Do blocking work in a thread and end as completed with what it says."""
    return completed(await asyncio.to_thread(work))


async def ended(body: Awaitable[End]) -> End:
    """Return how a flow or task ended; what goes wrong in it becomes Failed with a sentence."""
    try:
        return await body
    except SAYABLE as refusal:
        return failed(refusal.sentence)
    except Exception as error:  # the outermost place: from here its text would reach Prefect's database
        log.exception("a flow failed")
        return failed(f"没有完成（{type(error).__name__}），原因写在运行这一步的机器的日志里。")


def completed(message: str) -> End:
    """Return the end of what went well."""
    return Completed(message=message)


def failed(message: str | None) -> End:
    """Return the end of what did not."""
    return Failed(message=message)
