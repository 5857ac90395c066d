"""An installation of its own with the real processes of the product, which can be killed, stopped and started later.

Time passes between two starts only: what starts after `later` lives in a shifted clock.
"""

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from svcqa import migrating
from svcqa.bootstrap import build
from svcqa.commands.children import Child, Service, accepts, answers
from svcqa.demo.people import roster as demo_roster
from svcqa.kernel.clock import SystemClock
from svcqa.kernel.database import libpq, open_to_read, sqlite_module
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import roster
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, read_folder
from tests import databases

BEGINS_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in China
PATIENCE_SECONDS = 60.0
SOONEST_LOOK, LATEST_LOOK = 0.02, 0.25
COMMANDS = {
    "mailbox": ("mailbox",),
    "web": ("web",),
    "courier": ("courier",),
    "sweep": ("sweep", "--every", "1"),
}
TAKEN_BY = Statement("SELECT 1 FROM outbox WHERE owner = :owner LIMIT 1")


@dataclass
class World:
    """One installation: its settings, how far its clock is moved, and what runs."""

    settings: Settings
    shift: timedelta
    running: dict[str, Child] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    def place(self) -> Workplace:
        """Open the workplace in this process, at the world's time; dispose of its engine after use."""
        return build(self.timed()).place

    def barred(self) -> Any:
        """Let nobody write to the outbox or the chain until what is returned is closed."""
        url = self.settings.database
        if not url.startswith("sqlite"):
            lock = psycopg.connect(libpq(url))
            lock.execute("LOCK TABLE outbox, audit_head IN EXCLUSIVE MODE")
            return lock
        path = url.removeprefix("sqlite:///")
        lock = sqlite_module().connect(path, isolation_level=None, check_same_thread=False)
        lock.execute("BEGIN IMMEDIATE")
        return lock

    def timed(self) -> Settings:
        """Return the settings with the clock as it is moved by now."""
        return self.settings.model_copy(update={"clock": f"shifted:{self.shift.total_seconds()}"})

    def now(self) -> datetime:
        """Return the present moment of what is started now."""
        return SystemClock().now() + self.shift

    def later(self, by: timedelta) -> None:
        """Let everything that is started from now on live so much later."""
        self.shift += by

    def start(self, *names: str) -> None:
        """Start these processes of the product."""
        for name in names:
            self.start_as(name, *COMMANDS[name])

    def start_as(self, name: str, *arguments: str) -> None:
        """Start one of the product's commands under a name of the test's own."""
        service = Service(name, arguments, "", self._readiness(name))
        child = Child(service, self.settings.data_dir / f"{name}.log", self.timed().environment())
        child.start()
        self.running[name] = child

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the terminal to its end."""
        command = [sys.executable, "-m", "svcqa.cli", *arguments]
        environment = {**os.environ, **self.timed().environment()}
        return subprocess.run(command, check=False, env=environment, capture_output=True, text=True)

    def await_ready(self, *names: str) -> float:
        """Wait until these do their work and return the seconds it took."""
        began = time.monotonic()
        for name in names:
            wait_until(self.running[name].service.is_ready, f"{name} does its work")
        return time.monotonic() - began

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """Return what runs under a name, to be signalled."""
        process = self.running[name].process
        assert process is not None, name
        return process

    def kill(self, *names: str) -> None:
        """Kill these processes at once, as `kill -9` does."""
        for name in names:
            self.process(name).kill()
        for name in names:
            self.running.pop(name).stop(hurry=lambda: True)
            self.kills[name] += 1

    def stop(self, *names: str) -> None:
        """Let these processes end as an operator does."""
        for name in names:
            self.running.pop(name).stop(hurry=lambda: False)

    def close(self) -> None:
        """Leave no process behind."""
        for child in self.running.values():
            child.stop(hurry=lambda: True)
        self.running.clear()

    def sees(self, statement: Statement, **values: object) -> bool:
        """Tell whether a query finds a row."""
        return self.ask(statement, **values) is not None

    def ask(self, statement: Statement, **values: object) -> tuple[object, ...] | None:
        """Return the first row of a query, read beside everything that runs."""
        with open_to_read(self.settings.database) as tx:
            row: tuple[object, ...] | None = statement.one(tx, **values)
        return row

    def _readiness(self, name: str) -> Callable[[], bool]:
        if name == "web":
            return answers(f"{self.settings.base_url}/healthz")
        if name == "mailbox":
            return accepts(self.settings.smtp_port)
        if name == "courier":
            return lambda: self.sees(TAKEN_BY, owner=f"{socket.gethostname()}-{self.process(name).pid}")
        return lambda: self.running[name].ended is None


def furnish(folder: Path) -> None:
    """Set up an installation with the demo's people and the shipped regulation; nothing runs yet."""
    place = world_in(folder).place()
    migrating.migrate(place.engine)
    with place.transaction(SYSTEM) as tx:
        roster.load(tx, demo_roster())
        library.publish(tx, read_folder(SHIPPED / "complaints-trial" / "v1"), confirmed_by="leading group")
    place.engine.dispose()


def world_in(folder: Path) -> World:
    """Return the world of an installation's folder, at its first morning, with ports of its own."""
    web, smtp = free_ports(2)
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        database_url=databases.address(folder),
        development=True,
        base_url=f"http://127.0.0.1:{web}",
        web_port=web,
        smtp_port=smtp,
        smtp_security="none",
    )
    return World(settings, BEGINS_AT - SystemClock().now())


def free_ports(count: int) -> list[int]:
    """Return ports of this machine that nobody uses now."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def wait_until(comes_true: Callable[[], object], what: str, *, within: float = PATIENCE_SECONDS) -> None:
    """Wait for something another process does; fails with its name when it does not come.

    Looks ever more rarely: who is asked, a database or a server, has the work to do that is waited for.
    """
    until, pause = time.monotonic() + within, SOONEST_LOOK
    while not comes_true():
        assert time.monotonic() < until, f"within {within:.0f} s this did not come: {what}"
        time.sleep(pause)
        pause = min(pause * 1.5, LATEST_LOOK)
