"""How sure a share is: the score interval of Wilson (1927)."""

from math import sqrt

Z95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


def wilson(hits: int, trials: int, *, z: float = Z95) -> tuple[float, float]:
    """Return the score interval of a share without continuity correction (Newcombe 1998, method 3)."""
    share = hits / trials
    scale = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / scale
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / scale
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == trials else centre + half
    return low, high
