"""A web server in a process of its own: `python -m benchmarks.serving product|bare <folder> <port>`."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from benchmarks import bare_page, world
from svcqa.bootstrap import build
from svcqa.kernel.clock import FrozenClock
from svcqa.web.app import create_app


def app(which: str, folder: Path) -> FastAPI:
    """Make the product's application, or the bare one, over an installation."""
    if which == "bare":
        return bare_page.create(folder)
    return create_app(build(world.settings(folder), clock=FrozenClock(world.NOW)))


@contextlib.contextmanager
def running(which: str, folder: Path) -> Iterator[HTTPConnection]:
    """Serve an application and give a connection that stays open."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.serving", which, str(folder), str(port)])
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        while process.poll() is None:
            with contextlib.suppress(ConnectionRefusedError):
                connection.connect()
                break
            time.sleep(0.1)
        yield connection
    finally:
        connection.close()
        process.terminate()
        process.wait()


if __name__ == "__main__":
    uvicorn.run(
        app(sys.argv[1], Path(sys.argv[2])),
        host="127.0.0.1",
        port=int(sys.argv[3]),
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=600,
    )
