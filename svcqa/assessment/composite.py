"""Points become one composite: weighted, what is missing spread over the rest, rounded once, split without a rest.

Exact integers throughout; only the width of the interval takes a root.
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from svcqa.assessment.scoring import Points, hundredths

TOP = 10_000
"""The highest composite in hundredths."""
FINEST = 10**12
"""Remainders are compared to so many parts of a hundredth."""


class Composite(NamedTuple):
    """The weighted mean in hundredths, and each indicator's share of it (0 for one that does not apply)."""

    hundredths: int
    shares: tuple[int, ...]


def weigh(weights: Sequence[int], points: Sequence[Points | None]) -> Composite | None:
    """Weigh the points that apply by their weights alone; None when nothing applies.

    Shares are cut to hundredths, and what is left goes one by one to the largest remainders, on a tie to the
    earlier indicator, so that they add up to the rounded composite.
    """
    applying = [(weight, *each) for weight, each in zip(weights, points, strict=True) if each is not None]
    if not applying:
        return None
    whole = sum(weight for weight, _, _ in applying)
    total, below = 0, 1
    for weight, numerator, denominator in applying:
        total = total * denominator + weight * numerator * below
        below *= denominator
    composite = hundredths(total, below * whole)
    shares = iter(_shares(applying, whole, composite))
    return Composite(composite, tuple(0 if each is None else next(shares) for each in points))


def half_widths(weights: Sequence[int], reaches: Sequence[tuple[float, float] | None]) -> tuple[int, int]:
    """Return how far below and above the composite its 95 % interval reaches, in hundredths.

    Pooled from how far the indicators' own intervals reach below and above their points: the root of the sum of
    squares, weighted (Zou and Donner 2008).
    """
    whole = 0
    below = above = 0.0
    for weight, reach in zip(weights, reaches, strict=True):
        if reach is not None:
            whole += weight
            below += (weight * reach[0]) ** 2
            above += (weight * reach[1]) ** 2
    return round(100 * sqrt(below) / whole), round(100 * sqrt(above) / whole)


def _shares(applying: Sequence[tuple[int, int, int]], whole: int, composite: int) -> list[int]:
    cut, rest = [], []
    for number, (weight, numerator, denominator) in enumerate(applying):
        below = denominator * whole
        share, left = divmod(100 * weight * numerator, below)
        cut.append(share)
        rest.append((-left * FINEST // below, number))
    for _, number in sorted(rest)[: composite - sum(cut)]:
        cut[number] += 1
    return cut


class Settled(NamedTuple):
    """The composite after bonuses and deductions, and what each of them came to."""

    hundredths: int
    bonus: tuple[int, ...]
    deductions: tuple[int, ...]


def settle(base: int, *, bonus: Sequence[int], deductions: Sequence[int]) -> Settled:
    """Add the bonuses up to the highest composite, then take the deductions off down to 0; all in hundredths."""
    added = _within_room(bonus, TOP - base)
    taken = _within_room(deductions, base + sum(added))
    return Settled(base + sum(added) - sum(taken), added, taken)


def _within_room(sums: Sequence[int], room: int) -> tuple[int, ...]:
    found = []
    for each in sums:
        found.append(min(each, room))
        room -= found[-1]
    return tuple(found)
