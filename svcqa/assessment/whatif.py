"""What would have reached the next grade: for one indicator at a time, the smallest change, scored again to prove it.

Works on a stored result and its scheme alone; every other line stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from svcqa.assessment.composite import settle, weigh
from svcqa.assessment.grading import grade_of
from svcqa.assessment.indicators import times_of
from svcqa.assessment.metrics import REGISTRY
from svcqa.assessment.outcome import IndicatorResult, SubjectResult
from svcqa.assessment.scoring import FINE, Points, full_mark, scorer
from svcqa.assessment.showing import shown
from svcqa.rulebook.scheme import Scheme

Value = tuple[int, int]


@dataclass(frozen=True)
class Way:
    """One indicator's value as it was and as it would have had to be, and the composite and grade it leads to."""

    indicator: str
    label: str
    value: Value
    needed: Value
    shown: str
    shown_needed: str
    composite_hundredths: int
    grade: str


def ways_up(result: SubjectResult, scheme: Scheme) -> tuple[Way, ...]:
    """Return a way for each indicator that alone could have reached the next grade, in the scheme's order.

    None for the best grade, without a score, and while a veto caps the grade: no value would lift that.
    """
    composite = result.composite_hundredths
    if composite is None or result.veto is not None:
        return ()
    order = [grade.id for grade in scheme.grading.grades]
    place = order.index(grade_of(composite, scheme.grading))
    if place == 0:
        return ()
    wanted = int(scheme.grading.grades[place - 1].at_least * 100)
    ways = (_way(result, scheme, line, wanted) for line in result.indicators)
    return tuple(way for way in ways if way is not None)


def _way(result: SubjectResult, scheme: Scheme, line: IndicatorResult, wanted: int) -> Way | None:
    """Search the integers between the value and the full mark; the composite never falls on the way there."""
    if line.value is None:
        return None
    # The grid it can move on: rows, seconds, points; ratings in hundredths.
    finer = 100 if REGISTRY[line.metric].scale == "rating" else 1
    value = (line.value[0] * finer, line.value[1] * finer)
    best = _best(line, scheme, value[1])

    def reaches(total: int) -> bool:
        return rescored(result, scheme, line.id, (total, value[1])) >= wanted

    if not reaches(best):
        return None
    needed = (_first(value[0], best, reaches), value[1])
    composite = rescored(result, scheme, line.id, needed)
    scale = REGISTRY[line.metric].scale
    return Way(
        indicator=line.id,
        label=line.label,
        value=value,
        needed=needed,
        shown=line.shown,
        shown_needed=shown(scale, *needed),
        composite_hundredths=composite,
        grade=grade_of(composite, scheme.grading),
    )


def rescored(result: SubjectResult, scheme: Scheme, indicator_id: str, value: Value) -> int:
    """Return the composite in hundredths that the result would have with another value of one indicator."""
    points = [_points(line, scheme, value if line.id == indicator_id else None) for line in result.indicators]
    composite = weigh([line.weight_hundredths for line in result.indicators], points)
    return settle(
        0 if composite is None else composite.hundredths,
        bonus=[each.due_hundredths for each in result.bonus],
        deductions=[each.due_hundredths for each in result.deductions],
    ).hundredths


def _points(line: IndicatorResult, scheme: Scheme, value: Value | None) -> Points | None:
    if line.value is None or line.counted is None:
        return None
    numerator, denominator = line.counted
    if value is not None:
        # A shrunk value moves only by the part of it that is the person's own.
        moved = value[0] * line.value[1] - line.value[0] * value[1]
        below = FINE * value[1] * line.value[1]
        numerator = numerator * below + line.trust * moved * denominator
        denominator *= below
    indicator = scheme.indicator(line.id)
    return scorer(indicator.scoring)(times_of(indicator) * numerator, denominator)


def _best(line: IndicatorResult, scheme: Scheme, parts: int) -> int:
    """Return the total beyond which nothing is gained: none at all, every row, or the first with the full mark."""
    bound, rising = full_mark(scheme.indicator(line.id).scoring)
    if not rising:
        return 0
    return parts if REGISTRY[line.metric].scale == "share" else -(-bound * parts // FINE)


def _first(start: int, best: int, reaches: Callable[[int], bool]) -> int:
    """Return the total nearest to `start` that reaches the grade; `best` does."""
    step = 1 if best > start else -1
    low, high = 0, abs(best - start)
    while low < high:
        middle = (low + high) // 2
        if reaches(start + step * middle):
            high = middle
        else:
            low = middle + 1
    return start + step * low
