"""`svcqa rulebook`: list what is published, check and compare folders, publish one."""

from pathlib import Path
from typing import Annotated

import typer

from states.complaint import OPEN
from svcqa.assessment import metrics
from svcqa.commands import opening
from svcqa.commands.opening import TERMINAL
from svcqa.rulebook import library, loading
from svcqa.rulebook.comparing import diff

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="List, check, compare and publish regulations (制度) and assessment schemes (考核办法).",
)
Folder = Annotated[Path, typer.Argument(help="Folder with document.yaml and casework.yaml or scheme.yaml.")]


@app.command("list")
def list_versions() -> None:
    """List the published versions, each document's newest first."""
    with opening.place().reading(TERMINAL) as tx:
        for one in library.versions(tx):
            until = f" to {one.superseded_on}" if one.superseded_on else ""
            typer.echo(
                f"{one.document_id} {one.version}  from {one.effective_on}{until}"
                f"  {one.hash[:12]}  {one.title}"
            )


@app.command("check")
def check_folder(folder: Folder) -> None:
    """Check a folder and list the findings with file and line; exit code 2 when one is an error."""
    version = loading.parts(loading.read_folder(folder))
    findings = library.findings(version, states=OPEN, metrics=metrics.KNOWN)
    for finding in findings:
        typer.echo(f"{finding.file}:{finding.line}: {finding.severity}: {finding.sentence}")
    errors = sum(finding.severity == "error" for finding in findings)
    typer.echo(f"{errors} errors, {len(findings) - errors} warnings")
    if errors:
        raise typer.Exit(2)


@app.command("diff")
def compare(old: Folder, new: Folder) -> None:
    """Say in words what changed between two folders."""
    changes = diff(loading.load_folder(old), loading.load_folder(new))
    for change in changes:
        typer.echo(change.sentence)
    typer.echo(f"{len(changes)} differences")


@app.command()
def publish(
    folder: Folder,
    confirmed_by: Annotated[str, typer.Option(help="Staff number of the person who confirms the text.")],
) -> None:
    """Publish a folder as the next version of its document; it is never changed afterwards."""
    files = loading.read_folder(folder)
    with opening.place().transaction(TERMINAL) as tx:
        confirming = opening.person_called(tx, confirmed_by).id
        version = library.publish(tx, files, confirmed_by=confirming, metrics=metrics.KNOWN)
    typer.echo(f"published, hash {version}")
