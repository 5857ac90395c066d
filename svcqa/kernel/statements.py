"""Prepared SQL for the hot writes and the reads beside them, run on the transaction's own connection.

A room keeps its statements in one `sql.py`; the text uses `:name` and runs on both databases.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Protocol, overload

STORED = len("2026-11-23 01:30:00.000000")


class Driven(Protocol):
    """What a statement needs from a transaction."""

    @property
    def driver(self) -> Any:
        """The driver's own connection."""
        ...

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        ...


def stored(at: datetime) -> str:
    """Write a moment as SQLAlchemy stores it in SQLite: naive UTC, microseconds."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def moment(value: str | datetime | None) -> datetime | None:
    """Read a moment back as aware UTC from either database."""
    if value is None:
        return None
    if isinstance(value, str) and len(value) == STORED:
        return datetime.fromisoformat(
            value + "+00:00"
        )  # a fifth of the time of putting the zone in afterwards
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@overload
def day(value: str | date) -> date: ...
@overload
def day(value: None) -> None: ...
def day(value: str | date | None) -> date | None:
    """Read a day back from either database."""
    return date.fromisoformat(value) if isinstance(value, str) else value


class Statement:
    """One SQL text with `:name` parameters."""

    __slots__ = ("postgres", "sqlite")

    def __init__(self, text: str) -> None:
        self.sqlite = text
        self.postgres = re.sub(r"(?<!:):(\w+)", r"%(\1)s", text.replace("%", "%%"))

    def run(self, tx: Driven, **values: Any) -> Any:
        """Execute and return the driver's cursor (`rowcount`, rows)."""
        if tx.dialect == "sqlite":
            for name, value in values.items():
                if isinstance(value, datetime):
                    values[name] = stored(value)
            return tx.driver.execute(self.sqlite, values)
        return tx.driver.execute(self.postgres, values)

    def one(self, tx: Driven, **values: Any) -> Any:
        """Return the first row or None."""
        return self.run(tx, **values).fetchone()

    def rows(self, tx: Driven, **values: Any) -> list[dict[str, Any]]:
        """Return all rows as dictionaries keyed by column."""
        cursor = self.run(tx, **values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def moments(self, tx: Driven, **values: Any) -> list[dict[str, Any]]:
        """Return all rows as `rows` does, with every `*_at` value as aware UTC."""
        cursor = self.run(tx, **values)
        names = [column[0] for column in cursor.description]
        moments = [name for name in names if name.endswith("_at")]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for row in found:
            for name in moments:
                row[name] = moment(row[name])
        return found

    def row(self, tx: Driven, **values: Any) -> dict[str, Any] | None:
        """Return the first row as a dictionary, or None."""
        return next(iter(self.rows(tx, **values)), None)


def insert(table: str, columns: str) -> Statement:
    """Return the INSERT of one row into `table` with the space-separated `columns`."""
    names = columns.split()
    marks = ", ".join(f":{name}" for name in names)
    return Statement(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})")  # noqa: S608 - names are code


def update(table: str, columns: Iterable[str], *, where: str) -> Statement:
    """Return the UPDATE of `columns`; the condition names its own parameters."""
    sets = ", ".join(f"{column} = :{column}" for column in columns)
    return Statement(f"UPDATE {table} SET {sets} WHERE {where}")  # noqa: S608 - names are code


def listed(names: Iterable[str]) -> str:
    """Return names that stand in the code as the inside of an SQL list: `'closed', 'cancelled'`."""
    return ", ".join(f"'{name}'" for name in sorted(names))


def with_moments(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the row's items with every `*_at` value as aware UTC."""
    for name, value in row.items():
        yield name, moment(value) if name.endswith("_at") else value
