"""The six sub-flows of a cycle. A stage that is over returns at once; the present one does its steps, batch by batch.

A task is one step until nothing of it is left, however many people it concerns.
"""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import card as cards
from flows.card import Card
from flows.service import End, called, completed, ended, failed
from states.cycle import STAGE_LABELS, STAGE_OF, STAGES
from svcqa.assessment import steps, stretches
from svcqa.assessment.steps import Step
from svcqa.assessment.stretches import Lease
from svcqa.kernel.transaction import Workplace


@dataclass(frozen=True)
class Hand:
    """What moves a cycle during one run: the workplace, the cycle's card and the lease."""

    place: Workplace
    card: Card
    lease: Lease

    def stage(self) -> str:
        """Return the state of the cycle now."""
        return stretches.stage_of(self.place, self.card.id)

    def repeat(self, step: Step) -> str:
        """Do a step until nothing of it is left."""
        batches = 0
        while stretches.do(self.place, self.lease, step):
            batches += 1
        return f"{batches} 批"

    def move_on(self) -> str:
        """Make the next move if it is due."""
        return "进入下一步" if stretches.move_on(self.place, self.lease) else "尚需等待"

    def line(self, stage: str) -> str:
        """Return a stage's counts in words."""
        line = next(one for one in cards.lines_of(self.place, self.card) if one.stage == stage)
        return line.sentence if line.state == "now" else f"{cards.STATES[line.state]} {line.sentence}".strip()


# Parameters of a sub-flow are stored by Prefect, so the hand goes beside them.
HAND: ContextVar[Hand] = ContextVar("hand")


@task(name="步骤", task_run_name="{label}", persist_result=False, cache_policy=NO_CACHE)
async def take(label: str, work: Callable[[], str]) -> End:  # noqa: ARG001 - the label names the run
    """Take one step."""
    return await ended(called(work))


async def lead(number: str, stage: str) -> End:  # noqa: ARG001 - the number names the run
    """Lead a cycle through one of its stages, as far as it goes."""
    return await ended(_led(HAND.get(), stage))


async def _led(hand: Hand, stage: str) -> End:
    while STAGE_OF.get(before := await asyncio.to_thread(hand.stage)) == stage:
        works = [(step.label, partial(hand.repeat, step)) for step in steps.of(before)]
        for label, work in [*works, ("继续", hand.move_on)]:
            end: End = await take(label, work, return_state=True)  # type: ignore[misc]  # typed as not awaited
            if not end.is_completed():
                return failed(end.message)
        if await asyncio.to_thread(hand.stage) == before:
            break
    return completed(await asyncio.to_thread(hand.line, stage))


SUBFLOWS = {
    stage: flow(name=STAGE_LABELS[stage], flow_run_name="{number}", persist_result=False)(lead)
    for stage in STAGES
}
"""The sub-flow of each stage, in the order of the stages."""
