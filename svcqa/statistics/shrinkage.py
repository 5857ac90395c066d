"""Small groups are drawn to the common mean by as much as their size says: empirical Bayes by moments."""

from collections.abc import Sequence
from math import fsum


def between_variance(means: Sequence[float], sizes: Sequence[int], within: float) -> float:
    """Return the variance between groups by the moments of a one-way layout, never below 0.

    `within` is the variance of single values inside a group (Searle, Casella, McCulloch 1992, chapter 3).
    """
    total = sum(sizes)
    spare = total - sum(size * size for size in sizes) / total if total else 0.0
    if spare <= 0:
        return 0.0
    common = fsum(size * mean for size, mean in zip(sizes, means, strict=True)) / total
    spread = fsum(size * (mean - common) ** 2 for size, mean in zip(sizes, means, strict=True))
    return max(0.0, (spread - (len(sizes) - 1) * within) / spare)


def reliability(size: int, *, between: float, within: float) -> float:
    """Return the share of its own mean that a group of this size keeps; 0 when groups do not differ."""
    if between <= 0:
        return 0.0
    return between / (between + within / size)
