"""Opening the database with the settings that keep an acknowledged commit on the disk. Knows no table.

SQLite runs with synchronous=FULL; the write-ahead log is used only from 3.51.3 on, where its
reset no longer corrupts (docs/decisions/0001). How PostgreSQL is used stands in docs/decisions/0007.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, OperationalError

from svcqa.kernel.errors import Busy
from svcqa.kernel.settings import DATABASES, NO_DATABASE

SAFE_WRITE_AHEAD_LOG = (3, 51, 3)
BUSY_MILLISECONDS = 5_000
# Statements a connection keeps prepared: more than the house has. By itself the binding keeps the hundred used
# most, and whatever comes later is prepared anew each time, which costs more than running it.
PREPARED = 1_000
WRITES = "svcqa_writes"
POSTGRES = "postgresql+psycopg"
# Moments are read as UTC; a lock is waited for as long as SQLite waits, and then the database is busy.
POSTGRES_SESSION = f"-c timezone=UTC -c lock_timeout={BUSY_MILLISECONDS} -c application_name=svcqa"
DATA_ERRORS = (psycopg.DataError, DataError)
"""What PostgreSQL says to a value that it cannot hold: a text with a NUL, a number beyond its column."""
LOST_RACE = frozenset({"40001", "40P01"})
"""What PostgreSQL says to one of two transactions that cannot both go on: undone, to be done again."""


def sqlite_module() -> ModuleType:
    """Return the newest SQLite binding that is installed: pysqlite3 where it has a wheel, else the stock one."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


def checked_address(url: str) -> str:
    """Return an address that can be opened here, SQLite's or PostgreSQL's; raises ValueError with the remedy."""
    try:
        url.encode()
        known = make_url(url).get_backend_name() in DATABASES
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise ValueError(NO_DATABASE)
    return url


def open_engine(url: str) -> Engine:
    """Open the database at `url`; refuses an SQLite that would not keep a commit, and with ValueError what is none."""
    checked_address(url)
    if not url.startswith("sqlite"):
        return _open_postgres(url)
    module = sqlite_module()
    arguments = {"check_same_thread": False, "timeout": 5, "cached_statements": PREPARED}
    engine = create_engine(url, module=module, connect_args=arguments)
    event.listen(engine, "connect", _prepare_sqlite(module))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_postgres(url: str) -> Engine:
    arguments = {"options": POSTGRES_SESSION, "prepare_threshold": 3, "connect_timeout": 10}
    engine = create_engine(_named(url), connect_args=arguments, pool_pre_ping=True, pool_size=20)
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _named(url: str) -> URL:
    """Return an address with the driver that is installed here; `postgres://` is an older spelling."""
    found = make_url(url)
    known = found.drivername in {"postgresql", "postgres", "postgresql+psycopg"}
    return found.set(drivername=POSTGRES) if known else found


def _prepare_postgres(connection: Any, _record: object) -> None:
    connection.prepared_max = PREPARED


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
        with psycopg.connect(libpq(url), options=POSTGRES_SESSION) as driver:
            driver.read_only, driver.isolation_level = True, psycopg.IsolationLevel.REPEATABLE_READ
            yield Reading(driver, "postgresql")
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


def libpq(url: str) -> str:
    """Return a PostgreSQL address as its own library and programs read it, without SQLAlchemy's driver."""
    return _named(url).set(drivername="postgresql").render_as_string(hide_password=False)


def operational_errors(engine: Engine) -> tuple[type[Exception], ...]:
    """Return how the database says that it cannot work now: prepared statements raise the driver's own error."""
    return (OperationalError, engine.dialect.loaded_dbapi.OperationalError)


def is_lock(error: Exception) -> bool:
    """Tell whether the database only asks to come back later (a lock, a lost serialisation race)."""
    text = str(_original(error))
    return "locked" in text or "busy" in text or _code(error) in LOST_RACE | {"55P03"}


def is_gone(error: Exception) -> bool:
    """Tell whether the way to PostgreSQL broke or could not be had. Of a commit under way nobody knows then."""
    code, original = _code(error), _original(error)
    return isinstance(original, psycopg.OperationalError) and (not code or code.startswith(("08", "57P")))


def lost_race(error: Exception) -> bool:
    """Tell whether PostgreSQL undid this transaction for the sake of another: doing it again at once may succeed."""
    return _code(error) in LOST_RACE


def _original(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, OperationalError) else error


def _code(error: Exception) -> str:
    return getattr(_original(error), "sqlstate", None) or ""


def _manner(engine: Engine, *, writes: bool) -> dict[str, Any]:
    """Return how a transaction runs: readers see one snapshot on both, writers on PostgreSQL lock what they change."""
    if engine.dialect.name == "sqlite":
        return {WRITES: writes}
    return {"isolation_level": "READ COMMITTED" if writes else "REPEATABLE READ"}


def begin(engine: Engine, *, writes: bool, attempts: int = 3) -> Connection:
    """Return a connection inside a transaction; raises Busy when the lock cannot be had in time."""
    for attempt in range(1, attempts + 1):
        connection = engine.connect().execution_options(**_manner(engine, writes=writes))
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
