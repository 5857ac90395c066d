"""The metrics: what each reads and how it counts. One entry per metric; integers in, integers out.

A metric says which sums of which columns it needs; `measuring` takes all sums of a table in one pass.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import polars as pl

from svcqa.rulebook.scheme import Extra, Indicator, Known, Target

Source = Indicator | Extra
Scale = Literal["share", "hours", "rating", "number"]
Spread = Literal["share", "mean", "exact"]

HOUR = 3600
CONTENT = 4
"""The satisfaction from which a customer is content: 4 and 5 of 5 are the top two boxes."""
SECONDS = {"response": "response_seconds", "resolve": "resolve_seconds"}
RATING_COLUMNS = {"subject", "rater", "direction", "value"}


class Sums(NamedTuple):
    """The aggregates of one subject's rows: value = total / parts, taken over n rows."""

    total: pl.Expr
    parts: pl.Expr
    n: pl.Expr
    squares: pl.Expr | None = None


NOTHING = Known()


@dataclass(frozen=True)
class Metric:
    """One metric: its table (None: the one named by `of`), how its value is read and spreads, and its sums."""

    table: str | None
    scale: Scale
    spread: Spread
    sums: Callable[[Source], Sums] | None
    known: Known = NOTHING
    absent: bool = False
    """Whether no row at all means zero (nothing happened) instead of not applicable."""

    def reads(self, source: Source) -> str:
        """Return the table that is read for a source."""
        return self.table or str(source.of)

    def columns(self, source: Source) -> set[str]:
        """Return the columns that are read for a source."""
        if self.sums is None:
            return RATING_COLUMNS
        return {name for sum_ in self.sums(source) if sum_ is not None for name in sum_.meta.root_names()}


def _share(hits: pl.Expr, counted: pl.Expr) -> Sums:
    n = counted.sum().cast(pl.Int64)
    return Sums((counted & hits).sum().cast(pl.Int64), n, n)


def _mean(column: str, *, each: int = 1) -> Sums:
    value = pl.col(column).cast(pl.Int64)
    n = value.count().cast(pl.Int64)
    return Sums(value.sum(), n * each, n, (value * value).sum())


def _plain(total: pl.Expr, *, parts: int) -> Sums:
    return Sums(total.cast(pl.Int64), pl.lit(parts, dtype=pl.Int64), pl.len().cast(pl.Int64))


def _seconds(source: Source) -> pl.Expr:
    return pl.col(SECONDS[str(source.of)])


def _within_target(source: Source) -> Sums:
    taken = _seconds(source)
    limit = _limit(source.targets if isinstance(source, Indicator) else ())
    return _share(taken <= limit, taken.is_not_null() & limit.is_not_null())


def _limit(targets: tuple[Target, ...]) -> pl.Expr:
    limit = pl.lit(None, dtype=pl.Int64)
    for target in reversed(targets):
        fits = pl.lit(value=True)
        if target.band is not None:
            fits &= pl.col("band") == target.band
        if target.urgency is not None:
            fits &= pl.col("urgency") == target.urgency
        limit = pl.when(fits).then(pl.lit(int(target.hours * HOUR), dtype=pl.Int64)).otherwise(limit)
    return limit


def _p90(source: Source) -> Sums:
    taken = _seconds(source)
    value = taken.quantile(0.9, "equiprobable").cast(pl.Int64)  # the nearest rank, as in statistics.means
    n = taken.count().cast(pl.Int64)
    return Sums(value.fill_null(0), (n > 0).cast(pl.Int64) * HOUR, n)


def _exam(_: Source) -> Sums:
    return _plain(pl.col("points_hundredths").sum(), parts=1)._replace(parts=pl.col("full_hundredths").sum())


REGISTRY: dict[str, Metric] = {
    "within_target_share": Metric(
        "interactions",
        "share",
        "share",
        _within_target,
        Known(of=("response", "resolve"), targets=True, shrinks=True),
    ),
    "target_met_share": Metric(
        "interactions",
        "share",
        "share",
        lambda _: _share(pl.col("met_target"), pl.col("met_target").is_not_null()),
        Known(shrinks=True),
    ),
    "answered_share": Metric(
        "interactions",
        "share",
        "share",
        lambda _: _share(pl.col("answered"), pl.col("answered").is_not_null()),
        Known(shrinks=True),
    ),
    "reopen_rate": Metric(
        "interactions",
        "share",
        "share",
        lambda _: _share(pl.col("reopened") > 0, pl.col("reopened").is_not_null()),
        Known(shrinks=True),
    ),
    "mean_seconds": Metric(
        "interactions",
        "hours",
        "mean",
        lambda source: _mean(SECONDS[str(source.of)], each=HOUR),
        Known(of=("response", "resolve"), shrinks=True),
    ),
    "p90_seconds": Metric("interactions", "hours", "exact", _p90, Known(of=("response", "resolve"))),
    "count": Metric("interactions", "number", "exact", lambda _: _plain(pl.len(), parts=1)),
    "top_two_share": Metric(
        None,
        "share",
        "share",
        lambda _: _share(pl.col("satisfaction") >= CONTENT, pl.col("satisfaction").is_not_null()),
        Known(of=("surveys", "interactions"), shrinks=True),
    ),
    "mean_satisfaction": Metric(
        None,
        "rating",
        "mean",
        lambda _: _mean("satisfaction"),
        Known(of=("surveys", "interactions"), shrinks=True),
    ),
    "exam_mean": Metric("exams", "share", "exact", _exam),
    "outage_seconds": Metric(
        "outages", "hours", "exact", lambda _: _plain(pl.col("seconds").sum(), parts=HOUR), absent=True
    ),
    "mean_rating": Metric("ratings", "rating", "mean", None),
    "complaint_count": Metric(
        "complaints", "number", "exact", lambda _: _plain(pl.len(), parts=1), absent=True
    ),
    "complaint_points": Metric(
        "complaints",
        "number",
        "exact",
        lambda _: _plain(pl.col("points_hundredths").sum(), parts=100),
        absent=True,
    ),
}
KNOWN: dict[str, Known] = {name: metric.known for name, metric in REGISTRY.items()}
"""What a scheme is checked against when it is published."""
