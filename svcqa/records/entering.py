"""Rows of facts into their table: which are new, which differ from what stands there, and writing both.

Works frame by frame on the transaction's own connection; what is known is never looked up row by row.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import polars as pl

from svcqa.kernel.ids import new_ids
from svcqa.kernel.statements import stored
from svcqa.kernel.transaction import Transaction
from svcqa.records import sql
from svcqa.records.facts import Fact

KNOWN, CHANGED = " known", " changed"


@dataclass
class Entering:
    """One import's way into the table of its facts. Without `writes` it only counts."""

    tx: Transaction
    fact: Fact
    source: str
    example: bool
    run: str
    writes: bool

    def __post_init__(self) -> None:
        self.columns = (*self.fact.stored, "example")
        self.sealed = tuple(one.name for one in self.fact.columns if one.form == "sealed")
        compared = (name for name in self.columns if name not in self.sealed)
        self.types = {name: _type(self.fact, name, self.tx.dialect) for name in compared}
        self.fresh = sql.has_rows(self.fact.table).one(self.tx, source=self.source) is None

    def take(self, rows: pl.DataFrame) -> tuple[int, int, int]:
        """Enter rows that `as_stored` gave; return how many are new, changed and as they stood."""
        if self.fresh:
            self._add(rows)
            return rows.height, 0, 0
        known = self._standing(rows)
        both = rows.join(known, on="reference", how="left", suffix=KNOWN, maintain_order="left")
        is_new = pl.col(KNOWN).is_null()
        differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name + KNOWN)) for name in self.types)
        new = both.filter(is_new).select(rows.columns)
        changed = both.filter(~is_new & differs).select(rows.columns)
        self._add(new)
        self._correct(changed)
        return new.height, changed.height, rows.height - new.height - changed.height

    def as_stored(self, good: pl.DataFrame) -> pl.DataFrame:
        """Return good rows as the driver takes and gives them; asks no database."""
        rows = good.with_columns(
            pl.lit(self.example).alias("example"), *map(self._seal, map(good.get_column, self.sealed))
        )
        return rows.select("reference", *(_driven(name, self.fact, self.tx.dialect) for name in self.columns))

    def _seal(self, texts: pl.Series) -> pl.Series:
        """Seal what only mails may use; an empty cell stays empty."""
        closed = [None if text is None else self.tx.seal.close(text.encode()) for text in texts]
        return pl.Series(texts.name, closed, dtype=pl.Binary)

    def _standing(self, rows: pl.DataFrame) -> pl.DataFrame:
        names = ("reference", *self.types)
        query = sql.stands(self.fact.table, names, self.tx.dialect)
        listed = json.dumps(rows["reference"].to_list())
        found = query.run(self.tx, source=self.source, references=listed).fetchall()
        schema = {"reference": pl.String, **self.types}
        frame = pl.DataFrame(found, schema=schema, orient="row")
        return frame.with_columns(pl.lit(value=True).alias(KNOWN))

    def _add(self, rows: pl.DataFrame) -> None:
        if not self.writes or rows.is_empty():
            return
        marks, ids = self._marks(), new_ids(rows.height)
        columns = ("id", *marks, *rows.columns)
        if self.tx.dialect == "sqlite":
            text = sql.enter(self.fact.table, columns)
            self._many(text, ids, *map(repeat, marks.values()), *_lists(rows))
            return
        alike = (pl.lit(value).alias(name) for name, value in marks.items())
        bytes_ = (_hexadecimal(name) for name in self.sealed)
        whole = rows.with_columns(pl.Series("id", ids), *alike, *bytes_).select(columns)
        with self.tx.driver.cursor() as cursor, cursor.copy(sql.copy(self.fact.table, columns)) as copy:
            copy.write(whole.write_csv(include_header=False))

    def _correct(self, rows: pl.DataFrame) -> None:
        if not self.writes or rows.is_empty():
            return
        marks = self._marks()
        source = repeat(marks.pop("source"))
        keys = ("source", "reference")
        text = sql.correct(self.fact.table, (*marks, *self.columns), keys, self.tx.dialect)
        changes, references = rows.drop("reference"), rows["reference"].to_list()
        self._many(text, *map(repeat, marks.values()), *_lists(changes), source, references)

    def _marks(self) -> dict[str, Any]:
        """Return what every row of this import has alike."""
        learnt_at: Any = stored(self.tx.now) if self.tx.dialect == "sqlite" else self.tx.now
        return {"source": self.source, "learnt_at": learnt_at, "import_id": self.run}

    def _many(self, text: str, *columns: Iterable[Any]) -> None:
        """Run a statement for each row; columns that never end are alike in all of them."""
        cursor = self.tx.driver.cursor()
        cursor.executemany(text, zip(*columns, strict=False))
        cursor.close()


def _lists(rows: pl.DataFrame) -> Iterator[list[Any]]:
    return (column.to_list() for column in rows)


def _hexadecimal(name: str) -> pl.Expr:
    """Write bytes as PostgreSQL reads them; nothing stays nothing."""
    return (pl.lit("\\x") + pl.col(name).bin.encode("hex")).alias(name)


def _form(fact: Fact, name: str) -> str:
    if name == "example":
        return "truth"
    return "text" if name.endswith("_id") else fact.column(name).form


def _type(fact: Fact, name: str, dialect: str) -> Any:
    form = _form(fact, name)
    if dialect == "sqlite":
        return pl.String if form in {"text", "moment", "day"} else pl.Int64
    known = {"text": pl.String, "truth": pl.Boolean, "moment": pl.Datetime("us", "UTC"), "day": pl.Date}
    return known.get(form, pl.Int64)


def _driven(name: str, fact: Fact, dialect: str) -> pl.Expr:
    column = pl.col(name)
    if dialect != "sqlite" or _form(fact, name) == "sealed":
        return column
    if _form(fact, name) == "moment":  # Polars writes naive microseconds as `kernel.statements.stored` does
        return column.dt.replace_time_zone(None).cast(pl.String)
    return column.cast(_type(fact, name, dialect))
