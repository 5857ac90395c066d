"""`svcqa mail`: what the outbox holds, and the few things an operator does to it."""

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from svcqa.commands import as_json, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.opening import TERMINAL
from svcqa.kernel import letters, mailbag
from svcqa.kernel.calendar import local
from svcqa.kernel.letters import LetterLine

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="List mails, decide about held ones, pause and resume the queue.",
)


class LetterState(StrEnum):
    """The states a list may be limited to."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    DATA = "data"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"


@app.command("list", epilog="Example: svcqa mail list --state held")
def list_letters(
    state: Annotated[
        LetterState | None, typer.Option(help="Only letters in this state; without it all.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="Show at most so many.")] = 20,
    *,
    for_program: AsJson = False,
) -> None:
    """List the newest letters with their state and the relay's last word."""
    with opening.place().reading(TERMINAL) as tx:
        reason = letters.paused(tx)
        found = letters.newest(tx, state=state or "", most=most)
    if for_program:
        as_json.write({"paused": reason, "letters": [_plain(one) for one in found]})
        return
    if reason is not None:
        typer.echo(f"The queue is paused: {reason}")
    for one in found:
        label = letters.STATES[one.state]
        reply = f"  ({one.reply})" if one.reply and one.state != "sent" else ""
        typer.echo(
            f"{one.id}  {local(one.posted_at):%m-%d %H:%M}  {label}  {one.recipient_name}  {one.subject}{reply}"
        )


def _plain(one: LetterLine) -> dict[str, object]:
    """Return what the lines for people show too: an address is not needed to see what is stuck."""
    return {name: value for name, value in asdict(one).items() if name != "recipient"}


@app.command()
def retry(
    letter: Annotated[
        str, typer.Argument(help="Id of a failed or held letter, as svcqa mail list shows it.")
    ],
) -> None:
    """Queue a failed or held letter again; a held one may then arrive twice."""
    with opening.place().transaction(TERMINAL) as tx:
        letters.send_again(tx, letter)
    typer.echo("The letter is queued again.")


@app.command(
    epilog="Example: svcqa mail arrived 0198f2c4b3a17e2f9c1d2e3f4a5b6c7d --known-from 'answered by phone'"
)
def arrived(
    letter: Annotated[str, typer.Argument(help="Id of a held letter, as svcqa mail list shows it.")],
    known_from: Annotated[str, typer.Option(help="How it is known, for the audit record.")],
) -> None:
    """Take a held letter for sent, since it arrived; what begins with its delivery begins now."""
    with opening.place().transaction(TERMINAL) as tx:
        letters.arrived(tx, letter, known_from=known_from)
    typer.echo("The letter counts as sent from now on.")


@app.command(epilog="Example: svcqa mail pause --reason 'the relay moves'")
def pause(
    reason: Annotated[str, typer.Option(help="Why it is paused, for those who see mails waiting.")],
) -> None:
    """Stop delivery until it is resumed."""
    mailbag.Outbox(opening.place()).pause(reason)
    typer.echo("The queue is paused; mails wait.")


@app.command()
def resume() -> None:
    """Let delivery go on."""
    with opening.place().transaction(TERMINAL) as tx:
        mailbag.resume(tx)
    typer.echo("The queue runs.")
