"""`python -m flows.server`: the `prefect` command, whose server tells browsers to ask this machine only.

Prefect's pages turn to a service of statistics as they load, also when telemetry is off; a policy in the answers
keeps the browser from it. And on SQLite two of the server's own writers may wait for each other until one gives up,
which Prefect lets take a minute, in which nothing is written: here it takes seconds, and whoever asked asks again.
"""

from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI
from prefect.cli import app as command
from prefect.server.api import server
from prefect.server.database.configurations import AioSqliteConfiguration
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:;"
    " connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws://localhost:* data: blob:"
)
BUSY_MILLISECONDS = 5000
_create = server.create_app
_set_up_sqlite = AioSqliteConfiguration.setup_sqlite


class AtHome:
    """Adds the policy to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer with the policy."""

        async def tell(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Content-Security-Policy"] = POLICY
            await send(message)

        await self.app(scope, receive, tell)


def create_app(*args: Any, **wishes: Any) -> FastAPI:
    """Create Prefect's application with the policy around it."""
    made = _create(*args, **wishes)
    made.add_middleware(AtHome)
    return made


def set_up_sqlite(configuration: AioSqliteConfiguration, connection: Any, record: Any) -> None:
    """Set a connection up as Prefect does, but for how long it waits for another one's lock."""
    _set_up_sqlite(configuration, connection, record)
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.close()


if __name__ == "__main__":
    server.create_app = create_app
    setattr(AioSqliteConfiguration, "setup_sqlite", set_up_sqlite)  # noqa: B010 - a function stands for a method
    command()
