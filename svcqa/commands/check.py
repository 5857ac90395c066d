"""`svcqa check`: is this installation sound, and with `--deploy`, may people rely on it. Changes nothing."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import ValidationError

from svcqa.commands import opening
from svcqa.commands.going_live import DEPLOYED
from svcqa.commands.inspecting import look
from svcqa.commands.soundness import ANY, Finding, findings

app = typer.Typer(add_completion=False)


@app.command()
def check(
    *,
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Refuse what is unsafe for an installation that people rely on.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check settings, secret, database, calendar, regulation and clock; with --deploy all that must be safe.

    Exit 0 when nothing was found, 1 otherwise. Run it as the account and with the environment of the service.
    """
    rules = DEPLOYED if deploy else ANY
    try:
        found = findings(look(opening.read_settings()), rules)
    except ValidationError as error:
        found = tuple(_unreadable(error))
    typer.echo(_as_json(found, len(rules)) if as_json else _in_words(found, len(rules)))
    raise typer.Exit(1 if found else 0)


def _unreadable(error: ValidationError) -> list[Finding]:
    """Name each setting that cannot be read; its value is not repeated, it may be a secret."""
    names = [f"SVCQA_{'_'.join(map(str, one['loc']))}".upper() for one in error.errors()]
    return [Finding(name, f"{name} 的值不能识别，请对照 docs/settings.md 改正。") for name in names]


def _in_words(found: tuple[Finding, ...], rules: int) -> str:
    if not found:
        return f"sound: {rules} checks, nothing found"
    lines = [f"- {one.sentence}" for one in found]
    return "\n".join((*lines, f"{len(found)} findings in {rules} checks"))


def _as_json(found: tuple[Finding, ...], rules: int) -> str:
    told = {"sound": not found, "checks": rules, "findings": [asdict(one) for one in found]}
    return json.dumps(told, ensure_ascii=False)
