"""Units beside each other and periods behind each other: means of the composite with their intervals."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import floor

from svcqa.assessment.board import RankLine, UnitGrades
from svcqa.assessment.standing import Cycle
from svcqa.assessment.visibility import TOLD
from svcqa.kernel.statements import Statement, day, listed
from svcqa.kernel.transaction import Transaction
from svcqa.statistics.means import half_width

PERIODS = 5
FULL = 100_00
EARLIER = Statement(
    "SELECT c.period_from, r.unit_id, sum(r.composite_hundredths), count(r.composite_hundredths)"  # noqa: S608 - code
    " FROM cycle c JOIN result r ON r.cycle_id = c.id WHERE c.scheme_id = :scheme_id AND c.unit_id = :unit_id"
    f" AND c.cadence = :cadence AND c.period_from < :before AND c.stage IN ({listed(TOLD)})"
    " AND r.revision = (SELECT max(l.revision) FROM result l"
    "   WHERE l.cycle_id = c.id AND l.person_id = r.person_id)"
    " GROUP BY c.period_from, r.unit_id ORDER BY c.period_from DESC"
)


@dataclass(frozen=True)
class UnitMean:
    """A unit's grades with the 95 % interval of its mean; below two scores there is none."""

    grades: UnitGrades
    low: int | None
    high: int | None


@dataclass(frozen=True)
class PeriodMean:
    """The mean of one period; `people` are those with a score."""

    period_from: date
    mean_hundredths: int
    people: int


def units(lines: Iterable[RankLine], grades: Iterable[UnitGrades]) -> tuple[UnitMean, ...]:
    """Return the units with their intervals, the best mean first."""
    scores: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        if line.result.composite_hundredths is not None:
            scores[line.unit_id].append(line.result.composite_hundredths)
    found = [_unit(one, scores[one.unit_id]) for one in grades]
    return tuple(sorted(found, key=lambda one: (-(one.grades.mean_hundredths or 0), one.grades.unit_name)))


def mean_of(lines: Iterable[RankLine]) -> int | None:
    """Return the mean composite of those who have one."""
    scores = [
        line.result.composite_hundredths for line in lines if line.result.composite_hundredths is not None
    ]
    return _mean(sum(scores), len(scores)) if scores else None


def apart(means: Iterable[UnitMean]) -> list[tuple[UnitMean, UnitMean]]:
    """Return the pairs, the better one first, whose intervals do not overlap."""
    return [
        (better, other)
        for better, other in combinations(means, 2)
        if better.low is not None and other.high is not None and better.low > other.high
    ]


def earlier(tx: Transaction, cycle: Cycle, seen: Collection[str]) -> tuple[PeriodMean, ...]:
    """Return the last periods before this one in these units, oldest first."""
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    rows = EARLIER.run(
        tx,
        scheme_id=cycle.scheme_id,
        unit_id=cycle.unit_id,
        cadence=cycle.cadence,
        before=cycle.period_from.isoformat(),
    ).fetchall()
    for period, unit_id, total, people in rows:
        on = day(period)
        if unit_id in seen and people and on:
            sums[on][0] += total
            sums[on][1] += people
    last = sorted(sums)[-PERIODS:]
    return tuple(PeriodMean(on, _mean(*sums[on]), sums[on][1]) for on in last)


def _unit(grades: UnitGrades, scores: list[int]) -> UnitMean:
    half = half_width(sum(scores), sum(score * score for score in scores), len(scores))
    if half is None:
        return UnitMean(grades, None, None)
    mean = sum(scores) / len(scores)
    return UnitMean(grades, max(0, floor(mean - half + 0.5)), min(FULL, floor(mean + half + 0.5)))


def _mean(total: int, count: int) -> int:
    return (2 * total + count) // (2 * count)
