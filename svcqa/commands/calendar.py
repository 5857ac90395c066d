"""`svcqa calendar`: bring in the working days of a year that no package carries yet."""

from pathlib import Path
from typing import Annotated

import typer

from svcqa.bootstrap import with_years_of_today
from svcqa.casework.sweep import sweep
from svcqa.commands import opening
from svcqa.commands.opening import TERMINAL
from svcqa.kernel import loaded_years

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Load the working days of a year (工作日历)."
)


@app.callback()
def calendar() -> None:
    """Load the working days of a year (工作日历)."""


@app.command(epilog="Example: svcqa calendar load 2027.csv")
def load(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="CSV with the columns date, is_workday and name, and a line for every day of the year.",
        ),
    ],
) -> None:
    """Load a year from a CSV file and compute the deadlines that waited for it.

    A running sweep sees the year in its next round; restart the web app.
    """
    place = opening.place()
    with place.transaction(TERMINAL) as tx:
        year = loaded_years.load(tx, opening.read_text(file), source=file.name)
    done = sweep(with_years_of_today(place))
    typer.echo(f"{year} is loaded; {done.computed} deadlines that waited for it were computed.")
    typer.echo("A running web app still counts without it: restart svcqa web (or svcqa up).")
