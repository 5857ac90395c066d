"""What several writers at once need: one open request per cycle, and history that nobody can empty on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HISTORY = ("audit_event", "deduction_order", "order_return", "result")
NOT_TAKEN = sa.text("taken_at IS NULL")
UNRESOLVED = sa.text("resolved_at IS NULL")


def upgrade() -> None:
    op.execute(
        "DELETE FROM cycle_request WHERE taken_at IS NULL AND EXISTS (SELECT 1 FROM cycle_request AS older"
        " WHERE older.cycle_id = cycle_request.cycle_id AND older.taken_at IS NULL AND older.id < cycle_request.id)"
    )
    op.create_index(
        "cycle_request_one",
        "cycle_request",
        ["cycle_id"],
        unique=True,
        sqlite_where=NOT_TAKEN,
        postgresql_where=NOT_TAKEN,
    )
    if op.get_bind().dialect.name == "sqlite":
        return
    op.drop_index("interaction_open", "interaction")
    op.create_index("interaction_open", "interaction", ["opened_at"], postgresql_where=UNRESOLVED)
    op.execute(
        "CREATE FUNCTION history_no_truncate() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is history and cannot be emptied', TG_TABLE_NAME; END $$"
    )
    for table in HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION history_no_truncate()"
        )
