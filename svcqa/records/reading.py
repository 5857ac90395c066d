"""Texts of a table as values, by expressions over whole columns. A text that is no such value gives null."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from svcqa.kernel.calendar import SHANGHAI
from svcqa.kernel.visible import INVISIBLE
from svcqa.records.facts import Form

TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "1", "是"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否"), False),
}
DAY = "%Y-%m-%d"
LOCAL = SHANGHAI.key


def given(column: str, missing: Sequence[str]) -> pl.Expr:
    """Return a column's trimmed texts; empty cells and the marks of missing values are null."""
    text = pl.col(column).str.strip_chars()
    return pl.when(~text.is_in(["", *missing])).then(text)


def visible(text: pl.Expr) -> pl.Expr:
    """Drop from texts what nobody can see."""
    return text.str.replace_all(INVISIBLE, "").str.strip_chars()


def translated(text: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    """Read texts by a table of words; one that is not in it is null."""
    known = dict(words)
    return (
        text.replace_strict(known, default=None, return_dtype=pl.String) if known else pl.lit(None, pl.String)
    )


def count(text: pl.Expr) -> pl.Expr:
    """Read whole numbers, also those that another program wrote as 3.0."""
    return text.str.extract(r"^([0-9]{1,9})(?:\.0+)?$", 1).cast(pl.Int64)


def seconds(text: pl.Expr) -> pl.Expr:
    """Read lengths of time: whole seconds, or hours, minutes and seconds between colons."""
    parts = [
        text.str.extract(r"^([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])$", place).cast(pl.Int64)
        for place in (1, 2, 3)
    ]
    return pl.coalesce(count(text), parts[0] * 3600 + parts[1] * 60 + parts[2])


def points(text: pl.Expr) -> pl.Expr:
    """Read points with at most two decimals as hundredths."""
    shape = r"^([0-9]{1,7})(?:\.([0-9]{1,2})0*)?$"
    decimals = text.str.extract(shape, 2).fill_null("").str.pad_end(2, "0").cast(pl.Int64)
    return text.str.extract(shape, 1).cast(pl.Int64) * 100 + decimals


def truth(text: pl.Expr) -> pl.Expr:
    """Read yes and no."""
    return text.str.to_lowercase().replace_strict(TRUTHS, default=None, return_dtype=pl.Boolean)


def moment(text: pl.Expr, formats: Sequence[str], zone: str) -> pl.Expr:
    """Read moments of a zone as UTC; of an hour that the clocks show twice the first is meant."""
    return pl.coalesce(_moment(text, pattern, zone) for pattern in formats)


def _moment(text: pl.Expr, pattern: str, zone: str) -> pl.Expr:
    at = text.str.to_datetime(pattern, strict=False, time_unit="us")
    if "%z" not in pattern:
        at = at.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return at.dt.convert_time_zone("UTC")


def day(text: pl.Expr, formats: Sequence[str]) -> pl.Expr:
    """Read days, also where a moment is written."""
    patterns = [*(pattern for pattern in formats if "%z" not in pattern), DAY]
    return pl.coalesce(
        text.str.to_datetime(each, strict=False, time_unit="us").dt.date() for each in patterns
    )


READ: dict[Form, Callable[[pl.Expr], pl.Expr]] = {
    "text": lambda text: text,
    "count": count,
    "truth": truth,
    "points": points,
    "sealed": lambda text: text,
}
"""How the forms without a clock are read."""
TYPES: dict[Form, type[pl.DataType]] = {
    "text": pl.String,
    "count": pl.Int64,
    "truth": pl.Boolean,
    "points": pl.Int64,
    "moment": pl.Datetime,
    "day": pl.Date,
    "sealed": pl.String,
}
"""What the values are in a frame."""
