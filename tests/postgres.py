"""A PostgreSQL server for the tests: on a free port of 127.0.0.1, as a user of its own, gone afterwards.

It gives up durability for speed: what must survive a crash is killed as a process, not as a machine.
"""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from svcqa.kernel.ids import new_id

USER = "svcqa"
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
STARTS_WITHIN_SECONDS = 60.0
LEASH = '"$@" & server=$!; read -r word; kill -QUIT "$server"; wait "$server"'
"""Nothing is ever written to it: it reads until our end of its standard input is closed."""
UNPRIVILEGED = ("postgres", "nobody")
OLDEST = 15


@cache
def programs() -> Path | None:
    """Return the folder with the newest PostgreSQL's programs, or None where there is none that is new enough."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda bin_: int(bin_.parent.name))
    found = [bin_ for bin_ in packaged if int(bin_.parent.name) >= OLDEST and (bin_ / "initdb").is_file()]
    if found:
        return found[-1]
    path = shutil.which("initdb")
    return Path(path).parent if path and _version(path) >= OLDEST else None


def _version(initdb: str) -> int:
    said = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


class Server:
    """One running server. `create` and `drop` make databases on it."""

    def __init__(self, *, durable: bool = False) -> None:
        bin_ = programs()
        assert bin_ is not None, "PostgreSQL is not installed"
        self.bin = bin_
        self.folder = Path(tempfile.mkdtemp(prefix="svcqa-postgres-"))
        self.durable = durable
        if os.geteuid() == 0:
            owner = _unprivileged()
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", "data", "-U", USER, "--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.port = _free_port()
        self.start()
        self.admin = psycopg.connect(self.dsn("postgres"), autocommit=True)

    def start(self) -> None:
        """Start the server; returns when it takes connections. It ends with this process, however that ends."""
        chosen = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "logging_collector=off")
        settings = [word for one in (*chosen, *(() if self.durable else HASTY)) for word in ("-c", one)]
        command = [
            "/bin/sh",
            "-c",
            LEASH,
            "sh",
            str(self.bin / "postgres"),
            "-D",
            "data",
            "-p",
            str(self.port),
        ]
        with (self.folder / "log").open("ab") as log:
            self.leash = subprocess.Popen(
                [*command, *settings],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._manner(),
            )
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._answers():
            hopeless = self.leash.poll() is not None or time.monotonic() > until
            assert not hopeless, (self.folder / "log").read_text()
            time.sleep(0.02)

    def kill(self) -> None:
        """Let the server die at once, as a crash would."""
        assert self.leash.stdin is not None
        self.leash.stdin.close()
        self.leash.wait()

    def close(self) -> None:
        """Stop the server and remove all its data."""
        with suppress(psycopg.Error):
            self.admin.close()
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, name: str) -> str:
        """Return a database's address as PostgreSQL's own programs read it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def create(self, *, template: str = "template1") -> str:
        """Make a database as a copy of another, and return its name."""
        name = f"t{new_id().replace('-', '')}"
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _manner(self) -> dict[str, Any]:
        """Return how a program of the server is run: in its folder, as its user, in English."""
        user = {"user": _unprivileged().pw_uid, "extra_groups": []} if os.geteuid() == 0 else {}
        return {"cwd": self.folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}, **user}

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.bin / program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            **self._manner(),
        )
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"


def _unprivileged() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise AssertionError(f"run as root, a PostgreSQL needs one of the users {', '.join(UNPRIVILEGED)}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
