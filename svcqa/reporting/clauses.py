"""The complaints of a cycle's period by clause: how many penalties stand, what they cost, how many were overturned."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from states.penalty import EFFECTIVE
from svcqa.assessment.standing import Cycle
from svcqa.kernel.calendar import midnight
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook import library

OVERTURNED = frozenset({"reduced", "revoked"})
PENALTIES = Statement(
    "SELECT s.unit_id, c.regulation, h.clause_id, p.state, count(*), sum(p.final_hundredths) FROM penalty p"
    " JOIN charge h ON h.id = p.charge_id JOIN complaint c ON c.id = p.complaint_id"
    " JOIN cycle_subject s ON s.person_id = p.person_id AND s.cycle_id = :id"
    " WHERE p.decided_at >= :from_at AND p.decided_at < :until_at"
    " GROUP BY s.unit_id, c.regulation, h.clause_id, p.state"
)


@dataclass(frozen=True)
class ClauseLine:
    """A clause: penalties in effect with their points, and how many appeals against it were successful."""

    regulation: str
    clause_id: str
    class_id: str
    article: str
    title: str
    effective: int
    points_hundredths: int
    overturned: int


def by_clause(tx: Transaction, cycle: Cycle, units: Collection[str]) -> tuple[ClauseLine, ...]:
    """Return the clauses applied to people assessed in these units, the most frequent first."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = PENALTIES.run(
        tx,
        id=cycle.id,
        from_at=midnight(cycle.period_from),
        until_at=midnight(cycle.period_until + timedelta(days=1)),
    ).fetchall()
    for unit_id, regulation, clause_id, state, count, points in rows:
        if unit_id in units:
            sums = found[regulation, clause_id]
            sums[0] += count if state in EFFECTIVE else 0
            sums[1] += points if state in EFFECTIVE else 0
            sums[2] += count if state in OVERTURNED else 0
    lines = [_line(tx, *key, *sums) for key, sums in found.items() if sums[0] or sums[2]]
    return tuple(sorted(lines, key=lambda line: (-line.effective, line.clause_id, line.regulation)))


def _line(
    tx: Transaction, regulation: str, clause_id: str, effective: int, points: int, overturned: int
) -> ClauseLine:
    rules = library.by_hash(tx, regulation)
    clause = rules.clause(clause_id)
    return ClauseLine(
        regulation=f"{rules.document.title} {rules.document.version}",
        clause_id=clause_id,
        class_id=clause.class_id,
        article=clause.article,
        title=clause.title,
        effective=effective,
        points_hundredths=points,
        overturned=overturned,
    )
