"""A mail relay on a real socket that strikes at a chosen moment of the conversation, and lets the test wait for it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tests.faults.world import World
from tests.notifications.relay import Relay

Strike = Callable[[], None]


class StrikingRelay(Relay):
    """Does something terrible before it answers a verb, once for each strike it holds; DOT is the end of a content."""

    def __init__(self, verb: str, *strikes: Strike) -> None:
        super().__init__()
        self.verb = verb
        self.strikes = list(strikes)
        self.struck = Event()

    async def _answer(self, writer: asyncio.StreamWriter, verb: str, kind: str) -> str:
        if verb == self.verb and self.strikes:
            self.strikes.pop(0)()
            self.struck.set()
        return await super()._answer(writer, verb, kind)


@contextmanager
def beside(relay: Relay, world: World) -> Iterator[None]:
    """Let the relay listen in a thread of its own where this world's couriers deliver."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(relay.__aenter__(), loop).result()
        world.settings = world.settings.model_copy(update={"smtp_port": relay.port})
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(relay.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
