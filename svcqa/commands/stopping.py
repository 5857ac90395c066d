"""How a command that runs for long learns that it must stop: by a signal, or because its parent is gone."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable

GRACE_SECONDS = 10.0
STOPPING = (signal.SIGINT, signal.SIGTERM)


def end_with_parent() -> None:
    """Stop this process as by SIGTERM when standard input closes: the parent's end does, however it died."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def stop_event() -> threading.Event:
    """Return an event that SIGINT and SIGTERM set from now on."""
    stop = threading.Event()
    for number in STOPPING:
        signal.signal(number, lambda *_: stop.set())
    return stop


def run_until_told(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `work` with an event that SIGINT and SIGTERM set."""

    async def run() -> None:
        stop = asyncio.Event()
        for number in STOPPING:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await work(stop)

    asyncio.run(run())
