"""`svcqa web`: the web app behind uvicorn."""

import typer
import uvicorn

from svcqa.commands import opening

app = typer.Typer(add_completion=False)

APPLICATION = "svcqa.web.app:from_environment"
LONGEST_HEADERS = 16 * 1024
KEEP_ALIVE_SECONDS = 15
GRACE_SECONDS = 5


@app.command()
def web() -> None:
    """Run the web app on SVCQA_WEB_HOST and SVCQA_WEB_PORT until SIGTERM or Ctrl-C."""
    settings = opening.read_settings()
    opening.runtime(settings).place.engine.dispose()
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=settings.web_host,
        port=settings.web_port,
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        h11_max_incomplete_event_size=LONGEST_HEADERS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
