"""What would have been without a measure: a value expected from others or from before, with its 95 % interval.

Floats stay in here and in what is returned; who keeps a figure rounds it first. Nothing here decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from svcqa.statistics.means import t_quantile


@dataclass(frozen=True)
class Expectation:
    """An expected value; a single new value lies within `half_width` of it 95 times in 100."""

    value: float
    half_width: float


def by_same_change(before: Sequence[float], after: Sequence[float], *, start: float) -> Expectation:
    """Expect the mean change of the comparison units: difference in differences.

    The units' own scatter of changes is the yardstick, so trends that differ widen the interval.
    """
    changes = [late - early for early, late in zip(before, after, strict=True)]
    count = len(changes)
    mean = fmean(changes)
    scatter = sum((change - mean) ** 2 for change in changes) / (count - 1)
    return Expectation(start + mean, t_quantile(count - 1) * sqrt(scatter * (1 + 1 / count)))


def by_same_start(before: Sequence[float], after: Sequence[float], *, start: float) -> Expectation:
    """Expect what comparison units with the same start came to: the least-squares line of after on before.

    A start that was chosen because it was bad falls back towards the mean by itself; the line's slope
    holds that fall, given the start, so the choice does not bias it (Barnett et al., 2005, Int J Epidemiol 34:215).
    """
    if len(set(before)) == 1:
        return by_same_change(before, after, start=start)
    return _on_line(before, after, at=start)


def by_own_trend(history: Sequence[float]) -> Expectation:
    """Expect the value after these periods, in order, from the unit's own straight trend."""
    return _on_line(range(len(history)), history, at=len(history))


def _on_line(xs: Sequence[float], ys: Sequence[float], *, at: float) -> Expectation:
    """Predict a single new value on the least-squares line through the points."""
    count, mean_x, mean_y = len(xs), fmean(xs), fmean(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    residuals = [y - mean_y - slope * (x - mean_x) for x, y in zip(xs, ys, strict=True)]
    scatter = sum(r * r for r in residuals) / (count - 2)
    leverage = 1 + 1 / count + (at - mean_x) ** 2 / spread
    return Expectation(mean_y + slope * (at - mean_x), t_quantile(count - 2) * sqrt(scatter * leverage))
