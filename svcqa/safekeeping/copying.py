"""Taking one state of the database into a file while others write: SQLite's online backup, or pg_dump of a snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from svcqa.kernel.database import Reading, open_to_read, sqlite_module
from svcqa.kernel.errors import Invalid
from svcqa.safekeeping import contents, programs
from svcqa.safekeeping.archive import Progress
from svcqa.safekeeping.contents import Contents
from svcqa.safekeeping.manifest import Kind

PAGES = 4_096
PATIENCE = "60s"
SNAPSHOT = "SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000"


@dataclass(frozen=True)
class Copy:
    """A database in a file, and what it says; `server` is PostgreSQL's major version."""

    path: Path
    server: int
    contents: Contents


def kind_of(url: str) -> Kind:
    """Return which database an address names."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def file_of(url: str) -> Path:
    """Return the file of an SQLite address."""
    return Path(url.removeprefix("sqlite:///"))


def copy(url: str, folder: Path, *, progress: Progress) -> Copy:
    """Copy the database into a folder and prove that the copy can be read; raises Invalid."""
    with understood():
        if kind_of(url) == "sqlite":
            return _copied(url, folder / "svcqa.db", progress)
        return _dumped(url, folder / "svcqa.pgdump", progress)


@contextmanager
def understood() -> Iterator[None]:
    """Turn what a driver says into a refusal with a sentence."""
    try:
        yield
    except (psycopg.Error, sqlite_module().Error) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise Invalid(
            "database", f"数据库不能使用：{said[0]}。请检查数据库、磁盘空间和权限后再试。"
        ) from error


def _copied(url: str, path: Path, progress: Progress) -> Copy:
    with open_to_read(url) as source:
        source.driver.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the snapshot begins here
        _backed_up(source, path, progress)
    progress("checking", 0, 0)
    with open_to_read(f"sqlite:///{path}") as tx:
        (answer,) = tx.driver.execute("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok":
            raise Invalid("database", f"数据库已损坏：{answer}。没有写备份；请用上一份备份恢复。")
        return Copy(path, 0, contents.read(tx))


def _backed_up(source: Reading, path: Path, progress: Progress) -> None:
    target = sqlite_module().connect(path, isolation_level=None)
    try:
        (size,) = source.driver.execute("PRAGMA page_size").fetchone()

        def told(_status: int, remaining: int, total: int) -> None:
            progress("database", (total - remaining) * size, total * size)

        source.driver.backup(target, pages=PAGES, progress=told, sleep=0.01)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    finally:
        target.close()


def _dumped(url: str, path: Path, progress: Progress) -> Copy:
    with open_to_read(url) as tx:
        tx.driver.execute("SET idle_in_transaction_session_timeout = 0")  # the snapshot lasts as long as this
        snapshot, server = _fetched(tx.driver)
        found = programs.found(server)
        told = contents.read(tx)
        progress("database", 0, 0)
        options = ("--format=custom", f"--snapshot={snapshot}", f"--lock-wait-timeout={PATIENCE}")
        # No program of an extension belongs to the product; a server brings its own.
        found.run("pg_dump", *options, "--extension=plpgsql", f"--file={path}", url=url)
    progress("checking", 0, 0)
    found.run("pg_restore", "--list", path)
    return Copy(path, server, told)


def _fetched(driver: Any) -> tuple[str, int]:
    snapshot, server = driver.execute(SNAPSHOT).fetchone()
    return str(snapshot), int(server)
