"""`svcqa password`: set a password from the terminal, typed twice and never an argument."""

from typing import Annotated

import typer

from svcqa.commands import opening
from svcqa.commands.opening import TERMINAL
from svcqa.organisation import accounts

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Set a person's password (密码).")


@app.callback()
def password() -> None:
    """Set a person's password (密码)."""


@app.command("set", epilog="Example: svcqa password set 10207")
def set_password(
    staff: Annotated[str, typer.Argument(help="Staff number of the person.")],
    *,
    must_change: Annotated[
        bool, typer.Option(help="Let the person choose an own one at the next sign-in, or not.")
    ] = True,
) -> None:
    """Set a password, typed twice and never an argument; the person's sessions end."""
    place = opening.place()
    with place.reading(TERMINAL) as tx:
        person = opening.person_called(tx, staff)
    typed = typer.prompt(f"Password for {person.name}", hide_input=True, confirmation_prompt=True)
    with place.transaction(TERMINAL) as tx:
        accounts.set_password(tx, person.id, typed, must_change=must_change)
    typer.echo(f"The password of {person.name} is set.")
