"""Ranks with their uncertainty: equal scores share a rank, overlapping intervals cannot be told apart.

The next rank after two firsts is the third. Who has no score has no rank.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar


class Place(NamedTuple):
    """The rank, and the best and the worst rank that the intervals leave open."""

    rank: int
    best: int
    worst: int


class Ranked(Protocol):
    """Anything that carries the ranks its interval leaves open."""

    @property
    def rank_best(self) -> int | None:
        """The best rank left open, or None without a score."""
        ...

    @property
    def rank_worst(self) -> int | None:
        """The worst rank left open, or None without a score."""
        ...


Result = TypeVar("Result", bound=Ranked)


def places(scores: Sequence[tuple[int, int, int]]) -> list[Place]:
    """Rank scores given as (composite, low, high) in hundredths with low <= composite <= high; best first.

    Somebody may be ahead of another only when his whole interval is above the other's.
    """
    composites = sorted(composite for composite, _, _ in scores)
    lows, highs = sorted(low for _, low, _ in scores), sorted(high for _, _, high in scores)
    count = len(scores)
    return [
        Place(
            rank=1 + count - bisect_right(composites, composite),
            best=1 + count - bisect_right(lows, high),
            worst=count - bisect_left(highs, low),
        )
        for composite, low, high in scores
    ]


def tied_around(results: Iterable[Result], line: int) -> list[Result]:
    """Return those of whom it cannot be told whether they are within the first `line` ranks or behind."""
    return [
        each
        for each in results
        if each.rank_best is not None
        and each.rank_worst is not None
        and each.rank_best <= line < each.rank_worst
    ]
