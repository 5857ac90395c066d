"""A value becomes points: linear, by steps, or so much off per event. Exact: a fraction of two integers.

Values come as numerator and denominator in the unit the scheme writes (percent, hours, ratings, number).
"""

from collections.abc import Callable
from decimal import Decimal
from math import gcd

from svcqa.rulebook.scheme import Linear, Scoring, Step

Points = tuple[int, int]
"""Points from 0 to 100 as numerator and positive denominator."""
Scorer = Callable[[int, int], Points]

FINE = 10_000
"""The scheme writes at most four decimals."""
FULL: Points = (100, 1)
NONE: Points = (0, 1)


def scorer(rule: Scoring) -> Scorer:
    """Return the function that scores a value by a rule of the scheme."""
    if rule.linear is not None:
        return _linear(rule.linear)
    if rule.per_event is not None:
        return _per_event(rule.per_event)
    return _steps(rule.steps)


def hundredths(numerator: int, denominator: int) -> int:
    """Round a fraction that is not negative to hundredths, half up."""
    return (200 * numerator + denominator) // (2 * denominator)


def full_mark(rule: Scoring) -> tuple[int, bool]:
    """Return the first value with the full mark, in ten-thousandths, and whether points rise with the value."""
    if rule.linear is not None:
        return fine(rule.linear.full), rule.linear.full > rule.linear.floor
    if rule.per_event is not None:
        return 0, False
    best = rule.steps[0]
    return fine(best.at_least or best.at_most or Decimal(0)), best.at_least is not None


def fine(value: Decimal) -> int:
    """Return a number of the scheme in its smallest unit, a ten-thousandth."""
    return int(value * FINE)


def _linear(rule: Linear) -> Scorer:
    floor, full = fine(rule.floor), fine(rule.full)
    common = gcd(floor, full, FINE)  # small numbers stay small when the weights are multiplied in
    floor, full, one = floor // common, full // common, FINE // common
    sign, width = (1 if full > floor else -1), abs(full - floor)

    def score(numerator: int, denominator: int) -> Points:
        gained = sign * (one * numerator - floor * denominator)
        if gained <= 0:
            return NONE
        most = width * denominator
        return (100 * gained, most) if gained < most else FULL

    return score


def _steps(steps: tuple[Step, ...]) -> Scorer:
    table = [
        (
            1 if step.at_least is not None else -1,
            fine(step.at_least or step.at_most or Decimal(0)),
            fine(step.points),
        )
        for step in steps
    ]

    def score(numerator: int, denominator: int) -> Points:
        for sign, bound, points in table:
            if sign * (FINE * numerator - bound * denominator) >= 0:
                return points, FINE
        return NONE

    return score


def _per_event(each: Decimal) -> Scorer:
    off = fine(each)

    def score(numerator: int, denominator: int) -> Points:
        left = 100 * FINE * denominator - off * numerator
        return (left, FINE * denominator) if left > 0 else NONE

    return score
