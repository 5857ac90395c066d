"""One indicator for everybody: figures become points with their bounds; small samples are marked and shrunk.

Pure. Whoever has no figure has no points: a missing part never counts as zero.
"""

from collections.abc import Sequence
from typing import NamedTuple

from svcqa.assessment.measuring import MILLION, Column, Figure
from svcqa.assessment.metrics import REGISTRY, Metric
from svcqa.assessment.scoring import FINE, Points, Scorer, hundredths, scorer
from svcqa.rulebook.scheme import Indicator
from svcqa.statistics.means import t_quantile
from svcqa.statistics.shrinkage import between_variance, reliability

ENOUGH_PEOPLE = 5
"""A unit's mean is shown from so many people on: with fewer it would tell of single persons."""


class Scored(NamedTuple):
    """A figure, the value that was scored for it, its points, and how far the interval's ends are from them."""

    figure: Figure
    counted: tuple[int, int]
    trust: int
    provisional: bool
    points: Points
    down: float = 0.0
    up: float = 0.0


class _Pool(NamedTuple):
    total: int
    parts: int


def score(indicator: Indicator, column: Column, *, units: Sequence[str]) -> list[Scored | None]:
    """Score a column of figures; a figure below the minimum sample is provisional and, if so ruled, shrunk."""
    metric, rule, times = REGISTRY[indicator.metric], scorer(indicator.scoring), times_of(indicator)
    small = 0 if metric.absent else indicator.minimum_sample
    shrinking = _Shrinking(metric, column, units) if indicator.small_sample == "shrink" else None
    scored: list[Scored | None] = []
    for figure, unit in zip(column, units, strict=True):
        if figure is None:
            scored.append(None)
        elif figure.n >= small:
            scored.append(_plain(figure, rule, times, provisional=False))
        elif shrinking is None:
            scored.append(_plain(figure, rule, times, provisional=True))
        else:
            scored.append(
                _drawn(figure, rule, times, trust=shrinking.trust(figure.n), pool=shrinking.pools[unit])
            )
    return scored


def times_of(indicator: Indicator) -> int:
    """Return by how much a value is multiplied to be scored: the scheme writes shares in percent."""
    return 100 if REGISTRY[indicator.metric].scale == "share" else 1


def unit_means(scored: Sequence[Scored | None], units: Sequence[str]) -> dict[str, int]:
    """Return the mean points in hundredths of each unit in which enough people have some."""
    points: dict[str, list[int]] = {}
    for one, unit in zip(scored, units, strict=True):
        if one is not None:
            points.setdefault(unit, []).append(hundredths(*one.points))
    return {
        unit: hundredths(sum(values), 100 * len(values))
        for unit, values in points.items()
        if len(values) >= ENOUGH_PEOPLE
    }


def _plain(figure: Figure, rule: Scorer, times: int, *, provisional: bool) -> Scored:
    total, parts, _, low, high = figure
    points = rule(times * total, parts)
    if low is None or high is None:
        return Scored(figure, (total, parts), FINE, provisional, points)
    ends = rule(times * low, MILLION), rule(times * high, MILLION)
    return Scored(figure, (total, parts), FINE, provisional, points, *_reach(points, *ends))


def _drawn(figure: Figure, rule: Scorer, times: int, *, trust: int, pool: _Pool) -> Scored:
    """Draw a figure and its bounds to the unit's mean; the figure keeps `trust` ten-thousandths of its own."""
    rest = (FINE - trust) * pool.total

    def drawn(total: int, parts: int) -> tuple[int, int]:
        return trust * total * pool.parts + rest * parts, FINE * parts * pool.parts

    def scored(total: int, parts: int) -> Points:
        numerator, denominator = drawn(total, parts)
        return rule(times * numerator, denominator)

    total, parts, _, low, high = figure
    points, counted = scored(total, parts), drawn(total, parts)
    if low is None or high is None:
        return Scored(figure, counted, trust, provisional=True, points=points)
    ends = scored(low, MILLION), scored(high, MILLION)
    return Scored(figure, counted, trust, True, points, *_reach(points, *ends))  # noqa: FBT003 - a row


def _reach(points: Points, one: Points, other: Points) -> tuple[float, float]:
    """Return how far below and above the points the ends are, whichever of them is the lower."""
    middle, low, high = points[0] / points[1], one[0] / one[1], other[0] / other[1]
    return (middle - low, high - middle) if low <= high else (middle - high, low - middle)


class _Shrinking:
    """How much of its own a small sample keeps, and the mean of each unit it is drawn to."""

    def __init__(self, metric: Metric, column: Column, units: Sequence[str]) -> None:
        self.pools: dict[str, _Pool] = {}
        for figure, unit in zip(column, units, strict=True):
            if figure is not None:
                before = self.pools.get(unit, _Pool(0, 0))
                self.pools[unit] = _Pool(before.total + figure.total, before.parts + figure.parts)
        known = [figure for figure in column if figure is not None]
        self._within = _within_share(known) if metric.spread == "share" else _within_mean(known)
        means = [figure.total / figure.parts for figure in known]
        self._between = between_variance(means, [figure.n for figure in known], self._within)

    def trust(self, n: int) -> int:
        """Return the ten-thousandths that a sample of this size keeps of its own value."""
        return round(reliability(n, between=self._between, within=self._within) * FINE)


def _within_share(known: Sequence[Figure]) -> float:
    share = sum(figure.total for figure in known) / max(1, sum(figure.parts for figure in known))
    return share * (1 - share)


def _within_mean(known: Sequence[Figure]) -> float:
    """Pool the variances inside the groups, taken back from the widths of their intervals."""
    spread, freedom = 0.0, 0
    for figure in known:
        if figure.low is not None and figure.high is not None:
            half = (figure.high - figure.low) / (2 * MILLION)
            spread += (figure.n - 1) * figure.n * (half / t_quantile(figure.n - 1)) ** 2
            freedom += figure.n - 1
    return spread / freedom if freedom else 0.0
