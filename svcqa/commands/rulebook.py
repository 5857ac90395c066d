"""`svcqa rulebook`: list what is published, check and compare folders, publish one."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from states.complaint import OPEN
from svcqa.assessment import metrics
from svcqa.commands import as_json, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.opening import TERMINAL
from svcqa.kernel.errors import Forbidden
from svcqa.organisation import access
from svcqa.rulebook import library, loading
from svcqa.rulebook.comparing import diff_folders

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="List, check, compare and publish regulations (制度) and assessment schemes (考核办法).",
)
Folder = Annotated[
    Path, typer.Argument(help="Folder with document.yaml, and casework.yaml or scheme.yaml or both.")
]


@app.command("list")
def list_versions(*, for_program: AsJson = False) -> None:
    """List the published versions, each document's newest first."""
    with opening.place().reading(TERMINAL) as tx:
        found = library.versions(tx)
    if for_program:
        as_json.write(found)
        return
    for one in found:
        until = f" to {one.superseded_on}" if one.superseded_on else ""
        typer.echo(
            f"{one.document_id} {one.version}  from {one.effective_on}{until}  {one.hash[:12]}  {one.title}"
        )


@app.command("check", epilog="Example: svcqa rulebook check drafts/v2")
def check_folder(folder: Folder, *, for_program: AsJson = False) -> None:
    """Check a folder and list the findings with file and line.

    Exit 0 when it may be published, 2 when something in it is an error.
    """
    version = loading.parts(loading.read_folder(folder))
    findings = library.findings(version, states=OPEN, metrics=metrics.KNOWN)
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    if for_program:
        as_json.write({"errors": errors, "warnings": warnings, "findings": findings})
    else:
        for finding in findings:
            typer.echo(f"{finding.file}:{finding.line}: {finding.severity}: {finding.sentence}")
        typer.echo(f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    if errors:
        raise typer.Exit(2)


@app.command("diff", epilog="Example: svcqa rulebook diff drafts/v1 drafts/v2")
def compare(old: Folder, new: Folder, *, for_program: AsJson = False) -> None:
    """Say in words what changed between two folders of one document."""
    changes = diff_folders(*(loading.parts(loading.read_folder(folder)) for folder in (old, new)))
    if for_program:
        as_json.write([{**asdict(change), "sentence": change.sentence} for change in changes])
        return
    for change in changes:
        typer.echo(change.sentence)
    typer.echo(f"{len(changes)} differences")


CONFIRMING = dict.fromkeys(("supervisor", "reviewer", "adviser", "administrator")).keys()


@app.command(epilog="Example: svcqa rulebook publish drafts/v2 --confirmed-by 10205")
def publish(
    folder: Folder,
    confirmed_by: Annotated[
        str,
        typer.Option(
            help="Staff number of the supervisor, reviewer, adviser or administrator who confirms the text."
        ),
    ],
) -> None:
    """Publish a folder as the next version of its document; it is never changed afterwards."""
    files = loading.read_folder(folder)
    with opening.place().transaction(TERMINAL) as tx:
        confirming = opening.person_called(tx, confirmed_by).id
        if not access.actor_of(tx, confirming, via="cli").roles & CONFIRMING:
            named = "、".join(access.ROLES[role] for role in CONFIRMING)
            raise Forbidden(f"工号 {confirmed_by} 的人不能确认制度。请换一位{named}。")
        version = library.publish(tx, files, confirmed_by=confirming, metrics=metrics.KNOWN)
    typer.echo(f"published, hash {version}")
