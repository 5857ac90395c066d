"""How a command that runs for long learns that it must stop: by a signal, or because its parent is gone."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable

GRACE_SECONDS = 10.0
LONGEST_STOP = 9.0
"""Seconds from the signal to the end of a process, whatever it does; whoever started it kills it a second later."""
STOPPING = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger("svcqa.stopping")


def end_with_parent() -> None:
    """Stop this process as by SIGTERM when standard input closes: the parent's end does, however it died."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def end_within(seconds: float) -> None:
    """End this process well after so many seconds even if something still runs: what it did not commit is not kept."""
    limit = threading.Timer(seconds, _cut_off)
    limit.daemon = True
    limit.start()


def _cut_off() -> None:
    log.warning("what still runs is cut off, nothing of it is kept")
    os._exit(0)


def stop_event(*, within: float | None = None) -> threading.Event:
    """Return an event that SIGINT and SIGTERM set from now on; `within` so many seconds the process is gone."""
    stop = threading.Event()

    def told(*_: object) -> None:
        stop.set()
        if within is not None:
            end_within(within)

    for number in STOPPING:
        signal.signal(number, told)
    return stop


def end_as_by_hand() -> None:
    """Let SIGTERM end this command as Ctrl-C does, so that it takes back what it began."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def run_until_told(work: Callable[[asyncio.Event], Awaitable[None]], *, within: float | None = None) -> None:
    """Run `work` with an event that SIGINT and SIGTERM set; `within` so many seconds the process is gone."""

    async def run() -> None:
        stop = asyncio.Event()

        def told() -> None:
            stop.set()
            if within is not None:
                end_within(within)

        for number in STOPPING:
            asyncio.get_running_loop().add_signal_handler(number, told)
        await work(stop)

    asyncio.run(run())
