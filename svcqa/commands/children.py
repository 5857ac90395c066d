"""The processes of `svcqa up`: how each is started, known to be ready, and stopped with all it started."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

LEASH = "svcqa.commands.leash"
KEPT_LOGS = 3
GRACE_SECONDS = 10.0


@dataclass(frozen=True)
class Service:
    """One program to keep running; `is_ready` is asked until it says yes, `news` is said then.

    `waits`: it is started when those before it are ready. `extra` is added to its environment.
    """

    name: str
    arguments: tuple[str, ...]
    news: str
    is_ready: Callable[[], bool] = lambda: True
    module: str = "svcqa.cli"
    waits: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Child:
    """A service's process, in a session of its own; it ends when our end of its standard input closes."""

    service: Service
    log: Path
    environment: Mapping[str, str]
    deaths: deque[float] = field(default_factory=deque)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; what it says is added to its log. What an earlier one left behind is killed first."""
        self._signal(signal.SIGKILL)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", LEASH, self.service.module, *self.service.arguments],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment, **self.service.extra, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )

    @property
    def ended(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.process.poll() if self.process else None

    def last_words(self) -> str:
        """Return the last line of the log."""
        lines = self.log.read_text("utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "no word in its log")

    def stop(self, *, hurry: Callable[[], bool]) -> None:
        """Ask the process to end; kill it with its session after ten seconds, or at once in a hurry."""
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while self.process.poll() is None and time.monotonic() < until and not hurry():
            time.sleep(0.05)
        self._signal(signal.SIGKILL)
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


def turn_logs(folder: Path, name: str) -> Path:
    """Put the logs of earlier starts aside (three are kept) and return the path of the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    for age in range(KEPT_LOGS - 1, -1, -1):
        old = folder / (f"{name}.log.{age}" if age else f"{name}.log")
        if old.exists():
            old.replace(folder / f"{name}.log.{age + 1}")
    return folder / f"{name}.log"


def is_free(host: str, port: int) -> bool:
    """Tell whether a process of ours could listen on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> Callable[[], bool]:
    """Return the question whether somebody listens on a port of this machine."""

    def ask() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    return ask


def answers(address: str) -> Callable[[], bool]:
    """Return the question whether a page answers 200."""
    # A proxy set for this machine's way out would not know our loopback.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask() -> bool:
        try:
            with direct.open(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, HTTPException):
            return False

    return ask
