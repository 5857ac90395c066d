"""The running house signs in to PostgreSQL as a role that can do all its work and change no history."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import ProgrammingError

from svcqa import migrating, schema
from svcqa.casework import forms
from svcqa.kernel.database import open_engine
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.kernel.verifying import HEAD
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, read_folder
from tests.casework.life import Life
from tests.databases import on_postgresql, on_sqlite, store
from tests.safekeeping.home import back_up

ROLE = "svcqa_runs"


@pytest.fixture
def restricted(place: Workplace) -> Iterator[Workplace]:
    """Return the workplace opened as the role of the running processes."""
    with place.engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
    schema.grant(place.engine, ROLE)
    address = make_url(place.settings.database).set(username=ROLE).render_as_string()
    other = replace(place, engine=open_engine(address))
    yield other
    other.engine.dispose()
    with place.engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {ROLE}"))
        connection.execute(text(f"DROP ROLE {ROLE}"))


@on_postgresql
def test_a_life_from_the_first_call_to_the_last_word_needs_no_more_rights(restricted):
    with restricted.transaction(SYSTEM) as tx:
        library.publish(
            tx, read_folder(SHIPPED / "complaints-trial" / "v1"), confirmed_by="the leading group"
        )
    life = Life(restricted)
    number, kept = life.appealed(), life.served("chensiyu")
    life.act("zhouhuimin", number, forms.Uphold(penalty=life.penalty(number)["id"], text="维持"))
    for each in (number, kept):
        life.reply(each)
    life.clock.at += timedelta(days=28)
    assert life.sweep().failed == 0
    assert {life.penalty(number)["state"], life.penalty(kept, "chensiyu")["state"]} == {"upheld", "final"}
    assert len(life.orders()) == 2
    life.demand_sound()


@on_postgresql
@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "DROP TRIGGER audit_event_no_update ON audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DELETE FROM audit_head",
        "UPDATE audit_text SET value = 'x'",
        "UPDATE regulation_version SET files = '{}'",
        "UPDATE deduction_order SET amount_fen = 0",
        "DELETE FROM result",
        "CREATE TABLE beside (x int)",
    ],
)
def test_nothing_lets_the_role_change_history(restricted, attempt):
    with (
        restricted.transaction(SYSTEM) as tx,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
    ):
        tx.connection.execute(text(attempt))


@on_postgresql
def test_the_owner_itself_meets_the_triggers(place):
    for attempt in ("TRUNCATE audit_event", "TRUNCATE result", "DELETE FROM audit_event"):
        with place.transaction(SYSTEM) as tx, pytest.raises(Exception, match="is history and cannot be"):
            tx.connection.execute(text(attempt))


@on_postgresql
def test_every_table_without_a_change_is_one_of_those_with_triggers(place):
    found = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'"
    with place.reading(SYSTEM) as tx:
        guarded = {row[0] for row in tx.connection.execute(text(found))}
    assert guarded == schema.HISTORY
    assert set(schema.RIGHTS) <= set(inspect(place.engine).get_table_names())


@on_postgresql
@pytest.mark.parametrize(("role", "said"), [("nobody_there", "没有角色"), ("svcqa", "所有者或超级用户")])
def test_a_role_that_cannot_be_restricted_is_refused(place, role, said):
    with pytest.raises(Invalid, match=said):
        schema.grant(place.engine, role)


@on_sqlite
def test_sqlite_has_no_roles(empty_place):
    with pytest.raises(Invalid, match="SQLite"):
        schema.grant(empty_place.engine, ROLE)


@on_postgresql
def test_two_that_migrate_at_once_come_to_one_database(database):
    name = store().empty()
    engines = [open_engine(store().server.dsn(name)) for _ in range(3)]
    gate = threading.Barrier(3)

    def migrate(engine):
        gate.wait()
        migrating.migrate(engine)
        engine.dispose()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(migrate, engines))
    engine = open_engine(store().server.dsn(name))
    assert schema.is_current(engine)
    engine.dispose()
    store().server.drop(name)
    store().used.discard(name)


@on_postgresql
def test_its_role_may_back_up_what_it_runs(place, restricted, tmp_path):
    settings = restricted.settings.model_copy(
        update={"database_url": restricted.engine.url.render_as_string(hide_password=False)}
    )
    written = back_up(settings, tmp_path, at=restricted.clock.now())
    with restricted.reading(SYSTEM) as tx:
        assert written.manifest.chain.size == int(HEAD.one(tx)[0]) > 0
