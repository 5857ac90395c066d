"""Ratings from several perspectives into one mean per person: superior and peers, each with its weight.

A perspective with fewer raters than its minimum drops out, so that nobody's single opinion can be read off.
"""

from fractions import Fraction
from math import sqrt
from typing import NamedTuple

import polars as pl

from svcqa.rulebook.scheme import Direction, RatingForm
from svcqa.statistics.means import half_width

FINE = 10_000


class Mean(NamedTuple):
    """The weighted mean total / parts of so many raters, and half its 95 % interval where it can be told."""

    total: int
    parts: int
    raters: int
    half: float | None


class _View(NamedTuple):
    direction: Direction
    mean: Fraction
    raters: int
    half: float | None


def mean_ratings(ratings: pl.LazyFrame, form: RatingForm) -> dict[str, Mean]:
    """Return the mean of each person who was rated by enough raters of some perspective."""
    views: dict[str, list[_View]] = {}
    for subject, name, total, values, raters, means, squares in _by_direction(ratings):
        direction = form.direction(name)
        if direction is not None and direction.weight and raters >= direction.minimum:
            half = half_width(means, squares, raters)
            view = _View(direction, Fraction(total, values), raters, None if half is None else half / FINE)
            views.setdefault(subject, []).append(view)
    return {subject: _weighted(seen) for subject, seen in views.items()}


def _by_direction(ratings: pl.LazyFrame) -> list[tuple[str, str, int, int, int, int, int]]:
    value = pl.col("value").cast(pl.Int64)
    one = (pl.col("total") * FINE) // pl.col("values")  # a rater's own mean, in integers: sums keep no order
    per_rater = ratings.group_by("subject", "direction", "rater").agg(
        total=value.sum(), values=pl.len().cast(pl.Int64)
    )
    per_direction = per_rater.group_by("subject", "direction").agg(
        total=pl.col("total").sum(),
        values=pl.col("values").sum(),
        raters=pl.len().cast(pl.Int64),
        means=one.sum(),
        squares=(one * one).sum(),
    )
    return per_direction.sort("subject", "direction").collect().rows()


def _weighted(seen: list[_View]) -> Mean:
    """Weigh the perspectives; a single rater is taken at his word and adds nothing to the interval."""
    whole = sum((Fraction(view.direction.weight) for view in seen), Fraction())
    mean = sum((Fraction(view.direction.weight) * view.mean for view in seen), Fraction()) / whole
    halves = [
        float(Fraction(view.direction.weight) / whole) * view.half for view in seen if view.half is not None
    ]
    half = sqrt(sum(each * each for each in halves)) if halves else None
    return Mean(mean.numerator, mean.denominator, sum(view.raters for view in seen), half)
