"""Alembic's door: runs migrations on the connection `svcqa.migrating` hands over. Nothing else starts it."""

from alembic import context

from svcqa.kernel.database import WRITES
from svcqa.schema import METADATA

connection = context.config.attributes["connection"].execution_options(**{WRITES: True})
context.configure(
    connection=connection, target_metadata=METADATA, render_as_batch=True, transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
