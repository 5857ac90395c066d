"""`svcqa courier`: the loop that drains the outbox. One of the two loops that outlive an unforeseen error."""

import asyncio
import logging
import os
import random
import socket
from collections import Counter

import typer
from sqlalchemy.exc import SQLAlchemyError

from notifications import delivery
from svcqa.bootstrap import Runtime
from svcqa.commands import opening
from svcqa.commands.stopping import LONGEST_STOP, run_until_told
from svcqa.kernel import logbook, rounds
from svcqa.kernel.mailbag import Outbox

app = typer.Typer(add_completion=False)
log = logging.getLogger("svcqa.courier")

REST_SECONDS = 5.0
GRACE_SECONDS = 6.0
"""How long a letter in flight may go on after the signal to stop; then it is left to its lease, as after a crash."""


@app.command()
def courier() -> None:
    """Deliver the mails of the outbox until SIGTERM or Ctrl-C; several couriers may run at once."""
    settings = opening.read_settings()
    logbook.set_up(settings)
    runtime = opening.runtime(settings)
    log.info("the courier delivers to %s:%s", settings.smtp_host, settings.smtp_port)
    run_until_told(lambda stop: work(runtime, stop), within=LONGEST_STOP)
    log.info("the courier has stopped")


async def work(runtime: Runtime, stop: asyncio.Event) -> None:
    """Deliver and show that we live until told to stop; then let what is in flight end, for a while."""
    delivering = asyncio.create_task(deliver(runtime, stop))
    showing = asyncio.create_task(_show_life(runtime, stop))
    await stop.wait()
    _, late = await asyncio.wait({delivering, showing}, timeout=GRACE_SECONDS)
    for task in late:
        task.cancel()
    if late:
        log.warning("the relay does not answer; a letter in flight is left to its lease")
        await asyncio.wait(late)


async def deliver(runtime: Runtime, stop: asyncio.Event) -> None:
    """Drain the outbox until told to stop; after an error rest, log it and go on."""
    owner = f"{socket.gethostname()}-{os.getpid()}"
    jitter = random.Random()  # noqa: S311 - spreads retries, protects nothing
    while not stop.is_set():
        try:
            await delivery.run(
                Outbox(runtime.place), runtime.transport, stop, owner=owner, jitter=jitter, tell=_tell
            )
        except Exception:
            log.exception("delivery failed and begins again in %s s", REST_SECONDS)
            await _rest(stop, REST_SECONDS)


def _tell(outcomes: Counter[str]) -> None:
    if outcomes:
        log.info(
            "round of mails: %s", ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
        )


async def _show_life(runtime: Runtime, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await asyncio.to_thread(rounds.note, runtime.place, rounds.COURIER)
        except (SQLAlchemyError, runtime.place.engine.dialect.loaded_dbapi.Error):
            log.warning("the database does not answer")
        await _rest(stop, rounds.BEAT_SECONDS)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
