"""`svcqa courier`: the loop that drains the outbox. One of the two loops that outlive an unforeseen error."""

import asyncio
import logging
import os
import random
import socket

import typer

from notifications import delivery
from svcqa.bootstrap import Runtime
from svcqa.commands import opening
from svcqa.commands.stopping import run_until_told
from svcqa.kernel.mailbag import Outbox

app = typer.Typer(add_completion=False)
log = logging.getLogger("svcqa.courier")

REST_SECONDS = 5.0


@app.command()
def courier() -> None:
    """Deliver the mails of the outbox until SIGTERM or Ctrl-C; several couriers may run at once."""
    runtime = opening.runtime()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    run_until_told(lambda stop: deliver(runtime, stop))


async def deliver(runtime: Runtime, stop: asyncio.Event) -> None:
    """Drain the outbox until told to stop; after an error rest, log it and go on."""
    owner = f"{socket.gethostname()}-{os.getpid()}"
    jitter = random.Random()  # noqa: S311 - spreads retries, protects nothing
    while not stop.is_set():
        try:
            await delivery.run(Outbox(runtime.place), runtime.transport, stop, owner=owner, jitter=jitter)
        except Exception:
            log.exception("delivery failed and begins again in %s s", REST_SECONDS)
            await _rest(stop)


async def _rest(stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(REST_SECONDS):
            await stop.wait()
    except TimeoutError:
        return
