"""`svcqa cycle`: open, list and show assessment cycles, lead one on without a scheduler, confirm its results."""

import os
import socket
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from states.cycle import LAW, STAGE_OF, STAGES
from svcqa.assessment import cycles, progress, queries, standing, stretches
from svcqa.assessment.steps import Step
from svcqa.commands import as_json, bars, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.opening import TERMINAL
from svcqa.kernel.calendar import local
from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Workplace
from svcqa.organisation import people

UNITS_NAMED = 8

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Run assessment cycles (考核周期).")

Number = Annotated[str, typer.Argument(help="Number of the cycle, such as KH-201604-001.")]
As = Annotated[str, typer.Option("--as", help="Staff number of who does it.", show_default=False)]
MONTH = 7
MARKS = {"done": "x", "now": ">", "later": " "}


@app.command("open", epilog="Example: svcqa cycle open cd 2016-04 --as 10206")
def open_cycle(
    unit: Annotated[str, typer.Argument(help="Code of the unit that is assessed, with all below it.")],
    period: Annotated[str, typer.Argument(help="First day of the period, or its month: 2016-04.")],
    scheme: Annotated[
        str, typer.Option(help="Document of the scheme (考核办法); svcqa rulebook list names them.")
    ] = "telecom-service",
    cadence: Annotated[
        str, typer.Option(help=f"How often it is assessed: {', '.join(cycles.CADENCES)}.")
    ] = "monthly",
    staff: As = "",
    *,
    example: Annotated[bool, typer.Option("--example", help="Mark the cycle as made up (示例).")] = False,
) -> None:
    """Open the cycle of a period that is over and say its number."""
    place = opening.place()
    with place.transaction(opening.actor_called(place, staff)) as tx:
        found = people.unit_coded(tx, unit)
        if found is None:
            known = "、".join(f"{one.code} {one.name}" for one in people.units(tx)[:UNITS_NAMED])
            raise Invalid(
                "unit", f"没有代码为 {unit} 的单位（已有 {known} 等）。请核对代码，或先载入花名册。"
            )
        cycle_id = cycles.open(
            tx, scheme, unit_id=found.id, cadence=cadence, period_from=_day(period), example=example
        )
        cycle = standing.load(tx, cycle_id)
    typer.echo(f"{cycle.number}  {cycle.title}")


@app.command("list")
def list_cycles(*, for_program: AsJson = False) -> None:
    """List the cycles and what each waits for, the newest period first."""
    with opening.place().reading(TERMINAL) as tx:
        lines = queries.cycles(tx)
    if for_program:
        as_json.write(lines)
        return
    for line in lines:
        typer.echo(f"{line.number}  {line.stage_label}  {line.sentence}  {line.title}")
    typer.echo(f"{len(lines)} cycles")


@app.command(epilog="Example: svcqa cycle show KH-201604-001 --json")
def show(number: Number, *, for_program: AsJson = False) -> None:
    """Show the six stages of a cycle in counts; no person and no score."""
    with opening.place().reading(TERMINAL) as tx:
        cycle = standing.numbered(tx, number)
        lines, sentence = progress.stage_lines(tx, cycle.id), progress.message(tx, cycle)
    if for_program:
        as_json.write({**asdict(cycle), "sentence": sentence, "stages": lines})
        return
    typer.echo(f"{cycle.number}  {LAW.state(cycle.stage).label}  {cycle.title}  (version {cycle.version})")
    for line in lines:
        typer.echo(f"  [{MARKS[line.state]}] {line.label}  {line.sentence}".rstrip())
    for name, value in (("snapshot", cycle.snapshot_sha256), ("scores", cycle.score_hash)):
        if value:
            typer.echo(f"  {name}  {value}")
    typer.echo(f"  since     {local(cycle.stage_at):%Y-%m-%d %H:%M}")


@app.command(epilog="Example: svcqa cycle advance KH-201604-001")
def advance(number: Number) -> None:
    """Lead a cycle as far as it goes without people, and say what it waits for. Needs no Prefect."""
    place = opening.place()
    with place.reading(TERMINAL) as tx:
        cycle_id = standing.numbered(tx, number).id
    owner = f"{socket.gethostname()}-{os.getpid()}-{new_id()}"
    typer.echo(_advanced(place, cycle_id, owner))


@app.command(epilog="Example: svcqa cycle confirm KH-201604-001 --as 10206")
def confirm(number: Number, staff: As) -> None:
    """Confirm the results of a cycle as a supervisor."""
    place = opening.place()
    with place.transaction(opening.actor_called(place, staff)) as tx:
        cycle = standing.numbered(tx, number)
        cycles.confirm(tx, cycle.id, version=cycle.version)
    typer.echo(f"{cycle.number} confirmed; run svcqa cycle advance {cycle.number} to go on")


def _advanced(place: Workplace, cycle_id: str, owner: str) -> str:
    with bars.drawn() as bar:
        task = bar.add_task("", total=len(STAGES))

        def show_step(stage: str, step: Step | None) -> None:
            reached = STAGES.index(STAGE_OF[stage]) if stage in STAGE_OF else len(STAGES)
            label = step.label if step else LAW.state(stage).label
            bar.update(task, completed=reached, description=label)

        return stretches.advance(place, cycle_id, owner=owner, progress=show_step)


def _day(text: str) -> date:
    """Read `2016-04` or `2016-04-01`; raises Invalid."""
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == MONTH else text)
    except ValueError as error:
        raise Invalid("period", f"“{text}”不是日期。请写成 2016-04 或 2016-04-01。") from error
