"""A cycle as Prefect may know it: number, title, tags, and an artifact of counts and links. Never a person."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from prefect.artifacts import acreate_markdown_artifact
from prefect.client.orchestration import get_client

from states import Refused
from svcqa.assessment import progress, standing
from svcqa.assessment.progress import StageLine
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import people

STATES = {"done": "已完成", "now": "进行中", "later": "未开始"}


@dataclass(frozen=True)
class Card:
    """What a run shows of the cycle it leads."""

    id: str
    number: str
    title: str
    tags: tuple[str, ...]
    page: str


def of(place: Workplace, number: str) -> Card:
    """Return the card of the cycle with a number; raises Refused when there is none."""
    with place.reading(SYSTEM) as tx:
        try:
            cycle = standing.numbered(tx, number)
        except NotFound as missing:
            raise Refused("unknown", f"没有编号为 {number} 的考核周期，请核对编号。") from missing
        unit = people.unit(tx, cycle.unit_id)
    tags = (f"cycle:{cycle.number}", unit.name, cycle.scheme_id)
    page = f"{place.settings.base_url}/cycles/{cycle.number}"
    return Card(cycle.id, cycle.number, cycle.title, tags, page)


async def pin(card: Card, run_id: str) -> None:
    """Give a run the title and the tags of its cycle."""
    async with get_client() as client:
        await client.update_flow_run(UUID(run_id), name=card.title, tags=list(card.tags))


async def show(place: Workplace, card: Card) -> None:
    """Leave the cycle's progress as an artifact, one per cycle with its history."""
    lines = await asyncio.to_thread(lines_of, place, card)
    await acreate_markdown_artifact(
        markdown=written(card, lines), key=f"cycle-{card.number.lower()}", description=card.title
    )


def lines_of(place: Workplace, card: Card) -> list[StageLine]:
    """Return the stages of the cycle with their counts."""
    with place.reading(SYSTEM) as tx:
        return progress.stage_lines(tx, card.id)


def written(card: Card, lines: list[StageLine]) -> str:
    """Write the progress as Markdown."""
    rows = [
        f"| {line.label} | {STATES[line.state]} | {line.done}/{line.total} | {line.sentence} |"
        for line in lines
    ]
    return "\n".join(
        [
            f"## {card.title}",
            "",
            f"编号 {card.number}，[在考核系统中打开]({card.page})",
            "",
            "| 阶段 | 状态 | 进度 | 说明 |",
            "|---|---|---|---|",
            *rows,
        ]
    )
