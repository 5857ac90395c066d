"""All figures of a cycle: one pass over each table, sums as integers, one line per subject in the given order.

Float occurs only in the bounds of an interval and is rounded to millionths before anything uses it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from svcqa.assessment import perspectives
from svcqa.assessment.frames import Frames
from svcqa.assessment.metrics import REGISTRY, Metric, Source
from svcqa.rulebook.scheme import RatingForm
from svcqa.statistics.means import half_width
from svcqa.statistics.proportions import wilson

MILLION = 1_000_000


class Figure(NamedTuple):
    """One subject's value: total / parts over n rows, and the bounds of its 95 % interval in millionths."""

    total: int
    parts: int
    n: int
    low: int | None = None
    high: int | None = None


Column = list[Figure | None]


def measure(
    frames: Frames, sources: Sequence[Source], *, subjects: pl.DataFrame, rating: RatingForm | None
) -> list[Column]:
    """Return a column of figures per source, in the order of `subjects`; None where a source does not apply."""
    found: dict[int, Column] = {}
    for table in dict.fromkeys(_metric(source).reads(source) for source in sources):
        asked = {
            number: source for number, source in enumerate(sources) if _metric(source).reads(source) == table
        }
        if table == "ratings":
            column = _rated(frames, subjects, rating)
            found |= dict.fromkeys(asked, column)
        else:
            found |= _pass(
                getattr(frames, table), asked, subjects, key="unit" if table == "outages" else "subject"
            )
    return [found[number] for number in range(len(sources))]


def _metric(source: Source) -> Metric:
    return REGISTRY[source.metric]


def _pass(
    table: pl.LazyFrame, asked: dict[int, Source], subjects: pl.DataFrame, *, key: str
) -> dict[int, Column]:
    named: list[pl.Expr] = []
    for number, source in asked.items():
        sums = _metric(source).sums
        assert sums is not None  # noqa: S101 - only ratings have none, and they do not come here
        named += (
            expression.alias(f"{number} {name}")
            for name, expression in sums(source)._asdict().items()
            if expression is not None
        )
    grouped = table.group_by(key).agg(named)
    lines = (
        subjects.lazy().join(grouped, on=key, how="left", maintain_order="left").collect(engine="streaming")
    )
    return {number: _column(lines, number, _metric(source)) for number, source in asked.items()}


def _column(lines: pl.DataFrame, number: int, metric: Metric) -> Column:
    totals, parts, counts = (lines[f"{number} {name}"].to_list() for name in ("total", "parts", "n"))
    if metric.spread == "share":
        return [_with_share(t, p) if n else None for t, p, n in zip(totals, parts, counts, strict=True)]
    if metric.spread == "mean":
        squares = lines[f"{number} squares"].to_list()
        rows = zip(totals, parts, counts, squares, strict=True)
        return [_with_mean(t, p, n, s) if n else None for t, p, n, s in rows]
    nothing = Figure(0, 1, 0) if metric.absent else None
    return [Figure(t, p, n) if n else nothing for t, p, n in zip(totals, parts, counts, strict=True)]


def _with_share(hits: int, n: int) -> Figure:
    low, high = wilson(hits, n)
    return Figure(hits, n, n, round(low * MILLION), round(high * MILLION))


def _with_mean(total: int, parts: int, n: int, squares: int) -> Figure:
    half = half_width(total, squares, n)
    if half is None:
        return Figure(total, parts, n)
    middle, each = total / parts, parts // n
    return Figure(
        total, parts, n, round((middle - half / each) * MILLION), round((middle + half / each) * MILLION)
    )


def _rated(frames: Frames, subjects: pl.DataFrame, rating: RatingForm | None) -> Column:
    if rating is None:
        return [None] * len(subjects)
    rated = perspectives.mean_ratings(frames.ratings, rating)
    return [_from_mean(rated.get(subject)) for subject in subjects["subject"]]


def _from_mean(mean: perspectives.Mean | None) -> Figure | None:
    if mean is None:
        return None
    if mean.half is None:
        return Figure(mean.total, mean.parts, mean.raters)
    middle = mean.total / mean.parts
    return Figure(
        mean.total,
        mean.parts,
        mean.raters,
        round((middle - mean.half) * MILLION),
        round((middle + mean.half) * MILLION),
    )
