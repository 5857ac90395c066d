"""The measures a cycle leads to: one per person in the lowest grade, one for the unit's weakest indicator.

The same origin, part and subject never lead to a second one, however often this is done.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from svcqa.assessment import inviting, metrics, pairing
from svcqa.assessment.outcome import IndicatorResult, SubjectResult
from svcqa.assessment.pairing import Chart
from svcqa.assessment.results import LATEST, line_of
from svcqa.assessment.scoring import hundredths
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import improve_on, scheme_of
from svcqa.improvement import measures
from svcqa.kernel.calendar import local_day
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.rulebook.scheme import Indicator, Scheme

AT_ONCE = 50
PLAN = "plan"
"""The part of a cycle that a person's own plan comes from; the other parts are indicators."""

NUMBERS = Statement(
    "SELECT s.person_id, p.staff_number FROM cycle_subject s JOIN person p ON p.id = s.person_id"
    " WHERE s.cycle_id = :id"
)
PROPOSED = Statement(
    "SELECT origin_part, subject_id FROM measure WHERE origin_kind = 'cycle' AND origin_id = :id"
)


class Wanted(NamedTuple):
    """A measure to be proposed."""

    part: str
    subject_kind: str
    subject_id: str
    title: str
    problem: str
    metric: str
    baseline_hundredths: int | None
    target_hundredths: int | None


def propose(tx: Transaction, cycle: Cycle, _prepared: Any) -> int:
    """Propose some measures that are missing, and return how many."""
    numbers = dict(NUMBERS.run(tx, id=cycle.id).fetchall())
    found = [line_of(body) for _, _, body in LATEST.run(tx, id=cycle.id).fetchall()]
    lines = sorted(found, key=lambda line: numbers[line.subject])
    known = {(part, subject) for part, subject in PROPOSED.run(tx, id=cycle.id).fetchall()}
    missing = [
        wanted
        for wanted in _wanted(cycle, scheme_of(tx, cycle), lines)
        if (wanted.part, wanted.subject_id) not in known
    ][:AT_ONCE]
    chart = Chart(*_chart(tx)) if missing else Chart({}, {})
    units = {line.subject: line.unit for line in lines}
    for wanted in missing:
        measures.propose(
            tx,
            origin_kind="cycle",
            origin_id=cycle.id,
            origin_part=wanted.part,
            subject_kind=wanted.subject_kind,
            subject_id=wanted.subject_id,
            title=wanted.title,
            problem=wanted.problem,
            owner_id=_owner(tx, cycle, chart, wanted.subject_id, units),
            metric=wanted.metric,
            baseline_hundredths=wanted.baseline_hundredths,
            target_hundredths=wanted.target_hundredths,
            due_on=improve_on(tx, cycle),
            example=cycle.example,
        )
    return len(missing)


def _wanted(cycle: Cycle, scheme: Scheme, lines: list[SubjectResult]) -> Iterator[Wanted]:
    lowest = scheme.grading.grades[-1]
    for line in lines:
        if line.composite_hundredths is not None and line.grade == lowest.id:
            yield _personal(cycle, scheme, line)
    weakest = _weakest(lines)
    if weakest:
        yield _of_unit(cycle, scheme.indicator(weakest), lines)


def _personal(cycle: Cycle, scheme: Scheme, line: SubjectResult) -> Wanted:
    loss = max(line.indicators, key=_loss)
    indicator = scheme.indicator(loss.id)
    return Wanted(
        part=PLAN,
        subject_kind="person",
        subject_id=line.subject,
        title=f"{cycle.title}：个人改进计划",
        problem=f"本期考核等级为{scheme.grade(line.grade).label}；失分最多的指标是{loss.label}（{loss.shown}）。",
        metric=indicator.id,
        baseline_hundredths=_in_unit(indicator, loss.value),
        target_hundredths=_target(indicator),
    )


def _of_unit(cycle: Cycle, indicator: Indicator, lines: list[SubjectResult]) -> Wanted:
    values = [one.value for line in lines for one in line.indicators if one.id == indicator.id and one.value]
    value = (sum(top for top, _ in values), sum(bottom for _, bottom in values))
    return Wanted(
        part=indicator.id,
        subject_kind="unit",
        subject_id=cycle.unit_id,
        title=f"{cycle.title}：提升{indicator.label}",
        problem=f"{indicator.label}是本单位本期失分最多的指标。",
        metric=indicator.id,
        baseline_hundredths=_in_unit(indicator, value if value[1] else None),
        target_hundredths=_target(indicator),
    )


def _weakest(lines: list[SubjectResult]) -> str | None:
    """Return the indicator with the largest mean loss; None when nothing was lost anywhere."""
    losses: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        for one in line.indicators:
            if one.points_hundredths is not None:
                losses[one.id].append(_loss(one))
    means = {name: sum(values) // len(values) for name, values in losses.items()}
    worst = max(sorted(means), key=means.__getitem__, default=None)
    return worst if worst and means[worst] else None


def _loss(one: IndicatorResult) -> int:
    """Return what the indicator cost: weight times the points missing to the full mark."""
    return 0 if one.points_hundredths is None else one.weight_hundredths * (100_00 - one.points_hundredths)


def _in_unit(indicator: Indicator, value: tuple[int, int] | None) -> int | None:
    """Return a value in hundredths of the unit people read it in: percent, hours, a rating."""
    if value is None:
        return None
    times = 100 if metrics.REGISTRY[indicator.metric].scale == "share" else 1
    return hundredths(times * value[0], value[1])


def _target(indicator: Indicator) -> int | None:
    rule = indicator.scoring
    if rule.linear:
        return int(rule.linear.full * 100)
    first = rule.steps[0] if rule.steps else None
    reach = None if first is None else first.at_least if first.at_least is not None else first.at_most
    return 0 if reach is None else int(reach * 100)


def _chart(tx: Transaction) -> tuple[dict[str, str], dict[str, str]]:
    day = local_day(tx.now).isoformat()
    return dict(inviting.HEADS.run(tx, day=day).fetchall()), dict(inviting.ABOVE.run(tx).fetchall())


def _owner(tx: Transaction, cycle: Cycle, chart: Chart, subject_id: str, units: dict[str, str]) -> str:
    """Return who is responsible: the head above the person or of the unit; else who confirmed the results."""
    unit = units.get(subject_id, cycle.unit_id)
    head = next(pairing.superiors({subject_id: unit}, chart), None)
    if head:
        return head.rater
    return cycle.confirmed_by or people.holders(tx, "supervisor")[0].id
