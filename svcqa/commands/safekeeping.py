"""`svcqa backup` and `svcqa restore`: one archive of everything, and an installation made from it and proven."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import IntEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from svcqa.commands import opening
from svcqa.commands.stopping import end_as_by_hand
from svcqa.kernel.calendar import local
from svcqa.kernel.clock import clock_from
from svcqa.kernel.errors import Invalid
from svcqa.safekeeping import archive, backing_up, restoring
from svcqa.safekeeping.backing_up import Written
from svcqa.safekeeping.manifest import KINDS, Manifest
from svcqa.safekeeping.restoring import Restored, Wish

backup_app = typer.Typer(add_completion=False)
restore_app = typer.Typer(add_completion=False)

NOT_INSIDE = (
    "Not in it: secret.key (or SVCQA_SECRET_KEY) and checkpoint.key. Keep them apart from it; without the"
    " secret the mails and personal columns of this archive stay unreadable."
)
INSIDE = (
    "WARNING: the secrets are in it. Whoever has this file can read every mail and name, and sign checkpoints:"
    " lock it away, and not beside the other backups."
)
MAIL = (
    "The mail queue is paused: letters sent after the backup would go again. Check the relay's log, then svcqa"
    " mail resume."
)


class Exit(IntEnum):
    """How both end where they do what they are asked; a refusal ends with 2."""

    WHOLE = 0
    WANTING = 1


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@backup_app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="File to write, or a folder: it gets a name by its time there.")],
    *,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Put secret.key and checkpoint.key into it, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write one consistent archive of database, evidence files and checkpoints, while everything works.

    It is read back and proven. Nothing is overwritten, and a backup that fails leaves no file.

    Exit 0 written and whole, 1 written, but files that the database names are missing or damaged, 2 not written.
    """
    end_as_by_hand()
    settings = opening.read_settings()
    with _shown() as progress:
        done = backing_up.back_up(
            settings, to, at=_now(settings), version=version("svcqa"), secrets=with_secrets, progress=progress
        )
    typer.echo(_written_as_json(done) if as_json else "\n".join(_written_in_words(done)))
    raise typer.Exit(Exit.WHOLE if done.manifest.is_whole else Exit.WANTING)


@restore_app.command()
def restore(
    source: Annotated[
        Path,
        typer.Argument(metavar="FROM", help="Archive that svcqa backup wrote.", exists=True, dir_okay=False),
    ],
    checkpoints: Annotated[
        Path | None, typer.Option(help="Folder of newer checkpoints, such as the auditor's.")
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option(help="File with the public key; default: beside these checkpoints, else the archive's."),
    ] = None,
    *,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Bring an older database up to this version at once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Restore an archive into an empty data folder and an empty database, then prove what stands there.

    Each hash is proven before anything is touched; nothing is ever overwritten. One that was cut off is run again.

    Exit 0 restored and intact; 1 restored, but it is older than a checkpoint, differs, or lacks files; 2 refused.
    """
    end_as_by_hand()
    settings = opening.read_settings()
    wish = Wish(source, checkpoints, public_key, migrate)
    with _shown() as progress:
        done = restoring.restore(settings, wish, version=version("svcqa"), progress=progress)
    typer.echo(_restored_as_json(done) if as_json else "\n".join(_restored_in_words(done, settings.data_dir)))
    holds = done.proof.holds and done.manifest.is_whole
    raise typer.Exit(Exit.WHOLE if holds else Exit.WANTING)


def _now(settings: Any) -> Any:
    try:
        return clock_from(settings.clock).now()
    except ValueError as error:
        raise Invalid("clock", f"设置有误：{error}") from error


@contextmanager
def _shown() -> Iterator[archive.Progress]:
    """Show on standard error what is worked at and how far it is, where somebody watches."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of or None)


def _written_in_words(done: Written) -> Iterator[str]:
    yield f"{done.path}  {done.size / 1e6:,.1f} MB, read back and proven"
    yield _held(done.manifest)
    yield from _wanting(done.manifest)
    yield INSIDE if done.manifest.secrets else NOT_INSIDE


def _held(told: Manifest) -> str:
    files, notes = (
        sum(part.name.startswith(kind) for part in told.parts) for kind in (archive.BLOB, archive.NOTE)
    )
    return (
        f"holds {told.chain.size} events, {files} files, {notes} checkpoints; {KINDS[told.database]},"
        f" migration {told.migration}, svcqa {told.svcqa}"
    )


def _wanting(told: Manifest) -> Iterator[str]:
    for word, names in (("MISSING", told.missing), ("DAMAGED", told.damaged)):
        for name in names:
            yield f"{word} {archive.BLOB}{name[:2]}/{name}: the database names this file, the archive has it not"


def _restored_in_words(done: Restored, folder: Path) -> Iterator[str]:
    proof, told = done.proof, done.manifest
    yield f"{'An earlier try was gone on with. ' if done.resumed else ''}Restored into {folder}:"
    yield f"{_held(told)}, taken {local(told.taken_at):%Y-%m-%d %H:%M:%S}"
    yield from _wanting(told)
    if proof.missing:
        yield (
            f"OLDER than its checkpoints: {proof.missing} events are missing; {proof.newest} vouches for"
            f" {told.chain.size + proof.missing}, the archive holds {told.chain.size}"
        )
    if proof.verdict.fault:
        fault = proof.verdict.fault
        yield f"TAMPERED at event {fault.seq}: {fault.kind} ({fault.detail})"
    else:
        yield f"chain intact, {proof.verdict.anchored} events vouched for by a checkpoint"
    for found in proof.deviations:
        yield f"DIFFERS {found.table} {found.id} {found.column}: {found.stored!r}, events say {found.folded!r}"
    if proof.secret_fits is False:
        yield "WRONG SECRET: the secret at hand does not open the mails of this archive; put the right one back."
    elif proof.secret_fits is None and not told.secrets:
        yield f"Put the secret back before you start: {folder / 'secret.key'}, or SVCQA_SECRET_KEY."
    if done.behind:
        yield (
            "The database is older than this program, its cases were not compared: run svcqa migrate, then svcqa"
            " audit verify."
        )
    if told.database == "postgresql":
        yield "Rights of roles are not in an archive: where the house signs in as a role of its own, run svcqa grant."
    yield "All sign-ins and one-time codes ended; look through the keys of programs that were stopped since."
    yield MAIL


def _written_as_json(done: Written) -> str:
    told = {"archive": str(done.path), "bytes": done.size, **done.manifest.model_dump(mode="json")}
    return json.dumps(told, ensure_ascii=False)


def _restored_as_json(done: Restored) -> str:
    proof = done.proof
    told = {
        "events": done.manifest.chain.size,
        "taken_at": done.manifest.taken_at.isoformat(),
        "missing_files": done.manifest.missing,
        "damaged_files": done.manifest.damaged,
        "resumed": done.resumed,
        "behind": done.behind,
        "intact": proof.holds,
        "missing_events": proof.missing,
        "newest_checkpoint": proof.newest,
        "fault": asdict(proof.verdict.fault) if proof.verdict.fault else None,
        "anchored": proof.verdict.anchored,
        "compared": proof.compared,
        "deviations": [asdict(found) for found in proof.deviations],
        "secret_fits": proof.secret_fits,
        "mail_paused": True,
    }
    return json.dumps(told, ensure_ascii=False, default=str)
