"""The flow that leads a cycle: one run is one stretch between two waits, and ends saying who is awaited."""

import asyncio

from prefect import flow, tags
from prefect.runtime import flow_run

from flows import card as cards
from flows.service import End, completed, ended, failed, runtime
from flows.stages import HAND, SUBFLOWS, Hand
from states.cycle import STAGE_OF
from svcqa.assessment import stretches


@flow(
    name="考核周期",
    description="推进一个考核周期，直到要等人或等日期。重复运行没有坏处：做过的不再做。",
    persist_result=False,
)
async def assessment_cycle(number: str) -> End:
    """Lead a cycle as far as it goes without people.

    Args:
        number: 周期编号 (KH-201604-001)

    """
    return await ended(_led(number, flow_run.id))


async def _led(number: str, run_id: str) -> End:
    place = runtime().place
    card = await asyncio.to_thread(cards.of, place, number)
    await cards.pin(card, run_id)
    lease = await asyncio.to_thread(
        stretches.begin, place, card.id, owner=f"prefect {run_id}", run_ref=run_id
    )
    if lease is None:
        return completed(stretches.TAKEN)
    hand = Hand(place, card, lease)
    HAND.set(hand)
    # Prefect's server stands still for a minute now and then; that is no reason to lose the cycle to another run.
    with tags(*card.tags), stretches.alive(place, lease):
        end = await _through(hand)
        if end.is_completed():
            end = completed(await asyncio.to_thread(stretches.end, place, lease))
        await cards.show(place, card)
    return end


async def _through(hand: Hand) -> End:
    """Go through the stages up to the present one."""
    for stage, subflow in SUBFLOWS.items():
        led = await subflow(hand.card.number, stage, return_state=True)
        if not led.is_completed():
            return failed(led.message)
        if STAGE_OF.get(await asyncio.to_thread(hand.stage)) == stage:
            break
    return completed("")
