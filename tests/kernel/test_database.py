"""The database is opened so that an acknowledged commit stays; a lock is Busy, never a broken page."""

import importlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from svcqa.kernel.database import begin, journal_mode, open_engine, open_to_read, sqlite_module
from svcqa.kernel.errors import Busy
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from tests.databases import hurry, on_sqlite


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    hurry(engine)
    yield engine
    engine.dispose()


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 5_000),
        ("mmap_size", 0),
        ("trusted_schema", 0),
        ("journal_mode", journal_mode(tuple(sqlite_module().sqlite_version_info))),
    ],
)
def test_every_connection_has_the_settings_that_keep_a_commit(
    empty_place: Workplace, pragma: str, value: object
) -> None:
    with empty_place.reading(SYSTEM) as tx:
        assert tx.driver.execute(f"PRAGMA {pragma}").fetchone()[0] == value


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "truncate"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 53, 4), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_the_write_ahead_log_is_used_only_where_its_reset_is_mended(
    version: tuple[int, ...], mode: str
) -> None:
    assert journal_mode(version) == mode


def test_the_stock_binding_serves_where_the_newer_has_no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.import_module

    def missing(name: str) -> Any:
        if name.startswith("pysqlite3"):
            raise ImportError(name)
        return found(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    assert sqlite_module().__name__ == "sqlite3"


def test_a_writer_that_cannot_have_the_lock_is_told_so_and_nothing_is_held(engine: Engine) -> None:
    holder = begin(engine, writes=True)
    with pytest.raises(Busy) as busy:
        begin(engine, writes=True)
    assert "没有保存" in busy.value.sentence
    holder.close()
    begin(engine, writes=True).close()


def test_a_reader_goes_on_beside_a_writer_and_sees_the_last_commit(engine: Engine) -> None:
    writer = begin(engine, writes=True)
    writer.exec_driver_sql("CREATE TABLE t (x)")
    writer.commit()
    writer.close()
    writer = begin(engine, writes=True)
    writer.exec_driver_sql("INSERT INTO t VALUES (1)")
    reader = begin(engine, writes=False)
    assert reader.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
    reader.close()
    writer.close()


LAST = Statement("SELECT coalesce(max(last), 0) FROM number_series")
ADD = Statement("INSERT INTO number_series VALUES (:series, :last)")


def test_waiting_writers_come_one_after_the_other(empty_place: Workplace) -> None:
    def add(number: int) -> None:
        with empty_place.transaction(SYSTEM) as tx:
            tx.alone("the series of a test")
            last = LAST.one(tx)[0]
            time.sleep(0.002)
            ADD.run(tx, series=f"s{number}", last=last + 1)

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(add, range(16)))
    with empty_place.reading(SYSTEM) as tx:
        lasts = [
            row[0] for row in tx.driver.execute("SELECT last FROM number_series ORDER BY last").fetchall()
        ]
    assert lasts == list(range(1, 17))


def test_a_lock_met_inside_the_work_is_busy_too(empty_place: Workplace) -> None:
    def locked() -> None:
        with empty_place.transaction(SYSTEM):
            raise OperationalError("UPDATE x", {}, Exception("database is locked"))

    with pytest.raises(Busy):
        locked()


def test_other_faults_of_the_database_stay_what_they_are(empty_place: Workplace) -> None:
    def broken() -> None:
        with empty_place.transaction(SYSTEM) as tx:
            tx.connection.exec_driver_sql("SELECT * FROM no_such_table")

    with pytest.raises(DBAPIError, match=r"no such table|UndefinedTable"):
        broken()


def test_what_a_reading_block_writes_is_rolled_back(empty_place: Workplace) -> None:
    with empty_place.reading(SYSTEM) as tx:
        tx.driver.execute("INSERT INTO number_series VALUES ('s', 1)")
    with empty_place.reading(SYSTEM) as tx:
        assert tx.driver.execute("SELECT count(*) FROM number_series").fetchone()[0] == 0


def test_a_database_opened_to_read_cannot_be_written(empty_place: Workplace) -> None:
    refused = pytest.raises(empty_place.engine.dialect.loaded_dbapi.Error, match=r"read-?only")
    with open_to_read(str(empty_place.engine.url)) as tx, refused:
        tx.driver.execute("INSERT INTO number_series VALUES ('s', 1)")


def test_a_file_that_is_not_there_is_not_made_by_reading_it(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    with pytest.raises(FileNotFoundError), open_to_read(f"sqlite:///{missing}"):
        pass
    assert not missing.exists()
