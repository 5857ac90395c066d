"""How a transaction runs on PostgreSQL: moments in UTC, one snapshot for readers, locked rows for writers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from svcqa.kernel.database import BUSY_MILLISECONDS, begin, is_gone, lost_race, open_engine, open_to_read
from svcqa.kernel.errors import Busy
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.databases import hurry, on_postgresql

pytestmark = on_postgresql

PAUSE = Statement("INSERT INTO outbox_pause (id, reason, since_at) VALUES (:id, :reason, :at)")
REASON = Statement("SELECT reason FROM outbox_pause WHERE id = 1")
LOCKED = Statement("SELECT reason FROM outbox_pause WHERE id = :id FOR UPDATE")
CHANGE = Statement("UPDATE outbox_pause SET reason = :reason WHERE id = 1")


@pytest.fixture
def paused(empty_place):
    """A place with two rows that can be locked, and with little patience for locks."""
    hurry(empty_place.engine)
    with empty_place.transaction(SYSTEM) as tx:
        PAUSE.run(tx, id=1, reason="maintenance", at=tx.now)
        PAUSE.run(tx, id=2, reason="maintenance", at=tx.now)
    return empty_place


@pytest.mark.parametrize(
    ("setting", "value"),
    [("timezone", "UTC"), ("lock_timeout", f"{BUSY_MILLISECONDS // 1000}s"), ("application_name", "svcqa")],
)
@pytest.mark.parametrize("way", ["reading", "transaction"])
def test_every_session_has_the_settings_the_house_relies_on(empty_place, way, setting, value):
    with getattr(empty_place, way)(SYSTEM) as tx:
        assert tx.driver.execute(f"SHOW {setting}").fetchone() == (value,)
    with open_to_read(str(empty_place.engine.url)) as read:
        assert read.driver.execute(f"SHOW {setting}").fetchone() == (value,)


@pytest.mark.parametrize(
    ("way", "isolation"), [("reading", "repeatable read"), ("transaction", "read committed")]
)
def test_readers_see_a_snapshot_and_writers_the_last_commit(paused, way, isolation):
    with getattr(paused, way)(SYSTEM) as tx:
        assert tx.driver.execute("SHOW transaction_isolation").fetchone() == (isolation,)
        assert REASON.one(tx) == ("maintenance",)
        with paused.transaction(SYSTEM) as other:
            CHANGE.run(other, reason="flood")
        assert REASON.one(tx) == ("maintenance" if way == "reading" else "flood",)


def test_a_reader_does_not_wait_for_a_writer(paused):
    with paused.transaction(SYSTEM) as writer:
        CHANGE.run(writer, reason="flood")
        with paused.reading(SYSTEM) as reader:
            assert REASON.one(reader) == ("maintenance",)


def test_a_row_that_another_holds_is_busy_and_the_next_row_is_free(paused):
    with paused.transaction(SYSTEM) as holder:
        LOCKED.one(holder, id=1)
        with pytest.raises(Busy) as busy, paused.transaction(SYSTEM) as tx:
            LOCKED.one(tx, id=1)
        assert "没有保存" in busy.value.sentence
        with paused.transaction(SYSTEM) as tx:
            assert LOCKED.one(tx, id=2) == ("maintenance",)
    with paused.transaction(SYSTEM) as tx:
        assert LOCKED.one(tx, id=1) == ("maintenance",), "the lock went with its transaction"


def test_a_matter_is_one_transactions_alone_and_another_matter_is_free(paused):
    with paused.transaction(SYSTEM) as holder:
        holder.alone("import", "nyc311")
        with pytest.raises(Busy), paused.transaction(SYSTEM) as tx:
            tx.alone("import", "nyc311")
        with paused.transaction(SYSTEM) as tx:
            tx.alone("import", "phonenow")
    with paused.transaction(SYSTEM) as tx:
        tx.alone("import", "nyc311")


def test_of_two_that_wait_for_each_other_one_is_undone_and_the_other_goes_on(empty_place):
    both_hold_one = Barrier(2)

    def take(first, second):
        with empty_place.transaction(SYSTEM) as tx:
            tx.driver.execute("SET LOCAL deadlock_timeout = 20")
            tx.alone(first)
            both_hold_one.wait()
            tx.alone(second)

    with ThreadPoolExecutor(2) as hands:
        taken = [hands.submit(take, "a", "b"), hands.submit(take, "b", "a")]
    [undone] = [fault for fault in (one.exception() for one in taken) if fault]
    assert isinstance(undone, Busy)
    assert isinstance(undone.__cause__, psycopg.OperationalError)
    assert lost_race(undone.__cause__)


def test_a_connection_that_broke_is_no_lock(empty_place):
    def broken():
        with empty_place.transaction(SYSTEM) as tx:
            tx.driver.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError, match="the connection is lost") as fault:
        broken()
    assert is_gone(fault.value)
    with empty_place.reading(SYSTEM) as tx:
        assert tx.driver.execute("SELECT 1").fetchone() == (1,), "the next one gets a connection that works"


def test_a_database_that_is_not_there_is_a_fault_at_once(empty_place):
    url = str(empty_place.engine.url.set(database="nobody"))
    with pytest.raises(psycopg.OperationalError, match="does not exist"), open_to_read(url):
        pass
    with pytest.raises(OperationalError, match="does not exist") as fault:
        begin(open_engine(url), writes=True)
    assert is_gone(fault.value)
