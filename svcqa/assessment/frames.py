"""The frozen inputs of a cycle as tables: their columns, and Parquet bytes that are the same for the same rows.

Knows nothing of scores. What is not in these tables cannot count.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import polars as pl

COMPRESSION_LEVEL = 3
ROWS_PER_GROUP = 500_000
KEY_BITS = 63

TABLES: dict[str, pl.Schema] = {
    "subjects": pl.Schema({"subject": pl.String, "unit": pl.String}),
    "interactions": pl.Schema(
        {
            "subject": pl.String,
            "unit": pl.String,
            "channel": pl.String,
            "urgency": pl.Int8,
            "band": pl.String,
            "opened_s": pl.Int64,
            "response_seconds": pl.Int64,
            "resolve_seconds": pl.Int64,
            "reopened": pl.Int32,
            "met_target": pl.Boolean,
            "satisfaction": pl.Int8,
            "answered": pl.Boolean,
        }
    ),
    "exams": pl.Schema({"subject": pl.String, "points_hundredths": pl.Int64, "full_hundredths": pl.Int64}),
    "outages": pl.Schema({"unit": pl.String, "seconds": pl.Int64}),
    "surveys": pl.Schema(
        {"subject": pl.String, "unit": pl.String, "satisfaction": pl.Int8, "solved": pl.Boolean}
    ),
    "ratings": pl.Schema(
        {
            "subject": pl.String,
            "rater": pl.String,
            "direction": pl.String,
            "item": pl.String,
            "value": pl.Int8,
        }
    ),
    "complaints": pl.Schema({"subject": pl.String, "class_id": pl.String, "points_hundredths": pl.Int64}),
}
"""Per table its columns in order. `subject` is a person; a row without one counts for the unit only."""


@dataclass(frozen=True)
class Frames:
    """All tables of a snapshot, read lazily: only the columns that a metric asks for are ever decoded."""

    subjects: pl.LazyFrame
    interactions: pl.LazyFrame
    exams: pl.LazyFrame
    outages: pl.LazyFrame
    surveys: pl.LazyFrame
    ratings: pl.LazyFrame
    complaints: pl.LazyFrame

    def __post_init__(self) -> None:
        for field in fields(self):
            found = getattr(self, field.name).collect_schema()
            if found != TABLES[field.name]:
                raise ValueError(f"table {field.name} has {dict(found)}, not {dict(TABLES[field.name])}")

    @classmethod
    def of(cls, **tables: pl.DataFrame) -> Self:
        """Take tables by name; one that is not given is empty. Raises ValueError for other columns."""
        return cls(**_all({name: frame.lazy() for name, frame in tables.items()}))

    @classmethod
    def from_parquet(cls, tables: Mapping[str, bytes]) -> Self:
        """Open the Parquet bytes of each table; one that is not given is empty."""
        return cls(**_all({name: pl.scan_parquet(io.BytesIO(data)) for name, data in tables.items()}))


def _all(given: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    return {**{name: empty(name).lazy() for name in TABLES}, **given}


def empty(table: str) -> pl.DataFrame:
    """Return a table without rows."""
    return pl.DataFrame(schema=TABLES[table])


def to_parquet(table: str, frame: pl.DataFrame) -> bytes:
    """Write a table as Parquet: columns in order, rows sorted by all of them, so equal rows give equal bytes."""
    schema = TABLES[table]
    buffer = io.BytesIO()
    _sorted(frame.select(pl.col(name).cast(kind) for name, kind in schema.items())).write_parquet(
        buffer, compression="zstd", compression_level=COMPRESSION_LEVEL, row_group_size=ROWS_PER_GROUP
    )
    return buffer.getvalue()


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    """Sort by all columns from the left, what is missing last."""
    words = {
        name: frame[name].drop_nulls().unique().sort() for name in frame.select(pl.col(pl.String)).columns
    }
    numbered = frame.with_columns(
        pl.col(name).cast(pl.Enum(known)).to_physical() for name, known in words.items()
    )
    ordered = numbered.sort(_keys(numbered))
    return ordered.with_columns(known.gather(ordered[name]).alias(name) for name, known in words.items())


def _keys(numbered: pl.DataFrame) -> list[pl.Expr]:
    """Pack the columns from the left into as few integers as hold them: two keys sort ten times as fast as twelve."""
    keys: list[pl.Expr] = []
    room = 0
    for column in numbered.cast(pl.Int64):
        low, high = column.min() or 0, column.max() or 0
        assert isinstance(low, int)  # noqa: S101 - all columns are integers here
        assert isinstance(high, int)  # noqa: S101 - as above
        codes = high - low + 2  # one more for what is missing
        code = (pl.col(column.name).cast(pl.Int64) - low).fill_null(high - low + 1)
        bits = codes.bit_length()
        if bits > KEY_BITS:
            keys += [pl.col(column.name).is_null(), pl.col(column.name)]
            room = 0
        elif bits > room:
            keys.append(code)
            room = KEY_BITS - bits
        else:
            keys[-1] = keys[-1] * codes + code
            room -= bits
    return keys
