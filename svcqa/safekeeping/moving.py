"""Moving a house from SQLite into an empty PostgreSQL: every row as it stands, and the proof that it came through.

Nobody writes meanwhile; the old database stays as it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, insert, inspect, select, text
from sqlalchemy.exc import OperationalError

from svcqa import migrating, schema
from svcqa.casework.rebuilding import compare
from svcqa.kernel.database import Reading, begin, checked_address, open_engine
from svcqa.kernel.errors import Invalid
from svcqa.kernel.sealing import Seal
from svcqa.kernel.verifying import verify

BATCH = 5_000

Progress = Callable[[str, int, int], None]
"""Told the table, how many of its rows are over, and how many it has."""


@dataclass(frozen=True)
class Moved:
    """What came over, and the last link of the chain it was proved against."""

    tables: int
    rows: int
    events: int
    link: str


def move(
    source: str, target: str, *, seal: Seal | None, progress: Progress = lambda _table, _done, _all: None
) -> Moved:
    """Copy everything from an SQLite address to a PostgreSQL one and prove it; raises Invalid, and leaves nothing then.

    The source is held so that nobody can write, and is not changed.
    """
    if not source.startswith("sqlite") or target.startswith("sqlite"):
        raise Invalid(
            "to", "只能从 SQLite 搬到 PostgreSQL：SVCQA_DATABASE_URL 留空，目标写 postgresql:// 地址。"
        )
    try:
        checked_address(target)
    except ValueError as error:
        raise Invalid("to", f"{error}。") from error
    old, new = open_engine(source), open_engine(target)
    try:
        if not schema.is_current(old):
            raise Invalid("database", "原来的数据库不是本版本的。请先运行 svcqa migrate，再搬迁。")
        _demand_empty(new.connect)
        migrating.migrate(new)
        try:
            with begin(old, writes=True) as held, new.begin() as filled:
                return _moved(held, filled, seal, progress)
        except BaseException:
            _emptied(new.connect)
            raise
    finally:
        old.dispose()
        new.dispose()


def _demand_empty(connect: Callable[[], Connection]) -> None:
    try:
        with connect() as connection:
            there = inspect(connection).get_table_names()
    except OperationalError as error:
        said = str(error.orig).strip().partition("\n")[0]
        raise Invalid("to", f"目标数据库连不上：{said}。请检查地址、账号和密码。") from error
    if there:
        raise Invalid(
            "to", f"目标数据库不是空的（有表 {min(there)}），搬迁从不覆盖数据。请新建一个空的数据库。"
        )


def _moved(held: Connection, filled: Connection, seal: Seal | None, progress: Progress) -> Moved:
    filled.execute(text("DELETE FROM audit_head"))
    total = 0
    for table in schema.METADATA.sorted_tables:
        total += _copied(table, held, filled, progress)
    return _proved(held, filled, seal, rows=total)


def _copied(table: Table, held: Connection, filled: Connection, progress: Progress) -> int:
    """Copy one table, older rows first, and return how many rows it has."""
    count = int(held.execute(select(func.count()).select_from(table)).scalar_one())
    done = 0
    for batch in _batches(held, table):
        filled.execute(insert(table), batch)
        done += len(batch)
        progress(table.name, done, count)
    if done != count:
        raise Invalid("database", f"表 {table.name} 有 {count} 行，只读到 {done} 行。请先运行 svcqa check。")
    return count


def _batches(held: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = held.execute(select(table).order_by(*table.primary_key)).mappings()
    while rows := found.fetchmany(BATCH):
        yield [dict(row) for row in rows]


def _proved(held: Connection, filled: Connection, seal: Seal | None, *, rows: int) -> Moved:
    """Prove the chain and the cases on the other side, and that the chain ends in the same link."""
    tx = Reading(filled.connection.driver_connection, "postgresql")
    head = text("SELECT size, chain FROM audit_head")
    verdict = verify(tx)
    deviations = [] if verdict.fault else compare(tx, seal=seal)
    size, link = filled.execute(head).one()
    if verdict.fault or deviations or (size, link) != tuple(held.execute(head).one()):
        raise Invalid(
            "database", "搬过去的数据与审计链不符，目标已清空。请先在原来的数据库上运行 svcqa audit verify。"
        )
    return Moved(len(schema.METADATA.tables), rows, int(size), str(link))


def _emptied(connect: Callable[[], Connection]) -> None:
    """Take back what the migration made in the target, which was empty before."""
    with connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        connection.commit()
