"""When the sweep, the courier and the checkpoint last came round; stuck letters are found without reading all."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_round",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("came_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "outbox_stuck",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state IN ('failed', 'held')"),
            postgresql_where=sa.text("state IN ('failed', 'held')"),
        )
