"""`svcqa relocate`: from SQLite on one machine to a PostgreSQL that several can use."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from svcqa.bootstrap import seal_at_hand
from svcqa.commands import opening
from svcqa.safekeeping import moving

app = typer.Typer(add_completion=False)


@app.command()
def relocate(
    to: Annotated[str, typer.Argument(help="Address of an empty PostgreSQL database, as its owner.")],
) -> None:
    """Copy everything from SQLite into an empty PostgreSQL database and prove it; stop the processes before.

    Files stay where they are. The SQLite database is not changed, and nothing else writes to it meanwhile.
    """
    settings = opening.read_settings()
    opening.runtime(settings).place.engine.dispose()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def told(table: str, done: int, rows: int) -> None:
            bar.update(task, description=table, completed=done, total=rows)

        moved = moving.move(settings.database, to, seal=seal_at_hand(settings), progress=told)
    typer.echo(
        f"{moved.rows} rows of {moved.tables} tables, {moved.events} events; the chain ends in {moved.link[:16]}."
    )
    typer.echo(
        "Set SVCQA_DATABASE_URL to the new address, run svcqa grant for the role of the processes, and start."
    )
