"""`svcqa web`: the web app behind uvicorn."""

import logging
import signal
import sys
from types import FrameType

import typer
import uvicorn
from uvicorn.config import STARTUP_FAILURE

from svcqa.commands import opening
from svcqa.commands.stopping import LONGEST_STOP, STOPPING, end_within
from svcqa.kernel import logbook

app = typer.Typer(add_completion=False)
log = logging.getLogger("svcqa.web")

APPLICATION = "svcqa.web.app:from_environment"
LONGEST_HEADERS = 16 * 1024
KEEP_ALIVE_SECONDS = 15
GRACE_SECONDS = 6
"""How long a request that runs may go on after the signal to stop; what is cut off then leaves nothing behind."""


@app.command()
def web() -> None:
    """Run the web app on SVCQA_WEB_HOST and SVCQA_WEB_PORT until SIGTERM or Ctrl-C."""
    settings = opening.read_settings()
    logbook.set_up(settings)
    opening.runtime(settings).place.engine.dispose()
    server = Server(
        uvicorn.Config(
            APPLICATION,
            factory=True,
            host=settings.web_host,
            port=settings.web_port,
            http="h11",
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the application does it, after it has seen who speaks
            h11_max_incomplete_event_size=LONGEST_HEADERS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    _run(server)


class Server(uvicorn.Server):
    """uvicorn's server, which ends in bounded time whatever a request does."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop, and see to it that this ends."""
        end_within(LONGEST_STOP)
        super().handle_exit(sig, frame)

    def before(self, *_: object) -> None:
        """Take a signal that comes before the server listens for it, or that it raises anew when it has stopped."""
        self.should_exit = True


def _run(server: Server) -> None:
    for number in STOPPING:
        signal.signal(number, server.before)
    log.info("the web app listens on %s:%s", server.config.host, server.config.port)
    server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)
    log.info("the web app has stopped")
