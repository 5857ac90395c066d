"""The migrations lead to the tables of the models, and leave history that the database itself protects."""

import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, String, text
from sqlalchemy.exc import DBAPIError

from svcqa import migrating, schema
from svcqa.kernel.database import open_engine
from svcqa.kernel.transaction import SYSTEM
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, read_folder


def test_the_migrations_lead_to_the_models(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'svcqa.db'}")
    migrating.migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.METADATA) == []
    assert schema.is_current(engine)


def test_the_migrations_are_known_by_their_files_as_alembic_knows_them():
    scripts = ScriptDirectory(schema.MIGRATIONS)
    assert schema.head() == scripts.get_current_head()
    assert schema.revisions() == {one.revision for one in scripts.walk_revisions()}


def test_what_is_used_has_the_tables_of_the_models(empty_place):
    with empty_place.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.METADATA) == []


def test_migrating_again_changes_nothing(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'svcqa.db'}")
    migrating.migrate(engine)
    migrating.migrate(engine)
    assert schema.is_current(engine)


def test_the_next_migration_is_drafted_from_the_models(tmp_path, monkeypatch):
    shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations")
    tables = MetaData()
    for table in schema.METADATA.sorted_tables:
        table.to_metadata(tables)
    tables.tables["measure"].append_column(Column("planted", String, nullable=True))
    known = schema.head()
    monkeypatch.setattr(schema, "MIGRATIONS", tmp_path / "migrations")
    monkeypatch.setattr(schema, "METADATA", tables)
    drafted = migrating.draft("Measures have a plant")
    text = drafted.read_text("utf-8")
    assert drafted.name == f"{int(known) + 1:04}_measures_have_a_plant.py"
    assert text.startswith('"""Measures have a plant."""')
    assert [word for word in ("create_", "drop_", "alter_column") if word in text] == []
    assert "batch_op.add_column(sa.Column('planted', sa.String(), nullable=True))" in text


def publish(place):
    with place.transaction(SYSTEM) as tx:
        library.publish(
            tx, read_folder(SHIPPED / "complaints-trial" / "v1"), confirmed_by="the leading group"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'nothing' WHERE seq = 1",
        "DELETE FROM audit_event WHERE seq = 1",
        "UPDATE regulation_version SET files = '{}'",
        "DELETE FROM regulation_version",
    ],
)
def test_the_database_refuses_to_change_history(place, statement):
    publish(place)
    with place.transaction(SYSTEM) as tx, pytest.raises(DBAPIError, match="cannot be"):
        tx.connection.execute(text(statement))


def test_a_published_version_may_be_told_when_it_ends(place):
    publish(place)
    with place.transaction(SYSTEM) as tx:
        tx.connection.execute(text("UPDATE regulation_version SET superseded_on = '2027-01-01'"))
        ends = tx.connection.execute(text("SELECT superseded_on FROM regulation_version")).scalar_one()
    assert str(ends) == "2027-01-01"
