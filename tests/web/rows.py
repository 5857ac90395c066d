"""Everything the database holds, for tests that say a request changed nothing."""

from sqlalchemy import MetaData, select

from svcqa.kernel.transaction import Workplace


def every_row(place: Workplace) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    metadata = MetaData()
    with place.engine.connect() as connection:
        metadata.reflect(connection)
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }
