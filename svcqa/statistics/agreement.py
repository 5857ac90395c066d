"""How far raters agree: intraclass correlations of a full table, Krippendorff's alpha where cells are missing."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import fsum
from typing import Literal, NamedTuple


class Intraclass(NamedTuple):
    """The six coefficients of Shrout and Fleiss (1979); None where the table leaves one undefined."""

    icc11: float | None
    icc21: float | None
    icc31: float | None
    icc1k: float | None
    icc2k: float | None
    icc3k: float | None


def intraclass(table: Sequence[Sequence[float]]) -> Intraclass:
    """Return the coefficients of a full table of targets (rows) by judges (columns), two of each at least."""
    n, k = len(table), len(table[0])
    mean = fsum(map(fsum, table)) / (n * k)
    rows = [fsum(row) / k for row in table]
    columns = [fsum(column) / n for column in zip(*table, strict=True)]
    all_squares = fsum((value - mean) ** 2 for row in table for value in row)
    row_squares = k * fsum((row - mean) ** 2 for row in rows)
    column_squares = n * fsum((column - mean) ** 2 for column in columns)
    between = row_squares / (n - 1)
    within = (all_squares - row_squares) / (n * (k - 1))
    judges = column_squares / (k - 1)
    error = max(0.0, all_squares - row_squares - column_squares) / ((n - 1) * (k - 1))
    return Intraclass(
        _part(between - within, between + (k - 1) * within),
        _part(between - error, between + (k - 1) * error + k * (judges - error) / n),
        _part(between - error, between + (k - 1) * error),
        _part(between - within, between),
        _part(between - error, between + (judges - error) / n),
        _part(between - error, between),
    )


def _part(above: float, below: float) -> float | None:
    return above / below if below else None


Level = Literal["nominal", "ordinal", "interval"]


def krippendorff(units: Sequence[Sequence[int]], *, level: Level) -> float | None:
    """Return alpha of units that each hold the values somebody gave; None where all values are equal.

    Units with one value say nothing of agreement and drop out (Krippendorff 2011).
    """
    paired = [unit for unit in units if len(unit) > 1]
    counts: dict[int, int] = {}
    for unit in paired:
        for value in unit:
            counts[value] = counts.get(value, 0) + 1
    distance = _distance(level, counts)
    total = sum(counts.values())
    seen = fsum(
        2 * distance(one, other) / (len(unit) - 1) for unit in paired for one, other in combinations(unit, 2)
    )
    chance = fsum(
        2 * counts[one] * counts[other] * distance(one, other) for one, other in combinations(counts, 2)
    )
    return 1 - (total - 1) * seen / chance if chance else None


def _distance(level: Level, counts: dict[int, int]) -> Callable[[int, int], float]:
    if level == "nominal":
        return lambda one, other: float(one != other)
    if level == "interval":
        return lambda one, other: float((one - other) ** 2)
    below: dict[int, float] = {}
    passed = 0
    for value in sorted(counts):
        below[value] = passed + counts[value] / 2
        passed += counts[value]
    return lambda one, other: (below[one] - below[other]) ** 2
