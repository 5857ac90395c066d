"""Several machines as docs/operate.md sets them up, each a handful of plain processes on this one.

One PostgreSQL serves the house and Prefect; Prefect asks for a password; there are two of everything that may be two.
"""

import base64
import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

from svcqa.bootstrap import build
from svcqa.commands import scheduler
from svcqa.commands.children import Child, Service, accepts, answers
from svcqa.kernel.database import open_to_read
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Workplace
from tests.databases import address, store
from tests.faults.world import free_ports, wait_until

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 180.0
PASSWORD = "operator:a password of the tests"
LEADING = f"deployments/name/{scheduler.LEADING}"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Machines:
    """The processes by name: web-1, web-2, courier-1, …; what they share is a database and a folder of files."""

    folder: Path
    clock: str
    running: dict[str, Child] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ports = dict(zip(("web-1", "web-2", "smtp", "prefect"), free_ports(4), strict=True))
        server = store().server
        self.prefect_database = server.dsn(store().empty()).replace("postgresql://", "postgresql+asyncpg://")

    def settings(self, name: str = "web-1") -> Settings:
        """Return the settings of a machine: they differ in the port of the web app only."""
        port = self.ports.get(name, self.ports["web-1"])
        return Settings(
            _env_file=None,
            data_dir=self.folder,
            database_url=address(self.folder),
            development=True,
            clock=self.clock,
            base_url=f"http://127.0.0.1:{port}",
            web_port=port,
            smtp_port=self.ports["smtp"],
            smtp_security="none",
            prefect_url=f"http://127.0.0.1:{self.ports['prefect']}",
        )

    def place(self) -> Workplace:
        """Open the workplace in this process."""
        return build(self.settings()).place

    def start(self, *names: str) -> None:
        """Start these processes, each when those before it are ready."""
        for name in names:
            service = self._service(name)
            environment = {**self.settings(name).environment(), "PYTHONPATH": str(REPOSITORY)}
            child = Child(service, self.folder / f"{name}.log", environment)
            child.start()
            self.running[name] = child
            wait_until(service.is_ready, f"{name} is ready", within=PATIENCE)

    def kill(self, name: str) -> None:
        """Kill a process and all that it started, as a machine that loses its power does."""
        child = self.running.pop(name)
        assert child.process is not None
        child.process.kill()
        child.stop(hurry=lambda: True)

    def stop(self) -> None:
        """End everything, the last started first."""
        for name in tuple(reversed(self.running)):
            self.running.pop(name).stop(hurry=lambda: False)

    def ask(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        """Read rows beside everything that runs."""
        with open_to_read(self.settings().database) as tx:
            return [tuple(row) for row in statement.run(tx, **values).fetchall()]

    def prefect(self, path: str, body: object = None, *, password: str = PASSWORD) -> Any:
        """Ask the Prefect server with its password."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['prefect']}/api/{path}",
            None if body is None else json.dumps(body).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"Basic {base64.b64encode(password.encode()).decode()}",
            },
        )
        with DIRECT.open(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def _service(self, name: str) -> Service:
        kind = name.partition("-")[0]
        one = {
            "mailbox": Service(name, ("mailbox",), "", accepts(self.ports["smtp"])),
            "web": Service(name, ("web",), "", answers(f"{self.settings(name).base_url}/healthz")),
            "courier": Service(name, ("courier",), ""),
            "sweep": Service(name, ("sweep", "--every", "1"), ""),
        }
        return one[kind] if kind in one else self._of_prefect(name, kind)

    def _of_prefect(self, name: str, kind: str) -> Service:
        port = str(self.ports["prefect"])
        started: dict[str, tuple[str, tuple[str, ...], Callable[[], bool]]] = {
            "prefect": (
                "flows.server",
                ("server", "start", "--host", "127.0.0.1", "--port", port),
                self._serves,
            ),
            "dispatch": ("flows.dispatch", (), self._is_deployed),
            "worker": (
                "prefect",
                ("worker", "start", "--pool", scheduler.POOL, "--type", "process", "--name", name),
                lambda: True,
            ),
        }
        module, arguments, is_ready = started[kind]
        return Service(name, arguments, "", is_ready, module=module, extra=self._environment(name))

    def _environment(self, name: str) -> dict[str, str]:
        settings = self.settings().model_copy(update={"prefect_port": self.ports["prefect"]})
        return {
            **scheduler.environment(settings),
            "PREFECT_HOME": str(self.folder / f"home of {name}"),
            "PREFECT_API_DATABASE_CONNECTION_URL": self.prefect_database,
            "PREFECT_SERVER_API_AUTH_STRING": PASSWORD,
            "PREFECT_API_AUTH_STRING": PASSWORD,
        }

    def _serves(self) -> bool:
        return self._answered("admin/version")

    def _is_deployed(self) -> bool:
        return self._answered(LEADING)

    def _answered(self, path: str) -> bool:
        try:
            self.prefect(path)
        except (HTTPError, URLError, TimeoutError, ConnectionError):
            return False
        return True
