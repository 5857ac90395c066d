"""A lock is told as Busy, whether SQLAlchemy met it or a prepared statement on the driver; other faults stay faults."""

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

from svcqa.kernel.database import sqlite_module
from svcqa.kernel.errors import Busy
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.databases import hurry

DriversError = sqlite_module().OperationalError
LOCKS = {
    "sqlite": DriversError("database is locked"),
    "postgresql": LockNotAvailable("canceling statement due to lock timeout"),
}


@pytest.mark.parametrize("through", ["the driver", "SQLAlchemy"])
@pytest.mark.parametrize("way", ["reading", "transaction"])
def test_a_lock_met_by_any_statement_is_told_as_busy(empty_place, database, way, through):
    lock = LOCKS[database]
    with pytest.raises(Busy), getattr(empty_place, way)(SYSTEM):
        raise lock if through == "the driver" else OperationalError("SELECT 1", {}, lock)


@pytest.mark.parametrize("fault", [DriversError("disk I/O error"), RuntimeError("locked")])
def test_another_fault_stays_what_it_is(empty_place, fault):
    with pytest.raises(type(fault)), empty_place.transaction(SYSTEM):
        raise fault


PAUSE = Statement("INSERT INTO outbox_pause (id, reason, since_at) VALUES (:id, 'maintenance', :at)")


def pause(way, key):
    with way(SYSTEM) as tx:
        PAUSE.run(tx, id=key, at=tx.now)


def test_a_prepared_statement_that_meets_a_real_lock_is_told_as_busy(empty_place):
    hurry(empty_place.engine)
    with empty_place.transaction(SYSTEM) as holder:
        PAUSE.run(holder, id=1, at=holder.now)
        with pytest.raises(Busy):
            pause(empty_place.reading, 1)


def test_a_broken_constraint_is_no_lock(empty_place):
    pause(empty_place.transaction, 1)
    with pytest.raises(empty_place.engine.dialect.loaded_dbapi.IntegrityError):
        pause(empty_place.transaction, 1)


def test_a_part_that_fails_takes_only_itself_back(empty_place):
    def fails(tx):
        with tx.part():
            PAUSE.run(tx, id=2, at=tx.now)
            raise ValueError("unforeseen")

    with empty_place.transaction(SYSTEM) as tx:
        with tx.part():
            PAUSE.run(tx, id=1, at=tx.now)
        with pytest.raises(ValueError, match="unforeseen"):
            fails(tx)
    with empty_place.reading(SYSTEM) as tx:
        assert Statement("SELECT id FROM outbox_pause").run(tx).fetchall() == [(1,)]
