"""`svcqa complaint import`: what a table would bring, what is wrong with its lines, and bringing it in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from svcqa.casework import importing, mapping
from svcqa.casework.importing import Choice, Imported, Plan
from svcqa.casework.mapping import Mapping
from svcqa.commands import opening
from svcqa.commands.opening import TERMINAL
from svcqa.kernel import tabular
from svcqa.kernel.tabular import Table
from svcqa.kernel.transaction import Actor, Workplace
from svcqa.organisation import roster, roster_file
from svcqa.organisation.roster_file import Roster


def import_complaints(
    file: Annotated[Path, typer.Argument(help="CSV file, gzipped or not.")],
    map_file: Annotated[Path, typer.Option("--map", help="YAML file that says what each column means.")],
    units: Annotated[
        Path | None, typer.Option("--units", help="Roster with the units the table names; loaded first.")
    ] = None,
    staff: Annotated[
        str, typer.Option("--as", help="Staff number of who imports; the terminal itself without it.")
    ] = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")] = False,
    all_or_nothing: Annotated[
        bool,
        typer.Option(
            "--all-or-nothing/--keep-good", help="Refuse the file for one bad line, or keep the good."
        ),
    ] = False,
) -> None:
    """Take over complaints (投诉) of another system from a table; importing it again changes nothing."""
    rules = mapping.load(map_file)
    table = tabular.read(file, encoding=rules.encoding)
    tree = roster_file.read(opening.read_text(units), name=units.name) if units else None
    place = opening.place()
    actor = opening.actor_called(place, staff)
    if tree and not dry_run:
        with place.transaction(TERMINAL) as tx:
            roster.load(tx, tree)
    plan = _planned(place, actor, table, rules, tree if dry_run else None)
    for line in told(plan):
        typer.echo(line)
    if not dry_run:
        choice: Choice = "all_or_nothing" if all_or_nothing else "keep_good"
        typer.echo(outcome(plan, _carried_out(place, actor, plan, choice)))


def told(plan: Plan) -> Iterator[str]:
    """Say a plan: its counts, then every line that is rejected or differs."""
    counts = plan.counts
    yield f"{plan.table}: {counts['rows']} lines; {plan.mapping.attribution or plan.mapping.source}"
    timed = counts["late"] + counts["on_time"]
    detail = (
        f"{counts['open']} open, {counts['closed']} closed: {counts['late']} late of {timed} with a due date"
    )
    yield f"  new       {counts['new']} ({detail})"
    yield f"  known     {counts['known']}"
    yield f"  changed   {counts['changed']}"
    yield f"  rejected  {counts['rejected']}"
    for bad in plan.rejected:
        yield f"第 {bad.line} 行 {bad.column}“{bad.value}”：{bad.reason}。{bad.remedy}。"
    for other in plan.changed:
        columns = "、".join(other.columns)
        yield f"第 {other.line} 行与 {other.number} 不同（{columns}）：不会覆盖，如有需要请在工单中更正。"


def outcome(plan: Plan, done: Imported) -> str:
    """Say what an import did."""
    if not done.numbers:
        return f"Nothing new in {plan.table}; nothing was changed."
    return (
        f"{len(done.numbers)} complaints taken over, {done.numbers[0]} to {done.numbers[-1]}; run {done.run}."
    )


def _planned(place: Workplace, actor: Actor, table: Table, rules: Mapping, tree: Roster | None) -> Plan:
    """Plan in a transaction that keeps nothing; a dry run may therefore suppose its units."""
    with place.reading(TERMINAL) as tx:
        if tree:
            roster.load(tx, tree)
        tx.actor = actor
        return importing.plan(tx, table, mapping=rules)


def _carried_out(place: Workplace, actor: Actor, plan: Plan, choice: Choice) -> Imported:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not plan.new) as progress:
        task = progress.add_task(plan.table, total=len(plan.new))
        return importing.carry_out(
            place,
            actor,
            plan,
            choice=choice,
            progress=lambda done, _all: progress.update(task, completed=done),
        )
