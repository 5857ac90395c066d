"""All tables of the house in one metadata, who may do what to them, and where a database stands. Knows no row."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, inspect, text
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
from svcqa.kernel.errors import Invalid

METADATA: MetaData = SQLModel.metadata
MIGRATIONS = Path(__file__).parent / "migrations"
HISTORY = frozenset({"audit_event", "deduction_order", "order_return", "result"})
"""Tables whose rows are only ever added; triggers refuse the rest, and a role without the right does too."""
RIGHTS = {
    **dict.fromkeys(HISTORY, "SELECT, INSERT"),
    "alembic_version": "SELECT",
    "audit_head": "SELECT, UPDATE",
    "audit_text": "SELECT, INSERT, DELETE",
    "regulation_version": "SELECT, INSERT, UPDATE (superseded_on)",
}
"""What a role of the running house may do to a table, where that is less than everything with rows."""
WITH_ROWS = "SELECT, INSERT, UPDATE, DELETE"


def grant(engine: Engine, role: str) -> None:
    """Let a PostgreSQL role run the house, and take from it every right to change history; safe to repeat.

    Raises Invalid on another database, and for a role that does not exist or owns the tables: no right can be taken
    from an owner.
    """
    if engine.dialect.name != "postgresql":
        raise Invalid("role", "只有 PostgreSQL 有角色。SQLite 的数据库由文件权限保护，不需要这一步。")
    name = engine.dialect.identifier_preparer.quote_identifier(role)
    with engine.begin() as connection:
        _demand_other(connection, role)
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"))
        connection.execute(text(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"))  # for pg_dump
        for table in sorted({*METADATA.tables, "alembic_version"}):
            connection.execute(text(f"GRANT {RIGHTS.get(table, WITH_ROWS)} ON {table} TO {name}"))


def _demand_other(connection: Connection, role: str) -> None:
    """Refuse a role that is not there, or that could give itself every right."""
    mighty = text(
        "SELECT r.rolsuper OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
        " AND pg_has_role(r.oid, c.relowner, 'MEMBER')) FROM pg_roles r WHERE r.rolname = :role"
    )
    found = connection.execute(mighty, {"role": role}).scalar()
    if found is None:
        raise Invalid("role", f"数据库中没有角色 {role}。请先由数据库管理员执行 CREATE ROLE {role} LOGIN。")
    if found:
        raise Invalid(
            "role", f"角色 {role} 是数据表的所有者或超级用户，限制不了它。请另建一个只供程序使用的角色。"
        )


@cache
def revisions() -> frozenset[str]:
    """Return the names of all migrations that this version knows: their files begin with them."""
    return frozenset(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """Return the newest migration there is."""
    return max(revisions())


def standing(engine: Engine) -> str:
    """Return the migration the database stands at, empty for one that was never set up."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def is_current(engine: Engine) -> bool:
    """Tell whether the database stands at the newest migration."""
    return standing(engine) == head()
