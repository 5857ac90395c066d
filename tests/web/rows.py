"""Everything the database holds, for tests that say a request changed nothing."""

from sqlalchemy import select

from svcqa.kernel.transaction import Workplace
from svcqa.schema import METADATA


def every_row(place: Workplace) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    with place.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }
