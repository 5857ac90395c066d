"""A house that outgrew its machine moves into PostgreSQL: every row, the same chain, and work goes on there."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, inspect, select

from svcqa import schema
from svcqa.casework.rebuilding import compare
from svcqa.kernel.database import open_engine
from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.kernel.verifying import verify
from svcqa.safekeeping import moving
from tests.cast import Cast
from tests.databases import on_sqlite, store
from tests.postgres import programs
from tests.safekeeping.home import Home
from tests.web.cases import Cases

pytestmark = [on_sqlite, pytest.mark.postgres]

HEAD = Statement("SELECT size, chain FROM audit_head")


@pytest.fixture
def target() -> Iterator[str]:
    """Return the address of an empty PostgreSQL database."""
    if programs() is None:
        pytest.skip("PostgreSQL 15 or newer is not installed here: make postgres")
    name = store().empty()
    yield store().server.dsn(name)
    store().server.drop(name)
    store().used.discard(name)


def counts(engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in schema.METADATA.sorted_tables
        }


def tables(target: str) -> list[str]:
    engine = open_engine(target)
    found = inspect(engine).get_table_names()
    engine.dispose()
    return found


def moved_to(place: Workplace, target: str) -> Workplace:
    return replace(place, engine=open_engine(target))


def test_every_row_comes_over_and_the_chain_ends_in_the_same_link(home: Home, target):
    place, seen = home.place, []
    done = moving.move(
        place.settings.database, target, seal=place.seal, progress=lambda *told: seen.append(told)
    )
    there = moved_to(place, target)
    assert counts(place.engine) == counts(there.engine)
    assert done.rows == sum(counts(place.engine).values()) > 200
    with place.reading(SYSTEM) as tx, there.reading(SYSTEM) as moved:
        assert HEAD.one(tx) == HEAD.one(moved) == (done.events, done.link)
        assert verify(moved).fault is None
        assert compare(moved, seal=place.seal) == []
    assert {told[0] for told in seen} >= {"complaint", "outbox", "audit_event"}
    there.engine.dispose()


def test_work_goes_on_in_the_new_database(home: Home, target):
    moving.move(home.place.settings.database, target, seal=home.place.seal)
    there = moved_to(home.place, target)
    number = Cases(there, Cast(there)).penalized("wangjianguo")
    with there.reading(SYSTEM) as tx:
        assert verify(tx).fault is None
        assert Statement("SELECT state FROM complaint WHERE number = :number").one(tx, number=number) == (
            "penalized",
        )
    there.engine.dispose()


def test_nobody_can_write_to_the_old_database_meanwhile(home: Home, target, monkeypatch):
    refused: list[str] = []

    def attempt(_table, _done, _rows):
        if not refused:
            other = open_engine(home.place.settings.database)
            with other.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout = 0")
                try:
                    connection.exec_driver_sql("UPDATE person SET name = 'x'")
                except Exception as error:  # noqa: BLE001 - whatever it is, its words are looked at
                    refused.append(str(error))
            other.dispose()

    moving.move(home.place.settings.database, target, seal=home.place.seal, progress=attempt)
    assert "locked" in refused[0]


def test_a_target_that_holds_something_is_refused_and_left_alone(home: Home, target):
    moving.move(home.place.settings.database, target, seal=home.place.seal)
    there = moved_to(home.place, target)
    before = counts(there.engine)
    with pytest.raises(Invalid, match="不是空的"):
        moving.move(home.place.settings.database, target, seal=home.place.seal)
    assert counts(there.engine) == before
    there.engine.dispose()


def test_what_does_not_prove_itself_leaves_nothing_behind(home: Home, target):
    with home.place.transaction(SYSTEM) as tx:
        tx.driver.execute("UPDATE complaint SET late = 1")
    with pytest.raises(Invalid, match="审计链不符"):
        moving.move(home.place.settings.database, target, seal=home.place.seal)
    assert tables(target) == []


@pytest.mark.parametrize(
    ("source", "to"),
    [("postgresql://a@127.0.0.1:9/x", "postgresql://a@127.0.0.1:9/y"), ("sqlite:///a.db", "sqlite:///b.db")],
)
def test_only_from_sqlite_to_postgresql(home: Home, source, to):
    with pytest.raises(Invalid, match="只能从 SQLite 搬到 PostgreSQL"):
        moving.move(source, to, seal=None)


def test_an_address_nobody_answers_at_is_told(home: Home):
    with pytest.raises(Invalid, match="连不上"):
        moving.move(home.place.settings.database, "postgresql://nobody@127.0.0.1:9/none", seal=None)
