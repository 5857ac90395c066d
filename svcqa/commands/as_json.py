"""What a command writes for a program: one JSON value on standard output. Everything else goes to standard error."""

import json
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for a program instead of lines for people.")]


def write(value: object) -> None:
    """Write a value: dataclasses as objects, days and moments in ISO 8601, decimals as texts."""
    typer.echo(text(value))


def text(value: object) -> str:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_written)


def _written(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
