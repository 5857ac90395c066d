"""Who rates whom, from the organisation alone: superiors their people, colleagues a sample within the team. Pure.

The same seed and staff numbers give the same pairs, whatever the ids; nobody rates themselves, and pairs that rate
each other arise only where a team is too small to avoid them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

SUPERIOR, PEER = "superior", "peer"


class Pair(NamedTuple):
    """One person asked about another."""

    rater: str
    ratee: str
    direction: str


class Chart(NamedTuple):
    """The part of the organisation that counts: the head of each unit that has one, and the unit above each."""

    heads: Mapping[str, str]
    above: Mapping[str, str]


def superiors(subjects: Mapping[str, str], chart: Chart) -> Iterator[Pair]:
    """Pair each subject (person to unit) with the head of the unit, or of the nearest one above that has one."""
    for person, unit in subjects.items():
        head = _head_above(chart, unit, person)
        if head is not None:
            yield Pair(head, person, SUPERIOR)


def peers(
    subjects: Mapping[str, str], *, sample: int, seed: str, above: Iterable[Pair], numbers: Mapping[str, str]
) -> Iterator[Pair]:
    """Pair each subject with `sample` others of the team (0: all), each rated by as many; drawn by staff number.

    Whoever is the superior of somebody in the team is no colleague of it. The team stands in a circle in seeded
    order and everybody rates those who come next: from twice as many people as raters and one more on, no two
    rate each other.
    """
    superior = {(pair.rater, subjects[pair.ratee]) for pair in above}
    teams: dict[str, list[str]] = defaultdict(list)
    for person, unit in subjects.items():
        if (person, unit) not in superior:
            teams[unit].append(person)
    for team in teams.values():
        circle = sorted(team, key=lambda person: _drawn(seed, numbers[person]))
        most = len(circle) - 1
        for place, rater in enumerate(circle):
            for step in range(1, min(sample or most, most) + 1):
                yield Pair(rater, circle[(place + step) % len(circle)], PEER)


def _head_above(chart: Chart, unit: str, person: str) -> str | None:
    at: str | None = unit
    while at is not None:
        head = chart.heads.get(at)
        if head is not None and head != person:
            return head
        at = chart.above.get(at)
    return None


def _drawn(seed: str, number: str) -> tuple[bytes, str]:
    return hashlib.sha256(f"{seed}|{number}".encode()).digest(), number
