"""Timing two sides in turn, so that a noisy machine is noisy for both, and saying how noisy it was."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

SPIN = 20_000

Work = Callable[[], int | tuple[int, float]]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: operations per second, as median and spread over the rounds."""

    name: str
    rates: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median rate."""
        return median(self.rates)


@dataclass(frozen=True)
class Comparison:
    """Ours against one other side, round by round."""

    job: str
    ours: Side
    other: Side
    goal: str
    noise: float
    remark: str = ""

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours over the other in each round."""
        return tuple(a / b for a, b in zip(self.ours.rates, self.other.rates, strict=True))

    @property
    def ratio(self) -> float:
        """The median ratio."""
        return median(self.ratios)


def in_turn(
    job: str, ours: tuple[str, Work], other: tuple[str, Work], *, rounds: int, goal: str, remark: str = ""
) -> Comparison:
    """Run both sides in turn; each call does some operations and returns how many.

    A side that starts a process of its own returns (how many, seconds) as measured inside.
    """
    rates: dict[str, list[float]] = {ours[0]: [], other[0]: []}
    spins = []
    for number in range(rounds):
        pair = (ours, other) if number % 2 == 0 else (other, ours)
        spins.append(spin())
        for name, work in pair:
            started = time.perf_counter()
            done = work()
            count, seconds = done if isinstance(done, tuple) else (done, time.perf_counter() - started)
            rates[name].append(count / seconds)
    noise = max(spins) / min(spins)
    sides = [Side(name, tuple(values)) for name, values in rates.items()]
    return Comparison(job, sides[0], sides[1], goal, noise, remark)


def spin() -> float:
    """Return the seconds of a fixed piece of work; its spread over a run is the machine's noise."""
    started = time.perf_counter()
    digest = b""
    for _ in range(SPIN):
        digest = hashlib.sha256(digest).digest()
    return time.perf_counter() - started
