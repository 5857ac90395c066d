"""`svcqa init`, `svcqa migrate` and `svcqa grant`: from an empty folder to an administrator who can sign in."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from notifications.transport import DeliveryFailed, Transport
from svcqa import migrating, schema
from svcqa.assessment.metrics import KNOWN
from svcqa.commands import opening
from svcqa.commands.opening import TERMINAL
from svcqa.demo import people as demo_people
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Duplicate, Invalid
from svcqa.kernel.transaction import Transaction, Workplace
from svcqa.organisation import access, codes, grants, people, roster, roster_file
from svcqa.organisation.roster_file import Roster
from svcqa.rulebook import library, loading

init_app = typer.Typer(add_completion=False)
migrate_app = typer.Typer(add_completion=False)
grant_app = typer.Typer(add_completion=False)

SHIPPED = (loading.SHIPPED / "complaints-trial" / "v1", loading.SHIPPED / "telecom-service" / "v1")
PATIENCE_SECONDS = 5.0


@migrate_app.command()
def migrate() -> None:
    """Bring the database up to this version; safe to repeat."""
    settings = opening.read_settings()
    migrating.migrate(opening.new_runtime(settings).place.engine)
    typer.echo("The database is up to date.")


@grant_app.command(epilog="Example: svcqa grant svcqa_web")
def grant(
    role: Annotated[str, typer.Argument(help="The role that the running processes sign in as.")],
) -> None:
    """Give a PostgreSQL role what the running house needs, and no right to change history.

    Run it after each migration, as the owner of the tables; let the processes sign in as the role.
    """
    schema.grant(opening.runtime().place.engine, role)
    typer.echo(f"{role} can run the house and cannot change history.")


RosterFile = Annotated[
    Path | None,
    typer.Option(
        "--roster",
        exists=True,
        dir_okay=False,
        help="Roster (花名册) as YAML; docs/roster.md says how it is written.",
    ),
]


@init_app.command(epilog="Example: svcqa init --roster roster.yaml --administrator 10203")
def init(
    people_file: RosterFile = None,
    administrator: Annotated[
        str | None, typer.Option(help="Staff number of the first administrator (管理员).")
    ] = None,
    rulebook: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder of a regulation (制度) to publish; may be repeated.", show_default="shipped"
        ),
    ] = None,
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Take the invented people of the demo instead of a roster.")
    ] = False,
) -> None:
    """Set up an installation and print a one-time code for the administrator; safe to repeat."""
    data, staff_number = _told(people_file, administrator, demo=demo)
    folders = [loading.read_folder(path) for path in rulebook or SHIPPED]
    documents = [loading.parts(files).sourced.document for files in folders]
    runtime = opening.new_runtime(opening.read_settings())
    migrating.migrate(runtime.place.engine)
    typer.echo("database   up to date")
    with runtime.place.transaction(TERMINAL) as tx:
        changes = enter(tx, data)
        admin = _administrator(tx, staff_number)
        code = codes.issue_code(tx, admin.id)
    typer.echo(f"roster     {changes}")
    for document, files in zip(documents, folders, strict=True):
        new = publish_once(runtime.place, files, confirmed_by=admin.id)
        news = "published" if new else "was published before"
        typer.echo(
            f"rulebook   {document.id} {document.version} {news}, in force from {document.effective_on}"
        )
    typer.echo(f"relay      {asyncio.run(answer_of(runtime.transport))}")
    typer.echo(f"sign in    {admin.name}, staff number {admin.staff_number}, one-time code {code} (24 hours)")


def _told(people_file: Path | None, administrator: str | None, *, demo: bool) -> tuple[Roster, str]:
    if demo:
        return demo_people.roster(), administrator or demo_people.ADMINISTRATOR
    if people_file is None or administrator is None:
        raise Invalid(
            "roster", "请用 --roster 给出花名册文件，用 --administrator 给出管理员工号；只想试用请加 --demo。"
        )
    return roster_file.read(opening.read_text(people_file), name=people_file.name), administrator


def enter(tx: Transaction, data: Roster) -> str:
    """Load a roster and say what changed."""
    done = roster.load(tx, data)
    return ", ".join(f"{count} {kind}" for kind, count in sorted(done.items())) or "nothing new"


async def answer_of(transport: Transport) -> str:
    """Try the mail relay once and say what came of it; nothing is sent."""
    where = f"{transport.host}:{transport.port}"
    try:
        async with replace(transport, connect_timeout=PATIENCE_SECONDS).connection():
            return f"{where} answers"
    except DeliveryFailed as failure:
        return f"{where} does not answer ({failure}); mails will wait until it does"


def _administrator(tx: Transaction, staff_number: str) -> people.PersonCard:
    """Return the person, given the role where they lack it; raises Invalid for whom it would not bind."""
    person = opening.person_called(tx, staff_number)
    if person.left:
        raise Invalid("administrator", f"{person.name}已经离职，不能担任管理员。请另选一人。")
    if "administrator" not in access.actor_of(tx, person.id, via="cli").roles:
        grants.grant(tx, person.id, role="administrator", from_on=local_day(tx.now))
    return person


def publish_once(place: Workplace, files: Mapping[str, str], *, confirmed_by: str) -> bool:
    """Publish a regulation; tell whether it was new."""
    try:
        with place.transaction(TERMINAL) as tx:
            library.publish(tx, files, confirmed_by=confirmed_by, metrics=KNOWN)
    except Duplicate:
        return False
    return True
