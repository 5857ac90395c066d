"""Invented measures with a known effect, judged many times over: how often is the verdict wrong, how often right?

Each trial draws people with levels and trends of their own; the subject is the worst of them before the measure.
"""

import random
from collections import Counter
from dataclasses import dataclass

from svcqa.improvement.judge import Cell, Pair, Series, Verdict, judge


@dataclass(frozen=True)
class World:
    """Shares of interactions within target: levels around 72 %, a common trend of 2 points, own trends around it."""

    effect: float = 0.0
    people: int = 12
    samples: tuple[int, int] = (60, 180)
    levels: float = 0.06
    trends: float = 0.015
    chosen: bool = True


def trial(world: World, draw: random.Random) -> Series:
    """Draw one subject with its comparison people."""
    drawn = [_person(world, draw) for _ in range(world.people + 1)]
    if world.chosen:
        drawn.sort(key=lambda person: person[1].value)
    pairs = [
        Pair(before, _cell(draw, expected + (0 if place else world.effect), before.n))
        for place, (expected, before) in enumerate(drawn)
    ]
    return Series(pairs[0], tuple(pairs[1:]), "higher")


def verdicts(world: World, *, trials: int, chosen: bool | None = None) -> dict[Verdict, float]:
    """Judge so many trials and return the share of each verdict; `chosen` is what the judge is told."""
    draw, found = random.Random(20261123), Counter[Verdict]()
    for _ in range(trials):
        series = trial(world, draw)
        told = world.chosen if chosen is None else chosen
        target = round(series.subject.before.value + 2000)
        found[judge(series, baseline=None, target=target, chosen=told).verdict] += 1
    names: tuple[Verdict, ...] = ("effective", "not_effective", "not_enough_data")
    return {name: found[name] / trials for name in names}


def _person(world: World, draw: random.Random) -> tuple[float, Cell]:
    """Return what the share will be afterwards, and the period before."""
    level = draw.gauss(0.72, world.levels)
    return level + draw.gauss(0.02, world.trends), _cell(draw, level, draw.randint(*world.samples))


def _cell(draw: random.Random, share: float, n: int) -> Cell:
    within = min(max(share, 0.01), 0.99)
    return Cell(n, 10_000 * sum(draw.random() < within for _ in range(n)))
