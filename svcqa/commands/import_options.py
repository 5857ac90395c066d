"""What both imports are told, that of complaints and that of facts."""

from pathlib import Path
from typing import Annotated

import typer

MapFile = Annotated[
    Path, typer.Option("--map", help="YAML file that says what each column means; see docs/importing.md.")
]
Staff = Annotated[
    str,
    typer.Option("--as", help="Staff number of who imports; without it the terminal.", show_default=False),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen; keep nothing.")]
