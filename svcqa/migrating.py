"""Bringing a database up to this version's tables by Alembic, and drafting the next migration.

Apart from `svcqa.schema`, because Alembic takes longer to import than most commands take to do their work.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from svcqa import schema
from svcqa.kernel.database import open_engine


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Bring the database up to a version; each migration is one transaction."""
    settings = _config()
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # a second one waits, and finds nothing left to do
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('svcqa migrate', 0))"))
        settings.attributes["connection"] = connection
        command.upgrade(settings, to)
        connection.commit()


def draft(purpose: str) -> Path:
    """Write the next migration, from the tables as migrated to those of the models, and return it; it wants mending."""
    settings = _config()
    number = f"{int(schema.head()) + 1:04}"
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/draft.db")
        migrate(engine)
        with engine.connect() as connection:
            settings.attributes["connection"] = connection
            command.revision(settings, purpose, autogenerate=True, rev_id=number)
        engine.dispose()
    return next((schema.MIGRATIONS / "versions").glob(f"{number}_*.py"))


def _config() -> Config:
    """Return Alembic's configuration; it lives in code, the repository needs no ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(schema.MIGRATIONS))
    return settings
