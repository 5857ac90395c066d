"""`svcqa check`: is this installation sound, and with `--deploy`, may people rely on it. Changes nothing."""

from typing import Annotated

import typer
from pydantic import ValidationError

from svcqa.commands import as_json, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.going_live import DEPLOYED
from svcqa.commands.inspecting import look
from svcqa.commands.soundness import ANY, Finding, findings

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: svcqa check --deploy --json")
def check(
    *,
    deploy: Annotated[
        bool,
        typer.Option("--deploy", help="Refuse also what is unsafe for an installation that people rely on."),
    ] = False,
    for_program: AsJson = False,
) -> None:
    """Check settings, secret, database, calendar, regulation and clock. Nothing is changed.

    Exit 0 when nothing was found, 1 otherwise. Run it as the account and with the environment of the service.
    """
    rules = DEPLOYED if deploy else ANY
    try:
        found = findings(look(opening.read_settings()), rules)
    except ValidationError as error:
        found = tuple(_unreadable(error))
    if for_program:
        as_json.write({"sound": not found, "checks": len(rules), "findings": found})
    else:
        typer.echo(_in_words(found, len(rules)))
    raise typer.Exit(1 if found else 0)


def _unreadable(error: ValidationError) -> list[Finding]:
    """Name each setting that cannot be read; its value is not repeated, it may be a secret."""
    names = [f"SVCQA_{'_'.join(map(str, one['loc']))}".upper() for one in error.errors()]
    return [Finding(name, f"{name} 的值不能识别，请对照 docs/settings.md 改正。") for name in names]


def _in_words(found: tuple[Finding, ...], rules: int) -> str:
    if not found:
        return f"sound: {rules} checks, nothing found"
    lines = [f"- {one.sentence}" for one in found]
    return "\n".join((*lines, f"{len(found)} finding{'s' * (len(found) != 1)} in {rules} checks"))
