"""`svcqa token`: keys for programs."""

from typing import Annotated

import typer

from svcqa.commands import opening
from svcqa.commands.opening import TERMINAL
from svcqa.organisation import tokens

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Issue keys for programs (接口密钥).")


@app.callback()
def token() -> None:
    """Issue keys for programs (接口密钥)."""


@app.command(epilog="Example: svcqa token issue 10206 --label 'hotline platform'")
def issue(
    staff: Annotated[str, typer.Argument(help="Staff number of the owner, with whose rights the key acts.")],
    label: Annotated[str, typer.Option(help="Which system the key is for.")],
) -> None:
    """Issue a key and print it this once."""
    with opening.place().transaction(TERMINAL) as tx:
        key = tokens.issue_token(tx, person_id=opening.person_called(tx, staff).id, label=label)
    typer.echo(key)
