"""`svcqa complaint import`: what a table would bring, what is wrong with its lines, and bringing it in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from svcqa.casework import importing, mapping
from svcqa.casework.importing import Choice, Imported, Plan
from svcqa.casework.mapping import Mapping
from svcqa.commands import as_json, bars, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.import_options import DryRun, MapFile, Staff
from svcqa.commands.opening import TERMINAL
from svcqa.kernel import tabular
from svcqa.kernel.tabular import Table
from svcqa.kernel.transaction import Actor, Workplace
from svcqa.organisation import roster, roster_file
from svcqa.organisation.roster_file import Roster

Units = Annotated[
    Path | None,
    typer.Option("--units", help="Roster with the units that the table names; it is loaded first."),
]
AllOrNothing = Annotated[
    bool,
    typer.Option(
        "--all-or-nothing/--keep-good", help="Refuse the file for one bad line, or take over the good ones."
    ),
]


def import_complaints(
    file: Annotated[Path, typer.Argument(help="CSV file, gzipped or not.")],
    map_file: MapFile,
    units: Units = None,
    staff: Staff = "",
    *,
    dry_run: DryRun = False,
    all_or_nothing: AllOrNothing = False,
    for_program: AsJson = False,
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
    if not for_program:
        for line in told(plan):
            typer.echo(line)
    choice: Choice = "all_or_nothing" if all_or_nothing else "keep_good"
    done = Imported("", ()) if dry_run else _carried_out(place, actor, plan, choice)
    if for_program:
        as_json.write(plain(plan, done))
    elif not dry_run:
        typer.echo(outcome(plan, done))


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


def plain(plan: Plan, done: Imported) -> dict[str, object]:
    """Return a plan and what came of it, for a program."""
    return {
        "file": plan.table,
        "run": done.run,
        **plan.counts,
        "numbers": done.numbers,
        "listed": plan.rejected,
        "differing": plan.changed,
    }


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
    with bars.shown(plan.table, quiet=not plan.new) as move:
        return importing.carry_out(place, actor, plan, choice=choice, progress=move)
