"""Opening the database with the settings that keep an acknowledged commit on the disk.

SQLite runs with synchronous=FULL; the write-ahead log is used only from 3.51.3 on, where its
reset no longer corrupts (docs/decisions/0001). Nothing here knows a table.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from svcqa.kernel.errors import Busy

SAFE_WRITE_AHEAD_LOG = (3, 51, 3)
BUSY_MILLISECONDS = 5_000
# Statements a connection keeps prepared: more than the house has. By itself the binding keeps the hundred used
# most, and whatever comes later is prepared anew each time, which costs more than running it.
PREPARED = 1_000
WRITES = "svcqa_writes"


def sqlite_module() -> ModuleType:
    """Return the newest SQLite binding that is installed: pysqlite3 where it has a wheel, else the stock one."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


def open_engine(url: str) -> Engine:
    """Open the database at `url`; refuses an SQLite that would not keep a commit."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    module = sqlite_module()
    arguments = {"check_same_thread": False, "timeout": 5, "cached_statements": PREPARED}
    engine = create_engine(url, module=module, connect_args=arguments)
    event.listen(engine, "connect", _prepare_sqlite(module))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def journal_mode(version: tuple[int, ...]) -> str:
    """Return the journal mode that is safe on this SQLite version."""
    return "wal" if version >= SAFE_WRITE_AHEAD_LOG else "truncate"


def _prepare_sqlite(module: ModuleType) -> Any:
    mode = journal_mode(tuple(module.sqlite_version_info))

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours: the binding's own starts too late
        for pragma in (
            f"journal_mode={mode}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
            "mmap_size=0",
            "trusted_schema=OFF",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if connection.execute("PRAGMA synchronous").fetchone()[0] != 2:
            raise RuntimeError("SQLite refused synchronous=FULL; an acknowledged commit could be lost")

    return prepare


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@dataclass(frozen=True)
class Reading:
    """A database opened to be read and never written."""

    driver: Any
    dialect: str


@contextmanager
def open_to_read(url: str) -> Iterator[Reading]:
    """Open the database at `url` so that nothing can be written; raises FileNotFoundError, or the driver's error."""
    if not url.startswith("sqlite"):
        engine = create_engine(url, execution_options={"postgresql_readonly": True})
        try:
            with engine.connect() as connection:
                yield Reading(connection.connection.driver_connection, engine.dialect.name)
        finally:
            engine.dispose()
        return
    path = Path(url.removeprefix("sqlite:///"))
    if not path.is_file():
        raise FileNotFoundError(ENOENT, "no such database", str(path))
    driver = sqlite_module().connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        driver.execute("BEGIN")  # one snapshot for all reads, whoever writes meanwhile
        yield Reading(driver, "sqlite")
    finally:
        driver.close()


def operational_errors(engine: Engine) -> tuple[type[Exception], ...]:
    """Return how the database says that it cannot work now: prepared statements raise the driver's own error."""
    return (OperationalError, engine.dialect.loaded_dbapi.OperationalError)


def is_lock(error: Exception) -> bool:
    """Tell whether the database only asks to come back later (a lock, a lost serialisation race)."""
    original = error.orig if isinstance(error, OperationalError) else error
    text = str(original)
    code = getattr(original, "sqlstate", "")
    return "locked" in text or "busy" in text or code in {"40001", "40P01", "55P03"}


def begin(engine: Engine, *, writes: bool, attempts: int = 3) -> Connection:
    """Return a connection inside a transaction; raises Busy when the lock cannot be had in time."""
    for attempt in range(1, attempts + 1):
        connection = engine.connect().execution_options(**{WRITES: writes})
        try:
            connection.begin()
        except OperationalError as error:
            connection.close()
            if not is_lock(error):
                raise
            if attempt == attempts:
                raise Busy from error
        else:
            return connection
    raise Busy
