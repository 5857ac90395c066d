"""All tables of the house in one metadata, and bringing a database up to them by Alembic. Knows no row."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData
from sqlmodel import SQLModel

import svcqa.appeals.models
import svcqa.assessment.models
import svcqa.casework.models
import svcqa.improvement.models
import svcqa.kernel.models
import svcqa.organisation.models
import svcqa.payroll.models
import svcqa.records.models
import svcqa.rulebook.models  # noqa: F401 - imported for their tables

METADATA: MetaData = SQLModel.metadata
MIGRATIONS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Return Alembic's configuration; it lives in code, the repository needs no ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return settings


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Bring the database up to a version; each migration is one transaction."""
    settings = config()
    with engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, to)
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Tell whether the database stands at the newest migration."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
