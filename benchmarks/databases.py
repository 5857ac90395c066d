"""The databases under the benchmarks: a folder holds an installation, and its database lies in it or is named in it.

PostgreSQL is started here with all its durability, on a free port of 127.0.0.1, and gone afterwards.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import world
from svcqa.kernel.database import journal_mode, open_engine, sqlite_module
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from tests.postgres import OLDEST, Server, programs

SQLITE, POSTGRESQL = "sqlite", "postgresql"
MISSING = (
    f"PostgreSQL {OLDEST} or newer was not found on this machine: install it (on Debian and Ubuntu the package"
    " postgresql), or measure SQLite alone with --database sqlite."
)


class Sqlite:
    """SQLite, as a file in each folder."""

    name, title = SQLITE, "SQLite"

    @property
    def version(self) -> str:
        """Say which version it is and how it is run."""
        module = sqlite_module()
        mode = journal_mode(tuple(module.sqlite_version_info))
        return f"SQLite {module.sqlite_version} in {mode} mode"

    def new(self, folder: Path) -> Path:
        """Make an empty folder with an empty database."""
        folder.mkdir(parents=True)
        return folder

    def copy(self, source: Path, target: Path) -> Path:
        """Copy a folder and its database, which nobody has open."""
        return Path(shutil.copytree(source, target))

    def drop(self, folder: Path) -> None:
        """Remove a folder and its database."""
        shutil.rmtree(folder)

    def text(self, statement: Statement) -> str:
        """Return a statement's text as the driver takes it."""
        return statement.sqlite

    def for_django(self, folder: Path) -> dict[str, Any]:
        """Return how Django opens a folder's database as we do."""
        mode = journal_mode(tuple(sqlite_module().sqlite_version_info))
        pragmas = f"PRAGMA journal_mode={mode}; PRAGMA synchronous=FULL;"
        options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE"}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "peer.db"), "OPTIONS": options}

    def settle(self, place: Workplace) -> None:
        """Do what the database does by itself some time after many rows were written: here nothing."""


class Postgres(Sqlite):
    """PostgreSQL, with a database for each folder."""

    name, title = POSTGRESQL, "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server = server

    @property
    def version(self) -> str:
        """Say which version it is and how it is run."""
        number = self.server.admin.info.server_version // 10_000
        return f"PostgreSQL {number} with fsync, synchronous_commit and full_page_writes"

    def new(self, folder: Path) -> Path:
        """Make an empty folder with an empty database."""
        return _bound(super().new(folder), self.server, template="template1")

    def copy(self, source: Path, target: Path) -> Path:
        """Copy a folder and its database, which nobody has open."""
        return _bound(super().copy(source, target), self.server, template=_database(source))

    def drop(self, folder: Path) -> None:
        """Remove a folder and its database."""
        self.server.drop(_database(folder))
        super().drop(folder)

    def text(self, statement: Statement) -> str:
        """Return a statement's text as the driver takes it."""
        return statement.postgres

    def for_django(self, folder: Path) -> dict[str, Any]:
        """Return how Django opens a folder's database as we do."""
        found = self.server.admin.info
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _database(folder),
            "USER": found.user,
            "HOST": found.host,
            "PORT": found.port,
        }

    def settle(self, place: Workplace) -> None:
        """Do what the database does by itself some time after many rows were written: count them."""
        with place.transaction(SYSTEM) as tx:
            tx.driver.execute("ANALYZE")


Database = Sqlite | Postgres
"""Either of the two."""


@contextmanager
def running(name: str) -> Iterator[Database]:
    """Give a database by its name; a PostgreSQL lives as long as the block."""
    if name == SQLITE:
        yield Sqlite()
        return
    if programs() is None:
        raise SystemExit(MISSING)
    server = Server(durable=True)
    try:
        yield Postgres(server)
    finally:
        server.close()


def driver(folder: Path) -> Any:
    """Open a folder's database as the product does, and return the driver's own connection."""
    return open_engine(world.settings(folder).database).connect().connection.driver_connection


def _bound(folder: Path, server: Server, *, template: str) -> Path:
    (folder / world.ADDRESS).write_text(server.dsn(server.create(template=template)))
    return folder


def _database(folder: Path) -> str:
    return (folder / world.ADDRESS).read_text().rpartition("/")[2]
