"""Prefect's real processes around an installation of its own, as `svcqa up` starts them; they can be killed."""

import json
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from svcqa.bootstrap import build, secret_of
from svcqa.commands import scheduler
from svcqa.commands.children import Child
from svcqa.kernel.clock import SystemClock
from svcqa.kernel.database import open_to_read
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Workplace
from tests.conftest import MONDAY_MORNING
from tests.faults.world import free_ports, wait_until

PATIENCE = 180.0
TRIES = 10
REPOSITORY = Path(__file__).parents[2]
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class PrefectAtWork:
    """An installation, how far its clock is moved, and Prefect's processes by name."""

    folder: Path
    shift: timedelta = field(default_factory=lambda: MONDAY_MORNING - SystemClock().now())
    running: dict[str, Child] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.port,) = free_ports(1)
        secret_of(self.settings)  # made before the processes start, as by svcqa init

    @property
    def settings(self) -> Settings:
        """The settings with the clock as it is moved by now."""
        clock = f"shifted:{self.shift.total_seconds()}"
        return Settings(
            _env_file=None, data_dir=self.folder, clock=clock, prefect_port=self.port, development=True
        )

    def place(self) -> Workplace:
        """Open the workplace in this process, at the same time."""
        return build(self.settings).place

    def start(self, *names: str) -> None:
        """Start these of prefect, dispatch and worker, each when it can be."""
        services = {one.name: one for one in scheduler.services(self.settings)}
        for name in names:
            log = self.folder / f"{name}.log"
            child = Child(services[name], log, {**self.settings.environment(), "PYTHONPATH": str(REPOSITORY)})
            child.start()
            self.running[name] = child
            if name != "worker":
                wait_until(services[name].is_ready, f"{name} is ready", within=PATIENCE)

    def kill(self, name: str) -> None:
        """Kill a process as `kill -9` does; what it started must end by itself."""
        process = self.running.pop(name).process
        assert process is not None
        process.kill()
        process.wait()
        assert process.stdin is not None
        process.stdin.close()

    def stop(self, *names: str) -> None:
        """End these, or all, in reverse order."""
        for name in names or tuple(reversed(self.running)):
            self.running.pop(name).stop(hurry=lambda: False)

    def later(self, **span: float) -> None:
        """Let everything that is started from now on live so much later."""
        self.shift += timedelta(**span)

    def ask(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        """Read rows of our database beside everything that runs."""
        with open_to_read(self.settings.database) as tx:
            return [tuple(row) for row in statement.run(tx, **values).fetchall()]

    def api(self, path: str, body: object = None, method: str | None = None) -> Any:
        """Ask the Prefect server: GET, or POST when there is a body and no other method is named.

        On SQLite it says 503 when two write at once, and stands still for half a minute now and then.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api{path}", data, method=method)
        request.add_header("Content-Type", "application/json")
        for patience in range(TRIES, 0, -1):
            try:
                with DIRECT.open(request, timeout=30) as answer:
                    text = answer.read()
                return json.loads(text) if text else None
            except HTTPError as refused:
                if refused.code != HTTPStatus.SERVICE_UNAVAILABLE or patience == 1:
                    raise
            except TimeoutError:
                if patience == 1:
                    raise
            time.sleep(1)
        raise AssertionError(path)

    def runs(self, **asked: object) -> list[dict[str, Any]]:
        """Return the runs a filter of Prefect finds."""
        found: list[dict[str, Any]] = self.api("/flow_runs/filter", {"flow_runs": asked, "limit": 200})
        return found

    def everyone(self) -> list[str]:
        """Return the command lines of all processes that work on this installation."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if str(self.folder).encode() in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:  # it ended meanwhile
                continue
        return [command for command in found if command]
