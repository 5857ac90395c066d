"""How strict or lenient each rater is: an additive model of ratee and rater, drawn to 0 by what is known of each.

Positive is lenient. Only raters who share ratees, directly or through others, can be compared.
"""

from collections.abc import Hashable, Sequence
from math import fsum
from typing import NamedTuple, TypeVar

from svcqa.statistics.shrinkage import reliability

Rater = TypeVar("Rater", bound=Hashable)
Ratee = TypeVar("Ratee", bound=Hashable)

ROUNDS = 10_000
CLOSE = 1e-10


class Leniency(NamedTuple):
    """What a rater gives above the common measure: as fitted, and shrunk for the few values it rests on."""

    fitted: float
    shrunk: float
    n: int


def leniency(ratings: Sequence[tuple[Ratee, Rater, float]]) -> dict[Rater, Leniency]:
    """Return the leniency of each rater by least squares, centred on 0 over the raters.

    Shrunk by the variance between raters over that plus the rater's own error (moments, not maximum likelihood).
    """
    by_ratee: dict[Ratee, list[tuple[Rater, float]]] = {}
    by_rater: dict[Rater, list[tuple[Ratee, float]]] = {}
    for ratee, rater, value in ratings:
        by_ratee.setdefault(ratee, []).append((rater, value))
        by_rater.setdefault(rater, []).append((ratee, value))
    bias = _fitted(by_ratee, by_rater)
    error = _error(by_ratee, bias, freedom=len(ratings) - len(by_ratee) - len(by_rater) + 1)
    counts = {rater: len(given) for rater, given in by_rater.items()}
    noise = fsum(error / count for count in counts.values()) / len(counts)
    spread = fsum(each * each for each in bias.values()) / max(1, len(bias) - 1)
    between = max(0.0, spread - noise)
    return {
        rater: Leniency(each, each * reliability(counts[rater], between=between, within=error), counts[rater])
        for rater, each in bias.items()
    }


def _fitted(
    by_ratee: dict[Ratee, list[tuple[Rater, float]]], by_rater: dict[Rater, list[tuple[Ratee, float]]]
) -> dict[Rater, float]:
    """Fit both sides in turn until nothing moves: the least squares of the additive model."""
    bias = dict.fromkeys(by_rater, 0.0)
    for _ in range(ROUNDS):
        merit = _merit(by_ratee, bias)
        fitted = {
            rater: fsum(value - merit[ratee] for ratee, value in given) / len(given)
            for rater, given in by_rater.items()
        }
        middle = fsum(fitted.values()) / len(fitted)
        moved = max(abs(fitted[rater] - middle - bias[rater]) for rater in fitted)
        bias = {rater: each - middle for rater, each in fitted.items()}
        if moved < CLOSE:
            break
    return bias


def _merit(by_ratee: dict[Ratee, list[tuple[Rater, float]]], bias: dict[Rater, float]) -> dict[Ratee, float]:
    return {
        ratee: fsum(value - bias[rater] for rater, value in got) / len(got) for ratee, got in by_ratee.items()
    }


def _error(
    by_ratee: dict[Ratee, list[tuple[Rater, float]]], bias: dict[Rater, float], *, freedom: int
) -> float:
    merit = _merit(by_ratee, bias)
    squares = fsum(
        (value - bias[rater] - merit[ratee]) ** 2 for ratee, got in by_ratee.items() for rater, value in got
    )
    return squares / freedom if freedom > 0 else 0.0
