"""`svcqa audit`: prove that nothing was changed afterwards, and sign how far the chain has come.

`verify` only reads, needs no running service and no secret: a copy of the database and the public key will do.
"""

from dataclasses import asdict
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DatabaseError

from svcqa.bootstrap import seal_at_hand
from svcqa.casework.rebuilding import Deviation, compare
from svcqa.commands import as_json, bars, opening
from svcqa.commands.as_json import AsJson
from svcqa.kernel import checkpoint as notes
from svcqa.kernel import rounds
from svcqa.kernel.database import checked_address, open_to_read, sqlite_module
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import SYSTEM
from svcqa.kernel.verifying import Verdict
from svcqa.kernel.verifying import verify as prove

audit_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Prove the audit chain (审计链) and sign checkpoints of it.",
)


class Exit(IntEnum):
    """How `verify` ends."""

    INTACT = 0
    TAMPERED = 1
    UNANCHORED = 2
    UNREADABLE = 3


Address = Annotated[
    str, typer.Option(help="Address of the database; without it the one of the settings.", show_default=False)
]
Folder = Annotated[
    Path | None, typer.Option(help="Folder of signed checkpoints; without it the one of the settings.")
]
Key = Annotated[
    Path | None,
    typer.Option(help="File with the public key of the checkpoints; without it the one in the data folder."),
]


@audit_app.command("verify", epilog="Example: svcqa audit verify --strict --json")
def verify(
    database: Address = "",
    checkpoints: Folder = None,
    public_key: Key = None,
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 2 when events came after the last checkpoint.")
    ] = False,
    for_program: AsJson = False,
) -> None:
    """Prove every event, the texts and the checkpoints, and compare the cases with their events.

    Sealed texts are compared where the installation's secret lies beside its own database.

    Exit 0 intact, 1 tampered, 2 events after the last checkpoint (only with --strict), 3 unreadable.
    """
    settings = opening.read_settings()
    folder = checkpoints or settings.checkpoint_folder
    key = public_key or settings.data_dir / notes.PUBLIC
    seal = None if database else seal_at_hand(settings)
    try:
        anchors = notes.kept(folder, key=key)
        with open_to_read(checked_address(database) if database else settings.database) as tx:
            with bars.shown("events") as move:
                verdict = prove(tx, anchors=anchors, progress=move)
            with bars.shown("complaints", quiet=bool(verdict.fault)) as move:
                deviations = [] if verdict.fault else compare(tx, seal=seal, progress=move)
    except (OSError, Invalid, ValueError, DatabaseError, sqlite_module().DatabaseError) as error:
        typer.echo(f"unreadable: {error}", err=True)
        raise typer.Exit(Exit.UNREADABLE) from error
    typer.echo(_as_json(verdict, deviations) if for_program else _in_words(verdict, deviations))
    raise typer.Exit(_exit(verdict, deviations, strict=strict))


@audit_app.command("checkpoint")
def checkpoint() -> None:
    """Sign the chain as it stands into the folder of checkpoints; the first call makes the key pair."""
    place = opening.place()
    settings = place.settings
    with place.reading(SYSTEM) as tx:
        verdict, note = notes.prove_and_take(
            tx, data_dir=settings.data_dir, folder=settings.checkpoint_folder
        )
    if verdict.fault:
        typer.echo(_in_words(verdict, []), err=True)
        raise typer.Exit(Exit.TAMPERED)
    rounds.note(place, rounds.CHECKPOINT)
    typer.echo(note)


def _exit(verdict: Verdict, deviations: list[Deviation], *, strict: bool) -> Exit:
    if verdict.fault or deviations:
        return Exit.TAMPERED
    return Exit.UNANCHORED if strict and verdict.tail else Exit.INTACT


def _in_words(verdict: Verdict, deviations: list[Deviation]) -> str:
    lines = []
    if verdict.fault:
        fault = verdict.fault
        lines.append(f"TAMPERED at event {fault.seq}: {fault.kind} ({fault.detail})")
    for found in deviations:
        lines.append(
            f"DIFFERS {found.table} {found.id} {found.column}: {found.stored!r}, events say {found.folded!r}"
        )
    if not lines:
        lines.append(f"intact: {verdict.size} events, {verdict.erased} personal texts erased")
    lines.append(f"{verdict.anchored} events vouched for by a checkpoint, {verdict.tail} after the last one")
    return "\n".join(lines)


def _as_json(verdict: Verdict, deviations: list[Deviation]) -> str:
    told = {**asdict(verdict), "tail": verdict.tail, "deviations": [asdict(found) for found in deviations]}
    return as_json.text(told)
