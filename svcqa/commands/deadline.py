"""`svcqa deadline explain`: the intervals that counted, the days that did not, rule and calendar version."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

import typer

from svcqa.casework.explaining import ExplainedClock, explain_clocks
from svcqa.casework.snapshot import load
from svcqa.commands import as_json, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.opening import TERMINAL
from svcqa.kernel.calendar import Term, describe, ending, local
from svcqa.kernel.explanation import Explanation
from svcqa.kernel.transaction import Transaction

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Explain deadlines (时限).")

COLUMNS = ("step", "label", "rule", "term", "started_at", "due_at", "ended_at", "missing_year")


@app.callback()
def deadline() -> None:
    """Explain deadlines (时限)."""


@app.command(epilog="Example: svcqa deadline explain TS-202611-0042 --all")
def explain(
    number: Annotated[str, typer.Argument(help="Number of the complaint, such as TS-202611-0042.")],
    *,
    ended: Annotated[bool, typer.Option("--all", help="Show the clocks that have ended too.")] = False,
    for_program: AsJson = False,
) -> None:
    """Show for each clock of a complaint which working time was counted and by which rule."""
    with opening.place().reading(TERMINAL) as tx:
        case = load(tx, number)
        shown = [one for one in explain_clocks(tx.calendar, case) if ended or one.clock["ended_at"] is None]
        if for_program:
            as_json.write({"number": case.number, "clocks": [_plain(one) for one in shown]})
            return
        typer.echo(f"{case.number}  {case.row['subject']}")
        for one in shown:
            for line in _lines(tx, one):
                typer.echo(line)
    if not shown:
        typer.echo("No clock runs. --all shows those that have ended.")


def _plain(one: ExplainedClock) -> dict[str, object]:
    told = {name: one.clock[name] for name in COLUMNS} | {"remark": one.remark}
    if one.explanation is None:
        return told
    counted = [
        {"from_at": each.from_at, "to_at": each.to_at, "minutes": each.minutes, "label": each.label}
        for each in one.explanation.counted
    ]
    pauses = [{"from_at": each.from_at, "to_at": each.to_at} for each in one.explanation.pauses]
    return told | {
        "explanation": one.explanation.rule,
        "counted": counted,
        "skipped": one.explanation.skipped,
        "pauses": pauses,
        "calendar": one.explanation.calendar_version,
    }


def _lines(tx: Transaction, one: ExplainedClock) -> Iterator[str]:
    clock, due = one.clock, one.clock["due_at"]
    yield ""
    yield f"{clock['label']}  {clock['rule']}"
    yield f"  from {local(clock['started_at']):%Y-%m-%d %H:%M}"
    if due is not None:
        left = "" if clock["ended_at"] else f"  {_left(tx, clock['term'], due)}"
        on, at = ending(due)
        yield f"  due  {on} {at}{left}"
    if clock["ended_at"]:
        yield f"  ended {local(clock['ended_at']):%Y-%m-%d %H:%M}"
    if one.explanation:
        yield from _counted(one.explanation)
    if one.remark:
        yield f"  {one.remark}"


def _left(tx: Transaction, term: str, due_at: datetime) -> str:
    if not term or Term.parse(term).unit == "calendar_days":
        return describe(due_at - tx.now, day=timedelta(days=1))
    return describe(tx.calendar.remaining(tx.now, due_at), day=tx.calendar.hours.length)


def _counted(explanation: Explanation) -> Iterator[str]:
    yield f"  {explanation.rule}"
    for stretch in explanation.counted:
        yield (
            f"    {local(stretch.from_at):%m-%d %H:%M} - {local(stretch.to_at):%m-%d %H:%M}"
            f"  {stretch.minutes:>5} min  {stretch.label}"
        )
    for day in explanation.skipped:
        yield f"    {day.on:%m-%d} 不计  {day.reason}"
    for pause in explanation.pauses:
        yield f"    {local(pause.from_at):%m-%d %H:%M} - {local(pause.to_at):%m-%d %H:%M} 暂停"
    yield f"  calendar: {explanation.calendar_version}"
