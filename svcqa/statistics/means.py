"""How sure a mean is, and the quantile that is always one of the values."""

from collections.abc import Sequence
from math import sqrt

from svcqa.statistics.proportions import Z95

# Student's t, 97.5 %, for 1 to 30 degrees of freedom (Fisher and Yates, Statistical Tables, table III).
T975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


def t_quantile(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t; beyond 30 degrees the first term of its normal expansion."""
    if freedom <= len(T975):
        return T975[freedom - 1]
    return Z95 + (Z95**3 + Z95) / (4 * freedom)


def half_width(total: int, squares: int, n: int) -> float | None:
    """Return half the 95 % interval of a mean from sum, sum of squares and count; None below two values."""
    if n < 2:
        return None
    variance = (n * squares - total * total) / (n * (n - 1))
    return t_quantile(n - 1) * sqrt(variance / n)


def nearest_rank(values: Sequence[int], percent: int) -> int:
    """Return the value at rank ceil(percent x n / 100), counted from 1: always one of the values."""
    rank = -(-percent * len(values) // 100)
    return sorted(values)[max(rank, 1) - 1]
