"""Folders that hold a workplace's data: beside its files lies SQLite's, or the address of a database on PostgreSQL.

A folder is made once and copied for each test, and its database with it. PostgreSQL's are used again: what a test
wrote is emptied out and the rows of the copied one are put in, which is ten times as fast as making a database. So
are the connections to them: a new one costs as much as thirty statements, and learns every table and plan anew.
"""

import atexit
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

from svcqa.kernel.database import POSTGRES_SESSION
from tests.postgres import Server

ADDRESS = "database.url"
on_postgresql = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True, scope="session"
)
"""Marks a test of what only PostgreSQL has."""
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True, scope="session")
"""Marks a test of what only SQLite has."""


def on_each(argument: str, *, sqlite: Sequence[object], postgresql: Sequence[object]) -> pytest.MarkDecorator:
    """Mark a long test that goes through all of its cases on SQLite, and on PostgreSQL through some of them."""
    cases = [pytest.param("sqlite", one) for one in sqlite]
    cases += [pytest.param("postgresql", one, marks=pytest.mark.postgres) for one in postgresql]
    return pytest.mark.parametrize(("database", argument), cases, indirect=["database"], scope="session")


TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
AND pg_relation_size(c.oid) > 0 ORDER BY c.relname"""
GUARDS = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
CONNECTED = "SELECT pid FROM pg_stat_activity WHERE datname = %s"

Rows = dict[str, bytes]


class Store:
    """This process's PostgreSQL with the databases that are in use, and those that are free to be used again."""

    def __init__(self) -> None:
        self.server = Server()
        self.used: set[str] = set()
        self.free: list[str] = []
        self.guards = -1
        self.rows: dict[str, Rows] = {}
        self.idle: dict[str, list[psycopg.Connection]] = defaultdict(list)

    def empty(self) -> str:
        """Return a new database without tables."""
        name = self.server.create()
        self.used.add(name)
        return name

    def copy(self, name: str, *, anew: bool) -> str:
        """Return a database with the rows of another; `anew` where that one has changed since its last copy."""
        if anew or name not in self.rows:
            self.rows[name] = self._read(name)
        copy = self.free.pop() if self.free else self._made_like(name)
        self._fill(copy, self.rows[name])
        self.used.add(copy)
        return copy

    def release(self, name: str) -> None:
        """Let a database be used again, unless its triggers were taken away."""
        self.used.discard(name)
        self.rows.pop(name, None)
        self._part_from_others(name)
        with self._open(name) as driver:
            whole = driver.execute(GUARDS).fetchone() == (self._guards(driver),)
        if whole:
            self.free.append(name)
        else:
            self.hang_up(name)
            self.server.drop(name)

    def lend(self, name: str) -> psycopg.Connection | None:
        """Return a connection to a database that somebody had before, if there is one."""
        return self.idle[name].pop() if self.idle[name] else None

    def take_back(self, name: str, driver: psycopg.Connection) -> None:
        """Keep a connection for the next one who wants it, unless something is left undone on it."""
        if driver.closed or driver.info.transaction_status != TransactionStatus.IDLE:
            driver.close()
        else:
            self.idle[name].append(driver)

    def _made_like(self, name: str) -> str:
        self.hang_up(name)  # nobody may be connected to what is copied
        return self.server.create(template=name)

    def hang_up(self, name: str) -> None:
        """Close the connections to a database that nobody uses."""
        for driver in self.idle.pop(name, []):
            driver.close()

    def _part_from_others(self, name: str) -> None:
        """End what is connected to a database but not ours, and what is ours but no longer connected."""
        ours = {driver.info.backend_pid: driver for driver in self.idle[name]}
        there = {pid for (pid,) in self.server.admin.execute(CONNECTED, (name,))}
        for pid in there - ours.keys():
            self.server.admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
        for pid in ours.keys() - there:
            self.idle[name].remove(ours[pid])
            ours[pid].close()

    def _guards(self, driver: psycopg.Connection) -> int:
        if self.guards < 0:
            self.guards = int(driver.execute(GUARDS).fetchone()[0])  # type: ignore[index]  # count gives a row
        return self.guards

    def _read(self, name: str) -> Rows:
        with self._open(name) as driver:
            self._guards(driver)
            return {table: _copied_out(driver, table) for (table,) in driver.execute(TABLES).fetchall()}

    def _fill(self, name: str, rows: Rows) -> None:
        with self._open(name) as driver:
            # history may be emptied, keys come in any order
            driver.execute("SET LOCAL session_replication_role = replica")
            stale = [table for (table,) in driver.execute(TABLES).fetchall()]
            driver.execute("; ".join(f"DELETE FROM {table}" for table in stale).encode())
            for table, data in rows.items():
                with driver.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)".encode()) as copy:
                    copy.write(data)

    @contextmanager
    def _open(self, name: str) -> Iterator[psycopg.Connection]:
        driver = self.lend(name) or psycopg.connect(self.server.dsn(name), options=POSTGRES_SESSION)
        try:
            with driver.transaction():
                yield driver
        finally:
            self.take_back(name, driver)


@cache
def store() -> Store:
    """Return this process's databases on PostgreSQL, whose server starts when it is first asked for."""
    found = Store()
    atexit.register(found.server.close)
    return found


def address(folder: Path) -> str:
    """Return the address of the database that belongs to a folder."""
    kept = folder / ADDRESS
    return kept.read_text() if kept.is_file() else f"sqlite:///{folder / 'svcqa.db'}"


def on_postgres(folder: Path) -> Path:
    """Give a folder an empty database on PostgreSQL."""
    return _bound(folder, store().empty())


def copied(source: Path, target: Path, *, anew: bool = False) -> Path:
    """Copy a folder and its database; `anew` where it has changed since it was copied before."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    if (source / ADDRESS).is_file():
        _bound(target, store().copy(address(source).rpartition("/")[2], anew=anew))
    return target


def hang_up(engine: Engine) -> None:
    """Leave nobody connected to an engine's database who only waits for the next one to use the connection."""
    engine.dispose()
    if engine.dialect.name == "postgresql":
        store().hang_up(str(engine.url.database))


def with_idle(engine: Engine) -> Engine:
    """Let an engine use the connections to its database that somebody had before, and leave its own behind."""
    if engine.dialect.name == "postgresql":
        name = str(engine.url.database)
        event.listen(engine, "do_connect", lambda *_way: store().lend(name))
        engine.dialect.do_close = partial(store().take_back, name)  # type: ignore[method-assign]  # of this one only
    return engine


def hurry(engine: Engine) -> None:
    """Let whoever opens this database wait for a lock no longer than a moment."""
    event.listen(engine, "connect", _hurried)
    engine.dispose()
    vars(engine.dialect).pop("do_close", None)  # nobody is to have these connections afterwards


def _hurried(driver: Any, _record: object) -> None:
    if isinstance(driver, psycopg.Connection):
        driver.execute("SET lock_timeout = 20")
        driver.commit()
    else:
        driver.execute("PRAGMA busy_timeout = 20")


def standing() -> set[str]:
    """Return the names of the databases that are in use on PostgreSQL now."""
    return set(store().used) if store.cache_info().currsize else set()


def release_but(kept: set[str]) -> None:
    """Free the databases that are not among `kept`."""
    for name in standing() - kept:
        store().release(name)


def _copied_out(driver: psycopg.Connection, table: str) -> bytes:
    with driver.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)".encode()) as copy:
        return b"".join(copy)


def _bound(folder: Path, name: str) -> Path:
    (folder / ADDRESS).write_text(store().server.dsn(name))
    return folder
