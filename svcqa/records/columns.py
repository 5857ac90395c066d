"""Rows of the database as columns: fetched in batches into a Polars frame. Knows no table."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

BATCH = 50_000
STORED_AT = "%Y-%m-%d %H:%M:%S%.6f"  # as svcqa.kernel.statements.stored writes it

Types = Mapping[str, DataType | DataTypeClass]


def fetch(tx: Transaction, statement: Statement, types: Types, **values: Any) -> pl.DataFrame:
    """Return the rows of a statement under the names and types given, in the statement's order of columns.

    A type Datetime stands for a moment; it comes as whole seconds since 1970 (Int64).
    """
    cursor = statement.run(tx, **values)
    schema = {name: _raw(kind, tx.dialect) for name, kind in types.items()}
    frames = [pl.DataFrame(schema=schema)]
    while rows := cursor.fetchmany(BATCH):
        frames.append(pl.DataFrame(rows, schema=schema, orient="row"))
    whole = pl.concat(frames)
    return whole.select(_settled(name, kind, tx.dialect) for name, kind in types.items())


def _raw(kind: DataType | DataTypeClass, dialect: str) -> DataType | DataTypeClass:
    """Return what the driver gives: SQLite has moments as texts and truth as 0 and 1."""
    if kind == pl.Datetime:
        return pl.String() if dialect == "sqlite" else pl.Datetime("us", "UTC")
    if kind == pl.Boolean and dialect == "sqlite":
        return pl.Int64()
    return kind


def _settled(name: str, kind: DataType | DataTypeClass, dialect: str) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Datetime:
        moment = column.str.to_datetime(STORED_AT, time_unit="us") if dialect == "sqlite" else column
        return moment.dt.epoch("s")
    return column.cast(kind)
