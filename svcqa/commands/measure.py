"""`svcqa measure`: the improvement measures by what is due next."""

from dataclasses import asdict
from typing import Annotated

import typer

from states.measure import LAW
from svcqa.commands import as_json, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.opening import TERMINAL
from svcqa.improvement import queries
from svcqa.improvement.queries import Card
from svcqa.kernel.errors import Invalid

app = typer.Typer(add_completion=False, no_args_is_help=True, help="List improvement measures (改进措施).")


@app.callback()
def measure() -> None:
    """List improvement measures (改进措施)."""


@app.command("list", epilog="Example: svcqa measure list --late")
def list_measures(
    state: Annotated[
        str,
        typer.Option(
            help=f"Only this state ({', '.join(one.name for one in LAW.states)}); without it all that are open.",
            show_default=False,
        ),
    ] = "",
    *,
    late: Annotated[bool, typer.Option("--late", help="Only those whose due day is over.")] = False,
    for_program: AsJson = False,
) -> None:
    """List improvement measures, the next due first."""
    if state and state not in {one.name for one in LAW.states}:
        names = "、".join(one.name for one in LAW.states)
        raise Invalid("state", f"没有状态“{state}”。请从 {names} 中选择。")
    with opening.place().reading(TERMINAL) as tx:
        found = [card for card in queries.listed(tx) if _wanted(card, state, late=late)]
    if for_program:
        as_json.write([_plain(card) for card in found])
        return
    for card in found:
        over = " 已超期" if card.late else ""
        one = card.measure
        typer.echo(f"{one.number}  {card.state_label}  {one.due_on:%m-%d}{over}  {card.owner}  {one.title}")
    typer.echo(f"{len(found)} measures")


def _wanted(card: Card, state: str, *, late: bool) -> bool:
    fits = card.measure.state == state if state else card.measure.open
    return fits and (card.late or not late)


def _plain(card: Card) -> dict[str, object]:
    return {
        **asdict(card.measure),
        "owner": card.owner,
        "subject": card.subject,
        "unit": card.unit,
        "late": card.late,
    }
