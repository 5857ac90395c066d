"""Doing a request again that the database undid for the sake of another. Of the first try nothing is left.

Only PostgreSQL does that: on SQLite writers wait for each other. Knows no page.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from svcqa.kernel.attempts import pauses
from svcqa.kernel.errors import Busy

LARGEST = (
    1_000_000  # a longer body is not kept in memory for a second try: its sender is asked to send it again
)
UNDONE = "svcqa.undone"


@contextmanager
def noticing(scope: Any) -> Iterator[None]:
    """Note in a request's scope that the database undid its transaction."""
    try:
        yield
    except Busy as busy:
        if busy.undone:
            scope.get(UNDONE, []).append(busy)
        raise


class Again:
    """ASGI middleware that hands a request in up to three times more before its failure is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the first try that was not undone, or with the last one."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        body = Body(receive)
        for pause in (*pauses(), None):
            attempt = Try(body, send, last=pause is None)
            await self.app({**scope, UNDONE: attempt.undone}, body.anew(), attempt.send_on)
            if pause is None or not attempt.dropped:
                return
            await asyncio.sleep(pause)


class Body:
    """What is received of a body, kept so that it can be received once more; `whole` while all of it is."""

    def __init__(self, receive: Receive) -> None:
        self.whole = True
        self._receive = receive
        self._kept: list[Message] = []
        self._size = 0

    def anew(self) -> Receive:
        """Return a way to receive the body from its beginning."""
        kept = iter(tuple(self._kept))

        async def receive() -> Message:
            return next(kept, None) or await self._more()

        return receive

    async def _more(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > LARGEST:
            self.whole, self._kept = False, []
        else:
            self._kept.append(message)
        return message


class Try:
    """One try: its answer goes out unless the database undid it and it can be made again."""

    def __init__(self, body: Body, send: Send, *, last: bool) -> None:
        self.undone: list[Busy] = []
        self.dropped = False
        self._body = body
        self._send = send
        self._last = last

    async def send_on(self, message: Message) -> None:
        """Pass a part of the answer on, or drop it."""
        if message["type"] == "http.response.start":
            self.dropped = bool(self.undone) and self._body.whole and not self._last
        if not self.dropped:
            await self._send(message)
