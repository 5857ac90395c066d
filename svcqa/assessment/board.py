"""Reads of a cycle's results together: the ranking with its intervals, the grades by unit, the weakest indicators.

Each answer holds only the units whose results the actor may see.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from svcqa.assessment import visibility
from svcqa.assessment.outcome import SubjectResult
from svcqa.assessment.results import line_of
from svcqa.assessment.standing import Cycle
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

RANKED = Statement(
    "SELECT r.id, r.person_id, r.unit_id, r.revision, r.body, p.name, p.staff_number, u.name AS unit_name, u.path,"
    " s.told_at, s.acknowledged_at FROM result r"
    " JOIN person p ON p.id = r.person_id JOIN unit u ON u.id = r.unit_id"
    " JOIN cycle_subject s ON s.cycle_id = r.cycle_id AND s.person_id = r.person_id"
    " WHERE r.cycle_id = :id"
    " AND r.revision = (SELECT max(revision) FROM result WHERE cycle_id = :id AND person_id = r.person_id)"
    " ORDER BY r.rank IS NULL, r.rank, p.staff_number"
)


@dataclass(frozen=True)
class RankLine:
    """One person in the ranking; `result` holds composite, interval, rank bounds and indicators."""

    result_id: str
    person_id: str
    name: str
    staff_number: str
    unit_id: str
    unit_name: str
    unit_path: str
    revision: int
    told_at: datetime | None
    acknowledged_at: datetime | None
    result: SubjectResult


@dataclass(frozen=True)
class UnitGrades:
    """How many people of a unit have which grade, and their mean composite; `counts` has every grade."""

    unit_id: str
    unit_name: str
    counts: dict[str, int]
    people: int
    mean_hundredths: int | None


@dataclass(frozen=True)
class IndicatorLoss:
    """What an indicator cost on average: the points of the composite that were missed, in hundredths."""

    id: str
    label: str
    mean_points_hundredths: int
    mean_loss_hundredths: int
    n: int


def ranking(tx: Transaction, cycle: Cycle) -> list[RankLine]:
    """Return the people in the order of their rank; those without a score come last."""
    rows = RANKED.moments(tx, id=cycle.id)
    units = visibility.sees_units(tx.actor, cycle, {row["unit_id"] for row in rows})
    return [
        RankLine(
            result_id=row["id"],
            person_id=row["person_id"],
            name=row["name"],
            staff_number=row["staff_number"],
            unit_id=row["unit_id"],
            unit_name=row["unit_name"],
            unit_path=row["path"],
            revision=row["revision"],
            told_at=row["told_at"],
            acknowledged_at=row["acknowledged_at"],
            result=line_of(row["body"]),
        )
        for row in rows
        if row["unit_id"] in units
    ]


def by_unit(lines: Iterable[RankLine], grades: Iterable[str]) -> list[UnitGrades]:
    """Return the grades of each unit in a ranking, in the order of the tree."""
    order = tuple(grades)
    units: dict[str, list[RankLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.unit_path):
        units[line.unit_id].append(line)
    return [
        UnitGrades(
            unit_id=unit_id,
            unit_name=found[0].unit_name,
            counts={grade: sum(line.result.grade == grade for line in found) for grade in order},
            people=len(found),
            mean_hundredths=_mean(line.result.composite_hundredths for line in found),
        )
        for unit_id, found in units.items()
    ]


def losses(lines: Iterable[RankLine]) -> list[IndicatorLoss]:
    """Return the indicators of a ranking by what they cost, the most first."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    labels: dict[str, str] = {}
    for line in lines:
        whole = sum(
            one.weight_hundredths for one in line.result.indicators if one.points_hundredths is not None
        )
        for one in line.result.indicators:
            labels[one.id] = one.label
            if one.points_hundredths is not None:
                # What does not apply drops out: the others share its weight.
                most = one.weight_hundredths * 100_00 // whole
                found[one.id].append((one.points_hundredths, most - one.contribution_hundredths))
    losses = [
        IndicatorLoss(
            name,
            labels[name],
            sum(points for points, _ in values) // len(values),
            sum(loss for _, loss in values) // len(values),
            len(values),
        )
        for name, values in found.items()
    ]
    return sorted(losses, key=lambda one: (-one.mean_loss_hundredths, one.id))


def _mean(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return (2 * sum(known) + len(known)) // (2 * len(known)) if known else None
