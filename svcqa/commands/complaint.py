"""`svcqa complaint`: one complaint, the list of what is due, and taking over complaints from a file."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import typer

from states import penalty as penalty_law
from states.complaint import LAW, STATES
from svcqa.casework.due_list import by_due
from svcqa.casework.snapshot import Case, Row, load
from svcqa.commands import as_json, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.complaint_import import import_complaints
from svcqa.commands.opening import TERMINAL
from svcqa.kernel.calendar import ending, local
from svcqa.kernel.errors import Invalid
from svcqa.kernel.money import points, yuan_text

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Show, list and import complaints (投诉).")

IMPORTED = "Example: svcqa complaint import old.csv --map old.map.yaml --dry-run"

app.command("import", epilog=IMPORTED)(import_complaints)


@app.command(epilog="Example: svcqa complaint show TS-202611-0042")
def show(
    number: Annotated[str, typer.Argument(help="Number, such as TS-202611-0042.")],
    *,
    for_program: AsJson = False,
) -> None:
    """Show a complaint: state, what is due, respondents, charges and penalties; no customer's data."""
    with opening.place().reading(TERMINAL) as tx:
        case = load(tx, number)
    if for_program:
        as_json.write(_plain(case))
        return
    for line in _lines(case):
        typer.echo(line)


@app.command("list", epilog="Example: svcqa complaint list --overdue --json")
def list_due(
    state: Annotated[
        str,
        typer.Option(
            help=f"Only this state ({', '.join(one.name for one in STATES)}); without it all that are open.",
            show_default=False,
        ),
    ] = "",
    most: Annotated[int, typer.Option(min=1, max=1000, help="Show at most so many.")] = 50,
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose deadline has passed.")] = False,
    for_program: AsJson = False,
) -> None:
    """List complaints by what is due next, the most urgent first."""
    if state and state not in {one.name for one in STATES}:
        names = "、".join(one.name for one in STATES)
        raise Invalid("state", f"没有状态“{state}”。请从 {names} 中选择。")
    with opening.place().reading(TERMINAL) as tx:
        lines = by_due(tx, state=state, overdue=overdue, most=most)
        now = tx.now
    if for_program:
        as_json.write(lines)
        return
    for one in lines:
        due = _due(one.due_step, one.due_at, one.due_missing_year, now)
        typer.echo(f"{one.number}  {LAW.state(one.state).label}  {due}  {one.subject}")
    typer.echo(f"{len(lines)} complaints")


SHOWN = {
    "complaint": [
        "number",
        "state",
        "subject",
        "channel",
        "received_at",
        "closed_at",
        "closed_how",
        "late",
        "version",
    ],
    "clocks": ["step", "label", "rule", "started_at", "due_at", "missing_year"],
    "charges": ["clause_id", "share"],
    "penalties": ["state", "final_hundredths", "final_fen"],
}
"""The columns a program is given, as they are called in the tables: none of them speaks of the customer."""


def _plain(case: Case) -> dict[str, object]:
    names = {one["id"]: one["name"] for one in case.respondents}

    def listed(kind: str, rows: Sequence[Row]) -> list[dict[str, object]]:
        about = [{"respondent": names[row["respondent_id"]]} if kind != "clocks" else {} for row in rows]
        return [one | {name: row[name] for name in SHOWN[kind]} for one, row in zip(about, rows, strict=True)]

    return {
        **{name: case.row[name] for name in SHOWN["complaint"]},
        "respondents": list(names.values()),
        "clocks": listed("clocks", case.running),
        "charges": listed("charges", case.charges),
        "penalties": listed("penalties", case.penalties),
    }


def _lines(case: Case) -> Iterator[str]:
    row, names = case.row, {one["id"]: one["name"] for one in case.respondents}
    yield f"{case.number}  {LAW.state(case.state).label}  {row['subject']}"
    received = f"{local(row['received_at']):%Y-%m-%d %H:%M}"
    yield f"  received {received}, channel {row['channel']}, version {row['version']}"
    if row["closed_at"]:
        late = ", late" if row["late"] else ""
        yield f"  closed   {local(row['closed_at']):%Y-%m-%d %H:%M} ({row['closed_how']}{late})"
    for clock in case.running:
        yield f"  due      {_due(clock['label'], clock['due_at'], clock['missing_year'], None)}"
    for charge in case.charges:
        yield f"  charge   {names[charge['respondent_id']]}  {charge['clause_id']}  {charge['share']}%"
    for penalty in case.penalties:
        label = penalty_law.LAW.state(penalty["state"]).label
        sums = f"{points(penalty['final_hundredths'])} 分，{yuan_text(penalty['final_fen'])} 元"
        yield f"  penalty  {names[penalty['respondent_id']]}  {sums}  {label}"


def _due(step: str, due_at: datetime | None, missing_year: int | None, now: datetime | None) -> str:
    if missing_year is not None:
        return f"{step} 待 {missing_year} 年工作日历"
    if due_at is None:
        return "-"
    over = " 已超期" if now is not None and now > due_at else ""
    on, clock = ending(due_at)
    return f"{step} {on:%m-%d} {clock}{over}"
